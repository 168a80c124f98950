"""What the ledger holds, made ready to be drawn: the runs of each test set, newest test set first.

A ledger is a file that many jobs append to, and not all of them ours: whatever is no plain number is left out, and
names are cut to what a table can show.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import NormalDist
from typing import Any

from translate.ledger import Record
from translate.metrics import LABELS

TERMS = "terms"
"""Name of term success among the metrics, in percent."""

MOST_RUNS, MOST_SETS, MOST_METRICS = 50, 20, 8
"""Runs of a test set, test sets, and metrics that a page shows, unless told otherwise."""

_NAME, _SIGNATURE, _LARGEST = 60, 200, 1e6


@dataclass(frozen=True, slots=True)
class Value:
    """A score with the ends of its 95 % interval, None where the ledger has none."""

    score: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        id: Its id in the ledger.
        day: The date, ``YYYY-MM-DD``.
        time: The time of day in UTC, ``HH:MM``, or empty.
        commit: The first digits of the commit, or empty.
        dirty: Whether tracked files differed from it.
        engine: ``name@revision``, or empty.
        segments: How many were scored.
        gate: ``passed``, ``failed``, or empty if it was not asked.
        values: Metric → value; ``terms`` is term success in percent.
        basis: Metric → what a value rests on; two runs with different ones cannot be compared.
    """

    id: str
    day: str
    time: str
    commit: str
    dirty: bool
    engine: str
    segments: int
    gate: str
    values: Mapping[str, Value]
    basis: Mapping[str, tuple[str, ...]]

    @property
    def system(self) -> str:
        """What translated, without its revision: runs of one system make one line of a chart."""
        parts = (part.rpartition("@")[0] or part for part in self.engine.split(", "))
        return ", ".join(parts) or "system not recorded"


@dataclass(frozen=True, slots=True)
class Trend:
    """The runs of one test set.

    Attributes:
        name: The test set.
        hash: What its sources and references hash to, in the latest run.
        runs: The runs to show, oldest first.
        earlier: How many older ones the ledger has.
        metrics: What was measured, in the order of the charts.
        signatures: sacrebleu's signatures of the latest run.
    """

    name: str
    hash: str
    runs: tuple[Run, ...]
    earlier: int
    metrics: tuple[str, ...]
    signatures: Mapping[str, str] = field(default_factory=dict)


def trends(records: Sequence[Record], *, most_runs: int = MOST_RUNS) -> tuple[list[Trend], int]:
    """Return the test sets, the one that was scored last first, and how many older ones are left out.

    Args:
        records: A ledger's records, oldest first.
        most_runs: How many runs of each to keep, the latest ones.
    """
    by_name: dict[str, list[Record]] = {}
    for record in records:
        runs = by_name.pop(record.test_set["name"], [])
        runs.append(record)
        by_name[record.test_set["name"]] = runs  # moved to the end: it was scored last
    names = list(reversed(by_name))
    return [_trend(by_name[name], most_runs) for name in names[:MOST_SETS]], len(names[MOST_SETS:])


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score (1927), which holds for small counts and shares near 1.

    >>> [round(end, 4) for end in wilson(9, 10)]
    [0.5958, 0.9821]
    """
    z2 = NormalDist().inv_cdf(0.975) ** 2
    share = successes / trials
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials * trials))) / (1 + z2 / trials)
    # At the ends the formula gives 0 and 1 up to rounding.
    return (0.0 if successes == 0 else centre - half), (1.0 if successes == trials else centre + half)


def _trend(records: Sequence[Record], most: int) -> Trend:
    runs = tuple(map(_run, records[-most:]))
    named = {name for run in runs for name in run.values}
    ordered = [*(name for name in (*LABELS, TERMS) if name in named), *sorted(named - {*LABELS, TERMS})]
    latest = records[-1]
    return Trend(
        cut(latest.test_set["name"]),
        cut(latest.test_set["hash"], 16),
        runs,
        len(records) - len(runs),
        tuple(ordered[:MOST_METRICS]),
        {name: cut(str(text), _SIGNATURE) for name, text in latest.signature.items() if name in LABELS},
    )


def _run(record: Record) -> Run:
    named = {cut(str(name)): _value(found) for name, found in record.scores.items() if name != TERMS}
    values = {name: value for name, value in named.items() if value is not None}
    terms = _term_success(record.terms)
    if terms:
        values[TERMS] = terms
    test = (record.test_set["hash"], str(record.segments))
    basis = {name: (*test, str(record.signature.get(name, ""))) for name in values} | {TERMS: (*test, record.glossary)}
    day, time = _moment(record)
    return Run(
        id=record.id,
        day=day,
        time=time,
        commit=cut((record.commit or "")[:10]),
        dirty=bool(record.dirty),
        engine=cut(record.engine or ""),
        segments=record.segments,
        gate=record.gate if record.gate in ("passed", "failed") else "",
        values=values,
        basis=basis,
    )


def _moment(record: Record) -> tuple[str, str]:
    try:
        moment = datetime.fromisoformat(record.time)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):  # the id says it, too
        return f"{record.id[:4]}-{record.id[4:6]}-{record.id[6:8]}", ""
    return f"{moment:%Y-%m-%d}", f"{moment:%H:%M}"


def _value(found: Mapping[str, Any]) -> Value | None:
    score, low, high = (_number(found.get(name)) for name in ("score", "low", "high"))
    if score is None:
        return None
    if low is None or high is None or low > high:
        return Value(score)
    return Value(score, low, high)


def _term_success(terms: Mapping[str, Any]) -> Value | None:
    held, matched, waived = (_number(terms.get(name, 0)) for name in ("satisfied", "matched", "waived"))
    if held is None or matched is None or waived is None or not 0 <= held <= matched - waived or matched <= waived:
        return None
    low, high = wilson(held, matched - waived)
    return Value(100 * held / (matched - waived), 100 * low, 100 * high)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # Comparing first: a huge integer has no float.
    return float(value) if -_LARGEST <= value <= _LARGEST else None


def cut(text: str, width: int = _NAME) -> str:
    """Return a name of at most ``width`` characters on one line.

    >>> cut("a  b" * 3, 6)
    'a ba …'
    """
    line = " ".join(text[: 4 * width].split())
    return line if len(line) <= width else line[: width - 1] + "…"
