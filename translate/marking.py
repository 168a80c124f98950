"""Cutting a text at its terms for people to see, and what became of a term: shared by all pages that show segments."""

from __future__ import annotations

from collections.abc import Sequence

from translate.glossary import Mode, Term, satisfied

HELD, WAIVED, MISSING = "held", "waived", "missing"


def cut(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, int | None]]:
    """Return a text in pieces, each with the index of its span; they join to the text.

    Of spans that overlap the first counts, and of those that begin together the longest; one that does not fit into the
    text counts for nothing.

    >>> cut("the port of call", [(4, 8), (4, 16)])
    [('the ', None), ('port of call', 1)]
    """
    pieces: list[tuple[str, int | None]] = []
    at = 0
    for index in sorted(range(len(spans)), key=lambda index: (spans[index][0], -spans[index][1])):
        start, end = spans[index]
        if at <= start < end <= len(text):
            pieces += [(text[at:start], None)] if start > at else []
            pieces.append((text[start:end], index))
            at = end
    return pieces + ([(text[at:], None)] if at < len(text) else [])


def fate(term: Term, english: str, *, waived: bool) -> str:
    """Tell what became of a term: ``held``, ``waived``, ``missing``, or nothing to say of a hint or without English.

    >>> fate(Term("港", "port"), "The harbor.", waived=False), fate(Term("港", "port"), "", waived=False)
    ('missing', '')
    """
    if not english:
        return ""
    if satisfied(term, english):
        return HELD
    return WAIVED if waived else "" if term.mode is Mode.SOFT else MISSING
