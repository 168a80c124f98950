"""Finding glossary terms in Japanese text.

Japanese has no spaces, so a term is found by what the text as a whole allows: all occurrences of all surfaces are
collected, those that begin or end inside another word are dropped, and of the rest the set without overlaps that covers
most characters is taken. Leftmost-longest matching would read 米国防総省 as 米国 + 防総省 and lose 国防総省.

Where a term may begin and end:

- *free*: at the text's ends, beside punctuation and spaces (Sudachi hides 徳島 in 徳島（とくしま）), and where a short
  unit of SudachiPy begins (mode A, small dictionary: core agrees with it on every hard case); but never between two
  katakana (・ apart) or two Latin letters or digits;
- *joint*: inside a Sudachi unit, or between two katakana words, only if another term begins just where this one ends:
  米 + 国会議員 where Sudachi sees 米国 + 会 + 議員, ロシア + ウクライナ without a dot. A glossary entry defines a
  word, and several that fill a stretch between free places outweigh the analyser;
- *closed*: inside a katakana or Latin word (インド in インドネシア), and inside a character that normalisation takes
  apart (㈱).

Surfaces are looked up by their first character and length, on the normalised copy: no automaton is needed, since every
occurrence is wanted (Aho–Corasick libraries drop overlapping ones by default) and few positions begin a term at all.
The analyser is loaded on first need, and not called for a text without occurrences.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from translate.glossary import Glossary, Term
from translate.normalization import normalize

_CHUNK = 4000  # code points at once: Sudachi takes 49,149 bytes
_OVERLAP = 200  # the end of a chunk that the next one reads again, with its right context
_PIECE = re.compile(r"[^。！？!?\n]*[。！？!?\n]*")
_KATAKANA = re.compile("[ァ-ヺー-ヿㇰ-ㇿ]")
_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in a text: ``surface == text[start:end]``, offsets in code points."""

    term: Term
    surface: str
    start: int
    end: int


class Verdict(StrEnum):
    """What became of an occurrence."""

    MATCH = "match"
    BLOCKER = "blocker"  # a blocker at work: it took its place and is not reported
    BOUNDARY = "boundary"  # begins or ends inside a word
    OVERLAP = "overlap"  # another term covers more
    BLOCKED = "blocked"  # a blocker covers more


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occurrence of a surface and why it was taken or not.

    Attributes:
        term: The entry.
        surface: Its text, ``text[start:end]``.
        start: Offset of its first code point.
        end: Offset behind its last.
        verdict: What became of it.
        rival: Who took its place, if overlap or blocker.
    """

    term: Term
    surface: str
    start: int
    end: int
    verdict: Verdict
    rival: Match | None = None


def find_terms(text: str, glossary: Glossary) -> list[Match]:
    """Return the glossary's terms in a text, in order, without overlaps and without blockers.

    >>> glossary = Glossary((Term("米国", "United States"), Term("国防総省", "Pentagon")))
    >>> [(match.surface, match.start) for match in find_terms("米国防総省によると、米国は", glossary)]
    [('国防総省', 1), ('米国', 10)]
    """
    return [
        Match(found.term, found.surface, found.start, found.end)
        for found in explain(text, glossary)
        if found.verdict is Verdict.MATCH
    ]


def explain(text: str, glossary: Glossary) -> list[Candidate]:
    """Return every occurrence of every surface with its fate, by start and then length."""
    copy = normalize(text)
    found = {
        span: term
        for span, term in _matcher(glossary).occurrences(copy.text).items()
        if copy.is_edge(span[0]) and copy.is_edge(span[1])
    }
    if not found:
        return []
    free, joint = _places(copy.text, {place for span in found for place in span})
    chosen = _cover(list(found), free, joint)

    def match(span: Span) -> Match:
        start, end = copy.original(*span)
        return Match(found[span], text[start:end], start, end)

    candidates = []
    for span, term in found.items():
        rival = None
        if span in chosen:
            verdict = Verdict.BLOCKER if term.is_blocker else Verdict.MATCH
        elif span[0] in free and span[1] in free:
            # Nothing but an overlap can have kept it out: it would have covered more.
            rival = match(next(other for other in chosen if other[0] < span[1] and span[0] < other[1]))
            verdict = Verdict.BLOCKED if rival.term.is_blocker else Verdict.OVERLAP
        else:
            verdict = Verdict.BOUNDARY
        own = match(span)
        candidates.append(Candidate(term, own.surface, own.start, own.end, verdict, rival))
    return candidates


Span = tuple[int, int]  # an occurrence in the normalised copy


class _Matcher:
    """The surfaces of one glossary, by first character and length."""

    def __init__(self, glossary: Glossary) -> None:
        self._terms = {surface: term for surface, term in glossary.surfaces.items() if surface}
        lengths: dict[str, set[int]] = {}
        for surface in self._terms:
            lengths.setdefault(surface[0], set()).add(len(surface))
        self._lengths = {first: tuple(sorted(several)) for first, several in lengths.items()}

    def occurrences(self, text: str) -> dict[Span, Term]:
        """Return every occurrence of every surface, by start and then length."""
        found = {}
        for start, first in enumerate(text):
            for length in self._lengths.get(first, ()):
                term = self._terms.get(text[start : start + length])
                if term is not None and start + length <= len(text):
                    found[start, start + length] = term
        return found


@lru_cache(maxsize=16)
def _matcher(glossary: Glossary) -> _Matcher:
    return _Matcher(glossary)


def _places(text: str, asked: set[int]) -> tuple[set[int], set[int]]:
    """Return which of the places asked for are free and which are joint; the others are closed."""
    free = {place for place in asked if _is_open(text, place)}
    joint: set[int] = set()
    units = _unit_starts(text, asked - free)
    for place in asked - free:
        before, after = text[place - 1], text[place]
        if _LATIN.match(before) and _LATIN.match(after):
            continue
        if _KATAKANA.match(before) and _KATAKANA.match(after):
            # Sudachi must part them too: チェコ and スロバキア fill チェコスロバキア, yet it is one word.
            if place in units:
                joint.add(place)
        else:
            (free if place in units else joint).add(place)
    return free, joint


def _is_open(text: str, place: int) -> bool:
    """Tell whether a text's end, a space or punctuation is at ``place``."""
    return place in (0, len(text)) or not (text[place - 1].isalnum() and text[place].isalnum())


@dataclass(frozen=True, slots=True)
class _Best:
    """The best choice from a place on: characters covered, minus the number of terms, and its terms as a chain."""

    score: tuple[int, int] = (0, 0)
    first: Span | None = None
    rest: _Best | None = None

    def after(self, span: Span) -> _Best:
        return _Best((self.score[0] + span[1] - span[0], self.score[1] - 1), span, self)


def _cover(found: list[Span], free: set[int], joint: set[int]) -> set[Span]:
    """Choose spans without overlaps that cover most characters; of equals the fewest spans, then the leftmost.

    Weighted interval scheduling from right to left. Behind a span that ends at a joint place another must follow at
    once, so ``behind`` knows only choices that start there, while ``gap`` also knows those that start later.
    """
    by_start: dict[int, list[Span]] = {}
    for span in found:
        by_start.setdefault(span[0], []).append(span)
    gap = _Best()
    behind: dict[int, _Best | None] = {}
    for place in sorted({place for span in found for place in span}, reverse=True):
        taken: _Best | None = None
        for span in reversed(by_start.get(place, [])):  # the longest first
            rest = behind.get(span[1])
            if rest and (taken is None or rest.after(span).score > taken.score):
                taken = rest.after(span)
        if place in free:
            gap = taken if taken and taken.score >= gap.score else gap
            behind[place] = gap
        elif place in joint:
            behind[place] = taken
    chosen = set()
    best: _Best | None = gap
    while best and best.first:
        chosen.add(best.first)
        best = best.rest
    return chosen


def _unit_starts(text: str, places: set[int]) -> set[int]:
    """Return where Sudachi's short units begin, in the sentences that hold one of ``places``."""
    starts: set[int] = set()
    ordered = sorted(places)
    for piece in _PIECE.finditer(text) if ordered else ():
        index = bisect_right(ordered, piece.start())
        if index < len(ordered) and ordered[index] < piece.end():
            starts.update(_units(text, *piece.span()))
    return starts


def _units(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the unit starts of a sentence, read in overlapping chunks if it is longer than Sudachi takes."""
    while start < end:
        last = min(start + _CHUNK, end)
        begins = [start + unit.begin() for unit in _tokenizer().tokenize(text[start:last])]
        if last == end:
            yield from begins
            return
        # Go on from a unit's start that has its right context; a text of one endless unit is cut where the chunk ends.
        sure = [begin for begin in begins if start < begin <= last - _OVERLAP] or [last]
        yield from (begin for begin in begins if begin < sure[-1])
        start = sure[-1]


_local = threading.local()


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    import sudachipy  # on first need: it maps a dictionary of megabytes

    return sudachipy.Dictionary(dict="small")


def _tokenizer() -> Any:
    """Return this thread's tokenizer: one must not be used by two threads at once."""
    if not hasattr(_local, "tokenizer"):
        import sudachipy

        dictionary = _dictionary()
        make = getattr(dictionary, "tokenizer", None) or dictionary.create  # 0.6 knows ``create`` only
        _local.tokenizer = make(mode=sudachipy.SplitMode.A)
    return _local.tokenizer
