"""Evidence of where the text of a slot went in a translation; see ``_markup_placing`` for the order of trust."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property

from rapidfuzz import fuzz

from translate._markup_tags import TAG, Span, Stripped
from translate.glossary import occurrences
from translate.matching import Match

JAPANESE = re.compile("[\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f々〆〇\U00020000-\U000323af]")
_EDGE = re.compile(r"[\s\u3000。．.、，,！!？?「」『』（）()“”\"‘’'【】〈〉《》・:：;；]*")
_WORD = re.compile(r"[^\W_](?:[\w'’-]*[^\W_])?")
_ENDS = ".!?… "
_ENOUGH = 72.0  # of 100: a shorter likeness is chance
Interval = tuple[int, int]


class Evidence:
    """One segment and its plain English: what can be said about where a slot's text went.

    Attributes:
        source: The stripped msgid.
        english: Its translation, without anything that reads like a tag of the msgid.
        matches: The terms found in the source's text.
        by_number: The source's slots.
    """

    def __init__(self, source: Stripped, english: str, matches: Sequence[Match]) -> None:
        self.source = source
        self.english = neutral(english, source)
        self.matches = matches
        self.by_number = {span.number: span for span in source.slots}

    @cached_property
    def words(self) -> list[Interval]:
        """Where the English's words are; most segments have no tags, and nobody asks."""
        return [match.span() for match in _WORD.finditer(self.english)]

    def is_whole(self, span: Span) -> bool:
        """Tell whether a slot holds all the words of the slot around it, or of the segment."""
        low, high = self.around(span)
        text = self.source.text
        return not core(text[low : span.start]) and not core(text[span.end : high])

    def whole(self, span: Span, region: Interval) -> list[Interval]:
        """Return the region, if the slot holds all the words, without the sentence's end if that stands outside."""
        if not self.is_whole(span):
            return []
        low, high = region
        if self.source.text[span.end : self.around(span)[1]].strip():  # the sentence's end stands outside
            high = self.before_end(region)
        return [(low, high)] if low < high else [region]

    def term(self, span: Span) -> Match | None:
        """Return the match that the slot stands around, its quotes and punctuation apart."""
        start, end = inner(self.source.text, span.start, span.end)
        return next((match for match in self.matches if (match.start, match.end) == (start, end)), None)

    def certain(self, span: Span, region: Interval) -> list[Interval]:
        """Return where the slot's term stands, or the identical text of a slot without Japanese."""
        match = self.term(span)
        if match is not None:
            found = occurrences(match.term, self.english[region[0] : region[1]])
            return [(low + region[0], high + region[0]) for low, high in found]
        text = self.text_of(span).strip()
        if not text or JAPANESE.search(text):
            return []
        return self._identical(text)

    def _identical(self, text: str) -> list[Interval]:
        plain = " ".join(unicodedata.normalize("NFKC", text).split())
        if not plain:
            return []
        left = r"(?<![^\W_])" if plain[0].isalnum() else ""
        right = r"(?![^\W_])" if plain[-1].isalnum() else ""
        for form, flags in ((text, 0), (plain, 0), (plain, re.IGNORECASE), (_grouped(plain), re.IGNORECASE)):
            found = [m.span() for m in re.finditer(left + re.escape(form) + right, self.english, flags)]
            if found:
                return found
        return []

    def alike(self, span: Span, region: Interval, pieces: Mapping[str, str]) -> list[Interval]:
        """Return where the translation of the slot's text alone is found in the English, or what is most like it."""
        piece = core(pieces.get(core(self.text_of(span)), ""))
        english = self.english[region[0] : region[1]]
        if not piece or not english:
            return []
        for form in (piece, re.sub(r"^(?:the|an?)\s+", "", piece, flags=re.IGNORECASE)):
            exact = [
                (m.start() + region[0], m.end() + region[0])
                for m in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", english, re.IGNORECASE)
            ]
            if exact:
                return exact
        if len(piece) >= len(english):
            return []
        found = fuzz.partial_ratio_alignment(piece.casefold(), english.casefold())
        if found is None or found.score < _ENOUGH or len(english.casefold()) != len(english):
            return []
        aligned = self._align(found.dest_start + region[0], found.dest_end + region[0])
        return [aligned] if aligned else []

    def text_of(self, span: Span) -> str:
        """Return the slot's Japanese."""
        return self.source.text[span.start : span.end]

    def around(self, span: Span) -> Interval:
        """Return the slot around a slot as a span of the source; the whole text without one."""
        outer = self.by_number.get(span.parent)
        return (outer.start, outer.end) if outer else (0, len(self.source.text))

    def before_end(self, region: Interval) -> int:
        """Return the end of a stretch of the English without its full stop."""
        low, high = region
        while high > low and self.english[high - 1] in _ENDS:
            high -= 1
        return high

    def _align(self, start: int, end: int) -> Interval | None:
        """Widen or narrow a stretch to the words that lie in it by half or more."""
        inside = [(low, high) for low, high in self.words if 2 * (min(high, end) - max(low, start)) >= high - low]
        return (inside[0][0], inside[-1][1]) if inside else None


def neutral(english: str, source: Stripped) -> str:
    """Keep a machine from writing tags of its own: a space takes their meaning away, unless the source's text has them.

    >>> neutral("a <1>b <2/>", Stripped("あ<2/>", (Span(1, 0, 1, paired=True),)))
    'a < 1>b <2/>'
    """
    if "<" not in english:
        return english
    numbers = {span.number for span in source.slots}

    def kept(match: re.Match[str]) -> str:
        literal = int(match[2] or match[3]) not in numbers and match.group() in source.text
        return match.group() if literal else "< " + match.group()[1:]

    return TAG.sub(kept, english)


def core(text: str) -> str:
    """Return a text without the punctuation, quotes and spaces around it."""
    start, end = inner(text, 0, len(text))
    return text[start:end]


def inner(text: str, start: int, end: int) -> Interval:
    """Narrow a span to what stands inside its punctuation, quotes and spaces."""
    match = _EDGE.match(text, start, end)
    start = match.end() if match else start
    while end > start and _EDGE.fullmatch(text, end - 1, end):
        end -= 1
    return start, end


def _grouped(text: str) -> str:
    """Return a number with commas in its thousands, as English writes it."""
    return f"{int(text):,}" if text.isascii() and text.isdigit() and len(text) > 3 else text
