"""Suggestions from the translation memory, which is built anew from what is open at the desk when something changed."""

from __future__ import annotations

from threading import Lock

from translate._memory_store import imported_units
from translate.catalog import State
from translate.errors import YakubunError
from translate.memory import Memory, Unit, difference
from translate.review.article import Article, Stamp, stamp_of
from translate.review.library import Library
from translate.review.model import Step, Suggestion

MOST = 4
"""Suggestions for a segment."""


class Remembering:
    """The memory of a project."""

    def __init__(self, library: Library, similarity: int) -> None:
        """Look into the articles of a library.

        Args:
            library: The articles.
            similarity: Percent of likeness from which on a near match is shown.
        """
        self._library = library
        self._similarity = similarity
        self._lock = Lock()
        self._mark: object = None
        self._memory = Memory(())

    def suggestions(self, article: Article, msgid: str) -> tuple[Suggestion, ...]:
        """Return what the memory has for a segment, the best first, without the segment's own approved English."""
        with self._lock:
            memory = self._current()
        own = article.entries[msgid]
        found = [(unit, 100.0 if unit.source == msgid else 99.0) for unit in memory.exact(msgid)]
        found += memory.near(msgid, similarity=self._similarity, limit=MOST)
        return tuple(
            _suggestion(unit, likeness, msgid)
            for unit, likeness in found
            if not (unit.source == msgid and unit.target == own.msgstr and own.state is State.APPROVED)
        )[:MOST]

    def _current(self) -> Memory:
        mark = (self._library.generations(), _stamps(self._library))
        if mark != self._mark:
            self._memory = Memory([*self._approved(), *self._imported()])
            self._mark = mark
        return self._memory

    def _approved(self) -> list[Unit]:
        units: list[Unit] = []
        for key in self._library.paths():
            article = self._library.known(key)
            units += [
                Unit(entry.msgid, entry.msgstr, article.name, entry.role)
                for entry in list(article.entries.values())
                if entry.state is State.APPROVED
            ]
        return units

    def _imported(self) -> list[Unit]:
        try:
            return list(imported_units(self._library.locales))
        except YakubunError:
            return []  # `memory export` tells what is wrong with the file


def _stamps(library: Library) -> tuple[Stamp, ...]:
    return tuple(stamp_of(path) for path in sorted((library.locales / "en" / "memory").glob("*.jsonl")))


def _suggestion(unit: Unit, likeness: float, msgid: str) -> Suggestion:
    steps = tuple(Step(*step) for step in difference(unit.source, msgid))
    known = [unit.approved_by, unit.date[:10], f"{unit.count} times" if unit.count > 1 else ""]
    return Suggestion(unit.target, unit.source, int(likeness), steps, unit.origin, ", ".join(filter(None, known)))
