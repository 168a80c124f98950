"""Pure scores of translations against references: BLEU, chrF2 and TER, exactly as sacrebleu's command line gives them.

The only importer of sacrebleu, and only when a score is asked for. Runs that produce hypotheses live in
``evaluation.py``, the history of scores in ``ledger.py``.

References have sacrebleu's shape: one sequence per *reference set*, each as long as the hypotheses. sacrebleu itself
silently zips unequal lengths, which turns a missing line into a wrong score; here that is a ``ScoreError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from translate.errors import ScoreError


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


def corpus_scores(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    hypotheses_name: str = "hypotheses",
    references_name: str = "references",
) -> Scores:
    """Score hypotheses against one or several reference sets.

    Args:
        hypotheses: The translations, one a segment.
        references: One or more reference sets; each holds one reference a segment, in the same order.
        hypotheses_name: What a message calls the hypotheses, such as their file's name.
        references_name: What a message calls the references.

    Returns:
        The scores with full precision, equal to those of ``sacrebleu REFERENCE… -i HYPOTHESES -m bleu chrf ter``.

    Raises:
        ScoreError: There is nothing to score, or a reference set is not as long as the hypotheses.

    Example:
        >>> corpus_scores(["The minister arrived on Monday."], [["The minister arrived on Monday."]]).ter
        0.0
    """
    _require_same_length(hypotheses, references, hypotheses_name, references_name)
    hypotheses = list(hypotheses)
    streams = [list(stream) for stream in references]
    scores: dict[str, float] = {}
    signature: dict[str, str] = {}
    for name in ("bleu", "chrf", "ter"):
        metric = _metric(name)  # a fresh one: a signature describes the last corpus that its metric saw
        scores[name] = float(metric.corpus_score(hypotheses, streams).score)
        signature[name] = str(metric.get_signature())
    empty = sum(not hypothesis.strip() for hypothesis in hypotheses)
    return Scores(**scores, signature=signature, segments=len(hypotheses), empty=empty)


def segment_chrf(hypothesis: str, reference: str) -> float:
    """Return the chrF2 of one segment, 0 to 100.

    Example:
        >>> round(segment_chrf("The ship left.", "The ship left."))
        100
    """
    return float(_segment_metric().sentence_score(hypothesis, [reference]).score)


@cache
def _segment_metric() -> Any:
    return _metric("chrf")


def _metric(name: str) -> Any:
    metrics = import_module("sacrebleu.metrics")  # takes a while: only when something is scored
    return getattr(metrics, name.upper())()


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
