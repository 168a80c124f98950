"""An article is edited: what the update of its PO file touches, and what a translator reads there afterwards."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

import pytest
from cape import ARTICLE, BODY, HEADINGS, SEGMENTS, TITLE, Project

from translate.catalog import Entry, FuzzyMatching, State, Waiver
from translate.cli import main
from translate.engines.base import Engine
from translate.pipeline import plan_article

TYPO = "大森町からも12人が手伝いにきた。"
ADDED = "費用は町の積立金でまかなう。"
RENAMED = "鐘を鳴らす人々"


def five_edits(article: str) -> str:
    """Fix a typo, move a sentence into another section, add one, remove one, rename a section."""
    article = article.replace(BODY[4], TYPO)
    article = article.replace(BODY[1], "").replace(BODY[6], BODY[6] + BODY[1])
    article = article.replace(BODY[5], BODY[5] + ADDED)
    article = article.replace(BODY[2], "")
    return article.replace(HEADINGS[1], RENAMED)


def never() -> Engine:
    raise AssertionError("the engine was opened")


def entry(project: Project, msgid: str) -> Entry:
    found = project.catalog().entry(msgid)
    assert found is not None
    return found


def obsolete(project: Project) -> dict[str, Entry]:
    return {one.msgid: one for one in project.catalog().obsolete}


def difference(before: str, after: str) -> list[str]:
    """Return the changed lines that say something: no hash, score, date or blank line."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    told = [re.sub(r" sha:.*", "", line) for line in lines]
    return [line for line in told if not re.match(r"---|\+\+\+|@@|.\"(?:PO|X-Source-Sha256)|.#?$", line)]


def plain(line: str) -> str:
    return re.sub(r"^#~ ", "", line[1:])


def test_five_edits_touch_only_what_they_must(project: Project) -> None:
    project.translate()
    project.approve_all()
    english = project.english()
    before = project.po.read_text("utf-8")
    project.write(project.article, five_edits(ARTICLE))
    report = project.translate()
    changed = difference(before, project.po.read_text("utf-8"))
    gone = [plain(line) for line in changed if line[0] == "-"]
    come = [plain(line) for line in changed if line[0] == "+"]
    assert (report.translated, report.reused) == (3, SEGMENTS - 3)
    # Every English sentence that left its place stands elsewhere, unchanged.
    moved = {BODY[1], BODY[2], BODY[4], HEADINGS[1]}
    assert sorted(line for line in gone if line.startswith("msgstr")) == sorted(
        f'msgstr "{english[msgid]}"' for msgid in moved
    )
    assert not [line for line in gone if line.startswith(("msgid", "msgstr")) and line not in come]
    # All else that went is the section's old name.
    assert {line for line in gone if line not in come} == {f"#. section: 2 {HEADINGS[1]}"} | {
        # an obsolete entry has neither place nor role; these two are the removed sentence's
        line
        for line in gone
        if line.startswith(("#. section: 1", "#: articles/ja/cape.txt:9"))
    }
    # What came is what the machine made of three new texts, with what they were.
    new = [line for line in come if line not in gone and not line.startswith(("# mt:", "#.", "#:"))]
    assert [line for line in new if not line.startswith("msgstr")] == [
        f"# yakubun: was: {english[HEADINGS[1]]} [approved, 92 %]",
        "#, fuzzy",
        f'#| msgid "{HEADINGS[1]}"',
        f'msgid "{RENAMED}"',
        f"# yakubun: was: {english[BODY[4]]} [approved, 94 %]",
        "#, fuzzy",
        f'#| msgid "{BODY[4]}"',
        f'msgid "{TYPO}"',
        "#, fuzzy",
        f'msgid "{ADDED}"',
    ]
    assert len(new) == 13


def test_five_edits_undone_bring_everything_back(project: Project) -> None:
    project.translate()
    project.approve_all()
    before = {one.msgid: (one.msgstr, one.state, one.extracted, one.occurrences) for one in project.catalog()}
    project.write(project.article, five_edits(ARTICLE))
    project.translate()
    project.write(project.article, ARTICLE)
    project.translate(opener=never)
    assert {one.msgid: (one.msgstr, one.state, one.extracted, one.occurrences) for one in project.catalog()} == before
    assert [one.msgid for one in project.catalog()] == list(before)


def edit(project: Project, **changes: object) -> Entry:
    """Fix the typo in the article, run, and return the new sentence's entry."""
    project.write(project.article, ARTICLE.replace(BODY[4], TYPO))
    project.translate(**changes)  # type: ignore[arg-type]
    return entry(project, TYPO)


def test_an_edited_sentence_is_translated_anew_beside_what_it_was(project: Project) -> None:
    project.translate()
    project.review({BODY[4]: "Twelve came from Ōmori to help."})
    found = edit(project)
    assert (found.state, found.previous) == (State.MACHINE, BODY[4])
    assert found.notes == ("yakubun: was: Twelve came from Ōmori to help. [approved, 94 %]",)
    assert "Ōmori" in found.msgstr
    old = obsolete(project)[BODY[4]]
    assert (old.msgstr, old.state) == ("Twelve came from Ōmori to help.", State.APPROVED)


@pytest.mark.parametrize(
    ("prepare", "state"),
    [
        (lambda project: project.review({BODY[4]: "They came."}, approve=False), "edited"),
        (lambda project: None, "machine"),
    ],
)
def test_the_note_says_who_stood_behind_the_old_english(
    project: Project, prepare: Callable[[Project], None], state: str
) -> None:
    project.translate()
    prepare(project)
    old = project.english()[BODY[4]]
    assert edit(project).notes == (f"yakubun: was: {old} [{state}, 94 %]",)


def test_peoples_comments_and_waivers_come_along(project: Project) -> None:
    project.translate()
    project.review({BODY[4]: "They came to help."}, note="ask Aya\nwaive: 大森町: named in the headline")
    found = edit(project)
    assert found.waivers == (Waiver("大森町", "named in the headline"),)
    assert found.notes == (
        *("ask Aya", "waive: 大森町: named in the headline", "yakubun: was: They came to help. [approved, 94 %]"),
    )
    assert "Ōmori" not in found.msgstr  # the machine is not made to write what a person waived


def test_the_old_english_stays_shown_while_machines_try_again(project: Project) -> None:
    project.translate()
    project.review({BODY[4]: "They came."})
    edit(project)
    project.write(project.terms, project.terms.read_text("utf-8").replace("Ōmori", "Omoricho"))
    assert project.translate().retranslated == 1
    assert entry(project, TYPO).notes == ("yakubun: was: They came. [approved, 94 %]",)
    project.translate(engine="fake:degenerate", retranslate=True)  # it gives the sentence up
    found = entry(project, TYPO)
    assert (found.msgstr, found.previous) == ("", BODY[4])
    assert found.notes[0] == "yakubun: was: They came. [approved, 94 %]"


def test_approval_ends_what_an_entry_was(project: Project) -> None:
    project.translate()
    project.review({BODY[4]: "They came."})
    edit(project)
    project.review({TYPO: "They came from Ōmori."}, approve=False)
    project.translate(opener=never)
    assert entry(project, TYPO).previous == BODY[4]
    project.review({TYPO: "They came from Ōmori."})
    project.translate(opener=never)
    found = entry(project, TYPO)
    assert (found.state, found.previous, found.notes) == (State.APPROVED, "", ())
    assert obsolete(project)[BODY[4]].msgstr == "They came."


def test_the_persons_english_is_shown_even_if_a_machines_came_between(project: Project) -> None:
    project.translate()
    project.review({BODY[4]: "They came."})
    edit(project)
    again = TYPO.replace("12人", "13人")
    project.write(project.article, ARTICLE.replace(BODY[4], again))
    project.translate()
    found = entry(project, again)
    assert found.previous == BODY[4]
    assert found.notes == ("yakubun: was: They came. [approved, 88 %]",)


# Options


def test_keep_fuzzy_takes_a_persons_english_over_and_no_machine_touches_it(project: Project) -> None:
    project.translate()
    project.review({BODY[4]: "They came from Ōmori."})
    found = edit(project, opener=never, fuzzy=FuzzyMatching(keep=True))
    assert (found.msgstr, found.state, found.previous) == ("They came from Ōmori.", State.EDITED, BODY[4])
    project.translate(retranslate=True)
    assert entry(project, TYPO).msgstr == "They came from Ōmori."


def test_keep_fuzzy_translates_anew_what_only_a_machine_wrote(project: Project) -> None:
    project.translate()
    found = edit(project, fuzzy=FuzzyMatching(keep=True))
    assert (found.state, found.previous) == (State.MACHINE, BODY[4])


def test_without_matching_an_edited_sentence_is_a_new_one(project: Project) -> None:
    project.translate()
    project.review({BODY[4]: "They came."})
    found = edit(project, fuzzy=None)
    assert (found.state, found.previous, found.notes) == (State.MACHINE, "", ())


@pytest.mark.parametrize(("least", "previous"), [(93, BODY[4]), (95, "")])
def test_the_similarity_decides_what_is_an_edit(project: Project, least: int, previous: str) -> None:
    project.translate()
    assert edit(project, fuzzy=FuzzyMatching(least)).previous == previous


# What a run would do


def test_a_plan_lists_each_change_once(project: Project) -> None:
    project.translate()
    project.write(project.article, five_edits(ARTICLE))
    changes = plan_article(project.article, project.settings()).changes
    assert changes.new == (ADDED,)
    assert [(one.msgid, one.previous, round(one.similarity)) for one in changes.edited] == [
        *((RENAMED, HEADINGS[1], 92), (TYPO, BODY[4], 94)),
    ]
    assert (changes.moved, changes.removed, changes.returning) == ((BODY[1],), (BODY[2],), ())
    project.translate()
    assert not plan_article(project.article, project.settings()).changes
    project.write(project.article, ARTICLE)
    changes = plan_article(project.article, project.settings()).changes
    assert set(changes.returning) == {HEADINGS[1], BODY[2], BODY[4]}
    assert (changes.new, changes.edited, changes.moved) == ((), (), (BODY[1],))
    assert set(changes.removed) == {RENAMED, TYPO, ADDED}


def test_a_long_gone_text_is_found_again_by_its_edit(project: Project) -> None:
    project.translate()
    project.review({BODY[4]: "They came."})
    project.write(project.article, ARTICLE.replace(BODY[4], ""))
    project.translate()
    assert edit(project).previous == BODY[4]


def test_dry_run_shows_and_writes_nothing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.translate()
    project.write(project.article, five_edits(ARTICLE))
    before = project.files()
    words = ["translate", str(project.article), "--engine", "fake", "--glossary", "terms.csv", "--dry-run"]
    assert main(words) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"articles/ja/cape.txt: would change {project.po}",
        f"  new       {ADDED}",
        f"  edited    {RENAMED}",
        f"             92 % {HEADINGS[1]}",
        f"  edited    {TYPO}",
        f"             94 % {BODY[4]}",
        f"  moved     {BODY[1]}",
        f"  removed   {BODY[2]}",
        "  3 segments to translate",
    ]
    assert main([*words, "--check"]) == 3
    capsys.readouterr()
    assert main([*words, "--no-fuzzy-matching"]) == 0
    assert f"  new       {TYPO}" in capsys.readouterr().out
    assert project.files() == before
    project.translate()
    assert main(words) == 0
    assert capsys.readouterr().out == "articles/ja/cape.txt: nothing to do\n"


@pytest.mark.parametrize(
    "words", [["--similarity", "0"], ["--similarity", "101"], ["--keep-fuzzy", "--no-fuzzy-matching"]]
)
def test_options_that_make_no_sense_are_refused(project: Project, words: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["translate", str(project.article), "--engine", "fake", *words])
    assert stop.value.code == 2


# The glossary changes


def test_an_approved_entry_with_the_old_term_is_listed_and_left(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.translate()
    project.review({BODY[0]: "The light of Misaki went out on March 4."})
    project.review({BODY[1]: "Keeper Hamada said a lighthouse keeper knows."}, approve=False)
    terms = project.terms.read_text("utf-8").replace("Misaki", "Cape Town").replace("lighthouse keeper,", "lampman,")
    project.write(project.terms, terms.replace("keeper of the light", ""))
    report = project.translate()
    assert [(one.msgid, one.state, [term.target for term in one.terms], one.changed) for one in report.outdated] == [
        (BODY[0], State.APPROVED, ["Cape Town"], True),
        (BODY[1], State.EDITED, ["lampman"], True),
    ]
    lines = project.po.read_text("utf-8").splitlines()
    assert all(lines[one.line - 1] == f'msgid "{one.msgid}"' for one in report.outdated)
    assert (report.translated, report.retranslated) == (1, 1)  # the keeper of the last sentence
    assert project.english()[BODY[0]] == "The light of Misaki went out on March 4."
    assert main(["translate", str(project.article), "--engine", "fake", "--glossary", "terms.csv"]) == 0
    out = capsys.readouterr().out
    assert "outdated: 2 entries of people lack today's terms; no machine changes them" in out
    assert f"{project.po}:{report.outdated[0].line}: approved: 岬町 → Cape Town [" in out


def test_an_approved_entry_that_holds_the_new_term_needs_no_look(project: Project) -> None:
    project.translate()
    project.review({BODY[0]: "The light of Cape Town went out on March 4."})
    project.write(project.terms, project.terms.read_text("utf-8").replace("Misaki", "Cape Town"))
    assert project.translate().outdated == []


def test_a_soft_term_counts_only_when_the_glossary_changed_since(project: Project) -> None:
    terms = (
        project.terms.read_text("utf-8")
        .replace("place,hard,,\n大", "place,soft,,\n大")
        .replace("岬町,Misaki,,,,place,hard", "岬町,Misaki,,,,place,soft")
    )
    project.write(project.terms, terms)
    project.translate()
    project.review({BODY[0]: "The light went out on March 4."})
    assert project.translate().outdated == []
    project.write(project.terms, terms.replace("Misaki", "Cape Town"))
    assert [one.msgid for one in project.translate().outdated] == [BODY[0]]


# Waivers


@pytest.mark.parametrize("subject", ["大森町", "glossary"])
def test_a_waived_term_is_not_enforced_when_its_segment_is_translated(project: Project, subject: str) -> None:
    project.translate()
    assert "Ōmori" in project.english()[BODY[4]]
    project.review({BODY[4]: project.english()[BODY[4]]}, approve=False, note=f"waive: {subject}: another town")
    report = project.translate()
    assert (report.retranslated, report.terms.waived, report.terms.missing) == (1, 1, 0)
    assert "Ōmori" not in project.english()[BODY[4]]
    provenance = entry(project, BODY[4]).provenance
    assert provenance is not None
    assert (provenance.matched, provenance.satisfied) == (0, 0)
    assert project.translate(opener=never).terms == report.terms


def test_strict_lets_a_waived_term_pass(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.translate()
    project.review({BODY[4]: "They came."})
    words = ["translate", str(project.article), "--engine", "fake", "--glossary", "terms.csv", "--strict"]
    assert main(words) == 4
    project.review({BODY[4]: "They came."}, note="waive: 大森町: the reader knows")
    assert main(words) == 0
    assert "3 of 4 hard terms in place, 1 waived" in capsys.readouterr().out


def test_the_title_is_no_edit_of_itself(project: Project) -> None:
    project.translate()
    before = project.files()
    project.translate(opener=never, fuzzy=FuzzyMatching(1))
    assert project.files() == before
    assert entry(project, TITLE).previous == ""
