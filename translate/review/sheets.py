"""A whole article at the desk, in reading order: its sections with their rows, and the next one to work on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from translate.document import Role
from translate.markup import bare
from translate.reading import Place, places
from translate.review.article import Article
from translate.review.library import Library
from translate.review.model import Row, Section, Sheet
from translate.review.rows import new_row

GONE = "gone"
"""The section of entries that the article, as it is now, does not have."""


def sheet_of(library: Library, article: Article) -> Sheet:
    """Return an article, whose lock is held."""
    sections: list[tuple[str, list[Row]]] = []
    seen: dict[str, int] = {}
    for place in in_order(library, article):
        if not sections or sections[-1][0] != place.section:
            sections.append((place.section, []))
        times = seen.get(place.text, 0)
        seen[place.text] = times + 1
        sections[-1][1].append(_row(library, article, place, times))
    made = tuple(Section(number, _heading(rows), tuple(rows)) for number, rows in sections)
    return Sheet(library.line(article), made, stamp_for(library, article))


def stamp_for(library: Library, article: Article) -> str:
    """Return what changes whenever the sheet may."""
    known = (article.generation, library.together.generation, library.settings.glossary.hash)
    return hashlib.sha256(repr((article.key, *known)).encode()).hexdigest()[:16]


def in_order(library: Library, article: Article) -> list[Place]:
    """Return every place of the article, and behind them the entries that it does not have any more."""
    found = list(places(article.held, library.document(article)))
    there = {place.text for place in found}
    return found + [Place(GONE, Role.BODY, msgid) for msgid in article.entries if msgid not in there]


def next_open(library: Library, article: Article, msgid: str) -> str | None:
    """Return the id of the next row that nobody approved, behind an entry and round again; None if there is none."""
    order = list(dict.fromkeys(place.text for place in in_order(library, article)))
    at = order.index(msgid) + 1 if msgid in order else 0
    for text in (*order[at:], *order[:at]):
        if text in article.entries and text != msgid and article.row(text).is_open:
            return article.row(text).id
    return None


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
