"""Glossary enforcement: candidates from ever dearer generators, and the one rule that chooses among them.

Stages, cheapest first; each runs only for the segments that still lack a term (or are degenerate):

1. ``marked``: the source with its terms marked; ``plain`` where a segment has none.
2. ``nbest``: the further hypotheses of the same search.
3. ``switched``: the English term stands in the source in place of the Japanese one.
4. ``split``: the parts between 、 are translated alone and joined; a short part is easier to get right.
5. ``prefix``: decode again from ``y[:p] + term`` for the best cuts ``p`` of the best draft so far.
6. ``nbest`` once more: a wider search without marks, for output that is still degenerate or flawed.
7. ``inserted``: the missing terms are written into the best draft where they fit best, and a finding says so.

What no stage could mend is returned with its missing terms listed (``failed``), or empty if it is degenerate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from translate.candidates import Candidate, Job, Stage
from translate.checks import Finding, run_checks
from translate.engines.base import Calibration, Context, Engine
from translate.engines.guarded import GuardedEngine
from translate.errors import EngineError, YakubunError
from translate.generators import inserted, marked, prefixed, split, switched, wider
from translate.glossary import Mode, Term
from translate.matching import Match

Generator = Callable[[Sequence[Job], Engine], None]

GENERATORS: tuple[Generator, ...] = (marked, switched, split, prefixed, wider, inserted)
"""Cheapest first; each sees only the segments that no earlier one settled."""

_AT_ONCE = 64  # threads of a call; the pipeline's chunks are smaller

_INSERTED = "a term was written into the English where the model would not say it; read the sentence"
_LOOPED = "every draft looped or was empty; left untranslated, translate it by hand"


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
        confidence: The expected chrF2 of the translation, 0 to 1; None if the engine is not calibrated.
    """

    source: str
    english: str
    stage: Stage
    score: float
    required: tuple[Term, ...]
    missing: tuple[Term, ...]
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    confidence: float | None = None


def required_terms(matches: Sequence[Match]) -> tuple[Term, ...]:
    """Return the distinct terms that the English must hold, in the order of the source."""
    return tuple(dict.fromkeys(match.term for match in matches if match.term.mode is not Mode.SOFT))


def translate_segments(
    sources: Sequence[str],
    matches: Sequence[Sequence[Match]],
    engine: Engine,
    *,
    contexts: Sequence[Context] | None = None,
) -> list[SegmentResult]:
    """Translate segments so that their required terms arrive.

    Args:
        sources: Plain Japanese segments.
        matches: The glossary matches of each.
        engine: Any engine; the stages that it cannot serve are passed over.
        contexts: The neighbours of each in its article, for an engine that reads them.

    Returns:
        One result a segment, in order; nothing is raised for a term that could not be placed.
    """
    near = contexts if contexts is not None and engine.supports_context else [Context()] * len(sources)
    jobs = [
        Job(source, found, tuple(dict.fromkeys(match.term for match in found)), required_terms(found), context=context)
        for source, found, context in zip(sources, matches, near, strict=True)
    ]
    settle = partial(_settle, engine=GuardedEngine(engine))
    if engine.concurrent and len(jobs) > 1:
        # Each on its own way: a segment in trouble goes through its stages while others are still in the first search.
        with ThreadPoolExecutor(min(len(jobs), _AT_ONCE), "segment") as pool:
            list(pool.map(settle, [[job] for job in jobs]))
    else:
        settle(jobs)
    return [_result(job, engine.calibration) for job in jobs]


def _settle(jobs: Sequence[Job], engine: Engine) -> None:
    """Take segments from stage to stage until they are fine."""
    for generate in GENERATORS:
        jobs = [job for job in jobs if not job.tried or not job.best.fine]  # what is fine stays it
        if jobs:
            _run(generate, jobs, engine)


def _run(generate: Generator, jobs: Sequence[Job], engine: Engine) -> None:
    try:
        generate(jobs, engine)
    except YakubunError:
        raise
    except Exception as error:  # an engine is somebody else's code: whatever it raises must become a message
        short = isinstance(error, MemoryError) or "bad_alloc" in str(error) or "out of memory" in str(error).lower()
        remedy = "end other programs, or try --quality fast or fewer --threads" if short else "try another --engine"
        what = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise EngineError(f"{engine.name}@{engine.revision} failed with {what}; {remedy}") from error


def _result(job: Job, calibration: Calibration | None) -> SegmentResult:
    best = job.best
    if "degenerate" in best.flaws:
        return SegmentResult(
            job.source, "", Stage.DEGENERATE, best.score, job.required, job.required, candidates=tuple(job.tried),
            findings=(Finding("repetition", "error", _LOOPED),),
        )  # fmt: skip
    stage = Stage.FAILED if best.missing else best.stage
    findings = tuple(run_checks(job.source, best.text, job.terms))
    if "cut" in best.flaws:
        findings += (Finding("length", "warning", "the engine's length limit cut the translation off; read its end"),)
    if best.stage is Stage.INSERTED:
        findings += (Finding("glossary", "warning", _INSERTED),)
    # The agreement of the first search tells how hard the source is, whatever stage settled it.
    sure = (
        None
        if calibration is None
        else calibration.confidence(best.score, 0.5 if job.agreement is None else job.agreement, job.source)
    )
    return SegmentResult(
        job.source, best.text, stage, best.score, job.required, best.missing, findings, tuple(job.tried), sure
    )
