"""Our pipeline, and raw CTranslate2 on the very prompts that the pipeline asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from translate.bench.contestants import First, Job
from translate.bench.ct2_model import write_model
from translate.bench.weights import forget_peak, merged_weights
from translate.engines import create
from translate.engines.base import Engine, Hypothesis, MarkedText
from translate.engines.gemma import END
from translate.engines.onnx_batch import Decode, Score
from translate.errors import EngineError
from translate.glossary import load
from translate.pipeline import Settings, translate_article

_BATCH_TOKENS = 1536  # prompt tokens of a batch times the beam: what was best, docs/performance.md


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
    """CTranslate2 alone: all that our pipeline asked of its engine, in batches that suit it, handed over at once.

    It was written down in a run of the pipeline before. Prompts of later stages (a wider search for a flawed draft, the
    parts of a sentence that loops) are among them and need not wait for the stage before: it is easier here. A batch
    holds prompts of one length, since CTranslate2 reads the rest of a longer one token by token.
    """

    precision, greedy = "int8", False

    def __init__(self, job: Job) -> None:
        """Run the pipeline once and keep what it asks; write the model for CTranslate2 and load it."""
        import ctranslate2

        if not job.engine.startswith("embedded"):
            raise EngineError("raw CTranslate2 is compared with the engine `embedded` only")
        self.beam, self._segments, tasks = _asked(job, GreedyPipeline if self.greedy else Pipeline)
        weights = merged_weights(job)
        pieces, folder = weights.pieces, Path(mkdtemp(dir=job.folder))
        write_model(weights, folder)
        del weights
        forget_peak()  # what the conversion needed is not what CTranslate2 needs
        self._generator = ctranslate2.Generator(
            str(folder), device="cpu", inter_threads=job.threads, intra_threads=1, max_queued_batches=-1
        )
        self._batches = list(_batches([one for one in tasks if isinstance(one, Decode)], pieces))
        self._judged = [
            [[pieces[row] for row in (*one.prompt, *text)]]
            for one in tasks
            if isinstance(one, Score)
            for text in one.texts
        ]
        self._generator.generate_batch(**self._batches[-1])

    def run(self, first: First) -> tuple[int, int]:
        """See ``Contestant.run``."""
        pending = [self._generator.generate_batch(**one, asynchronous=True) for one in self._batches]
        for text in self._judged:
            self._generator.forward_batch(text, return_log_probs=True)
        tokens = 0
        for number, batch in enumerate(pending):
            tokens += sum(len(sequence) for future in batch for sequence in future.result().sequences)
            if not number:
                first()
        return self._segments, tokens


def _asked(job: Job, kind: type[Pipeline]) -> tuple[int, int, list[Decode | Score]]:
    """Run a pipeline once; return its beam, how many segments there were, and what it asked of its engine."""
    ours, tasks = kind(job), list[Decode | Score]()
    decoder = ours.engine._decoder  # type: ignore[attr-defined]
    submit = decoder.submit

    def noting(found: Sequence[Decode | Score]) -> None:
        tasks.extend(found)
        submit(found)

    decoder.submit = noting
    segments = ours.run(lambda: None)[0]
    ours.engine.close()
    return ours.beam, segments, tasks


def _batches(tasks: Sequence[Decode], pieces: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield what to ask CTranslate2: tasks of one kind and length together, the long ones first."""
    groups: dict[tuple[int, int, int, int], list[Decode]] = defaultdict(list)
    for task in tasks:
        groups[len(task.prompt), task.beam, task.wanted, task.limit].append(task)
    for (length, beam, wanted, limit), group in sorted(groups.items(), key=lambda one: -one[0][0]):
        rows = max(1, _BATCH_TOKENS // (length * beam))
        for at in range(0, len(group), rows):
            yield {
                "start_tokens": [[pieces[row] for row in one.prompt] for one in group[at : at + rows]],
                "beam_size": beam, "num_hypotheses": wanted, "length_penalty": 1, "max_length": limit,
                "include_prompt_in_result": False, "return_scores": True, "return_end_token": True, "end_token": END,
            }  # fmt: skip


class GreedyRaw(Raw):
    """CTranslate2 alone, greedy search."""

    greedy = True


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
