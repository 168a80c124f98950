"""Fit an engine's estimate of quality: what its own figures say of the chrF2 that a reference would give.

Linear least squares on the score of the translation, the agreement of the first search's hypotheses and the logarithm
of the source's length. What the estimate is worth is measured on lines that the fit did not see (five folds), as in
quality estimation without references: Pearson's and Spearman's correlation and the mean absolute error
(Specia et al. 2018, https://doi.org/10.1007/978-3-031-02168-8).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from translate.atomic import write_bytes
from translate.enforcement import translate_segments
from translate.engines.base import Calibration, Engine, Progress
from translate.errors import ScoreError
from translate.metrics import segment_chrf
from translate.resources import sha256

FILE = "confidence.json"

_FOLDS, _FEWEST, _CHUNK = 5, 40, 64

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """What a translation shows of itself: the arguments of ``Calibration.confidence``."""

    score: float
    agreement: float
    source: str

    def row(self) -> tuple[float, float, float, float]:
        """Return the values that a ``Calibration`` weighs, the intercept's first."""
        return 1.0, self.score, self.agreement, math.log(len(self.source) + 1)


@dataclass(frozen=True)
class Fit:
    """A calibration and what it is worth on lines that it was not fitted on.

    Attributes:
        calibration: Fitted on all lines.
        lines: Their number.
        pearson: Correlation of estimated and measured chrF2.
        spearman: The same of their ranks.
        error: Mean absolute error, 0 to 1.
        error_of_mean: That of always giving the mean.
        quarters: Mean estimate and mean measurement of each quarter of the lines, the least certain first.
    """

    calibration: Calibration
    lines: int
    pearson: float
    spearman: float
    error: float
    error_of_mean: float
    quarters: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class _Recorder(Calibration):
    """Stands where an engine's calibration stands, and keeps what it is asked about."""

    seen: list[Figures] = field(default_factory=list)

    def confidence(self, score: float, agreement: float, source: str) -> float:
        self.seen.append(Figures(score, agreement, source))
        return 0.0


def observe(
    engine: Engine, sources: Sequence[str], references: Sequence[str], progress: Progress
) -> tuple[list[Figures], list[float]]:
    """Translate lines without a glossary; return their figures and their chrF2, 0 to 1, loops left out.

    The engine's own calibration is replaced: it is not to be used for anything else afterwards.
    """
    recorder = _Recorder(0.0, 0.0, 0.0, 0.0)
    engine.calibration = recorder
    quality: list[float] = []
    for at in range(0, len(sources), _CHUNK):
        progress("Translating", at, len(sources))
        chunk = sources[at : at + _CHUNK]
        for result, reference in zip(
            translate_segments(chunk, [[] for _ in chunk], engine), references[at : at + _CHUNK], strict=True
        ):
            if result.english:
                quality.append(segment_chrf(result.english, reference) / 100)
    return recorder.seen, quality


def fit(figures: Sequence[Figures], quality: Sequence[float]) -> Fit:
    """Return the least-squares fit of quality on figures.

    Raises:
        ScoreError: There are too few lines.
    """
    if len(figures) != len(quality) or len(figures) < _FEWEST:
        raise ScoreError(f"{len(quality)} translated lines are too few to fit a confidence on; give {_FEWEST} or more")
    rows, measured = np.array([one.row() for one in figures]), np.array(quality)
    folds = np.arange(len(rows)) % _FOLDS
    estimated, means = np.empty_like(measured), np.empty_like(measured)
    for fold in range(_FOLDS):
        seen, unseen = folds != fold, folds == fold
        estimated[unseen] = rows[unseen] @ _weights(rows[seen], measured[seen])
        means[unseen] = measured[seen].mean()
    order = np.array_split(np.argsort(estimated, kind="stable"), 4)
    return Fit(
        Calibration(*(round(float(weight), 4) for weight in _weights(rows, measured))),
        len(rows),
        _correlation(estimated, measured),
        _correlation(_ranks(estimated), _ranks(measured)),
        float(np.abs(estimated - measured).mean()),
        float(np.abs(means - measured).mean()),
        tuple((float(estimated[quarter].mean()), float(measured[quarter].mean())) for quarter in order),
    )


def write(folder: Path, calibration: Calibration) -> Path:
    """Write a calibration into an adapter folder, and its sum into ``SHA256SUMS`` if there is one; return its path.

    Raises:
        InputError: The folder cannot be written.
    """
    path = folder / FILE
    write_bytes(path, json.dumps(asdict(calibration)).encode() + b"\n")
    sums = folder / "SHA256SUMS"
    if sums.is_file():
        others = [line for line in sums.read_text().splitlines() if line.split(maxsplit=1)[1:] != [FILE]]
        write_bytes(sums, "".join(f"{line}\n" for line in [*others, f"{sha256(path)}  {FILE}"]).encode())
    return path


def _weights(rows: Numbers, measured: Numbers) -> Numbers:
    return np.asarray(np.linalg.lstsq(rows, measured, rcond=None)[0])


def _correlation(one: Numbers, other: Numbers) -> float:
    spread = float(one.std() * other.std())
    return float(((one - one.mean()) * (other - other.mean())).mean()) / spread if spread else 0.0


def _ranks(values: Numbers) -> Numbers:
    """Return ranks from 0 on, equal values sharing their mean rank."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts + 1) / 2)[places]
