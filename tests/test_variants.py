"""A likely other spelling of an entry is asked about; another word is not; nothing of this is a match."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matching import SHIPPED, inline

from translate.glossary import Glossary, Term
from translate.matching import find_terms
from translate.variants import fold, shorten, suggestions

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "quality/variants.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


@pytest.mark.parametrize(("text", "expected", "glossary", "note"), CASES)
def test_suggests_what_the_table_expects(text: str, expected: str, glossary: str, note: str) -> None:
    found = suggestions(text, SHIPPED if glossary == "shipped" else inline(glossary))

    assert (" | ".join(f"{one.surface}={one.spelling}@{one.likeness}" for one in found) or "-") == expected, note


def test_a_suggestion_leads_to_the_entry_and_back_to_the_text() -> None:
    text = "昨夜、ﾍﾞﾛｰｿﾌ氏が話した。"

    (found,) = suggestions(text, SHIPPED)

    assert (found.surface, text[found.start : found.end]) == ("ﾍﾞﾛｰｿﾌ", "ﾍﾞﾛｰｿﾌ")
    assert found.term == SHIPPED.by_source("ベロウソフ")
    assert find_terms(text, SHIPPED) == []


def test_two_entries_that_are_as_near_are_no_suggestion() -> None:
    glossary = Glossary((Term("カラムゾフ", "Karamzov"), Term("コロムゾフ", "Koromzov")))

    assert suggestions("カロムゾフ氏", glossary) == []


def test_no_shipped_spelling_is_taken_for_another_one_in_its_own_sentence() -> None:
    wrong = [
        (surface, one.spelling)
        for term in SHIPPED
        for surface in term.surfaces
        for one in suggestions(f"その{surface}は古い。", SHIPPED)
    ]

    assert wrong == []


KATAKANA = st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30FC), max_size=12)


@given(KATAKANA)
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert shorten(shorten(word)) == shorten(word)


@given(KATAKANA)
def test_suggestions_stand_in_the_text_and_never_on_a_match(word: str) -> None:
    text = unicodedata.normalize("NFC", f"昨日{word}はロシアで話した。")
    matched = {at for match in find_terms(text, SHIPPED) for at in range(match.start, match.end)}
    for one in suggestions(text, SHIPPED):
        assert text[one.start : one.end] == one.surface
        assert not matched & set(range(one.start, one.end))
