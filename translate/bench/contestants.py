"""Who can be measured: one dict, and what a contestant has to do.

Adding one is a class with ``Contestant``'s methods in a module beside this one, and a line in ``CONTESTANTS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast


@dataclass(frozen=True, slots=True)
class Job:
    """What all contestants of a contest are given.

    Attributes:
        articles: The text.
        engine: Engine specification of our own runs; the others take the weights of ``embedded``.
        threads: Processor threads.
        beam: Width of the search, where a contestant has one.
        glossaries: Glossary files for the run with terms.
        folder: An empty folder that the contestants may fill.
    """

    articles: tuple[Path, ...]
    engine: str
    threads: int
    beam: int
    glossaries: tuple[Path, ...]
    folder: Path


First = Callable[[], None]
"""Called by a contestant when its first segment could be shown."""


class Contestant(Protocol):
    """One way to translate the text. Made once, in a process of its own; ``run`` is what is timed.

    Attributes:
        precision: In what numbers it computes.
        beam: Width of its search.
    """

    precision: str
    beam: int

    def __init__(self, job: Job) -> None:
        """Load everything, and warm up with a little of the text."""

    def run(self, first: First) -> tuple[int, int]:
        """Translate the whole text; return the number of segments and of English tokens (0 if unknown)."""


CONTESTANTS: dict[str, str] = {
    "pipeline": "translate.bench.ours:Pipeline",
    "ctranslate2": "translate.bench.ours:Raw",
    "pipeline-glossary": "translate.bench.ours:WithGlossary",
    "transformers": "translate.bench.torch_model:Torch",
    "transformers-bfloat16": "translate.bench.torch_model:TorchBfloat16",
    "pipeline-greedy": "translate.bench.ours:GreedyPipeline",
    "ctranslate2-greedy": "translate.bench.ours:GreedyRaw",
    "llama.cpp-greedy": "translate.bench.llama:Llama",
}
"""Name → ``module:Class``. llama.cpp has no beam search, so it meets greedy search on our side."""

BY_NAME_ONLY = frozenset({"transformers-bfloat16"})
"""Who must be asked for: a processor that only emulates bfloat16 takes ten times as long with it."""

COMPARED: tuple[tuple[str, str], ...] = (
    ("pipeline", "ctranslate2"),
    ("pipeline", "transformers"),
    ("pipeline", "transformers-bfloat16"),
    ("pipeline", "pipeline-glossary"),
    ("pipeline-greedy", "ctranslate2-greedy"),
    ("pipeline-greedy", "llama.cpp-greedy"),
)
"""The pairs whose ratio says something: the same search on both sides, or the same search with one thing more."""


def contestant(name: str, job: Job) -> Contestant:
    """Make the contestant of that name."""
    module, _, cls = CONTESTANTS[name].partition(":")
    return cast(Contestant, getattr(import_module(module), cls)(job))
