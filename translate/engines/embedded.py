"""The engine that ships: a small decoder model on ONNX Runtime, on the processor, offline.

What the model computes for a sentence does not depend on what is translated beside it (``gemma_onnx``), so all that is
asked for, by however many callers, goes through one running batch for each thread (``onnx_batch``).
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Self

import numpy as np

from translate.engines.base import Calibration, Engine, Hypothesis, MarkedText, Progress
from translate.engines.beam import Found
from translate.engines.codec import Codec
from translate.engines.consensus import consensus
from translate.engines.embedded_model import adapter_folder, calibration, ensure_model, ensure_reverse, manifest
from translate.engines.gemma import END
from translate.engines.gemma_onnx import ROOM, TOP
from translate.engines.onnx_batch import Decode, Score
from translate.engines.onnx_decoding import decoder_of
from translate.engines.reverse import Reverse, chances
from translate.errors import EngineError

DEFAULT_BEAM = 4
DECODING = 5
"""Raise this when a change of prompts or search changes what the same weights write."""

_MAX_PROMPT, _MAX_TEXT = 448, 512


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


class EmbeddedEngine(Engine):
    """The shipped model, or one that ``adapt`` made.

    Args:
        folder: A folder that ``ensure_model`` returned.
        name: How the user calls it.
        beam_size: Width of the beam search, 8 at most; 1 is greedy.
        threads: Batches decoded side by side, one thread each; None takes every core.
        calibration: The adapter's estimate of quality, if it has one.
        reverse: A built model of the other direction, which has a say in the choice among hypotheses.
    """

    supports_marks = True
    supports_prefix = True
    concurrent = True

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "embedded",
        beam_size: int = DEFAULT_BEAM,
        threads: int | None = None,
        calibration: Calibration | None = None,
        reverse: Path | None = None,
    ) -> None:
        if not 1 <= beam_size <= TOP // 2:
            raise EngineError(f"a beam of {beam_size}: the shipped model searches with 1 to {TOP // 2}")
        self.name = name
        built = manifest(folder)
        self.revision = f"{built['identity'][:8]}-d{DECODING}-beam{beam_size}"
        self._beam = self.width = beam_size
        self.calibration = calibration
        self._threads = threads or os.cpu_count() or 1
        pieces = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        self._codec = Codec(folder / "spm.model", pieces, pieces[: built["writable"]])
        self._pieces: list[str] = pieces
        self._ids = {piece: index for index, piece in enumerate(pieces)}
        self._decoder = decoder_of(folder, self._ids[END], self._threads)
        self._reverse = None if reverse is None else Reverse(reverse, self._threads)
        if self._reverse:
            self.revision += f"-r{self._reverse.revision}"

    @classmethod
    def open(
        cls,
        argument: str,
        *,
        progress: Progress | None = None,
        beam_size: int | None = None,
        threads: int | None = None,
        batch_tokens: int | None = None,  # noqa: ARG003 - every engine opens alike
        quantization: str = "int8",
    ) -> Self:
        """Open ``embedded`` or ``embedded:FOLDER``, building the model on first use.

        A search wider than the default one has the model of the other direction beside it, where the folder has one.

        Raises:
            EngineError: There is no such adapter, or its model cannot be built.
        """
        adapter, progress = adapter_folder(argument), progress or _silent
        beam = beam_size or DEFAULT_BEAM
        return cls(
            ensure_model(adapter, progress, quantization),
            name=f"embedded:{adapter.resolve().name}" if argument else "embedded",
            beam_size=beam,
            threads=threads,
            calibration=calibration(adapter),
            reverse=ensure_reverse(adapter, progress, quantization) if beam > DEFAULT_BEAM else None,
        )

    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        """See ``Engine.translate``; a prefix reads like a marked term's place where it holds a mark's target.

        A source that does not fit into the model's window (some 400 characters) comes back empty and unfinished:
        to translate its beginning only would look like a translation. The caller can split it.

        Several hypotheses come in the order that ``consensus`` gives them.
        """
        if prefixes is not None and len(prefixes) != len(sources):
            raise EngineError(f"{len(sources)} sources but {len(prefixes)} prefixes: give one for each, empty for none")
        starts = [
            self._codec.prefix(prefix, [mark.target for mark in source.marks])
            for source, prefix in zip(sources, prefixes or [""] * len(sources), strict=True)
        ]
        prompts = [[*self.ids(source), *self._rows(start)] for source, start in zip(sources, starts, strict=True)]
        results: list[list[Hypothesis]] = [[Hypothesis("", finished=not source.text.strip())] for source in sources]
        beam = max(self._beam, num_hypotheses)
        tasks = {
            index: Decode(prompt, beam, num_hypotheses, min(24 + 2 * len(prompt), ROOM - len(prompt)), source.again)
            for index, (source, prompt) in enumerate(zip(sources, prompts, strict=True))
            if source.text.strip() and len(prompt) <= _MAX_PROMPT
        }
        self._decoder.submit(list(tasks.values()))
        asked: dict[int, Score | None] = {}
        for index, task in tasks.items():
            found = results[index] = self._hypotheses(starts[index], task.future.result())
            if self._reverse and len(found) > 1:
                asked[index] = self._reverse.ask(sources[index].text, [one.text for one in found])
        return [_ranked(found, asked.get(index)) for index, found in enumerate(results)]

    def _hypotheses(self, start: list[str], found: Sequence[Found]) -> list[Hypothesis]:
        out, seen = [], set()
        for one in found:
            tokens = [self._pieces[row] for row in one.tokens]
            text = self._codec.decode([*start, *tokens])
            if text not in seen:  # two token sequences may spell one text
                seen.add(text)
                out.append(Hypothesis(text, min(0.0, one.score), len(tokens), tokens[-1] == END))
        return out

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Return the mean log-probability of a token of each target, its end included, given the plain source.

        Of a long target the first 512 tokens count.
        """
        rows = [[*self._rows(self._codec.encode_target(target)), self._ids[END]][:_MAX_TEXT] for target in targets]
        tasks: list[Score] = []
        at = 0
        for source, group in groupby(sources):  # targets of one source share the reading of it
            prompt, end = self.ids(MarkedText(source))[-_MAX_PROMPT:], at + len(list(group))
            part = math.ceil((end - at) / self._threads)
            tasks += [Score(prompt, rows[first : min(first + part, end)]) for first in range(at, end, part)]
            at = end
        self._decoder.submit(tasks)
        return [float(np.mean(chances)) for task in tasks for chances in task.future.result()]

    def ids(self, source: MarkedText) -> list[int]:
        """Return what the model reads for a source, as rows of its vocabulary."""
        return self._rows(self._codec.prompt(source))

    def _rows(self, tokens: Sequence[str]) -> list[int]:
        return [self._ids[token] for token in tokens]

    def close(self) -> None:
        """End the threads."""
        self._decoder.close()
        if self._reverse:
            self._reverse.close()


def _ranked(found: list[Hypothesis], asked: Score | None) -> list[Hypothesis]:
    """Put hypotheses into their order, when the source has been asked."""
    if len(found) < 2:
        return found
    channel = chances(asked) if asked else None
    agreed = consensus([one.text for one in found], [one.score for one in found], channel)
    first, *others = agreed.order
    return [replace(found[first], agreement=agreed.agreement), *(found[index] for index in others)]
