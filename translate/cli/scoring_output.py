"""What ``score`` shows: one result, as text for people and as JSON for programs."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from translate._score_views import COLUMNS, comparison_rows, headline, junit, markdown, workflow_commands
from translate.atomic import write_bytes, write_error
from translate.cli.common import emit_json, shown, table, visible
from translate.evaluation import Evaluation, Notice, TermFigures
from translate.gate import Verdict
from translate.metrics import LABELS, Comparison, Interval

_PLACES = 3
_WIDEST = 300
"""Characters of a hypothesis in a table: a looping one would hide the others. JSON and JUnit have all of it."""


@dataclass(frozen=True)
class Outcome:
    """Everything that a run of ``score`` found out.

    Attributes:
        result: Scores and counts.
        engine: What translated, if known.
        glossary: Hash of the glossary.
        test_set: Its name.
        notices: What makes the scores doubtful.
        record: Id in the ledger, if it was written there.
        verdict: What the gate says, if it was asked.
    """

    result: Evaluation
    engine: str | None
    glossary: str
    test_set: str
    notices: Sequence[Notice] = field(default=())
    record: str | None = None
    verdict: Verdict | None = None

    @cached_property
    def intervals(self) -> dict[str, Interval]:
        """The 95 % interval of each metric."""
        return {name: self.result.measured.interval(name) for name in self.result.measured.rows}

    @property
    def scores(self) -> dict[str, dict[str, float]]:
        """Metric → score with the ends of its interval."""
        measured = self.result.measured
        return {
            name: {"score": measured.score(name), "low": found.low, "high": found.high}
            for name, found in self.intervals.items()
        }

    @property
    def articles(self) -> dict[str, dict[str, float]]:
        """Article → metric → score, and the number of segments; empty for a single article."""
        measured, found = self.result.measured, self.result.rows.by_article()
        if len(found) < 2:
            return {}
        return {
            article: {**{name: measured.score(name, numbers) for name in measured.rows}, "segments": len(numbers)}
            for article, numbers in found.items()
        }


def show(args: argparse.Namespace, outcome: Outcome) -> None:
    """Write a result wherever the command line wants it."""
    for notice in outcome.notices:
        places = ", ".join(notice.places[:_PLACES]) + (", …" if len(notice.places) > _PLACES else "")
        print(
            f"yakubun: warning: {visible(notice.message)}: {len(notice.places)} segments: {shown(places)}",
            file=sys.stderr,
        )
    verdict, segments = outcome.verdict, outcome.result.scores.segments
    if verdict is not None:
        _write_summary(args.summary, markdown(verdict, outcome.test_set, segments))
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for line in workflow_commands(verdict, outcome.test_set):
                print(line, file=sys.stderr)  # the runner reads both streams; standard output may be JSON
        if args.junit:
            write_bytes(Path(args.junit), junit(verdict, outcome.test_set).encode("utf-8", "replace"))
    if args.json:
        emit_json(as_json(outcome, segments=args.segments), args.json)
    if args.json != "-":
        _print(outcome)


def _write_summary(path: str | None, text: str) -> None:
    """Write the summary to the file that was named, or append it where GitHub collects a step's summaries."""
    data = text.encode("utf-8", "replace")
    collected = os.environ.get("GITHUB_STEP_SUMMARY")
    if path and path != collected:
        write_bytes(Path(path), data)
    elif collected:
        try:
            with Path(collected).open("ab") as file:
                file.write(data)
        except OSError as error:
            raise write_error(Path(collected), error) from error


def as_json(outcome: Outcome, *, segments: bool = False) -> dict[str, object]:
    """Return a result as JSON; ``segments`` adds the scores of each."""
    result, scores, measured = outcome.result, outcome.result.scores, outcome.result.measured
    found: dict[str, object] = {
        "bleu": scores.bleu,
        "chrf": scores.chrf,
        "ter": scores.ter,
        "signature": scores.signature,
        "intervals": {name: asdict(one) for name, one in outcome.intervals.items()},
        "metrics": {name: measured.score(name) for name in measured.rows if name not in LABELS},
        "segments": scores.segments,
        "empty": scores.empty,
        "terms": {"matched": result.matched, "satisfied": result.satisfied},
        "term_figures": figures_json(result.terms),
        "stages": dict(result.stages),
        "engine": outcome.engine,
        "glossary": outcome.glossary,
        "seconds": round(result.seconds, 2),
        "test_set": {"name": outcome.test_set, "hash": result.rows.hash},
        "articles": outcome.articles,
        "warnings": [asdict(notice) for notice in outcome.notices],
        "record": outcome.record,
    }
    if segments:
        found["segment_scores"] = [
            {"place": place, **{name: measured.segment_score(name, number) for name in measured.rows}}
            for number, place in enumerate(result.rows.places)
        ]
    if outcome.verdict is not None:
        found["gate"] = _verdict_json(outcome.verdict)
    return found


def figures_json(terms: TermFigures) -> dict[str, object]:
    """Return term figures as JSON; shares are null where there is nothing to count."""
    return {
        "matched": terms.matched,
        "satisfied": terms.satisfied,
        "waived": terms.waived,
        "success": terms.success,
        "clean_satisfied": terms.clean_satisfied,
        "clean_success": terms.clean_success,
        "repeated": terms.repeated,
        "consistent": terms.consistent,
        "consistency": terms.consistency_share,
        "over_enforced": terms.over_enforced,
    }


def comparison_json(found: Comparison) -> dict[str, float]:
    """Return a comparison as JSON."""
    return {**asdict(found), "difference": found.difference}


def _verdict_json(verdict: Verdict) -> dict[str, object]:
    terms = verdict.terms
    return {
        "passed": verdict.passed,
        "baseline": verdict.baseline,
        "tolerance": verdict.tolerance,
        "reasons": dict(verdict.reasons),
        "comparisons": {name: comparison_json(found) for name, found in verdict.comparisons.items()},
        "terms": None if terms is None else {"before": terms[0], "now": terms[1], "of": terms[2]},
        "changed": verdict.changed,
        "moved": [asdict(one) for one in verdict.moved],
    }


def _print(outcome: Outcome) -> None:
    result, scores = outcome.result, outcome.result.scores
    for name, interval in outcome.intervals.items():
        label, value = LABELS.get(name, name), result.measured.score(name)
        signature = scores.signature.get(name, "mean of the segments")
        print(f"{label:6} {value:6.2f}  [{interval.low:.2f}, {interval.high:.2f}]  {signature}")
    print(f"segments: {scores.segments}" + (f", {scores.empty} empty" if scores.empty else ""))
    _print_terms(result.terms)
    if result.stages:
        print(
            "stages:   " + ", ".join(f"{shown(name)} {count}" for name, count in Counter(result.stages).most_common())
        )
    if outcome.engine:
        print(f"engine:   {visible(outcome.engine)}")
    if result.seconds:
        print(f"time:     {result.seconds:.1f} s, {scores.segments / result.seconds:.2f} segments a second")
    if outcome.articles:
        rows = [
            [name, *(f"{one[key]:.2f}" for key in LABELS), str(one["segments"])]
            for name, one in outcome.articles.items()
        ]
        table("articles", ["article", *LABELS.values(), "segments"], rows)
    if outcome.record:
        print(f"record:   {outcome.record}")
    if outcome.verdict is not None:
        _print_verdict(outcome.verdict)


def _print_terms(terms: TermFigures) -> None:
    if not terms.matched:
        return
    waived = f", {terms.waived} waived" if terms.waived else ""
    share = "" if terms.success is None else f" ({terms.success:.3f})"
    print(f"glossary: {terms.satisfied} of {terms.matched - terms.waived} hard terms{share}{waived}")
    print(f"          {terms.clean_satisfied} of them in segments without other findings")
    if terms.repeated:
        print(f"          {terms.consistent} of {terms.repeated} repeated terms in one form throughout their article")
    if terms.over_enforced:
        print(f"          {terms.over_enforced} terms that neither source nor reference asks for")


def _print_verdict(verdict: Verdict) -> None:
    if verdict.comparisons:
        table(f"against {verdict.baseline}", list(COLUMNS), comparison_rows(verdict))
    if verdict.moved:
        rows = [
            [
                one.place,
                f"{one.chrf_before:.1f} → {one.chrf_after:.1f}",
                *(shown(text, _WIDEST) for text in (one.before, one.after)),
            ]
            for one in verdict.moved
        ]
        table(f"moved most, of {verdict.changed} changed", ["segment", "chrF2", "before", "after"], rows)
    print(f"gate:     {visible(headline(verdict))}")
