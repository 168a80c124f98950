"""A person's work, written into a catalog: the counterpart of ``Catalog.propose`` for tools that people use."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from translate._entry import WAS_PREFIX, State, state_of
from translate._merging import check_text, stamp
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
    message = catalog._index.get(msgid)
    if message is None or message.obsolete:
        raise CatalogError(f"the catalog has no entry for {msgid[:40]!r}; merge it with the article first")
    if message.msgid_plural or message.msgstr_plural:
        raise CatalogError(f"{msgid[:40]!r} has plural forms; edit it in a PO editor")
    check_text(english, "a translation")
    clean = _CONTROL.sub("", english.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not clean:
        raise CatalogError(f"an empty translation for {msgid[:40]!r}; clear the msgstr in a PO editor instead")
    clean = ("\n" if msgid.startswith("\n") else "") + clean + ("\n" if msgid.endswith("\n") else "")
    before = (message.msgstr, list(message.flags), list(message.comments))
    flags = [flag for flag in message.flags if flag != "fuzzy"]
    message.msgstr, message.flags = clean, flags if approved else ["fuzzy", *flags]
    if approved:
        message.previous = {}  # what the English was made from is of no interest any more
        message.comments = [line for line in message.comments if not line.startswith(WAS_PREFIX)]
    elif state_of(message) is State.MACHINE:
        message.comments = [_confirmed(line) for line in message.comments]
    if before != (message.msgstr, message.flags, message.comments):
        stamp(catalog._file, "PO-Revision-Date", now)
    return state_of(message)


def _confirmed(comment: str) -> str:
    provenance = parse(comment)
    if provenance is None:
        return comment
    extra = (*provenance.extra, ("confirmed", provenance.sha))
    return replace(provenance, sha=_NOBODYS, extra=extra).render()
