"""Edited texts find their earlier selves: the most alike first, one to one, the nearest among equals."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate._changes import Changes, Edited, compare
from translate._fuzzy import places_of_gone, predecessors, similarity


def placed(*texts: str) -> dict[str, float]:
    return {text: float(at) for at, text in enumerate(texts)}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("港に船が着いた。", "港に船が着いた。", 100.0),
        ("船は７隻だ。", "船は7隻だ。", 100.0),  # only the width differs
        ("犬が来た。", "猫が来た。", 80.0),  # 2 * 4 common of 5 + 5
        ("犬が来た。", "犬が来た", 800 / 9),
        ("犬", "猫", 0.0),
    ],
)
def test_similarity_is_the_share_of_common_characters(one: str, other: str, expected: float) -> None:
    assert similarity(one, other) == pytest.approx(expected)
    assert similarity(other, one) == similarity(one, other)


def test_the_most_alike_is_taken_first_and_only_once() -> None:
    old = placed("灯台の鐘が鳴った。", "灯台の鐘が三度鳴った。")
    found = predecessors(placed("灯台の鐘が三度も鳴った。", "灯台の鐘がまた鳴った。"), dict(old))
    assert {new: one.text for new, one in found.items()} == {
        "灯台の鐘が三度も鳴った。": "灯台の鐘が三度鳴った。",
        "灯台の鐘がまた鳴った。": "灯台の鐘が鳴った。",
    }
    assert found["灯台の鐘が三度も鳴った。"].similarity == pytest.approx(100 * 22 / 23)


def test_among_equals_the_nearest_wins_and_order_is_kept() -> None:
    old = placed(*(f"第{n}便が出た。" for n in "一二三四"))
    new = placed(*(f"第{n}便が出た。" for n in "五六七八"))
    found = predecessors(new, dict(old))
    assert [one.text for one in found.values()] == list(old)


def test_a_text_that_went_just_now_wins_over_one_long_gone() -> None:
    found = predecessors({"第九便が出た。": 9.0}, {"第一便が出た。": None, "第二便が出た。": 0.0})
    assert found["第九便が出た。"].text == "第二便が出た。"


def test_what_is_less_alike_than_asked_for_has_no_predecessor() -> None:
    assert predecessors(placed("犬が来た。"), {"猫が来た。": 0.0}, 81) == {}
    assert predecessors(placed("犬が来た。"), {"猫が来た。": 0.0}, 80)["犬が来た。"].similarity == 80.0
    assert predecessors({}, {"猫。": 0.0}) == predecessors(placed("犬。"), {}) == {}


def test_a_sentence_added_in_front_shifts_no_pair() -> None:
    before = ["第一便が出た。", "昼になった。", "第二便が出た。"]
    now = ["朝になった。", "第三便が出た。", "昼になった。", "第四便が出た。"]
    gone = places_of_gone(before, now)
    assert gone == {"第一便が出た。": 0.0, "第二便が出た。": 3.0}
    new = {text: float(at) for at, text in enumerate(now) if text not in before}
    found = predecessors(new, dict(gone))
    assert {text: one.text for text, one in found.items()} == {
        "第三便が出た。": "第一便が出た。",
        "第四便が出た。": "第二便が出た。",
    }


WORDS = st.lists(st.text("港船灯台鐘。", min_size=1, max_size=8), unique=True, max_size=8)


@given(WORDS, WORDS, st.integers(1, 100))
def test_pairs_are_one_to_one_and_alike_enough(new: list[str], old: list[str], least: int) -> None:
    found = predecessors(placed(*new), dict(placed(*old)), least)
    assert len({one.text for one in found.values()}) == len(found)
    for text, one in found.items():
        assert one.similarity == similarity(text, one.text) >= least
    # Nothing that is alike enough is left over on both sides.
    left = set(old) - {one.text for one in found.values()}
    assert all(similarity(text, other) < least for text in set(new) - found.keys() for other in left)


def test_a_rewritten_book_is_matched_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(5)
    old = ["".join(rng.choices(string.ascii_lowercase, k=30)) for _ in range(60)]
    new = [text[:10] + "xyz" + text[12:] for text in old]
    whole = predecessors(placed(*new), dict(placed(*old)))
    monkeypatch.setattr("translate._fuzzy._CELLS", 100)
    assert predecessors(placed(*new), dict(placed(*old))) == whole
    assert [one.text for one in whole.values()] == old


# The list of changes


def texts(*names: str, **previous: str) -> dict[str, str]:
    return {name: previous.get(name, "") for name in names}


def test_each_text_is_in_one_list() -> None:
    found = compare(
        texts("題", "犬が来た。", "鳥。", "魚。", "馬。"),
        {"牛。"},
        {"題": "", "牛。": "", "猫が来た。": "犬が来た。", "馬。": "", "魚。": "", "新。": ""},
    )
    assert found == Changes(
        new=("新。",),
        edited=(Edited("猫が来た。", "犬が来た。", 80.0),),
        moved=("馬。",),
        removed=("鳥。",),
        returning=("牛。",),
    )


@given(st.permutations("一二三四五六七"))
def test_the_moves_explain_the_order_and_are_as_few_as_can_be(order: list[str]) -> None:
    before = "一二三四五六七"
    moved = compare(texts(*before), (), texts(*order)).moved
    stayed = [text for text in order if text not in moved]
    assert stayed == sorted(stayed, key=before.index)
    longest = max(
        bits.bit_count()
        for bits in range(1 << 7)
        if (run := [text for at, text in enumerate(order) if bits >> at & 1]) == sorted(run, key=before.index)
    )
    assert len(stayed) == longest


def test_nothing_changed_is_nothing() -> None:
    assert not compare(texts("犬。", "猫。"), {"鳥。"}, texts("犬。", "猫。"))
