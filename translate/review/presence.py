"""Who is looking at which segment: told by every open page every few seconds, forgotten soon after it stops."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

TIMEOUT = 15.0
"""Seconds after which a page that no longer speaks counts as closed."""
MOST = 1000
"""Pages that are remembered."""


@dataclass(frozen=True, slots=True)
class _Page:
    article: str
    actor: str
    segment: str
    seen: float


class Presence:
    """Which segment each open page has in its editor. Nothing is locked by it: it is a courtesy, no guard."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pages: dict[str, _Page] = {}
        self._lock = Lock()

    def tell(self, page: str, article: str, actor: str, segment: str) -> dict[str, str]:
        """Note what a page edits (nothing if ``segment`` is empty), and return what the others of the article do.

        Returns:
            Segment → actor, without the page's own.

        Example:
            >>> presence = Presence()
            >>> presence.tell("tab 1", "article", "ann", "s1")
            {}
            >>> presence.tell("tab 2", "article", "ben", "")
            {'s1': 'ann'}
        """
        now = self._clock()
        with self._lock:
            self._pages[page] = _Page(article, actor, segment, now)
            alive = {name: one for name, one in self._pages.items() if now - one.seen < TIMEOUT}
            self._pages = dict(sorted(alive.items(), key=lambda item: item[1].seen)[-MOST:])
            return {
                one.segment: one.actor
                for name, one in self._pages.items()
                if name != page and one.article == article and one.segment
            }
