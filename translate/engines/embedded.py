"""The engine that ships: a small decoder model on CTranslate2, on the processor, offline.

Batches hold prompts of one length only: CTranslate2 would feed the tail of a longer prompt token by token, which
rounds int8 activations differently and so lets a sentence's neighbours change its translation. Each prompt is
therefore filled up to a class of length (``_FILL``) by spaces before its first word, a rule that depends on the
sentence alone, so that batches stay full.
"""

from __future__ import annotations

import json
import math
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from translate.engines.base import Calibration, Engine, Hypothesis, MarkedText, Progress
from translate.engines.codec import Codec
from translate.engines.consensus import consensus
from translate.engines.embedded_model import adapter_folder, calibration, ensure_model, manifest
from translate.engines.gemma import END
from translate.errors import EngineError

DEFAULT_BEAM = 4
DECODING = 2
"""Raise this when a change of prompts, batches or search changes what the same weights write."""

_BATCH_TOKENS = 1536
_FILL = ((16, 4), (math.inf, 8))
_FILLER = "▁"
_WINDOW = 512
_MAX_PROMPT = _WINDOW - 64


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


class EmbeddedEngine(Engine):
    """The shipped model, or one that ``adapt`` made.

    Args:
        folder: A folder that ``ensure_model`` returned.
        name: How the user calls it.
        beam_size: Width of the beam search; 1 is greedy.
        threads: Batches decoded side by side, one thread each; None takes every core.
        batch_tokens: Bound on the prompt tokens of one batch times the beam.
        calibration: The adapter's estimate of quality, if it has one.
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
        batch_tokens: int = _BATCH_TOKENS,
        calibration: Calibration | None = None,
    ) -> None:
        import ctranslate2

        self.name = name
        built = manifest(folder)
        self.revision = f"{built['files']['model.bin'][:8]}-d{DECODING}-beam{beam_size}"
        self._beam = self.width = beam_size
        self.calibration = calibration
        self._batch_tokens = batch_tokens
        self._threads = threads or os.cpu_count() or 1
        pieces = json.loads((folder / "vocabulary.json").read_text())
        self._codec = Codec(folder / "spm.model", pieces, pieces[: built["writable"]])
        self._pieces: list[str] = pieces
        self._ids = {piece: index for index, piece in enumerate(pieces)}
        try:
            # One thread a batch: two threads on one batch spend a third of their time waiting for each other.
            self._generator = ctranslate2.Generator(
                str(folder),
                device="cpu",
                inter_threads=self._threads,
                intra_threads=1,
                max_queued_batches=-1,
            )
        except RuntimeError as error:
            raise EngineError(
                f"{folder}: CTranslate2 cannot load this model ({error}); delete the folder and run again"
            ) from error

    @classmethod
    def open(
        cls,
        argument: str,
        *,
        progress: Progress | None = None,
        beam_size: int | None = None,
        threads: int | None = None,
        batch_tokens: int | None = None,
        quantization: str = "int8",
    ) -> Self:
        """Open ``embedded`` or ``embedded:FOLDER``, building the model on first use.

        Raises:
            EngineError: There is no such adapter, or its model cannot be built.
        """
        folder = ensure_model(adapter_folder(argument), progress or _silent, quantization)
        return cls(
            folder,
            name=f"embedded:{adapter_folder(argument).resolve().name}" if argument else "embedded",
            beam_size=beam_size or DEFAULT_BEAM,
            threads=threads,
            batch_tokens=batch_tokens or _BATCH_TOKENS,
            calibration=calibration(adapter_folder(argument)),
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

        Several hypotheses come in the order of their expected chrF, see ``consensus``.
        """
        if prefixes is not None and len(prefixes) != len(sources):
            raise EngineError(f"{len(sources)} sources but {len(prefixes)} prefixes: give one for each, empty for none")
        starts = [
            self._codec.prefix(prefix, [mark.target for mark in source.marks])
            for source, prefix in zip(sources, prefixes or [""] * len(sources), strict=True)
        ]
        prompts = [_fill([*self._codec.prompt(source), *start]) for source, start in zip(sources, starts, strict=True)]
        results: list[list[Hypothesis]] = [[Hypothesis("", finished=not source.text.strip())] for source in sources]
        wanted = [
            index for index, source in enumerate(sources) if source.text.strip() and len(prompts[index]) <= _MAX_PROMPT
        ]
        running = [
            (batch, self._submit([prompts[index] for index in batch], num_hypotheses))
            for batch in self._batches(wanted, [len(prompt) for prompt in prompts], max(self._beam, num_hypotheses))
        ]
        for batch, futures in running:
            for index, future in zip(batch, futures, strict=True):
                results[index] = self._hypotheses(starts[index], future.result())
        return results

    def _batches(self, wanted: Sequence[int], lengths: Sequence[int], beam: int) -> Iterator[list[int]]:
        groups: dict[int, list[int]] = defaultdict(list)
        for index in wanted:
            groups[lengths[index]].append(index)
        # The long ones first, so that no thread is left with one at the end.
        for length in sorted(groups, reverse=True):
            rows = max(1, self._batch_tokens // (length * beam))
            group = groups[length]
            # Equal parts keep every thread busy where one length has more than fits.
            parts = math.ceil(len(group) / rows)
            size = math.ceil(len(group) / parts)
            yield from (group[at : at + size] for at in range(0, len(group), size))

    def _submit(self, prompts: list[list[str]], num_hypotheses: int) -> list[Any]:
        futures: list[Any] = self._generator.generate_batch(
            prompts,
            asynchronous=True,
            beam_size=max(self._beam, num_hypotheses),
            num_hypotheses=num_hypotheses,
            length_penalty=1,
            max_length=24 + 2 * len(prompts[0]),
            include_prompt_in_result=False,
            return_scores=True,
            return_end_token=True,
            end_token=END,
        )
        return futures

    def _hypotheses(self, start: list[str], result: Any) -> list[Hypothesis]:
        out, seen = [], set()
        for tokens, score in zip(result.sequences, result.scores, strict=True):
            finished = bool(tokens) and tokens[-1] == END
            text = self._codec.decode([*start, *tokens])
            if text not in seen:  # two token sequences may spell one text
                seen.add(text)
                out.append(Hypothesis(text, min(0.0, float(score)), len(tokens), finished))
        if len(out) < 2:
            return out
        found = consensus([one.text for one in out], [one.score for one in out])
        first, *others = found.order
        return [replace(out[first], agreement=found.agreement), *(out[index] for index in others)]

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Return the mean log-probability of a token of each target, its end included, given the plain source.

        Of a pair that exceeds the model's window, the tokens inside it count; 0 if none is.
        """
        # The generator runs one pair a thread; it lets go of the interpreter meanwhile.
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._score, sources, targets))

    def _score(self, source: str, target: str) -> float:
        import numpy as np

        prompt = self.prompt(MarkedText(source))
        room = max(0, _WINDOW - len(prompt))
        written = [self._ids[token] for token in (*self._codec.encode_target(target), END)][:room]
        if not written:
            return 0.0
        view = self._generator.forward_batch(
            [prompt + [self._pieces[index] for index in written]], return_log_probs=True
        )
        table = np.asarray(view)[0, len(prompt) - 1 : -1]
        return float(np.mean(table[np.arange(len(written)), written]))

    def prompt(self, source: MarkedText) -> list[str]:
        """Return the tokens that the model reads for a source."""
        return _fill(self._codec.prompt(source))

    def ids(self, source: MarkedText) -> list[int]:
        """Return the same as rows of the model's vocabulary: for comparing engines."""
        return [self._ids[token] for token in self.prompt(source)]

    def tokens(self, source: MarkedText, max_length: int = 256) -> list[str]:
        """Return the greedy output's tokens, the end included: for comparing builds, not for translating."""
        result = self._generator.generate_batch(
            [self.prompt(source)],
            beam_size=1,
            max_length=max_length,
            include_prompt_in_result=False,
            return_end_token=True,
            end_token=END,
        )[0]
        return list(result.sequences[0])

    def close(self) -> None:
        """Unload the model."""
        self._generator.unload_model()


def _fill(prompt: list[str]) -> list[str]:
    """Fill a prompt up to its class of length: the longer it is, the wider the classes."""
    step = next(step for limit, step in _FILL if len(prompt) <= limit)
    return [prompt[0], *[_FILLER] * (-len(prompt) % step), *prompt[1:]]
