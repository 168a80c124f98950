"""The PO file of an article: the record of what people wrote and approved, which no machine overwrites.

Everything that a machine writes goes through ``Catalog.propose`` and ``Catalog.withdraw``, which refuse to touch an
entry that a person approved or edited. ``translate.merging`` brings a catalog up to date with its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from translate import _pofile
from translate._pofile import Message, PoFile
from translate.atomic import write_bytes
from translate.errors import CatalogError
from translate.provenance import Provenance, parse, text_sha

NOTE_PREFIX = "yakubun: "
"""How a machine's note begins in a translator comment; a later proposal replaces such notes."""

_WAIVER = re.compile(r"waive\s*[:：]\s*(?P<subject>\S.*?)\s*(?:：\s*|:\s+)(?P<reason>\S.*)")
_TIGHT_WAIVER = re.compile(r"waive\s*[:：]\s*(?P<subject>[^\s:][^:]*):(?P<reason>\S.*)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


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


class Catalog:
    """A PO file in memory. Iterate over it for its live entries.

    Entries with a msgctxt were made by a person: they are kept, and shown nowhere here.
    """

    def __init__(self, file: PoFile, *, raw: bytes | None = None, canonical: str | None = None) -> None:
        """Wrap a parsed file; use ``read`` or ``new`` instead.

        Args:
            file: What the catalog holds.
            raw: The bytes on the disk that it was made from, if there are any.
            canonical: How ``file`` was rendered when it was just those bytes.
        """
        self._file = file
        self._raw = raw
        self._canonical = canonical
        self._index = {message.msgid: message for message in file.messages if _ours(message)}

    @classmethod
    def new(cls) -> Catalog:
        """Return an empty catalog; the first merge fills in its header."""
        return cls(PoFile())

    @classmethod
    def read(cls, path: Path) -> Catalog:
        """Read a PO file.

        Raises:
            CatalogError: It is missing, a folder, not UTF-8, not PO syntax, or holds a msgid twice.
        """
        raw = read_po(path)
        file = _pofile.parse(_pofile.decode(raw, str(path)), str(path))
        return cls(file, raw=raw, canonical=_pofile.render(file))

    def __iter__(self) -> Iterator[Entry]:
        return (_entry(message) for message in self._index.values() if not message.obsolete)

    def __len__(self) -> int:
        return sum(not message.obsolete for message in self._index.values())

    def entry(self, msgid: str) -> Entry | None:
        """Return the live entry of a segment, or None."""
        message = self._index.get(msgid)
        return None if message is None or message.obsolete else _entry(message)

    @property
    def obsolete(self) -> tuple[Entry, ...]:
        """Entries whose text is no longer in the article."""
        return tuple(_entry(message) for message in self._index.values() if message.obsolete)

    @property
    def headers(self) -> Mapping[str, str]:
        """The header's fields, in order."""
        return dict(self._file.headers)

    @property
    def source_path(self) -> str:
        """The article that the catalog belongs to, or an empty string."""
        return self._file.headers.get("X-Source-Path", "")

    def propose(
        self,
        msgid: str,
        english: str,
        provenance: Provenance,
        notes: Sequence[str] = (),
        *,
        now: datetime | None = None,
    ) -> None:
        """Write a machine translation, flagged fuzzy, unless a person's work stands there.

        The English is cleaned of control characters and of spaces at its ends, and takes the msgid's line breaks at
        either end, as gettext wants it; the provenance gets the hash of the result.

        Args:
            msgid: The segment.
            english: The machine's translation.
            provenance: Where it came from.
            notes: What a reviewer should know; they replace a machine's earlier notes.
            now: The time of the change, for the header.

        Raises:
            CatalogError: No such entry, nothing to write, or it would overwrite human work.
        """
        message = self._writable(msgid)
        check_text(english, "a proposed translation")
        clean = _CONTROL.sub("", english.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if not clean:
            raise CatalogError(f"an empty translation was proposed for {msgid[:40]!r}; withdraw the entry instead")
        clean = ("\n" if msgid.startswith("\n") else "") + clean + ("\n" if msgid.endswith("\n") else "")
        self._set(message, clean, [replace(provenance, sha=text_sha(clean)).render()], notes, now)

    def withdraw(self, msgid: str, notes: Sequence[str] = (), *, now: datetime | None = None) -> None:
        """Clear a machine translation that is of no use, and leave notes that say why.

        Raises:
            CatalogError: No such entry, or it would overwrite human work.
        """
        self._set(self._writable(msgid), "", [], notes, now)

    def to_bytes(self) -> bytes:
        """Return the file's content: the very bytes that were read if nothing in them has changed since."""
        text = _pofile.render(self._file)
        if self._raw is not None and text == self._canonical:
            return self._raw
        return text.encode("utf-8")

    def write(self, path: Path) -> bool:
        """Write the file in one step, and only if that changes it.

        Returns:
            Whether the file was changed.

        Raises:
            CatalogError: Somebody changed the file after it was read.
            InputError: The file cannot be written; it is as it was.
        """
        data = self.to_bytes()
        if path.is_file():
            current = path.read_bytes()
            if current not in (data, self._raw):
                raise CatalogError(
                    f"{path}: was changed by somebody else after it was read; run again to work on the new version "
                    "(nothing was written, and finished translations are kept in the journal)"
                )
        changed = write_bytes(path, data)
        self._raw, self._canonical = data, _pofile.render(self._file)
        return changed

    def _writable(self, msgid: str) -> Message:
        message = self._index.get(msgid)
        if message is None or message.obsolete:
            raise CatalogError(f"the catalog has no entry for {msgid[:40]!r}; merge it with the article first")
        state = state_of(message)
        if state not in (State.UNTRANSLATED, State.MACHINE) or message.msgid_plural:
            raise CatalogError(
                f"{self.source_path or 'catalog'}: would overwrite human work at {msgid[:40]!r} ({state}); "
                "clear its msgstr if a machine shall translate it again"
            )
        return message

    def _set(
        self, message: Message, msgstr: str, machine: list[str], notes: Sequence[str], now: datetime | None
    ) -> None:
        machine += [NOTE_PREFIX + one_line(note).removeprefix(NOTE_PREFIX) for note in notes]
        before = (message.msgstr, list(message.flags))
        people = [line for line in message.comments if parse(line) is None and not line.startswith(NOTE_PREFIX.strip())]
        message.comments = people + machine
        message.msgstr = msgstr
        flags = [flag for flag in message.flags if flag != "fuzzy"]
        message.flags = ["fuzzy", *flags] if msgstr else flags
        if before != (message.msgstr, message.flags):
            stamp(self._file, "PO-Revision-Date", now)


def read_po(path: Path) -> bytes:
    """Return a PO file's bytes.

    Raises:
        CatalogError: There is no such file, or it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CatalogError(f"{path}: no such PO file; check the path, or translate the article first") from error
    except IsADirectoryError as error:
        raise CatalogError(f"{path}: is a folder; name the PO files in it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CatalogError(f"{path}: cannot read: {reason}; check the path and its permissions") from error


def state_of(message: Message) -> State:
    """Tell who stands behind a message's English."""
    if not message.msgstr and not any(message.msgstr_plural.values()):
        return State.UNTRANSLATED
    if "fuzzy" not in message.flags:
        return State.APPROVED
    provenance = _provenance(message)
    mine = provenance is not None and text_sha(message.msgstr) == provenance.sha
    return State.MACHINE if mine else State.EDITED


def stamp(file: PoFile, header: str, now: datetime | None) -> None:
    """Set a date in the header, in gettext's form."""
    from translate import __version__

    file.headers[header] = (now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M%z")
    if file.headers.get("X-Generator", "Yakubun").startswith("Yakubun"):
        file.headers["X-Generator"] = f"Yakubun {__version__}"


def check_text(text: str, what: str) -> None:
    """Refuse what no PO file can hold.

    Raises:
        CatalogError: The text holds a NUL or half of a surrogate pair.
    """
    found = re.search("[\x00\ud800-\udfff]", text)
    if found:
        raise CatalogError(
            f"{what} holds U+{ord(found[0]):04X} at character {found.start() + 1} ({text[:20]!a}…), which a PO file "
            "cannot hold; remove it from the text"
        )


def one_line(text: str) -> str:
    """Join a text's lines, so that it fits into one comment."""
    return " ".join(text.split())


def _ours(message: Message) -> bool:
    return message.msgctxt is None


def _provenance(message: Message) -> Provenance | None:
    found = (parse(line) for line in reversed(message.comments))
    return next((provenance for provenance in found if provenance is not None), None)


def _waiver(note: str) -> Waiver | None:
    match = _WAIVER.fullmatch(note.strip()) or _TIGHT_WAIVER.fullmatch(note.strip())
    return Waiver(match["subject"].strip(), match["reason"].strip()) if match else None


def _entry(message: Message) -> Entry:
    notes = tuple(line for line in message.comments if parse(line) is None)
    plurals = (text for _, text in sorted(message.msgstr_plural.items()) if text)
    return Entry(
        msgid=message.msgid,
        msgstr=message.msgstr or next(plurals, ""),
        state=state_of(message),
        provenance=_provenance(message),
        occurrences=tuple(message.occurrences),
        extracted=tuple(message.extracted),
        notes=notes,
        waivers=tuple(waiver for waiver in map(_waiver, notes) if waiver is not None),
        line=message.line,
    )
