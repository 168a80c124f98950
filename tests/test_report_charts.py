"""The report's charts: what is taken from a ledger that nobody vouches for, and where it is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.ledger import Record
from translate.report.chart import BOTTOM, LEFT, RIGHT, TOP, Line, Tick, chart, scale
from translate.report.runs import MOST_SETS, Value, trends, wilson

SIGNATURE = {"bleu": "tok:13a", "chrf": "nc:6", "ter": "tok:tercom"}


def record(day: int, bleu: Any, low: Any = None, high: Any = None, **changes: Any) -> Record:
    made = Record(
        {"name": "cape", "hash": "0011aabb"},
        2,
        SIGNATURE,
        {"bleu": {"score": bleu, "low": low, "high": high}},
        id=f"202601{day:02d}T080000Z-00000000",
        time=f"2026-01-{day:02d}T08:00:00+00:00",
        commit="0123456789abcdef",
        engine="fake@1",
    )
    return replace(made, **changes)


# The geometry


def test_points_intervals_ticks_and_lines_stand_where_they_do_on_paper() -> None:
    # From 20 to 30 the frame's 160 units make 16 a point; three runs stand 160 apart.
    (trend,), _ = trends([record(1, 22.0, 20.0, 24.0), record(2, 25.0, 23.0, 27.0), record(3, 26.0, 22.0, 30.0)])
    drawn = chart(trend, "bleu")
    assert [(tick.at, tick.text) for tick in drawn.values] == [
        (170.0, "20"), (138.0, "22"), (106.0, "24"), (74.0, "26"), (42.0, "28"), (10.0, "30"),
    ]  # fmt: skip
    assert [(point.x, point.y, point.low, point.high) for point in drawn.points] == [
        (60.0, 138.0, 170.0, 106.0),
        (220.0, 90.0, 122.0, 58.0),
        (380.0, 74.0, 138.0, 10.0),
    ]
    assert drawn.lines == (Line(0, "60,138 220,90 380,74"),)
    assert drawn.dates == (
        Tick(50.0, "2026-01-01", "start"), Tick(220.0, "2026-01-02", "middle"), Tick(390.0, "2026-01-03", "end"),
    )  # fmt: skip
    assert drawn.breaks == ()
    assert drawn.latest == "26.0 [22.0, 30.0], +1.0 since the run before"
    assert drawn.description == (
        "3 runs from 2026-01-01 to 2026-01-03; lowest 22.0, highest 26.0, latest 26.0 [22.0, 30.0]. "
        "The table below has all values."
    )


def test_a_single_run_stands_in_the_middle_without_a_line() -> None:
    (trend,), _ = trends([record(1, 22.0)])
    drawn = chart(trend, "bleu")
    assert [(point.x, point.y, point.low) for point in drawn.points] == [(220.0, 90.0, None)]
    assert drawn.lines == ()
    assert drawn.dates == (Tick(220.0, "2026-01-01", "middle"),)


def test_runs_that_cannot_be_compared_are_not_joined() -> None:
    other = {"name": "cape", "hash": "ffff"}
    runs = [record(1, 20.0), record(2, 21.0), record(3, 29.0, test_set=other), record(4, 28.0, test_set=other)]
    (trend,), _ = trends(runs)
    drawn = chart(trend, "bleu")
    assert [point.x for point in drawn.points] == [60.0, 166.67, 273.33, 380.0]
    assert drawn.breaks == (220.0,)
    assert [line.points.count(",") for line in drawn.lines] == [2, 2]
    assert drawn.latest == "28.0, −1.0 since the run before"


@pytest.mark.parametrize("change", [{"segments": 3}, {"signature": {"bleu": "tok:intl"}}])
def test_another_size_or_signature_breaks_the_line(change: dict[str, Any]) -> None:
    (trend,), _ = trends([record(1, 20.0), record(2, 29.0, **change)])
    drawn = chart(trend, "bleu")
    assert (drawn.breaks, drawn.lines, drawn.latest) == ((220.0,), (), "29.0")


def test_another_glossary_breaks_the_line_of_terms_only() -> None:
    terms = {"matched": 10, "satisfied": 9, "waived": 0}
    (trend,), _ = trends([record(1, 20.0, terms=terms, glossary="a"), record(2, 21.0, terms=terms, glossary="b")])
    assert [len(chart(trend, name).lines) for name in ("bleu", "terms")] == [1, 0]


def test_each_system_has_a_line_and_a_marker_of_its_own_over_its_revisions() -> None:
    engines = ["fake@1", "hf:some/model@a1", "fake@2", None]
    (trend,), _ = trends([record(day, 20.0 + day, engine=engine) for day, engine in enumerate(engines, 1)])
    drawn = chart(trend, "bleu")
    assert [point.system for point in drawn.points] == [0, 1, 0, 2]
    assert [line.system for line in drawn.lines] == [0]


def test_a_run_that_failed_its_gate_is_marked() -> None:
    (trend,), _ = trends([record(1, 20.0, gate="passed"), record(2, 19.0, gate="failed")])
    assert [point.failed for point in chart(trend, "bleu").points] == [False, True]


@pytest.mark.parametrize(
    ("low", "high", "bounds", "texts"),
    [
        (20.0, 30.0, (0, 100), ["20", "22", "24", "26", "28", "30"]),
        (21.3, 21.3, (0, 100), ["20.0", "20.5", "21.0", "21.5", "22.0", "22.5"]),
        (100.0, 100.0, (0, 100), ["98.0", "98.5", "99.0", "99.5", "100.0"]),
        (0.0, 0.5, (0, 100), ["0.0", "0.5", "1.0", "1.5", "2.0"]),
        (61.0, 100.0, (0, 100), ["60", "70", "80", "90", "100"]),
        (-3.0, 4.0, (-1e9, 1e9), ["-4", "-2", "0", "2", "4"]),
        (0.0, 1e6, (-1e9, 1e9), ["0", "200000", "400000", "600000", "800000", "1000000"]),
    ],
)
def test_the_scale_has_round_steps(low: float, high: float, bounds: tuple[float, float], texts: list[str]) -> None:
    assert [text for _, text in scale(low, high, *bounds)] == texts


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2).map(sorted))
def test_the_scale_holds_every_value_in_two_to_six_ticks(ends: list[float]) -> None:
    ticks = [value for value, _ in scale(*ends, 0.0, 100.0)]
    assert 2 <= len(ticks) <= 6
    slack = 1e-6 * max(1.0, abs(ends[0]), abs(ends[1]))
    assert ticks[0] <= ends[0] + slack
    assert ticks[-1] >= ends[1] - slack


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60), st.integers(1, 60))
def test_every_point_lies_inside_the_frame(scores: list[float], most: int) -> None:
    (trend,), _ = trends([record(1, score, score, 100.0) for score in scores], most_runs=most)
    points = chart(trend, "bleu").points
    assert len(points) == min(most, len(scores))
    for point in points:
        assert LEFT <= point.x <= RIGHT
        assert TOP <= point.high <= point.y == point.low <= BOTTOM


# What the ledger holds


def test_term_success_is_a_percentage_with_wilsons_interval_and_leaves_waived_terms_out() -> None:
    (trend,), _ = trends([record(1, 20.0, terms={"matched": 12, "satisfied": 9, "waived": 2})])
    value = trend.runs[0].values["terms"]
    assert (value.score, round(value.low or 0, 2), round(value.high or 0, 2)) == (90.0, 59.58, 98.21)


def test_wilsons_interval_ends_at_nothing_and_at_everything() -> None:
    assert wilson(0, 4)[0] == 0.0
    assert wilson(4, 4)[1] == 1.0


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 10**400, 1e300, True, "21", None, [21]])
def test_what_is_no_plain_number_is_left_out(bad: Any) -> None:
    (trend,), _ = trends([record(1, bad), record(2, 20.0, bad, 30.0)])
    assert [dict(run.values) for run in trend.runs] == [{}, {"bleu": Value(20.0)}]
    assert len(chart(trend, "bleu").points) == 1


@pytest.mark.parametrize("terms", [{}, {"matched": 2, "satisfied": 3}, {"matched": "x"}, {"matched": 1, "waived": 1}])
def test_term_figures_that_make_no_sense_are_left_out(terms: dict[str, Any]) -> None:
    (trend,), _ = trends([record(1, 20.0, terms=terms)])
    assert trend.metrics == ("bleu",)


def test_a_run_whose_time_is_no_time_has_the_day_of_its_id() -> None:
    (trend,), _ = trends([record(9, 20.0, time="yesterday"), record(9, 20.0, time="2026-01-09T23:30:00-05:00")])
    assert [(run.day, run.time) for run in trend.runs] == [("2026-01-09", ""), ("2026-01-10", "04:30")]


def test_the_last_runs_and_the_test_sets_scored_last_are_kept() -> None:
    runs = [record(1, float(number), test_set={"name": f"set {number}", "hash": ""}) for number in range(30)]
    found, older = trends([*runs, *[record(2, 20.0)] * 9, runs[0]], most_runs=4)
    assert ([trend.name for trend in found[:3]], len(found), older) == (["set 0", "cape", "set 29"], MOST_SETS, 11)
    assert (len(found[1].runs), found[1].earlier) == (4, 5)


def test_metrics_come_in_a_fixed_order_further_ones_last() -> None:
    scores = {name: {"score": 1.0} for name in ("zeal", "ter", "comet", "bleu", "terms")}
    (trend,), _ = trends([record(1, 0.0, scores=scores, terms={"matched": 2, "satisfied": 1})])
    assert trend.metrics == ("bleu", "ter", "terms", "comet", "zeal")
