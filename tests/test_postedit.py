"""Post-edit distance: from the proposal in the journal to what a person approved, month by month from git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from cape import BODY, HEADINGS, TITLE, Project

from translate.cli import main
from translate.errors import ScoreError
from translate.metrics import corpus_scores
from translate.postedit import grouped, measured, post_edits

Capture = pytest.CaptureFixture[str]


def git(*words: str, date: str = "2026-03-05T10:00:00+00:00") -> None:
    environment = {**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": os.devnull}
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *words], check=True, capture_output=True, env=environment)


@pytest.fixture
def reviewed(project: Project) -> Project:
    """The title approved as it stood, a heading and a sentence corrected, the rest as the machine left it."""
    project.translate()
    project.review({TITLE: project.english()[TITLE], HEADINGS[0]: "Light lost", BODY[0]: "Misaki's light went out."})
    return project


def test_only_what_a_person_approved_counts_and_comes_with_what_the_machine_said(reviewed: Project) -> None:
    machine = {one["msgid"]: one["english"] for one in map(json.loads, reviewed.journal.read_text().splitlines())}
    found = {edit.source: edit for edit in post_edits(reviewed.po)}
    assert found.keys() == {TITLE, HEADINGS[0], BODY[0]}
    assert {source: edit.machine for source, edit in found.items()} == {source: machine[source] for source in found}
    assert found[BODY[0]].approved == "Misaki's light went out."
    assert {edit.engine for edit in found.values()} == {"fake@1"}
    assert [found[text].role for text in (TITLE, HEADINGS[0], BODY[0])] == ["title", "heading", "body"]
    assert [found[text].untouched for text in (TITLE, HEADINGS[0], BODY[0])] == [True, False, False]


def test_the_figures_are_ter_and_chrf_of_the_proposals_with_the_approved_text_as_reference(reviewed: Project) -> None:
    edits = post_edits(reviewed.po)
    groups = grouped(edits, measured(edits))
    expected = corpus_scores([edit.machine for edit in edits], [[edit.approved for edit in edits]])
    (total,) = groups["all"]
    assert (total.segments, total.hter, total.chrf) == (3, expected.ter, expected.chrf)
    assert total.untouched == pytest.approx(1 / 3)
    by_role = {one.name: one for one in groups["role"]}
    assert (by_role["title"].hter, by_role["title"].untouched) == (0.0, 1.0)
    assert by_role["body"].hter > 0


def test_the_month_is_that_in_which_the_english_was_written(reviewed: Project) -> None:
    assert {edit.month for edit in post_edits(reviewed.po)} == {"not committed"}
    (reviewed.root / ".git").rmdir()
    git("init", ".")
    git("add", ".")
    git("commit", "-m", "March", date="2026-03-05T10:00:00+00:00")
    reviewed.review({HEADINGS[0]: "The light is lost"})
    git("commit", "-a", "-m", "May", date="2026-05-20T10:00:00+00:00")
    reviewed.review({BODY[0]: "The light of Misaki went out."})
    months = {edit.source: edit.month for edit in post_edits(reviewed.po)}
    assert months == {TITLE: "2026-03", HEADINGS[0]: "2026-05", BODY[0]: "not committed"}
    edits = post_edits(reviewed.po)
    assert [one.name for one in grouped(edits, measured(edits))["month"]] == ["2026-03", "2026-05", "not committed"]


@pytest.mark.skipif(shutil.which("msgcat") is None, reason="needs GNU gettext")
def test_a_wrapped_entry_is_found_in_git_too(reviewed: Project) -> None:
    subprocess.run(["msgcat", "--width=40", "-o", str(reviewed.po), str(reviewed.po)], check=True)
    (reviewed.root / ".git").rmdir()
    git("init", ".")
    git("add", ".")
    git("commit", "-m", "all")
    assert {edit.month for edit in post_edits(reviewed.po)} == {"2026-03"}


def test_without_a_journal_there_is_nothing_to_measure(reviewed: Project) -> None:
    reviewed.journal.unlink()
    with pytest.raises(ScoreError, match=r"keep locales/en/proposals"):
        measured(post_edits(reviewed.po))


def test_score_post_edit_prints_tables_and_json(reviewed: Project, capsys: Capture) -> None:
    assert main(["score", "--post-edit", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["post_edit"].keys() == {"all", "engine", "article", "role", "month"}
    assert found["post_edit"]["all"][0]["segments"] == 3
    assert "nrefs:1" in found["signature"]["ter"]
    assert main(["score", "--post-edit", "--po", str(reviewed.po)]) == 0
    out = capsys.readouterr().out
    assert "Changed most:" in out
    assert "Misaki's light went out." in out
