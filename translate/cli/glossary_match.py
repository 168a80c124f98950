"""``glossary match``: which terms a text holds, and why others are not found."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from translate.cli import EXIT_FINE
from translate.cli.common import add_glossary, add_json, emit_json, read_glossary, settings, shown, table
from translate.glossary import Glossary, Kind
from translate.matching import Candidate, Match, Verdict, explain
from translate.terms import segment_matches
from translate.variants import Suggestion, suggestions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("text", metavar="TEXT", help="Japanese text")
    parser.add_argument(
        "--explain", action="store_true", help="show every candidate and why it lost, and likely spellings of entries"
    )
    add_glossary(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the matches of a text."""
    glossary = read_glossary(settings(args))
    matches = segment_matches(args.text, glossary)
    candidates = _explained(args.text, glossary, matches) if args.explain else []
    likely = suggestions(args.text, glossary) if args.explain else []
    if args.json:
        value: dict[str, object] = {"matches": [_match(one) for one in matches]}
        if args.explain:
            value["candidates"] = [_candidate(one) for one in candidates]
            value["suggestions"] = [_suggestion(one) for one in likely]
        emit_json(value, args.json)
    if args.json == "-":
        return EXIT_FINE
    table("", ["surface", "at", "target", "mode", "entry"], [
        [one.surface, _span(one), one.term.target, str(one.term.mode), one.term.origin or str(one.term.kind)]
        for one in matches
    ])  # fmt: skip
    if args.explain:
        table("Candidates", ["surface", "at", "entry", "verdict", "lost to", "why"], [
            [one.surface, _span(one), one.term.origin or str(one.term.kind), str(one.verdict),
             shown(one.rival.term.source) if one.rival else "", one.reason]
            for one in candidates
        ])  # fmt: skip
        for suggestion in likely:
            term = suggestion.term
            print(
                f"{shown(suggestion.surface)} at {_span(suggestion)} matches no entry: did you mean "
                f"{shown(suggestion.spelling)} ({shown(term.target)}, {shown(term.origin)})? "
                "If so, add it to that entry's aliases."
            )
    return EXIT_FINE


def _explained(text: str, glossary: Glossary, matches: Sequence[Match]) -> list[Candidate]:
    """Return the entries' candidates and the numbers among the matches; a number may have taken an entry's place."""
    numbers = [one for one in matches if one.term.kind is Kind.NUMBER]
    found = [Candidate(one.term, one.surface, one.start, one.end, Verdict.MATCH) for one in numbers]
    for one in explain(text, glossary):
        rival = next((other for other in numbers if other.start < one.end and one.start < other.end), None)
        taken = rival is not None and one.verdict is Verdict.MATCH
        found.append(replace(one, verdict=Verdict.OVERLAP, rival=rival) if taken else one)
    return sorted(found, key=lambda one: (one.start, one.end))


def _span(one: Match | Candidate | Suggestion) -> str:
    return f"{one.start}–{one.end}"


def _match(one: Match) -> dict[str, Any]:
    return {
        "source": one.term.source, "surface": one.surface, "target": one.term.target,
        "start": one.start, "end": one.end, "mode": str(one.term.mode), "kind": str(one.term.kind),
    }  # fmt: skip


def _candidate(one: Candidate) -> dict[str, Any]:
    rival = one.rival and {
        "source": one.rival.term.source, "surface": one.rival.surface, "start": one.rival.start, "end": one.rival.end,
        "entry": one.rival.term.origin,
    }  # fmt: skip
    return {
        "source": one.term.source, "surface": one.surface, "start": one.start, "end": one.end,
        "entry": one.term.origin, "mode": str(one.term.mode), "kind": str(one.term.kind),
        "verdict": str(one.verdict), "rival": one.rival.term.source if one.rival else None, "lost_to": rival,
        "cuts": [
            {"side": cut.side, "offset": cut.offset, "inside": str(cut.inside), "word": cut.word} for cut in one.cuts
        ],
        "reason": one.reason,
    }  # fmt: skip


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "surface": one.surface, "start": one.start, "end": one.end, "spelling": one.spelling,
        "source": one.term.source, "target": one.term.target, "entry": one.term.origin, "likeness": str(one.likeness),
    }  # fmt: skip
