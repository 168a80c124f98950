"""The shipped model's merged weights, for the programs that we are compared with, and what our engine asks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate.bench.contestants import Job
from translate.engines import gemma
from translate.engines.base import MarkedText
from translate.engines.embedded import EmbeddedEngine
from translate.engines.embedded_model import adapter_folder, base_weights
from translate.glossary import load
from translate.pipeline import Settings, plan_article


@dataclass(frozen=True)
class Weights:
    """Base and adapter in float32, and the vocabulary rows that our engine keeps."""

    base: gemma.Base
    merged: Mapping[str, gemma.Floats]
    vocabulary: gemma.Vocabulary

    @property
    def pieces(self) -> list[str]:
        """Return the spellings of the rows that are kept, in our engine's order."""
        return [self.base.pieces[row] for row in self.vocabulary.rows]


def merged_weights(job: Job) -> Weights:
    """Return the weights that ``embedded`` runs on, before they are quantized."""
    folder = adapter_folder(job.engine.partition(":")[2])
    with base_weights(job.folder, _silent) as path:
        base = gemma.read_base(path, _silent)
    return Weights(base, gemma.merge_adapter(base, folder), gemma.read_vocabulary(folder))


@dataclass(frozen=True, slots=True)
class Prompt:
    """One segment as our engine puts it to the model.

    Attributes:
        ids: Rows of ``Weights.pieces``.
        limit: Most tokens that may be written.
    """

    ids: list[int]
    limit: int


def prompts(job: Job) -> list[Prompt]:
    """Return the prompts that our engine makes of the text, without glossary, longest first."""
    engine = EmbeddedEngine.open(job.engine.partition(":")[2], threads=1)
    settings = Settings(glossary=load(()), locales=Path(job.folder), root=job.articles[0].parent)
    texts = [text for path in job.articles for text in plan_article(path, settings).pending]
    found = [engine.ids(MarkedText(text)) for text in texts]
    engine.close()
    return sorted((Prompt(ids, 24 + 2 * len(ids)) for ids in found), key=lambda one: -len(one.ids))


def batches(found: Sequence[Prompt], size: int) -> list[Sequence[Prompt]]:
    """Cut prompts into batches of neighbours in length."""
    return [found[at : at + size] for at in range(0, len(found), size)]


def _silent(_what: str, _done: int, _total: int) -> None:
    pass
