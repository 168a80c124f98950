"""``bench engines``: contestants on the same text and the same weights, in turns."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from translate.bench.chart import draw
from translate.bench.contest import contest, ratios
from translate.bench.contestants import BY_NAME_ONLY, CONTESTANTS, Job
from translate.bench.figures import Figures, Ratio, as_json
from translate.cli.common import add_glossary, add_json, count, emit_json, existing_file, progress_bar, settings, table
from translate.engines import require_known, unknown
from translate.errors import InputError
from translate.glossary import load
from translate.pipeline import Settings, plan_article


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--article", action="append", metavar="FILE",
        help="a Japanese article to translate; repeat for more (default: articles/ja)",
    )  # fmt: skip
    usual = [name for name in CONTESTANTS if name not in BY_NAME_ONLY]
    parser.add_argument(
        "--only", metavar="NAME,…", default=",".join(usual),
        help=f"contestants, of {', '.join(CONTESTANTS)} (default: all but {', '.join(BY_NAME_ONLY)})",
    )  # fmt: skip
    parser.add_argument("--rounds", type=count, default=3, metavar="N", help="turns of each contestant (default: 3)")
    parser.add_argument("--engine", metavar="NAME", help="engine of our own runs (default: embedded)")
    parser.add_argument("--threads", type=count, metavar="N", help="processor threads (default: all)")
    parser.add_argument("--beam-size", type=count, metavar="N", help="width of the search (default: 4)")
    add_glossary(parser)
    parser.add_argument("--chart", metavar="FILE.svg", help="draw speed and memory")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Run the contest and show its table."""
    configuration = settings(args)
    require_known(configuration.engine)
    names = _names(args.only)
    articles = [existing_file(name) for name in args.article] if args.article else sorted(Path("articles/ja").glob("*"))
    if not articles:
        raise InputError("bench: no articles/ja here; name the text to translate with --article FILE")
    with tempfile.TemporaryDirectory(prefix="yakubun-bench-") as folder:
        job = Job(
            articles=tuple(path.resolve() for path in articles),
            engine=configuration.engine,
            threads=configuration.threads or os.cpu_count() or 1,
            beam=configuration.beam_size or 4,
            glossaries=tuple(path.resolve() for path in configuration.glossary_paths),
            folder=Path(folder),
        )
        characters = _characters(job)
        with progress_bar() as progress:
            found = contest(names, job, args.rounds, characters, progress)
    compared = ratios(found)
    if args.chart:
        draw(found, Path(args.chart), f"{found[0].turns[0].segments} segments, {job.threads} threads")
    if args.json:
        head = {"articles": [str(path) for path in articles], "threads": job.threads, "rounds": args.rounds}
        emit_json(head | as_json(found, compared), args.json)
    if args.json != "-":
        _show(found, compared)
    return 0


def _names(only: str) -> list[str]:
    names = [name for name in only.split(",") if name]
    for name in names:
        if name not in CONTESTANTS:
            raise InputError(unknown("contestant", name, CONTESTANTS))
    if not names:
        raise InputError("bench: --only names nobody; give one or more of " + ", ".join(CONTESTANTS))
    return list(dict.fromkeys(names))


def _characters(job: Job) -> int:
    """Return the length of what is translated; a text that cannot be read is told before anything is loaded."""
    plain = Settings(glossary=load(()), locales=job.folder / "plan", root=job.articles[0].parent)
    return sum(len(text) for path in job.articles for text in plan_article(path, plain).pending)


def _show(found: list[Figures], compared: list[Ratio]) -> None:
    table(
        "",
        ["contestant", "precision", "beam", "segments/s", "characters/s", "seconds", "spread", "CPU s", "first s",
         "load s", "peak MB"],
        [
            [
                one.name, one.precision, str(one.beam), f"{one.segments_per_second:.2f}",
                f"{one.characters_per_second:.1f}", f"{one.seconds:.2f}", f"{100 * one.spread:.0f} %",
                f"{one.cpu:.2f}", f"{one.first:.2f}", f"{one.load:.1f}", f"{one.peak:.0f}",
            ]
            for one in found
        ],
    )  # fmt: skip
    if compared:
        table(
            "How many times as fast",
            ["", "as", "by the clock", "by processor time"],
            [[one.fast, one.slow, f"{one.wall:.2f}", f"{one.cpu:.2f}"] for one in compared],
        )
