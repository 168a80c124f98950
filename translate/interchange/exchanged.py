"""What all exchange formats carry: one segment with its English, its state, and what it was when it left us."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from translate.catalog import NOTE_PREFIX, Catalog, Entry, State

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CATEGORY = re.compile(r"(section|role|term): (.*)")


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One segment on its way to or from another tool.

    Attributes:
        source: The Japanese segment.
        target: Its English, or empty.
        state: Who stands behind the English; None if the file does not say.
        key: ``unit_key`` of the msgid; empty in files that others made.
        base: The English at the time of the export; None if the file does not say.
        base_state: The state at that time.
        notes: What a translator should know, as (category, text).
        role: Role of the segment's block, where known.
        terms: Hash of the segment's glossary terms, where known.
        origin: Where a memory has the segment from.
        by: Who wrote or approved the English.
        date: When (ISO 8601, UTC), or empty.
        line: Line in the file that was read, or 0.
    """

    source: str
    target: str = ""
    state: State | None = None
    key: str = ""
    base: str | None = None
    base_state: State | None = None
    notes: tuple[tuple[str, str], ...] = ()
    role: str = ""
    terms: str = ""
    origin: str = ""
    by: str = ""
    date: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """The segments of one article.

    Attributes:
        article: The article's path as its PO file shows it; empty if the file does not say.
        units: The segments in order.
    """

    article: str
    units: tuple[Exchanged, ...]


def unit_key(msgid: str) -> str:
    """Return the name of a segment in exchange files, which depends on its text alone.

    >>> unit_key("岬の灯台") == unit_key("岬の灯台"), len(unit_key("岬の灯台"))
    (True, 16)
    """
    return hashlib.sha256(msgid.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def cleaned(text: str) -> str:
    r"""Return a text as XML can hold it: other control characters become U+FFFD.

    >>> cleaned("a\x1bb\n")
    'a\ufffdb\n'
    """
    return _NOT_XML.sub("\ufffd", text)


def state_named(name: str | None) -> State | None:
    """Return the state of this name; None for any other text.

    >>> state_named("approved"), state_named("sleeping")
    (<State.APPROVED: 'approved'>, None)
    """
    return next((state for state in State if state == name), None)


def part_of(catalog: Catalog, po_name: str) -> Part:
    """Return a catalog's live entries, each with its present English as the base of a later import.

    Args:
        catalog: The catalog.
        po_name: Name of its file, which stands in for the article's path if the header lacks it.
    """
    return Part(catalog.source_path or po_name, tuple(map(_exchanged, catalog)))


def _exchanged(entry: Entry) -> Exchanged:
    notes = [_note(line) for line in entry.extracted]
    notes += [("comment", line.removeprefix(NOTE_PREFIX)) for line in entry.notes if line.strip()]
    return Exchanged(
        source=entry.msgid,
        target=entry.msgstr,
        state=entry.state,
        key=unit_key(entry.msgid),
        base=entry.msgstr,
        base_state=entry.state,
        notes=tuple(notes),
        role=dict(notes).get("role", ""),
        terms=entry.provenance.terms if entry.provenance else "",
    )


def _note(line: str) -> tuple[str, str]:
    match = _CATEGORY.fullmatch(line)
    return (match[1], match[2]) if match else ("note", line)
