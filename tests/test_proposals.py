"""The journal of proposals loses nothing, whatever kills the run."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.errors import InputError
from translate.proposals import Journal, Proposal


def proposal(msgid: str = "港は静かだ。", english: str = "The port is quiet.", **more) -> Proposal:
    return Proposal(msgid, english, more.pop("engine", "fake@1"), more.pop("terms", "0a1b2c3d"), **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "en" / "proposals" / "x.jsonl"


def test_a_missing_journal_is_empty_and_not_created(path: Path):
    journal = Journal(path).load()
    assert len(journal) == 0
    assert journal.append([]) == 0
    assert not path.parent.exists()


def test_what_was_appended_is_found_after_a_restart(path: Path):
    made = proposal(stage="marked", matched=2, satisfied=1, score=-0.5, findings=("numbers: 3 is missing",), key="k")
    Journal(path).append([made])
    found = Journal(path).load().lookup(made.msgid, made.engine, made.terms)
    assert found is not None
    assert found.time.endswith("+00:00")
    assert (found.english, found.findings, found.score, found.key) == (made.english, made.findings, -0.5, "k")


def test_lookup_gives_the_latest_and_asks_for_the_same_engine_and_terms(path: Path):
    journal = Journal(path)
    journal.append([proposal(english="One."), proposal(english="Two.")])
    for each in (journal, Journal(path).load()):
        found = each.lookup("港は静かだ。", "fake@1", "0a1b2c3d")
        assert found is not None
        assert found.english == "Two."
        assert each.lookup("港は静かだ。", "fake@2", "0a1b2c3d") is None
        assert each.lookup("港は静かだ。", "fake@1", "ffffffff") is None


def test_a_repeated_proposal_does_not_grow_the_journal(path: Path):
    Journal(path).append([proposal()])
    before = path.read_bytes()
    assert Journal(path).load().append([proposal(), proposal()]) == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize("tail", [b'{"msgid": "\xe6\xb8', b'{"msgid": "a"}', b"\x00\x00"])
def test_a_torn_last_line_is_dropped_with_a_warning_and_cut_off_by_the_next_append(path: Path, caplog, tail: bytes):
    Journal(path).append([proposal()])
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    with caplog.at_level(logging.WARNING):
        journal = Journal(path).load()
    assert len(journal) == 1
    assert f"{path}:2" in caplog.text
    journal.append([proposal("船が着いた。", "A ship came in.")])
    assert path.read_bytes().startswith(whole + b'{"msgid": "\xe8\x88\xb9')
    assert len(Journal(path).load()) == 2


def test_a_whole_last_line_without_its_end_is_kept(path: Path):
    Journal(path).append([proposal()])
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    Journal(path).load().append([proposal("船が着いた。")])
    assert [each.msgid for each in Journal(path)] == ["港は静かだ。", "船が着いた。"]


@pytest.mark.parametrize(
    "line", ["gibberish", "[]", '{"msgid": "a"}', '{"msgid":1,"english":"","engine":"","terms":""}']
)
def test_a_malformed_line_in_the_middle_is_an_error_with_its_number(path: Path, line: str):
    Journal(path).append([proposal()])
    path.write_text(path.read_text("utf-8") + line + "\n" + path.read_text("utf-8"), "utf-8")
    with pytest.raises(InputError, match=r"x\.jsonl:2: not .*delete the line"):
        Journal(path).load()


def test_fields_of_a_later_version_are_ignored(path: Path):
    Journal(path).append([proposal()])
    record = json.loads(path.read_bytes()) | {"colour": "blue"}
    path.write_text(json.dumps(record) + "\n", "utf-8")
    assert len(Journal(path).load()) == 1


def test_a_full_disk_leaves_the_journal_as_it_was(path: Path, monkeypatch):
    Journal(path).append([proposal()])
    before = path.read_bytes()
    real = os.write

    def half(descriptor: int, data: memoryview) -> int:
        if len(data) < 100:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data[:-50])

    journal = Journal(path).load()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half)
        with pytest.raises(InputError, match="free some space"):
            journal.append([proposal("船が着いた。")])
    assert path.read_bytes() == before
    assert journal.lookup("船が着いた。", "fake@1", "0a1b2c3d") is None
    assert journal.append([proposal("船が着いた。")]) == 1


def test_two_processes_that_append_at_once_lose_nothing(path: Path):
    code = (
        "import sys; from pathlib import Path; from translate.proposals import Journal, Proposal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "for n in range(40): journal.append([Proposal(f'{sys.argv[2]}-{n}', 'x' * 3000, 'fake@1', '')])"
    )
    root = Path(__file__).parent.parent
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), who], cwd=root) for who in "ab"]
    assert [process.wait(60) for process in running] == [0, 0]
    assert {each.msgid for each in Journal(path)} == {f"{who}-{n}" for who in "ab" for n in range(40)}


@given(st.lists(st.tuples(st.text(st.characters()), st.text(st.characters()), st.floats()), max_size=5))
def test_any_text_comes_back_as_it_was(tmp_path_factory, texts: list[tuple[str, str, float]]):
    path = tmp_path_factory.mktemp("journal") / "x.jsonl"
    journal = Journal(path)
    journal.append(proposal(msgid, english, score=score) for msgid, english, score in texts)
    read = Journal(path).load()
    for msgid, _, _ in texts:
        assert read.lookup(msgid, "fake@1", "0a1b2c3d") == journal.lookup(msgid, "fake@1", "0a1b2c3d") is not None
