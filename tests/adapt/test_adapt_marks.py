"""Marks: terms of the text itself, at random, the same on both sides."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import SENTENCES, write_pairs

from translate import dictionary
from translate.adapt.data import Pair
from translate.adapt.marks import MarkedPair, mark, mine, no_glosses, read_glosses

WORDS = {"港湾局": ["port authority", "harbour board"], "港": ["harbour"], "灯台": ["light", "lighthouse"]}


def glosses(word: str) -> Sequence[str]:
    return WORDS.get(word, ())


def found(ja: str, en: str) -> list[tuple[str, str]]:
    return [(ja[term.start : term.end], en[term.en_start : term.en_end]) for term in mine(Pair(ja, en), glosses)]


@pytest.mark.parametrize(
    ("ja", "en", "terms"),
    [
        ("ナディア・コルサコフ氏", "Ms. Nadia Korsakov", [("ナディア", "Nadia"), ("コルサコフ", "Korsakov")]),
        ("港湾局の灯台", "The port authority's lighthouse", [("港湾局", "port authority"), ("灯台", "lighthouse")]),
        ("灯台の明かり", "The lights go out", []),  # part of a word is no gloss
        ("港から港へ", "From the harbour to the next", []),  # which one?
        ("船は43隻に増えた。", "The number of ships rose to 43.", [("43", "43")]),
        ("コルサコフは", "We saw a Korean", []),
    ],
)  # fmt: skip
def test_terms_are_mined_in_the_text(ja: str, en: str, terms: list[tuple[str, str]]) -> None:
    assert found(ja, en) == terms


def test_word_lists_give_glosses_and_verbs_with_kana_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "find", lambda: None)
    path = write_pairs(tmp_path / "w.tsv", [Pair("灯台", "lighthouse"), Pair("灯台", "beacon"), Pair("直す", "repair")])
    look_up = read_glosses([path])
    assert [look_up(word) for word in ("灯台", "直す", "港")] == [("lighthouse", "beacon"), (), ()]
    assert read_glosses([]) is no_glosses


def test_half_of_the_pairs_are_marked_with_one_to_three_terms() -> None:
    ja = "ナディア・コルサコフ氏とマルコ・ベルナルディ氏が港湾局で43人と会った。"
    en = "Nadia Korsakov and Marco Bernardi met 43 people at the port authority."
    rng = random.Random(1)
    counts = [len(mark(Pair(ja, en), glosses, rng).spans) for _ in range(600)]
    assert set(counts) == {0, 1, 2, 3}
    assert 260 <= counts.count(0) <= 340
    assert min(counts.count(number) for number in (1, 2, 3)) > 60


@pytest.mark.parametrize(("share", "marked"), [(0.0, 0), (1.0, 1)])
def test_the_share_of_marked_pairs_is_kept(share: float, marked: int) -> None:
    pair = Pair("港湾局の船", "A port authority ship")
    assert all(len(mark(pair, glosses, random.Random(seed), share).spans) == marked for seed in range(20))


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(SENTENCES), st.integers(0, 10**6))
def test_every_mark_stands_on_both_sides_without_overlap(pair: Pair, seed: int) -> None:
    marked = mark(pair, no_glosses, random.Random(seed), 1.0)
    assert isinstance(marked, MarkedPair)  # MarkedText itself refuses overlaps in the Japanese
    assert (marked.source.text, marked.target) == pair
    targets = sorted(one.target for one in marked.source.marks)
    assert targets == sorted(marked.target[start:end] for start, end in marked.spans)
    assert all(one[1] <= other[0] for one, other in zip(marked.spans, marked.spans[1:], strict=False))
    assert marked == mark(pair, no_glosses, random.Random(seed), 1.0)
