"""Finding a term in English text: the word test behind ``glossary.satisfied``.

A form such as ``defense minister`` is found as whole words in every shape a careful writer gives it: plural and
possessive (ministers, minister's), compounds (Pentagon-led), title case and capitals, wrapped lines, no-break spaces,
typographic apostrophes and dashes, and names without their accents. It is not found inside a longer word, and a
different spelling (US for U.S., defence for defense) counts only if the glossary lists it.

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
    pattern = _pattern(tuple(forms), case, verbatim)
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
def _pattern(forms: tuple[str, ...], case: str, verbatim: bool) -> re.Pattern[str]:
    """Compile the one expression that finds any of the forms, longest first."""
    folded = {_fold(form.strip(), accents=verbatim).text: None for form in forms}
    ordered = sorted(folded, key=len, reverse=True)
    return re.compile("|".join(_form(form, "exact" if verbatim else case, inflect=not verbatim) for form in ordered))


def _form(form: str, case: str, *, inflect: bool) -> str:
    """Return the expression for one form."""
    words = [word for word in re.split(r"[\s-]+", form) if word] or [form]
    heads = _heads(words) if inflect else set()
    folds = case == "ignore" or (case == "" and form == form.lower())
    parts = []
    for index, word in enumerate(words):
        shapes = _inflections(word) if index in heads else [word]
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
    return f"{left}(?{'i' if folds else ''}:{_GAP.join(parts)}){right}"


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
