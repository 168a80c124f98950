"""A person's work, written into a catalog: the counterpart of ``Catalog.propose`` for tools that people use."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from translate._entry import WAS_PREFIX, State, is_machine_comment, state_of
from translate._merging import check_text, stamp
from translate._message import Message
from translate.catalog import Catalog
from translate.errors import CatalogError
from translate.provenance import parse

_NOBODYS = "00000000"
"""A provenance hash that no text has in practice: the English is no longer counted as the machine's own."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write_human(catalog: Catalog, msgid: str, english: str, *, approved: bool, now: datetime | None = None) -> State:
    """Write what a person translated or approved, and return the entry's new state.

    The provenance of an earlier machine translation stays. If the person confirmed the machine's very words without
    approving them, its hash moves to ``confirmed:``, so that the entry counts as edited and no machine replaces it.

    Args:
        catalog: The catalog to change, in memory.
        msgid: The segment.
        english: The person's English; control characters and spaces at its ends are removed, and it takes the
            msgid's line breaks at either end, as gettext wants it.
        approved: Whether the person stands behind it; otherwise the entry stays fuzzy.
        now: The time of the change, for the header.

    Raises:
        CatalogError: No such entry, it has plural forms, or there is nothing to write.
    """
    message = _editable(catalog, msgid)
    clean = cleaned(msgid, english)
    if not clean.strip():
        raise CatalogError(f"an empty translation for {msgid[:40]!r}; clear the msgstr in a PO editor instead")
    before = (message.msgstr, list(message.flags), list(message.comments))
    flags = [flag for flag in message.flags if flag != "fuzzy"]
    message.msgstr, message.flags = clean, flags if approved else ["fuzzy", *flags]
    if approved:
        message.previous = {}  # what the English was made from is of no interest any more
        message.comments = [line for line in message.comments if not line.startswith(WAS_PREFIX)]
    else:
        _own(message)
    if before != (message.msgstr, message.flags, message.comments):
        stamp(catalog._file, "PO-Revision-Date", now)
    return state_of(message)


def cleaned(msgid: str, english: str) -> str:
    """Return English as it is written into an entry: without control characters, its ends like those of the msgid.

    Raises:
        CatalogError: It holds a character that no PO file can hold.
    """
    check_text(english, "a translation")
    clean = _CONTROL.sub("", english.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return ("\n" if msgid.startswith("\n") else "") + clean + ("\n" if msgid.endswith("\n") else "")


def doubt(catalog: Catalog, msgid: str, *, now: datetime | None = None) -> State:
    """Take a person's approval back, and return the new state: the English stays a person's, fuzzy.

    Raises:
        CatalogError: No such entry, or it has plural forms.
    """
    message = _editable(catalog, msgid)
    if message.msgstr and "fuzzy" not in message.flags:
        message.flags = ["fuzzy", *message.flags]
        _own(message)
        stamp(catalog._file, "PO-Revision-Date", now)
    return state_of(message)


def reject(catalog: Catalog, msgid: str, *, now: datetime | None = None) -> None:
    """Clear an entry at a person's word, with what machines said of it; people's comments stay.

    Raises:
        CatalogError: No such entry, or it has plural forms.
    """
    message = _editable(catalog, msgid)
    if message.msgstr:
        message.msgstr = ""
        message.flags = [flag for flag in message.flags if flag != "fuzzy"]
        message.comments = [line for line in message.comments if not is_machine_comment(line)]
        stamp(catalog._file, "PO-Revision-Date", now)


def standing(catalog: Catalog, msgid: str) -> Message | None:
    """Return a copy of all that stands in a live entry, or None if there is no such entry."""
    message = catalog._index.get(msgid)
    return None if message is None or message.obsolete else message.copy()


def put_back(catalog: Catalog, former: Message, *, now: datetime | None = None) -> None:
    """Give an entry the English, the flags and the comments of an earlier copy of it.

    Raises:
        CatalogError: No such entry, or it has plural forms.
    """
    message = _editable(catalog, former.msgid)
    kept = former.copy()
    message.msgstr, message.flags = kept.msgstr, kept.flags
    message.comments, message.previous = kept.comments, kept.previous
    stamp(catalog._file, "PO-Revision-Date", now)


def _editable(catalog: Catalog, msgid: str) -> Message:
    message = catalog._index.get(msgid)
    if message is None or message.obsolete:
        raise CatalogError(f"the catalog has no entry for {msgid[:40]!r}; merge it with the article first")
    if message.msgid_plural or message.msgstr_plural:
        raise CatalogError(f"{msgid[:40]!r} has plural forms; edit it in a PO editor")
    return message


def _own(message: Message) -> None:
    """Count the English of a fuzzy entry as a person's, even if it is a machine's word for word."""
    if state_of(message) is State.MACHINE:
        message.comments = [_confirmed(line) for line in message.comments]


def _confirmed(comment: str) -> str:
    provenance = parse(comment)
    if provenance is None:
        return comment
    extra = (*provenance.extra, ("confirmed", provenance.sha))
    return replace(provenance, sha=_NOBODYS, extra=extra).render()
