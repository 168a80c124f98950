"""A whole article at the desk, in reading order: its sections with their rows, and the next one to work on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from translate.catalog import State
from translate.document import Role
from translate.interchange.exchanged import unit_key
from translate.markup import bare
from translate.reading import Place, places
from translate.review.article import Article
from translate.review.library import Library
from translate.review.model import Row, Section, Sheet
from translate.review.rows import new_row

GONE = "gone"
"""The section of entries that the article, as it is now, does not have."""


class Sheets:
    """The sheets of a library, kept until something in them changes; whoever calls holds the article's lock."""

    def __init__(self, library: Library) -> None:
        """Make sheets of these articles."""
        self._library = library
        self._made: dict[str, Sheet] = {}
        self._orders: dict[str, tuple[object, tuple[Place, ...]]] = {}

    def sheet(self, article: Article) -> Sheet:
        """Return an article in reading order."""
        stamp = self.stamp(article)
        made = self._made.get(article.key)
        if made is None or made.stamp != stamp:
            line = self._library.line(article)
            made = self._made[article.key] = Sheet(line, tuple(self._sections(article)), stamp)
        return made

    def stamp(self, article: Article) -> str:
        """Return what changes whenever the sheet may."""
        library = self._library
        known = (article.generation, library.together.generation, library.settings.glossary.hash)
        mark = repr((article.key, *known, library.mark(article)))
        return hashlib.sha256(mark.encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def order(self, article: Article) -> tuple[Place, ...]:
        """Return every place of the article, and behind them the entries that it does not have any more."""
        document = self._library.document(article)
        mark = (article.structure, self._library.mark(article))
        known = self._orders.get(article.key)
        if known is None or known[0] != mark:
            found = tuple(places(article.held, document))
            there = {place.text for place in found}
            gone = (Place(GONE, Role.BODY, msgid) for msgid in article.entries if msgid not in there)
            known = self._orders[article.key] = (mark, (*found, *gone))
        return known[1]

    def next_open(self, article: Article, msgid: str) -> str | None:
        """Return the id of the next row that nobody approved, behind an entry and round again; None without any."""
        order = list(dict.fromkeys(place.text for place in self.order(article)))
        at = order.index(msgid) + 1 if msgid in order else 0
        for text in (*order[at:], *order[:at]):
            entry = article.entries.get(text)
            if entry is not None and text != msgid and entry.state is not State.APPROVED and not entry.plural:
                return unit_key(text)
        return None

    def _sections(self, article: Article) -> Iterator[Section]:
        sections: list[tuple[str, list[Row]]] = []
        seen: Counter[str] = Counter()
        for place in self.order(article):
            if not sections or sections[-1][0] != place.section:
                sections.append((place.section, []))
            sections[-1][1].append(_row(self._library, article, place, seen[place.text]))
            seen[place.text] += 1
        return (Section(number, _heading(rows), tuple(rows)) for number, rows in sections)


def _row(library: Library, article: Article, place: Place, times: int) -> Row:
    if place.text not in article.entries:
        row = new_row(place.text, article.matches(place.text))
    else:
        row = library.row(article, place.text)
    if (row.role, row.section, row.repeat) == (place.role, place.section, times):
        return row
    return replace(row, role=place.role, section=place.section, repeat=times)


def _heading(rows: Sequence[Row]) -> str:
    return next((bare(row.japanese) for row in rows if row.role is Role.HEADING), "")
