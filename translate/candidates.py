"""Candidate translations of a segment, and the one rule that chooses among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from translate.checks import run_checks
from translate.engines.base import Context
from translate.english import repair
from translate.glossary import Term, satisfied
from translate.matching import Match
from translate.repetition import is_degenerate

# What makes a candidate worse than one without it; other findings are for people.
_BLOCKING = frozenset({"japanese", "markup", "doubled", "empty"})


class Stage(StrEnum):
    """Which generator wrote the translation that was kept."""

    PLAIN = "plain"
    MARKED = "marked"
    NBEST = "nbest"
    SWITCHED = "switched"
    PREFIX = "prefix"
    SPLIT = "split"
    INSERTED = "inserted"
    FAILED = "failed"
    DEGENERATE = "degenerate"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One translation that was considered.

    Attributes:
        text: The English, repaired.
        stage: The generator that made it.
        score: The engine's mean log-probability of it.
        missing: The required terms that it lacks.
        flaws: Names of the checks it fails, and ``degenerate`` or ``cut`` (length limit).
    """

    text: str
    stage: Stage
    score: float
    missing: tuple[Term, ...]
    flaws: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether it holds every required term and has no flaw."""
        return not self.missing and not self.flaws


@dataclass(slots=True)
class Job:
    """One segment on its way through the stages.

    Attributes:
        source: The Japanese.
        matches: Its glossary matches.
        terms: Its distinct terms, soft ones included.
        required: Those that the English must hold.
        tried: The candidates so far.
        agreement: How far the hypotheses of the first search agreed, 0 to 1; None where nobody compared them.
        context: Its neighbours, empty for an engine that does not read them.
    """

    source: str
    matches: Sequence[Match]
    terms: tuple[Term, ...]
    required: tuple[Term, ...]
    tried: list[Candidate] = field(default_factory=list)
    agreement: float | None = None
    context: Context = field(default_factory=Context)

    @property
    def best(self) -> Candidate:
        """The one rule: no degenerate text, then the fewest missing terms, then the fewest flaws, then the score."""
        if len(self.tried) == 1:
            return self.tried[0]
        return min(
            self.tried,
            key=lambda one: ("degenerate" in one.flaws, len(one.missing), len(one.flaws), -one.score, one.text),
        )

    def add(self, text: str, stage: Stage, score: float, *, finished: bool = True) -> Candidate:
        """Repair a text, judge it, and keep it unless it was tried before."""
        text = repair(text, self.terms)
        known = next((one for one in self.tried if one.text == text), None)
        if known is not None:
            return known
        missing = tuple(term for term in self.required if not satisfied(term, text))
        found = {finding.check for finding in run_checks(self.source, text, self.terms)}
        flaws = sorted(found & _BLOCKING) + ["degenerate"] * (not text or is_degenerate(self.source, text))
        # A forbidden form is a flaw of its own; a missing term is already counted as missing.
        flaws += ["forbidden"] * ("glossary" in found and not missing) + ["cut"] * (not finished)
        candidate = Candidate(text, stage, score, missing, tuple(flaws))
        self.tried.append(candidate)
        return candidate
