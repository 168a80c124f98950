"""``check``: what is wrong in PO files."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from translate.catalog import Catalog, Entry, State
from translate.checks import (
    CATALOG_CHECKS,
    LEVELS,
    SEGMENT_CHECKS,
    Severity,
    Translated,
    description,
    run_catalog_checks,
)
from translate.cli import EXIT_FINDINGS, EXIT_FINE
from translate.cli.common import (
    add_glossary,
    add_json,
    emit_json,
    existing_file,
    read_glossary,
    settings,
    shown,
)
from translate.cli.findings import Row, as_annotations, as_json, as_sarif, as_text, in_github
from translate.errors import InputError
from translate.glossary import Glossary
from translate.markup import bare
from translate.reporting import TermCount, review_entry
from translate.terms import segment_matches

_OFF = "off"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("files", nargs="*", metavar="PO", help="PO files")
    parser.add_argument(
        "--severity", action="append", default=[], metavar="CHECK=LEVEL",
        help="make a check's findings an error or a warning, or switch it off; may be given several times",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="show the checks and what they are about")
    parser.add_argument("--sarif", metavar="FILE", help="also write the findings as SARIF 2.1.0, for code scanning")
    parser.add_argument(
        "--github", action="store_true", help="print GitHub annotations (the default inside a GitHub workflow)"
    )
    add_glossary(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Check the files; 1 if there is an error."""
    if args.list:
        for name in (*SEGMENT_CHECKS, *CATALOG_CHECKS):
            print(f"{name:14}{description(name)}")
        return EXIT_FINE
    if not args.files:
        raise InputError("check: which PO files? For example: check locales/en/LC_MESSAGES/*.po")
    configuration = settings(args)
    levels = dict(configuration.checks) | _levels(args.severity)
    rows, terms = _findings([existing_file(name) for name in args.files], read_glossary(configuration), levels)
    errors = sum(row.severity == "error" for row in rows)
    if args.sarif:
        emit_json(as_sarif(rows), args.sarif)
    if args.json:
        counts = {"matched": terms.matched, "satisfied": terms.satisfied, "waived": terms.waived}
        emit_json({"findings": as_json(rows), "errors": errors, "terms": counts}, args.json)
    if args.json != "-":
        for line in as_annotations(rows) if args.github or in_github() else map(as_text, rows):
            print(line)
        held = f"{terms.satisfied} of {terms.matched} hard terms in place, {terms.waived} waived"
        print(f"{errors} errors, {len(rows) - errors} warnings; {held}")
    return EXIT_FINDINGS if errors else EXIT_FINE


def _levels(given: Sequence[str]) -> dict[str, str]:
    levels = {}
    for one in given:
        name, _, level = one.partition("=")
        if name not in SEGMENT_CHECKS and name not in CATALOG_CHECKS:
            raise InputError(f"--severity {shown(one)}: no check is called {shown(name)!r}; `check --list` shows them")
        if level not in LEVELS:
            raise InputError(f"--severity {shown(one)}: the level is error, warning or off")
        levels[name] = level
    return levels


def _findings(files: Sequence[Path], glossary: Glossary, levels: Mapping[str, str]) -> tuple[list[Row], TermCount]:
    """Return what the checks of segments and of whole catalogs say, by file and line, and the terms counted."""
    rows, terms, translated = [], TermCount(), []
    for path in files:
        for entry in Catalog.read(path):
            if entry.state is State.UNTRANSLATED:
                continue  # `status` counts those
            count, findings = review_entry(entry, segment_matches(bare(entry.msgid), glossary))
            terms += count
            translated.append(_translated(path, entry))
            rows += [Row(str(path), entry.line, entry.msgid, one.check, one.severity, one.message) for one in findings]
    rows += [
        Row(one.entry.po, one.entry.line, one.entry.msgid, one.finding.check, one.finding.severity, one.finding.message)
        for one in run_catalog_checks(translated)
    ]
    order = {str(path): index for index, path in enumerate(files)}
    kept = [
        Row(row.path, row.line, row.msgid, row.check, _severity(row, levels), row.message)
        for row in rows
        if levels.get(row.check) != _OFF
    ]
    return sorted(kept, key=lambda row: (order[row.path], row.line)), terms


def _severity(row: Row, levels: Mapping[str, str]) -> Severity:
    return cast(Severity, levels.get(row.check, row.severity))


def _translated(path: Path, entry: Entry) -> Translated:
    waived = frozenset(waiver.subject for waiver in entry.waivers)
    return Translated(str(path), entry.line, entry.msgid, entry.msgstr, waived)
