"""Tell a looping or runaway translation from one that repeats because its source does.

Translation models sometimes lock into a cycle (``in the city of the city of the city of …``) or never stop. Both show
in the text alone: as a *loop*, a unit that comes again at once, several times over; as a stretch of very few
different words; or as an output out of all proportion to its source. What counts as too much depends on the source,
which may itself loop (「はい、はい、はい」), so a loop in the English is excused by a similar one in the source.

Every step is linear in the text for a bounded period. The thresholds below were set so that no case in
``tests/quality/repetition.tsv`` comes out wrong and human translations of news practically never trip one; change
them together with that table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import eq

MAX_WORDS = 32
"""Longest unit of a word loop; longer ones show as repeated 4-grams."""

MAX_CHARACTERS = 200
"""Longest unit of a character loop."""

# (words in the unit at least, copies at least): one word four times, two words three times, five words twice.
_WORD_LOOPS = ((1, 4.0), (2, 3.0), (5, 2.0))
# Without an end mark, a loop that runs into the end of the text was cut off by the length limit.
_CUT_OFF = (3, 2.0)
# "hahahahahahahaha", "?!?!?!?!?!?!?!?!": any unit, five copies, in sixteen characters or more.
_CHARACTER_LOOP, _CHARACTER_SPAN, _UNIT = 5.0, 16, MAX_CHARACTERS // 8
# The same character in a row: "Noooooo", "100000000000", "!!!!!!!!".
_LETTERS, _DIGITS, _SIGNS = 6, 13, 8
# Few different words in a window, or many 4-grams that were there before.
_WINDOW, _DISTINCT = 24, 9
_REPEATED_4GRAMS, _EXCESS = 0.35, 0.25
# English takes about two and a half characters for one Japanese character, and rarely more than six.
_LENGTH_FACTOR, _LENGTH_SLACK = 10, 120
# A source loop excuses half as many copies again plus one, on up to twelve times its width in English.
_EXCUSED_COPIES, _EXCUSED_WIDTH = 1.5, 12

_SHORT = 300  # units that are searched with a pattern first
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_RUN = re.compile(r"(\S)\1{2,}")
_MAY_RUN = re.compile(r"(\S)\s*\1\s*\1")
_SPACED_SIGNS = re.compile(r"(?<=[^\w\s])\s+(?=[^\w\s])")
_SAME = re.compile(rb"\x01+")
_END_MARK = re.compile(r"[.!?…。．！？][\"'”’)\]」』）]*\s*\Z")


@dataclass(frozen=True, slots=True)
class _Loop:
    start: int
    end: int
    period: int

    @property
    def copies(self) -> float:
        return (self.end - self.start) / self.period


def repetition_ratio(text: str) -> float:
    """Return the share of a text that lies in loops, 0 to 1.

    Counted are the characters, spaces aside and case ignored, of every stretch of six or more in which a unit of up
    to 200 characters stands three or more times in a row.

    Example:
        >>> repetition_ratio("The talks ended on Friday."), repetition_ratio("the the the the")
        (0.0, 1.0)
    """
    characters = _characters(text)
    covered = bytearray(len(characters))
    for loop in _loops(characters, MAX_CHARACTERS, copies=3.0):
        if loop.end - loop.start >= 6:
            covered[loop.start : loop.end] = b"\x01" * (loop.end - loop.start)
    return sum(covered) / len(covered) if covered else 0.0


@lru_cache(maxsize=1024)
def is_degenerate(source: str, english: str) -> bool:
    """Tell whether a translation loops or runs on where its source does not.

    Args:
        source: The Japanese segment.
        english: What the engine made of it.

    Example:
        >>> is_degenerate("会談は市内で行われた。", "The talks were held in the city of the city of the city of the")
        True
        >>> is_degenerate("いいえ、いいえ、いいえ、いいえ。", "No, no, no, no.")
        False
    """
    if not english.strip():
        return False
    if len(english) > _LENGTH_FACTOR * len("".join(source.split())) + _LENGTH_SLACK:
        return True
    words = list(map(str.casefold, _WORD.findall(english)))
    may_run = _MAY_RUN.search(english) is not None
    return (
        (may_run and _has_run(source, english))
        or _has_unexcused_loop(source, english, words, may_run=may_run)
        or _has_few_words(source, words)
        or ((share := _repeated(words, 4)) >= _REPEATED_4GRAMS and share >= _repeated(_characters(source), 5) + _EXCESS)
    )


def _has_run(source: str, english: str) -> bool:
    longest = max((len(match.group()) for match in _RUN.finditer(_SPACED_SIGNS.sub("", source))), default=1)
    for match in _RUN.finditer(_SPACED_SIGNS.sub("", english)):
        sign = match.group(1)
        limit = _LETTERS if sign.isalpha() else _DIGITS if sign.isdigit() else _SIGNS
        if len(match.group()) >= max(limit, 3 * longest + 2):  # one … is three full stops
            return True
    return False


def _has_unexcused_loop(source: str, english: str, words: Sequence[str], *, may_run: bool) -> bool:
    cut_off = not _END_MARK.search(english)
    found: list[tuple[float, int]] = []  # copies and width in characters
    for loop in _loops(words, MAX_WORDS, copies=2.0):
        too_many = min(copies for size, copies in _WORD_LOOPS if loop.period >= size)
        at_end = cut_off and loop.end == len(words) and loop.period >= _CUT_OFF[0]
        if loop.copies >= (_CUT_OFF[1] if at_end else too_many):
            found.append((loop.copies, sum(map(len, words[loop.start : loop.end]))))
    # Runs of one character have their own limits.
    once = _characters(_RUN.sub(r"\1", english) if may_run else english)
    if _may_loop("".join(once)):
        found.extend(
            (loop.copies, loop.end - loop.start)
            for loop in _loops(once, _UNIT, copies=_CHARACTER_LOOP)
            if loop.end - loop.start >= _CHARACTER_SPAN
        )
    if not found:
        return False
    # The separator behind the last copy is often missing (はい、はい、はい), hence less than two full copies.
    loops = _loops(_characters(source), MAX_CHARACTERS, copies=1.6)
    excuses = _frontier((loop.copies, loop.end - loop.start) for loop in loops)
    return not all(
        any(copies <= _EXCUSED_COPIES * most + 1 and width <= _EXCUSED_WIDTH * widest for most, widest in excuses)
        for copies, width in _frontier(found)
    )


def _may_loop(characters: str) -> bool:
    """Tell whether a unit of up to ``_UNIT`` characters may stand five times in a row, over sixteen characters or more.

    Wherever such a loop begins, one of the places 0, 8, 16, … lies at most seven characters behind, and the four
    characters there come again a unit later: the loop goes on for 7 + unit + 4 characters at least.
    """
    return any(
        characters.find(characters[at : at + 4], at + 1, at + _UNIT + 4) >= 0 for at in range(0, len(characters) - 4, 8)
    )


def _frontier(pairs: Iterable[tuple[float, int]]) -> list[tuple[float, int]]:
    """Keep the pairs that no other pair exceeds in both numbers: few, however many loops a long text has."""
    kept: list[tuple[float, int]] = []
    for copies, width in sorted(pairs, reverse=True):
        if not kept or width > kept[-1][1]:
            kept.append((copies, width))
    return kept


def _has_few_words(source: str, words: Sequence[str]) -> bool:
    """Slide a window over the words and look for one with hardly any different words in it."""
    if len(words) - len(set(words)) < _WINDOW - _DISTINCT or _repeated(_characters(source), 3) >= _EXCESS:
        return False
    counts: dict[str, int] = {}
    for at, word in enumerate(words):
        counts[word] = counts.get(word, 0) + 1
        if at >= _WINDOW:
            old = words[at - _WINDOW]
            counts[old] -= 1
            if not counts[old]:
                del counts[old]
        if at >= _WINDOW - 1 and len(counts) <= _DISTINCT:
            return True
    return False


def _repeated(units: Sequence[str], size: int) -> float:
    """Return the share of n-grams that occurred before; 0 for a text too short to say."""
    total = len(units) - size + 1
    if total < _WINDOW - 3:
        return 0.0
    return 1 - len({tuple(units[at : at + size]) for at in range(total)}) / total


def _characters(text: str) -> list[str]:
    return list("".join(text.split()).casefold())


def _loops(units: Sequence[str], longest: int, *, copies: float) -> Iterator[_Loop]:
    """Yield every maximal stretch in which a unit of at most ``longest`` elements stands ``copies`` times or more."""
    if copies >= 2 and not any(map(eq, units, units[1:])):
        pairs = list(pairwise(units))
        if len(set(pairs)) == len(pairs):
            return  # a unit that comes twice in a row brings a pair again, or is one element
    if len(units) <= _SHORT:
        # Most sentences repeat nothing: one search for whole copies tells, without a comparison for each period.
        numbers: dict[str, int] = {}
        letters = "".join(chr(0x100 + numbers.setdefault(unit, len(numbers))) for unit in units)
        if not re.search(f"(.{{1,{longest}}})\\1{{{int(copies) - 1}}}", letters, re.DOTALL):
            return
    for period in range(1, min(longest, int(len(units) / copies)) + 1):
        same = bytes(map(eq, units, units[period:]))  # which units come again a period later
        for match in _SAME.finditer(same):
            start, end = match.start(), match.end() + period
            if end - start >= copies * period:
                yield _Loop(start, end, period)
