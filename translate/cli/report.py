"""``report``: one static page with the trend of the scores, the articles' states and both texts side by side."""

from __future__ import annotations

import argparse
from pathlib import Path

from translate.atomic import write_bytes
from translate.cli import EXIT_FINE
from translate.cli.common import add_glossary, add_locales, count, progress_bar, read_glossary, settings, shown
from translate.edition import patterns
from translate.errors import InputError
from translate.ledger import Ledger
from translate.pipeline import Settings
from translate.report import GENERATOR, report_page
from translate.report.articles import articles
from translate.report.runs import MOST_RUNS

_LEDGER, _OUTPUT = Path("scores/ledger.jsonl"), "yakubun-report.html"
_HEAD = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--ledger", metavar="FILE", help=f"scores that `score --ledger` wrote (default: {_LEDGER})")
    parser.add_argument("--output", metavar="FILE", default=_OUTPUT, help="the page (default: %(default)s)")
    parser.add_argument(
        "--runs", type=count, default=MOST_RUNS, metavar="N",
        help="show the last N runs of each test set (default: %(default)s)",
    )  # fmt: skip
    add_locales(parser)
    add_glossary(parser)


def run(args: argparse.Namespace) -> int:
    """Write the page; a ledger or PO files that are not there yet are no error, the page says how to make them."""
    output = Path(args.output)
    _require_ours(output)
    configuration = settings(args)
    ledger = Path(args.ledger or configuration.ledger or configuration.root / _LEDGER)
    if args.ledger and not ledger.is_file():
        raise InputError(f"--ledger {ledger}: no such file; `yakubun score --ledger {ledger}` starts one")
    records = Ledger(ledger).records()
    locales = Path(configuration.locales)
    shared = Settings(read_glossary(configuration), locales, configuration.root, patterns(configuration))
    files = sorted((locales / "en" / "LC_MESSAGES").glob("*.po"))
    with progress_bar() as progress:
        found = articles(files, shared, configuration.checks, progress=progress)
    write_bytes(output, report_page(records, found, ledger=_name(ledger, configuration.root), most_runs=args.runs))
    print(f"{shown(str(output))}: {len(records)} runs, {len(found)} articles")
    return EXIT_FINE


def _require_ours(output: Path) -> None:
    """Refuse to overwrite what this command did not write: an article may be an HTML file, too."""
    if output.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"--output {output}: name an .html file")
    if output.is_file():
        with output.open("rb") as file:
            head = file.read(_HEAD)
        if head and f'content="{GENERATOR}"'.encode() not in head:
            raise InputError(f"--output {output}: is there already and is no report; name another file, or delete it")


def _name(path: Path, root: Path) -> str:
    """Return a path as the page shows it: not where this machine keeps its files."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
