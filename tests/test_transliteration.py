"""Kana and Latin spellings of one name are told from those of two, and romaji is what newspapers write."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate._sounds import MORAE
from translate.transliteration import folded, is_kana, name_form, romaji, similarity, threshold

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "quality/transliteration.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


@pytest.mark.parametrize(("kana", "latin", "expected"), CASES)
def test_one_name_is_told_from_two(kana: str, latin: str, expected: str) -> None:
    assert (similarity(kana, latin) >= threshold(kana)) == (expected == "yes"), similarity(kana, latin)


def test_the_table_has_enough_of_both_kinds() -> None:
    verdicts = [expected for *_, expected in CASES]

    assert verdicts.count("yes") >= 60
    assert verdicts.count("no") >= 20


@pytest.mark.parametrize(
    ("kana", "expected"),
    [
        ("カキクケコ", "kakikukeko"),
        ("シチツフジヂヅヲ", "shichitsufujijizuo"),
        ("シャチュジョ", "shachujo"),
        ("キャリュミョ", "kyaryumyo"),
        ("ティディトゥドゥ", "tiditudu"),
        ("ファヴィウェツォ", "faviwetso"),
        ("チェシェジェイェ", "cheshejeye"),
        ("ヴャ", "vuya"),
        ("ガッコウ", "gakko"),
        ("マッチャ", "matcha"),
        ("サンバン", "samban"),
        ("シンイチ", "shin'ichi"),
        ("シンヨウ", "shin'yo"),
        ("シュウ", "shu"),
        ("オオサカ", "osaka"),
        ("イノウエ", "inoue"),
        ("コウエン", "koen"),
        ("ニイガタ", "niigata"),
        ("ラーメン", "ramen"),
        ("ッ", ""),
        ("漢字カナ", "漢字kana"),
        ("", ""),
    ],
)
def test_romaji_is_hepburn_with_short_vowels(kana: str, expected: str) -> None:
    assert romaji(kana) == expected


def test_a_foreign_word_keeps_its_second_vowel() -> None:
    assert (romaji("ショウ"), romaji("ショウ", foreign=True), romaji("ショー", foreign=True)) == ("sho", "shou", "sho")


def test_a_name_of_several_parts_has_a_capital_on_each() -> None:
    assert name_form("アレナ・コヴァーチ", foreign=True) == "Arena Kovachi"


def test_widths_and_scripts_do_not_matter() -> None:
    assert romaji("ｼﾞｮｰ") == romaji("ジョー") == romaji("じょー") == "jo"


def test_accents_spaces_and_marks_do_not_matter() -> None:
    plain = similarity("エルドアン", "Erdogan")

    assert similarity("エルドアン", "ERDOĞAN") == plain
    assert similarity("ニュー・ヨーク", "New-York") == similarity("ニューヨーク", "new york")


@pytest.mark.parametrize(
    ("kana", "right", "near"),
    [
        ("プーチン", "Putin", "Putney"),
        ("トランプ", "Trump", "Triumph"),
        ("マイケル", "Michael", "Merkel"),
        ("クレムリン", "Kremlin", "Klement"),
        ("ベロウソフ", "Belousov", "Belarus"),
        ("サンフランシスコ", "San Francisco", "Francisco"),
        ("ハノイ", "Hanoi", "Hanover"),
    ],
)
def test_the_right_spelling_scores_above_one_that_is_near(kana: str, right: str, near: str) -> None:
    assert similarity(kana, right) > similarity(kana, near)


def test_other_scripts_and_empty_texts_fit_nothing() -> None:
    assert [similarity(kana, latin) for kana, latin in [("岸田", "Kishida"), ("", ""), ("ア", ""), ("ア", "岸田")]] == [
        0
    ] * 4


def test_a_text_of_absurd_length_is_refused_not_aligned() -> None:
    assert similarity("ア" * 100_000, "a" * 100_000) == 0


def test_two_kana_have_to_fit_better_than_three() -> None:
    assert threshold("パリ") > threshold("パリス")


@pytest.mark.parametrize("name", ["Ohtani", "Ōtani", "Ootani", "Otani", "OTANI"])
def test_the_ways_to_write_a_long_vowel_fold_together(name: str) -> None:
    assert folded(name) == "otani"


def test_folding_keeps_different_names_apart() -> None:
    assert len({folded(name) for name in ("Ono", "Oono-ki", "Uno", "Ohara", "Obara", "Ihara")}) == 6


KANA = st.lists(st.sampled_from(sorted(MORAE)), min_size=1, max_size=8).map("".join)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_have_a_score(kana: str, latin: str) -> None:
    assert 0 <= similarity(kana, latin) <= 1
    assert isinstance(romaji(kana), str)
    assert isinstance(folded(latin), str)


@given(KANA)
def test_kana_become_latin_letters_alone(kana: str) -> None:
    assert is_kana(kana)
    assert romaji(kana).replace("'", "").isascii()


PLAIN = [kana for row in ("カキクケコ", "サシスセソ", "タチツテト", "マミムメモ", "ラリルレロ") for kana in row]


@given(st.lists(st.sampled_from(PLAIN), min_size=2, max_size=8).map("".join))
def test_kana_fit_their_own_romaji(kana: str) -> None:
    assert similarity(kana, romaji(kana, foreign=True)) > 0.95
