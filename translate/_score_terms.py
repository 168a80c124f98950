"""Term figures of translated segments: success, success in clean segments, consistency, over-enforcement.

- *Success*: of the distinct hard and ``dnt`` terms of each segment, the share that its English holds (exact-match
  accuracy of Alam et al. 2021, "On the Evaluation of Machine Translation for Terminology Consistency",
  arXiv:2106.11891, with one occurrence a segment, since English repeats by pronouns). What a person waived is counted
  apart.
- *Clean success*: a term counts as held only where the checks find nothing but glossary faults in the segment. A term
  that was pasted into a broken sentence is no success.
- *Consistency*: of the distinct terms that two or more segments of an article hold in Japanese, the share that all of
  these segments render, and by one and the same form (the aim of Semenov & Bojar 2022, "Automated Evaluation Metric for
  Terminology Consistency in MT", and of WMT25's terminology task; here with the glossary's forms in place of aligned
  words). A term rendered once by its target and once by a variant is successful but not consistent.
- *Over-enforcement*: distinct terms of the glossary whose English form stands in a hypothesis although neither the
  segment's Japanese nor any of its references asks for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from translate._score_inputs import Aligned
from translate.checks import run_checks
from translate.glossary import Glossary, Mode, Term, occurrences, satisfied
from translate.matching import Match

_WORD = re.compile(r"[^\W_]+")
_CHANGING = frozenset({"man", "foot"})  # their plural changes the second letter


@dataclass(frozen=True, slots=True)
class SegmentTerms:
    """The term figures of one segment.

    Attributes:
        matched: Distinct hard and ``dnt`` terms in the Japanese.
        satisfied: Those that the English holds, waived ones left out.
        waived: Those that a person waived.
        clean: Whether the checks find nothing but missing terms.
        over: Terms that the English holds though nothing asks for them.
    """

    matched: int
    satisfied: int
    waived: int
    clean: bool
    over: tuple[Term, ...] = ()


@dataclass(frozen=True)
class TermFigures:
    """The term figures of a test set.

    Attributes:
        segments: Figures of each segment.
        consistency: For each term that an article repeats: (article, term, whether one form renders it throughout).
    """

    segments: Sequence[SegmentTerms] = ()
    consistency: Sequence[tuple[str, Term, bool]] = ()

    @property
    def matched(self) -> int:
        """Distinct hard and ``dnt`` terms of each segment, summed."""
        return sum(segment.matched for segment in self.segments)

    @property
    def satisfied(self) -> int:
        """Those that the English holds."""
        return sum(segment.satisfied for segment in self.segments)

    @property
    def waived(self) -> int:
        """Those that a person waived."""
        return sum(segment.waived for segment in self.segments)

    @property
    def missing(self) -> int:
        """Those that are neither held nor waived."""
        return self.matched - self.satisfied - self.waived

    @property
    def clean_satisfied(self) -> int:
        """Those that the English of a segment without other findings holds."""
        return sum(segment.satisfied for segment in self.segments if segment.clean)

    @property
    def over_enforced(self) -> int:
        """Terms of each segment that nothing asks for, summed."""
        return sum(len(segment.over) for segment in self.segments)

    @property
    def repeated(self) -> int:
        """Distinct terms that an article repeats, summed over the articles."""
        return len(self.consistency)

    @property
    def consistent(self) -> int:
        """Those that one form renders throughout."""
        return sum(one for _, _, one in self.consistency)

    @property
    def success(self) -> float | None:
        """Share of the terms, waived ones aside, that the English holds; None without terms."""
        return _share(self.satisfied, self.matched - self.waived)

    @property
    def clean_success(self) -> float | None:
        """Share of the terms, waived ones aside, that segments without other findings hold; None without terms."""
        return _share(self.clean_satisfied, self.matched - self.waived)

    @property
    def consistency_share(self) -> float | None:
        """Share of the repeated terms that one form renders throughout; None if no article repeats one."""
        return _share(self.consistent, self.repeated)


def term_figures(rows: Aligned, matches: Sequence[Sequence[Match]], glossary: Glossary) -> TermFigures:
    """Count the terms of aligned segments.

    Args:
        rows: The segments; their sources must be known.
        matches: The terms found in each source.
        glossary: Where they come from, to look for over-enforcement.
    """
    sources = rows.sources or [""] * len(rows.hypotheses)
    index = _FormIndex(glossary)
    segments = [
        _segment(source, english, found, waived, index, references)
        for source, english, found, waived, *references in zip(
            sources, rows.hypotheses, matches, rows.waived, *rows.references, strict=True
        )
    ]
    return TermFigures(segments, _consistency(rows, matches))


def _segment(
    source: str,
    english: str,
    found: Sequence[Match],
    waived: frozenset[str],
    index: _FormIndex,
    references: Sequence[str],
) -> SegmentTerms:
    required = _required(found)
    asked = [term for term in required if not _is_waived(term, waived)]
    terms = [term for term in dict.fromkeys(match.term for match in found) if not _is_waived(term, waived)]
    clean = all(finding.check == "glossary" for finding in run_checks(source, english, terms, skip=waived))
    held = sum(satisfied(term, english) for term in asked)
    over = _over_enforced(english, [match.term for match in found], index, references)
    return SegmentTerms(len(required), held, len(required) - len(asked), clean, over)


def _required(found: Iterable[Match]) -> list[Term]:
    return list(dict.fromkeys(match.term for match in found if match.term.mode is not Mode.SOFT))


def _is_waived(term: Term, waived: frozenset[str]) -> bool:
    return "glossary" in waived or not waived.isdisjoint(term.surfaces)


def _over_enforced(
    english: str, asked: Sequence[Term], index: _FormIndex, references: Sequence[str]
) -> tuple[Term, ...]:
    """Return the terms whose form stands in the English outside of what the segment's own terms put there."""
    excused = [span for term in asked for span in occurrences(term, english)]
    found = []
    for term in index.possible(english):
        if term in asked or any(satisfied(term, reference) for reference in references):
            continue
        places = occurrences(term, english)
        if any(not any(low <= start and end <= high for low, high in excused) for start, end in places):
            found.append(term)
    return tuple(found)


def _consistency(rows: Aligned, matches: Sequence[Sequence[Match]]) -> list[tuple[str, Term, bool]]:
    found: list[tuple[str, Term, bool]] = []
    for article, numbers in rows.by_article().items():
        places: dict[Term, list[int]] = {}
        for number in numbers:
            for term in _required(matches[number]):
                if not _is_waived(term, rows.waived[number]):
                    places.setdefault(term, []).append(number)
        for term, repeated in places.items():
            if len(repeated) > 1:
                forms = [_forms_in(term, rows.hypotheses[number]) for number in repeated]
                found.append((article, term, all(forms) and len(frozenset.union(*forms)) == 1))
    return found


def _forms_in(term: Term, english: str) -> frozenset[str]:
    """Return which of a term's forms the English holds; one that lies within a longer one does not count."""
    taken: list[tuple[int, int]] = []
    found = set()
    for form in sorted((term.target, *term.variants), key=len, reverse=True):
        places = occurrences(_only(term, form), english)
        free = [(start, end) for start, end in places if not any(low < end and start < high for low, high in taken)]
        if free:
            found.add(form)
            taken += free
    return frozenset(found)


@lru_cache(maxsize=32768)
def _only(term: Term, form: str) -> Term:
    return replace(term, target=form, variants=())


class _FormIndex:
    """Which terms could stand in a text, by how its words begin: a glossary holds thousands, a segment few."""

    def __init__(self, glossary: Glossary) -> None:
        self._always: list[Term] = []
        self._by_start: dict[str, list[Term]] = {}
        self._all = [term for term in glossary if not term.is_blocker]
        for term in self._all:
            starts = {_start(form) for form in (term.target, *term.variants)}
            if "" in starts:
                self._always.append(term)
            else:
                for start in starts:
                    self._by_start.setdefault(start, []).append(term)

    def possible(self, english: str) -> list[Term]:
        """Return the terms of which a form may stand in the text, each once."""
        folded = _folded(english)
        words = {word[:2] for word in _WORD.findall(folded)}
        if not all(word.isascii() for word in words):  # ø and its like: only the glossary's comparison folds them
            return self._all
        starting = (term for word in sorted(words) for term in self._by_start.get(word, ()))
        return list(dict.fromkeys([*self._always, *starting]))


def _start(form: str) -> str:
    """Return the first two letters of a form, or nothing if it must be looked for everywhere."""
    folded = _folded(form.strip())
    word = _WORD.match(folded)
    return word[0][:2] if word and word[0].isascii() and word[0] not in _CHANGING else ""


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
