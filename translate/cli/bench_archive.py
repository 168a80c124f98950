"""``bench archive``: what everything that is not the model costs, for archives of any size."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from translate.bench.archive import Point, as_json, measure
from translate.bench.curve import draw
from translate.cli import EXIT_FINE
from translate.cli.common import count, emit_json, progress_bar, settings, table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that no other action has."""
    parser.add_argument(
        "--segments", type=_counts, default=[1000, 10_000], metavar="N,…",
        help="archive: its sizes in segments (default: 1000,10000)",
    )  # fmt: skip
    parser.add_argument(
        "--articles-of", type=count, default=1000, metavar="N", help="archive: segments of an article (default: 1000)"
    )


def run(args: argparse.Namespace) -> int:
    """Measure one archive after the other, and show the table; a JSON file holds what is known so far."""
    glossaries = settings(args).glossary_paths
    found: list[Point] = []
    with progress_bar() as progress:
        for at, segments in enumerate(args.segments):
            with tempfile.TemporaryDirectory(prefix="yakubun-bench-") as folder:
                for point in measure(segments, args.articles_of, glossaries, Path(folder), progress):
                    found[at:] = [point]
                    if args.json and args.json != "-":
                        emit_json(as_json(found), args.json)
    if args.chart:
        draw(found, Path(args.chart))
    if args.json == "-":
        emit_json(as_json(found), args.json)
    if args.json != "-":
        _show(found)
    return EXIT_FINE


def _counts(text: str) -> list[int]:
    return [count(one) for one in text.split(",")]


def _show(found: list[Point]) -> None:
    rows = [
        [
            f"{point.segments:,}", str(point.articles), run.name, f"{run.rate:,.0f}", f"{run.cpu_rate:,.0f}",
            f"{run.seconds:.2f}", f"{run.cpu:.2f}", f"{run.engine:.2f}", f"{run.peak:.0f}", str(run.descriptors),
        ]
        for point in found
        for run in point.runs
    ]  # fmt: skip
    columns = [
        "segments",
        "articles",
        "run",
        "segments/s",
        "per CPU s",
        "seconds",
        "CPU s",
        "engine s",
        "peak MB",
        "files",
    ]
    table("Without the engine", columns, rows)
    last = found[-1]
    table(
        f"Stages of an article of {last.staged:,} segments",
        ["stage", "CPU s", "µs a segment"],
        [[name, f"{seconds:.3f}", f"{1e6 * seconds / last.staged:.0f}"] for name, seconds in last.stages],
    )
