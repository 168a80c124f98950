"""The ledger and the gate of ``score``: finding the baseline, comparing, writing down."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from translate.catalog import Catalog
from translate.cli.common import existing_file, visible
from translate.cli.findings import in_github
from translate.cli.scoring_output import Outcome, figures_json
from translate.config import Config
from translate.engines.base import Progress
from translate.errors import InputError, ScoreError
from translate.evaluation import Aligned, Evaluation, by_source, evaluate_aligned, read_lines
from translate.gate import TOLERANCE, Verdict, decide, require_comparable
from translate.glossary import Glossary
from translate.ledger import Ledger, Record, Stored, commit, new_id

EXIT_REGRESSION = 5

LATEST, NO_LEDGER = "latest", "none"


def add_gate(parser: argparse.ArgumentParser) -> None:
    """Add the options of ledger and gate."""
    parser.add_argument("--ledger", metavar="FILE", help="append the scores to this file (JSON lines); 'none' for none")
    parser.add_argument(
        "--test-set", metavar="NAME", help="what the ledger calls this test set (default: by the files)"
    )
    parser.add_argument(
        "--gate", action="store_true",
        help="exit with 5 if BLEU or chrF2 dropped by more than the tolerance and not by chance, or if terms were lost",
    )  # fmt: skip
    parser.add_argument(
        "--baseline", metavar="ID|latest|FILE",
        help="what the gate compares with: a record of the ledger (the latest of this test set that no gate failed, by "
        "default), another ledger (.jsonl), a PO file, or lines of English",
    )  # fmt: skip
    parser.add_argument(
        "--new-baseline", action="store_true",
        help="where test set or signatures differ from the baseline's, warn and start anew instead of refusing",
    )  # fmt: skip
    parser.add_argument(
        "--tolerance", type=_points, default=TOLERANCE, metavar="POINTS",
        help="what BLEU and chrF2 may drop (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--summary", metavar="FILE", help="write the gate's verdict as Markdown (GITHUB_STEP_SUMMARY gets it anyway)"
    )
    parser.add_argument("--junit", metavar="FILE", help="write the gate's verdict as JUnit XML")


def _points(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 100")
    return value


@dataclass(frozen=True)
class Writer:
    """A ledger that this run writes to, if it comes that far."""

    ledger: Ledger

    def write(self, record: Record, result: Evaluation, verdict: Verdict | None) -> None:
        """Append the record with what the gate said."""
        said = None if verdict is None else "passed" if verdict.passed else "failed"
        edits = result.measured.rows["ter"]
        stored = [
            Stored(text, (float(counts[0]), float(counts[1])))
            for text, counts in zip(result.hypotheses, edits, strict=True)
        ]
        self.ledger.append(replace(record, gate=said), stored)


def open_ledger(args: argparse.Namespace, configuration: Config) -> Writer | None:
    """Return the ledger that the command line or the configuration names, or None."""
    name = args.ledger or configuration.ledger
    if name in (None, NO_LEDGER):
        return None
    path = Path(name)
    if path.is_dir() or path.suffix != ".jsonl":
        raise InputError(f"--ledger {path}: name a .jsonl file, such as scores/ledger.jsonl")
    return Writer(Ledger(path))


def require_baseline(args: argparse.Namespace, ledger: Writer | None) -> None:
    """Refuse options that make no sense without a gate or a ledger, and a baseline that does not exist."""
    for option in ("baseline", "summary", "junit", "new_baseline"):
        if getattr(args, option) and not args.gate:
            raise InputError(f"--{option.replace('_', '-')} is the gate's: add --gate")
    if args.new_baseline and args.baseline not in (None, LATEST):
        raise InputError("--new-baseline goes with the latest run of the ledger, not with a --baseline of your choice")
    if not args.gate:
        return
    name = args.baseline or LATEST
    if ledger is None and (name == LATEST or not Path(name).is_file()):
        raise InputError("--gate compares with an earlier run: give --ledger FILE, or --baseline FILE")
    if ledger is not None:
        ledger.ledger.records()
        if name != LATEST and not Path(name).is_file():
            ledger.ledger.find(name)


def record_of(args: argparse.Namespace, configuration: Config, outcome: Outcome, ledger: Writer | None) -> Record:
    """Return the record of a run, as the ledger will hold it."""
    result = outcome.result
    identifier, now = new_id()
    head, dirty = commit(Path(), ledger.ledger.path) if ledger else (None, None)
    given = ("po", "source", "hypothesis", "reference", "articles", "metric", "glossary")
    return Record(
        test_set={"name": outcome.test_set, "hash": result.rows.hash},
        segments=result.scores.segments,
        signature=result.scores.signature,
        scores=outcome.scores if ledger else {},
        id=identifier,
        time=now,
        commit=head,
        dirty=dirty,
        engine=outcome.engine,
        decoding={"beam_size": configuration.beam_size} if result.stages else {},
        glossary=outcome.glossary,
        terms=figures_json(result.terms),
        stages=dict(result.stages),
        articles=outcome.articles,
        seconds=round(result.seconds, 2),
        options={name: value for name in given if (value := getattr(args, name, None))},
    )


def gate(
    args: argparse.Namespace,
    ledger: Writer | None,
    record: Record,
    result: Evaluation,
    glossary: Glossary,
    progress: Progress,
) -> Verdict:
    """Compare a run with its baseline.

    Raises:
        ScoreError: The baseline cannot be compared with it.
    """
    name = args.baseline or LATEST
    path = Path(name)
    known: dict[str, Sequence[Sequence[float]]] = {}
    if path.is_file() and path.suffix != ".jsonl":
        english = _english(existing_file(name), result.rows)
    else:
        history = Ledger(path) if path.is_file() else ledger.ledger if ledger else Ledger(path)
        by_name = name != LATEST and not path.is_file()
        baseline = history.find(name) if by_name else history.latest(record.test_set["name"])
        if baseline is None:
            return Verdict(None, args.tolerance)
        try:
            require_comparable(baseline, record)
        except ScoreError as error:
            if not args.new_baseline:
                raise
            _notice(f"{error.args[0].partition('; run once')[0]}; this run is the new baseline")
            return Verdict(None, args.tolerance)
        stored = history.stored(baseline)
        english, name = [one.hypothesis for one in stored], baseline.id
        if all(one.ter for one in stored):
            known["ter"] = [one.ter for one in stored if one.ter]
    rows = replace(result.rows, hypotheses=english)
    names = (name, name, "the references")
    before = evaluate_aligned(rows, glossary, names=names, known=known, progress=progress)
    terms = (before.terms, result.terms) if result.rows.sources is not None and result.terms.segments else None
    return decide(result.rows, before.measured, result.measured, baseline=name, terms=terms, tolerance=args.tolerance)


def _notice(text: str) -> None:
    line = visible(text)
    print(f"::warning title=Yakubun::{line}" if in_github() else f"yakubun: warning: {line}", file=sys.stderr)


def _english(path: Path, rows: Aligned) -> list[str]:
    """Return the hypotheses of a baseline that is a file: by msgid from a PO file, else line by line."""
    if path.suffix != ".po":
        return read_lines(path)
    if rows.sources is None:
        raise InputError(f"{path}: is aligned by its Japanese; give the Japanese of the hypotheses with --source")
    known = {entry.msgid: entry.msgstr for entry in Catalog.read(path)}
    return by_source(rows.sources, known, ("this run", str(path)), rows.places)
