"""The source beside its translation on one page, for editors who read Japanese and for proof on paper.

A self-contained HTML file: no script, nothing fetched, everything from articles and PO files escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from translate.catalog import Catalog, State
from translate.document import Document, Role
from translate.markup import bare
from translate.page import render

_STATES = {
    State.APPROVED: "",
    State.EDITED: "edited, not approved",
    State.MACHINE: "machine translation, not approved",
    State.UNTRANSLATED: "not translated",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A segment as the page shows it."""

    role: Role
    source: str
    target: str
    note: str


def bilingual(document: Document, catalog: Catalog, shown: Mapping[str, str]) -> bytes:
    """Return the page as UTF-8.

    Args:
        document: The article.
        catalog: Its PO file: it says who stands behind each translation.
        shown: msgid → English in house style; what is missing stays empty.

    Example:
        >>> from translate.document import Block, Segment
        >>> article = Document("a.txt", "駅", (Block(Role.TITLE, (Segment("駅", 0, 1),), 0, 1),))
        >>> '<td lang="en">A station' in bilingual(article, Catalog.new(), {"駅": "A station"}).decode()
        True
    """
    states = {entry.msgid: entry.state for entry in catalog}
    rows = []
    for block, segment in document.segments():
        text = segment.plain
        note = _STATES[states[text]] if text in states else ""
        rows.append(_Row(block.role, bare(text), bare(shown.get(text, "")), note))
    title = next((row.target or row.source for row in rows if row.role is Role.TITLE), document.path)
    return render("translate.page", "bilingual.html", title=title, path=document.path, rows=rows)
