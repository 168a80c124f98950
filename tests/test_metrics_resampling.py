"""Intervals and paired bootstrap: the same figures as sacrebleu's command line, on the same files."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.errors import ScoreError
from translate.metrics import LABELS, Measured, compare, measure, paired, ratio

WORDS = (
    "the",
    "a",
    "harbor",
    "pier",
    "boat",
    "storm",
    "bell",
    "rang",
    "waited,",
    "closed",
    "left",
    "again.",
    "7",
    "12%",
)


def lines(seed: int, count: int = 60) -> list[str]:
    chance = random.Random(seed)
    return [
        " ".join(chance.choices(WORDS, k=chance.randint(0 if number % 20 == 7 else 3, 18))) for number in range(count)
    ]


def altered(texts: list[str], seed: int, share: float) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(w if chance.random() > share else chance.choice(WORDS) for w in text.split()) for text in texts]


REFERENCE = lines(1)
SECOND = altered(REFERENCE, 2, 0.2)
GOOD, BAD = altered(REFERENCE, 3, 0.3), altered(REFERENCE, 4, 0.5)


def sacrebleu(folder: Path, references: list[list[str]], systems: list[list[str]], *options: str) -> str:
    paths = []
    for number, texts in enumerate([*references, *systems]):
        paths.append(folder / f"{number}.txt")
        paths[-1].write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    names = [str(path) for path in paths]
    command = [sys.executable, "-m", "sacrebleu", *names[: len(references)], "-i", *names[len(references) :], *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("references", [[REFERENCE], [REFERENCE, SECOND]], ids=["one set", "two sets"])
def test_intervals_equal_sacrebleus_confidence(tmp_path: Path, references: list[list[str]]) -> None:
    out = sacrebleu(tmp_path, references, [GOOD], "-m", "bleu", "chrf", "ter", "--confidence", "-w", "12", "-f", "json")
    measured = measure(GOOD, references)
    for name, expected in zip(LABELS, json.loads(out), strict=True):
        interval = measured.interval(name)
        assert round(measured.score(name), 12) == expected["score"]
        assert round(interval.mean, 12) == expected["confidence_mean"]
        assert round(interval.half, 12) == expected["confidence_var"]
        assert interval.low <= interval.mean <= interval.high


def test_p_values_equal_sacrebleus_paired_bootstrap(tmp_path: Path) -> None:
    close = [*GOOD[:30], *altered(GOOD[30:], 5, 0.03)]
    # As text: sacrebleu 2.6 cannot write the JSON of a paired test with TER.
    out = sacrebleu(
        tmp_path, [REFERENCE], [GOOD, BAD, close], "-m", "bleu", "chrf", "ter", "--paired-bs", "-w", "12", "-f", "text"
    )
    figures = re.findall(r"([0-9.]+) \(([0-9.]+) ± ([0-9.]+)\)", out)[len(LABELS) :]
    p_values = re.findall(r"\(p = ([0-9.]+)\)", out)
    baseline = measure(GOOD, [REFERENCE])
    systems = [(name, measure(texts, [REFERENCE])) for texts in (BAD, close) for name in LABELS]
    for (name, system), (score, mean, half), p_value in zip(systems, figures, p_values, strict=True):
        found, interval = compare(baseline, system, name), system.interval(name)
        assert f"{found.system:.12f}" == score
        assert f"{found.p_value:.4f}" == p_value
        assert f"{interval.half:.12f}" == half
        assert interval.mean == pytest.approx(float(mean), rel=1e-6)  # numpy's mean there, in single precision


def test_scores_of_segments_equal_sacrebleus(tmp_path: Path) -> None:
    measured = measure(GOOD, [REFERENCE])
    for name in LABELS:
        out = sacrebleu(tmp_path, [REFERENCE], [GOOD], "-m", name, "--sentence-level", "-b", "-w", "12")
        expected = [float(line) for line in out.split()]
        assert [round(measured.segment_score(name, number), 12) for number in range(len(GOOD))] == expected


def test_an_article_scores_as_if_it_stood_alone() -> None:
    whole, alone = measure(GOOD, [REFERENCE, SECOND]), measure(GOOD[10:25], [REFERENCE[10:25], SECOND[10:25]])
    for name in LABELS:
        assert whole.score(name, range(10, 25)) == alone.score(name)


def test_the_seed_does_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = measure(GOOD, [REFERENCE], metrics=("bleu",)).interval("bleu")
    monkeypatch.setenv("SACREBLEU_SEED", "7")
    assert measure(GOOD, [REFERENCE], metrics=("bleu",)).interval("bleu") == before


def test_an_unchanged_system_differs_by_nothing_with_certainty() -> None:
    found = compare(measure(GOOD, [REFERENCE]), measure(list(GOOD), [REFERENCE]), "bleu")
    assert (found.difference, found.low, found.high, found.p_value) == (0, 0, 0, 1)


def test_a_clearly_worse_system_is_significant_and_the_interval_excludes_zero() -> None:
    found = compare(measure(GOOD, [REFERENCE]), measure(BAD, [REFERENCE]), "chrf")
    assert found.difference < 0
    assert found.high < 0
    assert found.p_value < 0.05


def test_rows_that_an_earlier_run_worked_out_are_taken_over() -> None:
    known = {"ter": [(0.0, 4.0)] * len(GOOD)}
    measured = measure(GOOD, [REFERENCE], known=known)
    assert measured.score("ter") == 0
    assert measured.signature == measure(GOOD, [REFERENCE]).signature
    assert measure(GOOD, [REFERENCE], known={"ter": [(0.0, 4.0)]}).score("ter") > 0


def test_another_metric_is_the_mean_of_its_segments() -> None:
    measured = measure(["a", "b", "c", "d"], [["a"] * 4], metrics=("bleu",)).with_metric("own", [1, 0, 0.5, 0.5])
    assert measured.score("own") == 0.5
    assert measured.score("own", [0, 3]) == 0.75
    assert measured.segment_score("own", 2) == 0.5
    better = measured.with_metric("own", [1, 1, 1, 1])
    assert compare(measured, better, "own").difference == 0.5
    assert measured.interval("own").low < 0.5 < measured.interval("own").high


def test_shares_are_compared_by_their_sums() -> None:
    found = paired([(1, 4), (0, 0), (3, 4)], [(4, 4), (0, 0), (4, 4)], ratio)
    assert (found.baseline, found.system, found.difference) == (0.5, 1.0, 0.5)


def test_nothing_of_nothing_is_no_share() -> None:
    assert ratio([0, 0]) == 0


def test_resamples_without_any_match_have_an_interval_too() -> None:
    found = measure(["The bell", "", "夜"], [["The bell rang", "The boat", "At night"]]).interval("chrf")
    assert found.low == 0 < found.high


@pytest.mark.parametrize(("first", "second"), [([(1, 1)], [(1, 1)] * 2), ([], [])])
def test_different_units_are_refused(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    with pytest.raises(ScoreError, match="rows cannot be compared"):
        paired(first, second, ratio)


def test_progress_is_told_while_ter_is_worked_out() -> None:
    told: list[tuple[str, int, int]] = []
    measure(GOOD, [REFERENCE], progress=lambda *words: told.append(words))
    assert told[0][1:] == (0, 60)
    assert told[-1][1:] == (60, 60)


def _of(rows: list[tuple[float, float]]) -> Measured:
    return Measured({"own": [[one] for one, _ in rows]}, {}, ["x"] * len(rows))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_the_comparison_the_other_way_round_is_the_mirror_image(rows: list[tuple[float, float]]) -> None:
    one, other = _of(rows), _of([(second, first) for first, second in rows])
    there, back = compare(one, other, "own"), compare(other, one, "own")
    assert there.difference == -back.difference
    assert (there.low, there.high) == (-back.high, -back.low)
    assert there.p_value == back.p_value
    assert 0 < there.p_value <= 1
