"""Numbers, dates and times: what is found in Japanese, how English may say it, and what it may not be taken for."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.glossary import Mode, satisfied
from translate.quantities import Clock, Day, Quantity, Sort, english_forms, find_quantities
from translate.terms import number_term

TABLE = Path(__file__).parent / "quality" / "numbers.tsv"


def cases() -> list[list[str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [([*line.split("\t"), "", ""])[:4] for line in lines if line and not line.startswith("#")]


def shown(quantity: Quantity) -> str:
    target, _, mode = english_forms(quantity)
    return f"{quantity.text}={target}:{mode}"


def forms(cell: str) -> list[str]:
    return [form for form in cell.split("; ") if form]


@pytest.mark.parametrize(("source", "expected", "accepted", "rejected"), cases(), ids=[row[0] for row in cases()])
def test_table(source: str, expected: str, accepted: str, rejected: str) -> None:
    found = find_quantities(source)
    assert " ; ".join(map(shown, found)) == ("" if expected == "-" else expected)
    assert not (expected == "-" and (accepted or rejected))
    for english in forms(accepted):
        assert satisfied(number_term(found[0]), f"They said {english} on the way."), english
    for english in forms(rejected):
        assert not satisfied(number_term(found[0]), f"They said {english} on the way."), english


def test_the_table_is_large_and_every_case_stands_once() -> None:
    sources = [row[0] for row in cases()]
    assert len(sources) == len(set(sources))
    assert len(sources) >= 150


def test_a_quantity_says_what_it_is_and_where_it_stands() -> None:
    assert find_quantities("昨年、４億3000万円を2024年7月12日の午後3時半に。") == [
        Quantity(Sort.CURRENCY, 430_000_000, "JPY", 3, 11, "４億3000万円", True),
        Quantity(Sort.DATE, Day(2024, 7, 12), "", 12, 22, "2024年7月12日", True),
        Quantity(Sort.TIME, Clock(15, 30), "", 23, 28, "午後3時半", True),
    ]


def test_a_range_holds_both_ends_and_the_unit_of_the_second() -> None:
    (found,) = find_quantities("1.5～2.5%の間")
    assert (found.value, found.last, found.sort, found.certain) == (Decimal("1.5"), Decimal("2.5"), Sort.PERCENT, False)


def test_the_target_is_the_first_form_and_never_among_the_variants() -> None:
    for source, *_ in cases():
        for found in find_quantities(source):
            target, variants, mode = english_forms(found)
            assert target not in variants
            assert len(set(variants)) == len(variants)
            assert (mode is Mode.HARD) == found.certain


def test_a_text_without_numerals_is_left_at_once() -> None:
    assert find_quantities("会談は終わった。") == []
    assert find_quantities("") == []


# --- every number ----------------------------------------------------------------------------------------------------

NUMBERS = st.one_of(st.integers(2, 10**16), st.integers(2, 9999), st.sampled_from([10**n for n in range(1, 17)]))
WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")


def four(number: int) -> str:
    """Write a number below 10,000 in kanji: 二千三百五."""
    kanji = ""
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        kanji += ("" if digit == 1 and unit else "〇一二三四五六七八九"[digit]) + unit if digit else ""
    return kanji


def mixed(number: int, write: object) -> str:
    text = ""
    for size, unit in ((10**16, "京"), (10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        part, number = divmod(number, size)
        text += f"{write(part)}{unit}" if part else ""  # type: ignore[operator]
    return text


def one_thousand(part: int) -> str:
    return "一千" if part == 1000 else four(part)


@given(NUMBERS, st.sampled_from(["mixed", "wide", "kanji", "grouped", "plain"]))
def test_every_whole_number_reads_back_as_itself_however_it_is_written(number: int, style: str) -> None:
    written = {
        "mixed": mixed(number, str),
        "wide": mixed(number, str).translate(WIDE),
        "kanji": mixed(number, one_thousand),
        "grouped": f"{number:,}",
        "plain": f"{number:,}".translate(WIDE),
    }[style]
    (found,) = find_quantities(f"合計で{written}円だ。")
    assert (found.value, found.unit, found.text) == (number, "JPY", f"{written}円")


@given(st.decimals("0.01", "9999", places=2), st.booleans())
def test_every_decimal_reads_back_as_itself(value: Decimal, wide: bool) -> None:
    written = f"{value:f}".translate(WIDE | {ord("."): "．"}) if wide else f"{value:f}"
    (found,) = find_quantities(f"率は{written}%。")
    assert found.value == value


# --- every form ------------------------------------------------------------------------------------------------------

UNITS = [
    "円",
    "ドル",
    "ユーロ",
    "元",
    "ウォン",
    "豪ドル",
    "バーツ",
    "%",
    "%ポイント",
    "人",
    "社",
    "位",
    "回目",
    "歳",
    "倍",
]
AMOUNTS = st.builds(lambda number, unit: f"{mixed(number, str)}{unit}", st.integers(2, 10**14), st.sampled_from(UNITS))
DATES = st.dates().map(lambda day: f"{day.year}年{day.month}月{day.day}日") | st.dates().map(
    lambda day: f"{day.month}月{day.day}日"
)
TIMES = st.times().map(lambda time: f"午{'前' if time.hour < 12 else '後'}{time.hour % 12}時{time.minute}分")
OTHERS = st.sampled_from(
    [
        "令和6年",
        "平成元年5月",
        "2023年度",
        "1990年代",
        "19世紀",
        "月曜日",
        "3分の2",
        "30代",
        "正午",
        "9時",
        "3～5%",
        "1万〜2万円",
    ]
)
FRAMES = st.sampled_from(["{}", "They spoke of {}.", "({}),", "about {} or so", "x\n{}\ny", "“{}”"])


@given(AMOUNTS | DATES | TIMES | OTHERS, FRAMES)
def test_every_form_satisfies_its_own_term(source: str, frame: str) -> None:
    for found in find_quantities(source):
        term = number_term(found)
        for form in (term.target, *term.variants):
            assert satisfied(term, frame.format(form)), form


@given(st.integers(1, 10**6), st.integers(1, 10**12), st.sampled_from(["円", "ドル", "ユーロ", "人", "%"]))
def test_the_english_of_one_amount_never_holds_another(one: int, other: int, unit: str) -> None:
    found = [*find_quantities(f"合計{one}{unit}"), *find_quantities(f"合計{mixed(other, str)}{unit}")]
    if one != other and len(found) == 2:
        assert not satisfied(number_term(found[0]), f"They counted {english_forms(found[1])[0]} on the way.")


# --- any text --------------------------------------------------------------------------------------------------------

PIECES = [
    *("12", "３", "二", "十", "百", "千", "万", "億", "兆", "年", "月", "日", "時", "半", "分", "午後", "令和", "元"),
    *(
        "円",
        "ドル",
        "%",
        "割",
        "歳",
        "人",
        "第",
        "回",
        "数",
        "約",
        "～",
        "から",
        "、",
        "・",
        ".",
        ",",
        "-",
        "/",
        ":",
        "$",
    ),
    *(
        "<1>",
        "</1>",
        "<2/>",
        "a",
        "㍻",
        "①",
        "½",
        "㌦",
        "か\u3099",
        "\u200b",
        " ",
        "曜",
        "金",
        "正午",
        "https://",
        "世紀",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=14).map("".join)


@given(TEXTS)
def test_spans_are_right_in_any_text(text: str) -> None:
    behind = 0
    for found in find_quantities(text):
        assert behind <= found.start < found.end
        assert text[found.start : found.end] == found.text
        assert found.text.strip() == found.text
        behind = found.end


@given(TEXTS)
def test_whatever_is_found_has_english_forms_that_hold_it(text: str) -> None:
    for found in find_quantities(text):
        assert satisfied(number_term(found), english_forms(found)[0])
