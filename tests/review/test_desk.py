"""The desk: what a page shows of an article, and what becomes of every action."""

from __future__ import annotations

import os
from pathlib import Path

import polib
import pytest
from driving import HARBOUR, add_article, entry, make_project, po_of, poedit
from hypothesis import given
from hypothesis import strategies as st
from making import TERMS, article, written

from translate import config
from translate.catalog import Catalog, State, Waiver, merge
from translate.checks import CATALOG_CHECKS, CATALOG_KEYS, Translated, run_catalog_checks
from translate.glossary import load
from translate.interchange.exchanged import unit_key
from translate.pipeline import Settings, read_article
from translate.publishing import Fuzzy
from translate.review.desk import Desk
from translate.review.model import Row
from translate.review.outcomes import Conflict, Refused, Saved
from translate.review.rows import pieces
from translate.review.shelf import UnknownError, key_of
from translate.review.together import Together

CAPTAIN = "汐見丸の船長は「板が抜けて危なかった」と話す。"
PIER = "白浜港の桟橋が古くなり、町は改修を決めた。"
HEAD = "漁協の組合長は「海はまだ元気だ」と笑った。"
BUYERS = "朝の市場には若い買い手が増えた。"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    return make_project(tmp_path / "project")


@pytest.fixture
def desk(root: Path) -> Desk:
    return Desk(config.load(root))


def row(desk: Desk, msgid: str, key: str = "harbour") -> Row:
    return desk.row(key, unit_key(msgid))


def save(desk: Desk, seen: Row, english: str, *, approve: bool = True, actor: str = "ann") -> object:
    return desk.save("harbour", seen.id, seen.version, english, approve=approve, actor=actor)


class TestSheet:
    def test_an_article_is_shown_in_its_own_order_under_its_headings(self, desk: Desk) -> None:
        sheet = desk.open("harbour")
        assert [one.japanese for one in sheet.rows] == list(HARBOUR)
        assert [(section.number, section.title, len(section.rows)) for section in sheet.sections] == [
            *(("0", "", 1), ("1", "桟橋の傷み", 4), ("2", "漁の朝", 4))
        ]
        assert [str(one.role) for one in sheet.rows[:3]] == ["title", "heading", "body"]
        assert [one.number for one in sheet.rows] == list(range(1, 10))

    def test_pieces_join_to_the_texts_and_name_their_terms(self, desk: Desk) -> None:
        pier = row(desk, PIER)
        assert "".join(piece.text for piece in pier.source) == pier.japanese
        assert "".join(piece.text for piece in pier.target) == pier.english
        assert (pier.source[0].text, pier.source[0].term) == ("白浜港", 0)
        assert [piece.text for piece in pier.target if piece.term == 0] == ["Shirahama Port"]
        term = pier.terms[0]
        assert (term.source, term.target, term.variants, term.kind, term.mode, term.note, term.origin, term.fate) == (
            *("白浜港", "Shirahama Port", ("port of Shirahama",), "place", "hard", "the old harbor in the bay"),
            *("terms.csv:2", "held"),
        )

    def test_a_missing_term_is_a_finding_and_its_fate(self, desk: Desk) -> None:
        captain = row(desk, CAPTAIN)
        assert [(term.source, term.fate) for term in captain.terms] == [("汐見丸", "missing")]
        assert [(one.check, one.severity) for one in captain.findings] == [("glossary", "error")]
        assert captain.provenance is not None
        assert (captain.provenance.engine, captain.provenance.stage, captain.provenance.untouched) == (
            *("fake@1", "plain", True),
        )

    def test_without_its_article_the_po_file_tells_the_order(self, root: Path, desk: Desk) -> None:
        (root / "articles/ja/harbour.txt").unlink()
        sheet = desk.open("harbour")
        assert [one.japanese for one in sheet.rows] == list(HARBOUR)
        assert [section.number for section in sheet.sections] == ["0", "1", "2"]
        assert sheet.article.stale is None

    def test_a_sentence_that_is_new_in_the_article_cannot_be_edited_yet(self, root: Path, desk: Desk) -> None:
        path = root / "articles/ja/harbour.txt"
        path.write_text(path.read_text("utf-8").replace(BUYERS, f"{BUYERS}波は静かだ。{BUYERS}"), "utf-8")
        sheet = desk.open("harbour")
        assert sheet.article.stale == 1
        new = next(one for one in sheet.rows if one.japanese == "波は静かだ。")
        assert (new.state, new.number, "run `translate`" in new.locked) == (None, 0, True)
        assert [one.repeat for one in sheet.rows if one.japanese == BUYERS] == [0, 1]
        with pytest.raises(UnknownError):
            desk.row("harbour", new.id)

    def test_an_entry_that_the_article_lost_is_still_there(self, root: Path, desk: Desk) -> None:
        path = root / "articles/ja/harbour.txt"
        path.write_text(path.read_text("utf-8").replace(BUYERS, ""), "utf-8")
        assert [(one.number, [row.japanese for row in one.rows]) for one in desk.open("harbour").sections[-1:]] == [
            ("gone", [BUYERS])
        ]

    def test_an_edited_sentence_shows_what_it_was_and_its_old_english(self, root: Path) -> None:
        poedit(root, "harbour", {BUYERS: "More young buyers come."})
        path, new = root / "articles/ja/harbour.txt", BUYERS.replace("若い", "遠来の")
        path.write_text(path.read_text("utf-8").replace(BUYERS, new), "utf-8")
        settings = Settings(load([root / "terms.csv"]), root / "locales", root)
        po = po_of(root, "harbour")
        merge(read_article(path, settings), Catalog.read(po), {}).write(po)
        found = row(Desk(config.load(root)), new)
        assert found.former is not None
        assert (found.former.source, found.former.english) == (BUYERS, "More young buyers come.")
        assert found.former.remark.startswith("approved, ")
        assert [(step.operation, step.text) for step in found.former.steps[:3]] == [
            *(("keep", "朝の市場には"), ("delete", "若い"), ("insert", "遠来の")),
        ]
        assert "".join(step.text for step in found.former.steps if step.operation != "delete") == new

    def test_tags_are_pieces_of_their_own(self) -> None:
        cut = pieces("the <1>old port</1> of <2/>call", [((8, 12), 0)])
        assert [(piece.text, piece.term, piece.tag) for piece in cut] == [
            *(("the ", None, False), ("<1>", None, True), ("old ", None, False), ("port", 0, False)),
            *(("</1>", None, True), (" of ", None, False), ("<2/>", None, True), ("call", None, False)),
        ]

    @given(st.text("ab<1/>2 ", max_size=30), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4))
    def test_pieces_always_join_to_the_text(self, text: str, spans: list[tuple[int, int]]) -> None:
        assert "".join(one.text for one in pieces(text, [(span, 0) for span in spans])) == text

    def test_a_sheet_is_made_anew_only_when_something_changed(self, root: Path, desk: Desk) -> None:
        first = desk.open("harbour")
        assert desk.open("harbour") is first
        assert desk.stamp("harbour") == first.stamp
        poedit(root, "harbour", {BUYERS: "Young buyers come."})
        assert desk.stamp("harbour") != first.stamp
        assert desk.open("harbour").rows[6].english == "Young buyers come."

    def test_all_of_a_long_article_is_there(self, tmp_path: Path, root: Path) -> None:
        sentences = written(400)
        (root / "terms.csv").write_text(TERMS, "utf-8")
        add_article(root, "long", {one.japanese: one.machine for one in sentences}, article(sentences))
        sheet = Desk(config.load(root)).open("long")
        assert [one.japanese for one in sheet.rows] == [one.japanese for one in sentences]
        assert len(sheet.sections) == 17
        assert not any(one.findings for one in sheet.rows)


class TestList:
    def test_articles_are_counted(self, desk: Desk) -> None:
        harbour, island = desk.articles()
        assert (harbour.key, harbour.source_path, harbour.po, harbour.segments) == (
            *("harbour", "articles/ja/harbour.txt", "harbour.po", 9),
        )
        assert harbour.states == {State.MACHINE: 8, State.UNTRANSLATED: 1}
        assert (harbour.errors, harbour.stale, harbour.approved, harbour.problem) == (1, 0, 0, "")
        assert island.title == "小島に図書室"
        assert desk.articles(count=False)[0].errors is None

    def test_the_title_is_english_once_it_is_approved(self, root: Path, desk: Desk) -> None:
        poedit(root, "island", {"小島に図書室": "An island gets a reading room"})
        assert desk.articles()[1].title == "An island gets a reading room"

    @pytest.mark.parametrize(
        ("content", "told"),
        [(b'msgid "a"\nmsgstr "b', "quotes"), (b"\xff\xfe", "not UTF-8"), (b'msgid "a"\nmsgstr ""\n' * 2, "again")],
    )
    def test_a_broken_file_is_told_and_hides_no_other(self, root: Path, desk: Desk, content: bytes, told: str) -> None:
        (po_of(root, "bad")).write_bytes(content)
        found = {one.key: one for one in desk.articles()}
        assert told in found["bad"].problem
        assert found["harbour"].problem == ""

    def test_what_is_no_po_file_of_the_project_is_refused(self, root: Path, tmp_path: Path, desk: Desk) -> None:
        folder = po_of(root, "harbour").parent
        outside = tmp_path / "outside.po"
        outside.write_bytes((folder / "harbour.po").read_bytes())
        (folder / "link.po").symlink_to(outside)
        (folder / "circle.po").symlink_to(folder / "circle.po")
        (folder / "folder.po").mkdir()
        os.mkfifo(folder / "pipe.po")
        problems = {one.key: one.problem for one in desk.articles()}
        assert "leads out of" in problems["link"]
        assert "cannot be opened" in problems["circle"]
        assert "no regular file" in problems["folder"]
        assert "no regular file" in problems["pipe"]
        assert problems["harbour"] == ""

    def test_a_file_that_is_too_large_is_not_read(self, root: Path, desk: Desk) -> None:
        with po_of(root, "huge").open("wb") as file:
            file.truncate(65 * 2**20)
        assert "split the article" in {one.key: one.problem for one in desk.articles()}["huge"]

    @pytest.mark.parametrize(
        "key", ["", "..", "../harbour", "harbour.po", "/etc/passwd", "~0123456789abcdef", "a\0b", "%2e"]
    )
    def test_a_key_is_never_a_path(self, desk: Desk, key: str) -> None:
        with pytest.raises(UnknownError):
            desk.open(key)

    @given(st.text(min_size=1, max_size=80))
    def test_keys_are_safe_in_addresses(self, name: str) -> None:
        assert not set(key_of(f"{name}.po")) - set("~-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    def test_an_article_with_a_japanese_name_can_be_opened(self, root: Path, desk: Desk) -> None:
        po_of(root, "island").rename(po_of(root, "島"))
        keys = [one.key for one in desk.articles()]
        assert keys[1].startswith("~")
        assert desk.open(keys[1]).rows[0].japanese == "小島に図書室"

    def test_a_file_that_went_away_leaves_nothing_behind(self, root: Path, desk: Desk) -> None:
        twin = root / "locales/en/LC_MESSAGES/twin.po"
        twin.write_bytes(po_of(root, "harbour").read_bytes())
        poedit(root, "twin", {BUYERS: "Another English for the same source."})
        desk.articles()
        assert [one.check for one in desk.row("twin", unit_key(BUYERS)).findings] == ["inconsistent"]
        po_of(root, "harbour").unlink()
        assert [one.key for one in desk.articles()] == ["island", "twin"]
        assert desk.row("twin", unit_key(BUYERS)).findings == ()


class TestSaving:
    def test_an_approval_is_in_the_file_at_once(self, root: Path, desk: Desk) -> None:
        seen = row(desk, PIER)
        outcome = save(desk, seen, "The pier at Shirahama Port is old, and the town will rebuild it.")
        assert isinstance(outcome, Saved)
        assert outcome.row.state is State.APPROVED
        assert outcome.next_id == unit_key(CAPTAIN)
        there = entry(root, "harbour", PIER)
        assert (there.msgstr, there.flags) == ("The pier at Shirahama Port is old, and the town will rebuild it.", [])
        assert "mt: fake@1" in there.tcomment

    def test_what_fails_a_check_is_kept_and_not_approved(self, root: Path, desk: Desk) -> None:
        outcome = save(desk, row(desk, CAPTAIN), 'The captain says, "It was dangerous."')
        assert isinstance(outcome, Refused)
        assert [one.check for one in outcome.findings] == ["glossary"]
        assert (outcome.kept, outcome.mine) == (True, 'The captain says, "It was dangerous."')
        there = entry(root, "harbour", CAPTAIN)
        assert (there.msgstr, there.flags) == ('The captain says, "It was dangerous."', ["fuzzy"])

    def test_a_machine_s_text_that_fails_stays_a_machine_s(self, root: Path, desk: Desk) -> None:
        before = po_of(root, "harbour").read_bytes()
        seen = row(desk, CAPTAIN)
        outcome = save(desk, seen, seen.english)
        assert isinstance(outcome, Refused)
        assert outcome.kept is False
        assert po_of(root, "harbour").read_bytes() == before

    def test_a_waiver_lets_it_pass_and_can_be_taken_back(self, root: Path, desk: Desk) -> None:
        seen = row(desk, CAPTAIN)
        waived = desk.waive("harbour", seen.id, seen.version, "汐見丸", "named in the\nheading", actor="ann")
        assert isinstance(waived, Saved)
        assert waived.row.waivers == (Waiver("汐見丸", "named in the heading"),)
        assert (waived.row.findings, waived.row.terms[0].fate) == ((), "waived")
        assert isinstance(save(desk, seen, seen.english), Saved)  # only a comment came meanwhile
        desk.waive("harbour", seen.id, seen.version, "汐見丸", "", actor="ann")
        assert row(desk, CAPTAIN).waivers == ()
        assert isinstance(desk.waive("harbour", seen.id, seen.version, "鯨", "no", actor="ann"), Refused)

    @pytest.mark.parametrize("english", ["", "  ", "\n"])
    def test_an_empty_text_is_refused(self, desk: Desk, english: str) -> None:
        outcome = save(desk, row(desk, PIER), english)
        assert isinstance(outcome, Refused)
        assert "reject" in outcome.why

    def test_saving_what_stands_there_writes_nothing(self, root: Path, desk: Desk) -> None:
        before = po_of(root, "harbour").read_bytes()
        seen = row(desk, PIER)
        outcome = save(desk, seen, seen.english, approve=False)
        assert isinstance(outcome, Saved)
        assert outcome.changed is False
        assert po_of(root, "harbour").read_bytes() == before

    def test_reject_and_unapprove(self, root: Path, desk: Desk) -> None:
        approved = save(desk, row(desk, PIER), row(desk, PIER).english)
        assert isinstance(approved, Saved)
        doubted = desk.unapprove("harbour", approved.row.id, approved.row.version, actor="ann")
        assert isinstance(doubted, Saved)
        assert doubted.row.state is State.EDITED  # a machine's words, and yet a person's
        rejected = desk.reject("harbour", doubted.row.id, doubted.row.version, actor="ann")
        assert isinstance(rejected, Saved)
        assert (rejected.row.state, rejected.row.english) == (State.UNTRANSLATED, "")
        assert entry(root, "harbour", PIER).flags == []

    def test_an_entry_with_plural_forms_is_for_po_editors(self, root: Path, desk: Desk) -> None:
        file = polib.pofile(str(po_of(root, "harbour")), wrapwidth=0)
        found = file.find(PIER)
        assert found is not None
        found.msgid_plural, found.msgstr, found.msgstr_plural = PIER, "", {0: "pier", 1: "piers"}
        file.save()
        seen = row(desk, PIER)
        assert "plural" in seen.locked
        outcome = save(desk, seen, "The pier")
        assert isinstance(outcome, Refused)
        assert outcome.mine == "The pier"

    def test_the_last_one_has_no_next(self, root: Path, desk: Desk) -> None:
        poedit(root, "harbour", {msgid: english or "He laughed." for msgid, english in HARBOUR.items()})
        outcome = save(desk, row(desk, PIER), "The pier at Shirahama Port is to be rebuilt, the town says.")
        assert isinstance(outcome, Saved)
        assert outcome.next_id is None

    def test_a_text_that_no_po_file_can_hold_is_refused_before_anything_is_written(
        self, root: Path, desk: Desk
    ) -> None:
        before = po_of(root, "harbour").read_bytes()
        with pytest.raises(Exception, match="cannot hold"):
            save(desk, row(desk, PIER), "half \ud83d")
        assert po_of(root, "harbour").read_bytes() == before
        assert isinstance(save(desk, row(desk, PIER), "Shirahama Port"), Saved)


class TestConflicts:
    """What another program did between a person's look and a person's save, and what becomes of the save."""

    def test_another_entry_is_no_conflict(self, root: Path, desk: Desk) -> None:
        seen = row(desk, PIER)
        poedit(root, "harbour", {BUYERS: "Young buyers come."})
        assert isinstance(save(desk, seen, "Shirahama Port will be rebuilt."), Saved)
        assert entry(root, "harbour", BUYERS).msgstr == "Young buyers come."
        assert entry(root, "harbour", PIER).msgstr == "Shirahama Port will be rebuilt."

    @pytest.mark.parametrize("approved", [True, False])
    def test_another_person_s_text_is(self, root: Path, desk: Desk, approved: bool) -> None:
        seen = row(desk, PIER)
        poedit(root, "harbour", {PIER: "Theirs, at Shirahama Port."}, approve=approved)
        before = po_of(root, "harbour").read_bytes()
        outcome = save(desk, seen, "Mine, at Shirahama Port.")
        assert isinstance(outcome, Conflict)
        assert (outcome.theirs.english, outcome.mine) == ("Theirs, at Shirahama Port.", "Mine, at Shirahama Port.")
        assert po_of(root, "harbour").read_bytes() == before
        assert isinstance(save(desk, outcome.theirs, outcome.mine), Saved)  # the person has seen both

    def test_the_same_text_is_not(self, root: Path, desk: Desk) -> None:
        seen = row(desk, PIER)
        poedit(root, "harbour", {PIER: "Shirahama Port gets a new pier."})
        outcome = save(desk, seen, "Shirahama Port gets a new pier.")
        assert isinstance(outcome, Saved)
        assert outcome.changed is False

    def test_an_approval_of_the_text_that_i_edit_is(self, root: Path, desk: Desk) -> None:
        seen = row(desk, PIER)
        poedit(root, "harbour", {PIER: seen.english})
        assert isinstance(save(desk, seen, "Mine, at Shirahama Port."), Conflict)

    def test_a_machine_s_new_proposal_is_not_and_is_told(self, root: Path, desk: Desk) -> None:
        seen = row(desk, PIER)
        catalog = Catalog.read(po_of(root, "harbour"))
        found = catalog.entry(PIER)
        assert found is not None
        assert found.provenance is not None
        catalog.propose(PIER, "A later machine's Shirahama Port.", found.provenance)
        catalog.write(po_of(root, "harbour"))
        outcome = save(desk, seen, "Mine, at Shirahama Port.")
        assert isinstance(outcome, Saved)
        assert outcome.note == "meanwhile a machine proposed: A later machine's Shirahama Port."
        assert entry(root, "harbour", PIER).msgstr == "Mine, at Shirahama Port."

    def test_who_changed_nothing_does_not_bring_a_machine_s_old_proposal_back(self, root: Path, desk: Desk) -> None:
        seen = row(desk, PIER)
        catalog = Catalog.read(po_of(root, "harbour"))
        found = catalog.entry(PIER)
        assert found is not None
        assert found.provenance is not None
        catalog.propose(PIER, "A later machine's Shirahama Port.", found.provenance)
        catalog.write(po_of(root, "harbour"))
        outcome = save(desk, seen, seen.english, approve=False)
        assert isinstance(outcome, Saved)
        assert (outcome.changed, outcome.row.state) == (False, State.MACHINE)

    def test_a_segment_that_went_away_refuses_with_the_text(self, root: Path, desk: Desk) -> None:
        seen = row(desk, PIER)
        file = polib.pofile(str(po_of(root, "harbour")), wrapwidth=0)
        found = file.find(PIER)
        assert found is not None
        file.remove(found)
        file.save()
        outcome = save(desk, seen, "Mine")
        assert isinstance(outcome, Refused)
        assert outcome.mine == "Mine"

    @pytest.mark.parametrize("version", ["", "-", "a-b", "x" * 500, "\0"])
    def test_a_version_that_nobody_gave_out_is_an_old_one(self, root: Path, desk: Desk, version: str) -> None:
        poedit(root, "harbour", {PIER: "Theirs, at Shirahama Port."})
        outcome = desk.save("harbour", unit_key(PIER), version, "Mine", approve=False, actor="ann")
        assert isinstance(outcome, Conflict)


class TestUndo:
    def test_each_person_takes_back_their_own_actions_in_turn(self, root: Path, desk: Desk) -> None:
        before = {msgid: entry(root, "harbour", msgid) for msgid in (PIER, BUYERS)}
        save(desk, row(desk, PIER), "Ann's Shirahama Port.", actor="ann")
        save(desk, row(desk, BUYERS), "Ben's buyers come to the market.", actor="ben")
        save(desk, row(desk, PIER), "Ann's second Shirahama Port.", actor="ann")
        assert isinstance(desk.undo("harbour", actor="ann"), Saved)
        assert entry(root, "harbour", PIER).msgstr == "Ann's Shirahama Port."
        assert isinstance(desk.undo("harbour", actor="ann"), Saved)
        assert str(entry(root, "harbour", PIER)) == str(before[PIER])
        refused = desk.undo("harbour", actor="ann")
        assert isinstance(refused, Refused)
        assert "nothing to undo" in refused.why
        assert entry(root, "harbour", BUYERS).msgstr == "Ben's buyers come to the market."

    def test_what_somebody_changed_since_is_not_undone(self, root: Path, desk: Desk) -> None:
        save(desk, row(desk, PIER), "Mine, at Shirahama Port.")
        poedit(root, "harbour", {PIER: "Theirs, at Shirahama Port."})
        assert isinstance(desk.undo("harbour", actor="ann"), Refused)
        assert entry(root, "harbour", PIER).msgstr == "Theirs, at Shirahama Port."
        told = [(one.what, one.english) for one in desk.history("harbour", unit_key(PIER)) if one.kind == "session"]
        assert ("approved", "Mine, at Shirahama Port.") in told

    def test_a_rejected_text_comes_back(self, root: Path, desk: Desk) -> None:
        poedit(root, "harbour", {PIER: "Shirahama Port, by hand."})
        seen = row(desk, PIER)
        desk.reject("harbour", seen.id, seen.version, actor="ann")
        assert entry(root, "harbour", PIER).msgstr == ""
        desk.undo("harbour", actor="ann")
        assert (entry(root, "harbour", PIER).msgstr, entry(root, "harbour", PIER).flags) == (
            "Shirahama Port, by hand.",
            [],
        )


class TestTyping:
    def test_checks_of_a_text_that_is_not_saved(self, root: Path, desk: Desk) -> None:
        before = po_of(root, "harbour").read_bytes()
        findings, terms = desk.check("harbour", unit_key(CAPTAIN), "The captain of the Shiomi Maru says so.")
        assert (findings, [one.fate for one in terms]) == ((), ["held"])
        findings, terms = desk.check("harbour", unit_key(CAPTAIN), "The captain of the the boat says it was dangerous.")
        assert [one.check for one in findings] == ["glossary", "doubled", "quotes"][: len(findings)]
        assert [one.fate for one in terms] == ["missing"]
        assert po_of(root, "harbour").read_bytes() == before

    def test_the_project_decides_on_severities(self, root: Path) -> None:
        with (root / "yakubun.toml").open("a") as file:
            file.write('[checks]\nglossary = "warning"\n')
        desk = Desk(config.load(root))
        assert [one.severity for one in row(desk, CAPTAIN).findings] == ["warning"]
        assert isinstance(save(desk, row(desk, CAPTAIN), HARBOUR[CAPTAIN]), Saved)


class TestTogether:
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["a", "b"]),
                st.sampled_from(["船が出た。", "船が出た", "鐘が鳴る。", "灯が消えた。"]),
                st.none()
                | st.sampled_from(
                    ["A boat left.", "a boat left", "The ship " + "sailed on " * 5, "The Ship " + "sailed on " * 5]
                ),
                st.booleans(),
            ),
            max_size=12,
        )
    )
    def test_kept_up_to_date_it_finds_what_a_check_of_all_files_finds(
        self, steps: list[tuple[str, str, str | None, bool]]
    ) -> None:
        together, now = Together(), dict[tuple[str, str], Translated]()
        line = {"船が出た。": 1, "船が出た": 2, "鐘が鳴る。": 3, "灯が消えた。": 4}
        for po, msgid, english, waived in steps:
            entry = english and Translated(
                po, line[msgid], msgid, english, frozenset(["inconsistent"] if waived else [])
            )
            before = {name: together.findings(*name) for name in now}
            affected = together.put(po, msgid, entry or None)
            now.pop((po, msgid), None)
            if entry:
                now[po, msgid] = entry
            expected: dict[tuple[str, str], list[object]] = {name: [] for name in now}
            for one in run_catalog_checks(sorted(now.values(), key=lambda one: (one.po, one.line))):
                expected[one.entry.po, one.entry.msgid].append(one.finding)
            found = {name: list(together.findings(*name)) for name in now}
            assert found == expected
            changed = {name for name in before if name in found and list(before[name]) != found[name]}
            assert changed - {(po, msgid)} <= affected

    def test_every_check_of_whole_catalogs_says_what_it_compares_by(self) -> None:
        assert CATALOG_KEYS.keys() == CATALOG_CHECKS.keys()

    def test_a_save_tells_which_rows_changed_with_it(self, root: Path, desk: Desk) -> None:
        long = "Planks came loose on the pier of Shirahama Port, the town said."
        save(desk, row(desk, PIER), long)
        outcome = save(desk, row(desk, BUYERS), long, approve=False)
        assert isinstance(outcome, Saved)
        assert [one.check for one in outcome.row.findings] == ["copied"]
        outcome = save(desk, row(desk, PIER), "Shirahama Port gets a new pier.")
        assert isinstance(outcome, Saved)
        assert [(one.japanese, one.findings) for one in outcome.also] == [(BUYERS, ())]


class TestPublishing:
    def test_a_preview_tells_what_is_approved(self, root: Path, desk: Desk) -> None:
        save(desk, row(desk, PIER), HARBOUR[PIER])
        preview = desk.preview("harbour")
        assert (preview.unapproved, preview.untranslated, preview.problem) == (8, 1, "")
        shown = {piece.id: piece for block in preview.blocks for piece in block.pieces}
        assert (shown[unit_key(PIER)].state, shown[unit_key(PIER)].language) == ("approved", "en")
        assert (shown[unit_key(HEAD)].text, shown[unit_key(HEAD)].language) == (HEAD, "ja")
        assert HARBOUR[CAPTAIN] in preview.text
        source = desk.preview("harbour", fuzzy=Fuzzy.SOURCE)
        assert CAPTAIN in source.text
        assert [p.language for b in source.blocks for p in b.pieces].count("en") == 1

    def test_publishing_refuses_what_nobody_approved(self, root: Path, desk: Desk) -> None:
        refused = desk.publish("harbour")
        assert (refused.path, len(refused.unapproved), refused.untranslated) == (None, 9, 1)
        assert not (root / "articles/en").exists()
        draft = desk.publish("harbour", fuzzy=Fuzzy.INCLUDE)
        assert draft.path == root / "articles/en/harbour.txt"
        assert draft.path.read_text("utf-8") == desk.preview("harbour").text

    def test_an_article_outside_the_project_is_neither_read_nor_published(self, root: Path, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("秘密の港。\n", "utf-8")
        po = po_of(root, "island")
        for path in (str(secret), "../secret.txt"):
            data = po.read_text("utf-8")
            old = Catalog.read(po).source_path
            po.write_text(data.replace(f"X-Source-Path: {old}", f"X-Source-Path: {path}"), "utf-8")
            desk = Desk(config.load(root))
            assert "秘密" not in str(desk.open("island"))
            assert "inside the project" in desk.preview("island").problem
            assert "inside the project" in desk.publish("island", fuzzy=Fuzzy.INCLUDE).why


class TestMemory:
    def test_an_approved_sentence_is_suggested_for_one_like_it(self, root: Path, desk: Desk) -> None:
        near = BUYERS.replace("若い", "遠い")
        add_article(root, "market", {near: ""})
        assert desk.suggestions("market", unit_key(near)) == ()
        save(desk, row(desk, BUYERS), "More young buyers come to the morning market.")
        (found,) = desk.suggestions("market", unit_key(near))
        assert (found.english, found.source, found.origin) == (
            "More young buyers come to the morning market.",
            BUYERS,
            "harbour",
        )
        assert 85 <= found.likeness < 100
        assert [(step.operation, step.text) for step in found.steps] == [
            *(("keep", "朝の市場には"), ("delete", "若"), ("insert", "遠"), ("keep", "い買い手が増えた。")),
        ]
        desk.undo("harbour", actor="ann")
        assert desk.suggestions("market", unit_key(near)) == ()

    def test_many_changed_articles_are_indexed_anew_and_few_beside_the_old_index(self, root: Path, desk: Desk) -> None:
        names = [f"a{number}" for number in range(12)]
        for name in names:
            add_article(root, name, {f"{name}の橋が完成した。": f"A bridge, {name}."})
        poedit(root, "a0", {"a0の橋が完成した。": "A bridge, a0."})
        desk.articles(count=False)
        sought = unit_key("a11の橋が完成した。")
        assert [one.origin for one in desk.suggestions("a11", sought)] == ["a0"]
        for name in names[1:4]:
            poedit(root, name, {f"{name}の橋が完成した。": f"A bridge, {name}."})
            desk.articles(count=False)
            assert name in [one.origin for one in desk.suggestions("a11", sought)]
        for name in names[:10]:
            poedit(root, name, {f"{name}の橋が完成した。": "Another bridge."})
        desk.articles(count=False)
        assert {one.english for one in desk.suggestions("a11", sought)} == {"Another bridge."}
        po_of(root, "a1").unlink()
        assert "a1" not in [one.origin for one in desk.suggestions("a11", sought)]

    def test_an_imported_unit_is_suggested_and_a_broken_file_hides_no_other(self, root: Path, desk: Desk) -> None:
        folder = root / "locales/en/memory"
        folder.mkdir()
        (folder / "old.jsonl").write_text(f'{{"source": "{PIER}", "target": "An old pier."}}\n', "utf-8")
        (found,) = desk.suggestions("harbour", unit_key(PIER))
        assert (found.likeness, found.english) == (100, "An old pier.")
        (folder / "old.jsonl").write_text("broken\n", "utf-8")
        assert desk.suggestions("harbour", unit_key(PIER)) == ()
