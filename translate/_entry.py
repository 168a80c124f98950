"""What a catalog shows of a PO entry: who stands behind its English, and what people and machines noted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from translate._pofile import Message
from translate.provenance import Provenance, parse, text_sha

NOTE_PREFIX = "yakubun: "
"""How a machine's note begins in a translator comment; a later proposal replaces such notes."""

_WAIVER = re.compile(r"waive\s*[:：]\s*(?P<subject>\S.*?)\s*(?:：\s*|:\s+)(?P<reason>\S.*)")
_TIGHT_WAIVER = re.compile(r"waive\s*[:：]\s*(?P<subject>[^\s:][^:]*):(?P<reason>\S.*)")


class State(StrEnum):
    """Who stands behind an entry's English."""

    UNTRANSLATED = "untranslated"
    MACHINE = "machine"
    EDITED = "edited"
    APPROVED = "approved"


@dataclass(frozen=True)
class Waiver:
    """A person's word that a check or a term does not apply to one segment (``# waive: subject: reason``)."""

    subject: str
    reason: str


@dataclass(frozen=True)
class Entry:
    """One entry, as it stands.

    Attributes:
        msgid: The Japanese segment.
        msgstr: Its English, or empty.
        state: Who stands behind the English.
        provenance: The machine's comment, if a machine ever proposed something; it stays after approval.
        occurrences: Places of the segment, as path and line (0 if unknown).
        extracted: Lines of ``#.`` comments, which every merge writes anew.
        notes: Lines of translator comments other than the provenance.
        waivers: The waivers among the notes.
        line: Line of the msgid in the file that was read, or 0.
    """

    msgid: str
    msgstr: str
    state: State
    provenance: Provenance | None = None
    occurrences: tuple[tuple[str, int], ...] = ()
    extracted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    line: int = 0


def state_of(message: Message) -> State:
    """Tell who stands behind a message's English."""
    if not message.msgstr and not any(message.msgstr_plural.values()):
        return State.UNTRANSLATED
    if "fuzzy" not in message.flags:
        return State.APPROVED
    provenance = provenance_of(message)
    mine = provenance is not None and text_sha(message.msgstr) == provenance.sha
    return State.MACHINE if mine else State.EDITED


def provenance_of(message: Message) -> Provenance | None:
    """Return the last provenance among a message's comments."""
    found = (parse(line) for line in reversed(message.comments))
    return next((provenance for provenance in found if provenance is not None), None)


def _waiver(note: str) -> Waiver | None:
    match = _WAIVER.fullmatch(note.strip()) or _TIGHT_WAIVER.fullmatch(note.strip())
    return Waiver(match["subject"].strip(), match["reason"].strip()) if match else None


def view(message: Message) -> Entry:
    """Return what a catalog shows of a message."""
    notes = tuple(line for line in message.comments if parse(line) is None)
    plurals = (text for _, text in sorted(message.msgstr_plural.items()) if text)
    return Entry(
        msgid=message.msgid,
        msgstr=message.msgstr or next(plurals, ""),
        state=state_of(message),
        provenance=provenance_of(message),
        occurrences=tuple(message.occurrences),
        extracted=tuple(message.extracted),
        notes=notes,
        waivers=tuple(waiver for waiver in map(_waiver, notes) if waiver is not None),
        line=message.line,
    )
