"""The glossary: terms with their one English form, and the test whether a translation holds it.

A glossary is a CSV file with a header. ``source`` and ``target`` are required; a blocker leaves ``target`` empty.

==============  ==================================================================================================
column          holds
==============  ==================================================================================================
``source``      the Japanese term, or the Latin name of a ``dnt`` entry
``target``      its English, as it should be written inside a sentence
``aliases``     other Japanese spellings of the same term, separated by ``|``
``variants``    other English forms that count as right (``U.S.|American``); plurals and possessives go without saying
``forbidden``   English that must not stand for it
``kind``        person, org, place, office, term (the default), blocker
``mode``        hard (the default: must be in the English), soft (a hint), dnt (do not translate: copied as it is)
``case``        empty, ``exact`` or ``ignore``, see ``_terms_english``
``note``        for people
==============  ==================================================================================================

Files stack, and the later one wins: an entry replaces what earlier files say about its source, and takes over aliases
that it claims. Within one file a surface may have one meaning only; saying the same twice is harmless. Reading a file
is ``_glossary_csv``'s work, finding terms in Japanese is ``matching``'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from translate import _terms_english
from translate.normalization import normalize


class Kind(StrEnum):
    """What a term names."""

    PERSON = "person"
    ORG = "org"
    PLACE = "place"
    OFFICE = "office"
    TERM = "term"
    BLOCKER = "blocker"
    NUMBER = "number"  # made from the text by ``terms``; no file may use it


class Mode(StrEnum):
    """How strictly the English must hold a term."""

    HARD = "hard"
    SOFT = "soft"
    DNT = "dnt"


class Case(StrEnum):
    """How capitals are compared; see ``_terms_english``."""

    AUTO = ""
    EXACT = "exact"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Term:
    """One entry.

    Attributes:
        source: The Japanese term as the file writes it.
        target: Its English form; equal to ``source`` for ``dnt``, empty for a blocker.
        aliases: Other Japanese spellings.
        variants: Other English forms that count as right.
        forbidden: English forms that must not stand for it.
        kind: What it names.
        mode: How strictly it is enforced.
        case: How capitals are compared.
        note: A remark for people.
        origin: ``file:line`` of the entry, for messages.
    """

    source: str
    target: str
    aliases: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    kind: Kind = Kind.TERM
    mode: Mode = Mode.HARD
    case: Case = Case.AUTO
    note: str = ""
    origin: str = ""

    def __hash__(self) -> int:
        """Hash by what hardly two entries share: terms are keys everywhere, and have many fields."""
        return hash((self.source, self.target))

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Every spelling that stands for the term in Japanese, the source first."""
        return (self.source, *self.aliases)

    @property
    def is_blocker(self) -> bool:
        """Whether the entry only keeps shorter words from matching inside it."""
        return self.kind is Kind.BLOCKER

    @property
    def content(self) -> tuple[object, ...]:
        """Everything that can change a match or a verdict: not the note, not the origin, no order of variants."""
        lists = (frozenset(map(key, self.aliases)), frozenset(self.variants), frozenset(self.forbidden))
        return (key(self.source), self.target, *lists, self.kind, self.mode, self.case)


@dataclass(frozen=True)
class Glossary:
    """Terms, each surface of which means one thing.

    Attributes:
        terms: The entries, in the order of their files.
        numbers: Whether the numbers and dates of a text become terms, too; see ``terms``.
    """

    terms: tuple[Term, ...] = ()
    numbers: bool = False

    def __hash__(self) -> int:
        """Hash by content, once: matchers are cached per glossary."""
        return hash(self.hash)

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    @cached_property
    def surfaces(self) -> dict[str, Term]:
        """Every normalised surface, sources and aliases, with its term."""
        return {key(surface): term for term in self.terms for surface in term.surfaces}

    @cached_property
    def hash(self) -> str:
        """Sixteen hex digits of the content, whatever the order and the files."""
        lines = [_canonical(term.content) for term in self.terms]
        return _digest([*lines, "numbers"] if self.numbers else lines, digits=16)

    def by_source(self, source: str) -> Term | None:
        """Return the entry that ``source`` stands for, as its source or an alias, in any width; else None."""
        return self.surfaces.get(key(source))


def load(paths: Sequence[Path | str]) -> Glossary:
    """Read glossary files and stack them, the later one above the earlier.

    Args:
        paths: CSV files; none gives an empty glossary.

    Raises:
        GlossaryError: If a file cannot be read, is malformed, or contradicts itself.
    """
    from translate._glossary_csv import read  # it builds on the types above

    glossary = Glossary()
    for path in paths:
        glossary = stack(glossary, Glossary(tuple(read(Path(path)))))
    return glossary


def stack(lower: Glossary, upper: Glossary) -> Glossary:
    """Lay ``upper`` over ``lower``: its sources replace whole entries, its aliases take single surfaces away.

    An entry that loses its source to an alias lives on under its first alias that is left.
    """
    replaced = {key(term.source) for term in upper}
    kept: list[Term] = []
    for term in lower:
        left = [surface for surface in term.surfaces if key(surface) not in upper.surfaces]
        if left and key(term.source) not in replaced:
            kept.append(
                term if len(left) == len(term.surfaces) else replace(term, source=left[0], aliases=tuple(left[1:]))
            )
    return Glossary((*kept, *upper.terms))


def key(surface: str) -> str:
    """Return what two spellings of one surface have in common: NFKC without invisible characters."""
    return normalize(surface.strip()).text


def terms_hash(terms: Iterable[Term]) -> str:
    """Return eight hex digits of what one segment's terms demand: it changes when a translation may need another look.

    >>> terms_hash([]) == terms_hash(()), len(terms_hash([Term("国防総省", "Pentagon")]))
    (True, 8)
    """
    return _terms_hash(frozenset(terms))


@lru_cache(maxsize=16384)
def _terms_hash(terms: frozenset[Term]) -> str:
    return _digest({_demand(term) for term in terms}, digits=8)


@lru_cache(maxsize=16384)
def _demand(term: Term) -> str:
    return _canonical(
        (key(term.source), term.target, frozenset(term.variants), frozenset(term.forbidden), term.mode)
        + ((term.case,) if term.case else ())
    )


def satisfied(term: Term, english: str) -> bool:
    """Tell whether the English holds the term: the one test of enforcement, checks, scores and review.

    >>> pentagon = Term("国防総省", "Pentagon", variants=("Defense Department",))
    >>> [satisfied(pentagon, text) for text in ("Pentagon’s view", "DEFENSE DEPARTMENT", "pentagons", "Pentagonal")]
    [True, True, False, False]
    """
    return term.is_blocker or bool(_occurrences(term, english))


def occurrences(term: Term, english: str) -> list[tuple[int, int]]:
    """Return where the English holds the term's target or a variant, as offsets, plural included, possessive not."""
    return list(_occurrences(term, english))


@lru_cache(maxsize=32768)
def _occurrences(term: Term, english: str) -> tuple[tuple[int, int], ...]:
    """Do what ``occurrences`` says; repairs, checks, counts and the report on an article ask for the same places."""
    if term.is_blocker:
        return ()
    if term.mode is Mode.DNT:
        return tuple(_terms_english.spans((term.source,), "exact", english, verbatim=True))
    return tuple(_terms_english.spans((term.target, *term.variants), term.case, english))


def forbidden_in(term: Term, english: str, *, others: Iterable[Term] = ()) -> list[str]:
    """Return the forbidden forms that the English holds.

    Args:
        term: The entry.
        english: The translation.
        others: The segment's other terms: what stands for one of them is not held against this one.
    """
    if not term.forbidden:
        return []
    excused = [span for allowed in (term, *others) for span in occurrences(allowed, english)]
    found = []
    for form in term.forbidden:
        places = _terms_english.spans((form,), term.case, english)
        if any(not any(low <= start and end <= high for low, high in excused) for start, end in places):
            found.append(form)
    return found


def _canonical(values: Iterable[object]) -> str:
    """Write a tuple in one way only: sets sorted."""
    return repr([sorted(map(str, value)) if isinstance(value, frozenset) else str(value) for value in values])


def _digest(lines: Iterable[str], *, digits: int) -> str:
    """Return the first digits of a SHA-256 over lines in sorted order."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:digits]
