"""``glossary check``: the linter of glossary files."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from translate import bounded
from translate.cli import EXIT_FINDINGS, EXIT_FINE, EXIT_USAGE
from translate.cli.common import add_json, emit_json, existing_file, settings, shown
from translate.glossary_lint import Finding, Report, Severity, lint
from translate.links import followed

_COMMANDS = {Severity.NOTE: "notice", Severity.WARNING: "warning"}  # GitHub's workflow commands; else ``error``


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="glossary CSV files, stacked (default: the configured)"
    )
    parser.add_argument(
        "--used-in",
        nargs="+",
        metavar="FILE",
        help="articles and PO files: also report entries that none of them holds",
    )
    parser.add_argument(
        "--format",
        choices=("text", "github"),
        default="text",
        help="github: annotations on the lines of a pull request",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the findings; exit with 2 for files that cannot be loaded, with 1 for errors in their entries."""
    configuration = settings(args).replace(glossaries=args.files or None)
    report = lint(configuration.glossary_paths, None if args.used_in is None else _texts(args.used_in))
    kinds = Counter(str(term.kind) for term in report.glossary)
    modes = Counter(str(term.mode) for term in report.glossary if not term.is_blocker)
    if args.json:
        findings = [
            {"file": one.file, "line": one.line, "severity": str(one.severity), "lint": one.lint}
            | {"message": one.message, "source": one.source}
            for one in report.findings
        ]
        counts = {str(severity): report.count(severity) for severity in Severity}
        emit_json(
            {"entries": len(report.glossary), "hash": report.glossary.hash, "kinds": kinds, "modes": modes}
            | {"findings": findings, "severities": counts},
            args.json,
        )
    if args.json != "-":
        _print(report, kinds, modes, github=args.format == "github")
    if report.count(Severity.REFUSED):
        return EXIT_USAGE
    return EXIT_FINDINGS if report.count(Severity.ERROR) else EXIT_FINE


def _print(report: Report, kinds: Counter[str], modes: Counter[str], *, github: bool) -> None:
    for one in report.findings:
        if github:
            print(_annotation(one))
        elif one.severity is Severity.REFUSED:  # an error of the run, like that of any command that loads the file
            print(f"yakubun: error: {_place(one)}: {shown(one.message)}", file=sys.stderr)
        else:
            print(f"{_place(one)}: {one.severity}: {one.lint}: {shown(one.message)}")
    refused = report.count(Severity.REFUSED)
    verdict = f"{refused} refused, " if refused else "no conflicts, "
    counted = ", ".join(f"{report.count(what)} {what}s" for what in (Severity.ERROR, Severity.WARNING, Severity.NOTE))
    print(f"{len(report.glossary)} entries, {verdict}{counted}, hash {report.glossary.hash}")
    for names in (kinds, modes):
        if names:
            print("  " + ", ".join(f"{name} {count}" for name, count in names.most_common()))


def _place(one: Finding) -> str:
    return shown(f"{one.file}:{one.line}" if one.line else one.file)


def _annotation(one: Finding) -> str:
    """Return a workflow command, see "Workflow commands for GitHub Actions": data and properties are escaped."""

    def escaped(text: str, *more: str) -> str:
        for char in ("%", "\r", "\n", *more):
            text = text.replace(char, f"%{ord(char):02X}")
        return shown(text)

    line = f",line={one.line}" if one.line else ""
    place = f"file={escaped(one.file, ':', ',')}{line},title={escaped(f'glossary {one.lint}', ':', ',')}"
    return f"::{_COMMANDS.get(one.severity, 'error')} {place}::{escaped(one.message)}"


def _texts(names: Sequence[str]) -> list[str]:
    """Return the Japanese segments of articles and PO files."""
    from translate.catalog import Catalog
    from translate.formats import reader_for

    texts: list[str] = []
    for path in map(existing_file, names):
        if Path(path).suffix.lower() == ".po":
            texts += [entry.msgid for entry in Catalog.read(path)]
        else:
            document = reader_for(str(path)).read(bounded.read(followed(path), bounded.ARTICLE), str(path))
            texts += [segment.plain for _, segment in document.segments()]
    return texts
