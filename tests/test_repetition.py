"""Loops and runaways are found, repetition that the source has is not; cases live in quality/repetition.tsv."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.repetition import is_degenerate, repetition_ratio

TABLE = Path(__file__).parent / "quality" / "repetition.tsv"


def expand(cell: str) -> str:
    return re.sub(r"\{(.+?)\*(\d+)\}", lambda match: match[1] * int(match[2]), cell)


def cases() -> list[tuple[str, str, str]]:
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(verdict, expand(source), expand(english)) for verdict, source, english, _why in rows]


@pytest.mark.parametrize(("verdict", "source", "english"), cases())
def test_table(verdict: str, source: str, english: str) -> None:
    assert is_degenerate(source, english) == {"loop": True, "fine": False}[verdict]


def test_table_has_enough_cases_of_both_kinds() -> None:
    verdicts = [verdict for verdict, *_ in cases()]
    assert verdicts.count("loop") >= 20
    assert verdicts.count("fine") >= 20


@given(st.text(st.sampled_from("国防相は会談を行い港へ戻った"), min_size=8, max_size=30), st.integers(9, 40))
def test_any_phrase_that_cycles_long_enough_is_found(source: str, times: int) -> None:
    assert is_degenerate("".join(dict.fromkeys(source)), "the old harbor " * times)


@given(st.text(max_size=80))
def test_ratio_is_a_share(text: str) -> None:
    assert 0 <= repetition_ratio(text) <= 1


@given(st.text(min_size=1, max_size=20).filter(str.strip), st.integers(6, 12))
def test_ratio_of_a_text_that_is_nothing_but_copies_is_one(unit: str, times: int) -> None:
    assert repetition_ratio(unit * times) == 1


def test_ratio_counts_only_the_looping_part() -> None:
    assert repetition_ratio("The fleet left port at dawn.") == 0
    assert 0.4 < repetition_ratio("The fleet left port at dawn. " + "again, " * 4) < 0.7
    assert repetition_ratio("") == 0
    assert repetition_ratio(" \n") == 0


@pytest.mark.parametrize("text", ["lorem ipsum dolor " * 12_000, " ".join(map(str, range(40_000)))])
def test_long_texts_take_seconds_at_most(text: str) -> None:
    start = time.perf_counter()
    is_degenerate("長" * len(text), text)
    is_degenerate(text, text)
    repetition_ratio(text)
    assert time.perf_counter() - start < 20
