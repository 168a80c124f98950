"""The check "numbers": measured on cases that a person judged, and silent where the glossary check speaks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from translate.checks import Finding, run_checks, segment_check
from translate.glossary import Glossary, Mode, Term
from translate.terms import segment_matches

TABLE = Path(__file__).parent / "quality" / "numbers_check.tsv"
KNOWN_ERRORS = {
    "The million-dollar donation won an award.": "this form would also hold 3 million dollars",
    "Results for the year that ended in March 2024": "which year a fiscal year ends in, nothing says",
    "It borrowed a quarter of a billion dollars.": "a fraction of a scale is not read",
    "He said so at a news conference on the 13th.": "a day alone is not certain",
    "Five people were injured.": "a small count is not certain",
    "Half were against.": "割 is not certain",
    "It paid 2 million yen and 300 million yen.": "joined amounts are not certain, since their unit may stand once",
}


def cases() -> list[list[str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def judged(source: str, target: str, terms: tuple[Term, ...] = ()) -> str:
    severities = {finding.severity for finding in segment_check("numbers")(source, target, terms)}
    return "!" if "error" in severities else "?" if severities else "-"


@pytest.mark.parametrize(("expected", "source", "target"), cases(), ids=[row[2] for row in cases()])
def test_table(expected: str, source: str, target: str) -> None:
    assert (judged(source, target) == expected) is (target not in KNOWN_ERRORS)


def test_precision_and_recall_over_the_table() -> None:
    pairs = [(expected != "-", judged(source, target) != "-") for expected, source, target in cases()]
    right = sum(wrong and found for wrong, found in pairs)
    reported, faulty = (sum(pair[side] for pair in pairs) for side in (1, 0))

    assert (len(pairs), right, reported, faulty) == (129, 55, 58, 59)  # precision 0.948, recall 0.932


def test_no_fine_translation_is_called_an_error() -> None:
    assert [target for expected, source, target in cases() if expected != "!" and judged(source, target) == "!"] == []


def test_a_missing_number_is_a_warning_that_names_it_and_its_english() -> None:
    assert run_checks("契約は430億ドルだった。", "The contract was large.", []) == [
        Finding(
            "numbers",
            "warning",
            "430億ドル ($43 billion) is missing; write it, or waive the check if it is said otherwise",
        )
    ]


def test_a_wrong_magnitude_and_a_wrong_year_are_errors_that_say_so() -> None:
    assert run_checks("430億ドルを2024年に払った。", "It paid $430 billion in 2023.", []) == [
        Finding("numbers", "error", "430億ドル is $43 billion, but '$430 billion' is off by a power of ten"),
        Finding("numbers", "error", "2024年 is 2024, but '2023' is another year"),
    ]


def test_what_is_a_number_term_is_left_to_the_glossary_check() -> None:
    source, target = "430億ドルを2024年に払った。", "It paid $430 billion."
    terms = [match.term for match in segment_matches(source, Glossary(numbers=True))]
    assert {finding.check for finding in run_checks(source, target, terms)} == {"glossary"}
    assert {finding.check for finding in run_checks(source, target, [])} == {"numbers"}
    # A waived term is left out of the terms by the caller: then this check looks again, as a person may want to know.
    assert [finding.check for finding in run_checks(source, target, terms[1:])] == ["glossary", "numbers"]


def test_a_number_inside_a_glossary_term_is_the_glossary_s() -> None:
    revolution = Term("1789年革命", "French Revolution")
    assert run_checks("1789年革命の本", "A book on the French Revolution", [revolution]) == []
    assert run_checks("1789年革命の本", "A book on the French Revolution", [replace(revolution, mode=Mode.SOFT)]) == []
    assert judged("1789年革命の本", "A book on the French Revolution") == "?"
