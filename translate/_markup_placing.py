"""Tags into a machine's plain English: where the text of each slot went.

The best evidence goes first, and within it the outer slot before the inner one:

1. a slot around the whole segment, or around all of the slot it is in, wraps all of it;
2. a slot around a glossary match wraps that term's English; one around a number, a Latin word, an address or code
   wraps its identical occurrence;
3. otherwise the slot's text is translated alone, and the stretch of the English most like it is taken;
4. at last its relative position decides, at word boundaries, and a person is asked to look.

A point goes where its neighbour went. No tag is ever lost or doubled, whatever the English is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from translate._markup_evidence import JAPANESE, Evidence, Interval, core
from translate._markup_tags import Span, Stripped
from translate.glossary import occurrences
from translate.matching import Match

TranslatePieces = Callable[[list[str]], list[str]]
"""Translates the texts of slots, each alone."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A machine's English with tags.

    Attributes:
        text: The English, each tag of the source in it exactly once.
        problems: Tags whose place is a guess; a person should look at them.
    """

    text: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a slot goes in the English, and text that must be put inside it because the English lost it."""

    start: int
    end: int
    text: str = ""
    guessed: bool = False


def place(
    source: Stripped, english: str, matches: Sequence[Match] = (), translate: TranslatePieces | None = None
) -> Placed:
    """Put the tags of one segment into its plain English.

    Args:
        source: The stripped msgid.
        english: The translation of ``source.text``.
        matches: The terms found in ``source.text``.
        translate: Translates the texts of slots alone; without it, those are placed by position.
    """
    return place_all([source], [english], [matches], translate)[0]


def place_all(
    sources: Sequence[Stripped],
    english: Sequence[str],
    matches: Sequence[Sequence[Match]],
    translate: TranslatePieces | None = None,
) -> list[Placed]:
    """Put the tags of several segments into their plain English, with one call of ``translate`` for all of them.

    Segments without slots, and those without any English, come back as they are.

    Args:
        sources: The stripped msgids.
        english: The translations of their texts.
        matches: The terms found in each of their texts.
        translate: Translates the texts of slots alone; without it, those are placed by position.

    Example:
        >>> from translate.markup import strip
        >>> place_all([strip("<1>NATO</1>が<2>声明</2>を出した。")], ["NATO issued a statement."], [[]], None)[0].text
        '<1>NATO</1> issued <2>a</2> statement.'
        >>> alone = lambda texts: ["Statement."]
        >>> place_all([strip("<1>NATO</1>が<2>声明</2>を出した。")], ["NATO issued a statement."], [[]], alone)[0].text
        '<1>NATO</1> issued a <2>statement</2>.'
    """
    jobs = [_Placing(*job) for job in zip(sources, english, matches, strict=True)]
    wanted = list(dict.fromkeys(piece for job in jobs for piece in job.wanted()))
    pieces: dict[str, str] = {}
    if wanted and translate is not None:
        pieces = dict(zip(wanted, translate(wanted), strict=True))
    return [job.placed(pieces) for job in jobs]


class _Placing(Evidence):
    """One segment's tags on their way into its English."""

    def __init__(self, source: Stripped, english: str, matches: Sequence[Match]) -> None:
        super().__init__(source, english, matches)
        self.spots: dict[int, _Spot] = {}

    def wanted(self) -> Iterator[str]:
        """Yield the texts of slots for which nothing but their translation tells the place."""
        if not self.source.slots or not self.english.strip():
            return
        for span in self.source.slots:
            text = self.text_of(span)
            if span.paired and JAPANESE.search(text) and not self.is_whole(span) and not self.term(span):
                yield core(text)

    def placed(self, pieces: Mapping[str, str]) -> Placed:
        """Return the English with all tags."""
        if not self.source.slots or not self.english.strip():
            return Placed(self.english)
        waiting = [0]
        while waiting:
            parent = waiting.pop()
            children = [span for span in self.source.slots if span.parent == parent]
            self._place_children(children, parent, pieces)
            waiting += [span.number for span in children if span.paired]
        guessed = [number for number, spot in self.spots.items() if spot.guessed]
        notes = tuple(f"markup: check the place of {self._shown(number)}" for number in sorted(guessed))
        return Placed(self._write(0, 0, len(self.english)), notes)

    def _place_children(self, children: Sequence[Span], parent: int, pieces: Mapping[str, str]) -> None:
        outer = self.spots[parent] if parent else _Spot(0, len(self.english))
        region = (outer.start, outer.end)
        taken: list[Interval] = []
        pairs = [span for span in children if span.paired and span.end > span.start]
        for find in (self.whole, self.certain, lambda span, _: self.alike(span, region, pieces)):
            for span in pairs:
                if span.number in self.spots:
                    continue
                free = [
                    (low, high)
                    for low, high in find(span, region)
                    if region[0] <= low < high <= region[1] and not any(low < b and a < high for a, b in taken)
                ]
                if free:
                    best = min(free, key=lambda spot: abs(self._ratio(span, spot, region)))
                    self.spots[span.number] = _Spot(*best)
                    taken.append(best)
        for span in pairs:
            if span.number not in self.spots:
                spot = self._guess(span, region, taken)
                self.spots[span.number] = spot
                taken.append((spot.start, spot.end))
        for span in children:
            if span.number not in self.spots:
                self.spots[span.number] = self._point(span, region, children)

    # Guesses

    def _guess(self, span: Span, region: Interval, taken: Sequence[Interval]) -> _Spot:
        free = [
            (low, high)
            for low, high in self.words
            if region[0] <= low and high <= region[1] and not any(low < b and a < high for a, b in taken)
        ]
        # The English of a term outside the slot is not in it.
        others = [
            spot
            for match in self.matches
            if match.end <= span.start or span.end <= match.start
            for spot in occurrences(match.term, self.english)
        ]
        likely = [(low, high) for low, high in free if not any(low < b and a < high for a, b in others)]
        free = likely or free
        at = self._position(span, region)
        text = self.text_of(span).strip()
        if core(text) and not JAPANESE.search(text):  # code or a name that the engine dropped is put back
            lost = self._boundary(at, region, taken)
            return _Spot(lost, lost, text, guessed=True)
        if not free:
            nowhere = self._boundary(at, region, taken)
            return _Spot(nowhere, nowhere, guessed=True)
        share = (span.end - span.start) / max(1, len(self.source.text))
        size = max(1, round(share * len(self.words)))
        first = min(range(len(free)), key=lambda i: abs(free[i][0] - at))
        last = first
        while last + 1 < len(free) and last - first + 1 < size:
            gap = (free[last][1], free[last + 1][0])
            if any(a <= gap[1] and gap[0] <= b for a, b in taken):
                break
            last += 1
        return _Spot(free[first][0], free[last][1], guessed=True)

    def _point(self, span: Span, region: Interval, children: Sequence[Span]) -> _Spot:
        low, high = self.around(span)
        text = self.source.text
        if not text[low : span.start].strip():
            return _Spot(region[0], region[0])
        if not text[span.start : high].strip():
            return _Spot(region[1], region[1])
        taken = [(spot.start, spot.end) for child in children if (spot := self.spots.get(child.number))]
        for child in children:
            spot = self.spots.get(child.number)
            if spot and child.end == span.start and child.paired:
                return _Spot(spot.end, spot.end, guessed=spot.guessed)
            if spot and child.start == span.start and child.paired:
                return _Spot(spot.start, spot.start, guessed=spot.guessed)
        if not core(text[span.start : high]):
            end = self.before_end(region)
            return _Spot(end, end)
        for match in self.matches:
            found = [
                (a, b)
                for a, b in occurrences(match.term, self.english)
                if region[0] <= a and b <= region[1] and not any(x < b < y for x, y in taken)
            ]
            if match.end == span.start and len(found) == 1:
                return _Spot(found[0][1], found[0][1])
        at = self._boundary(self._position(span, region), region, taken)
        return _Spot(at, at, guessed=True)

    def _position(self, span: Span, region: Interval) -> float:
        low, high = self.around(span)
        return region[0] + (region[1] - region[0]) * (span.start - low) / max(1, high - low)

    def _ratio(self, span: Span, spot: Interval, region: Interval) -> float:
        return spot[0] - self._position(span, region)

    def _boundary(self, at: float, region: Interval, taken: Sequence[Interval]) -> int:
        """Return the word end nearest to a position that lies in no other slot."""
        ends = [high for _, high in self.words if region[0] <= high <= region[1]] + [region[0], region[1]]
        free = [end for end in ends if not any(a < end < b for a, b in taken)]
        return min(free, key=lambda end: abs(end - at))

    # Writing

    def _shown(self, number: int) -> str:
        return f"<{number}>" if self.by_number[number].paired else f"<{number}/>"

    def _write(self, parent: int, start: int, end: int) -> str:
        children = [span for span in self.source.slots if span.parent == parent]
        children.sort(key=lambda span: (self.spots[span.number].start, self.spots[span.number].end))  # stable
        parts, at = [], start
        for span in children:
            spot = self.spots[span.number]
            parts.append(self.english[at : spot.start])
            at = spot.end
            if not span.paired:
                parts.append(f"<{span.number}/>")
                continue
            inside = self._write(span.number, spot.start, spot.end)
            left, right = self.english[spot.start - 1 : spot.start], self.english[spot.end : spot.end + 1]
            before = " " if spot.text and left.strip() else ""
            after = " " if spot.text and right.isalnum() else ""
            parts.append(f"{before}<{span.number}>{inside}{spot.text}</{span.number}>{after}")
        return "".join([*parts, self.english[at:end]])
