"""Pure scores of translations against references: BLEU, chrF2 and TER, exactly as sacrebleu's command line gives them.

The only importer of sacrebleu, and only when a score is asked for. Runs that produce hypotheses live in
``evaluation.py``, the history of scores in ``ledger.py``, the comparison with an earlier run in ``gate.py``.

References have sacrebleu's shape: one sequence per *reference set*, each as long as the hypotheses. sacrebleu itself
silently zips unequal lengths, which turns a missing line into a wrong score; here that is a ``ScoreError``.

Everything is a sum of rows: a metric turns each segment once into a row of counts (matching n-grams, edits, lengths),
and the score of a corpus, an article, a segment or a resample is computed from the sum of its rows. So 1,000 resamples
cost a fraction of a second, and TER, the slow one, is worked out once a segment. ``_score_resampling`` draws them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from translate._score_resampling import Comparison, Interval, Rows, Score, interval, paired, ratio, resampled
from translate.errors import ScoreError

__all__ = [
    "LABELS", "Comparison", "Interval", "Measured", "Rows", "Scores", "compare", "corpus_scores", "measure", "paired",
    "ratio", "segment_chrf",
]  # fmt: skip

LABELS = {"bleu": "BLEU", "chrf": "chrF2", "ter": "TER"}
"""sacrebleu's metrics, in the order in which they are shown, and how people write them."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one set of hypotheses, with the signatures that make them comparable.

    Attributes:
        bleu: Corpus BLEU, 0 to 100, higher is better.
        chrf: Corpus chrF2 (character 6-grams, beta 2, no words), 0 to 100, higher is better.
        ter: Translation edit rate, edits per 100 reference words, lower is better, may exceed 100.
        signature: sacrebleu's full signature of each metric (``bleu``, ``chrf``, ``ter``), version included.
        segments: How many segments were compared.
        empty: How many hypotheses held nothing; they count against the score.
    """

    bleu: float
    chrf: float
    ter: float
    signature: dict[str, str]
    segments: int
    empty: int = 0


@dataclass(frozen=True)
class Measured:
    """Hypotheses measured once; every score of them is a sum of rows.

    Attributes:
        rows: Metric → a row of sufficient statistics a segment. A name that is not in ``LABELS`` belongs to a metric
            whose corpus score is the mean of its segments, one value a row.
        signature: sacrebleu's signature of each of its metrics.
        hypotheses: What was measured.
    """

    rows: Mapping[str, Rows]
    signature: Mapping[str, str]
    hypotheses: Sequence[str] = field(repr=False)
    _kept: dict[str, list[Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def scores(self) -> Scores:
        """The scores of the whole; all three of sacrebleu's metrics must have been measured."""
        values = {name: self.score(name) for name in LABELS}
        empty = sum(not hypothesis.strip() for hypothesis in self.hypotheses)
        return Scores(**values, signature=dict(self.signature), segments=len(self.hypotheses), empty=empty)

    def score(self, name: str, segments: Sequence[int] | None = None) -> float:
        """Return the corpus score by one metric, of all segments or of those numbered."""
        rows = self.rows[name]
        chosen = rows if segments is None else [rows[number] for number in segments]
        if name not in LABELS:
            return ratio([sum(row[0] for row in chosen), len(chosen)])
        return float(_metric(name)._aggregate_and_compute([list(row) for row in chosen]).score)

    def segment_score(self, name: str, number: int) -> float:
        """Return the score of one segment, as ``sacrebleu --sentence-level`` gives it (BLEU with effective order)."""
        row = self.rows[name][number]
        return (
            float(_metric(name, sentence=True)._compute_score_from_stats(list(row)).score) if name in LABELS else row[0]
        )

    def interval(self, name: str) -> Interval:
        """Return the 95 % interval by one metric, that of ``sacrebleu --confidence``."""
        return interval(self._drawn(name))

    def with_metric(self, name: str, scores: Sequence[float]) -> Measured:
        """Return these with one metric more, given as its score of each segment."""
        return Measured({**self.rows, name: [[score] for score in scores]}, self.signature, self.hypotheses)

    def _drawn(self, name: str) -> list[Any]:
        """Return the resampled scores, which the interval and each comparison share."""
        if name not in self._kept:
            self._kept[name] = resampled(*self._summed(name))
        return self._kept[name]

    def _summed(self, name: str) -> tuple[Rows, Score]:
        if name in LABELS:
            return self.rows[name], lambda row: _metric(name)._compute_score_from_stats(row).score
        return [[row[0], 1.0] for row in self.rows[name]], ratio


def measure(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    metrics: Sequence[str] = tuple(LABELS),
    known: Mapping[str, Rows] | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    hypotheses_name: str = "hypotheses",
    references_name: str = "references",
) -> Measured:
    """Measure hypotheses against one or several reference sets.

    Args:
        hypotheses: The translations, one a segment.
        references: One or more reference sets; each holds one reference a segment, in the same order.
        metrics: Which of ``LABELS``; TER takes milliseconds a segment, the others none worth mentioning.
        known: Rows that an earlier run worked out for just these texts with the same signature.
        progress: Told (what, segments done, segments in all) while the slow one, TER, is worked out.
        hypotheses_name: What a message calls the hypotheses, such as their file's name.
        references_name: What a message calls the references.

    Raises:
        ScoreError: There is nothing to score, or a reference set is not as long as the hypotheses.
    """
    _require_same_length(hypotheses, references, hypotheses_name, references_name)
    rows: dict[str, Rows] = {}
    signature: dict[str, str] = {}
    for name in metrics:
        metric = _fresh(name)  # a signature describes the last corpus that its metric saw
        if known and len(known.get(name, ())) == len(hypotheses):
            metric._cache_references([[stream[0]] for stream in references])
            rows[name] = known[name]
        elif name == "ter":
            metric._cache_references([[stream[0]] for stream in references])
            rows[name] = _all_edits(hypotheses, references, progress)
        else:
            rows[name] = metric._extract_corpus_statistics(list(hypotheses), [list(stream) for stream in references])
        signature[name] = str(metric.get_signature())
    return Measured(rows, signature, hypotheses)


def corpus_scores(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    hypotheses_name: str = "hypotheses",
    references_name: str = "references",
) -> Scores:
    """Score hypotheses against one or several reference sets; see ``measure`` for arguments and errors.

    Returns:
        The scores with full precision, equal to those of ``sacrebleu REFERENCE… -i HYPOTHESES -m bleu chrf ter``.

    Example:
        >>> corpus_scores(["The minister arrived on Monday."], [["The minister arrived on Monday."]]).ter
        0.0
    """
    return measure(hypotheses, references, hypotheses_name=hypotheses_name, references_name=references_name).scores


def compare(baseline: Measured, system: Measured, name: str) -> Comparison:
    """Compare two systems by one metric that both were measured with, on the same segments and references."""
    rows, score = system._summed(name)
    return paired(baseline._summed(name)[0], rows, score, (baseline._drawn(name), system._drawn(name)))


def segment_chrf(hypothesis: str, reference: str) -> float:
    """Return the chrF2 of one segment, 0 to 100.

    Example:
        >>> round(segment_chrf("The ship left.", "The ship left."))
        100
    """
    return float(_metric("chrf").sentence_score(hypothesis, [reference]).score)


def _all_edits(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]], progress: Callable[[str, int, int], None]
) -> Rows:
    rows = []
    for number, texts in enumerate(zip(hypotheses, *references, strict=True)):
        if not number % 20:
            progress("Counting edits (TER)", number, len(hypotheses))
        rows.append(_edits(*texts))
    progress("Counting edits (TER)", len(hypotheses), len(hypotheses))
    return rows


@lru_cache(maxsize=65536)
def _edits(hypothesis: str, *references: str) -> tuple[float, float]:
    """Return edits and mean reference length; TER is too slow to do a segment twice, and systems share segments."""
    ((edits, length),) = _metric("ter")._extract_corpus_statistics([hypothesis], [[one] for one in references])
    return edits, length


@cache
def _metric(name: str, *, sentence: bool = False) -> Any:
    return _fresh(name, **({"effective_order": True} if sentence and name == "bleu" else {}))


def _fresh(name: str, **options: bool) -> Any:
    metrics = import_module("sacrebleu.metrics")  # takes a while: only when something is scored
    return getattr(metrics, name.upper())(**options)


def _require_same_length(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]], hypotheses_name: str, references_name: str
) -> None:
    if isinstance(references, str) or any(isinstance(stream, str) for stream in references):
        raise ScoreError(
            f"{references_name}: got lines where reference sets were expected; "
            "wrap a single reference set in a list, as in [references]"
        )
    if not references:
        raise ScoreError(f"{references_name}: no reference set to compare {hypotheses_name} with; give at least one")
    for number, stream in enumerate(references, 1):
        name = references_name if len(references) == 1 else f"{references_name} (set {number} of {len(references)})"
        if len(stream) != len(hypotheses):
            raise ScoreError(
                f"{hypotheses_name} has {_segments(len(hypotheses))}, but {name} has {_segments(len(stream))}; "
                "give one line a segment in both, in the same order, an empty line for an untranslated segment"
            )
    if not hypotheses:
        raise ScoreError(
            f"{hypotheses_name} and {references_name} hold no segments, so there is nothing to score; "
            "check that the files are the right ones and not empty"
        )


def _segments(count: int) -> str:
    return f"{count} segment" if count == 1 else f"{count} segments"
