"""Bootstrap resampling of anything that is a sum of rows: scores of a corpus, the share of satisfied terms.

The same resamples as ``sacrebleu --confidence`` and ``--paired-bs`` draw, and its p-value, to the last digit (a test
runs both). They are drawn one at a time, and not all at once as sacrebleu does, which keeps memory small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from translate.errors import ScoreError

Rows = Sequence[Sequence[float]]
"""A row of numbers a segment; those of all segments are added up."""

Score = Callable[[Any], float]
"""What is computed from a sum of rows."""

RESAMPLES, SEED = 1000, 12345
"""Of every bootstrap: sacrebleu's own numbers, whatever ``SACREBLEU_SEED`` says."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95 % interval of a score by bootstrap resampling of the segments.

    Attributes:
        mean: Mean of the resampled scores.
        low: The score that 2.5 % of the resamples stay below.
        high: The score that 2.5 % of the resamples exceed.
        half: Half its width: the figure that sacrebleu prints behind ±.
    """

    mean: float
    low: float
    high: float
    half: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on the same segments, by paired bootstrap resampling (Koehn 2004).

    Attributes:
        baseline: Score of the baseline.
        system: Score of the system.
        low: Lower end of the 95 % interval of ``difference``.
        high: Upper end of it.
        p_value: sacrebleu's two-sided p-value: how often a difference this large comes from the choice of segments
            alone. 1 where no resample differs at all (sacrebleu says 0.001 there, which would call no change certain).
    """

    baseline: float
    system: float
    low: float
    high: float
    p_value: float

    @property
    def difference(self) -> float:
        """System minus baseline."""
        return self.system - self.baseline


def resampled(rows: Rows, score: Score) -> list[Any]:
    """Return the scores of ``RESAMPLES`` resamples of the rows; equally many rows draw equal resamples.

    Rows and what comes of them stay in single precision where sacrebleu has it, or the last digits would differ.
    """
    import numpy as np

    generator = np.random.default_rng(SEED)
    table = np.array(rows, dtype="float32")  # counts are exact up to 16 million
    size = len(table)
    return [score(table[generator.choice(size, size=size)].sum(0)) for _ in range(RESAMPLES)]


def interval(scores: Iterable[Any]) -> Interval:
    """Return the 95 % interval of resampled scores."""
    ordered = sorted(scores)
    if len({type(score) for score in ordered}) > 1:  # a score without any match is a plain 0, which sacrebleu fails on
        ordered = [float(score) for score in ordered]
    outside = len(ordered) // 40
    low, high = ordered[outside], ordered[-outside - 1]
    return Interval(float(mean(ordered)), float(low), float(high), float(0.5 * (high - low)))


def paired(
    baseline: Rows, system: Rows, score: Score, drawn: tuple[Sequence[Any], Sequence[Any]] | None = None
) -> Comparison:
    """Compare two systems by anything that is computed from sums of rows, such as the share of satisfied terms.

    Args:
        baseline: A row a unit (segment, term, …).
        system: Rows of the same units.
        score: The score of a sum of rows.
        drawn: What ``resampled`` gave for both, if that is known already.

    Raises:
        ScoreError: The units differ in number, or there are none.

    Example:
        >>> paired([(0, 1), (1, 1)], [(1, 1), (1, 1)], ratio).difference
        0.5
    """
    if len(baseline) != len(system) or not baseline:
        raise ScoreError(f"{len(baseline)} rows cannot be compared with {len(system)}; score the same segments")
    import numpy as np

    before_all, after_all = drawn or (resampled(baseline, score), resampled(system, score))
    differences = np.array(after_all) - np.array(before_all)
    before, after = (score([sum(column) for column in zip(*rows, strict=True)]) for rows in (baseline, system))
    found = interval(differences)
    return Comparison(before, after, found.low, found.high, _p_value(abs(differences), abs(after - before)))


def _p_value(spread: Any, difference: float) -> float:
    """Return how often the resamples' differences, centred on their mean, exceed the one that was seen."""
    if not spread.any():
        return 1.0
    exceeding = int((spread - spread.mean() > difference).sum())
    return (exceeding + 1) / (len(spread) + 1)


def ratio(row: Sequence[float]) -> float:
    """Return the first sum divided by the second, 0 for nothing of nothing: a share or a mean as a score of rows."""
    return float(row[0]) / float(row[1]) if row[1] else 0.0
