"""Term figures, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from translate._score_terms import TermFigures, term_figures
from translate.evaluation import Aligned
from translate.glossary import Case, Glossary, Kind, Mode, Term, load, satisfied
from translate.matching import find_terms

KEEPER = Term("灯台守", "lighthouse keeper", variants=("keeper of the light",))
MISAKI = Term("岬町", "Misaki")
FERRY = Term("渡し船", "ferry", mode=Mode.SOFT)
GLOSSARY = Glossary((KEEPER, MISAKI, FERRY, Term("岬町民", "", kind=Kind.BLOCKER)))


def figures(
    rows: list[tuple[str, str, str]],
    *,
    glossary: Glossary = GLOSSARY,
    articles: list[str] | None = None,
    waived: dict[int, set[str]] | None = None,
) -> TermFigures:
    sources, english, references = (list(column) for column in zip(*rows, strict=True))
    waivers = [frozenset((waived or {}).get(number, ())) for number in range(len(rows))]
    aligned = Aligned(english, [references], sources, articles or ["x"] * len(rows), ["x:1"] * len(rows), waivers)
    return term_figures(aligned, [find_terms(source, glossary) for source in sources], glossary)


def test_distinct_hard_terms_are_counted_a_segment() -> None:
    found = figures([
        ("灯台守と別の灯台守が岬町に来た。", "A lighthouse keeper and another came to Misaki.", "r"),
        ("灯台守が眠った。", "The man slept.", "r"),
        ("渡し船が出た。", "The boat left.", "r"),
    ])  # fmt: skip
    assert (found.matched, found.satisfied, found.missing) == (3, 2, 1)
    assert found.success == pytest.approx(2 / 3)


def test_without_terms_there_are_no_shares() -> None:
    found = figures([("船が出た。", "The ship left.", "r")])
    assert (found.success, found.clean_success, found.consistency_share, found.over_enforced) == (None, None, None, 0)


def test_a_waived_term_is_counted_apart() -> None:
    rows = [("灯台守が岬町で眠った。", "He slept in Misaki.", "r")]
    by_term, by_check = figures(rows, waived={0: {"灯台守"}}), figures(rows, waived={0: {"glossary"}})
    assert (by_term.matched, by_term.satisfied, by_term.waived, by_term.missing) == (2, 1, 1, 0)
    assert by_term.success == 1
    assert (by_check.waived, by_check.success) == (2, None)


def test_a_term_in_a_broken_segment_is_no_clean_success() -> None:
    found = figures([
        ("灯台守が眠った。", "The lighthouse keeper slept.", "r"),
        ("灯台守が笑った。", "The lighthouse keeper 笑った。", "r"),
        ("灯台守が岬町に来た。", "The lighthouse keeper came to town.", "r"),
    ])  # fmt: skip
    assert (found.satisfied, found.clean_satisfied, found.matched) == (3, 2, 4)
    assert found.clean_success == 0.5


def test_a_finding_that_a_person_waived_leaves_a_segment_clean() -> None:
    rows = [("灯台守が笑った。", "The lighthouse keeper 笑った。", "r")]
    assert figures(rows).clean_satisfied == 0
    assert figures(rows, waived={0: {"japanese"}}).clean_satisfied == 1


class TestConsistency:
    KEEPS = ("灯台守が来た。", "The lighthouse keeper came.", "r")
    OTHER_FORM = ("灯台守が寝た。", "The keeper of the light slept.", "r")
    LOST = ("灯台守が笑った。", "He laughed.", "r")

    def test_one_form_throughout_is_consistent(self) -> None:
        plural = ("灯台守が並ぶ。", "Lighthouse keepers stand in line.", "r")
        found = figures([self.KEEPS, plural])
        assert (found.repeated, found.consistent, found.consistency_share) == (1, 1, 1.0)

    def test_two_forms_are_not_although_both_are_right(self) -> None:
        found = figures([self.KEEPS, self.OTHER_FORM])
        assert (found.success, found.consistent) == (1, 0)

    def test_two_forms_in_one_segment_are_not(self) -> None:
        both = ("灯台守が来た。", "The keeper of the light, the lighthouse keeper, came.", "r")
        assert figures([self.KEEPS, both]).consistent == 0

    def test_a_lost_term_is_not(self) -> None:
        assert figures([self.KEEPS, self.LOST]).consistent == 0

    def test_a_term_that_stands_in_one_segment_of_an_article_does_not_count(self) -> None:
        found = figures([self.KEEPS, self.OTHER_FORM], articles=["a", "b"])
        assert found.repeated == 0

    def test_each_article_is_judged_for_itself(self) -> None:
        rows = [self.KEEPS, self.KEEPS, self.OTHER_FORM, self.OTHER_FORM]
        found = figures(rows, articles=["a", "a", "b", "b"])
        assert [(article, term.source, one) for article, term, one in found.consistency] == [
            ("a", "灯台守", True), ("b", "灯台守", True),
        ]  # fmt: skip

    def test_a_segment_where_the_term_is_waived_does_not_count(self) -> None:
        assert figures([self.KEEPS, self.KEEPS, self.LOST], waived={2: {"灯台守"}}).consistent == 1

    def test_a_form_inside_a_longer_one_does_not_count(self) -> None:
        ministry = Term("国防省", "Defense Ministry", variants=("Ministry", "the Ministry of Defense"))
        rows = [("国防省が述べた。", "The Ministry of Defense said so.", "r")] * 2
        assert figures(rows, glossary=Glossary((ministry,))).consistent == 1


@pytest.mark.parametrize(
    ("source", "english", "reference", "over"),
    [
        ("船が出た。", "The ship left Misaki.", "The ship left.", ["岬町"]),
        ("船が出た。", "The ship left Misaki.", "The ship sailed from Misaki.", []),
        ("船が岬町を出た。", "The ship left Misaki.", "The ship left.", []),
        ("船が出た。", "The ferries left.", "The ships left.", ["渡し船"]),
        ("岬町民が来た。", "Misaki came.", "People came.", ["岬町"]),
        ("船が出た。", "The keeper of the light left.", "He left.", ["灯台守"]),
        ("船が出た。", "The ship left.", "The ship left.", []),
    ],
)
def test_over_enforcement_is_a_form_that_nothing_asks_for(
    source: str, english: str, reference: str, over: list[str]
) -> None:
    found = figures([(source, english, reference)])
    assert [term.source for term in found.segments[0].over] == over


def test_a_form_that_stands_inside_an_asked_one_is_not_over_enforced() -> None:
    glossary = Glossary((Term("岬町港", "Misaki Harbor"), MISAKI))
    rows = [("岬町港が閉まった。", "Misaki Harbor closed.", "It closed.")]
    assert figures(rows, glossary=glossary).over_enforced == 0


@pytest.mark.parametrize(
    ("form", "english"),
    [
        ("Ōmori", "They went to Omori."),
        ("Omori", "They went to Ōmori."),
        ("Lodz", "The ship from Łódź came."),
        ("foot", "Ten feet of water."),
        ("man", "Three men came."),
        ("$ bill", "A $ bill lay there."),
        (".NET", "It runs on .NET today."),
        ("e-mail", "He sent an e-mail."),
        ("3M", "Shares of 3M fell."),
        ("U.S.", "The U.S. said so."),
    ],
)
def test_every_form_that_the_glossary_would_find_is_found(form: str, english: str) -> None:
    """The index that saves looking for thousands of terms must not lose one."""
    glossary = Glossary((Term("甲乙", form, case=Case.IGNORE),))
    assert figures([("船が出た。", english, "r")], glossary=glossary).over_enforced == 1


def test_the_shipped_glossary_finds_its_own_targets() -> None:
    glossary = load([Path(__file__).parent.parent / "glossaries" / "ja-en.csv"])
    terms = [term for term in glossary if not term.is_blocker]
    found = figures([("甲", f"Then {term.target} came.", "r") for term in terms], glossary=glossary)
    for term, segment in zip(terms, found.segments, strict=True):
        assert term in segment.over or not satisfied(term, f"Then {term.target} came."), term.target
