"""``score``: BLEU, chrF2, TER and glossary terms of translations against references; the ledger and the gate."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from translate._score_commands import TIMEOUT, parse_metric, run_metric
from translate.atomic import write_bytes
from translate.catalog import Catalog
from translate.cli import EXIT_FINE, postedit
from translate.cli.common import (
    add_engine,
    add_glossary,
    add_json,
    existing_file,
    progress_bar,
    read_glossary,
    settings,
)
from translate.cli.scoring_gate import EXIT_REGRESSION, add_gate, gate, open_ledger, record_of, require_baseline
from translate.cli.scoring_modes import run_glossary_modes
from translate.cli.scoring_output import Outcome, show
from translate.config import Config
from translate.engines import create, require_known
from translate.engines.base import Progress
from translate.errors import InputError
from translate.evaluation import (
    Aligned,
    by_source,
    evaluate_aligned,
    from_lines,
    from_po,
    is_exchange,
    notices,
    read_lines,
    read_units,
    translate_lines,
)
from translate.glossary import Glossary
from translate.metrics import measure


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--po", nargs="+", metavar="PO", help="PO files to score")
    parser.add_argument(
        "--source",
        metavar="FILE",
        help="Japanese lines, or a TMX file; they are translated unless --hypothesis is given",
    )
    parser.add_argument("--hypothesis", metavar="FILE", help="English lines to score")
    parser.add_argument(
        "--reference", nargs="+", action="append", default=[], metavar="FILE",
        help="reference PO files (aligned by msgid), one file of lines, or a TMX file (aligned by the Japanese); "
        "repeat the option for several reference sets",
    )  # fmt: skip
    parser.add_argument("--articles", metavar="FILE", help="with lines: the name of each line's article, one a line")
    parser.add_argument("--save", metavar="FILE", help="write the hypotheses, one a line")
    parser.add_argument("--segments", action="store_true", help="add the scores of each segment to the JSON")
    parser.add_argument(
        "--metric", action="append", default=[], metavar="NAME=COMMAND",
        help="one more metric: a program that reads JSON lines with source, hypothesis and reference, and writes "
        '{"score": number} a line',
    )  # fmt: skip
    parser.add_argument(
        "--metric-timeout", type=float, default=TIMEOUT, metavar="SECONDS", help="how long a --metric may take"
    )
    parser.add_argument(
        "--glossary-modes", metavar="MODES",
        help="translate --source once a mode and compare: none,proper,random; --save then names the work files' prefix",
    )  # fmt: skip
    parser.add_argument("--random-glossary", metavar="FILE", help="glossary CSV of the mode 'random'")
    parser.add_argument(
        "--post-edit", action="store_true",
        help="measure instead how far people went from what machines proposed (all PO files, or those of --po)",
    )  # fmt: skip
    add_gate(parser)
    add_engine(parser)
    add_glossary(parser)
    add_json(parser)


@dataclass(frozen=True)
class _Run:
    """Segments with their hypotheses, and where these come from."""

    rows: Aligned
    names: tuple[str, str, str]
    engine: str | None = None
    stages: Counter[str] | None = None
    seconds: float = 0.0


def run(args: argparse.Namespace) -> int:
    """Score, print the figures with their signatures, and ask the gate."""
    if args.post_edit:
        return postedit.run(args)
    if not args.reference:
        raise InputError("score: give --reference FILE, or --post-edit to measure what people changed")
    if bool(args.po) == bool(args.source or args.hypothesis):
        raise InputError("score: give either --po FILE…, or --source FILE and/or --hypothesis FILE")
    configuration = settings(args)
    require_known(configuration.engine)
    metrics = [parse_metric(option) for option in args.metric]
    glossary = read_glossary(configuration)
    if args.glossary_modes:
        return run_glossary_modes(args, configuration, glossary, *_lines_to_translate(args))
    ledger = open_ledger(args, configuration)
    require_baseline(args, ledger)  # before an hour of translating, not after it
    with progress_bar() as progress:
        one = _from_po(args) if args.po else _from_lines(args, configuration, glossary, progress)
        if args.save:  # before anything can refuse to go on: translating was the expensive part
            text = "".join(f"{' '.join(line.split())}\n" for line in one.rows.hypotheses)
            write_bytes(Path(args.save), text.encode("utf-8", "backslashreplace"))
        found = evaluate_aligned(one.rows, glossary, names=one.names, progress=progress)
        measured = found.measured
        for name, words in metrics:
            progress(f"Metric {name}", 0, 1)
            measured = measured.with_metric(name, run_metric(name, words, one.rows, args.metric_timeout))
            progress(f"Metric {name}", 1, 1)
        result = replace(found, measured=measured, stages=dict(one.stages or {}), seconds=one.seconds)
        outcome = Outcome(result, one.engine, glossary.hash, args.test_set or _test_set(args), notices(one.rows))
        record = record_of(args, configuration, outcome, ledger)
        verdict = gate(args, ledger, record, result, glossary, progress) if args.gate else None
    if ledger:
        ledger.write(record, result, verdict)
    show(args, replace(outcome, record=record.id if ledger else None, verdict=verdict))
    return EXIT_FINE if verdict is None or verdict.passed else EXIT_REGRESSION


def _test_set(args: argparse.Namespace) -> str:
    """Return what a test set is called unless --test-set says otherwise."""
    return "articles" if args.po else Path(args.reference[0][0]).stem


def _from_po(args: argparse.Namespace) -> _Run:
    files = [existing_file(name) for name in args.po]
    rows = from_po(files, [[existing_file(name) for name in names] for names in args.reference])
    engines = Counter(entry.provenance.engine for path in files for entry in Catalog.read(path) if entry.provenance)
    return _Run(
        rows, ("the PO files", "the PO files", "the references"), ", ".join(n for n, _ in engines.most_common())
    )


def _lines_to_translate(args: argparse.Namespace) -> tuple[list[str], list[list[str]], tuple[str, str, str]]:
    """Return source lines and reference sets of ``--source``, their lengths compared."""
    if not args.source or args.hypothesis:
        raise InputError("score: --glossary-modes translates --source FILE itself; leave --po and --hypothesis out")
    lines = _sources(args)
    assert lines is not None  # noqa: S101 - --source was required above
    references = _references(args, lines)
    measure(lines, references, metrics=(), hypotheses_name=args.source, references_name=args.reference[0][0])
    return lines, references, (args.source, f"the translation of {args.source}", args.reference[0][0])


def _from_lines(args: argparse.Namespace, configuration: Config, glossary: Glossary, progress: Progress) -> _Run:
    articles = read_lines(existing_file(args.articles)) if args.articles else None
    if not args.hypothesis:
        lines, references, names = _lines_to_translate(args)
        engine = create(
            configuration.engine, progress=progress, beam_size=configuration.beam_size, threads=configuration.threads
        )
        english, stages, seconds = translate_lines(lines, glossary, engine, progress)
        rows = from_lines(lines, english, references, names, articles)
        return _Run(rows, names, f"{engine.name}@{engine.revision}", stages, seconds)
    sources = _sources(args)
    references = _references(args, sources)
    names = (args.source or "", args.hypothesis, args.reference[0][0])
    return _Run(from_lines(sources, read_lines(existing_file(args.hypothesis)), references, names, articles), names)


def _sources(args: argparse.Namespace) -> list[str] | None:
    if not args.source:
        return None
    path = existing_file(args.source)
    return [japanese for japanese, _ in read_units(path)] if is_exchange(path) else read_lines(path)


def _references(args: argparse.Namespace, sources: Sequence[str] | None) -> list[list[str]]:
    sets = []
    for files in args.reference:
        if len(files) != 1:
            raise InputError("score: lines take one --reference file a set; repeat --reference for several sets")
        path = existing_file(files[0])
        if not is_exchange(path):
            sets.append(read_lines(path))
        elif sources is None:
            raise InputError(f"{path}: is aligned by its Japanese; give the Japanese of the hypotheses with --source")
        else:
            places = [f"{args.source}:{number}" for number in range(1, len(sources) + 1)]
            sets.append(by_source(sources, dict(read_units(path)), (args.source, str(path)), places))
    return sets
