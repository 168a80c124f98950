"""One PO file at the desk: read when it changed, and nothing worked out twice that did not change."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock

from translate.catalog import Catalog, Entry, State
from translate.checks import Translated
from translate.errors import CatalogError
from translate.glossary import Glossary
from translate.interchange.exchanged import unit_key
from translate.markup import bare
from translate.matching import Match
from translate.review.glossaries import changed_surfaces, holds
from translate.review.model import Row
from translate.review.rows import row_of
from translate.review.shelf import UnknownError, require_safe
from translate.terms import segment_matches

_RACY = 2.0
"""Seconds after its last change in which a file's dates do not prove that it is the same."""

Stamp = tuple[int, int, int]


@dataclass
class Article:
    """A PO file with what is known of it. Whoever uses it holds ``lock``.

    Attributes:
        key: Its key.
        path: The PO file.
        catalog: What it holds; None before it was read, and after a write failed.
        entries: Its live entries by msgid, in order, without their lines.
        numbers: msgid → place in the file, from 1.
        ids: Id → msgid.
        updated: When it was changed (ISO 8601, UTC).
        generation: Grows whenever an entry changes.
        structure: Grows whenever the file was read: entries may have come, gone or moved.
    """

    key: str
    path: Path
    lock: RLock = field(default_factory=RLock)
    catalog: Catalog | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    updated: float = 0.0
    generation: int = 0
    structure: int = 0
    _seen: tuple[Stamp, float] | None = None
    _glossary: Glossary | None = None
    _matches: dict[str, list[Match]] = field(default_factory=dict)
    _rows: dict[str, Row] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path.stem

    @property
    def held(self) -> Catalog:
        """The catalog, which was read.

        Raises:
            CatalogError: It was not, or a write failed since.
        """
        if self.catalog is None:
            raise CatalogError(f"{self.path.name}: is not open; try again")
        return self.catalog

    def refresh(self, locales: Path, *, sure: bool = False) -> bool:
        """Read the file if it has changed, and tell whether it had.

        Args:
            locales: The folder that it must lie in.
            sure: Whether to compare its bytes, whatever its dates say.

        Raises:
            CatalogError: It cannot be read, or is none of the project's.
        """
        require_safe(self.path, locales)
        stamp = stamp_of(self.path)
        if self.catalog is not None and not sure and self._seen is not None:
            known, when = self._seen
            if known == stamp and when - stamp[0] / 1e9 > _RACY:
                return False
        now = time.time()
        if self.catalog is not None and self.catalog.is_current(self.path):
            self._seen = (stamp, now)
            return False
        self.catalog = None  # so that a broken file is not taken for the one before
        self.catalog = Catalog.read(self.path)
        self._seen = (stamp, now)
        self.updated = stamp[0] / 1e9
        self._take_in(self.catalog)
        return True

    def written(self, msgid: str) -> None:
        """Take note that the catalog was written with one entry changed."""
        stamp = stamp_of(self.path)
        self._seen, self.updated = (stamp, time.time()), stamp[0] / 1e9
        entry = self.held.entry(msgid)
        if entry is not None:
            self.entries[msgid] = replace(entry, line=0)
        self._rows.pop(msgid, None)
        self.generation += 1

    def forget(self) -> None:
        """Take what is in memory for worthless: the file is read again before anything else."""
        self.catalog, self._seen = None, None

    def learn(self, glossary: Glossary) -> None:
        """Work with this glossary from now on; what its changes do not concern stays."""
        if glossary is self._glossary:
            return
        surfaces = changed_surfaces(self._glossary, glossary) if self._glossary is not None else None
        self._glossary = glossary
        stale = [msgid for msgid in self._matches if surfaces is None or holds(bare(msgid), surfaces)]
        for msgid in stale:
            del self._matches[msgid]
            self._rows.pop(msgid, None)
        self.generation += bool(stale)

    def matches(self, msgid: str) -> Sequence[Match]:
        """Return the terms of a segment, without its tags."""
        found = self._matches.get(msgid)
        if found is None:
            found = self._matches[msgid] = segment_matches(bare(msgid), self._glossary or Glossary())
        return found

    def row(self, msgid: str) -> Row:
        """Return the row of an entry, with the findings that concern it alone."""
        made = self._rows.get(msgid)
        if made is None or made.number != self.numbers[msgid]:
            made = self._rows[msgid] = row_of(self.entries[msgid], self.numbers[msgid], self.matches(msgid))
        return made

    def msgid(self, id_: str) -> str:
        """Return the msgid of a row's id.

        Raises:
            UnknownError: The PO file has no such entry (any more).
        """
        try:
            return self.ids[id_]
        except KeyError:
            raise UnknownError(
                f"{self.name}: no segment {id_[:20]!r}; the article may have changed: reload it"
            ) from None

    def translated(self, msgid: str) -> Translated | None:
        """Return an entry as checks of whole catalogs see it; None without English."""
        entry = self.entries.get(msgid)
        if entry is None or entry.state is State.UNTRANSLATED:
            return None
        waived = frozenset(waiver.subject for waiver in entry.waivers)
        return Translated(self.name, self.numbers[msgid], msgid, entry.msgstr, waived)

    def _take_in(self, catalog: Catalog) -> None:
        before = self.entries
        self.entries = {entry.msgid: replace(entry, line=0) for entry in catalog}
        self.numbers = {msgid: number for number, msgid in enumerate(self.entries, 1)}
        self.ids = {unit_key(msgid): msgid for msgid in self.entries}
        self._rows = {msgid: row for msgid, row in self._rows.items() if before.get(msgid) == self.entries.get(msgid)}
        self._matches = {msgid: found for msgid, found in self._matches.items() if msgid in self.entries}
        self.generation += 1
        self.structure += 1


def stamp_of(path: Path) -> Stamp:
    """Return what tells a file's versions apart without reading it; zeros if it is not there."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)
