"""The terms of a segment: entries of the glossary, numbers if it asks for them, and who gives way to whom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.checks import run_checks
from translate.errors import GlossaryError
from translate.glossary import Glossary, Kind, Mode, Term, load, satisfied, stack, terms_hash
from translate.matching import find_terms
from translate.terms import segment_matches

SHIPPED = load([Path(__file__).parent.parent / "glossaries/ja-en.csv"])
NUMBERED = replace(SHIPPED, numbers=True)


def found(text: str, *entries: Term) -> list[tuple[str, str]]:
    return [(m.surface, m.term.target) for m in segment_matches(text, Glossary(entries, numbers=True))]


def test_numbers_become_terms_with_kind_and_mode() -> None:
    money, day, count = segment_matches("430億ドルを12日に3人へ。", Glossary(numbers=True))

    assert (money.surface, money.start, money.end) == ("430億ドル", 0, 6)
    assert (money.term.kind, money.term.mode, money.term.target) == (Kind.NUMBER, Mode.HARD, "$43 billion")
    assert (day.term.mode, day.term.target) == (Mode.SOFT, "12th")
    assert (count.surface, count.term.mode, count.term.target) == ("3", Mode.SOFT, "three")


def test_a_glossary_without_numbers_finds_its_entries_only() -> None:
    text = "国防総省は430億ドルを2024年に求めた。"

    assert segment_matches(text, SHIPPED) == find_terms(text, SHIPPED)
    assert [match.surface for match in segment_matches(text, NUMBERED)] == ["国防総省", "430億ドル", "2024年"]


def test_an_entry_that_speaks_of_the_number_wins_and_so_does_a_blocker() -> None:
    assert found("七月革命の本", Term("七月革命", "July Revolution")) == [("七月革命", "July Revolution")]
    assert found("2024年問題の本", Term("2024年問題", "2024 problem")) == [("2024年問題", "2024 problem")]
    assert found("9月12日事件の本", Term("12日事件", "Incident of the 12th")) == [("12日事件", "Incident of the 12th")]
    assert found("100円店の前", Term("100円店", "", kind=Kind.BLOCKER)) == []


def test_an_entry_for_the_unit_gives_way_to_the_number() -> None:
    assert found("430億ドルとドル", Term("ドル", "dollar")) == [("430億ドル", "$43 billion"), ("ドル", "dollar")]
    assert found("150円安の動き", Term("円安", "weak yen")) == [("150円", "150 yen")]


def test_the_shipped_glossary_leaves_amounts_of_money_alone() -> None:
    assert [match.surface for match in segment_matches("米ドルで430億ドル、150円安", NUMBERED)] == [
        "米ドル",
        "430億ドル",
        "150円",
    ]


def test_the_hash_says_numbers_only_when_they_are_wanted() -> None:
    term = Term("米国", "United States")

    assert Glossary((term,)).hash == Glossary((term,), numbers=False).hash
    assert Glossary((term,)).hash != Glossary((term,), numbers=True).hash
    assert Glossary((term,)) != Glossary((term,), numbers=True)
    assert stack(Glossary((term,), numbers=True), Glossary()).numbers is False
    assert SHIPPED.numbers is False


def test_the_hash_of_a_segment_follows_its_numbers() -> None:
    one, same, other = (
        [match.term for match in segment_matches(text, Glossary(numbers=True))]
        for text in ("430億ドルの契約", "契約は430億ドル", "4300億ドルの契約")
    )

    assert terms_hash(one) == terms_hash(same) != terms_hash(other)


def test_a_file_may_not_use_the_kind_number(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("source,target,kind\n430億ドル,$43 billion,number\n", "utf-8")

    with pytest.raises(GlossaryError) as caught:
        load([path])

    assert f"{path}:2: unknown kind 'number'" in str(caught.value)
    assert "person" in str(caught.value)


def test_enforced_numbers_are_reported_once_with_their_forms() -> None:
    source = "契約は4億3000万円だ。"
    terms = [match.term for match in segment_matches(source, Glossary(numbers=True))]

    (finding,) = run_checks(source, "The contract is worth 43 million yen.", terms)

    assert (finding.check, finding.severity) == ("glossary", "error")
    assert "'430 million yen'" in finding.message
    assert run_checks(source, "The contract is worth ¥430 million.", terms) == []


PIECES = [
    "国防総省",
    "米国",
    "ドル",
    "430億",
    "円安",
    "12",
    "月",
    "日",
    "三",
    "人",
    "は",
    "、",
    "第",
    "％",
    "午後3時",
    "<1>",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=12).map("".join))
def test_matches_are_in_order_apart_and_true_to_the_text(text: str) -> None:
    behind = 0
    for match in segment_matches(text, NUMBERED):
        assert behind <= match.start < match.end
        assert text[match.start : match.end] == match.surface
        assert satisfied(match.term, match.term.target)
        behind = match.end
