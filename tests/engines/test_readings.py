"""Other readings of a source: what changes is its full stop, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.engines.base import Mark, MarkedText
from translate.engines.readings import readings


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("雨がやんだ。", ["雨がやんだ", "雨がやんだ．"]),
        ("雨がやんだ．", ["雨がやんだ", "雨がやんだ。"]),
        ("雨、港を閉ざす", ["雨、港を閉ざす。", "雨、港を閉ざす．"]),
        ("「雨だ。」", ["「雨だ。」。", "「雨だ。」．"]),
        ("もう。。", ["もう。", "もう。．"]),
        ("。", []),
        ("", []),
        (" ", []),
    ],
)
def test_a_source_is_read_with_either_stop_and_without(text: str, others: list[str]) -> None:
    assert [one.text for one in readings(MarkedText(text))] == others


def test_marks_stay_and_a_marked_stop_leaves_no_other_reading() -> None:
    marked = MarkedText("国防総省は動いた。", (Mark(0, 4, "Pentagon"),))
    assert [one.marks for one in readings(marked)] == [marked.marks] * 2
    assert readings(MarkedText("モーニング娘。", (Mark(0, 7, "Morning Musume"),))) == []


@given(st.text(alphabet="雨が。．、 a」", max_size=12))
def test_readings_differ_from_each_other_and_from_the_source_in_the_last_stop_alone(text: str) -> None:
    others = [one.text for one in readings(MarkedText(text))]
    if others:
        stem = min([*others, text.rstrip()], key=len)
        assert {text.rstrip(), *others} == {stem, stem + "。", stem + "．"}
