"""What becomes of every action at the desk, whatever others do meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polib
import pytest
from desking import BUYERS, CAPTAIN, PIER, row, save
from driving import HARBOUR, add_article, entry, po_of, poedit
from making import article, written

from translate import config
from translate.catalog import Catalog, State, Waiver
from translate.interchange.exchanged import unit_key
from translate.resources import lock_for
from translate.review import editing
from translate.review.desk import Desk
from translate.review.outcomes import Conflict, Refused, Saved


def propose_anew(root: Path) -> None:
    """Do what ``translate --retranslate`` does to a segment that nobody has touched."""
    catalog = Catalog.read(po_of(root, "harbour"))
    found = catalog.entry(PIER)
    assert found is not None
    assert found.provenance is not None
    catalog.propose(PIER, "A later machine's Shirahama Port.", found.provenance)
    catalog.write(po_of(root, "harbour"))


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
        propose_anew(root)
        outcome = save(desk, seen, "Mine, at Shirahama Port.")
        assert isinstance(outcome, Saved)
        assert outcome.note == "meanwhile a machine proposed: A later machine's Shirahama Port."
        assert entry(root, "harbour", PIER).msgstr == "Mine, at Shirahama Port."

    def test_who_changed_nothing_does_not_bring_a_machine_s_old_proposal_back(self, root: Path, desk: Desk) -> None:
        seen = row(desk, PIER)
        propose_anew(root)
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


class TestManyAtOnce:
    def test_people_at_two_desks_lose_nothing_of_each_other_s(self, root: Path) -> None:
        """Two servers on one folder, each with two people at once, and readers between them."""
        sentences = [one.japanese for one in written(20)]
        add_article(root, "long", {one.japanese: one.machine for one in written(20)}, article(written(20)))
        desks = [Desk(config.load(root)), Desk(config.load(root))]

        def work(person: int) -> list[str]:
            desk, outcomes = desks[person % 2], []
            for at in range(person, 16, 4):
                seen = desk.row("long", unit_key(sentences[at]))
                text = f"Person {person} wrote sentence {at}."
                outcome = desk.save("long", seen.id, seen.version, text, approve=False, actor=str(person))
                desk.open("long")
                outcomes.append(type(outcome).__name__)
            return outcomes

        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(work, range(4)))
        assert [set(one) for one in done] == [{"Saved"}] * 4
        found = {one.msgid: one.msgstr for one in Catalog.read(po_of(root, "long"))}
        assert [found[sentences[at]] for at in range(16)] == [
            f"Person {at % 4} wrote sentence {at}." for at in range(16)
        ]
        for desk in desks:
            assert {one.japanese: one.english for one in desk.open("long").rows} == found

    def test_a_reader_does_not_wait_for_another_program(
        self, root: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(editing, "PATIENCE", 30)
        seen = row(desk, PIER)
        with ThreadPoolExecutor(1) as pool:
            with lock_for(po_of(root, "harbour")):
                waiting = pool.submit(save, desk, seen, "Shirahama Port, in a moment.")
                assert desk.open("harbour").rows[2].state is State.MACHINE
                desk.check("harbour", seen.id, "Shirahama Port")
                assert not waiting.done()
            assert isinstance(waiting.result(timeout=30), Saved)
