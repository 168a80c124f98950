"""Term pairs from parallel text: which Japanese names and terms does the reference translate how?

For a test set and its reference this makes what the WMT terminology tasks call the *proper* mode, a glossary of the
names and terms that stand on both sides, and the *random* mode, ordinary words instead. Nothing is learned and no
alignment is computed: a pair needs evidence of its own in one line (it sounds alike, a list or dictionary has it), and
must then hold over all lines. That favours pairs that are right over finding all there are.

Evidence comes from ``_mining_names`` and ``_mining_terms``. Here it is counted and put to the test: the majority of
lines chooses the English; a pair stays only if the reference holds it in two of three lines that ``find_terms`` finds
it in, so that what a longer entry covers, or what is translated now one way and now another, goes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from translate import _mining_names as names
from translate import _mining_terms as terms
from translate._english_words import English, everyday
from translate._mining_terms import Bilingual, read_bilingual
from translate.dictionary import Dictionary
from translate.errors import InputError, ScoreError
from translate.glossary import Glossary, Kind, Term, key, satisfied
from translate.matching import find_terms
from translate.morphology import words
from translate.normalization import normalize

__all__ = ["Bilingual", "How", "MinedPair", "as_glossary", "mine", "read_bilingual"]

_CONSISTENT = 2 / 3  # of a source's lines must hold its English
_VARIANT = 0.2  # of a source's votes make another English a variant
_SEED = 20250620
_PER_LINE = 2  # random words drawn for a line, about what it has of proper terms


class How(StrEnum):
    """Where a pair comes from; the surest first."""

    TERM = "term"  # a bilingual list, or letters that are the same on both sides
    NAME = "name"
    DICTIONARY = "dictionary"


@dataclass(frozen=True, slots=True)
class MinedPair:
    """A term pair with its evidence.

    Attributes:
        source: The Japanese, normalised (NFKC).
        target: The English of most lines, as the reference or the dictionary writes it.
        how: Where it comes from.
        lines: The lines, from 1, in which both sides hold it.
        count: The lines in which the source stands; the reference passes the term over in ``count - len(lines)``.
        variants: Other English that the reference has for it.
    """

    source: str
    target: str
    how: How
    lines: tuple[int, ...]
    count: int
    variants: tuple[str, ...] = ()


def mine(
    sources: Sequence[str],
    references: Sequence[str],
    *,
    bilingual: Bilingual | None = None,
    dictionary: Dictionary | None = None,
    randomly: bool = False,
    seed: int = _SEED,
) -> list[MinedPair]:
    """Return the term pairs of a parallel text, by first line and then source.

    Args:
        sources: Japanese lines.
        references: Their translations, line by line.
        bilingual: Terms to look for beside names.
        dictionary: JMdict and JMnedict: more terms, and the other readings of kanji names.
        randomly: Draw ordinary words instead of names and terms.
        seed: Of the draw; the same seed and text give the same pairs.

    Raises:
        ScoreError: The two texts differ in length.
        InputError: ``randomly`` with neither list nor dictionary.
    """
    if len(sources) != len(references):
        raise ScoreError(f"{len(sources)} source lines, {len(references)} reference lines; give line-aligned texts")
    if randomly and not (bilingual or dictionary):
        raise InputError("random pairs come from a bilingual list or dictionary, and there is none; name a list")
    texts = [normalize(source).text for source in sources]
    english = [English(" ".join(normalize(reference).text.split())) for reference in references]
    glossary = terms.listed(bilingual or {})
    votes = _Votes()
    draw = random.Random(seed)  # noqa: S311 - a sample to repeat, not a secret
    common = everyday(line.text for line in english)
    for text, line in zip(texts, english, strict=True):
        if randomly:
            found = dict.fromkeys(_ordinary(text, line, glossary, dictionary))
            votes.add(draw.sample(sorted(found), min(_PER_LINE, len(found))))
        else:
            votes.add(_proper(text, line, glossary, dictionary, common))
    return _consistent(votes.terms(), texts, english)


def as_glossary(pairs: Sequence[MinedPair]) -> Glossary:
    """Return the pairs as a glossary, with where they come from as notes."""
    return Glossary(
        tuple(
            Term(pair.source, pair.target, variants=pair.variants, kind=Kind.TERM, note=f"{pair.how} {pair.count}")
            for pair in pairs
        )
    )


Found = tuple[str, str, How]


def _proper(
    text: str, line: English, glossary: Glossary, dictionary: Dictionary | None, common: frozenset[str]
) -> Iterator[Found]:
    """Yield the names and terms of one line."""
    units = words(text)
    for source, target in terms.from_list(text, line, glossary):
        yield source, target, How.TERM
    for source, target in (*names.katakana(text, line), *names.kanji(units, line, dictionary)):
        if target.lower() not in common:
            yield source, target, How.NAME
    for source, target in names.latin(text, line):
        yield source, target, How.TERM
    if dictionary:
        for source, target in terms.from_dictionary(units, line, dictionary, ordinary=False):
            yield source, target, How.DICTIONARY


def _ordinary(text: str, line: English, glossary: Glossary, dictionary: Dictionary | None) -> Iterator[Found]:
    """Yield the ordinary words of one line: in small letters, with their English on the other side."""
    for source, target in terms.from_list(text, line, glossary):
        if target == target.lower():
            yield source, target, How.TERM
    if dictionary:
        for source, target in terms.from_dictionary(words(text), line, dictionary, ordinary=True):
            yield source, target, How.DICTIONARY


class _Votes:
    """What the lines say about each source."""

    def __init__(self) -> None:
        self._votes: dict[str, Counter[str]] = {}
        self._hows: dict[tuple[str, str], How] = {}

    def add(self, found: Iterator[Found] | Sequence[Found]) -> None:
        """Count one line: one vote for each source, given to its surest English."""
        seen: set[str] = set()
        for source, target, how in sorted(found, key=lambda one: list(How).index(one[2])):
            if key(source) not in seen and key(source):
                seen.add(key(source))
                self._votes.setdefault(key(source), Counter())[target] += 1
                self._hows.setdefault((key(source), target), how)

    def terms(self) -> dict[Term, How]:
        """Return the majority's term of each source."""
        found = {}
        for source, counter in self._votes.items():
            (target, _), *others = counter.most_common()
            # One line where another name sounds alike is no evidence; a dictionary's other gloss is.
            least = max(2.0 if self._hows[source, target] is How.NAME else 1.0, _VARIANT * counter.total())
            variants = tuple(form for form, votes in others if votes >= least and not satisfied(Term("", target), form))
            found[Term(source, target, variants=variants)] = self._hows[source, target]
        return found


def _consistent(found: dict[Term, How], texts: Sequence[str], english: Sequence[English]) -> list[MinedPair]:
    """Return the terms that hold over all lines, with their lines counted as ``find_terms`` finds them."""
    kept = found
    while True:
        present: dict[Term, list[int]] = {}
        held: dict[Term, list[int]] = {}
        glossary = Glossary(tuple(kept))
        for number, (text, line) in enumerate(zip(texts, english, strict=True), 1):
            for term in dict.fromkeys(match.term for match in find_terms(text, glossary)):
                present.setdefault(term, []).append(number)
                if satisfied(term, line.text):
                    held.setdefault(term, []).append(number)
        steady = {
            term: how
            for term, how in kept.items()
            if len(held.get(term, ())) >= _CONSISTENT * len(present.get(term, (0,)))
        }
        if len(steady) == len(kept):
            break
        kept = steady  # without a dropped entry, shorter ones inside it come to light
    pairs = [
        MinedPair(term.source, term.target, how, tuple(held[term]), len(present[term]), term.variants)
        for term, how in kept.items()
    ]
    return sorted(pairs, key=lambda pair: (pair.lines[0], pair.source))
