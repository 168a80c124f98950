"""Repairs of machine English: cases live in quality/english.tsv; repairing twice is repairing once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translate.english import capitalize, indefinite_article, repair
from translate.glossary import Case, Kind, Mode, Term, satisfied

TABLE = Path(__file__).parent / "quality" / "english.tsv"


def cases() -> list[list[str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [line.replace("\\n", "\n").split("\t")[:3] for line in lines if line and not line.startswith("#")]


def terms_of(cell: str) -> list[Term]:
    found = []
    for item in filter(None, cell.split("|")):
        mode, _, rest = item.rpartition(":")
        source, _, forms = rest.partition("=")
        target, *variants = forms.split("/")
        found.append(Term(source, target, variants=tuple(variants), mode=Mode(mode or "hard")))
    return found


@pytest.mark.parametrize(("text", "expected", "terms"), cases())
def test_table(text: str, expected: str, terms: str) -> None:
    assert repair(text, terms_of(terms)) == expected


@pytest.mark.parametrize(("text", "expected", "terms"), cases())
def test_repairing_what_the_table_expects_changes_nothing(text: str, expected: str, terms: str) -> None:
    assert repair(expected, terms_of(terms)) == expected


WORDS = st.sampled_from(
    [
        *("the", "The", "a", "A", "an", "An", "US", "U.S.", "American", "Pentagon", "pentagon", "White House"),
        *("envoy", "IMF", "United States", "defense minister", "Defense Minister", "de Gaulle", "The Hague", "docomo"),
        *(
            "モーニング娘。",
            "Yahoo!ニュース",
            "Duran",
            "Duran Duran",
            "Rock ’n’ Roll",
            "iPhone",
            "example.org",
            "'s",
            "-",
        ),
        *(
            ",",
            ".",
            "。",
            "、",
            "“",
            "」",
            "(",
            ")",
            "％",
            "～",
            "\u3000",
            "\n",
            "8",
            "hour",
            "said",
            "African",
            "'s",
            "-",
        ),
    ]
)
TEXT = st.lists(WORDS, max_size=10).flatmap(lambda words: st.sampled_from([" ", ""]).map(lambda gap: gap.join(words)))
TERMS = [
    Term("米国", "US", variants=("United States", "American")),
    Term("国防総省", "Pentagon"),
    Term("特使", "envoy"),
    Term("国防相", "defense minister"),
    Term("ドゴール", "de Gaulle", case=Case.EXACT),
    Term("ハーグ", "The Hague"),
    Term("デュラン", "Duran"),
    Term("デュラン・デュラン", "Duran Duran"),
    Term("区間", "A～B"),
    Term("ロックンロール", "Rock ’n’ Roll"),
    Term("docomo", "docomo", mode=Mode.DNT),
    Term("モーニング娘。", "モーニング娘。", mode=Mode.DNT),
    Term("Yahoo!ニュース", "Yahoo!ニュース", mode=Mode.DNT),
    Term("全米", "", kind=Kind.BLOCKER),
]
GLOSSARIES = st.lists(st.sampled_from(TERMS), unique=True, max_size=6)


@settings(max_examples=600, deadline=None)
@given(TEXT | st.text(max_size=40), GLOSSARIES)
@example("pentagon Pentagon", [TERMS[1]])
@example("A～B", [TERMS[8]])
def test_repairing_twice_is_repairing_once(text: str, terms: list[Term]) -> None:
    once = repair(text, terms)
    assert repair(once, terms) == once


@settings(max_examples=600, deadline=None)
@given(TEXT | st.text(max_size=40), GLOSSARIES)
@example("The US Pentagon", TERMS[:2])
@example("モーニング娘。", [TERMS[11]])
@example("A～B", [TERMS[8]])
def test_no_term_is_ever_lost(text: str, terms: list[Term]) -> None:
    held = [term for term in terms if satisfied(term, text)]
    assert [term for term in held if not satisfied(term, repair(text, terms))] == []


def test_a_text_without_faults_comes_back_as_it_was() -> None:
    text = 'The envoy, 64, told the Pentagon on May 3: "A bridge is a promise (and an hour is long)."'
    assert repair(text, TERMS) == text


@pytest.mark.parametrize(
    ("article", "words"),
    [
        ("a", "USSR university European one-time once union uniform used usual Uruguayan UN U.N. UNHCR UNICEF US UK"),
        ("a", "Ukrainian Ugandan NATO NASA WHO G7 BBC TPP CEO 7-nation 100-year Hanoi yen hospital urine utility"),
        ("an", "hour heir honest honorary honor MP FBI IMF EU LDP NHK SDF NGO MSDF RAF X-ray AI IAEA ASEAN OPEC ECB"),
        ("an", "F-35 Uzbek urban unidentified uninvited unimportant Italian oil 8-year 11th 18-nation 80-year Uber"),
    ],
)  # fmt: skip
def test_the_sound_decides_between_a_and_an(article: str, words: str) -> None:
    assert {word: indefinite_article(word) for word in words.split()} == dict.fromkeys(words.split(), article)


def test_capitalize_needs_a_letter_at_the_start() -> None:
    assert [capitalize(text) for text in ("", "'", "12 envoys", "…and then", "état", '("so')] == [
        *("", "'", "12 envoys", "…and then", "état", '("So'),
    ]


def test_a_capital_that_would_lose_a_term_is_not_set() -> None:
    assert repair("de Gaulle spoke.", [Term("ドゴール", "de Gaulle", case=Case.EXACT)]) == "de Gaulle spoke."
    assert repair("de Gaulle spoke.", [Term("ドゴール", "de Gaulle")]) == "De Gaulle spoke."
