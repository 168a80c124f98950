"""``waive``: a person's word that a check or a term does not apply to one segment, written into its PO file."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from translate.catalog import Catalog, Entry, Waiver
from translate.checks import CATALOG_CHECKS, SEGMENT_CHECKS
from translate.cli import EXIT_FINE
from translate.cli.common import add_glossary, add_json, emit_json, existing_file, read_glossary, settings, shown
from translate.errors import InputError
from translate.glossary import key
from translate.markup import bare
from translate.matching import Match
from translate.reporting import distinct, waiver_subject
from translate.resources import lock_for
from translate.terms import segment_matches


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("file", metavar="PO", help="the PO file")
    parser.add_argument(
        "entry", metavar="LINE-OR-MSGID", help="a line of the entry, as in messages, or its Japanese text"
    )
    parser.add_argument("subject", metavar="SUBJECT", help="a check, or a glossary term of the segment")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--reason", metavar="TEXT", help="why it does not apply here")
    choice.add_argument("--remove", action="store_true", help="take the waiver back")
    add_glossary(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Write the waiver, or remove it; the file is changed in one step or not at all."""
    path = existing_file(args.file)
    glossary = read_glossary(settings(args))
    with lock_for(path):
        catalog = Catalog.read(path)
        entry = _entry(catalog, path, args.entry)
        if args.remove:
            subject = _waived(entry, args.subject, f"{path}:{entry.line}")
            catalog.unwaive(entry.msgid, subject)
        else:
            subject = _subject(segment_matches(bare(entry.msgid), glossary), args.subject, f"{path}:{entry.line}")
            catalog.waive(entry.msgid, Waiver(subject, " ".join(args.reason.split())))
        catalog.write(path)
    after = catalog.entry(entry.msgid) or entry
    if args.json:
        waivers = [{"subject": waiver.subject, "reason": waiver.reason} for waiver in after.waivers]
        emit_json({"po": str(path), "line": after.line, "msgid": after.msgid, "waivers": waivers}, args.json)
    if args.json != "-":
        what = "no longer waived" if args.remove else "waived"
        print(f"{shown(str(path))}:{after.line}: {shown(subject)} {what} [{shown(after.msgid, 30)}]")
    return EXIT_FINE


def _entry(catalog: Catalog, path: Path, wanted: str) -> Entry:
    """Return the entry with a text, or the one that a line of the file belongs to."""
    found = catalog.entry(wanted)
    if found is None and re.fullmatch("[0-9]{1,9}", wanted):
        lines = path.read_text("utf-8-sig").split("\n")  # read_text makes every line end one
        found = next((entry for entry in catalog if _holds(lines, entry.line, int(wanted))), None)
        if found is None:
            raise InputError(f"{path}:{wanted}: no live entry stands there; name the line of its msgid")
    if found is None:
        raise InputError(f"{path}: no live entry has the text {wanted[:40]!r}; copy its msgid, or name its line")
    return found


def _holds(lines: Sequence[str], start: int, line: int) -> bool:
    """Tell whether a line lies in the block, between empty lines, around an entry's msgid."""
    low, high = min(line, start), max(line, start)
    return line == start or (high <= len(lines) and all(one.strip() for one in lines[low - 1 : high]))


def _subject(matches: Sequence[Match], wanted: str, where: str) -> str:
    found = waiver_subject(matches, wanted)
    if found is not None:
        return found
    terms = [match.term.source for match in distinct(matches)]
    raise InputError(
        f"{where}: {wanted!r} is neither a check nor a term of this segment; {_listed('terms', terms)}; "
        f"{_listed('checks', (*SEGMENT_CHECKS, *CATALOG_CHECKS))}"
    )


def _waived(entry: Entry, wanted: str, where: str) -> str:
    subjects = [waiver.subject for waiver in entry.waivers]
    for subject in subjects:
        if key(subject) == key(wanted):
            return subject
    raise InputError(f"{where}: {wanted!r} is not waived here; {_listed('waived', subjects)}")


def _listed(name: str, values: Iterable[str]) -> str:
    return f"{name}: {', '.join(values) or 'none'}"
