"""House style: cases live in quality/housestyle.tsv; applying a style twice is applying it once."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translate.document import Role
from translate.errors import InputError
from translate.housestyle import HouseStyle, apply
from translate.spelling import KEPT, changes, respell

TABLE = Path(__file__).parent / "quality" / "housestyle.tsv"

STYLES = st.builds(
    HouseStyle,
    st.sampled_from(["sentence", "title", "keep"]),
    st.sampled_from(["straight", "curly"]),
    st.sampled_from(["us", "uk"]),
    st.sampled_from(["western", "eastern"]),
)
WORDS = st.sampled_from(
    [
        *(
            "The defense minister",
            "Center",
            "GRAY",
            "gray",
            "us",
            "US",
            "May",
            "in",
            "said:",
            "5",
            "1.",
            '12"',
            "6'2\"",
        ),
        *("Ken Ito", "Ito Ken", "ken ito", "Ken", "Ito", "COLOR", '"The Color"', "'n'", "'", '"', "“", "”", "‘", "’"),
        *("—", "-", "(", ")", "https://example.org/color'", "<b>", '`a"b`', "Defense Center", "DEFENSE CENTER", "日本"),
        *("Pearl Harbor", "computer programs", "Programme", "Talks Resume", "McColor", "ß", "ǆ", "İ", "al-Qaida", "\n"),
    ]
)
TEXT = st.lists(WORDS, max_size=9).flatmap(lambda words: st.sampled_from([" ", ""]).map(lambda gap: gap.join(words)))
NAMES = ("Ken Ito", "Ito Ken Ito", "Jun de Ito")
FIXED = ("Defense Center", "al-Qaida", "US", "defense minister", '"The Color"', "Ken Ito", "the Color's")


def cases() -> list[list[str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def style_of(cell: str) -> HouseStyle:
    return HouseStyle(**dict(pair.split("=") for pair in cell.split(",") if pair != "-"))


def several(cell: str) -> list[str]:
    return cell.split("|") if cell else []


@pytest.mark.parametrize(("style", "role", "text", "names", "fixed", "expected"), cases())
def test_table(style: str, role: str, text: str, names: str, fixed: str, expected: str) -> None:
    settings = {"names": several(names), "fixed": several(fixed)}
    once = apply(text, role, style_of(style), **settings)
    assert once == expected
    assert apply(once, role, style_of(style), **settings) == once


@settings(max_examples=400, deadline=None)
@given(TEXT | st.text(max_size=40), st.sampled_from(list(Role)), STYLES)
@example('x" “', Role.BODY, HouseStyle(quotes="curly"))
def test_applying_a_style_twice_is_applying_it_once(text: str, role: Role, style: HouseStyle) -> None:
    once = apply(text, role, style, names=NAMES, fixed=FIXED)
    assert apply(once, role, style, names=NAMES, fixed=FIXED) == once


@given(TEXT, STYLES)
def test_body_text_keeps_its_capitals_and_its_length_but_for_spelling(text: str, style: HouseStyle) -> None:
    changed = apply(text, "body", HouseStyle(headings=style.headings, quotes=style.quotes, spelling="us"))
    assert changed.translate(str.maketrans("“”‘’", "\"\"''")).casefold().replace(
        "programme", "program"
    ) == text.translate(str.maketrans("“”‘’", "\"\"''")).casefold().replace("programme", "program")


@given(TEXT)
def test_curly_quotes_straightened_give_the_text_back(text: str) -> None:
    straight = apply(text, "body", HouseStyle())
    assert apply(apply(straight, "body", HouseStyle(quotes="curly")), "body", HouseStyle()) == straight


@pytest.mark.parametrize("spelling", ["us", "uk"])
def test_what_a_word_becomes_is_never_changed_again(spelling: str) -> None:
    table = changes(spelling)
    assert len(table) > 120
    assert table.keys().isdisjoint(table.values())
    assert all(re.fullmatch("[a-z]+", word) for pair in table.items() for word in pair)


def test_american_and_british_tables_lead_back_to_each_other() -> None:
    back = changes("us")
    assert [word for word, british in changes("uk").items() if british in back and back[british] != word] == []


@pytest.mark.parametrize(
    "word", ["defense", "center", "organize", "color", "program", "canceled", "theater", "maneuver", "favorite"]
)
def test_capitals_survive_respelling(word: str) -> None:
    british = respell(word, "uk")
    assert british != word
    assert respell(word.upper(), "uk") == british.upper()
    assert respell(word.capitalize(), "uk") == british.capitalize()


def test_kept_names_are_worth_keeping() -> None:
    useless = [name for name in KEPT if all(respell(w, "us") == w == respell(w, "uk") for w in name.split())]
    assert useless == []


def test_a_name_given_in_both_orders_stays() -> None:
    style = HouseStyle(names="eastern")
    assert apply("Ken Ito and Ito Ken", "body", style, names=["Ken Ito", "Ito Ken"]) == "Ken Ito and Ito Ken"


def test_unknown_settings_are_refused_with_the_allowed_ones() -> None:
    with pytest.raises(InputError, match="headings = 'shouting' is unknown; write one of sentence, title, keep"):
        HouseStyle(headings="shouting")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "unit", ["a.", "a-", "`a", "<a ", "](x", "\"a' ", "a@b.cc ", "Ken Ken Ito Ito ", "Talks Resume "]
)
def test_long_segments_take_seconds_at_most(unit: str) -> None:
    style = HouseStyle(quotes="curly", spelling="uk", names="eastern")
    start = time.perf_counter()
    apply(unit * 5000, "title", style, names=NAMES, fixed=FIXED)
    assert time.perf_counter() - start < 10


def test_a_large_glossary_costs_milliseconds_a_segment() -> None:
    fixed = [f"Center number {number}" for number in range(5000)]
    start = time.perf_counter()
    for _ in range(20):
        assert apply("At Center number 77 talks ended", "body", HouseStyle(spelling="uk"), fixed=fixed).startswith(
            "At Center"
        )
    assert time.perf_counter() - start < 10


def test_names_beside_further_parts_of_names_stay() -> None:
    style = HouseStyle(names="eastern")
    assert apply("Ken Ken Ito", "body", style, names=["Ken Ito"]) == "Ken Ken Ito"
