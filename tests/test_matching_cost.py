"""What matching costs, in calls: it grows with the text alone, and the analyser is asked only where it must be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from translate import _boundaries, matching
from translate.glossary import Glossary, Kind, Term, load
from translate.matching import explain, find_terms

SHIPPED = load([Path(__file__).parent.parent / "glossaries/ja-en.csv"])
KANJI = "山川田中村上下東西南北大小高木林森石井松本原野島崎橋国県市町会議長官省庁局部課委"


def made(count: int) -> Glossary:
    """Return a glossary of different two- to four-letter terms."""
    names = (
        KANJI[one] + KANJI[two] + KANJI[three : three + length]
        for length in range(3)
        for one in range(len(KANJI))
        for two in range(len(KANJI))
        for three in (range(1) if length == 0 else range(0, len(KANJI) - length, 3))
    )
    terms = {name: Term(name, f"T{number}") for name, number in zip(names, range(count * 2), strict=False)}
    return Glossary(tuple(terms.values())[:count])


class Counting(dict[str, Term]):
    """A dictionary that counts the questions."""

    asked = 0

    def get(self, key: str, default: Any = None) -> Any:
        self.asked += 1
        return super().get(key, default)


def lookups(text: str, glossary: Glossary) -> int:
    matcher = matching._matcher(matching._Same(glossary))
    counting = Counting(matcher._terms)
    matcher._terms = counting
    find_terms(text, glossary)
    return counting.asked


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect what is given to the analyser, which starts without memory of earlier tests."""
    sentences: list[str] = []
    real = _boundaries.analysed

    def listening(text: str) -> Any:
        sentences.append(text)
        return real(text)

    monkeypatch.setattr(_boundaries, "analysed", listening)
    _boundaries._begins.cache_clear()
    yield sentences
    _boundaries._begins.cache_clear()


SENTENCE = "東町の議長は、大橋市長と中央局の前で会い、川上村の橋について話した。"


def test_ten_thousand_terms_are_looked_up_no_more_often_than_their_lengths_allow() -> None:
    glossary = made(10_000)

    assert len(glossary) == 10_000
    assert lookups(SENTENCE, glossary) <= 3 * len(SENTENCE)


def test_twice_the_text_takes_twice_the_lookups() -> None:
    glossary = made(10_000)
    once = lookups(SENTENCE * 10, glossary)

    assert abs(lookups(SENTENCE * 20, glossary) - 2 * once) <= 4  # what reaches over the seam
    assert once > 0


def test_twice_the_text_takes_twice_the_steps_of_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    real = matching._Best.after
    monkeypatch.setattr(matching._Best, "after", lambda *arguments: steps.append(1) or real(*arguments))
    glossary = made(3_000)

    find_terms(SENTENCE * 10, glossary)
    once = len(steps)
    find_terms(SENTENCE * 20, glossary)

    assert once > 0
    assert len(steps) - once <= 2 * once + 4


def test_the_glossary_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Glossary] = []
    real = matching._Matcher.__init__
    monkeypatch.setattr(matching._Matcher, "__init__", lambda self, given: built.append(given) or real(self, given))
    glossary = made(100)

    for _ in range(5):
        find_terms(SENTENCE, glossary)

    assert len(built) == 1


def test_an_equal_glossary_is_never_compared_term_by_term(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = made(100), made(100)

    def refuse(self: Glossary, other: object) -> bool:
        raise AssertionError("compared")

    monkeypatch.setattr(Glossary, "__eq__", refuse)

    assert find_terms(SENTENCE, one) == find_terms(SENTENCE, two)


def test_a_sentence_is_analysed_once_and_only_where_an_end_is_in_doubt(analysed: list[str]) -> None:
    glossary = Glossary((Term("国防省", "Defense Ministry"),))
    text = "空は青い。「国防省」。山は国防省より高い。海は広い。"

    for _ in range(3):
        find_terms(text, glossary)
        explain(text, glossary)

    assert analysed == ["山は国防省より高い。"]


@pytest.mark.parametrize(
    "text",
    ["どこにもない言葉。", "『ロシア』、（国防省）", "インドネシアの島。", "ロシアン・ルーレット", "NATOS、XNATO"],
    ids=["no candidate", "beside punctuation", "inside katakana", "touching katakana", "inside Latin letters"],
)
def test_what_is_certain_without_the_analyser_is_decided_without_it(analysed: list[str], text: str) -> None:
    glossary = Glossary(
        (Term("ロシア", "Russia"), Term("国防省", "Defense Ministry"), Term("インド", "India"), Term("NATO", "NATO"))
    )
    find_terms(text, glossary)

    assert analysed == []


def test_the_analyser_reads_no_character_twice(analysed: list[str]) -> None:
    text = (SENTENCE + "ロシアの国防相は米国の国防長官に電話をかけた。") * 50

    find_terms(text, SHIPPED)

    assert len(analysed) <= 2  # the memory knows a sentence again
    assert sum(map(len, analysed)) <= len(SENTENCE) + 23


def test_a_long_text_is_explained_without_a_pass_over_all_matches_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    made_matches: list[int] = []
    real = matching._Reading._match
    monkeypatch.setattr(matching._Reading, "_match", lambda *arguments: made_matches.append(1) or real(*arguments))
    glossary = Glossary((Term("米国", "United States"), Term("国防", "defense"), Term("全米", "", kind=Kind.BLOCKER)))

    candidates = explain("全米国防の話。" * 500, glossary)

    assert len(candidates) == 1500
    assert len(made_matches) <= 2 * len(candidates)
