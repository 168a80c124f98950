"""What everything that is not the model costs, for archives of any size: the whole pipeline behind the fake engine.

An archive of invented articles is translated, then again with nothing to do, then with one of a hundred sentences
edited; each run in a process of its own, so that its peak memory is its own, and through ``each_article`` and
``translate_article`` like the command. What the engine takes is measured apart and taken off.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from translate.bench.contest import peak
from translate.bench.generated import Generator, edited
from translate.engines import create
from translate.engines.base import Engine, Hypothesis, MarkedText, Progress
from translate.errors import EngineError, YakubunError
from translate.glossary import Glossary, load
from translate.memory import Memory
from translate.pipeline import ArticleRun, Plan, Settings, each_article, identity, translate_article, translate_chunk
from translate.reporting import ArticleReport, TermCount

_T = TypeVar("_T")

RUNS = ("first", "nothing to do", "1 % edited")


@dataclass(frozen=True)
class Run:
    """One run over the whole archive.

    Attributes:
        name: Which one; of ``RUNS``.
        segments: Segments of the archive.
        translated: Segments that went to the engine.
        terms: Hard terms and numbers in them.
        seconds: Wall time without the engine's.
        cpu: Processor time of the process without the engine's, seconds.
        engine: Wall time of the engine, seconds.
        peak: Largest resident memory of the process, MB (2**20 bytes).
        descriptors: Open files at the end of the run.
    """

    name: str
    segments: int
    translated: int
    terms: int
    seconds: float
    cpu: float
    engine: float
    peak: float
    descriptors: int

    @property
    def rate(self) -> float:
        """Segments a second by the clock."""
        return self.segments / self.seconds if self.seconds else 0.0

    @property
    def cpu_rate(self) -> float:
        """Segments a second of processor time: what the clock would say on a machine that does nothing else."""
        return self.segments / self.cpu if self.cpu else 0.0


@dataclass(frozen=True)
class Point:
    """An archive of one size: its runs, and what the stages of its first article took (seconds of processor time).

    While it is being measured, later runs are still missing, and the stages.
    """

    segments: int
    articles: int
    runs: tuple[Run, ...]
    stages: tuple[tuple[str, float], ...]
    staged: int


def measure(segments: int, size: int, glossaries: Sequence[Path], folder: Path, progress: Progress) -> Iterator[Point]:
    """Make an archive and measure it; yield what is known after each run, since a large one takes an hour.

    Args:
        segments: Segments in all.
        size: Segments of an article; the last one has what is left.
        glossaries: Glossary files; numbers and dates are terms besides.
        folder: An empty folder to work in.
        progress: Told of every run.

    Raises:
        EngineError: A measuring process died.
    """
    generator = Generator(_glossary(glossaries))
    sizes = [size] * (segments // size) + ([segments % size] if segments % size else [])
    (folder / "articles").mkdir()
    for number, count in enumerate(sizes):
        _article(folder, number).write_text(generator.article(number, count), "utf-8")
    point = Point(segments, len(sizes), (), (), sizes[0])
    for at, name in enumerate(RUNS):
        progress(f"{segments} segments: {name}", at, len(RUNS))
        if name == RUNS[2]:
            for number in range(len(sizes)):
                _article(folder, number).write_text(edited(_article(folder, number).read_text("utf-8")), "utf-8")
        point = replace(point, runs=(*point.runs, Run(name=name, **_apart(_run, folder, glossaries))))
        yield point
    stages = _apart(_stages, folder, glossaries)
    progress(f"{segments} segments: {name}", len(RUNS), len(RUNS))
    yield replace(point, stages=tuple(stages.items()))


def as_json(points: Sequence[Point]) -> dict[str, Any]:
    """Return the figures for ``--json``."""
    return {
        "archives": [
            {
                "segments": one.segments,
                "articles": one.articles,
                "runs": [
                    asdict(run) | {"segments_per_second": run.rate, "segments_per_cpu_second": run.cpu_rate}
                    for run in one.runs
                ],
                "stages": {"segments": one.staged, "cpu_seconds": dict(one.stages)},
            }
            for one in points
        ]
    }


def _article(folder: Path, number: int) -> Path:
    return folder / "articles" / f"{number:06}.txt"


def _glossary(paths: Sequence[Path]) -> Glossary:
    return replace(load(paths), numbers=bool(paths))


def _apart(
    what: Callable[[Path, Settings], dict[str, Any]], folder: Path, glossaries: Sequence[Path]
) -> dict[str, Any]:
    """Do something in a new process, and return what it says."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    asked = json.dumps([what.__name__, str(folder), [str(path) for path in glossaries]])
    process = context.Process(target=_serve, args=(theirs, asked), daemon=True)
    process.start()
    theirs.close()
    try:
        told: dict[str, Any] = json.loads(ours.recv_bytes())
    except EOFError as error:
        process.join()
        raise EngineError(f"bench: a measuring process ended with exit code {process.exitcode}") from error
    finally:
        ours.close()
    process.join()
    if "error" in told:
        raise EngineError(f"bench: {told['error']}")
    return told


def _serve(pipe: Connection, asked: str) -> None:
    name, place, glossaries = json.loads(asked)
    folder = Path(place)
    os.environ["YAKUBUN_CACHE"] = str(folder / "cache")  # the locks, too, go with the archive
    locales = folder / ("locales" if name == _run.__name__ else "staged")
    settings = Settings(
        _glossary([Path(one) for one in glossaries]),
        locales,
        folder,
        engine="fake",
        memory=cache(partial(Memory.open, locales)),
    )
    try:
        told = {one.__name__: one for one in (_run, _stages)}[name](folder, settings)
    except YakubunError as error:
        told = {"error": str(error)}
    pipe.send_bytes(json.dumps(told).encode())


class _Metered(Engine):
    """The fake engine with a watch."""

    def __init__(self) -> None:
        self._inner = create("fake")
        self.name, self.revision = self._inner.name, self._inner.revision
        self.supports_marks, self.supports_prefix = self._inner.supports_marks, self._inner.supports_prefix
        self.seconds = self.cpu = 0.0

    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        return self._timed(lambda: self._inner.translate(sources, prefixes=prefixes, num_hypotheses=num_hypotheses))

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        return self._timed(lambda: self._inner.score(sources, targets))

    def _timed(self, what: Callable[[], _T]) -> _T:
        clock, processor = time.perf_counter(), time.process_time()
        result = what()
        self.seconds += time.perf_counter() - clock
        self.cpu += time.process_time() - processor
        return result


def _run(folder: Path, settings: Settings) -> dict[str, Any]:
    engine = _Metered()
    segments = translated = 0
    terms = TermCount()

    def one(path: Path, plan: Plan | None) -> ArticleReport:
        return translate_article(path, settings, lambda: engine, lambda _what, _done, _total: None, plan=plan)

    paths = sorted((folder / "articles").iterdir())
    clock, processor = time.perf_counter(), time.process_time()
    for _, report in each_article(paths, settings, one):
        segments += report.segments
        translated += report.translated
        terms += report.terms
    return {
        "segments": segments,
        "translated": translated,
        "terms": terms.matched,
        "seconds": time.perf_counter() - clock - engine.seconds,
        "cpu": time.process_time() - processor - engine.cpu,
        "engine": engine.seconds,
        "peak": peak(),
        "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()) if Path("/proc/self/fd").is_dir() else 0,
    }


def _stages(folder: Path, settings: Settings) -> dict[str, float]:
    """Take the first article through the pipeline step by step, in the pipeline's own order."""
    from translate.catalog import Catalog, merge
    from translate.pipeline import read_article
    from translate.reporting import distinct
    from translate.terms import segment_matches

    watch = _Watch()
    path, engine = _article(folder, 0), _Metered()
    segment_matches("県庁の4階", settings.glossary)  # opens the analyser's dictionary, once a process
    document = watch("read and segment", lambda: read_article(path, settings))
    texts = dict.fromkeys(segment.plain for _, segment in document.segments())
    matches = watch("match terms and numbers", lambda: {one: segment_matches(one, settings.glossary) for one in texts})
    lines = {one: [f"term: {match.surface}" for match in distinct(found)] for one, found in matches.items()}
    watch("merge", lambda: merge(document, None, lines))
    with ArticleRun(path, settings) as run:
        run.remember()
        for chunk in run.chunks(identity(engine)):
            before = engine.cpu
            proposals = watch("enforce and check", lambda chunk=chunk: translate_chunk(chunk, engine))  # type: ignore[misc]
            watch.took["enforce and check"] -= engine.cpu - before
            watch("journal and propose", lambda proposals=proposals: run.take(proposals))  # type: ignore[misc]
        catalog, po = run.plan.catalog, run.plan.po
        watch("write the PO file", lambda: catalog.write(po))
    watch("report", run.report)
    watch("read the PO file", lambda: Catalog.read(po))
    return watch.took


class _Watch:
    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    def __call__(self, stage: str, what: Callable[[], _T]) -> _T:
        started = time.process_time()
        result = what()
        self.took[stage] = self.took.get(stage, 0.0) + time.process_time() - started
        return result
