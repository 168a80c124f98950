"""The ledger: append-only, locked, mended after a crash, and never trusted blindly."""

from __future__ import annotations

import gzip
import json
import logging
import multiprocessing
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from translate import ledger as module
from translate.errors import InputError
from translate.ledger import Ledger, Record, Stored, commit, new_id

SIGNATURE = {"bleu": "tok:13a", "chrf": "nc:6", "ter": "tok:tercom"}
STORED = [Stored("The bell rang.", (1.0, 3.0)), Stored("“Ōmori” \udce3 came", None)]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / ".cache"))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "scores" / "ledger.jsonl")


def record(name: str = "cape", **changes: object) -> Record:
    identifier, time = new_id()
    made = Record({"name": name, "hash": "0011aabb"}, 2, SIGNATURE, {"bleu": {"score": 21.5}}, id=identifier, time=time)
    return replace(made, **changes)  # type: ignore[arg-type]


def append_some(path: Path) -> None:
    for _ in range(8):
        Ledger(path).append(record(), STORED)


def test_what_is_appended_comes_back(ledger: Ledger) -> None:
    first, second = record(commit="ab12", dirty=True, engine="fake@1"), record("port", gate="passed")
    for one in (first, second):
        ledger.append(one, STORED)
    assert ledger.records() == [first, second]
    assert ledger.stored(first) == STORED


def test_nothing_exists_before_something_is_appended(ledger: Ledger) -> None:
    assert ledger.records() == []
    assert ledger.latest("cape") is None
    assert not ledger.path.parent.exists()


def test_the_latest_baseline_has_the_test_sets_name_and_passed_its_gate(ledger: Ledger) -> None:
    good, bad, other = record(gate="passed"), record(gate="failed"), record("port")
    for one in (record(), good, bad, other):
        ledger.append(one, STORED)
    assert ledger.latest("cape") == good
    assert ledger.latest("port") == other


def test_a_record_is_found_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    one, two = record(id="20260101T000000Z-00000000"), record(id="20260201T000000Z-00000000")
    for each in (one, two):
        ledger.append(each, STORED)
    assert ledger.find("202602") == two
    with pytest.raises(InputError, match="2 records whose id begins with '2026'"):
        ledger.find("2026")
    with pytest.raises(InputError, match="no record whose id begins with 'x'"):
        ledger.find("x")


def test_processes_that_append_at_once_lose_nothing(ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=append_some, args=(ledger.path,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    records = ledger.records()
    assert len({one.id for one in records}) == 24
    assert all(ledger.stored(one) == STORED for one in records)


def test_a_torn_last_line_is_left_out_and_then_cut_off_each_with_a_warning(ledger: Ledger, caplog) -> None:
    first, second = record(), record()
    ledger.append(first, STORED)
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + whole[: len(whole) // 2])
    with caplog.at_level(logging.WARNING):
        assert ledger.records() == [first]
        assert "ledger.jsonl:2: left out a line that a crash tore" in caplog.text
        ledger.append(second, STORED)
    assert "cut off a last line that a crash tore" in caplog.text
    assert ledger.path.read_bytes().startswith(whole)
    assert ledger.records() == [first, second]


def test_a_last_line_that_only_lacks_its_break_is_kept(ledger: Ledger) -> None:
    first, second = record(), record()
    ledger.append(first, STORED)
    ledger.path.write_bytes(ledger.path.read_bytes().rstrip())
    assert ledger.records() == [first]
    ledger.append(second, STORED)
    assert ledger.records() == [first, second]


def test_unknown_keys_of_a_later_version_are_ignored(ledger: Ledger) -> None:
    one = record()
    ledger.append(one, STORED)
    ledger.path.write_text(json.dumps({**json.loads(ledger.path.read_text()), "weather": "rain"}) + "\n")
    assert ledger.records() == [one]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "../../etc/passwd"}, "id is malformed"),
        ({"segments": "2"}, "segments is of the wrong type"),
        ({"scores": {"bleu": {"score": "high"}}}, "scores hold something else"),
        ({"scores": {"bleu": 3}}, "scores hold something else"),
        ({"test_set": {"name": "cape"}}, "test_set has no name or hash"),
        ({"gate": 1}, "gate is of the wrong type"),
    ],
)
def test_a_line_that_is_no_record_is_named(ledger: Ledger, change: dict[str, object], message: str) -> None:
    ledger.append(record(), STORED)
    broken = {**json.loads(ledger.path.read_text()), **change}
    ledger.path.write_text(f"{json.dumps(broken)}\n{ledger.path.read_text()}")
    with pytest.raises(InputError, match=rf"ledger.jsonl:1: .*{message}"):
        ledger.records()


@pytest.mark.parametrize("line", ["[1]", "nonsense", "[" * 100_000])
def test_a_line_that_is_no_object_is_named(ledger: Ledger, line: str) -> None:
    ledger.path.parent.mkdir()
    ledger.path.write_text(f"{line}\n{{}}\n")
    with pytest.raises(InputError, match=r"ledger\.jsonl:1: not "):
        ledger.records()


def test_reading_is_bounded(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    one = record()
    ledger.append(one, STORED)
    monkeypatch.setattr("translate.ledger._MAX_STORED", 10)
    with pytest.raises(InputError, match="unpacks to more than"):
        ledger.stored(one)
    monkeypatch.setattr(module, "MAX_LINE", 100)
    with pytest.raises(InputError, match="a line longer than"):
        ledger.records()
    monkeypatch.setattr(module, "MAX_FILE", 100)
    with pytest.raises(InputError, match="larger than"):
        ledger.records()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no gzip", "cannot be read"),
        (gzip.compress(b'{"hypothesis": "a"}\n', mtime=0), "it holds 1 segments, the record has 2"),
        (gzip.compress(b'{"hypothesis": 3}\n' * 2, mtime=0), "not a stored segment"),
        (gzip.compress(b'{"hypothesis": "a", "ter": [1]}\n' * 2, mtime=0), "not a stored segment"),
        (gzip.compress(b'{"hypothesis": "a"}\n' * 2, mtime=0)[:-9], "cannot be read"),
        (None, "are missing; keep the files beside the ledger"),
    ],
)
def test_damaged_hypotheses_are_an_error(ledger: Ledger, data: bytes | None, message: str) -> None:
    one = record()
    ledger.append(one, STORED)
    ledger.stored_path(one).unlink()
    if data is not None:
        ledger.stored_path(one).write_bytes(data)
    with pytest.raises(InputError, match=message):
        ledger.stored(one)


def test_equal_hypotheses_make_equal_files(ledger: Ledger) -> None:
    one, two = record(), record()
    for each in (one, two):
        ledger.append(each, STORED)
    assert ledger.stored_path(one).read_bytes() == ledger.stored_path(two).read_bytes()


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=Keeper", "-c", "user.email=keeper@cape.example"]
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


def test_the_commit_and_whether_files_differ_from_it(tmp_path: Path) -> None:
    ledger = tmp_path / "scores" / "ledger.jsonl"
    ledger.parent.mkdir()
    assert commit(tmp_path) == (None, None)
    git(tmp_path, "init", "-q")
    assert commit(tmp_path) == (None, None)
    (tmp_path / "a.po").write_text("one")
    ledger.write_text("{}\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "start")
    head, dirty = commit(tmp_path, ledger)
    assert len(head or "") == 40
    assert dirty is False
    ledger.write_text("{}\n{}\n")
    (tmp_path / "new.txt").write_text("untracked")
    assert commit(tmp_path / "scores", ledger) == (head, False)
    assert commit(tmp_path) == (head, True)
    (tmp_path / "a.po").write_text("two")
    assert commit(tmp_path, ledger) == (head, True)
