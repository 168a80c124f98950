"""Our pipeline, and raw CTranslate2 on the very batches that the pipeline asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from translate.bench.contestants import First, Job
from translate.engines import create
from translate.engines.base import Engine, Hypothesis, MarkedText
from translate.errors import EngineError
from translate.glossary import load
from translate.pipeline import Settings, translate_article


class Pipeline:
    """``translate_article`` from the file to the PO file, without a glossary; the engine is open already."""

    precision, glossary, greedy = "int8", False, False

    def __init__(self, job: Job) -> None:
        """Open the engine and translate one sentence."""
        self.beam = 1 if self.greedy else job.beam
        self._job = job
        self._glossary = replace(load(job.glossaries if self.glossary else ()), numbers=self.glossary)
        self.engine = create(job.engine, beam_size=self.beam, threads=job.threads)
        self.precision = "int8" if job.engine.startswith("embedded") else "–"
        self.engine.translate([MarkedText("橋は来月開く。")])

    def run(self, first: First) -> tuple[int, int]:
        """See ``Contestant.run``; every turn has an empty folder, so that nothing is known from before."""
        counting = _Counting(self.engine)
        locales = Path(mkdtemp(dir=self._job.folder))
        settings = Settings(glossary=self._glossary, locales=locales, root=self._job.articles[0].parent)

        def progress(_what: str, done: int, _total: int) -> None:
            if done and not told:
                told.append(True)
                first()

        told: list[bool] = []
        reports = [translate_article(path, settings, lambda: counting, progress) for path in self._job.articles]
        return sum(one.segments for one in reports), counting.tokens


class WithGlossary(Pipeline):
    """The same with the glossary, numbers and dates enforced."""

    glossary = True


class GreedyPipeline(Pipeline):
    """Our pipeline with ``--quality fast``."""

    greedy = True


class Raw:
    """CTranslate2 alone: all batches that our pipeline asked for, handed over at once.

    They were written down in a run of the pipeline before. Those of later stages (a wider search for a flawed draft,
    the parts of a sentence that loops) are among them and need not wait for the stage before: it is easier here.
    """

    precision, greedy = "int8", False

    def __init__(self, job: Job) -> None:
        """Run the pipeline once, and keep its batches and scoring calls."""
        if not job.engine.startswith("embedded"):
            raise EngineError("raw CTranslate2 is compared with the engine `embedded` only")
        ours = _pipeline(job, greedy=self.greedy)
        self.beam = ours.beam
        recorder = _Recorder(ours.engine._generator)  # type: ignore[attr-defined]
        ours.engine._generator = recorder  # type: ignore[attr-defined]
        self._segments = ours.run(lambda: None)[0]
        self._calls, self._generator = recorder.calls, recorder.generator

    def run(self, first: First) -> tuple[int, int]:
        """See ``Contestant.run``."""
        pending = [self._generator.generate_batch(one.tokens, **one.options) for one in self._calls if one.generates]
        for one in self._calls:
            if not one.generates:
                self._generator.forward_batch(one.tokens, **one.options)
        tokens = 0
        for number, batch in enumerate(pending):
            tokens += sum(len(sequence) for future in batch for sequence in future.result().sequences)
            if not number:
                first()
        return self._segments, tokens


class GreedyRaw(Raw):
    """CTranslate2 alone, greedy search."""

    greedy = True


def _pipeline(job: Job, *, greedy: bool) -> Pipeline:
    return GreedyPipeline(job) if greedy else Pipeline(job)


class _Counting(Engine):
    """Passes everything on to an engine and counts the tokens it wrote."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.tokens = engine, 0
        self.name, self.revision, self.width = engine.name, engine.revision, engine.width
        self.supports_marks, self.supports_prefix = engine.supports_marks, engine.supports_prefix
        self.calibration, self.concurrent = engine.calibration, engine.concurrent

    def translate(
        self, sources: Sequence[MarkedText], *, prefixes: Sequence[str] | None = None, num_hypotheses: int = 1
    ) -> list[list[Hypothesis]]:
        out = self._engine.translate(sources, prefixes=prefixes, num_hypotheses=num_hypotheses)
        self.tokens += sum(one.tokens for found in out for one in found)
        return out

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        return self._engine.score(sources, targets)


@dataclass(frozen=True, slots=True)
class _Call:
    tokens: list[list[str]]
    options: dict[str, Any]
    generates: bool


class _Recorder:
    """A generator that writes down what it is asked."""

    def __init__(self, generator: Any) -> None:
        self.generator, self.calls = generator, list[_Call]()

    def generate_batch(self, tokens: list[list[str]], **options: Any) -> Any:
        self.calls.append(_Call(tokens, options, generates=True))
        return self.generator.generate_batch(tokens, **options)

    def forward_batch(self, tokens: list[list[str]], **options: Any) -> Any:
        self.calls.append(_Call(tokens, options, generates=False))
        return self.generator.forward_batch(tokens, **options)
