"""The translation memory: approved segments of all articles, and units that were imported from elsewhere.

It is read from the PO files under ``locales/en/LC_MESSAGES`` and from ``locales/en/memory/*.jsonl`` whenever it is
opened; there is no server and no cache. A text is looked up as it stands, then in its width-insensitive (NFKC) form,
and then among the texts that are merely alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from translate._memory_difference import difference
from translate._memory_index import Index
from translate._memory_store import add_imported, approved_units, imported_units
from translate._memory_suggesting import STAGE, MemoryHit, near_notes, suggest
from translate._memory_unit import Unit
from translate.normalization import normalize

__all__ = ["SIMILARITY", "STAGE", "Memory", "MemoryHit", "Unit", "add_imported", "difference", "near_notes", "suggest"]

SIMILARITY = 75
"""Percent of likeness from which on a near match is worth showing."""


class Memory:
    """Units in memory, to be searched. Iterate over it for every different unit.

    Example:
        memory = Memory.open(Path("locales"))
        memory.exact("町は鐘を鳴らした。")
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        """Take units in; equal sources with equal targets become one, which counts how often it came."""
        self._groups: dict[str, list[Unit]] = {}
        counted: Counter[tuple[str, str]] = Counter()
        newest: dict[tuple[str, str], Unit] = {}
        for unit in units:
            pair = unit.source, unit.target
            counted[pair] += 0 if unit.copy else unit.count
            if pair not in newest or _preference(unit) > _preference(newest[pair]):
                newest[pair] = unit
        for pair, unit in newest.items():
            times = counted[pair] or 1
            counted_unit = unit if unit.count == times else replace(unit, count=times)
            self._groups.setdefault(_key(unit.source), []).append(counted_unit)
        for group in self._groups.values():
            if len(group) > 1:
                group.sort(key=lambda unit: (unit.count, unit.date, unit.target), reverse=True)

    @classmethod
    def open(cls, locales: Path) -> Memory:
        """Read the memory of a project; a folder that does not exist is an empty memory.

        Args:
            locales: The folder of all catalogs.

        Raises:
            CatalogError: A PO file cannot be read.
            InputError: A file of imported units cannot be read.
        """
        units = [*approved_units(locales), *imported_units(locales)]
        return cls(units)

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))

    def __iter__(self) -> Iterator[Unit]:
        return (unit for group in self._groups.values() for unit in group)

    def exact(self, text: str) -> list[Unit]:
        """Return what is known for a text, one unit a target: the most frequent first, then the newest.

        Units of the very same source come first. Those behind them have it in other widths or with other invisible
        characters: ``unit.source != text`` tells them apart.
        """
        group = self._groups.get(_key(text), ())
        ordered = sorted(group, key=lambda unit: unit.source != text)
        different: dict[str, Unit] = {}
        for unit in ordered:
            different.setdefault(unit.target, unit)
        return list(different.values())

    def near(self, text: str, *, similarity: float = SIMILARITY, limit: int = 3) -> list[tuple[Unit, float]]:
        """Return units whose source is like a text but not the same, the nearest first, one for each source.

        Args:
            text: The text to look up.
            similarity: The least percentage of likeness (``rapidfuzz.fuzz.ratio`` of the normalised texts).
            limit: How many units to return at most.
        """
        key = _key(text)
        # The text itself may be among them, and is not near but exact.
        found = self._index.search(key, similarity, limit + (key in self._groups))
        return [(self._groups[other][0], percent) for other, percent in found if other != key][:limit]

    @cached_property
    def _index(self) -> Index:
        return Index(list(self._groups))


def _key(text: str) -> str:
    return normalize(text).text.strip()


def _preference(unit: Unit) -> tuple[bool, bool, str]:
    """What came from an article says more than what was imported, however late, and an original more than its copies.

    Else the memory would answer a run that goes on differently from one that was never interrupted, since what the
    first one took over is among its units by then.
    """
    return bool(unit.role and unit.terms), not unit.copy, unit.date
