"""Finding a term in English text: the word test behind ``glossary.satisfied``.

A form such as ``defense minister`` is found as whole words in every shape a careful writer gives it: plural and
possessive (ministers, minister's), compounds (Pentagon-led), title case and capitals, wrapped lines, no-break spaces,
typographic apostrophes and dashes, and names without their accents. It is not found inside a longer word, and a
different spelling (US for U.S., defence for defense) counts only if the glossary lists it.

A form that begins or ends with a figure or a number word is found as that number only: ``30`` not in 1,030, 3.30 or 30
million, ``3%`` not in 3.3%, ``three`` not in twenty-three or three hundred, ``$43 billion`` not in A$43 billion.

The ``case`` column decides about capitals:

- *empty*: a form in small letters matches in any case; a form with capitals keeps them, while its small letters may be
  capitals too, per word (``Bank of Japan`` matches BANK OF JAPAN and Bank Of Japan, not bank of japan), and a leading
  *the* is free;
- ``exact``: as written, nothing else;
- ``ignore``: any case, for names that houses write differently (``Defense Ministry``, ``defense ministry``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from translate.normalization import Normalized, normalize

_PUNCTUATION = {ord(char): "'" for char in "‘’ʼ`´′"} | {ord(char): '"' for char in "“”„″"}
_PUNCTUATION |= {ord(char): "-" for char in "‐‑‒–−"}  # an em dash separates clauses and is left alone
_LETTERS = str.maketrans("ıłŁøØđĐ", "ilLoOdD")  # letters whose accent Unicode does not take apart
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

Span = tuple[int, int]


def spans(forms: Sequence[str], case: str, english: str, *, verbatim: bool = False) -> list[Span]:
    """Return where one of ``forms`` stands in ``english``, as offsets, without overlaps.

    Args:
        forms: Target and variants.
        case: The ``case`` column, see the module's docstring.
        english: Any text; searched in its NFKC form, reported in its own offsets.
        verbatim: Do not inflect, do not forgive accents: the form is copied from the source (mode ``dnt``).

    >>> spans(("defense minister",), "", "Two Defense Ministers’ talks")
    [(4, 21)]
    """
    copy = _fold(english, accents=verbatim)
    lower = copy.text.lower()
    possible = tuple(form for form in forms if all(stem in lower for stem in _stems(form, verbatim)))
    if not possible:
        return []
    pattern = _pattern(possible, case, verbatim)
    return [copy.original(*match.span()) for match in pattern.finditer(copy.text)]


@lru_cache(maxsize=512)
def _fold(english: str, *, accents: bool) -> Normalized:
    """Return a copy with plain apostrophes, quotes and dashes, and unless ``accents`` without accents; lengths stay."""
    copy = normalize(english)
    text = copy.text.translate(_PUNCTUATION)
    if not accents and not text.isascii():
        text = "".join(unicodedata.normalize("NFD", char)[0] for char in text.translate(_LETTERS))
    return Normalized(text, copy.starts, copy.ends, copy.firsts)


@lru_cache(maxsize=32768)
def _stems(form: str, verbatim: bool) -> tuple[str, ...]:
    """Return what a text must hold for the form to stand in it: figures, and of words what no plural changes.

    A number has dozens of forms, and compiling their expression takes longer than anything else here.
    """
    words = re.findall(r"\d+|[^\W\d_]+", _fold(form.strip(), accents=verbatim).text.lower())
    return tuple(word if word.isdigit() else word[: max(1, len(word) - 4)] for word in words)


@lru_cache(maxsize=32768)
def _pattern(forms: tuple[str, ...], case: str, verbatim: bool) -> re.Pattern[str]:
    """Compile the one expression that finds any of the forms, longest first."""
    folded = {_fold(form.strip(), accents=verbatim).text: None for form in forms}
    ordered = sorted(folded, key=len, reverse=True)
    return re.compile("|".join(_form(form, "exact" if verbatim else case, inflect=not verbatim) for form in ordered))


def _form(form: str, case: str, *, inflect: bool) -> str:
    """Return the expression for one form."""
    words = [word for word in re.split(r"[\s-]+", form) if word] or [form]
    heads = _heads(words) if inflect else set()
    is_number = all(word.lower() in _NUMBER_WORDS or not any(char.isalpha() for char in word) for word in words)
    folds = case == "ignore" or (case == "" and form == form.lower())
    parts = []
    for index, word in enumerate(words):
        shapes = _inflections(word) if index in heads and not is_number else [word]
        if case == "" and not folds:
            capitals = (
                [] if word.isupper() else [shape.upper() for shape in shapes]
            )  # NGOs, but USS is not a plural of US
            shapes = [cased for shape in shapes for cased in (shape, shape[0].upper() + shape[1:])] + capitals
            shapes += ["the"] if index == 0 and word == "The" and len(words) > 1 else []
        alternatives = "|".join(re.escape(shape) for shape in sorted(dict.fromkeys(shapes), key=len, reverse=True))
        parts.append(f"(?:{alternatives})")
    left = r"(?<![^\W_])" if _is_wordlike(form[0]) else ""
    right = r"(?![^\W_])" if _is_wordlike(form[-1]) else ""
    if inflect:
        left, right = left + _left_of_number(form, words), right + _right_of_number(words)
    # A dash that is typed as two hyphens separates words; only a form that has one itself is found across it.
    gaps = [re.escape(gap) if "--" in gap else _GAP for gap in re.findall(r"(?<=[^\s-])[\s-]+(?=[^\s-])", form)]
    body = "".join(part + gap for part, gap in zip_longest(parts, gaps, fillvalue=""))
    return f"{left}(?{'i' if folds else ''}:{body}){right}"


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
