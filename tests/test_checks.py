"""Every check reports what it should and keeps silent otherwise; cases live in quality/checks.tsv."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.checks import SEGMENT_CHECKS, Finding, description, run_checks, segment_check
from translate.glossary import Mode, Term

TABLE = Path(__file__).parent / "quality" / "checks.tsv"
PENTAGON = Term("国防総省", "Pentagon", variants=("Defense Department",), forbidden=("Ministry of Defense",))


def cases() -> list[list[str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [line.split("\t")[:4] for line in lines if line and not line.startswith("#")]


def term_of(cell: str) -> Term:
    mode, colon, rest = cell.rpartition(":")
    source, _, english = rest.partition("=")
    forms, *forbidden = english.split("^")
    target, *variants = forms.split("/")
    return Term(
        source, target, variants=tuple(variants), forbidden=tuple(forbidden), mode=Mode(mode if colon else "hard")
    )


def marked(findings: list[Finding]) -> list[str]:
    errors = {finding.check for finding in findings if finding.severity == "error"}
    return [name + "!" * (name in errors) for name in dict.fromkeys(finding.check for finding in findings)]


@pytest.mark.parametrize(("expected", "source", "target", "terms"), cases())
def test_table(expected: str, source: str, target: str, terms: str) -> None:
    found = run_checks(source, target, [term_of(cell) for cell in terms.split("|") if cell.strip()])
    assert marked(found) == ([] if expected == "-" else expected.split(","))


@pytest.mark.parametrize("name", SEGMENT_CHECKS)
class TestEveryCheck:
    def test_says_in_its_first_line_what_it_is_about(self, name: str) -> None:
        assert description(name).endswith(".")

    def test_reports_under_its_own_name(self, name: str) -> None:
        rows = [row for row in cases() if name in row[0].replace("!", "").split(",")]
        assert rows, f"quality/checks.tsv has no case that {name} reports"
        for _, source, target, terms in rows:
            findings = segment_check(name)(source, target, [term_of(cell) for cell in terms.split("|") if cell.strip()])
            assert {finding.check for finding in findings} == {name}

    def test_can_be_skipped(self, name: str) -> None:
        for _, source, target, terms in cases():
            found = run_checks(source, target, [term_of(c) for c in terms.split("|") if c.strip()], skip={name})
            assert name not in {finding.check for finding in found}

    @given(source=st.text(max_size=60), target=st.text(max_size=60))
    def test_takes_any_text(self, name: str, source: str, target: str) -> None:
        for finding in segment_check(name)(source, target, [PENTAGON]):
            assert finding.message
            assert finding.severity in ("error", "warning")

    def test_takes_long_texts_in_seconds(self, name: str) -> None:
        for english in ("a " * 60_000, "www." * 30_000, "<" * 120_000, '("' * 60_000, "a@" * 60_000, "word-" * 24_000):
            start = time.perf_counter()
            segment_check(name)("国防総省は" * 12_000, english, [PENTAGON])
            assert time.perf_counter() - start < 10


def test_a_message_about_a_missing_term_names_it_and_every_form_that_counts() -> None:
    (finding,) = run_checks("国防総省は沈黙した。", "They kept silent.", [PENTAGON])
    assert finding == Finding("glossary", "error", "国防総省 must be 'Pentagon' or 'Defense Department'")


def test_a_message_about_a_forbidden_form_names_the_right_one() -> None:
    first, _ = run_checks("国防総省は沈黙した。", "The Ministry of Defense kept silent.", [PENTAGON])
    assert first.message == "'Ministry of Defense' must not stand for 国防総省; write 'Pentagon'"


def test_a_form_that_stands_for_another_term_is_not_forbidden() -> None:
    ministry = Term("防衛省", "Ministry of Defense")
    target = "The Pentagon and the Ministry of Defense kept silent."
    assert run_checks("国防総省と防衛省は沈黙した。", target, [PENTAGON, ministry]) == []


def test_a_term_matched_twice_is_reported_once() -> None:
    assert len(run_checks("国防総省、国防総省。", "Silence reigned there.", [PENTAGON, PENTAGON])) == 1


def test_skipping_empty_leaves_an_empty_target_alone() -> None:
    assert run_checks("国防総省は沈黙した。", "", [PENTAGON], skip=["empty"]) == []


def test_names_that_are_no_checks_may_stand_in_skip() -> None:
    assert run_checks("国防総省は沈黙した。", "The Pentagon kept silent.", [PENTAGON], skip=["国防総省"]) == []


def test_importing_the_package_imports_no_check() -> None:
    code = "import sys, translate.checks; sys.exit('translate.checks.segment' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
