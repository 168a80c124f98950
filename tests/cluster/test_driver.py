"""The driver of a cluster, on workers of this process that fail when a test says so."""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from cape import Project
from cluster_archive import LONG, Archive, pos, sentence
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translate.catalog import Catalog, po_path
from translate.cluster.driver import TRIES, Driver, Outcome
from translate.cluster.pool import Done, Task
from translate.engines import create
from translate.errors import ClusterError
from translate.pipeline import CHUNK, identity, translate_chunk
from translate.resources import lock_for

Fate = Callable[[Task], str]
"""``fine``, ``failed`` (the worker was at it) or ``lost`` (it waited in a worker that died)."""


def fine(_task: Task) -> str:
    return "fine"


class Scripted:
    """Workers of this process: what becomes of a task is the test's affair, and so is the order."""

    def __init__(self, fate: Fate = fine, *, size: int = 2, newest_first: bool = False, engine: str = "fake") -> None:
        self.size = size
        self.fate = fate
        self.engine = create(engine)
        self.queue: deque[Task] = deque()
        self.seen: list[Task] = []
        self.most_articles = 0
        self.depth, self.starting = 2, False
        self._newest_first = newest_first

    def identity(self) -> str:
        return identity(self.engine)

    def room(self) -> int:
        return 0 if self.starting else self.depth * self.size - len(self.queue)

    def submit(self, task: Task) -> None:
        assert self.room() > 0
        self.queue.append(task)
        self.most_articles = max(self.most_articles, len({one.article for one in self.queue}))

    def wait(self, seconds: float) -> list[Done]:
        self.starting = False
        if not self.queue:
            return []
        task = self.queue.pop() if self._newest_first else self.queue.popleft()
        self.seen.append(task)
        fate = self.fate(task)
        if fate == "fine":
            return [Done(task, tuple(translate_chunk(task.chunk, self.engine)))]
        return [Done(task, reason="the test said so", blamed=fate == "failed")]


def run(archive: Archive, pool: Scripted, paths: Iterable[Path] | None = None, **changes: object) -> list[Outcome]:
    chosen = list(paths or archive.paths)
    return list(Driver(chosen, archive.project.settings(**changes), pool, lambda *_: None).outcomes())


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("size", [1, 5])
def test_po_files_and_proposals_are_those_of_a_run_without_a_cluster(
    archive: Archive, size: int, newest_first: bool
) -> None:
    alone = archive.alone()
    outcomes = run(archive, Scripted(size=size, newest_first=newest_first))
    assert sorted(one.number for one in outcomes) == list(range(len(archive.paths)))
    assert [one.error for one in outcomes if one.error] == []
    assert pos() == alone
    assert archive.proposals() == archive.proposals("alone")
    assert set(archive.journalled().values()) == {1}


def test_of_two_articles_with_one_name_the_first_one_keeps_the_plain_file(archive: Archive) -> None:
    run(archive, Scripted(size=9, newest_first=True))
    assert Catalog.read(Path("locales/en/LC_MESSAGES/cape.po")).source_path == "articles/ja/cape.txt"
    assert len([name for name in pos() if name.startswith("cape-")]) == 1


def test_an_article_named_twice_is_translated_once(archive: Archive) -> None:
    path = archive.paths[0]
    first, second = run(archive, Scripted(), [path, path])
    assert first.report is not None
    assert second.report is not None
    assert (first.report.translated, second.report.translated) == (first.report.segments, 0)


def test_a_second_run_asks_no_worker_and_changes_no_byte(archive: Archive) -> None:
    run(archive, Scripted())
    before = archive.project.files()
    pool = Scripted()
    outcomes = run(archive, pool)
    assert pool.seen == []
    assert archive.project.files() == before
    assert sum(one.report.translated for one in outcomes if one.report) == 0


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(st.sampled_from(["fine", "failed", "lost"]), max_size=40), newest_first=st.booleans())
def test_whatever_fails_once_in_a_while_nothing_is_lost_and_nothing_written_twice(
    archive: Archive, fates: list[str], newest_first: bool
) -> None:
    for old in Path("locales").rglob("*.*"):
        old.unlink()
    script = deque(fates)

    def fate(task: Task) -> str:
        what = script.popleft() if script else "fine"
        return "fine" if task.failures >= 2 * TRIES - 1 else what  # once more, and the segment would be given up

    outcomes = run(archive, Scripted(fate, newest_first=newest_first))
    if not Path("alone").exists():
        archive.alone()
    assert [one.error for one in outcomes if one.error] == []
    assert pos() == pos("alone")
    assert archive.proposals() == archive.proposals("alone")
    assert set(archive.journalled().values()) == {1}


POISON = sentence(40)


def poisoned(task: Task) -> str:
    return "failed" if POISON in task.chunk.texts else "fine"


def test_a_segment_that_kills_every_worker_is_given_up_alone_and_named(archive: Archive) -> None:
    pool = Scripted(poisoned)
    outcomes = {one.path.name: one for one in run(archive, pool) if one.error or one.path.name == "short3.txt"}
    assert set(outcomes) == {"long.txt", "short3.txt"}
    error = outcomes["long.txt"].error
    assert (
        f"articles/ja/long.txt: 1 of {LONG} segments failed on 4 workers and stay untranslated: 「灯台守は40通目"
        in error
    )
    assert "the test said so" in error
    assert "run again" in error
    report = outcomes["long.txt"].report
    assert report is not None
    assert (report.segments, report.translated) == (LONG, LONG - 1)
    tried = [len(task.chunk.texts) for task in pool.seen if POISON in task.chunk.texts]
    assert tried == [CHUNK, CHUNK, 1, 1]
    # The next run tries just that one.
    again = Scripted()
    run(archive, again)
    assert [task.chunk.texts for task in again.seen] == [(POISON,)]
    assert pos() == archive.alone()


def test_a_task_that_only_waited_in_a_dead_worker_is_not_held_against_it(archive: Archive) -> None:
    left = deque(["lost"] * 30)
    pool = Scripted(lambda task: left.popleft() if left and task.chunk.texts[0] == POISON else "fine")
    archive.project.write("articles/ja/one.txt", POISON)
    assert [one.error for one in run(archive, pool, [Path("articles/ja/one.txt")])] == [""]
    assert {task.failures for task in pool.seen} == {0}


def test_articles_are_begun_when_the_only_worker_has_started_again(archive: Archive) -> None:
    pool = Scripted(size=1)
    pool.depth = 1

    def fate(task: Task) -> str:
        pool.starting = POISON in task.chunk.texts
        return poisoned(task)

    pool.fate = fate
    bad = archive.project.write("articles/ja/one.txt", POISON)
    outcomes = run(archive, pool, [bad, *archive.paths[:2]])
    assert [one.path for one in outcomes] == [bad, *archive.paths[:2]]


def test_workers_that_fail_whatever_they_do_end_the_run_with_what_was_done_before(archive: Archive) -> None:
    done: list[Task] = []

    def fate(task: Task) -> str:
        done.append(task)
        return "fine" if len(done) <= 3 else "failed"

    with pytest.raises(ClusterError, match=r"17 tasks in a row failed, .*the test said so"):
        run(archive, Scripted(fate))
    kept = archive.journalled()
    assert set(kept) == {f"{stem}: {text}" for stem, text in texts_of(archive, done[:3])}
    english = {f"{Path(name).stem}: {entry.msgid}" for name in pos() for entry in catalog(name) if entry.msgstr}
    assert english == set(kept)


def texts_of(archive: Archive, tasks: list[Task]) -> list[tuple[str, str]]:
    return [(archive.paths[task.article].stem, text) for task in tasks for text in task.chunk.texts]


def catalog(name: str) -> Catalog:
    return Catalog.read(Path("locales/en/LC_MESSAGES", name))


def test_ctrl_c_keeps_what_is_finished_and_a_new_run_goes_on(archive: Archive) -> None:
    alone = archive.alone()
    pool = Scripted()
    asked: list[Task] = []

    def fate(task: Task) -> str:
        asked.append(task)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return "fine"

    pool.fate = fate
    with pytest.raises(KeyboardInterrupt):
        run(archive, pool)
    assert archive.journalled()
    assert Path("locales/en/LC_MESSAGES/cape.po").is_file()
    run(archive, Scripted())
    assert pos() == alone
    assert set(archive.journalled().values()) == {1}


def test_a_run_that_its_caller_ends_leaves_the_po_files_as_the_journals_have_them(archive: Archive) -> None:
    outcomes = Driver(archive.paths, archive.project.settings(), Scripted(size=4), lambda *_: None).outcomes()
    next(outcomes)
    outcomes.close()
    english = {f"{Path(name).stem}: {entry.msgid}" for name in pos() for entry in catalog(name) if entry.msgstr}
    assert english == set(archive.journalled())


def test_an_article_that_cannot_be_read_does_not_stop_the_others(archive: Archive) -> None:
    archive.project.write("articles/ja/bytes.txt", bytes(range(256)) * 4)
    archive.project.write("locales/en/LC_MESSAGES/short0.po", 'msgid "a\nmsgstr "b"\n')
    paths = [Path("articles/ja/bytes.txt"), *archive.paths]
    errors = {one.path.name: one.error for one in run(archive, Scripted(), paths) if one.error}
    assert set(errors) == {"bytes.txt", "short0.txt"}
    assert "short0.po:1: not PO syntax" in errors["short0.txt"]
    assert len(list(Path("locales/en/LC_MESSAGES").glob("*.po"))) == len(archive.paths)


def test_a_po_file_that_another_process_writes_is_waited_for_while_others_go_on(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("translate.cluster.driver._POLL", 0.02)
    held = po_path(Path("locales"), "articles/ja/short0.txt")
    code = (
        "import sys; from pathlib import Path; from translate.resources import lock_for\n"
        f"with lock_for(Path({str(held)!r})): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        names = []
        for outcome in Driver(archive.paths, archive.project.settings(), Scripted(), lambda *_: None).outcomes():
            names.append(outcome.path.name)
            if len(names) == len(archive.paths) - 1:
                other.stdin.close()
                other.wait()
    assert names[-1] == "short0.txt"
    assert set(pos()) == set(archive.alone())


def test_no_lock_is_left(archive: Archive) -> None:
    run(archive, Scripted(poisoned))
    for name in pos():
        with lock_for(Path("locales/en/LC_MESSAGES", name), timeout=0):
            pass


def test_articles_are_streamed_so_that_few_are_open_at_a_time(project: Project) -> None:
    paths = [project.write(f"articles/ja/{n}.txt", f"{n}人の船員が歌った。\n") for n in range(60)]
    pool = Scripted(size=3)
    driver = Driver(paths, project.settings(), pool, lambda *_: None)
    most = 0
    for _ in driver.outcomes():
        most = max(most, len(driver._open))
    assert len(pos()) == 60
    assert pool.most_articles == 6
    assert most <= 6
