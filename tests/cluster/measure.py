"""Figures and logs of docs/scale.md: ``python tests/cluster/measure.py driver|scaling|kill|bytes``.

Run it from a checkout with nothing else on the machine; everything is written into a temporary folder.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent.parent)

from cape import CHECKOUT  # noqa: E402 - the paths above come first
from cluster_archive import pos  # noqa: E402
from ray_nodes import nodes  # noqa: E402

from translate.cluster.driver import Driver  # noqa: E402
from translate.cluster.ray_pool import RayPool  # noqa: E402
from translate.cluster.worker import Answer, EngineSpec  # noqa: E402
from translate.engines import create  # noqa: E402
from translate.engines.base import Progress  # noqa: E402
from translate.glossary import Glossary, load  # noqa: E402
from translate.pipeline import ArticleRun, Settings, identity, translate_article, translate_chunk  # noqa: E402

ARTICLES = sorted((CHECKOUT / "articles" / "ja").glob("*.txt"))
GLOSSARY = CHECKOUT / "glossaries" / "ja-en.csv"


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


def settings(folder: Path, engine: str) -> Settings:
    glossary = Glossary(load([GLOSSARY]).terms, numbers=True)
    return Settings(glossary=glossary, locales=folder / "locales", root=folder, engine=engine)


@dataclass(frozen=True)
class Timed:
    segments: int
    seconds: float
    processor: float  # seconds of this process

    def __str__(self) -> str:
        return (
            f"{self.segments} segments in {self.seconds:.1f} s, {self.segments / self.seconds:.1f} a second; "
            f"this process used {self.processor:.2f} s of processor"
        )


@contextmanager
def running(spec: EngineSpec, workers: int, address: str = "", progress: Progress = quiet) -> Iterator[RayPool]:
    """Have all workers ready before anything is timed."""
    with RayPool(address, spec, workers=workers, gpus=0, progress=progress) as pool:
        pool.identity()
        while pool.ready < workers:
            pool.wait(1.0)
        yield pool


def timed(run: Callable[[], int]) -> Timed:
    start, used = time.perf_counter(), time.process_time()
    segments = run()
    return Timed(segments, time.perf_counter() - start, time.process_time() - used)


def on_ray(pool: RayPool, paths: list[Path], shared: Settings, progress: Progress = quiet) -> int:
    translated = 0
    for outcome in Driver(paths, shared, pool, progress).outcomes():
        assert not outcome.error
        translated += outcome.report.translated if outcome.report else 0
    return translated


def here(spec: EngineSpec, paths: list[Path], shared: Settings) -> Timed:
    engine = create(spec.spec, beam_size=spec.beam_size, threads=spec.threads)
    found = timed(
        lambda: sum(translate_article(path, shared, lambda: engine, quiet).translated for path in paths)
    )  # fmt: skip
    engine.close()
    return found


def driver(folder: Path, copies: int) -> None:
    """Many short articles on the fake engine: what one driver can read, journal and write."""
    texts = [path.read_text("utf-8") for path in ARTICLES]
    paths = [folder / "articles" / f"{number}-{at}.txt" for number in range(copies) for at in range(len(texts))]
    (folder / "articles").mkdir()
    for number, path in enumerate(paths):
        path.write_text(texts[number % len(texts)], "utf-8")
    with running(EngineSpec("fake"), 1) as pool:
        first, second = paths[: len(texts)], paths[len(texts) :]
        on_ray(pool, first, settings(folder, "fake"))  # dictionaries are loaded, matchers made
        print(f"memory of the driver after {len(first)} articles: {memory():.0f} MB")
        result = timed(lambda: on_ray(pool, second, settings(folder, "fake")))
        print(f"{len(second)} articles on 1 worker with the fake engine: {result}")
        print(f"one driver can do {result.segments / result.processor:.0f} segments a second of its processor")
        other = timed(lambda: on_ray(pool, second, settings(folder, "fake")))
        print(f"the same again, nothing to do: {len(second) / other.seconds:.0f} articles a second")
        print(f"memory of the driver after all: {memory():.0f} MB")


def memory() -> float:
    """Return the largest memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sizes(folder: Path) -> None:
    """Bytes that Ray pickles for a segment, there and back."""
    import ray.cloudpickle

    there = back = segments = 0
    engine = create("fake")
    for path in ARTICLES:
        with ArticleRun(path, settings(folder, "fake")) as run:
            run.remember()
            for chunk in run.chunks(identity(engine)):
                there += len(ray.cloudpickle.dumps(chunk))
                back += len(ray.cloudpickle.dumps(Answer(tuple(translate_chunk(chunk, engine)))))
                segments += len(chunk.texts)
    print(f"{segments} segments: {there / segments:.0f} bytes there and {back / segments:.0f} back for each")


def scaling(folder: Path, names: list[str], beam: int) -> None:
    """The embedded engine here and on one and two workers, one thread each."""
    paths = [path for path in ARTICLES if not names or any(name in path.stem for name in names)]
    alone: list[Timed] = []
    for threads in (1, 2):
        shared = settings(folder / f"here{threads}", "embedded")
        alone.append(here(EngineSpec("embedded", beam, threads), paths, shared))
        print(f"no cluster, {threads} threads: {alone[-1]}", flush=True)
    with running(EngineSpec("embedded", beam, 1), 2) as pool:
        two = timed(lambda: on_ray(pool, paths, settings(folder / "ray2", "embedded")))
        print(f"Ray, 2 workers of 1 thread: {two}", flush=True)
    with running(EngineSpec("embedded", beam, 1), 1) as pool:
        one = timed(lambda: on_ray(pool, paths, settings(folder / "ray1", "embedded")))
        print(f"Ray, 1 worker of 1 thread: {one}", flush=True)
    print(f"2 workers against 1: {one.seconds / two.seconds:.2f} times as fast")
    print(f"1 worker against no cluster with 1 thread: {alone[0].seconds / one.seconds:.3f}")
    print(f"2 workers against no cluster with 2 threads: {alone[1].seconds / two.seconds:.3f}")
    same = pos(str(folder / "here1" / "locales"))
    assert all(pos(str(folder / name / "locales")) == same for name in ("here2", "ray1", "ray2"))
    print(f"PO files are the same in all four runs, dates apart: {len(same)}")


def kill(folder: Path, engine: str) -> None:
    """Two nodes; the second one loses its power when a third of the segments is done."""
    start = time.perf_counter()
    shared, dead = settings(folder, engine), []

    def say(text: str) -> None:
        print(f"{time.perf_counter() - start:6.1f} s  {text}", flush=True)

    class Told(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            say(record.getMessage())

    log = logging.getLogger("translate.cluster")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(Told())
    with nodes(2) as cluster:
        say(f"two nodes at {cluster.address}")

        def progress(what: str, done: int, total: int) -> None:
            if what == "Segments" and not dead and 3 * done >= total:
                say(f"{done} of {total} segments are done; the second node is killed")
                dead.append(cluster.kill_last())

        with running(EngineSpec(engine), 2, cluster.address) as pool:
            run = Driver(ARTICLES, shared, pool, progress)
            for outcome in run.outcomes():
                assert outcome.report
                say(f"{outcome.path.name}: {outcome.report.segments} segments, error: {outcome.error or 'none'}")
            say(f"tasks done again: {run.retries}; workers: {pool.workers()}")
    lines = Counter(
        (path.stem, line.split('"english"')[0])
        for path in (shared.locales / "en" / "proposals").iterdir()
        for line in path.read_text("utf-8").splitlines()
    )
    say(f"{len(lines)} segments in the journals, written more than once: {sum(n > 1 for n in lines.values())}")
    alone = settings(folder / "alone", engine)
    here(EngineSpec(engine), ARTICLES, Settings(alone.glossary, alone.locales, folder, engine=engine))
    same = pos(str(alone.locales)) == pos(str(shared.locales))
    say(f"PO files as those of a run without a cluster, dates apart: {same}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["driver", "scaling", "kill", "bytes"])
    parser.add_argument("names", nargs="*", help="scaling: only articles whose name holds one of these")
    parser.add_argument("--copies", type=int, default=40, help="driver: how often each article of the project is there")
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument("--engine", default="fake:slow", help="kill: the engine")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        {
            "driver": lambda: driver(folder, args.copies),
            "bytes": lambda: sizes(folder),
            "scaling": lambda: scaling(folder, args.names, args.beam_size),
            "kill": lambda: kill(folder, args.engine),
        }[args.what]()


if __name__ == "__main__":
    main()
