"""Where a word may begin or end in Japanese text; of ``matching``, which explains the three kinds of places.

The analyser is asked about the sentences that hold a place in doubt, about no others, and once: what it said about the
latest sentences is kept, since planning, enforcement and reports look at the same ones.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

CHUNK = 4000  # code points at once: Sudachi takes 49,149 bytes
OVERLAP = 200  # the end of a chunk that the next one reads again, with its right context
_ENDS = "。！？!?\n"
_ENDING = re.compile(f"[{_ENDS}]+")
_PIECE = re.compile(f"[^{_ENDS}]*[{_ENDS}]*")
_KATAKANA = re.compile("[ァ-ヺー-ヿㇰ-ㇿ]")
_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")


class Inside(StrEnum):
    """What a place that is not free lies inside of."""

    KATAKANA = "katakana"
    LATIN = "latin"
    WORD = "word"  # a short unit of the analyser


@dataclass(frozen=True, slots=True)
class Places:
    """The places that were asked for.

    Attributes:
        free: Where a word may begin or end.
        joint: Where one may begin if another term ends there, and the other way round.
        inside: For each place that is not free, why.
    """

    free: set[int]
    joint: set[int]
    inside: dict[int, Inside]


def judge(text: str, spans: Collection[tuple[int, int]]) -> Places:
    """Say what kind of place each start and end of a candidate is.

    Args:
        text: The normalised text.
        spans: Where candidates begin and end.
    """
    places = Places(set(), set(), {})
    starts = {start for start, _ in spans}
    ends = {end for _, end in spans}
    # The analyser knows the house of 平氏 and sees it in 習近平氏: Mr. behind an entry outweighs it, as a dot would.
    before_title = {end for start, end in spans if text[end : end + 1] == "氏" and end - start > 1}
    doubtful = set()  # between two characters where only the analyser can tell
    katakana = set()
    for place in starts | ends:
        if _is_open(text, place) or place in before_title:
            places.free.add(place)
        elif _KATAKANA.match(text[place - 1]) and _KATAKANA.match(text[place]):
            places.inside[place] = Inside.KATAKANA
            # Sudachi must part them too: チェコ and スロバキア fill チェコスロバキア, yet it is one word.
            if place in starts and place in ends:
                katakana.add(place)
        elif _LATIN.match(text[place - 1]) and _LATIN.match(text[place]):
            places.inside[place] = Inside.LATIN
        else:
            doubtful.add(place)
    units = _unit_starts(text, doubtful | katakana)
    places.joint.update(katakana & units)
    places.free.update(doubtful & units)
    places.joint.update(doubtful - units)
    places.inside.update(dict.fromkeys(doubtful - units, Inside.WORD))
    return places


def word_at(text: str, place: int, inside: Inside) -> str:
    """Return the word that ``place`` lies inside of: a run of letters, or the analyser's unit."""
    if inside is Inside.WORD:
        low, high = _sentence_at(text, place)
        starts = sorted(_units(text, low, high))
        index = bisect_left(starts, place)
        return text[starts[index - 1] : starts[index] if index < len(starts) else high]
    letters = _KATAKANA if inside is Inside.KATAKANA else _LATIN
    start = end = place
    while start and letters.match(text[start - 1]):
        start -= 1
    while end < len(text) and letters.match(text[end]):
        end += 1
    return text[start:end]


def _is_open(text: str, place: int) -> bool:
    """Tell whether a text's end, a space or punctuation is at ``place``."""
    return place in (0, len(text)) or not (text[place - 1].isalnum() and text[place].isalnum())


def _unit_starts(text: str, places: set[int]) -> set[int]:
    """Return where Sudachi's short units begin, in the sentences that hold one of ``places``."""
    starts: set[int] = set()
    ordered = sorted(places)
    for piece in _PIECE.finditer(text) if ordered else ():
        index = bisect_right(ordered, piece.start())
        if index < len(ordered) and ordered[index] < piece.end():
            starts.update(_units(text, *piece.span()))
    return starts


def _sentence_at(text: str, place: int) -> tuple[int, int]:
    """Return the span of the sentence that ``place`` lies in."""
    start = max(text.rfind(char, 0, place) for char in _ENDS) + 1
    end = _ENDING.search(text, place)
    return start, end.end() if end else len(text)


def _units(text: str, start: int, end: int) -> Iterable[int]:
    """Return the unit starts of a sentence, read in overlapping chunks if it is longer than Sudachi takes."""
    if end - start > CHUNK:
        return _chunked(text, start, end)
    begins = _begins(text[start:end])
    return [start + begin for begin in begins] if start else begins


def _chunked(text: str, start: int, end: int) -> Iterator[int]:
    while start < end:
        last = min(start + CHUNK, end)
        begins = [start + begin for begin in _begins(text[start:last])]
        if last == end:
            yield from begins
            return
        # Go on from a unit's start that has its right context; a text of one endless unit is cut where the chunk ends.
        sure = [begin for begin in begins if start < begin <= last - OVERLAP] or [last]
        yield from (begin for begin in begins if begin < sure[-1])
        start = sure[-1]


@lru_cache(maxsize=512)
def _begins(sentence: str) -> tuple[int, ...]:
    """Return where the short units of a sentence of at most ``CHUNK`` code points begin."""
    return tuple([unit.begin() for unit in analysed(sentence)])  # a generator takes half as long again


_HALF = re.compile("[\ud800-\udfff]")  # no text has one, but arguments and JSON may
_local = threading.local()


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    import sudachipy  # on first need: it maps a dictionary of megabytes

    return sudachipy.Dictionary(dict="small")


def analysed(text: str) -> Any:
    """Return Sudachi's short units (mode A) of a text; half of a surrogate pair is an unknown character to it."""
    return _tokenizer().tokenize(_HALF.sub("\ufffd", text))


def _tokenizer() -> Any:
    """Return this thread's tokenizer: one must not be used by two threads at once."""
    if not hasattr(_local, "tokenizer"):
        import sudachipy

        dictionary = _dictionary()
        make = getattr(dictionary, "tokenizer", None) or dictionary.create  # 0.6 knows ``create`` only
        _local.tokenizer = make(mode=sudachipy.SplitMode.A)
    return _local.tokenizer
