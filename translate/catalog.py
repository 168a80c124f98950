"""The PO file of an article: the record of what people wrote and approved, which no machine overwrites.

Everything that a machine writes goes through ``Catalog.propose`` and ``Catalog.withdraw``, which refuse to touch an
entry that a person approved or edited. ``merge`` brings a catalog up to date with its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from translate import _changes, _merging, _pofile
from translate._changes import Changes, Edited
from translate._entry import (
    NOTE_PREFIX,
    WAS_PREFIX,
    Entry,
    State,
    Waiver,
    drop_waivers,
    is_machine_comment,
    is_plural,
    set_waiver,
    state_of,
    view,
)
from translate._fuzzy import FuzzyMatching
from translate._merging import check_text, one_line, stamp
from translate._message import Message, PoFile
from translate._po_path import po_path, read_po
from translate._template import template
from translate.atomic import write_bytes
from translate.document import Document
from translate.errors import CatalogError
from translate.provenance import Provenance, text_sha

__all__ = [
    "NOTE_PREFIX",
    "WAS_PREFIX",
    "Catalog",
    "Changes",
    "Edited",
    "Entry",
    "FuzzyMatching",
    "State",
    "Waiver",
    "changes",
    "merge",
    "po_path",
]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Catalog:
    """A PO file in memory. Iterate over it for its live entries.

    Entries with a msgctxt were made by a person: they are kept, and shown nowhere here.
    """

    def __init__(self, file: PoFile, *, raw: bytes | None = None, original: PoFile | None = None) -> None:
        """Wrap a parsed file; use ``read`` or ``new`` instead.

        Args:
            file: What the catalog holds.
            raw: The bytes on the disk that it was made from, if there are any.
            original: What those bytes hold.
        """
        self._file = file
        self._raw = raw
        self._original = original
        self._index = {message.msgid: message for message in file.messages if message.msgctxt is None}

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
        return cls(file, raw=raw, original=file.copy())

    def __iter__(self) -> Iterator[Entry]:
        return (view(message) for message in self._index.values() if not message.obsolete)

    def __len__(self) -> int:
        return len(self.msgids)

    @property
    def msgids(self) -> set[str]:
        """The segments that have a live entry."""
        return {msgid for msgid, message in self._index.items() if not message.obsolete}

    def entry(self, msgid: str) -> Entry | None:
        """Return the live entry of a segment, or None."""
        message = self._index.get(msgid)
        return None if message is None or message.obsolete else view(message)

    @property
    def obsolete(self) -> tuple[Entry, ...]:
        """Entries whose text is no longer in the article."""
        return tuple(view(message) for message in self._index.values() if message.obsolete)

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
        sha = text_sha(clean)
        known = provenance if provenance.sha == sha else replace(provenance, sha=sha)
        self._set(message, clean, [known.render()], notes, now)

    def withdraw(self, msgid: str, notes: Sequence[str] = (), *, now: datetime | None = None) -> None:
        """Clear a machine translation that is of no use, and leave notes that say why.

        Raises:
            CatalogError: No such entry, or it would overwrite human work.
        """
        self._set(self._writable(msgid), "", [], notes, now)

    def waive(self, msgid: str, waiver: Waiver, *, now: datetime | None = None) -> None:
        """Write down that a check or a term does not apply to a segment; an earlier reason for it is replaced.

        Raises:
            CatalogError: No such entry, or the subject or the reason does not fit into a comment.
        """
        check_text(waiver.subject + waiver.reason, "the waiver")
        set_waiver(self._live(msgid), waiver)
        stamp(self._file, "PO-Revision-Date", now)

    def unwaive(self, msgid: str, subject: str, *, now: datetime | None = None) -> bool:
        """Remove the waivers of a subject from a segment, and tell whether there were any.

        Raises:
            CatalogError: No such entry.
        """
        if not drop_waivers(self._live(msgid), subject):
            return False
        stamp(self._file, "PO-Revision-Date", now)
        return True

    @property
    def is_changed(self) -> bool:
        """Whether the catalog says something else than the bytes that it was read from; True if there are none."""
        return self._original is None or not self._file.is_same(self._original)

    def is_current(self, path: Path) -> bool:
        """Tell whether a file holds just the bytes that the catalog was read from, or is still absent."""
        return (path.read_bytes() if path.is_file() else None) == self._raw

    def to_bytes(self) -> bytes:
        """Return the file's content: the very bytes that were read if nothing in them has changed since."""
        if self._raw is not None and not self.is_changed:
            return self._raw
        return _pofile.render(self._file).encode("utf-8")

    def to_template(self) -> bytes:
        """Return the content of a gettext template (POT): the live entries without anybody's English."""
        return _pofile.render(template(self._file)).encode("utf-8")

    def write(self, path: Path) -> bool:
        """Write the file in one step, and only if that changes it.

        Returns:
            Whether the file was changed.

        Raises:
            CatalogError: Somebody changed the file after it was read.
            InputError: The file cannot be written; it is as it was.
        """
        data = self.to_bytes()

        def unchanged() -> None:
            if path.is_file() and path.read_bytes() not in (data, self._raw):
                raise CatalogError(
                    f"{path}: was changed by somebody else after it was read; run again to work on the new version "
                    "(nothing was written, and finished translations are kept in the journal)"
                )

        unchanged()  # also where there is nothing to write
        changed = write_bytes(path, data, guard=unchanged)
        if data != self._raw:
            _pofile.number(self._file, data.decode("utf-8"))
            self._raw, self._original = data, self._file.copy()
        return changed

    def _live(self, msgid: str) -> Message:
        message = self._index.get(msgid)
        if message is None or message.obsolete:
            raise CatalogError(f"the catalog has no entry for {msgid[:40]!r}; merge it with the article first")
        return message

    def _writable(self, msgid: str) -> Message:
        message = self._live(msgid)
        state = state_of(message)
        if state not in (State.UNTRANSLATED, State.MACHINE) or is_plural(message):
            raise CatalogError(
                f"{self.source_path or 'catalog'}: would overwrite human work at {msgid[:40]!r} ({state}); "
                "clear its msgstr if a machine shall translate it again"
            )
        return message

    def _set(self, message: Message, text: str, machine: list[str], notes: Sequence[str], now: datetime | None) -> None:
        machine += [NOTE_PREFIX + one_line(note).removeprefix(NOTE_PREFIX) for note in notes]
        before = (message.msgstr, list(message.flags))
        message.comments = [line for line in message.comments if not is_machine_comment(line)] + machine
        message.msgstr = text
        flags = [flag for flag in message.flags if flag != "fuzzy"]
        message.flags = ["fuzzy", *flags] if text else flags
        if before != (message.msgstr, message.flags):
            stamp(self._file, "PO-Revision-Date", now)


def merge(
    document: Document,
    catalog: Catalog | None,
    extracted: Mapping[str, Sequence[str]],
    *,
    keep_boilerplate: bool = False,
    fuzzy: FuzzyMatching | None = FuzzyMatching(),  # noqa: B008 - frozen
    now: datetime | None = None,
) -> Catalog:
    """Return a catalog with one entry for each different segment of an article, in reading order.

    Whatever people or machines wrote stays. An entry whose text is gone becomes obsolete, unless nobody wrote anything
    in it, and comes back when the text does. A new text that was made from one that is gone takes over its previous
    msgid and people's comments, and shows its translation in a comment. The dates in the header change only if the set
    of msgids does.

    Args:
        document: The article.
        catalog: Its catalog so far, if there is one; it is left as it is.
        extracted: Lines for the ``#.`` comments of a msgid, such as glossary hits.
        keep_boilerplate: Whether boilerplate lines get entries, too.
        fuzzy: How edited texts are recognised; None for not at all.
        now: The time of the change, for the header.

    Raises:
        CatalogError: A segment holds a character that no PO file can hold.
    """
    old = Catalog.new() if catalog is None else catalog
    file = _merging.merge_files(document, old._file, extracted, keep_boilerplate=keep_boilerplate, fuzzy=fuzzy, now=now)
    return Catalog(file, raw=old._raw, original=old._original)


def changes(before: Catalog | None, after: Catalog) -> Changes:
    """Return what a merge did to the entries of a catalog."""
    indexes = ({} if before is None else before._index, after._index)
    old, new = ({msgid: _previous(one) for msgid, one in index.items() if not one.obsolete} for index in indexes)
    return _changes.compare(old, indexes[0].keys() - old.keys(), new)


def _previous(message: Message) -> str:
    return message.previous.get("msgid", "")
