"""The report: one static page with the trend of the scores, how far each article is, and both texts side by side.

``runs`` reads the ledger's records, ``chart`` lays out a chart, ``articles`` and ``segments`` read PO files; this
module joins them. Nothing here knows the time: the same input gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from translate.catalog import State
from translate.ledger import Record
from translate.page import render
from translate.report.articles import Article
from translate.report.chart import MARKERS, NAMES, Chart, chart, systems, told
from translate.report.runs import MOST_RUNS, Trend, trends

__all__ = ["GENERATOR", "report_page"]

GENERATOR = "Yakubun report"
"""What a page says of its origin, so that a file that is none is not overwritten."""

_STATES = {
    State.APPROVED: "approved",
    State.EDITED: "edited by people, fuzzy",
    State.MACHINE: "machine, fuzzy",
    State.UNTRANSLATED: "untranslated",
    "new": "new in the article, not in the PO file yet",
}
_BAR = (State.APPROVED, State.EDITED, State.MACHINE, State.UNTRANSLATED)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a progress bar: a state, where it begins and how long it is, in percent, and its segments."""

    state: State
    start: float
    length: float
    segments: int


@dataclass(frozen=True, slots=True)
class _Charts:
    """A test set with its charts; each system with the number of its marker."""

    trend: Trend
    charts: Sequence[Chart]
    systems: Sequence[tuple[int, str]]


def report_page(
    records: Sequence[Record], articles: Sequence[Article], *, ledger: str, most_runs: int = MOST_RUNS
) -> bytes:
    """Return the page as UTF-8.

    Args:
        records: The ledger's records, oldest first.
        articles: The articles, in the order of the page.
        ledger: What the page calls the ledger's file.
        most_runs: How many runs of each test set to show.
    """
    found, older = trends(records, most_runs=most_runs)
    total = sum((Counter(article.status.states) for article in articles), Counter[State]())
    return render(
        "translate.report",
        "report.html",
        ("report.css",),
        generator=GENERATOR,
        ledger=ledger,
        runs=len(records),
        sets=[_charts(trend) for trend in found],
        older=older,
        articles=[(article, bar(article.status.states)) for article in articles],
        total=bar(total),
        markers=MARKERS,
        names=NAMES,
        told=told,
        states={str(state): text for state, text in _STATES.items()},
    )


def bar(states: Mapping[State, int]) -> list[_Stretch]:
    """Return the parts of a progress bar that have any length.

    >>> [(part.state.value, part.start, part.length) for part in bar({State.APPROVED: 1, State.MACHINE: 3})]
    [('approved', 0.0, 25.0), ('machine', 25.0, 75.0)]
    """
    total = sum(states.values())
    parts, before = [], 0
    for state in _BAR:
        count = states.get(state, 0)
        if count:
            parts.append(_Stretch(state, round(100 * before / total, 2), round(100 * count / total, 2), count))
            before += count
    return parts


def _charts(trend: Trend) -> _Charts:
    numbered = [(min(number, len(MARKERS) - 1), name) for number, name in enumerate(systems(trend))]
    return _Charts(trend, [chart(trend, metric) for metric in trend.metrics], numbered)
