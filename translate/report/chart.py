"""The geometry of a chart: where ticks, lines, points and intervals stand, worked out before anything is drawn.

Drawn by ourselves, as SVG in the page: pygal brings two scripts and colours of its own in 41 KB a chart, matplotlib
turns text into outlines and needs eleven packages, altair needs a browser's JavaScript or a renderer of its own; none
of them knows dark mode, titles for screen readers, or lines that break where two runs cannot be compared.

Runs stand side by side in equal steps, since their times bunch up. The scale fits the values and does not begin at
zero, but it never spans less than two points, so that noise does not look like a cliff.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from translate.metrics import LABELS
from translate.report.runs import TERMS, Run, Trend, Value

WIDTH, HEIGHT = 400.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 50.0, 390.0, 10.0, 170.0
"""The frame of the plot, in the units of the view box."""

_ROOM, _SMALLEST = 14.0, 0.4  # what a point of full size takes along the axis, and the smallest size
_INSET = 10.0  # between the frame and the first and last run
_SPAN, _MOST_STEPS = 2.0, 5
_STEPS = (1, 2, 5)
_ROUNDING = 1e-9

MARKERS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M-3.5-3.5h7v7h-7z",
    "M0-4.5 4.5 3.5h-9z",
    "M0-5 5 0 0 5-5 0z",
)
"""Outline of the points of each system around (0, 0); from the fourth on they share a shape."""

_BOUNDS = {"bleu": (0.0, 100.0), "chrf": (0.0, 100.0), "ter": (0.0, math.inf), TERMS: (0.0, 100.0)}
_ANY = (-math.inf, math.inf)
NAMES = {**LABELS, TERMS: "Term success"}
_BETTER = {"bleu": "higher is better", "chrf": "higher is better", "ter": "lower is better", TERMS: "higher is better"}


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis, and where it stands along it."""

    at: float
    text: str
    anchor: str = "end"


@dataclass(frozen=True, slots=True)
class Point:
    """One run: its place, the ends of its interval (None without one), and what a reader is told of it."""

    x: float
    y: float
    low: float | None
    high: float | None
    system: int
    failed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Runs of one system that can be compared with each other, as SVG's list of points."""

    system: int
    points: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one metric over the runs of one test set.

    Attributes:
        name: The metric as people write it.
        latest: Its latest value with interval, and the change since the run before it that it can be compared with.
        better: Which direction is better, or empty.
        description: The chart in words.
        values: Ticks of the vertical axis, from below.
        dates: Ticks of the horizontal axis.
        breaks: Where, along the horizontal axis, values stop being comparable.
        lines: The lines.
        points: The points, oldest first.
        size: How large they are drawn: the closer they stand, the smaller.
    """

    name: str
    latest: str
    better: str
    description: str
    values: tuple[Tick, ...]
    dates: tuple[Tick, ...]
    breaks: tuple[float, ...]
    lines: tuple[Line, ...]
    points: tuple[Point, ...]
    size: float


def chart(trend: Trend, metric: str) -> Chart:
    """Lay out the chart of a metric that at least one run of the test set has."""
    found = [(index, run, run.values[metric]) for index, run in enumerate(trend.runs) if metric in run.values]
    ends = [end for _, _, value in found for end in (value.low, value.high, value.score) if end is not None]
    ticks = scale(min(ends), max(ends), *_BOUNDS.get(metric, _ANY))
    bottom, top = ticks[0][0], ticks[-1][0]

    def height(value: float) -> float:
        return round(BOTTOM - (value - bottom) / (top - bottom) * (BOTTOM - TOP), 2)

    places = positions(len(trend.runs))
    order = systems(trend)
    points = tuple(
        Point(
            places[index],
            height(value.score),
            None if value.low is None else height(value.low),
            None if value.high is None else height(value.high),
            min(order.index(run.system), len(MARKERS) - 1),
            run.gate == "failed",
            f"{run.day} {run.time} {run.commit} {run.engine}: {told(value, metric)}",
        )
        for index, run, value in found
    )
    changes = [
        round((places[before[0]] + places[after[0]]) / 2, 2)
        for before, after in pairwise(found)
        if before[1].basis[metric] != after[1].basis[metric]
    ]
    return Chart(
        name=NAMES.get(metric, metric),
        latest=_latest([(run, value) for _, run, value in found], metric),
        better=_BETTER.get(metric, ""),
        description=_description([(run, value) for _, run, value in found], metric),
        values=tuple(Tick(height(value), text) for value, text in ticks),
        dates=_dates(trend.runs, places),
        breaks=tuple(changes),
        lines=_lines(found, points, metric),
        points=points,
        size=round(min(1.0, max(_SMALLEST, (RIGHT - LEFT) / len(trend.runs) / _ROOM)), 2),
    )


def systems(trend: Trend) -> list[str]:
    """Return the systems of a test set in the order in which they first ran."""
    return list(dict.fromkeys(run.system for run in trend.runs))


def positions(count: int) -> list[float]:
    """Return where ``count`` runs stand along the horizontal axis; one alone stands in the middle.

    >>> positions(3), positions(1)
    ([60.0, 220.0, 380.0], [220.0])
    """
    first, last = LEFT + _INSET, RIGHT - _INSET
    if count == 1:
        return [(first + last) / 2]
    return [round(first + number * (last - first) / (count - 1), 2) for number in range(count)]


def scale(low: float, high: float, least: float = -math.inf, most: float = math.inf) -> list[tuple[float, str]]:
    """Return round values, with their labels, from below ``low`` to above ``high``, six at most.

    Args:
        low: The smallest value to show.
        high: The largest.
        least: What the metric cannot fall below.
        most: What it cannot exceed.

    >>> [text for _, text in scale(21.3, 24.9)]
    ['21', '22', '23', '24', '25']
    """
    if high - low < _SPAN:
        middle = (low + high) / 2
        if low >= least and high <= most:
            middle = min(max(middle, least + _SPAN / 2), most - _SPAN / 2)
        low, high = middle - _SPAN / 2, middle + _SPAN / 2
    power = math.floor(math.log10((high - low) / _MOST_STEPS))
    steps = ((factor * 10.0**exponent, exponent) for exponent in (power, power + 1) for factor in _STEPS)
    ranges = ((math.floor(low / step + _ROUNDING), math.ceil(high / step - _ROUNDING), step, e) for step, e in steps)
    first, last, step, exponent = next(one for one in ranges if one[1] - one[0] <= _MOST_STEPS)
    return [(number * step, f"{number * step:.{max(0, -exponent)}f}") for number in range(first, last + 1)]


def told(value: Value, metric: str) -> str:
    """Return a value with its interval as text.

    >>> told(Value(21.46, 20.0, 22.96), "bleu"), told(Value(97.5), "terms")
    ('21.5 [20.0, 23.0]', '97.5 %')
    """
    unit = " %" if metric == TERMS else ""
    interval = "" if value.low is None or value.high is None else f" [{value.low:.1f}, {value.high:.1f}]"
    return f"{value.score:.1f}{unit}{interval}"


def _latest(found: Sequence[tuple[Run, Value]], metric: str) -> str:
    run, value = found[-1]
    same = [one for one, _ in found[:-1] if one.basis[metric] == run.basis[metric] and one.system == run.system]
    if not same:
        return told(value, metric)
    change = f"{value.score - same[-1].values[metric].score:+.1f}".replace("-", "−")
    return f"{told(value, metric)}, {change} since the run before"


def _description(found: Sequence[tuple[Run, Value]], metric: str) -> str:
    scores = [value.score for _, value in found]
    return (
        f"{len(found)} {'run' if len(found) == 1 else 'runs'} from {found[0][0].day} to {found[-1][0].day}; "
        f"lowest {min(scores):.1f}, highest {max(scores):.1f}, latest {told(found[-1][1], metric)}. "
        "The table below has all values."
    )


def _dates(runs: Sequence[Run], places: Sequence[float]) -> tuple[Tick, ...]:
    """Label the first, middle and last run with the day, or with the time of day if all ran on one."""
    chosen = sorted({0, len(runs) // 2, len(runs) - 1})  # more would touch each other
    one_day = len({run.day for run in runs}) == 1 and len(runs) > 1
    ticks = []
    for index in chosen:
        at, anchor = places[index], "middle"
        if len(runs) > 1 and index in (0, len(runs) - 1):  # the outer labels end with the frame
            at, anchor = (LEFT, "start") if index == 0 else (RIGHT, "end")
        ticks.append(Tick(at, runs[index].time if one_day else runs[index].day, anchor))
    return tuple(ticks)


def _lines(found: Sequence[tuple[int, Run, Value]], points: Sequence[Point], metric: str) -> tuple[Line, ...]:
    stretches: dict[tuple[str, tuple[str, ...]], list[Point]] = {}
    for (_, run, _), point in zip(found, points, strict=True):
        stretches.setdefault((run.system, run.basis[metric]), []).append(point)
    return tuple(
        Line(stretch[0].system, " ".join(f"{point.x:g},{point.y:g}" for point in stretch))
        for stretch in stretches.values()
        if len(stretch) > 1
    )
