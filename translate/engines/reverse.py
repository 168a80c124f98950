"""How probable a source is, given a translation: what tells that something was left out or made up.

A forward model likes a translation that leaves the hard part out. A model of the other direction does not, since it has
to come back to the whole source (a noisy channel, Yee et al. 2019, https://aclanthology.org/D19-1571/). It never has to
write anything: to judge what a search found, its reading of translation and source together is enough.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from translate.engines.base import MarkedText
from translate.engines.codec import Codec
from translate.engines.embedded_model import manifest
from translate.engines.gemma import END
from translate.engines.gemma_onnx import ROOM
from translate.engines.onnx_batch import Score
from translate.engines.onnx_decoding import decoder_of


class Reverse:
    """A model that reads English and knows how probable Japanese is behind it.

    Args:
        folder: The built model.
        threads: Translations judged side by side.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        built = manifest(folder)
        self.revision: str = built["identity"][:8]
        pieces = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        self._codec = Codec(folder / "spm.model", pieces, pieces[: built["writable"]])
        self._ids = {piece: index for index, piece in enumerate(pieces)}
        self._decoder = decoder_of(folder, self._ids[END], threads)

    def ask(self, source: str, translations: Sequence[str]) -> Score | None:
        """Have translations of a plain source judged, beside all else that is asked; ``chances`` waits for it.

        What of a long source does not fit behind the longest translation is not counted for any; if nothing fits,
        nothing is asked.
        """
        prompts = [self._rows(self._codec.prompt(MarkedText(text))) for text in translations]
        wanted = self._rows([*self._codec.encode_target(source), END])[: max(0, ROOM - max(map(len, prompts)))]
        if not wanted:
            return None
        begin, *_ = prompts[0]
        task = Score([begin], [[*prompt[1:], *wanted] for prompt in prompts], [len(prompt) - 1 for prompt in prompts])
        self._decoder.submit([task])
        return task

    def _rows(self, tokens: Sequence[str]) -> list[int]:
        return [self._ids[token] for token in tokens]

    def close(self) -> None:
        """End the threads."""
        self._decoder.close()


def chances(task: Score) -> list[float]:
    """Return the source's mean log-probability of a token, given each translation."""
    return [fmean(map(float, found)) for found in task.future.result()]
