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

Surfaces are looked up by their first two characters and length, on the normalised copy: no automaton is needed, since
every occurrence is wanted (Aho–Corasick libraries drop overlapping ones by default) and few positions begin a term.
The analyser is loaded on first need, and called only for a sentence in which an end of an occurrence is in doubt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import compress

from translate._boundaries import Inside, Places, judge, word_at
from translate.glossary import Glossary, Mode, Term
from translate.normalization import Normalized, normalize


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
class Cut:
    """An end of an occurrence that is not a word's end.

    Attributes:
        side: ``start`` or ``end``.
        offset: Where it is in the text.
        inside: What it lies inside of.
        word: That word, in its normalised form.
        joint: Whether another entry could have taken up the rest of the word, and none did.
    """

    side: str
    offset: int
    inside: Inside
    word: str
    joint: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occurrence of a surface and why it was taken or not.

    Attributes:
        term: The entry.
        surface: Its text, ``text[start:end]``.
        start: Offset of its first code point.
        end: Offset behind its last.
        verdict: What became of it.
        rival: Who stands in its place, if anyone does.
        cuts: Its ends that are not a word's ends, for the verdict ``boundary``.
    """

    term: Term
    surface: str
    start: int
    end: int
    verdict: Verdict
    rival: Match | None = None
    cuts: tuple[Cut, ...] = ()

    @property
    def reason(self) -> str:
        """Why it was taken or not, in a sentence for translators."""
        if self.verdict is Verdict.MATCH:
            return {
                Mode.HARD: "its English must appear",
                Mode.SOFT: "its English is preferred",
                Mode.DNT: "do not translate: copied as it is",
            }[self.term.mode]
        if self.verdict is Verdict.BLOCKER:
            return "a blocker at work: keeps other entries from matching here, demands nothing"
        if self.verdict is Verdict.BOUNDARY:
            return "; ".join(map(_told, self.cuts))
        name = f"“{self.rival.surface}” ({self.rival.term.origin or self.rival.term.kind})" if self.rival else "another"
        if self.verdict is Verdict.BLOCKED:
            return f"the blocker {name} keeps it from matching"
        if self.rival and self.rival.start <= self.start and self.end <= self.rival.end:
            return f"the longer entry {name} stands here"
        return f"{name} stands here: together the chosen entries cover more of the text, or as much with fewer"


def _told(cut: Cut) -> str:
    """Say what is wrong with one end of a candidate."""
    verb = "begins" if cut.side == "start" else "ends"
    if cut.inside is Inside.KATAKANA and not cut.joint:
        return f"{verb} inside the katakana word “{cut.word}”"
    if cut.inside is Inside.LATIN:
        return f"{verb} inside “{cut.word}”, and letters and digits in a row are never cut"
    other = "ends" if cut.side == "start" else "begins"
    return f"{verb} inside the word “{cut.word}”, and no chosen entry {other} there"


def find_terms(text: str, glossary: Glossary) -> list[Match]:
    """Return the glossary's terms in a text, in order, without overlaps and without blockers.

    >>> glossary = Glossary((Term("米国", "United States"), Term("国防総省", "Pentagon")))
    >>> [(match.surface, match.start) for match in find_terms("米国防総省によると、米国は", glossary)]
    [('国防総省', 1), ('米国', 10)]
    """
    return [match for match in _Reading(text, glossary).taken if not match.term.is_blocker]


def covered(text: str, glossary: Glossary) -> list[Match]:
    """Return what ``find_terms`` finds and the blockers at work between them, in order."""
    return _Reading(text, glossary).taken


def explain(text: str, glossary: Glossary) -> list[Candidate]:
    """Return every occurrence of every surface with its fate, by start and then length."""
    return list(_Reading(text, glossary).candidates())


Span = tuple[int, int]  # an occurrence in the normalised copy


class _Reading:
    """One text read with one glossary."""

    def __init__(self, text: str, glossary: Glossary) -> None:
        self._text = text
        self._copy: Normalized = normalize(text)
        self._found = _matcher(_Same(glossary)).occurrences(self._copy)
        self._places = Places(set(), set(), {})
        self._chosen: list[Span] = []
        if self._found:
            self._places = judge(self._copy.text, self._found.keys())
            self._chosen = _cover(list(self._found), self._places.free, self._places.joint)

    @property
    def taken(self) -> list[Match]:
        """The chosen occurrences in order, blockers among them."""
        return [self._match(span) for span in self._chosen]

    def candidates(self) -> Iterator[Candidate]:
        """Yield every occurrence with its fate."""
        chosen = set(self._chosen)
        starts = [start for start, _ in self._chosen]
        for span, term in self._found.items():
            cuts: tuple[Cut, ...] = ()
            # The last chosen one that begins before this one's end is the only one, or one of several, in its place.
            index = bisect_right(starts, span[1] - 1) - 1
            there = self._chosen[index] if index >= 0 and self._chosen[index][1] > span[0] else None
            rival = self._match(there) if there and there != span else None
            if span in chosen:
                verdict, rival = (Verdict.BLOCKER if term.is_blocker else Verdict.MATCH), None
            elif span[0] in self._places.free and span[1] in self._places.free:
                # Nothing but an overlap can have kept it out: it would have covered more.
                verdict = Verdict.BLOCKED if rival and rival.term.is_blocker else Verdict.OVERLAP
            else:
                verdict, cuts = Verdict.BOUNDARY, tuple(self._cuts(span))
            own = self._match(span)
            yield Candidate(term, own.surface, own.start, own.end, verdict, rival, cuts)

    def _match(self, span: Span) -> Match:
        start, end = self._copy.original(*span)
        return Match(self._found[span], self._text[start:end], start, end)

    def _cuts(self, span: Span) -> Iterator[Cut]:
        start, end = self._copy.original(*span)
        for side, place, offset in (("start", span[0], start), ("end", span[1], end)):
            inside = self._places.inside.get(place)
            if inside:
                word = word_at(self._copy.text, place, inside)
                yield Cut(side, offset, inside, word, place in self._places.joint)


class _Matcher:
    """The surfaces of one glossary, by their first two characters, or the only one, and length."""

    def __init__(self, glossary: Glossary) -> None:
        self._terms = {surface: term for surface, term in glossary.surfaces.items() if surface}
        lengths: dict[str, set[int]] = {}
        for surface in self._terms:
            lengths.setdefault(surface[:2], set()).add(len(surface))
        for opening, several in lengths.items():
            several |= lengths.get(opening[0], set())
        self._lengths = {opening: tuple(sorted(several)) for opening, several in lengths.items()}
        self._firsts = frozenset(opening[0] for opening in lengths)

    def occurrences(self, copy: Normalized) -> dict[Span, Term]:
        """Return every occurrence of every surface that the original can be cut at, by start and then length."""
        found = {}
        text, terms, lengths, size = copy.text, self._terms, self._lengths, len(copy.text)
        # The first character leaves some places to look at, the first two of them few.
        for start in compress(range(size), map(self._firsts.__contains__, text)):
            for length in lengths.get(text[start : start + 2]) or lengths.get(text[start], ()):
                end = start + length
                if end > size:
                    break
                term = terms.get(text[start:end])
                if term is not None and copy.is_edge(start) and copy.is_edge(end):
                    found[start, end] = term
        return found


class _Same:
    """A glossary as a key of the cache, by identity: comparing two equal ones would cost a pass over all terms."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary

    def __hash__(self) -> int:
        return id(self.glossary)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.glossary is self.glossary


@lru_cache(maxsize=16)
def _matcher(same: _Same) -> _Matcher:
    return _Matcher(same.glossary)


@dataclass(frozen=True, slots=True)
class _Best:
    """The best choice from a place on, as a chain: characters covered, minus the number of terms, squared lengths."""

    score: tuple[int, int, int] = (0, 0, 0)
    first: Span | None = None
    rest: _Best | None = None

    def after(self, span: Span) -> _Best:
        length = span[1] - span[0]
        covered, fewer, squares = self.score
        return _Best((covered + length, fewer - 1, squares + length * length), span, self)


def _cover(found: list[Span], free: set[int], joint: set[int]) -> list[Span]:
    """Choose spans without overlaps that cover most characters; of equals the fewest, the most unlike, the leftmost.

    The most unlike in length hold the longest entry: 米 + 上院議員, not 米上院 + 議員.

    Weighted interval scheduling from right to left. Behind a span that ends at a joint place another must follow at
    once, so ``behind`` knows only choices that start there, while ``gap`` also knows those that start later.
    """
    if len(found) == 1:
        return found if free.issuperset(found[0]) else []
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
    chosen = []
    best: _Best | None = gap
    while best and best.first:
        chosen.append(best.first)
        best = best.rest
    return chosen
