"""``score``: BLEU, chrF2, TER and glossary terms of translations against references."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from translate.atomic import write_bytes
from translate.catalog import Catalog
from translate.cli import EXIT_FINE
from translate.cli.common import (
    add_engine,
    add_glossary,
    add_json,
    emit_json,
    existing_file,
    progress_bar,
    read_glossary,
    settings,
)
from translate.engines import create, require_known
from translate.errors import InputError
from translate.evaluation import Evaluation, aligned, evaluate, read_lines, translate_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--po", nargs="+", metavar="PO", help="PO files to score")
    parser.add_argument(
        "--source", metavar="FILE", help="Japanese lines; they are translated unless --hypothesis is given"
    )
    parser.add_argument("--hypothesis", metavar="FILE", help="English lines to score")
    parser.add_argument(
        "--reference",
        nargs="+",
        required=True,
        metavar="FILE",
        help="reference PO files (aligned by msgid) or one file of lines",
    )
    parser.add_argument("--save", metavar="FILE", help="write the hypotheses, one a line")
    add_engine(parser)
    add_glossary(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Score, and print the figures with their signatures."""
    if bool(args.po) == bool(args.source or args.hypothesis):
        raise InputError("score: give either --po FILE…, or --source FILE and/or --hypothesis FILE")
    configuration = settings(args)
    require_known(configuration.engine)
    glossary = read_glossary(configuration)
    engine_name: str | None = None
    if args.po:
        sources, hypotheses, references = _from_po(
            [existing_file(name) for name in args.po], [existing_file(name) for name in args.reference]
        )
        names = ("the PO files", "the PO files", "the references")
        engines = Counter(
            entry.provenance.engine for name in args.po for entry in Catalog.read(Path(name)) if entry.provenance
        )
        engine_name = ", ".join(name for name, _ in engines.most_common()) or None
        result = evaluate(sources, hypotheses, references, glossary, names=names)
    else:
        if len(args.reference) != 1:
            raise InputError("score: lines take one --reference file")
        references = read_lines(existing_file(args.reference[0]))
        lines = read_lines(existing_file(args.source)) if args.source else None
        names = (args.source or "", args.hypothesis or f"the translation of {args.source}", args.reference[0])
        if args.hypothesis:
            hypotheses = read_lines(existing_file(args.hypothesis))
            result = evaluate(lines, hypotheses, references, glossary, names=names)
        else:
            assert lines is not None  # noqa: S101 - --source or --hypothesis was required above
            if len(lines) != len(references):  # before an hour of translating, not after it
                evaluate(None, lines, references, glossary, names=(args.source, args.source, args.reference[0]))
            with progress_bar() as progress:
                engine = create(
                    configuration.engine,
                    progress=progress,
                    beam_size=configuration.beam_size,
                    threads=configuration.threads,
                )
                hypotheses, stages, seconds = translate_lines(lines, glossary, engine, progress)
            engine_name = f"{engine.name}@{engine.revision}"
            found = evaluate(lines, hypotheses, references, glossary, names=names)
            result = Evaluation(found.scores, found.matched, found.satisfied, stages, seconds, hypotheses)
    if args.save:
        write_bytes(Path(args.save), "".join(f"{' '.join(line.split())}\n" for line in result.hypotheses).encode())
    if args.json:
        emit_json(_as_json(result, engine_name, glossary.hash), args.json)
    if args.json != "-":
        _print(result, engine_name)
    return EXIT_FINE


def _from_po(files: list[Path], references: list[Path]) -> tuple[list[str], list[str], list[str]]:
    """Align PO files with reference PO files of the same name, or a single one with anything."""
    by_stem = {path.stem: path for path in references}
    columns: tuple[list[str], list[str], list[str]] = ([], [], [])
    for path in files:
        reference = references[0] if len(files) == len(references) == 1 else by_stem.get(path.stem)
        if reference is None:
            raise InputError(
                f"score: no --reference file is called {path.stem}.po, so {path} has nothing to be compared with"
            )
        other = Catalog.read(reference) if reference.suffix == ".po" else read_lines(reference)
        for column, values in zip(
            columns, aligned(Catalog.read(path), other, (str(path), str(reference))), strict=True
        ):
            column += values
    return columns


def _as_json(result: Evaluation, engine: str | None, glossary: str) -> dict[str, object]:
    scores = result.scores
    return {
        "bleu": scores.bleu,
        "chrf": scores.chrf,
        "ter": scores.ter,
        "signature": scores.signature,
        "segments": scores.segments,
        "empty": scores.empty,
        "terms": {"matched": result.matched, "satisfied": result.satisfied},
        "stages": dict(result.stages),
        "engine": engine,
        "glossary": glossary,
        "seconds": round(result.seconds, 2),
    }


def _print(result: Evaluation, engine: str | None) -> None:
    scores = result.scores
    for label, value, name in (
        ("BLEU", scores.bleu, "bleu"),
        ("chrF2", scores.chrf, "chrf"),
        ("TER", scores.ter, "ter"),
    ):
        print(f"{label:6}{value:6.2f}  {scores.signature[name]}")
    print(f"segments: {scores.segments}" + (f", {scores.empty} empty" if scores.empty else ""))
    if result.matched:
        print(f"glossary: {result.satisfied} of {result.matched} hard terms ({result.satisfied / result.matched:.3f})")
    if result.stages:
        print("stages:   " + ", ".join(f"{name} {count}" for name, count in Counter(result.stages).most_common()))
    if engine:
        print(f"engine:   {engine}")
    if result.seconds:
        print(f"time:     {result.seconds:.1f} s, {scores.segments / result.seconds:.2f} segments a second")
