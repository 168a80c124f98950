"""Glossary enforcement: candidates from ever dearer generators, and the one rule that chooses among them.

Stages, cheapest first; each runs only for the segments that still lack a term (or are degenerate):

1. ``marked``: the source with its terms marked; ``plain`` where a segment has none.
2. ``nbest``: the further hypotheses of the same search.
3. ``switched``: the English term stands in the source in place of the Japanese one.
4. ``prefix``: decode again from ``y[:p] + term`` for cuts ``p`` of the best draft so far.
5. ``split``: translate the parts between 、 and join them; for degenerate output, and the last resort.

What no stage could mend is returned with its missing terms listed (``failed``), or empty if it is degenerate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from translate.checks import Finding, run_checks
from translate.engines.base import Engine, Hypothesis, Mark, MarkedText
from translate.english import repair
from translate.glossary import Mode, Term, satisfied
from translate.matching import Match
from translate.repetition import is_degenerate

NBEST = 4
_MAX_CUTS = 12
_BLOCKING = frozenset({"japanese", "markup", "doubled", "empty"})


class Stage(StrEnum):
    """Which generator wrote the translation that was kept."""

    PLAIN = "plain"
    MARKED = "marked"
    NBEST = "nbest"
    SWITCHED = "switched"
    PREFIX = "prefix"
    SPLIT = "split"
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


@dataclass(frozen=True, slots=True)
class SegmentResult:
    """The translation of one segment with its evidence.

    Attributes:
        source: The Japanese.
        english: The English; empty where every candidate was degenerate.
        stage: The stage that settled it.
        score: The engine's mean log-probability.
        required: Distinct hard and do-not-translate terms found in the source.
        missing: Those that the English lacks.
        findings: What the checks say of the English.
        candidates: Everything that was tried.
    """

    source: str
    english: str
    stage: Stage
    score: float
    required: tuple[Term, ...]
    missing: tuple[Term, ...]
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class _Job:
    """One segment on its way through the stages."""

    source: str
    matches: Sequence[Match]
    terms: tuple[Term, ...]
    required: tuple[Term, ...]
    tried: list[Candidate] = field(default_factory=list)

    @property
    def best(self) -> Candidate:
        """The one rule: no degenerate text, then the fewest missing terms, then the fewest flaws, then the score."""
        return min(
            self.tried,
            key=lambda one: ("degenerate" in one.flaws, len(one.missing), len(one.flaws), -one.score, one.text),
        )

    def add(self, text: str, stage: Stage, score: float, *, finished: bool = True) -> None:
        text = repair(text, self.terms)
        if any(one.text == text for one in self.tried):
            return
        missing = tuple(term for term in self.required if not satisfied(term, text))
        found = {finding.check for finding in run_checks(self.source, text, self.terms)}
        flaws = sorted(found & _BLOCKING) + ["degenerate"] * (not text or is_degenerate(self.source, text))
        # A forbidden form is a flaw of its own; a missing term is already counted as missing.
        flaws += ["forbidden"] * ("glossary" in found and not missing) + ["cut"] * (not finished)
        self.tried.append(Candidate(text, stage, score, missing, tuple(flaws)))


def required_terms(matches: Sequence[Match]) -> tuple[Term, ...]:
    """Return the distinct terms that the English must hold, in the order of the source."""
    return tuple(dict.fromkeys(match.term for match in matches if match.term.mode is not Mode.SOFT))


def translate_segments(
    sources: Sequence[str], matches: Sequence[Sequence[Match]], engine: Engine
) -> list[SegmentResult]:
    """Translate segments so that their required terms arrive.

    Args:
        sources: Plain Japanese segments.
        matches: The glossary matches of each.
        engine: Any engine; the stages that it cannot serve are passed over.

    Returns:
        One result a segment, in order; nothing is raised for a term that could not be placed.
    """
    jobs = [
        _Job(source, found, tuple(dict.fromkeys(match.term for match in found)), required_terms(found))
        for source, found in zip(sources, matches, strict=True)
    ]
    for generate in (_marked, _switched, _prefixed, _wider, _split):
        open_jobs = [job for job in jobs if not job.tried or not job.best.fine]
        if open_jobs:
            generate(open_jobs, engine)
    return [_result(job) for job in jobs]


def _result(job: _Job) -> SegmentResult:
    best = job.best
    if "degenerate" in best.flaws:
        return SegmentResult(
            job.source, "", Stage.DEGENERATE, best.score, job.required, job.required, candidates=tuple(job.tried),
            findings=(Finding("repetition", "error", "every draft looped or was empty; left untranslated, translate it by hand"),),
        )  # fmt: skip
    stage = Stage.FAILED if best.missing else best.stage
    findings = tuple(run_checks(job.source, best.text, job.terms))
    if "cut" in best.flaws:
        findings += (Finding("length", "warning", "the engine's length limit cut the translation off; read its end"),)
    return SegmentResult(
        job.source, best.text, stage, best.score, job.required, best.missing, findings, tuple(job.tried)
    )


def _marked(jobs: Sequence[_Job], engine: Engine) -> None:
    """Translate with the terms marked; its further hypotheses are the ``nbest`` stage."""
    marked = engine.supports_marks
    texts = [MarkedText(job.source, _marks(job.matches) if marked else ()) for job in jobs]
    for job, text, hypotheses in zip(jobs, texts, engine.translate(texts, num_hypotheses=NBEST), strict=True):
        first = Stage.MARKED if text.marks else Stage.PLAIN
        for rank, hypothesis in enumerate(hypotheses):
            if rank and job.best.fine:
                break  # a further hypothesis is only asked for what the first one lacks
            job.add(hypothesis.text, Stage.NBEST if rank else first, hypothesis.score, finished=hypothesis.finished)


def _marks(matches: Sequence[Match]) -> tuple[Mark, ...]:
    """Mark the first occurrence of each term: a mark asks for the term once, a second one would ask twice."""
    first = {match.term: match for match in reversed(matches)}
    return tuple(
        Mark(match.start, match.end, match.term.target) for match in sorted(first.values(), key=lambda one: one.start)
    )


def _switched(jobs: Sequence[_Job], engine: Engine) -> None:
    """Put the English terms into the Japanese source (code switching, Song et al. 2019, arXiv:1904.09107)."""
    jobs = [job for job in jobs if job.best.missing]
    texts = []
    for job in jobs:
        missing, text = job.best.missing, job.source
        for match in reversed(job.matches):
            if match.term in missing:
                text = f"{text[: match.start]} {match.term.target} {text[match.end :]}"
        texts.append(MarkedText(text))
    _collect(jobs, Stage.SWITCHED, engine, texts, None)


def _prefixed(jobs: Sequence[_Job], engine: Engine) -> None:
    """Force a missing term behind each cut of the best draft, one term a round."""
    if not engine.supports_prefix:
        return
    for _ in range(max((len(job.best.missing) for job in jobs), default=0)):
        round_jobs, texts, prefixes = [], [], []
        for job in jobs:
            if not job.best.missing:
                continue
            term = job.best.missing[0]
            for prefix in _prefixes(job.best.text, term):
                round_jobs.append(job)
                texts.append(MarkedText(job.source, _marks(job.matches) if engine.supports_marks else ()))
                prefixes.append(prefix)
        if not round_jobs:
            return
        _collect(round_jobs, Stage.PREFIX, engine, texts, prefixes)


def _prefixes(draft: str, term: Term) -> list[str]:
    """Return the draft's starts, cut before words, each followed by the term; evenly thinned out in a long draft."""
    cuts = [0, *(match.end() for match in re.finditer(r"\s+", draft))]
    if len(cuts) > _MAX_CUTS:
        cuts = [cuts[round(index * (len(cuts) - 1) / (_MAX_CUTS - 1))] for index in range(_MAX_CUTS)]
    opening = term.target[:1].upper() + term.target[1:] if term.mode is not Mode.DNT else term.target
    return [draft[:cut] + (term.target if cut else opening) for cut in dict.fromkeys(cuts)]


def _wider(jobs: Sequence[_Job], engine: Engine) -> None:
    """Decode again without marks and with a wider search: another path out of a loop or a flaw."""
    jobs = [job for job in jobs if not job.best.fine]
    _collect(jobs, Stage.NBEST, engine, [MarkedText(job.source) for job in jobs], None, hypotheses=2 * NBEST)


def _split(jobs: Sequence[_Job], engine: Engine) -> None:
    """Translate the parts between 、 alone and join them; a short part is easier to get right."""
    jobs = [job for job in jobs if _parts(job)]
    pieces = [(job, start, end) for job in jobs for start, end in _parts(job)]
    found = [
        [
            replace(one, start=one.start - start, end=one.end - start)
            for one in job.matches
            if start <= one.start and one.end <= end
        ]
        for job, start, end in pieces
    ]
    texts = [
        MarkedText(job.source[start:end], _marks(inside) if engine.supports_marks else ())
        for (job, start, end), inside in zip(pieces, found, strict=True)
    ]
    outputs = engine.translate(texts) if texts else []
    for job in jobs:
        own = [output[0] for (owner, _, _), output in zip(pieces, outputs, strict=True) if owner is job]
        parts = [hypothesis.text.rstrip(" .,;") for hypothesis in own]
        text = ", ".join(part if index == 0 else _continued(part) for index, part in enumerate(parts) if part)
        ending = (
            "?"
            if job.source.rstrip("」』）").endswith(("?", "？"))
            else "."
            if job.source.rstrip("」』）").endswith(("。", "．", "."))
            else ""
        )
        job.add(
            text + ending,
            Stage.SPLIT,
            min((one.score for one in own), default=0.0),
            finished=all(one.finished for one in own),
        )


def _parts(job: _Job) -> list[tuple[int, int]]:
    cuts = [match.end() for match in re.finditer("[、，,;；：:]", job.source)]
    cuts = [cut for cut in cuts if not any(one.start < cut < one.end for one in job.matches) and cut < len(job.source)]
    edges = [0, *cuts, len(job.source)]
    return list(pairwise(edges)) if cuts else []


def _continued(part: str) -> str:
    """Lower the capital that a part has only because it was translated alone."""
    return (
        part[:1].lower() + part[1:]
        if re.match(r"(?:The|A|An|In|On|At|It|He|She|They|We|This|That|But|And|However|After|When|As)\b", part)
        else part
    )


def _collect(
    jobs: Sequence[_Job],
    stage: Stage,
    engine: Engine,
    texts: Sequence[MarkedText],
    prefixes: Sequence[str] | None,
    hypotheses: int = 1,
) -> None:
    """Translate, then score each new text against the plain source, so that stages can be compared."""
    if not jobs:
        return
    outputs: list[list[Hypothesis]] = engine.translate(texts, prefixes=prefixes, num_hypotheses=hypotheses)
    flat = [(job, hypothesis) for job, output in zip(jobs, outputs, strict=True) for hypothesis in output]
    known = {id(job): {one.text for one in job.tried} for job in jobs}
    fresh = [(job, one) for job, one in flat if repair(one.text, job.terms) not in known[id(job)]]
    scores = engine.score([job.source for job, _ in fresh], [one.text for _, one in fresh])
    for (job, hypothesis), score in zip(fresh, scores, strict=True):
        job.add(hypothesis.text, stage, score or hypothesis.score, finished=hypothesis.finished)
