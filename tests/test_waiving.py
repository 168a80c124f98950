"""``waive`` writes a person's word into a PO file: only what can be waived there, and nothing else in it changes."""

from __future__ import annotations

import argparse
import json

import pytest
from cape import BODY, Project

from translate.catalog import Catalog, Waiver
from translate.cli import waiving
from translate.errors import CatalogError, InputError

Capture = pytest.CaptureFixture[str]


def waive(project: Project, entry: str, subject: str, *words: str) -> int:
    parser = argparse.ArgumentParser()
    waiving.add_arguments(parser)
    return waiving.run(parser.parse_args([str(project.po), entry, subject, "--glossary", "terms.csv", *words]))


def waivers(project: Project, msgid: str) -> tuple[Waiver, ...]:
    found = project.catalog().entry(msgid)
    assert found is not None
    return found.waivers


def line_of(project: Project, msgid: str) -> int:
    found = project.catalog().entry(msgid)
    assert found is not None
    return found.line


@pytest.fixture
def translated(project: Project) -> Project:
    project.translate()
    project.approve_all()
    return project


def test_a_term_is_waived_by_its_entrys_text(translated: Project, capsys: Capture) -> None:
    before = translated.po.read_text("utf-8").splitlines()
    assert waive(translated, BODY[4], "大森町", "--reason", "named in  the headline") == 0
    assert waivers(translated, BODY[4]) == (Waiver("大森町", "named in the headline"),)
    after = translated.po.read_text("utf-8").splitlines()
    new = [line for line in after if line not in before and "PO-Revision-Date" not in line]
    assert new == ["# waive: 大森町: named in the headline"]
    assert [line for line in before if line not in after and line != "#" and "PO-Revision-Date" not in line] == []
    assert "大森町 waived [大森町からも" in capsys.readouterr().out
    report = translated.translate()
    assert (report.terms.waived, report.terms.missing) == (1, 0)


def test_any_line_of_an_entry_names_it(translated: Project) -> None:
    for number, offset in enumerate((-4, -1, 0, 1)):
        line = line_of(translated, BODY[0]) + offset
        assert waive(translated, str(line), "doubled", "--reason", f"attempt {number}") == 0
        assert waivers(translated, BODY[0]) == (Waiver("doubled", f"attempt {number}"),)  # the reason is replaced


def test_a_waiver_is_taken_back(translated: Project, capsys: Capture) -> None:
    waive(translated, BODY[0], "岬町", "--reason", "a pun")
    waive(translated, BODY[0], "length", "--reason", "short on purpose")
    assert waive(translated, BODY[0], "岬町", "--remove", "--json") == 0
    shown = json.loads(capsys.readouterr().out.partition("\n")[2].partition("\n")[2])
    assert shown["waivers"] == [{"subject": "length", "reason": "short on purpose"}]
    assert waivers(translated, BODY[0]) == (Waiver("length", "short on purpose"),)


def test_an_alias_or_another_width_stands_for_the_term(project: Project) -> None:
    project.write(project.terms, "source,target,aliases\n灯台守,keeper,番人\n")
    project.write(project.article, "番人は眠らない。\n")
    project.translate()
    waive(project, "番人は眠らない。", "番人", "--reason", "a joke")
    assert waivers(project, "番人は眠らない。") == (Waiver("灯台守", "a joke"),)


@pytest.mark.parametrize(
    ("entry", "subject", "words", "message"),
    [
        (
            BODY[0],
            "大森町",
            ["--reason", "x"],
            r"cape\.po:\d+: '大森町' is neither .*; terms: 岬町; checks: empty, glos",
        ),
        (BODY[2], "岬町", ["--reason", "x"], r"terms: none; checks: "),
        (BODY[0], "岬町", ["--remove"], r"cape\.po:\d+: '岬町' is not waived here; waived: none"),
        ("港。", "glossary", ["--reason", "x"], r"cape\.po: no live entry has the text '港。'"),
        ("1", "glossary", ["--reason", "x"], r"cape\.po:1: no live entry stands there"),
        ("99999", "glossary", ["--reason", "x"], r"cape\.po:99999: no live entry stands there"),
    ],
)
def test_what_cannot_be_waived_is_refused_with_the_choices(
    translated: Project, entry: str, subject: str, words: list[str], message: str
) -> None:
    before = translated.po.read_bytes()
    with pytest.raises(InputError, match=message):
        waive(translated, entry, subject, *words)
    assert translated.po.read_bytes() == before


@pytest.mark.parametrize("reason", ["", "  ", "half \ud800"])
def test_a_waiver_needs_a_reason_that_a_comment_can_hold(translated: Project, reason: str) -> None:
    before = translated.po.read_bytes()
    with pytest.raises(CatalogError):
        waive(translated, BODY[0], "glossary", "--reason", reason)
    assert translated.po.read_bytes() == before


def test_a_subject_that_would_be_read_otherwise_is_refused(translated: Project) -> None:
    catalog = Catalog.read(translated.po)
    with pytest.raises(CatalogError, match="cannot be written as a waiver"):
        catalog.waive(BODY[0], Waiver("a: b", "c"))
    assert not catalog.unwaive(BODY[0], "glossary")
    assert not catalog.is_changed


def test_a_waived_machine_translation_is_made_anew_without_the_term(project: Project) -> None:
    project.translate()
    waive(project, BODY[4], "大森町", "--reason", "another town")
    report = project.translate()
    assert (report.retranslated, report.terms.waived) == (1, 1)
    waive(project, BODY[4], "大森町", "--remove")
    report = project.translate()
    assert (report.retranslated, report.terms.satisfied, report.terms.waived) == (1, 4, 0)
