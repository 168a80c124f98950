"""Short cuts find what the long way finds: forms by hand, surfaces by two characters, copies without clusters."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from translate._term_forms import finder, is_plain, take_apart
from translate._terms_english import _by_hand, _fold, spans
from translate.checks.doubled import doubled
from translate.glossary import Glossary, Term
from translate.matching import _Matcher
from translate.normalization import _clustered, normalize
from translate.repetition import _may_loop, is_degenerate

WORDS = st.sampled_from(
    [
        *["43", "4.3", "billion", "million", "three", "twenty", "dollar", "minister", "secretary", "general", "of"],
        *["The", "Pentagon", "U.S.", "US", "$43", "€5", "wife", "person", "woman", "a.m.", "3", "IMF", "per", "cent"],
        *["%", "3%", "defense", "NATO", "Mr.", "-led", "Xi", "'s", "--"],
    ]
)
FORMS = st.lists(WORDS, min_size=1, max_size=4).flatmap(
    lambda words: st.lists(st.sampled_from([" ", "-", " -- "]), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True)).strip()
    )
)
BITS = st.sampled_from([" ", "  ", "-", " - ", "\n", ", ", ".", "s", "es", "'s", "ies", "1,", ".5", "A", "—", "é", "K"])


def turned(word: str, how: int) -> str:
    return (word, word.upper(), word.lower(), word.title(), word + "s", word[:-1] + "ies")[how]


TEXTS = st.lists(st.one_of(BITS, st.tuples(FORMS, st.integers(0, 5)).map(lambda one: turned(*one))), max_size=9).map(
    "".join
)


@given(
    st.lists(FORMS, min_size=1, max_size=4, unique=True), TEXTS, st.sampled_from(["", "exact", "ignore"]), st.booleans()
)
@example(["three", "three hundred"], "three hundred ministers, twenty-three, three", "", True)
@example(["secretary of state", "secretaries"], "Secretaries of State", "", True)
def test_forms_are_found_by_hand_where_their_expression_finds_them(
    forms: list[str], text: str, case: str, inflect: bool
) -> None:
    forms = sorted(filter(is_plain, forms), key=len, reverse=True)
    pattern = re.compile("|".join(take_apart(form, case, inflect).pattern for form in forms))
    by_hand = _by_hand([finder(form, case, inflect) for form in forms], text, text.lower())
    assert by_hand == [match.span() for match in pattern.finditer(text)]


@given(
    st.lists(st.one_of(FORMS, st.sampled_from(["Straße", "ΟΔΟΣ", "Besançon’s", "lady", "women's"])), min_size=1),
    TEXTS,
    st.sampled_from(["", "exact", "ignore"]),
)
@example(["ΟΔΟΣ"], "ΟΔΟΣs", "ignore")
@example(["lady", "person"], "ladies, people", "")
def test_forms_that_are_ruled_out_stand_nowhere(forms: list[str], text: str, case: str) -> None:
    folded = sorted(dict.fromkeys(_fold(form.strip(), accents=False)[0].text for form in forms), key=len, reverse=True)
    pattern = re.compile("|".join(take_apart(form, case, True).pattern for form in folded))
    copy = _fold(text, accents=False)[0]
    assert spans(forms, case, text) == [copy.original(*match.span()) for match in pattern.finditer(copy.text)]


JAPANESE = st.text("国防総省米中アイウャッー々〇ー一、。（）％０９ＡｚＺ　ｱﾊﾟ①\u3099\u0301\u200bAa é-", max_size=30)


@given(JAPANESE)
@example("（３０％）　Ａ社")
@example("Ａ\u0332は")
def test_a_copy_without_clusters_is_the_one_with_them(text: str) -> None:
    if unicodedata.is_normalized("NFKC", text):
        return  # nothing to be found out about such a text, and no clusters are looked for
    short, long = normalize(text), _clustered(text)
    assert short.text == long.text
    assert list(short.starts) == list(long.starts)
    assert list(short.ends) == list(long.ends)
    places = range(len(short.text) + 1)
    assert [short.is_edge(place) for place in places] == [long.is_edge(place) for place in places]


@given(JAPANESE, st.lists(st.text("国防総省米中アイA", min_size=1, max_size=4), unique=True, max_size=8))
def test_every_occurrence_of_every_surface_is_found(text: str, surfaces: list[str]) -> None:
    copy = normalize(text)
    found = _Matcher(Glossary(tuple(Term(one, "x") for one in surfaces))).occurrences(copy)
    spans = [(a, b) for a in range(len(copy.text)) for b in range(a + 1, len(copy.text) + 1)]
    edges = [(a, b) for a, b in spans if copy.is_edge(a) and copy.is_edge(b)]
    assert list(found) == [span for span in edges if copy.text[slice(*span)] in surfaces]


@given(
    st.lists(st.sampled_from(["red", "blue", "one", "two", "three", "cat", "dog"]), min_size=1, max_size=4),
    st.integers(0, 6),
)
def test_a_phrase_that_stands_twice_is_found_wherever_it_stands(phrase: list[str], before: int) -> None:
    lead = [f"word{number}" for number in range(before)]
    text = " ".join([*lead, *phrase, *phrase, "end"]) + "."
    assert doubled("文", text, ())


@given(st.text("abcdef.-", min_size=4, max_size=12), st.integers(5, 8))
def test_a_loop_of_characters_is_degenerate_however_short_its_unit(unit: str, copies: int) -> None:
    if re.search(r"(.)\1", unit + unit[0]) or len(set(unit)) < 4:
        unit = "abc-"  # runs of one character have limits of their own
    assert is_degenerate("橋が開通した。", f"It said {unit * copies} and so on.")


@given(st.text("abc ", min_size=1, max_size=25), st.integers(5, 9), TEXTS, TEXTS)
@example("abc", 6, "x" * 7, "")
def test_a_loop_of_characters_is_never_overlooked(unit: str, copies: int, before: str, behind: str) -> None:
    looping = "".join((unit * copies).split())
    if len(looping) >= 16:
        assert _may_loop("".join(before.split()) + looping + "".join(behind.split()))
