"""Glossary marks for training: terms mined in a pair's own text, marked at random.

A model that always saw the same term marked the same way would learn the term; what it shall learn is to put whatever
stands in a mark where it belongs. So the terms come from each sentence itself (a katakana name and the capitalised
words that it spells, a dictionary word whose gloss stands in the English, a number that stands in both), different ones
are drawn whenever the pair comes again, and many pairs stay without.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from translate import dictionary
from translate.adapt.data import Pair, read_tsv
from translate.engines.base import Mark, MarkedText
from translate.quantities import english_forms, find_quantities
from translate.transliteration import THRESHOLD, similarity

MARKED_SHARE, MOST_MARKS = 0.5, 3

_KATAKANA = re.compile(r"[ァ-ヺー]+(?:・[ァ-ヺー]+)*")
_CAPITALISED = re.compile(r"\b[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]*[A-Za-zÀ-ÿ]")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_LONGEST_WORD, _SHORTEST_KATAKANA, _SHORTEST_GLOSS = 12, 3, 4

Glosses = Callable[[str], Sequence[str]]
"""Return the English glosses of a Japanese word."""


@dataclass(frozen=True, order=True)
class Term:
    """``ja[start:end]`` stands for ``en[en_start:en_end]``."""

    start: int
    end: int
    en_start: int
    en_end: int


@dataclass(frozen=True)
class MarkedPair:
    """A pair as the model shall see it.

    Attributes:
        source: The Japanese with its marks.
        target: The English.
        spans: Start and end of each marked term in the English, in order.
    """

    source: MarkedText
    target: str
    spans: tuple[tuple[int, int], ...] = ()


def no_glosses(_word: str) -> Sequence[str]:
    """Return nothing: there is no dictionary."""
    return ()


def read_glosses(lists: Iterable[Path]) -> Glosses:
    """Return what looks words up in word lists (``Japanese TAB English``) and in the installed dictionary, if any.

    Raises:
        InputError: A file cannot be read or has other columns.
    """
    words: dict[str, list[str]] = {}
    for path in lists:
        for ja, en in read_tsv(path).pairs:
            words.setdefault(ja, []).append(en)
    installed = dictionary.find()
    if not words and installed is None:
        return no_glosses

    @lru_cache(maxsize=200_000)
    def glosses(word: str) -> tuple[str, ...]:
        if _HIRAGANA.search(word):  # glossaries hold nouns
            return ()
        found = list(words.get(word, ()))
        if installed is not None:
            found += [english for sense in installed.lookup(word) for english in sense.english]
        return tuple(english for english in found if len(english) >= _SHORTEST_GLOSS)

    return glosses


def mine(pair: Pair, glosses: Glosses) -> list[Term]:
    """Return the terms that stand on both sides, in order and without overlap on either.

    Only what occurs once in the Japanese counts, so that there is no doubt which occurrence the English renders.

    Example:
        >>> ja, en = "ベロウソフ国防相は12日に会談した。", "Defence minister Belousov held talks on the 12th."
        >>> [(ja[t.start : t.end], en[t.en_start : t.en_end]) for t in mine(Pair(ja, en), no_glosses)]
        [('ベロウソフ', 'Belousov'), ('12日', '12th')]
    """
    found = sorted({*_names(pair), *_words(pair, glosses), *_numbers(pair)}, key=lambda term: term.start - term.end)
    chosen: list[Term] = []
    for term in found:  # the longest first
        if pair.ja.count(pair.ja[term.start : term.end]) == 1 and not any(_clash(term, other) for other in chosen):
            chosen.append(term)
    return sorted(chosen)


def _clash(one: Term, other: Term) -> bool:
    ja = one.start < other.end and other.start < one.end
    return ja or (one.en_start < other.en_end and other.en_start < one.en_end)


def _names(pair: Pair) -> Iterable[Term]:
    """Yield katakana words beside the capitalised words that sound like them."""
    words = list(_CAPITALISED.finditer(pair.en))
    for run in _KATAKANA.finditer(pair.ja):
        at = run.start()
        for part in run[0].split("・"):
            start, end = at, at + len(part)
            at = end + 1
            if len(part) < _SHORTEST_KATAKANA or not words:
                continue
            score, best = max(((similarity(part, word[0]), word) for word in words), key=lambda one: one[0])
            if score >= THRESHOLD:
                yield Term(start, end, *best.span())


def _words(pair: Pair, glosses: Glosses) -> Iterable[Term]:
    """Yield dictionary words of which a gloss stands in the English, the longest at each place."""
    lowered = pair.en.lower() if len(pair.en.lower()) == len(pair.en) else pair.en
    at = 0
    while at < len(pair.ja):
        for end in range(min(len(pair.ja), at + _LONGEST_WORD), at + 1, -1):
            found = glosses(pair.ja[at:end])
            place = next((place for gloss in found if (place := _find(lowered, gloss.lower()))), None)
            if place:
                yield Term(at, end, *place)
                at = end - 1
                break
        at += 1


def _find(text: str, gloss: str) -> tuple[int, int] | None:
    """Return where a gloss stands as whole words."""
    at = text.find(gloss) if gloss else -1
    while at >= 0:
        end = at + len(gloss)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            return at, end
        at = text.find(gloss, at + 1)
    return None


def _numbers(pair: Pair) -> Iterable[Term]:
    """Yield quantities of the Japanese that stand in the English in one of their written forms."""
    for quantity in find_quantities(pair.ja):
        target, variants, _ = english_forms(quantity)
        place = next((place for form in (target, *variants) if (place := _find(pair.en, form))), None)
        if place:
            yield Term(quantity.start, quantity.end, *place)


def mark(pair: Pair, glosses: Glosses, rng: random.Random, share: float = MARKED_SHARE) -> MarkedPair:
    """Mark one to three of a pair's terms, or none.

    Args:
        pair: The pair.
        glosses: Dictionary words, for terms beside names and numbers.
        rng: Decides whether and what to mark.
        share: Part of the pairs that are marked if they hold a term.
    """
    if rng.random() >= share:
        return MarkedPair(MarkedText(pair.ja), pair.en)
    terms = mine(pair, glosses)
    terms = sorted(rng.sample(terms, min(len(terms), rng.randint(1, MOST_MARKS))))
    marks = tuple(Mark(term.start, term.end, pair.en[term.en_start : term.en_end]) for term in terms)
    spans = tuple(sorted((term.en_start, term.en_end) for term in terms))
    return MarkedPair(MarkedText(pair.ja, marks), pair.en, spans)
