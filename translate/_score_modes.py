"""What a glossary does and costs: one test set translated without terms, with the proper ones, and with random ones.

The three modes of WMT25's terminology task. The proper terms are counted in every mode, and every mode is compared with
``none`` by paired bootstrap: scores, success and over-enforcement by segments, consistency by repeated terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from translate.engines.base import Engine, Progress
from translate.evaluation import Evaluation, TermFigures, WorkFile, evaluate_aligned, from_lines, translate_lines
from translate.glossary import Glossary
from translate.metrics import Comparison, Rows, compare, paired, ratio

MODES = ("none", "proper", "random")
_METRICS = ("bleu", "chrf")


@dataclass(frozen=True)
class ModeResult:
    """One mode.

    Attributes:
        mode: Its name.
        evaluation: Scores (BLEU and chrF2), figures of the proper terms, stages, seconds.
        own: Figures of the terms that this mode enforced.
        comparisons: Figure → comparison with the first mode; empty for that one.
    """

    mode: str
    evaluation: Evaluation
    own: TermFigures
    comparisons: Mapping[str, Comparison]


def run_modes(
    lines: Sequence[str],
    references: Sequence[Sequence[str]],
    glossaries: Mapping[str, Glossary],
    proper: Glossary,
    engine: Engine,
    *,
    names: tuple[str, str, str],
    work: Callable[[str, Glossary], WorkFile | None],
    progress: Progress,
) -> list[ModeResult]:
    """Translate a test set once a mode and evaluate each.

    Args:
        lines: Japanese, a segment a line.
        references: Reference sets.
        glossaries: Mode → what is enforced in it; the first is what the others are compared with.
        proper: The glossary whose terms are counted in every mode.
        engine: Any engine.
        names: What messages call sources, hypotheses and references.
        work: Returns the work file of a mode, if its chunks shall be kept.
        progress: Told how far it is.
    """
    results: list[ModeResult] = []
    for mode, glossary in glossaries.items():
        english, stages, seconds = translate_lines(
            lines, glossary, engine, _in_mode(progress, mode), work(mode, glossary)
        )
        rows = from_lines(lines, english, references, names)
        found = evaluate_aligned(rows, proper, names=names, metrics=_METRICS)
        own = found.terms if glossary == proper else evaluate_aligned(rows, glossary, names=names, metrics=()).terms
        found = replace(found, stages=stages, seconds=seconds)
        comparisons = _comparisons(results[0].evaluation, found) if results else {}
        results.append(ModeResult(mode, found, own, comparisons))
    return results


def _in_mode(progress: Progress, mode: str) -> Progress:
    return lambda what, done, total: progress(f"{what}: {mode}", done, total)


def _comparisons(before: Evaluation, after: Evaluation) -> dict[str, Comparison]:
    found = {name: compare(before.measured, after.measured, name) for name in _METRICS}
    for name, rows in _ROWS.items():
        old, new = rows(before.terms), rows(after.terms)
        if old:
            found[name] = paired(old, new, ratio)
    return found


def _success(terms: TermFigures) -> Rows:
    return [(one.satisfied, one.matched - one.waived) for one in terms.segments]


def _clean_success(terms: TermFigures) -> Rows:
    return [(one.satisfied if one.clean else 0, one.matched - one.waived) for one in terms.segments]


def _over_enforced(terms: TermFigures) -> Rows:
    return [(len(one.over), 1) for one in terms.segments]


def _consistency(terms: TermFigures) -> Rows:
    return [(one, 1) for _, _, one in terms.consistency]


_ROWS: dict[str, Callable[[TermFigures], Rows]] = {
    "success": _success,
    "clean_success": _clean_success,
    "consistency": _consistency,
    "over_enforced": _over_enforced,
}
