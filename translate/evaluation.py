"""Runs that produce hypotheses for a test set, and everything that is counted on them.

What is scored comes from ``_score_inputs``, the term figures from ``_score_terms``, the scores from ``metrics``.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from translate._score_inputs import (
    Aligned,
    Notice,
    aligned,
    by_source,
    from_lines,
    from_po,
    is_exchange,
    notices,
    read_lines,
    read_units,
)
from translate._score_terms import TermFigures, term_figures
from translate._score_work import WorkFile
from translate.enforcement import translate_segments
from translate.engines.base import Engine, Progress
from translate.glossary import Glossary
from translate.metrics import LABELS, Measured, Rows, Scores, measure
from translate.overlap import overlapped
from translate.terms import segment_matches

__all__ = [
    "Aligned", "Evaluation", "Notice", "TermFigures", "WorkFile", "aligned", "by_source", "evaluate",
    "evaluate_aligned", "from_lines", "from_po", "is_exchange", "notices", "read_lines", "read_units", "term_figures",
    "translate_lines",
]  # fmt: skip

CHUNK, KEPT_CHUNK = 192, 64
"""Lines that are decoded together: more than an article has; fewer where each chunk is kept for an interrupted run."""

_NAMES = ("source", "hypothesis", "reference")


@dataclass(frozen=True)
class Evaluation:
    """What was found out about one set of hypotheses.

    Attributes:
        rows: The segments.
        measured: Their statistics; all scores come from there.
        terms: Their term figures; empty if the Japanese is unknown.
        stages: Enforcement stage → segments; empty if the hypotheses were given.
        seconds: Time of translating; 0 if the hypotheses were given.
    """

    rows: Aligned
    measured: Measured
    terms: TermFigures
    stages: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def scores(self) -> Scores:
        """BLEU, chrF2 and TER with their signatures."""
        return self.measured.scores

    @property
    def hypotheses(self) -> Sequence[str]:
        """The English, in order."""
        return self.rows.hypotheses

    @property
    def matched(self) -> int:
        """Distinct hard terms a segment, summed."""
        return self.terms.matched

    @property
    def satisfied(self) -> int:
        """Those that the hypothesis holds."""
        return self.terms.satisfied


def translate_lines(
    lines: Sequence[str], glossary: Glossary, engine: Engine, progress: Progress, work: WorkFile | None = None
) -> tuple[list[str], Counter[str], float]:
    """Translate each line as one segment; return the English, the count of stages, and the seconds it took.

    Args:
        lines: Japanese, a segment a line.
        glossary: Its terms are enforced.
        engine: Any engine.
        progress: Told how far it is.
        work: Where finished chunks are kept; what it holds already is not translated again, and its time counts.
    """
    done: dict[int, tuple[str, str]] = dict(work.done) if work else {}
    order = sorted((number for number in range(len(lines)) if number not in done), key=lambda at: -len(lines[at]))
    seconds, size, ready = work.seconds if work else 0.0, KEPT_CHUNK if work else CHUNK, len(done)
    matches = {number: segment_matches(lines[number], glossary) for number in order}  # the analyser has one thread

    def translated(numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
        sources = [lines[number] for number in numbers]
        results = translate_segments(sources, [matches[number] for number in numbers], engine)
        return {number: (one.english, str(one.stage)) for number, one in zip(numbers, results, strict=True)}

    left = [partial(translated, order[at : at + size]) for at in range(0, len(order), size)]
    progress("Translating the test set", ready, len(lines))
    started = time.monotonic()
    for chunk in overlapped(left, concurrent=engine.concurrent):
        now = time.monotonic()
        if work:
            work.add(chunk, now - started)
        done.update(chunk)
        progress("Translating the test set", len(done), len(lines))
        seconds, started = seconds + now - started, now
    english = [done[number][0] for number in range(len(lines))]
    return english, Counter(stage for _, stage in done.values()), seconds


def evaluate_aligned(
    rows: Aligned,
    glossary: Glossary,
    *,
    names: tuple[str, str, str] = _NAMES,
    metrics: Sequence[str] = tuple(LABELS),
    known: Mapping[str, Rows] | None = None,
    progress: Progress = lambda *_: None,
) -> Evaluation:
    """Score aligned segments; where their Japanese is known also count the glossary terms.

    Args:
        rows: The segments.
        glossary: Which terms to count.
        names: What messages call sources, hypotheses and references.
        metrics: Which of sacrebleu's metrics.
        known: Statistics that an earlier run worked out, see ``metrics.measure``.
        progress: Told how far it is.

    Raises:
        ScoreError: The lengths differ, or there is nothing to score.
    """
    measured = measure(
        rows.hypotheses, rows.references, metrics=metrics, known=known, progress=progress,
        hypotheses_name=names[1], references_name=names[2],
    )  # fmt: skip
    if rows.sources is None or not (len(glossary) or glossary.numbers):
        return Evaluation(rows, measured, TermFigures())
    matches = [segment_matches(source, glossary) for source in rows.sources]
    return Evaluation(rows, measured, term_figures(rows, matches, glossary))


def evaluate(
    sources: Sequence[str] | None,
    hypotheses: Sequence[str],
    references: Sequence[str],
    glossary: Glossary,
    *,
    names: tuple[str, str, str] = _NAMES,
) -> Evaluation:
    """Score lines against one reference set; see ``evaluate_aligned``.

    Example:
        >>> evaluate(None, ["The bell rang."], ["The bell rang."], Glossary()).scores.segments
        1
    """
    return evaluate_aligned(from_lines(sources, hypotheses, [references], names), glossary, names=names)
