"""Whatever people, machines and tools do, in whatever order: no person's work is changed or lost.

Hypothesis plays random histories of an article: the source is edited, machines translate, people approve and correct,
the glossary changes, tools rewrite the file, runs crash. People and the invariants read and write the file with polib,
so that our own reader does not judge itself. The default is small; a thorough run is::

    YAKUBUN_HISTORIES=2000 python -m pytest tests/test_never_overwrite.py
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import polib
import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from translate import atomic
from translate.catalog import Catalog, FuzzyMatching, State, Waiver
from translate.engines import create
from translate.engines.base import Engine
from translate.errors import CatalogError, EngineError, InputError
from translate.glossary import Glossary, Mode, Term
from translate.pipeline import Settings, plan_article, translate_article

HISTORIES = int(os.environ.get("YAKUBUN_HISTORIES", "100"))
STEPS = 30

MISAKI, KEEPER, BELL = Term("岬町", "Misaki"), Term("灯台守", "lighthouse keeper"), Term("鐘", "bell")
GLOSSARIES = [
    Glossary(()),
    Glossary((MISAKI, KEEPER, BELL)),
    Glossary((replace(MISAKI, target="Cape Town"), KEEPER)),
    Glossary((MISAKI, replace(KEEPER, target="warden", variants=("keeper",)), replace(BELL, mode=Mode.SOFT))),
    Glossary((replace(MISAKI, target="Ōmisaki", forbidden=("Misaki",)), BELL)),
]
ENGINES = ["fake", "fake:deaf", "fake:stubborn", "fake:degenerate"]
# Few words, so that sentences resemble, equal and replace each other all the time.
SENTENCE = st.builds(
    "{}の{}は{}度{}。".format,
    st.sampled_from(["岬町", "港", "大森"]),
    st.sampled_from(["灯台守", "鐘", "船"]),
    st.sampled_from("238"),
    st.sampled_from(["鳴った", "鳴いた", "戻らなかった", "「戻る」と言った"]),
)
WRITTEN = st.sampled_from(
    [
        *("The bell rang.", "Misaki's bell", 'A "quoted" \\ word', "two\nlines", "tab\there", " spaced ", "港 bell"),
        *("# a sign", "50% of {0} %s", "line\u2028separator", "\u202eright", "mt: fake@1", "e\u0301t\u00e9", "~", '"'),
    ]
)
REMARK = st.sampled_from(
    [
        *("ask Aya", "waive: 岬町: in the title", "waive: glossary: a poem", "waive: doubled: a song", "mt: no"),
        *("was: the old text", "~ tilde", ", comma", ": colon", "| bar", "a\u2028b", "fuzzy", 'msgid "x"'),
    ]
)
FUZZY = st.sampled_from([None, *(FuzzyMatching(least, keep) for least in (1, 75, 100) for keep in (False, True))])


class Crash(BaseException):
    """A process that dies: no handler of ours catches it by name."""


class Histories(RuleBasedStateMachine):
    """One article and its PO file; ``written`` is what people stand behind, by msgid, as (text, is it fuzzy)."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="yakubun-"))
        self.article, self.po = self.root / "x.txt", self.root / "locales/en/LC_MESSAGES/x.po"
        self.journal = self.root / "locales/en/proposals/x.jsonl"
        self.sentences: list[str] = []
        self.removed: list[str] = []
        self.glossary = GLOSSARIES[1]
        self.written: dict[str, tuple[object, bool]] = {}
        self.remarks: dict[str, set[str]] = {}
        self.patch = pytest.MonkeyPatch()
        self.patch.setenv("YAKUBUN_CACHE", str(self.root / "cache"))
        self.patch.setattr(os, "fsync", lambda _file: None)  # no power is cut here, and it takes most of the time

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.root)

    # The source

    @initialize(sentences=st.lists(SENTENCE, min_size=2, max_size=6))
    def write(self, sentences: list[str]) -> None:
        self.sentences = sentences
        self.save()

    def save(self) -> None:
        self.article.write_text("港の便り\n\n" + "\n\n".join(self.sentences) + "\n", "utf-8")

    @rule(data=st.data(), sentence=SENTENCE)
    def add(self, data: st.DataObject, sentence: str) -> None:
        self.sentences.insert(data.draw(st.integers(0, len(self.sentences))), sentence)
        self.save()

    @rule(data=st.data(), letter=st.sampled_from("9もは々"))
    def fix_a_typo(self, data: st.DataObject, letter: str) -> None:
        at = data.draw(st.integers(0, len(self.sentences) - 1))
        old = self.sentences[at]
        place = data.draw(st.integers(0, len(old) - 2))
        self.removed.append(old)
        self.sentences[at] = old[:place] + letter + old[place + 1 :]
        self.save()

    @precondition(lambda self: len(self.sentences) > 1)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        self.sentences = data.draw(st.permutations(self.sentences))
        self.save()

    @precondition(lambda self: len(self.sentences) > 1)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        self.removed.append(self.sentences.pop(data.draw(st.integers(0, len(self.sentences) - 1))))
        self.save()

    @precondition(lambda self: self.removed)
    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        self.sentences.append(data.draw(st.sampled_from(self.removed)))
        self.save()

    @rule(glossary=st.sampled_from(GLOSSARIES))
    def change_the_glossary(self, glossary: Glossary) -> None:
        self.glossary = glossary

    # Machines

    def settings(self, engine: str = "fake", **changes: Any) -> Settings:
        return Settings(self.glossary, self.root / "locales", self.root, engine=engine, **changes)

    @contextmanager
    def run(self, shared: Settings) -> Iterator[Callable[..., None]]:
        """Offer a function that runs ``translate``, and note afterwards which person's English was taken over."""
        before = set(self.entries())

        def translate(opener: Callable[[], Engine] = lambda: create(shared.engine)) -> None:
            translate_article(self.article, shared, opener, lambda *_: None)

        yield translate
        if shared.fuzzy and shared.fuzzy.keep and self.po.exists():
            for msgid, entry in self.entries().items():
                if msgid not in before and entry.msgstr and "mt: " not in entry.tcomment:
                    assert entry.previous_msgid in self.written
                    assert self.written[entry.previous_msgid][0] == entry.msgstr
                    self.written[msgid] = (entry.msgstr, True)

    @rule(
        engine=st.sampled_from(ENGINES), fuzzy=FUZZY, again=st.booleans(), template=st.booleans(), force=st.booleans()
    )
    def translate(self, engine: str, fuzzy: FuzzyMatching | None, again: bool, template: bool, force: bool) -> None:
        shared = self.settings(engine=engine, fuzzy=fuzzy, retranslate=force, template=template)
        with self.run(shared) as translate:
            translate()
        live = [entry.msgid for entry in polib.pofile(str(self.po)) if not entry.obsolete and entry.msgctxt is None]
        assert live == ["港の便り", *dict.fromkeys(self.sentences)]
        if again:
            plan = plan_article(self.article, replace(shared, retranslate=False))
            assert (plan.pending, plan.changed, bool(plan.changes)) == ((), False, False)

    @rule(engine=st.sampled_from(ENGINES), fuzzy=FUZZY)
    def plan(self, engine: str, fuzzy: FuzzyMatching | None) -> None:
        before = self.po.read_bytes() if self.po.exists() else None
        plan_article(self.article, self.settings(engine=engine, fuzzy=fuzzy))
        assert (self.po.read_bytes() if self.po.exists() else None) == before

    @rule(fuzzy=FUZZY, force=st.booleans(), kind=st.sampled_from([RuntimeError, KeyboardInterrupt, Crash]))
    def crash_in_the_engine(self, fuzzy: FuzzyMatching | None, force: bool, kind: type[BaseException]) -> None:
        engine = create("fake")
        calls = iter([engine.translate])

        def dies(*args: Any, **options: Any) -> Any:
            function = next(calls, None)
            if function is None:
                raise kind("as it was told to")
            return function(*args, **options)

        engine.translate = dies  # type: ignore[method-assign]
        patch = pytest.MonkeyPatch()
        patch.setattr("translate._proposing.CHUNK", 2)
        with self.run(self.settings(fuzzy=fuzzy, retranslate=force)) as translate:
            try:
                translate(lambda: engine)
            except (EngineError, KeyboardInterrupt, Crash):
                pass
            finally:
                patch.undo()

    @rule(fuzzy=FUZZY, number=st.integers(0, 2), kind=st.sampled_from([OSError, Crash]))
    def crash_in_writing(self, fuzzy: FuzzyMatching | None, number: int, kind: type[BaseException]) -> None:
        """Let the disk fail, or the process die, just before a file would take its place."""
        calls = iter(range(9))
        real = os.replace

        def fails(*paths: Any) -> None:
            if next(calls) == number:
                raise kind("the disk is full")
            real(*paths)

        patch = pytest.MonkeyPatch()
        patch.setattr(atomic.os, "replace", fails)
        with self.run(self.settings(fuzzy=fuzzy, template=True)) as translate:
            try:
                translate()
            except (InputError, Crash):
                pass
            finally:
                patch.undo()

    @precondition(lambda self: self.journal.exists())
    @rule(share=st.floats(0, 1))
    def lose_the_journal(self, share: float) -> None:
        data = self.journal.read_bytes()
        self.journal.write_bytes(data[: int(len(data) * share)])

    # People

    def entries(self) -> dict[str, Any]:
        if not self.po.exists():
            return {}
        return {entry.msgid: entry for entry in polib.pofile(str(self.po)) if entry.msgctxt is None}

    @contextmanager
    def edited(self, data: st.DataObject, *, dead: bool = False) -> Iterator[Any]:
        """Yield an entry to change, as an editor would; None if there is none."""
        file = polib.pofile(str(self.po), wrapwidth=data.draw(st.sampled_from([0, 78])))
        found = [one for one in file if one.msgctxt is None and (dead or not one.obsolete)]
        entry = data.draw(st.sampled_from(found)) if found else None
        note(f"entry: {entry and entry.msgid}")
        yield entry
        file.save(str(self.po))

    @precondition(lambda self: self.po.exists())
    @rule(data=st.data(), previous=st.booleans())
    def approve(self, data: st.DataObject, previous: bool) -> None:
        with self.edited(data) as entry:
            if entry and (entry.msgstr or entry.msgstr_plural):
                entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
                self.written[entry.msgid] = (entry.msgstr_plural or entry.msgstr, False)
                if previous:  # Poedit does so
                    entry.previous_msgid = None

    @precondition(lambda self: self.po.exists())
    @rule(data=st.data(), text=WRITTEN, fuzzy=st.booleans())
    def correct(self, data: st.DataObject, text: str, fuzzy: bool) -> None:
        with self.edited(data) as entry:
            if entry and not entry.msgid_plural:
                entry.msgstr = text
                entry.flags = [flag for flag in entry.flags if flag != "fuzzy"] + ["fuzzy"] * fuzzy
                self.written[entry.msgid] = (text, fuzzy)

    @precondition(lambda self: self.po.exists())
    @rule(data=st.data())
    def clear(self, data: st.DataObject) -> None:
        with self.edited(data) as entry:
            if entry and not entry.msgid_plural:
                entry.msgstr, entry.flags = "", []
                self.written.pop(entry.msgid, None)

    @precondition(lambda self: self.po.exists())
    @rule(data=st.data(), singular=WRITTEN, plural=WRITTEN)
    def give_plural_forms(self, data: st.DataObject, singular: str, plural: str) -> None:
        with self.edited(data) as entry:
            if entry:
                entry.msgid_plural, entry.msgstr = entry.msgid + "たち", ""
                entry.msgstr_plural = {0: singular, 1: plural}
                self.written[entry.msgid] = ({0: singular, 1: plural}, "fuzzy" in entry.flags)

    @precondition(lambda self: self.po.exists())
    @rule(data=st.data(), remark=REMARK, first=st.booleans())
    def remark(self, data: st.DataObject, remark: str, first: bool) -> None:
        with self.edited(data, dead=True) as entry:
            if entry:
                lines = [line for line in entry.tcomment.split("\n") if line]
                entry.tcomment = "\n".join([remark, *lines] if first else [*lines, remark])
                self.remarks.setdefault(entry.msgid, set()).add(remark)

    @precondition(lambda self: self.po.exists())
    @rule(data=st.data())
    def waive(self, data: st.DataObject) -> None:
        catalog = Catalog.read(self.po)
        if entries := list(catalog):
            msgid = data.draw(st.sampled_from([entry.msgid for entry in entries]))
            catalog.waive(msgid, Waiver("岬町", "by command"))
            catalog.write(self.po)
            remarks = {one for one in self.remarks.get(msgid, ()) if not one.startswith("waive: 岬町:")}
            self.remarks[msgid] = {*remarks, "waive: 岬町: by command"}

    @precondition(lambda self: self.po.exists())
    @rule(text=WRITTEN, number=st.integers(1, 3))
    def add_an_entry_of_ones_own(self, text: str, number: int) -> None:
        file = polib.pofile(str(self.po), wrapwidth=0)
        if not file.find("港の便り", msgctxt=f"menu {number}"):
            file.append(polib.POEntry(msgctxt=f"menu {number}", msgid="港の便り", msgstr=text))
            file.save(str(self.po))

    @precondition(lambda self: self.po.exists())
    @rule(text=WRITTEN, fuzzy=FUZZY)
    def save_while_a_machine_translates(self, text: str, fuzzy: FuzzyMatching | None) -> None:
        """Let a person save the file between a run's reading and its writing."""

        def opener() -> Engine:
            file = polib.pofile(str(self.po), wrapwidth=0)
            entry = next((one for one in file if one.msgctxt is None and not one.msgid_plural), None)
            if entry is not None:
                entry.msgstr = text
                self.written[entry.msgid] = (text, "fuzzy" in entry.flags)
                file.save(str(self.po))
            return create("fake")

        with self.run(self.settings(fuzzy=fuzzy, retranslate=True)) as translate:
            try:
                translate(opener)
            except CatalogError as error:
                if "changed by somebody else" not in str(error):
                    raise

    # Tools

    @precondition(lambda self: self.po.exists())
    @rule(
        width=st.sampled_from([0, 20, 78]),
        shuffled=st.none() | st.integers(0, 9),
        newline=st.sampled_from(["\n", "\r\n"]),
        bare=st.booleans(),
        forget=st.booleans(),
    )
    def rewrite_with_another_tool(
        self, width: int, shuffled: int | None, newline: str, bare: bool, forget: bool
    ) -> None:
        file = polib.pofile(str(self.po), wrapwidth=width)
        if shuffled is not None:
            random.Random(shuffled).shuffle(file)
        for entry in file:
            if bare:  # what a tool makes anew
                entry.comment, entry.occurrences = "", []
            if forget:
                entry.previous_msgid = None
        self.po.write_bytes(str(file).encode().replace(b"\n", newline.encode()))

    # What must hold

    @invariant()
    def nothing_that_people_wrote_is_changed_or_gone(self) -> None:
        entries = self.entries()
        for msgid, (text, fuzzy) in self.written.items():
            assert msgid in entries, f"{msgid} is gone, with {text!r}"
            found = entries[msgid]
            assert (found.msgstr_plural or found.msgstr) == text
            assert ("fuzzy" in found.flags) == fuzzy
        for msgid, remarks in self.remarks.items():
            comment = entries[msgid].tcomment.replace("\n", " ")  # polib wraps comments, too
            assert all(remark in comment for remark in remarks)

    @invariant()
    def the_file_always_parses(self) -> None:
        if self.po.exists():
            catalog = Catalog.read(self.po)
            assert {entry.msgid for entry in (*catalog, *catalog.obsolete)} == set(self.entries())
            # A machine may write where it counts itself as the author, so no such place may be a person's.
            assert not {entry.msgid for entry in catalog if entry.state is State.MACHINE} & self.written.keys()


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=HISTORIES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
