"""``check`` and ``status``: what is wrong in PO files, and how far they are."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from translate.catalog import Catalog, State
from translate.cli import EXIT_FINDINGS, EXIT_FINE
from translate.cli.common import (
    add_glossary,
    add_json,
    add_locales,
    emit_json,
    existing_file,
    read_glossary,
    settings,
    shown,
    table,
)
from translate.matching import find_terms
from translate.reporting import TermCount, review_entry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command that was typed."""
    if parser.prog.endswith("check"):
        parser.add_argument("files", nargs="+", metavar="PO", help="PO files")
        add_glossary(parser)
    else:
        add_locales(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Run whichever of the two commands was typed."""
    return _check(args) if args.command == "check" else _status(args)


def _check(args: argparse.Namespace) -> int:
    glossary = read_glossary(settings(args))
    rows, terms = [], TermCount()
    for path in [existing_file(name) for name in args.files]:
        for entry in Catalog.read(path):
            if entry.state is State.UNTRANSLATED:
                continue  # `status` counts those
            count, findings = review_entry(entry, find_terms(entry.msgid, glossary))
            terms += count
            rows += [
                {"po": str(path), "line": entry.line, "msgid": entry.msgid}
                | {"check": one.check, "severity": one.severity, "message": one.message}
                for one in findings
            ]
    errors = sum(row["severity"] == "error" for row in rows)
    if args.json:
        counts = {"matched": terms.matched, "satisfied": terms.satisfied, "waived": terms.waived}
        emit_json({"findings": rows, "errors": errors, "terms": counts}, args.json)
    if args.json != "-":
        for row in rows:
            what = f"{row['severity']}: {row['check']}: {shown(str(row['message']))}"
            print(f"{shown(str(row['po']))}:{row['line']}: {what} [{shown(str(row['msgid']), 30)}]")
        held = f"{terms.satisfied} of {terms.matched} hard terms in place, {terms.waived} waived"
        print(f"{errors} errors, {len(rows) - errors} warnings; {held}")
    return EXIT_FINDINGS if errors else EXIT_FINE


def _status(args: argparse.Namespace) -> int:
    locales = Path(settings(args).locales)
    rows = []
    for path in sorted((locales / "en" / "LC_MESSAGES").glob("*.po")):
        catalog = Catalog.read(path)
        states = Counter(entry.state for entry in catalog)
        rows.append(
            {"article": catalog.source_path, "po": str(path), "segments": len(catalog)}
            | {str(state): states[state] for state in State}
            | {"obsolete": len(catalog.obsolete)}
        )
    if args.json:
        emit_json({"articles": rows}, args.json)
    if args.json != "-":
        columns = ["article", "segments", *map(str, State), "obsolete"]
        table("", columns, [[str(row[column]) for column in columns] for row in rows])
        if not rows:
            print(f"no PO files in {shown(str(locales))}; `yakubun translate ARTICLE` makes them")
    return EXIT_FINE
