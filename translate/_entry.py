"""What a catalog shows of a PO entry: who stands behind its English, and what people and machines noted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from translate._message import Message
from translate.errors import CatalogError
from translate.provenance import Provenance, parse, text_sha

NOTE_PREFIX = "yakubun: "
"""How a machine's note begins in a translator comment; a later proposal replaces such notes."""

WAS_PREFIX = NOTE_PREFIX + "was: "
"""How the note begins that shows the translation of an edited segment's old text; it stays until approval."""

_ROLE = "role: "
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
        line: Line of the msgid in the file as it was read or written, or 0.
        previous: The text that the segment was edited from, or empty; it stays until approval.
        plural: Whether it has plural forms: a person made it, and only PO editors can edit it.
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
    previous: str = ""
    plural: bool = False

    @property
    def role(self) -> str:
        """The role of the segment's block, as the last merge found it; empty if it did not say."""
        return next((line.removeprefix(_ROLE) for line in self.extracted if line.startswith(_ROLE)), "")


def state_of(message: Message) -> State:
    """Tell who stands behind a message's English."""
    if not _is_translated(message):
        return State.UNTRANSLATED
    if "fuzzy" not in message.flags:
        return State.APPROVED
    return _fuzzy_state(message, provenance_of(message))


def provenance_of(message: Message) -> Provenance | None:
    """Return the last provenance among a message's comments."""
    found = (parse(line) for line in reversed(message.comments))
    return next((provenance for provenance in found if provenance is not None), None)


def is_plural(message: Message) -> bool:
    """Tell whether a message has plural forms: a person made it, since no article has any."""
    return bool(message.msgid_plural or message.msgstr_plural)


def is_machine_comment(line: str) -> bool:
    """Tell whether a translator comment is a machine's word on its own translation: provenance, or a note.

    What an edited segment's old translation was is none: it outlives the machine's next attempt.
    """
    return (line.startswith(NOTE_PREFIX.strip()) and not line.startswith(WAS_PREFIX)) or parse(line) is not None


def by_people(comments: Sequence[str]) -> list[str]:
    """Return the comments that no machine wrote."""
    return [line for line in comments if not line.startswith(NOTE_PREFIX.strip()) and parse(line) is None]


def above_machine(comments: Sequence[str], line: str) -> list[str]:
    """Return comments with one more line, before those of the machine that the next proposal writes anew."""
    at = next((at for at, one in enumerate(comments) if is_machine_comment(one)), len(comments))
    return [*comments[:at], line, *comments[at:]]


def waiver_in(note: str) -> Waiver | None:
    """Return the waiver that a translator comment holds, or None."""
    if "waive" not in note:
        return None
    match = _WAIVER.fullmatch(note.strip()) or _TIGHT_WAIVER.fullmatch(note.strip())
    return Waiver(match["subject"].strip(), match["reason"].strip()) if match else None


def set_waiver(message: Message, waiver: Waiver) -> None:
    """Write a waiver into a message's comments, in place of earlier ones of its subject.

    Raises:
        CatalogError: The subject or the reason does not fit into a comment.
    """
    line = f"waive: {waiver.subject}: {waiver.reason}"
    if waiver_in(line) != waiver or line.splitlines() != [line]:
        raise CatalogError(f"{line!r} cannot be written as a waiver; give a subject and a reason of one line each")
    drop_waivers(message, waiver.subject)
    message.comments = above_machine(message.comments, line)


def drop_waivers(message: Message, subject: str) -> bool:
    """Remove the waivers of a subject from a message's comments, and tell whether there were any."""
    waivers = [(line, waiver_in(line)) for line in message.comments]
    kept = [line for line, waiver in waivers if waiver is None or waiver.subject != subject]
    found = len(kept) < len(message.comments)
    message.comments = kept
    return found


def view(message: Message) -> Entry:
    """Return what a catalog shows of a message."""
    provenance, notes = None, []
    for line in message.comments:
        if (one := parse(line)) is None:
            notes.append(line)
        else:
            provenance = one  # the last one counts
    plurals = (text for _, text in sorted(message.msgstr_plural.items()) if text) if message.msgstr_plural else iter(())
    if not _is_translated(message):
        state = State.UNTRANSLATED
    else:
        state = _fuzzy_state(message, provenance) if "fuzzy" in message.flags else State.APPROVED
    return Entry(
        msgid=message.msgid,
        msgstr=message.msgstr or next(plurals, ""),
        state=state,
        provenance=provenance,
        occurrences=tuple(message.occurrences),
        extracted=tuple(message.extracted),
        notes=tuple(notes),
        waivers=tuple([waiver for note in notes if (waiver := waiver_in(note)) is not None]) if notes else (),
        line=message.line,
        previous=message.previous.get("msgid", ""),
        plural=is_plural(message),
    )


def _is_translated(message: Message) -> bool:
    return bool(message.msgstr) or any(message.msgstr_plural.values())


def _fuzzy_state(message: Message, provenance: Provenance | None) -> State:
    mine = provenance is not None and text_sha(message.msgstr) == provenance.sha
    return State.MACHINE if mine else State.EDITED
