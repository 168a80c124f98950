"""From article to PO file: nothing is done twice, nothing is lost, and no person's work is touched."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from cape import ARTICLE, BODY, BOILERPLATE, HEADINGS, SEGMENTS, TERMS, TITLE, Project, command

from translate.catalog import Catalog, State
from translate.engines import create
from translate.engines.base import Engine, Hypothesis, MarkedText
from translate.errors import CatalogError, EngineError, InputError
from translate.pipeline import CHUNK, plan_article
from translate.provenance import text_sha
from translate.reporting import ArticleReport

LATER = "2031-05-06 07:08+0000"


def never() -> Engine:
    raise AssertionError("the engine was opened")


class Counting(Engine):
    """Counts what it is asked to translate, and otherwise is another engine."""

    def __init__(self, spec: str = "fake") -> None:
        self.inner = create(spec)
        self.name, self.revision = self.inner.name, self.inner.revision
        self.supports_marks, self.supports_prefix = self.inner.supports_marks, self.inner.supports_prefix
        self.seen: Counter[str] = Counter()

    def translate(
        self, sources: Sequence[MarkedText], *, prefixes: Sequence[str] | None = None, num_hypotheses: int = 1
    ) -> list[list[Hypothesis]]:
        self.seen.update(source.text for source in sources)
        return self.inner.translate(sources, prefixes=prefixes, num_hypotheses=num_hypotheses)

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        return self.inner.score(sources, targets)


def told(report: ArticleReport) -> list[tuple[int, str, str]]:
    """Return line, msgid and check of the findings, less those on figures: the fake engine spells out no month."""
    return [(line, msgid, one.check) for line, msgid, one in report.findings if one.check != "numbers"]


def without_dates(data: bytes) -> bytes:
    return re.sub(rb"(POT-Creation-Date|PO-Revision-Date): [^\\]*", rb"\1", data)


def journal(project: Project) -> list[dict[str, object]]:
    return [json.loads(line) for line in project.journal.read_text("utf-8").splitlines()]


# The first run


def test_the_first_run_translates_every_segment_once(project: Project) -> None:
    engine = Counting()
    report = project.translate(opener=lambda: engine)
    assert (report.path, report.po) == ("articles/ja/cape.txt", str(project.po))
    assert (report.segments, report.translated, report.reused) == (SEGMENTS, SEGMENTS, 0)
    assert (report.terms.matched, report.terms.satisfied, report.terms.waived) == (4, 4, 0)
    assert report.stages == {"plain": SEGMENTS - 4, "marked": 4}
    assert told(report) == []
    assert set(engine.seen) == {TITLE, *HEADINGS, *BODY}
    assert set(engine.seen.values()) == {1}


class TwoAtOnce(Counting):
    """Allows two chunks at once, and notes whether that happened; the first call waits for another one."""

    concurrent = True

    def __init__(self) -> None:
        super().__init__()
        self.inside = self.most = 0
        self.second = threading.Event()

    def translate(
        self, sources: Sequence[MarkedText], *, prefixes: Sequence[str] | None = None, num_hypotheses: int = 1
    ) -> list[list[Hypothesis]]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == 2:
            self.second.set()
        self.second.wait(timeout=30)
        try:
            return super().translate(sources, prefixes=prefixes, num_hypotheses=num_hypotheses)
        finally:
            self.inside -= 1


def test_two_chunks_at_once_write_what_one_after_the_other_writes(project: Project) -> None:
    long = "".join(f"第{number}の灯台は{number * 7}年に建てられた。\n" for number in range(1, 3 * CHUNK))
    project.write(project.article, f"{ARTICLE}\n{long}")
    written = []
    for engine in (Counting(), TwoAtOnce()):
        shutil.rmtree("locales", ignore_errors=True)
        project.translate(opener=lambda engine=engine: engine)  # type: ignore[misc]
        written.append((without_dates(project.po.read_bytes()), [line | {"time": ""} for line in journal(project)]))
    assert written[0] == written[1]
    assert engine.most == 2
    assert set(engine.seen.values()) == {1}


def test_entries_stand_in_reading_order_fuzzy_and_with_their_provenance(project: Project) -> None:
    project.translate()
    entries = list(project.catalog())
    assert [entry.msgid for entry in entries] == [
        *(TITLE, *HEADINGS, *BODY),
    ]
    assert {entry.state for entry in entries} == {State.MACHINE}
    for entry in entries:
        assert entry.provenance is not None
        assert entry.provenance.engine == "fake@1"
        assert entry.provenance.sha == text_sha(entry.msgstr)
    first = project.catalog().entry(BODY[0])
    assert first is not None
    assert first.provenance is not None
    assert (first.provenance.matched, first.provenance.satisfied, first.provenance.stage) == (1, 1, "marked")
    assert first.extracted == ("section: 1 消えた明かり", "role: body", "term: 岬町 → Misaki")
    assert "Misaki" in first.msgstr


def test_a_contents_line_shares_the_entry_of_its_heading(project: Project) -> None:
    project.translate()
    entry = project.catalog().entry(HEADINGS[0])
    assert entry is not None
    assert entry.occurrences == (("articles/ja/cape.txt", 3), ("articles/ja/cape.txt", 7))
    assert entry.extracted == ("section: 1 消えた明かり", "role: heading")


def test_gettext_finds_no_fault_in_the_file(project: Project) -> None:
    if not shutil.which("msgfmt"):
        pytest.skip("gettext is not installed")
    project.translate(engine="fake:degenerate")
    found = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(project.po)], capture_output=True, check=False)
    assert (found.returncode, found.stderr) == (0, b"")


def test_every_translation_is_in_the_journal(project: Project) -> None:
    project.translate()
    rows = journal(project)
    assert {row["msgid"]: row["english"] for row in rows} == project.english()
    assert len(rows) == SEGMENTS


def test_only_the_po_file_and_the_journal_are_written(project: Project) -> None:
    before = project.files()
    project.translate()
    assert project.files().keys() - before.keys() == {str(project.po), str(project.journal)}
    assert project.files("locales/") == before


# The second run


def test_a_second_run_opens_no_engine_and_changes_no_byte(project: Project) -> None:
    project.translate()
    before = project.files()
    report = project.translate(opener=never)
    assert project.files() == before
    assert (report.segments, report.translated, report.reused, report.terms.satisfied) == (SEGMENTS, 0, SEGMENTS, 4)


@pytest.mark.parametrize("spec", ["fake:deaf", "fake:stubborn", "fake:degenerate"])
def test_a_second_run_does_not_try_again_what_the_engine_could_not_do(project: Project, spec: str) -> None:
    first = project.translate(engine=spec)
    before = project.files()
    second = project.translate(engine=spec, opener=never)
    assert project.files() == before
    assert (second.terms, second.stages, second.findings) == (first.terms, first.stages, first.findings)


def test_another_engine_may_try_what_one_gave_up(project: Project) -> None:
    report = project.translate(engine="fake:degenerate")
    assert report.segments - report.translated == 4  # the sentences with figures
    again = project.translate(engine="fake")
    assert (again.translated, again.reused) == (4, SEGMENTS - 4)
    assert all(project.english().values())


def test_what_was_given_up_is_empty_and_says_why(project: Project) -> None:
    report = project.translate(engine="fake:degenerate")
    entry = project.catalog().entry(BODY[2])
    assert entry is not None
    assert (entry.msgstr, entry.state, entry.provenance) == ("", State.UNTRANSLATED, None)
    assert entry.notes == (
        "yakubun: repetition: every draft looped or was empty; left untranslated, translate it by hand",
    )
    assert sorted(finding.check for _, msgid, finding in report.findings if msgid == BODY[2]) == ["empty"]


def test_a_missing_term_is_counted_noted_and_found(project: Project) -> None:
    report = project.translate(engine="fake:stubborn")
    assert (report.terms.matched, report.terms.satisfied, report.terms.missing) == (4, 3, 1)
    assert report.stages == {"plain": SEGMENTS - 4, "switched": 3, "failed": 1}
    entry = project.catalog().entry(BODY[4])
    assert entry is not None
    assert any(note.startswith("yakubun: missing term: 大森町 → Ōmori (not placed by any of ") for note in entry.notes)
    assert told(report) == [(entry.line, BODY[4], "glossary")]


# After an interruption


def test_from_the_journal_alone_the_same_file_comes_back(project: Project) -> None:
    for spec in ("fake", "fake:deaf", "fake:stubborn", "fake:degenerate"):
        shutil.rmtree("locales", ignore_errors=True)
        first = project.translate(engine=spec)
        kept, rows = without_dates(project.po.read_bytes()), project.journal.read_bytes()
        project.po.unlink()
        engine = Counting(spec)
        again = project.translate(engine=spec, opener=lambda engine=engine: engine)
        assert not engine.seen
        assert without_dates(project.po.read_bytes()) == kept, spec
        assert project.journal.read_bytes() == rows
        assert (again.translated, again.reused) == (0, first.translated + first.reused)


def long_article(segments: int) -> str:
    counted = "".join(f"第{number}灯台の番人は{number}枚の手紙を読んだ。\n\n" for number in range(1, segments))
    return f"{TITLE}\n\n{counted}"


def test_a_killed_run_goes_on_where_it_was(project: Project) -> None:
    project.write(project.article, long_article(3 * CHUNK))
    slow = ["translate", project.article, "--engine", "fake:slow", "--glossary", project.terms]
    process = subprocess.Popen(command(slow), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (project.journal.exists() and project.journal.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    assert process.wait(10) == -signal.SIGKILL
    done = len(journal(project))
    assert 0 < done < 3 * CHUNK
    assert not project.po.exists()
    engine = Counting("fake:slow")
    report = project.translate(engine="fake:slow", opener=lambda: engine)
    assert report.segments == 3 * CHUNK
    assert (report.translated, report.reused) == (3 * CHUNK - done, done)
    assert sum(engine.seen.values()) == 3 * CHUNK - done
    resumed = project.po.read_bytes()
    shutil.rmtree("locales")
    project.translate(engine="fake:slow", opener=lambda: Counting("fake:slow"))
    assert without_dates(resumed) == without_dates(project.po.read_bytes())


def test_an_engine_that_breaks_keeps_what_is_finished(project: Project) -> None:
    project.write(project.article, long_article(CHUNK + 6))
    engine = Counting()
    inner = engine.inner.translate

    def breaks(*args: object, **options: object) -> list[list[Hypothesis]]:
        if sum(engine.seen.values()) > CHUNK:
            raise ZeroDivisionError("no light")
        return inner(*args, **options)  # type: ignore[arg-type]

    engine.inner.translate = breaks  # type: ignore[method-assign]
    with pytest.raises(EngineError, match=r"fake@1 failed with ZeroDivisionError: no light; .*24 of 30 segments are "):
        project.translate(opener=lambda: engine)
    assert sum(bool(english) for english in project.english().values()) == CHUNK
    report = project.translate()
    assert (report.translated, report.reused) == (6, CHUNK)


def test_an_engine_that_breaks_at_once_leaves_nothing_behind(project: Project) -> None:
    before = project.files()
    with pytest.raises(EngineError, match=r"fake:broken@1 failed with RuntimeError: .*; 0 of 11 segments are done"):
        project.translate(engine="fake:broken")
    assert project.files() == before


def test_an_engine_that_cannot_be_opened_leaves_nothing_behind(project: Project) -> None:
    before = project.files()
    with pytest.raises(EngineError, match="unknown kind of fake engine 'deef': did you mean 'deaf'"):
        project.translate(engine="fake:deef")
    assert project.files() == before


def test_an_interrupted_run_writes_what_is_finished_into_the_po_file(project: Project) -> None:
    project.write(project.article, long_article(CHUNK + 6))

    class Interrupted(Counting):
        def translate(self, sources, **options):  # type: ignore[no-untyped-def]
            if self.seen:
                raise KeyboardInterrupt
            return super().translate(sources, **options)

    with pytest.raises(KeyboardInterrupt):
        project.translate(opener=Interrupted)
    assert sum(bool(english) for english in project.english().values()) == CHUNK


# People's work


def test_approved_and_edited_entries_never_change(project: Project) -> None:
    project.translate()
    project.review({BODY[0]: "The light at the cape went out on March 4."})
    project.review({BODY[1]: "Half-done by a person"}, approve=False)
    before = {entry.msgid: entry for entry in project.catalog()}
    assert (before[BODY[0]].state, before[BODY[1]].state) == (State.APPROVED, State.EDITED)
    project.write(project.terms, TERMS.replace("Misaki", "Cape Town").replace(",lighthouse keeper,", ",warden,"))
    engine = Counting()
    project.translate(opener=lambda: engine, retranslate=True)
    after = {entry.msgid: entry for entry in project.catalog()}
    for msgid in BODY[:2]:
        assert (after[msgid].msgstr, after[msgid].state) == (before[msgid].msgstr, before[msgid].state)
        assert msgid not in engine.seen
    assert BODY[6] in engine.seen


def test_an_approved_entry_that_lacks_a_term_is_still_counted(project: Project) -> None:
    project.translate()
    project.review({BODY[0]: "The light went out on March 4."})
    report = project.translate(opener=never)
    assert (report.terms.matched, report.terms.satisfied, report.terms.missing) == (4, 3, 1)


@pytest.mark.parametrize("subject", ["岬町", "glossary"])
def test_a_waived_term_is_counted_apart_and_not_found(project: Project, subject: str) -> None:
    project.translate()
    project.review({BODY[0]: "The light went out on March 4."}, note=f"waive: {subject}: the place is in the title")
    report = project.translate(opener=never)
    assert (report.terms.matched, report.terms.satisfied, report.terms.waived, report.terms.missing) == (4, 3, 1, 0)
    assert told(report) == []


def test_a_waived_check_is_not_found(project: Project) -> None:
    project.translate()
    project.review({BODY[2]: "Ships. Ships Ships returned, 7 in all."})
    assert [check for *_, check in told(project.translate(opener=never))] == ["doubled"]
    project.review({BODY[2]: "Ships. Ships Ships returned, 7 in all."}, note="waive: doubled: a refrain")
    assert told(project.translate(opener=never)) == []


def test_a_po_file_that_does_not_parse_stays_as_it_is(project: Project) -> None:
    project.write(project.po, 'msgid "a\nmsgstr "b"\n')
    before = project.files()
    with pytest.raises(CatalogError, match=r"cape\.po:1: not PO syntax"):
        project.translate(opener=never)
    assert project.files() == before


# What changes


def test_a_changed_term_is_translated_anew_where_it_stands_and_nowhere_else(project: Project) -> None:
    project.translate()
    before = project.english()
    project.write(project.terms, TERMS.replace("lighthouse keeper,,keeper of the light", "lampman,,"))
    engine = Counting()
    report = project.translate(opener=lambda: engine)
    assert set(engine.seen) == {BODY[1], BODY[6]}
    assert (report.translated, report.reused) == (2, SEGMENTS - 2)
    after = project.english()
    assert {msgid for msgid in before if before[msgid] != after[msgid]} == {BODY[1], BODY[6]}
    assert all("lampman" in after[msgid].lower() for msgid in (BODY[1], BODY[6]))


def test_a_note_in_the_glossary_changes_nothing(project: Project) -> None:
    project.translate()
    before = project.files("terms.csv")
    project.write(project.terms, TERMS.replace("place,hard,,", "place,hard,,a note"))
    project.translate(opener=never)
    assert project.files("terms.csv") == before


def test_going_back_to_an_earlier_glossary_takes_the_earlier_translation(project: Project) -> None:
    project.translate()
    before = project.english()
    project.write(project.terms, TERMS.replace("Misaki", "Cape Town"))
    project.translate()
    project.write(project.terms, TERMS)
    engine = Counting()
    assert project.translate(opener=lambda: engine).translated == 0
    assert not engine.seen
    assert project.english() == before


def test_a_new_sentence_is_translated_and_a_removed_one_becomes_obsolete(project: Project) -> None:
    project.translate()
    project.write(project.article, ARTICLE.replace(BODY[2], "船は九隻だった。"))
    engine = Counting()
    report = project.translate(opener=lambda: engine)
    assert set(engine.seen) == {"船は九隻だった。"}
    assert (report.segments, report.translated) == (SEGMENTS, 1)
    assert [entry.msgid for entry in project.catalog().obsolete] == [BODY[2]]


def test_retranslating_asks_the_engine_for_everything_no_person_touched(project: Project) -> None:
    project.translate()
    project.review({BODY[0]: "The light of Misaki went out on March 4."})
    before = project.files()
    engine = Counting()
    report = project.translate(opener=lambda: engine, retranslate=True)
    assert set(engine.seen) == {TITLE, *HEADINGS, *BODY} - {BODY[0]}
    assert report.translated == SEGMENTS - 1
    assert project.files() == before  # the fake says the same again


def test_retranslating_tries_again_what_was_given_up(project: Project) -> None:
    project.translate(engine="fake:degenerate")
    engine = Counting("fake:degenerate")
    project.translate(engine="fake:degenerate", opener=lambda: engine, retranslate=True)
    assert BODY[2] in engine.seen


def test_what_a_later_attempt_mended_is_not_given_up(project: Project) -> None:
    project.translate(engine="fake:degenerate")
    mended = [row | {"english": f"Mended {n}."} for n, row in enumerate(journal(project)) if not row["english"]]
    with project.journal.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in mended)
    project.po.unlink()
    report = project.translate(engine="fake:degenerate")
    assert (report.translated, report.reused) == (0, SEGMENTS)


# Boilerplate, names, folders


def test_boilerplate_is_kept_out_unless_asked_for(project: Project) -> None:
    project.translate()
    assert BOILERPLATE not in project.english()
    report = project.translate(keep_boilerplate=True)
    assert (report.segments, report.translated) == (SEGMENTS + 1, 1)
    assert project.english()[BOILERPLATE]


def test_two_articles_of_one_name_get_two_po_files(project: Project) -> None:
    other = project.write("articles/ja/old/cape.txt", f"古い灯台\n\n{BODY[3]}\n")
    first, second = project.translate(), project.translate(other)
    assert first.po != second.po
    assert (first.segments, second.segments) == (SEGMENTS, 2)
    assert Catalog.read(Path(second.po)).source_path == "articles/ja/old/cape.txt"
    before = project.files()
    assert project.translate(opener=never).po == first.po
    assert project.translate(other, opener=never).po == second.po
    assert project.files() == before


def test_an_article_of_nothing_but_boilerplate_is_an_error(project: Project) -> None:
    other = project.write("articles/ja/b.txt", BOILERPLATE)
    before = project.files()
    with pytest.raises(InputError, match=r"b\.txt: holds nothing to translate.*--keep-boilerplate"):
        project.translate(other, opener=never)
    assert project.files() == before


def test_a_plan_writes_nothing_and_knows_what_would_happen(project: Project) -> None:
    before = project.files()
    plan = plan_article(project.article, project.settings())
    assert (len(plan.pending), plan.changed) == (SEGMENTS, True)
    assert project.files() == before
    project.translate()
    plan = plan_article(project.article, project.settings())
    assert (plan.pending, plan.changed) == ((), False)
    project.write(project.article, "\n" + ARTICLE)  # every line moves
    plan = plan_article(project.article, project.settings())
    assert (plan.pending, plan.changed) == ((), True)


def test_moved_lines_change_the_occurrences_but_no_translation(project: Project) -> None:
    project.translate()
    before = project.english()
    project.write(project.article, "\n" + ARTICLE)
    project.translate(opener=never)
    entry = project.catalog().entry(TITLE)
    assert entry is not None
    assert entry.occurrences == (("articles/ja/cape.txt", 2),)
    assert project.english() == before


def test_an_article_in_shift_jis_has_the_same_entries(project: Project) -> None:
    project.translate()
    before = project.english()
    shutil.rmtree("locales")
    project.write(project.article, ARTICLE.replace("\n", "\r\n").encode("cp932"))
    project.translate()
    assert project.english() == before


def test_the_date_of_revision_changes_only_with_a_translation(project: Project) -> None:
    project.translate()
    text = re.sub(r"PO-Revision-Date: [^\\]*", f"PO-Revision-Date: {LATER}", project.po.read_text("utf-8"))
    project.write(project.po, text)
    project.write(project.article, "\n" + ARTICLE)
    project.translate(opener=never)
    assert project.catalog().headers["PO-Revision-Date"] == LATER
    project.write(project.terms, TERMS.replace("Misaki", "Cape Town"))
    project.translate()
    assert project.catalog().headers["PO-Revision-Date"] != LATER
