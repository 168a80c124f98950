"""The neighbours of each segment in its article, for engines that read them.

They are taken from the article, not from what happens to be translated with a segment, so that a translation does not
depend on how a run is cut up. They are no part of the journal's key: an edited neighbour makes no translation stale, in
the journal as little as in the PO file.
"""

from __future__ import annotations

from translate.document import Document
from translate.engines.base import Context
from translate.markup import bare

BEFORE, AFTER = 2, 1
"""How many neighbours on either side."""

_LONGEST = 300  # characters of one; a longer one is left out rather than cut in a word


def neighbours(document: Document, *, boilerplate: bool = False) -> dict[str, Context]:
    """Return the neighbours of each msgid, where it stands in the article for the first time."""
    texts = [segment.plain for _, segment in document.segments(boilerplate=boilerplate)]
    shown = [text if text.strip() and len(text) <= _LONGEST else "" for text in map(bare, texts)]

    def near(start: int, end: int) -> tuple[str, ...]:
        return tuple(filter(None, shown[max(0, start) : end]))

    found: dict[str, Context] = {}
    for at, text in enumerate(texts):
        if text not in found:
            found[text] = Context(near(at - BEFORE, at), near(at + 1, at + 1 + AFTER))
    return found
