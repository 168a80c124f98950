"""``glossary check`` and ``glossary match``."""

from __future__ import annotations

import argparse
from collections import Counter

from translate.cli import EXIT_FINE
from translate.cli.common import add_glossary, add_json, emit_json, read_glossary, settings, shown, table
from translate.matching import Verdict, explain, find_terms


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    actions = parser.add_subparsers(dest="action", metavar="check|match", required=True)
    check = actions.add_parser(
        "check", help="validate glossary files", description="Validate glossary files, stacked in order."
    )
    check.add_argument("files", nargs="*", metavar="FILE", help="glossary CSV files (default: the configured ones)")
    add_json(check)
    match = actions.add_parser(
        "match", help="show which terms a text holds", description="Show which terms a text holds."
    )
    match.add_argument("text", metavar="TEXT", help="Japanese text")
    match.add_argument("--explain", action="store_true", help="show every candidate, and why it lost")
    add_glossary(match)
    add_json(match)


def run(args: argparse.Namespace) -> int:
    """Run the chosen action; a malformed glossary raises, which exits with 2."""
    return _check(args) if args.action == "check" else _match(args)


def _check(args: argparse.Namespace) -> int:
    glossary = read_glossary(settings(args).replace(glossaries=args.files or None))
    kinds = Counter(str(term.kind) for term in glossary)
    modes = Counter(str(term.mode) for term in glossary if not term.is_blocker)
    if args.json:
        emit_json({"entries": len(glossary), "hash": glossary.hash, "kinds": kinds, "modes": modes}, args.json)
    if args.json != "-":
        print(f"{len(glossary)} entries, no conflicts, hash {glossary.hash}")
        for counted in (kinds, modes):
            print("  " + ", ".join(f"{name} {count}" for name, count in counted.most_common()))
    return EXIT_FINE


def _match(args: argparse.Namespace) -> int:
    glossary = read_glossary(settings(args))
    matches = find_terms(args.text, glossary)
    candidates = explain(args.text, glossary) if args.explain else []
    if args.json:
        rows = [
            {
                "source": one.term.source,
                "surface": one.surface,
                "target": one.term.target,
                "start": one.start,
                "end": one.end,
            }
            | {"mode": str(one.term.mode), "kind": str(one.term.kind)}
            for one in matches
        ]
        value: dict[str, object] = {"matches": rows}
        if args.explain:
            value["candidates"] = [
                {"source": one.term.source, "surface": one.surface, "start": one.start, "end": one.end}
                | {"verdict": str(one.verdict), "rival": one.rival.term.source if one.rival else None}
                for one in candidates
            ]
        emit_json(value, args.json)
    if args.json == "-":
        return EXIT_FINE
    table("", ["surface", "at", "target", "mode", "entry"], [
        [one.surface, f"{one.start}–{one.end}", one.term.target, str(one.term.mode), one.term.origin] for one in matches
    ])  # fmt: skip
    if args.explain:
        table("Candidates", ["surface", "at", "verdict", "lost to"], [
            [one.surface, f"{one.start}–{one.end}", str(one.verdict),
             shown(one.rival.term.source) if one.rival and one.verdict is not Verdict.MATCH else ""]
            for one in candidates
        ])  # fmt: skip
    return EXIT_FINE
