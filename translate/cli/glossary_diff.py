"""``glossary diff``: what changes between two glossary files, and which segments that touches."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from translate.cli import EXIT_FINE
from translate.cli.common import add_json, emit_json, shown
from translate.errors import InputError
from translate.glossary import Term, key, load
from translate.glossary_diff import Change, Difference, Segment, Touched, compare, touched


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("old", metavar="OLD", help="glossary CSV as it was")
    parser.add_argument("new", metavar="NEW", help="glossary CSV as it will be")
    parser.add_argument(
        "--locales", metavar="DIR", help="also list the segments of the PO files in this folder that a change touches"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the difference."""
    old, new = load([args.old]), load([args.new])
    difference = compare(old, new)
    found = touched(_segments(Path(args.locales)), old, new) if args.locales else []
    again = [one for one in found if not one.segment.is_kept]
    kept = [one for one in found if one.segment.is_kept]
    if args.json:
        value: dict[str, Any] = {
            "added": [_term(term) for term in difference.added],
            "removed": [_term(term) for term in difference.removed],
            "changed": [
                {"source": change.new.source, "columns": list(change.columns)}
                | {"old": _term(change.old), "new": _term(change.new)}
                for change in difference.changed
            ],
        }
        if args.locales:
            value |= {"segments": [_touched(one) for one in again], "kept": [_touched(one) for one in kept]}
        emit_json(value, args.json)
    if args.json != "-":
        _print(difference)
        if args.locales:
            _print_segments(again, kept)
    return EXIT_FINE


def _segments(locales: Path) -> Iterator[Segment]:
    """Yield the segments of all PO files of a locale folder."""
    from translate.catalog import Catalog

    folder = locales / "en" / "LC_MESSAGES"
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name the one that `translate` wrote, such as --locales locales")
    for path in sorted(folder.glob("*.po")):
        for entry in Catalog.read(path):
            waived = frozenset(key(waiver.subject) for waiver in entry.waivers)
            yield Segment(str(path), entry.line, entry.msgid, entry.msgstr, str(entry.state), waived)


def _print(difference: Difference) -> None:
    for mark, terms in (("+", difference.added), ("-", difference.removed)):
        for term in terms:
            print(f"{mark} {shown(term.source)} = {_english(term)}  {shown(term.origin)}")
    for change in difference.changed:
        print(f"~ {shown(change.new.source)}: {_changes(change)}  {shown(change.new.origin)}")
    counts = (len(difference.added), len(difference.removed), len(difference.changed))
    print("{} added, {} removed, {} changed".format(*counts))


def _print_segments(again: list[Touched], kept: list[Touched]) -> None:
    for one in again:
        print(f"{_place(one)}: {one.segment.state}: {_step(one)} [{shown(one.segment.msgid, 30)}]")
    print(f"{len(again)} segments will be translated again by the next `translate`")
    for one in kept:
        lacks = f", and lacks {_names(one.missing)}" if one.missing else ", and holds the new terms already"
        what = "keeps the old term; never retranslated" if one.missing or one.before else "never retranslated"
        print(f"{_place(one)}: {one.segment.state}: {what}{lacks}: {_step(one)} [{shown(one.segment.msgid, 30)}]")
    print(f"{len(kept)} segments that people edited or approved are left as they are")


def _place(one: Touched) -> str:
    return f"{shown(one.segment.po)}:{one.segment.line}"


def _step(one: Touched) -> str:
    return f"{_names(one.before)} → {_names(one.after)}"


def _names(terms: Iterable[Term]) -> str:
    return shown(", ".join(f"{term.source}={term.target}" for term in terms)) or "nothing"


def _english(term: Term) -> str:
    return "(blocker)" if term.is_blocker else shown(term.target)


def _changes(change: Change) -> str:
    """Return each column with its old and new value."""

    def value(term: Term, column: str) -> str:
        held = getattr(term, column)
        return shown("|".join(held) if isinstance(held, tuple) else str(held)) or "(empty)"

    return "; ".join(f"{name} {value(change.old, name)} → {value(change.new, name)}" for name in change.columns)


def _term(term: Term) -> dict[str, Any]:
    return {
        "source": term.source, "target": term.target, "aliases": list(term.aliases), "variants": list(term.variants),
        "forbidden": list(term.forbidden), "kind": str(term.kind), "mode": str(term.mode), "case": str(term.case),
        "note": term.note, "entry": term.origin,
    }  # fmt: skip


def _touched(one: Touched) -> dict[str, Any]:
    segment = one.segment
    return {
        "po": segment.po, "line": segment.line, "state": segment.state,
        "msgid": segment.msgid, "msgstr": segment.msgstr,
        "before": [term.source for term in one.before], "after": [term.source for term in one.after],
        "missing": [term.source for term in one.missing],
    }  # fmt: skip
