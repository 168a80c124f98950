"""Suggestions from the translation memory: what is approved in the articles that are open, and what was imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
MOST_CHANGED = 8
"""Articles that may differ from what is indexed before all is indexed anew."""


class Remembering:
    """The memory of a project.

    Most of it is indexed once. What the articles hold that changed since is a small memory of its own, so that an
    approval is suggested at once and costs nothing in a project with a hundred thousand segments.
    """

    def __init__(self, library: Library, similarity: int) -> None:
        """Look into the articles of a library.

        Args:
            library: The articles.
            similarity: Percent of likeness from which on a near match is shown.
        """
        self._library = library
        self._similarity = similarity
        self._lock = Lock()
        self._imports: tuple[Stamp, ...] | None = None
        self._base, self._based_on = Memory(()), dict[str, int]()
        self._fresh, self._fresh_of = Memory(()), dict[str, int]()

    def suggestions(self, article: Article, msgid: str) -> tuple[Suggestion, ...]:
        """Return what the memory has for a segment, the best first, without the segment's own approved English."""
        own = article.entries[msgid]
        found: dict[tuple[str, str], tuple[Unit, float]] = {}
        with self._lock:
            self._renew()
            changed = {self._library.known(key).name for key in self._fresh_of}
            for memory, left_out in ((self._fresh, set[str]()), (self._base, changed)):
                units = [(unit, 100.0 if unit.source == msgid else 99.0) for unit in memory.exact(msgid)]
                units += memory.near(msgid, similarity=self._similarity, limit=MOST + len(left_out))
                for unit, likeness in units:
                    if unit.origin not in left_out:
                        found.setdefault((unit.source, unit.target), (unit, likeness))
        approved = own.msgstr if own.state is State.APPROVED else None
        ordered = sorted(found.values(), key=lambda one: -one[1])
        return tuple(
            _suggestion(unit, likeness, msgid)
            for unit, likeness in ordered
            if (unit.source, unit.target) != (msgid, approved)
        )[:MOST]

    def _renew(self) -> None:
        now, imports = dict(self._library.generations()), _stamps(self._library)
        changed = {key: number for key, number in now.items() if self._based_on.get(key) != number}
        gone = self._based_on.keys() - now.keys()
        if imports != self._imports or len(changed) > MOST_CHANGED or gone:
            self._base = Memory([*self._imported(), *self._approved(now)])
            self._based_on, self._imports, changed = now, imports, {}
        if changed != self._fresh_of:
            self._fresh, self._fresh_of = Memory(self._approved(changed)), changed

    def _approved(self, keys: Iterable[str]) -> Iterator[Unit]:
        for key in keys:
            article = self._library.known(key)
            for entry in list(article.entries.values()):
                if entry.state is State.APPROVED:
                    yield Unit(entry.msgid, entry.msgstr, article.name, entry.role)

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
