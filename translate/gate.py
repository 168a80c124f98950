"""The gate: has a run become worse than its baseline, by more than chance and more than is tolerated?

It fails if BLEU or chrF2 dropped by more than the tolerance *and* the drop is significant (paired bootstrap, p < 0.05),
or if term success fell. Both metrics decide: BLEU hardly sees a change inside words, chrF2 hardly sees their order. The
p-value is two-sided and only drops count, which is 2.5 % a metric, so that both together raise a false alarm in 5 % of
runs at most. TER and other metrics are shown only.

Term success is counted anew for both, with today's glossary and waivers on the same segments: a term that was added to
the glossary cannot make the old run look better than it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from translate._score_inputs import Aligned
from translate._score_terms import TermFigures
from translate.errors import ScoreError
from translate.ledger import Record
from translate.metrics import LABELS, Comparison, Measured, compare

TOLERANCE, SIGNIFICANT, SHOWN = 0.3, 0.05, 10
"""Points that a score may drop; the p-value from which on a drop counts; how many moved segments are kept."""

DECIDING = ("bleu", "chrf")


@dataclass(frozen=True, slots=True)
class Moved:
    """A segment whose translation changed, with its chrF2 before and after.

    Attributes:
        place: Where it stands.
        source: The Japanese, empty if unknown.
        before: The baseline's hypothesis.
        after: This run's hypothesis.
        chrf_before: chrF2 of ``before``.
        chrf_after: chrF2 of ``after``.
    """

    place: str
    source: str
    before: str
    after: str
    chrf_before: float
    chrf_after: float


@dataclass(frozen=True)
class Verdict:
    """What the gate says.

    Attributes:
        baseline: Id or file that was compared with; None for a first run, which passes.
        tolerance: Points that a score may drop.
        comparisons: Metric → both scores, interval of the difference, p-value.
        terms: Satisfied terms before and after, and of how many (waived ones left out); None if not counted.
        reasons: What fails (``bleu``, ``chrf``, ``terms``) → why; empty if the gate passes.
        moved: The segments that moved most, the largest change first.
        changed: How many segments have another hypothesis.
    """

    baseline: str | None
    tolerance: float
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    terms: tuple[int, int, int] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    changed: int = 0

    @property
    def passed(self) -> bool:
        """Whether nothing became worse."""
        return not self.reasons


def require_comparable(baseline: Record, now: Record) -> None:
    """Refuse to compare what was not measured in the same way.

    Raises:
        ScoreError: Test sets, numbers of segments or signatures differ; the message says which, and both values.
    """
    before, after = baseline.test_set, now.test_set
    differences = [
        f"{what} ({old} then, {new} now)"
        for what, old, new in (
            ("test sets", f"{before['name']} {before['hash']}", f"{after['name']} {after['hash']}"),
            ("numbers of segments", baseline.segments, now.segments),
            *(
                (f"{LABELS.get(name, name)} signatures", baseline.signature.get(name), now.signature.get(name))
                for name in sorted({*baseline.signature, *now.signature})
            ),
        )
        if old != new
    ]
    if differences:
        raise ScoreError(
            f"this run cannot be compared with {baseline.id or 'the baseline'}: different {'; '.join(differences)}; "
            "run once without --gate, or with --new-baseline, to start anew, or name a comparable one with --baseline"
        )


def decide(
    rows: Aligned,
    before: Measured,
    after: Measured,
    *,
    baseline: str,
    terms: tuple[TermFigures, TermFigures] | None = None,
    tolerance: float = TOLERANCE,
) -> Verdict:
    """Compare a run with its baseline on the same segments.

    Args:
        rows: The segments with this run's hypotheses.
        before: The baseline's hypotheses, measured against the same references.
        after: This run's.
        baseline: What to call the baseline.
        terms: Term figures of both, counted with the same glossary; None if the Japanese is unknown.
        tolerance: Points that a score may drop.
    """
    shared = [name for name in after.rows if name in before.rows]
    comparisons = {name: compare(before, after, name) for name in shared}
    reasons = {
        name: f"{LABELS[name]} dropped by {-found.difference:.2f}, more than {tolerance:g}, and not by chance "
        f"(p = {found.p_value:.3f})"
        for name, found in comparisons.items()
        if name in DECIDING and -found.difference > tolerance and found.p_value < SIGNIFICANT
    }
    counts = None
    if terms is not None:
        old, new = terms
        counts = (old.satisfied, new.satisfied, new.matched - new.waived)
        if new.missing > old.missing:
            reasons["terms"] = f"term success fell: {new.satisfied} of {counts[2]} terms, {old.satisfied} before"
    moved, changed = _moved(rows, before, after)
    return Verdict(baseline, tolerance, comparisons, counts, reasons, moved, changed)


def _moved(rows: Aligned, before: Measured, after: Measured) -> tuple[tuple[Moved, ...], int]:
    pairs: Sequence[tuple[str, str]] = list(zip(before.hypotheses, after.hypotheses, strict=True))
    changed = [number for number, (old, new) in enumerate(pairs) if old != new]
    found = [
        Moved(
            rows.places[number],
            rows.sources[number] if rows.sources else "",
            *pairs[number],
            before.segment_score("chrf", number),
            after.segment_score("chrf", number),
        )
        for number in changed
    ]
    found.sort(key=lambda one: -abs(one.chrf_after - one.chrf_before))  # stable: equal moves stay in order
    return tuple(found[:SHOWN]), len(changed)
