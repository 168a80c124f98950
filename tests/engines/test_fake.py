"""The fake engine: each behaviour does what its name says, and its English is fit for the rest of the pipeline."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.engines import create
from translate.engines.base import Mark, MarkedText
from translate.engines.fake import BEHAVIOURS
from translate.errors import EngineError

TEXT = "三毛猫が灯台で３．２９％眠った。"
MARKED = MarkedText(TEXT, (Mark(4, 6, "iLighthouse Café"),))


def one(spec: str, source: MarkedText = MARKED, prefix: str = "") -> str:
    return create(spec).translate([source], prefixes=[prefix])[0][0].text


@given(st.text(max_size=60))
def test_output_is_ascii_for_any_source(text: str) -> None:
    found = one("fake", MarkedText(text))
    assert found.isascii()
    assert bool(found) == bool(text.strip())


@given(st.text(max_size=40), st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20))
def test_a_prefix_opens_the_text(text: str, prefix: str) -> None:
    assert one("fake", MarkedText(text), prefix).startswith(prefix.rstrip())


def test_numbers_latin_words_and_the_end_are_kept() -> None:
    assert "3.29%" in one("fake")
    assert "NHK" in one("fake", MarkedText("ＮＨＫの塔！"))
    assert one("fake", MarkedText("ＮＨＫの塔！")).endswith("!")
    assert not one("fake", MarkedText("塔の話")).endswith(".")


def test_a_marks_target_arrives_letter_for_letter_even_in_front() -> None:
    assert "iLighthouse Café" in one("fake")
    assert one("fake", MarkedText("灯台だ。", (Mark(0, 2, "iLighthouse"),))).startswith("iLighthouse")


@pytest.mark.parametrize(
    ("spec", "marks", "prefix"), [("fake", True, True), ("fake:deaf", False, True), ("fake:stubborn", False, False)]
)
def test_deaf_ignores_marks_and_stubborn_prefixes_too(spec: str, marks: bool, prefix: bool) -> None:
    engine = create(spec)
    assert (engine.supports_marks, engine.supports_prefix) == (marks, prefix)
    assert ("iLighthouse" in one(spec)) is marks
    assert one(spec, prefix="The clock").startswith("The clock") is prefix


def test_degenerate_repeats_itself_for_sources_with_digits_only() -> None:
    engine = create("fake:degenerate")
    with_digit, without = engine.translate([MarkedText(TEXT), MarkedText("灯台だ。")])
    assert len(with_digit[0].text) > 20 * len(TEXT)
    assert not with_digit[0].finished
    assert without == create("fake").translate([MarkedText("灯台だ。")])[0]


def test_broken_fails_on_the_sixth_segment() -> None:
    engine = create("fake:broken")
    assert len(engine.translate([MARKED] * 5)) == 5
    with pytest.raises(RuntimeError, match="after 5 segments"):
        engine.translate([MARKED])


def test_slow_takes_its_time_for_each_segment() -> None:
    start = time.perf_counter()
    create("fake:slow").translate([MARKED] * 3)
    assert time.perf_counter() - start >= 0.055


def test_own_words_score_better_than_strange_ones_and_a_hypothesis_scores_as_its_text() -> None:
    engine = create("fake")
    own, other = engine.translate([MarkedText(TEXT)], num_hypotheses=2)[0]
    assert engine.score([TEXT] * 3, [own.text, other.text, "Nothing alike"]) == [own.score, other.score, -1.25]
    assert own.score > other.score > -1.25


def test_an_unknown_behaviour_lists_those_there_are() -> None:
    with pytest.raises(EngineError, match="did you mean 'deaf'") as caught:
        create("fake:def")
    assert all(name in str(caught.value) for name in BEHAVIOURS)
