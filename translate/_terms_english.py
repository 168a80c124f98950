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

from translate._term_forms import Finder, finder, is_plain, needles, take_apart
from translate.normalization import Normalized, normalize

_PUNCTUATION = {ord(char): "'" for char in "‘’ʼ`´′"} | {ord(char): '"' for char in "“”„″"}
_PUNCTUATION |= {ord(char): "-" for char in "‐‑‒–−"}  # an em dash separates clauses and is left alone
_LETTERS = str.maketrans("ıłŁøØđĐ", "ilLoOdD")  # letters whose accent Unicode does not take apart

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
    copy, lower = _fold(english, accents=verbatim)
    text = copy.text
    possible = [form for form, least in _asked(tuple(forms), verbatim) if _may_hold(lower, least)]
    if not possible:
        return []
    case = "exact" if verbatim else case
    if all(map(is_plain, possible)):
        found = _by_hand([finder(form, case, not verbatim) for form in possible], text, lower)
    else:
        found = [match.span() for match in _pattern(tuple(possible), case, not verbatim).finditer(text)]
    return [copy.original(*span) for span in found]


def _by_hand(finders: Sequence[Finder], text: str, lower: str) -> list[Span]:
    """Return what an expression of the forms, joined by ``|``, would find."""
    places: dict[int, list[Finder]] = {}
    for one in finders:
        for start in one.starts(text, lower):
            places.setdefault(start, []).append(one)
    found: list[Span] = []
    behind = 0
    for start in sorted(places):
        if start >= behind:
            end = next((end for one in places[start] if (end := one.end(text, lower, start)) >= 0), -1)
            if end >= 0:
                found.append((start, end))
                behind = end
    return found


@lru_cache(maxsize=512)
def _fold(english: str, *, accents: bool) -> tuple[Normalized, str]:
    """Return a copy with plain apostrophes, quotes and dashes, and unless ``accents`` without accents; lengths stay.

    With it its text in small letters.
    """
    copy = normalize(english)
    text = copy.text
    if not text.isascii():
        text = text.translate(_PUNCTUATION)
        text = text if accents or text.isascii() else text.translate(_LETTERS)
        if not accents and not unicodedata.is_normalized("NFD", text):
            text = "".join(unicodedata.normalize("NFD", char)[0] for char in text)
    elif "`" in text:
        text = text.replace("`", "'")
    return Normalized(text, copy.starts, copy.ends, copy.firsts), text.lower()


@lru_cache(maxsize=8192)
def _asked(forms: tuple[str, ...], verbatim: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the different folded forms, the longest first, each with what a text in small letters must hold of it.

    A number has dozens of forms, and this rules most of them out before anything is made of them.
    """
    folded = dict.fromkeys(_folded(form, verbatim) for form in forms)
    return tuple((form, needles(form)) for form in sorted(folded, key=len, reverse=True))


def _folded(form: str, verbatim: bool) -> str:
    return form.strip() if form.isascii() and "`" not in form else _fold(form.strip(), accents=verbatim)[0].text


def _may_hold(lower: str, least: tuple[str, ...]) -> bool:
    for needle in least:  # noqa: SIM110 - all() of a generator takes twice as long
        if needle not in lower:
            return False
    return True


@lru_cache(maxsize=1024)
def _pattern(forms: tuple[str, ...], case: str, inflect: bool) -> re.Pattern[str]:
    """Compile the one expression that finds any of the forms, the first one first."""
    return re.compile("|".join(take_apart(form, case, inflect).pattern for form in forms))
