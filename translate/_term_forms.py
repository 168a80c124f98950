"""The shapes of one English form of a term, and where they stand in a text; of ``_terms_english``, which has the rules.

A form is taken apart into words, each in every shape that it may have, and what may stand between and around them. From
that an expression can be made, which finds any form in any text. Making one takes milliseconds, and an article holds
thousands of numbers with dozens of forms each: forms whose letters have no exotic case are found by hand instead, by
the same rules and with the same result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

_GAP = r"(?:\s+|-\s*)"  # a space and a hyphen stand for each other, also across a line's end
_PREPOSITIONS = frozenset({"of", "for", "in", "to", "at", "on"})
_IRREGULAR = {
    "person": "people",
    "child": "children",
    "foot": "feet",
    "wife": "wives",
    "life": "lives",
    "leaf": "leaves",
}
_ONES = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen"
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ("hundred", "thousand", "million", "billion", "trillion", "quadrillion")
_NUMBER_WORDS = frozenset({*_ONES.split("|"), *_TENS, *_SCALES})
# What a number must not touch: digits, also across the comma or point of a longer figure.
_BEFORE_FIGURE = r"(?<!\d)(?<!\d[.,:])"
_BEFORE_DOLLAR = "(?<![A-CE-RT-Z])(?<!(?<!U)S)(?<!(?<!US)D)"  # US$43 and USD$43, but not A$43, NZ$43
_BEFORE_WORD = "".join(f"(?<!{word}[ -])" for word in (*_TENS, *_SCALES)) + "".join(
    f"(?<!{word} and )" for word in _SCALES
)
_SCALED = rf"[\s-]?(?:{'|'.join(_SCALES)}|bn|mn|tn)(?![a-z])"
_AFTER_FIGURE = rf"(?!\d|[.,:]\d|(?i:{_SCALED})|[BKM](?![A-Za-z]))"
_AFTER_CLOCK = r"(?!\s?(?i:[ap]\.?m\b))"
_AFTER_WORD = rf"(?!(?i:{_SCALED})|(?i:[\s-](?:and\s)?(?:{_ONES}|{'|'.join(_TENS)})(?![a-z])))"

_GAP_THERE = re.compile(_GAP)
_BETWEEN = re.compile(r"[\s-]+")
_PART = re.compile(r"\d+|[^\W\d_]+")
_INSIDE = re.compile(r"(?<=[^\s-])[\s-]+(?=[^\s-])")


class Form(NamedTuple):
    """One form, taken apart.

    Attributes:
        words: Its words, each in every shape it may have, the longest first.
        gaps: What stands between them: a literal, or empty where a space and a hyphen stand for each other.
        folds: Whether capitals do not count.
        left: Expression for what may stand before it; matches no character.
        right: The same for what may stand behind it.
    """

    words: tuple[tuple[str, ...], ...]
    gaps: tuple[str, ...]
    folds: bool
    left: str
    right: str

    @property
    def pattern(self) -> str:
        """The expression that finds the form in any text."""
        parts = [f"(?:{'|'.join(map(re.escape, shapes))})" for shapes in self.words]
        gaps = [re.escape(gap) if gap else _GAP for gap in self.gaps]
        body = "".join(part + gap for part, gap in zip_longest(parts, gaps, fillvalue=""))
        return f"{self.left}(?{'i' if self.folds else ''}:{body}){self.right}"


@lru_cache(maxsize=8192)
def take_apart(form: str, case: str, inflect: bool) -> Form:
    """Take a folded form apart; ``inflect`` tells whether it may stand in the plural or is copied as it is."""
    words = [word for word in _BETWEEN.split(form) if word] or [form]
    heads = _heads(words) if inflect and not all(map(_is_figure, words)) else set()
    folds = case == "ignore" or (case == "" and form == form.lower())
    cased = case == "" and not folds
    several = [_shapes(word, index in heads, cased) for index, word in enumerate(words)]
    if cased and len(words) > 1 and words[0] == "The":
        several[0] = (*several[0], "the")
    left = r"(?<![^\W_])" if _is_wordlike(form[0]) else ""
    right = r"(?![^\W_])" if _is_wordlike(form[-1]) else ""
    if inflect:
        left, right = left + _left_of_number(form, words), right + _right_of_number(words)
    # A dash that is typed as two hyphens separates words; only a form that has one itself is found across it.
    gaps = [""] * (len(words) - 1)
    if "--" in form and gaps:
        gaps = [gap if "--" in gap else "" for gap in _INSIDE.findall(form)]
    return Form(tuple(several), tuple(gaps), folds, left, right)


@lru_cache(maxsize=16384)
def _is_figure(word: str) -> bool:
    """Tell whether a word is a number, in figures or letters, or holds no letter at all."""
    return word.isdigit() or word.lower() in _NUMBER_WORDS or not any(map(str.isalpha, word))


@lru_cache(maxsize=16384)
def _shapes(word: str, inflected: bool, cased: bool) -> tuple[str, ...]:
    """Return every shape of a word, the longest first; ``cased`` tells whether its capitals are its own."""
    shapes = _inflections(word) if inflected else [word]
    if cased:
        capitals = [] if word.isupper() else [shape.upper() for shape in shapes]  # NGOs, but USS is no plural of US
        shapes = [one for shape in shapes for one in (shape, shape[0].upper() + shape[1:])] + capitals
    return tuple(sorted(dict.fromkeys(shapes), key=len, reverse=True))


def needles(form: str) -> tuple[str, ...]:
    """Return what a text in small letters must hold of a folded form: of each word what no plural changes."""
    found: list[str] = []
    for word in _BETWEEN.split(form):
        if word.isascii():
            found.append(_stem(word))
        else:  # small letters of other scripts may depend on their neighbours, hence not the last ones
            found += [one if one.isdigit() else one[: max(1, len(one) - 4)].lower() for one in _PART.findall(word)]
    return tuple(found)


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    """Return what all shapes of a word begin with, in small letters."""
    lower = word.lower()
    if lower in _IRREGULAR:
        return lower[:1]
    if lower.endswith(("man", "is")):
        return lower[:-2]
    return lower.removesuffix("y")


def is_plain(form: str) -> bool:
    """Tell whether a form can be found by hand: beyond ASCII its characters know no capitals (€, not ß or й)."""
    return form.isascii() or all(char.isascii() or char.lower() == char.upper() for char in form)


class Finder:
    """Finds one plain form; made once, as an expression would be compiled."""

    def __init__(self, form: Form) -> None:
        """Prepare the search for a form."""
        self._folds = form.folds
        self._words: Sequence[Sequence[str]] = form.words
        if form.folds:
            self._words = [_lowered(shapes) for shapes in form.words]
        self._gaps = form.gaps
        self._left, self._right = _around(form.left), _around(form.right)
        first = self._words[0]
        # Where a shape begins, each shape that it begins with does too.
        self._openings = (
            first
            if len(first) == 1
            else [one for one in first if not any(one != other and one.startswith(other) for other in first)]
        )
        self._needle = max(map(_common, form.words), key=len)

    def starts(self, text: str, lower: str) -> Iterator[int]:
        """Yield every place where the form might begin, in no order; ``lower`` is the text in small letters."""
        if self._needle not in lower:
            return
        searched = lower if self._folds else text
        for opening in self._openings:
            at = searched.find(opening)
            while at >= 0:
                yield at
                at = searched.find(opening, at + 1)

    def end(self, text: str, lower: str, start: int) -> int:
        """Return where the form ends that begins at a place, or -1 if none does."""
        if self._left and not self._left.match(text, start):
            return -1
        return self._rest(lower if self._folds else text, text, 0, start)

    def _rest(self, searched: str, text: str, index: int, at: int) -> int:
        """Match from the word ``index`` on; the shapes are tried in their order, as an expression would."""
        last = index + 1 == len(self._words)
        for shape in self._words[index]:
            if not searched.startswith(shape, at):
                continue
            end = at + len(shape)
            if last:
                if self._right is None or self._right.match(text, end):
                    return end
                continue
            gap = self._gaps[index]
            if gap:
                behind = end + len(gap) if text.startswith(gap, end) else -1
            else:
                between = _GAP_THERE.match(text, end)
                behind = between.end() if between else -1
            found = self._rest(searched, text, index + 1, behind) if behind >= 0 else -1
            if found >= 0:
                return found
        return -1


@lru_cache(maxsize=16384)
def _lowered(shapes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shape.lower() for shape in shapes))


@lru_cache(maxsize=16384)
def _common(shapes: tuple[str, ...]) -> str:
    """Return how all shapes of a word begin, in small letters."""
    if len(shapes) == 1:
        return shapes[0].lower()
    low, high = (one(shape.lower() for shape in shapes) for one in (min, max))
    return low[: next((at for at, pair in enumerate(zip(low, high, strict=False)) if len(set(pair)) > 1), len(low))]


@lru_cache(maxsize=8192)
def finder(form: str, case: str, inflect: bool) -> Finder:
    """Return the finder of a plain folded form."""
    return Finder(take_apart(form, case, inflect))


@lru_cache(maxsize=64)
def _around(expression: str) -> re.Pattern[str] | None:
    return re.compile(expression) if expression else None


def _left_of_number(form: str, words: Sequence[str]) -> str:
    """Return what keeps a form that begins with a number out of a longer number."""
    if form[0].isdigit():
        return _BEFORE_FIGURE
    if form[0] == "$" and form[1:2].isdigit():
        return _BEFORE_DOLLAR
    return f"(?i:{_BEFORE_WORD})" if words[0].lower() in _NUMBER_WORDS else ""


def _right_of_number(words: Sequence[str]) -> str:
    """Return what keeps a form that ends with a number out of a longer number."""
    if words[-1][-1].isdigit():
        return _AFTER_FIGURE + (_AFTER_CLOCK if ":" in words[-1] else "")
    last = words[-1].lower()
    return _AFTER_WORD if last in _NUMBER_WORDS else ""


def _is_wordlike(char: str) -> bool:
    """Tell whether a form that ends in ``char`` must not touch a letter or digit ($ may, in $43 and US$)."""
    return char.isalnum() or char in ".'_"


def _heads(words: Sequence[str]) -> set[int]:
    """Return which words take the plural: the last, and the head of *secretary of state* or *secretary-general*."""
    heads = {len(words) - 1}
    if not _PREPOSITIONS.isdisjoint(words):
        heads.update(index - 1 for index, word in enumerate(words) if index and word in _PREPOSITIONS)
    if len(words) > 1 and words[-1].lower() == "general":
        heads.add(len(words) - 2)
    return heads


def _inflections(word: str) -> list[str]:
    """Return the word and its possible plurals; one that does not exist in English costs nothing.

    >>> _inflections("secretary"), _inflections("spokeswoman")
    (['secretary', 'secretarys', 'secretaries'], ['spokeswoman', 'spokeswomans', 'spokeswomen'])
    """
    if not word[-1].isalnum():
        return [word]
    shapes = [word, word + "s"]
    lower = word.lower()
    if lower.endswith(("s", "x", "z", "ch", "sh", "o")):
        shapes.append(word + "es")
    if lower.endswith("y"):
        shapes.append(word[:-1] + "ies")
    if lower.endswith("man"):
        shapes.append(word[:-2] + "en")
    if lower.endswith("is"):
        shapes.append(word[:-2] + "es")
    if lower in _IRREGULAR:
        shapes.append(word[0] + _IRREGULAR[lower][1:])
    return shapes
