"""Two people at the desk, an editor on the same file, machines, git and crashes: no person's work changes unseen.

Hypothesis plays random histories. Each person acts on a sheet that may be old. What people stand behind is followed by
this test alone, and read back with polib, so that our own reader does not judge itself. A thorough run is::

    YAKUBUN_HISTORIES=2000 python -m pytest tests/review/test_desk_histories.py
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import polib
import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from translate import atomic
from translate.catalog import Catalog, State
from translate.config import Config
from translate.engines import create
from translate.engines.base import Engine
from translate.errors import InputError
from translate.glossary import load
from translate.pipeline import Settings, translate_article
from translate.resources import lock_for
from translate.review import editing
from translate.review.desk import Desk
from translate.review.model import Row
from translate.review.outcomes import Conflict, Outcome, Refused, Saved

HISTORIES = int(os.environ.get("YAKUBUN_HISTORIES", "40"))
STEPS = 30

TERMS = "source,target\n岬町,Misaki\n鐘,bell\n"
SENTENCE = st.builds(
    "{}の{}は{}。".format,
    st.sampled_from(["岬町", "港", "大森"]),
    st.sampled_from(["灯台守", "鐘", "船"]),
    st.sampled_from(["鳴った", "戻らなかった", "「戻る」と言った"]),
)
TEXT = st.sampled_from(
    [
        *("Misaki's bell rang.", "The bell of Misaki", "A boat", " spaced ", "two\nlines", "tab\there", "<b>&amp;</b>"),
        *('A "quoted" \\ word', "港", "line\u2028separator", "# a sign", "e\u0301t\u00e9", "Misaki bell \x07 beep"),
    ]
)
ACTOR = st.sampled_from(["ann", "ben"])
PICK = st.integers(0, 99)


class Crash(BaseException):
    """A process that dies: no handler of ours catches it by name."""


class Histories(RuleBasedStateMachine):
    """One article; ``written`` is what people stand behind by msgid, as (text, is it fuzzy)."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="yakubun-"))
        self.article, self.po = self.root / "x.txt", self.root / "locales/en/LC_MESSAGES/x.po"
        (self.root / "terms.csv").write_text(TERMS, "utf-8")
        self.sentences: list[str] = []
        self.written: dict[str, tuple[str, bool]] = {}
        self.seen: dict[str, list[Row]] = {"ann": [], "ben": []}
        self.done: dict[str, list[tuple[str, Any, Any]]] = {"ann": [], "ben": []}
        self.saves: list[bytes] = []
        self.patch = pytest.MonkeyPatch()
        self.patch.setenv("YAKUBUN_CACHE", str(self.root / "cache"))
        self.patch.setattr(os, "fsync", lambda _file: None)  # no power is cut here, and it takes most of the time
        self.patch.setattr(editing, "PATIENCE", 0)
        self.open_a_new_desk()

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.root)

    def open_a_new_desk(self) -> None:
        terms = str(self.root / "terms.csv")
        self.desk = Desk(Config(locales=str(self.root / "locales"), glossaries=(terms,), root=self.root, numbers=False))
        self.done = {"ann": [], "ben": []}

    # The source and machines

    @initialize(sentences=st.lists(SENTENCE, min_size=2, max_size=5))
    def write(self, sentences: list[str]) -> None:
        self.sentences = sentences
        self.translate("fake", force=False)
        for actor in self.seen:
            self.look(actor)

    @rule(sentence=SENTENCE, at=PICK)
    def add(self, sentence: str, at: int) -> None:
        self.sentences.insert(at % (len(self.sentences) + 1), sentence)

    @precondition(lambda self: len(self.sentences) > 1)
    @rule(at=PICK)
    def delete(self, at: int) -> None:
        self.sentences.pop(at % len(self.sentences))

    @rule(engine=st.sampled_from(["fake", "fake:deaf", "fake:degenerate"]), force=st.booleans())
    def translate(self, engine: str, force: bool) -> None:
        self.article.write_text("港の便り\n\n" + "\n\n".join(self.sentences) + "\n", "utf-8")
        shared = Settings(
            load([self.root / "terms.csv"]), self.root / "locales", self.root, engine=engine, retranslate=force
        )
        translate_article(self.article, shared, lambda: create(engine), lambda *_: None)

    # People at the desk

    @rule(actor=ACTOR)
    def look(self, actor: str) -> None:
        self.seen[actor] = [row for row in self.desk.open("x").rows if not row.locked]

    def pick(self, actor: str, at: int) -> Row:
        rows = self.seen[actor]
        return rows[at % len(rows)]

    @rule(actor=ACTOR, at=PICK, text=TEXT, approve=st.booleans())
    def save(self, actor: str, at: int, text: str, approve: bool) -> None:
        row = self.pick(actor, at)
        self.settle(
            actor, row, text, lambda: self.desk.save("x", row.id, row.version, text, approve=approve, actor=actor)
        )

    @rule(actor=ACTOR, at=PICK)
    def approve_as_it_is(self, actor: str, at: int) -> None:
        row = self.pick(actor, at)
        if row.english:
            self.settle(
                actor,
                row,
                row.english,
                lambda: self.desk.save("x", row.id, row.version, row.english, approve=True, actor=actor),
            )

    @rule(actor=ACTOR, at=PICK)
    def reject(self, actor: str, at: int) -> None:
        row = self.pick(actor, at)
        self.settle(actor, row, "", lambda: self.desk.reject("x", row.id, row.version, actor=actor))

    @rule(actor=ACTOR, at=PICK)
    def unapprove(self, actor: str, at: int) -> None:
        row = self.pick(actor, at)
        self.settle(actor, row, None, lambda: self.desk.unapprove("x", row.id, row.version, actor=actor))

    @rule(
        actor=ACTOR,
        at=PICK,
        subject=st.sampled_from(["glossary", "岬町", "length"]),
        reason=st.sampled_from(["", "ok"]),
    )
    def waive(self, actor: str, at: int, subject: str, reason: str) -> None:
        row = self.pick(actor, at)
        before = self.standing(row.japanese)
        outcome = self.desk.waive("x", row.id, row.version, subject, reason, actor=actor)
        if isinstance(outcome, Saved) and outcome.changed:
            self.done[actor].append((row.japanese, before, self.standing(row.japanese)))

    def settle(self, actor: str, row: Row, text: str | None, act: Callable[[], Outcome]) -> None:
        """Do what a person wants, and judge the outcome by what the person saw and what stood there."""
        msgid, before = row.japanese, self.standing(row.japanese)
        mine = None if text is None else text.replace("\x07", "").strip()
        outcome = act()
        after = self.standing(msgid)
        note(f"{actor} on {msgid}: {type(outcome).__name__}, {before} -> {after}")
        theirs = self.written.get(msgid)
        strange = theirs is not None and theirs != (row.english, row.state is not State.APPROVED)
        if isinstance(outcome, Conflict):
            assert after == before
            assert outcome.theirs.english == (before[0] if before else "")
            assert outcome.mine == (text or "")
            return
        if strange and before is not None and (mine is None or theirs[0] != mine):
            assert after == before, "somebody's work was changed by a person who had not seen it"
        if isinstance(outcome, Refused) and not outcome.kept:
            assert after == before
            return
        if after != before:
            assert after is not None
            self.done[actor].append((msgid, before, after))
            if after[0]:
                self.written[msgid] = (after[0], "fuzzy" in after[1])
                assert mine in (after[0], None)
            else:
                self.written.pop(msgid, None)

    @rule(actor=ACTOR, at=PICK, text=TEXT, approve=st.booleans())
    def save_while_a_machine_translates(self, actor: str, at: int, text: str, approve: bool) -> None:
        """Save between a run's reading and its writing, while it holds the lock."""
        shared = Settings(
            load([self.root / "terms.csv"]), self.root / "locales", self.root, engine="fake", retranslate=True
        )

        def opener() -> Engine:
            self.save(actor, at, text, approve)
            return create("fake")

        self.article.write_text("港の便り\n\n" + "\n\n".join(self.sentences) + "\n", "utf-8")
        translate_article(self.article, shared, opener, lambda *_: None)

    @rule(actor=ACTOR)
    def undo(self, actor: str) -> None:
        last = self.done[actor][-1] if self.done[actor] else None
        now = self.standing(last[0]) if last else None
        outcome = self.desk.undo("x", actor=actor)
        if last is None:
            assert isinstance(outcome, Refused)
            return
        self.done[actor].pop()
        msgid, before, after = last
        if now != after:
            assert isinstance(outcome, Refused)
            assert self.standing(msgid) == now
            return
        assert isinstance(outcome, Saved)
        assert self.standing(msgid) == before
        entry = next(one for one in Catalog.read(self.po) if one.msgid == msgid)
        self.written.pop(msgid, None)
        if entry.state in (State.EDITED, State.APPROVED):
            self.written[msgid] = (before[0], "fuzzy" in before[1])

    # Other programs

    def entries(self) -> dict[str, Any]:
        return {entry.msgid: entry for entry in polib.pofile(str(self.po), wrapwidth=0) if entry.msgctxt is None}

    def standing(self, msgid: str) -> tuple[str, tuple[str, ...], str, str] | None:
        """Return all that undo must bring back, as another program reads it; None if no article has the text."""
        entry = self.entries().get(msgid)
        if entry is None or entry.obsolete:
            return None
        comment = entry.tcomment.replace("\n", " ")  # polib wraps comments, too
        return entry.msgstr, tuple(entry.flags), comment, entry.previous_msgid or ""

    @rule(at=PICK, text=TEXT, fuzzy=st.booleans(), width=st.sampled_from([0, 78]))
    def edit_in_another_program(self, at: int, text: str, fuzzy: bool, width: int) -> None:
        file = polib.pofile(str(self.po), wrapwidth=width)
        entry = file[at % len(file)]
        entry.msgstr = text = text.replace("\x07", "")
        entry.flags = ["fuzzy"] if fuzzy else []
        file.save(str(self.po))
        self.written[entry.msgid] = (text, fuzzy)

    @rule(at=PICK)
    def comment_in_another_program(self, at: int) -> None:
        file = polib.pofile(str(self.po), wrapwidth=0)
        entry = file[at % len(file)]
        entry.tcomment = f"{entry.tcomment}\nask Aya".strip()
        file.save(str(self.po))

    @rule()
    def keep_a_copy(self) -> None:
        self.saves.append(self.po.read_bytes())

    @precondition(lambda self: self.saves)
    @rule(at=PICK)
    def check_out_an_old_version(self, at: int) -> None:
        """Do what git does at a person's word: what people wrote since is gone from the file, by their own hand."""
        self.po.write_bytes(self.saves[at % len(self.saves)])
        catalog = Catalog.read(self.po)
        self.written = {
            entry.msgid: (entry.msgstr, entry.state is State.EDITED)
            for entry in (*catalog, *catalog.obsolete)
            if entry.state in (State.EDITED, State.APPROVED)
        }

    @rule(actor=ACTOR, at=PICK, mine=TEXT, other=TEXT, there=PICK, late=st.booleans())
    def save_while_another_program_saves(
        self, actor: str, at: int, mine: str, other: str, there: int, late: bool
    ) -> None:
        """Let another program write between the desk's reading and its writing, or while the disk is still busy."""
        row = self.pick(actor, at)
        real, waiting = Catalog.write, [True]

        def write(*arguments: Any) -> Any:
            if waiting:
                waiting.clear()
                self.edit_in_another_program(there, other, True, 0)
            return None if late else real(*arguments)

        patch = pytest.MonkeyPatch()
        if late:
            patch.setattr(os, "fsync", write)
        else:
            patch.setattr(Catalog, "write", write)
        try:
            self.desk.save("x", row.id, row.version, mine, approve=False, actor=actor)
        finally:
            patch.undo()
        self.take_note(actor, row, mine)

    @rule(actor=ACTOR, at=PICK, text=TEXT, late=st.booleans(), kind=st.sampled_from([OSError, Crash]))
    def crash_in_saving(self, actor: str, at: int, text: str, late: bool, kind: type[BaseException]) -> None:
        """Let the disk fail or the process die, just before or just after the file takes its place."""
        row, real = self.pick(actor, at), os.replace

        def fails(*paths: Any) -> None:
            if late:
                real(*paths)
            raise kind("the disk is full")

        patch = pytest.MonkeyPatch()
        patch.setattr(atomic.os, "replace", fails)
        before = self.standing(row.japanese)
        with suppress(InputError, Crash):
            self.desk.save("x", row.id, row.version, text, approve=False, actor=actor)
        patch.undo()
        after = self.standing(row.japanese)
        if not late:
            assert after == before
        self.take_note(actor, row, text)
        if kind is Crash:
            self.open_a_new_desk()

    def take_note(self, actor: str, row: Row, mine: str) -> None:
        """Follow an action whose outcome was not looked at: it wrote the person's text, or nothing."""
        after, theirs = self.standing(row.japanese), self.written.get(row.japanese)
        clean = mine.replace("\x07", "").strip()
        if after and after[0] == clean and (theirs is None or theirs[0] != clean):
            unseen = theirs is not None and theirs != (row.english, row.state is not State.APPROVED)
            assert not unseen, "somebody's work was changed by a person who had not seen it"
            self.written[row.japanese] = (after[0], "fuzzy" in after[1])
        self.done[actor] = []  # what can be undone is not followed through these
        self.desk._session._undoable.clear()
        self.done = {"ann": [], "ben": []}

    @rule()
    def open_another_desk(self) -> None:
        self.open_a_new_desk()

    # What must hold

    @invariant()
    def nothing_that_people_wrote_is_changed_or_gone(self) -> None:
        if not self.po.exists():
            return
        entries = self.entries()
        for msgid, (text, fuzzy) in self.written.items():
            assert msgid in entries, f"{msgid} is gone, with {text!r}"
            assert (entries[msgid].msgstr, "fuzzy" in entries[msgid].flags) == (text, fuzzy)

    @invariant()
    def no_person_is_taken_for_a_machine(self) -> None:
        if self.po.exists():
            machines = {entry.msgid for entry in Catalog.read(self.po) if entry.state is State.MACHINE}
            assert not machines & self.written.keys()

    @invariant()
    def the_desk_shows_what_the_file_holds(self) -> None:
        if self.po.exists():
            shown = {row.japanese: (row.english, row.state) for row in self.desk.open("x").rows if row.number}
            assert shown == {entry.msgid: (entry.msgstr, entry.state) for entry in Catalog.read(self.po)}


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_people_save_while_a_machine_translates_and_both_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run holds the PO file for minutes; nobody who reviews the article waits for it, and it takes their work in."""
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(editing, "PATIENCE", 0.05)
    article, locales = tmp_path / "x.txt", tmp_path / "locales"
    article.write_text("港の便り\n\n船が出た。\n", "utf-8")
    shared = Settings(load([]), locales, tmp_path, engine="fake", retranslate=True)
    translate_article(article, shared, lambda: create("fake"), lambda *_: None)
    article.write_text("港の便り\n\n船が出た。鐘が鳴った。\n", "utf-8")
    desk = Desk(Config(locales=str(locales), glossaries=("none",), root=tmp_path))
    row = desk.open("x").rows[1]
    outcomes: list[Outcome] = []

    def opener() -> Engine:
        outcomes.append(desk.save("x", row.id, row.version, "A boat left.", approve=True, actor="ann"))
        return create("fake")

    report = translate_article(article, shared, opener, lambda *_: None)
    assert [type(one) for one in outcomes] == [Saved]
    entries = {entry.msgid: entry for entry in Catalog.read(locales / "en/LC_MESSAGES/x.po")}
    assert (entries["船が出た。"].msgstr, entries["船が出た。"].state) == ("A boat left.", State.APPROVED)
    assert entries["鐘が鳴った。"].state is State.MACHINE
    assert (report.segments, report.translated, report.reused) == (3, 2, 1)


def test_who_waits_too_long_for_other_people_keeps_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(editing, "LONGEST", 0.05)
    (tmp_path / "x.txt").write_text("港の便り\n\n船が出た。\n", "utf-8")
    shared = Settings(load([]), tmp_path / "locales", tmp_path, engine="fake")
    translate_article(tmp_path / "x.txt", shared, lambda: create("fake"), lambda *_: None)
    desk = Desk(Config(locales=str(tmp_path / "locales"), glossaries=("none",), root=tmp_path))
    row, po = desk.open("x").rows[1], tmp_path / "locales/en/LC_MESSAGES/x.po"
    before = po.read_bytes()
    with lock_for(po.with_name("x.po.review")):
        outcome = desk.save("x", row.id, row.version, "A boat left.", approve=True, actor="ann")
    assert isinstance(outcome, Refused)
    assert (outcome.busy, outcome.mine, po.read_bytes()) == (True, "A boat left.", before)
    assert isinstance(desk.save("x", row.id, row.version, "A boat left.", approve=True, actor="ann"), Saved)
