"""Lines that only grow: locks, torn lines and names on the disk; journal and ledger test the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from translate import jsonlines
from translate.errors import InputError
from translate.resources import cache_dir, lock_for

ROOT = Path(__file__).parent.parent
HOLD = (
    "import sys, time; from pathlib import Path; from translate.resources import lock_for\n"
    "with lock_for(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)"
)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "deep" / "er" / "x.jsonl"


def test_what_was_appended_is_read_with_its_line_numbers(path: Path) -> None:
    assert list(jsonlines.read(path, dict, "mend it")) == []
    jsonlines.append(path, [b'{"a": 1}\n', b'{"a": 2}\n'], dict)
    jsonlines.append(path, [b'{"a": 3}\n'], dict)
    assert list(jsonlines.read(path, lambda one: one["a"], "mend it")) == [(1, 1), (2, 2), (3, 3)]


def test_a_first_line_is_there_after_a_power_cut(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, synced = os.fsync, []

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    jsonlines.append(path, [b"{}\n"], dict)
    assert {path, path.parent, path.parent.parent, path.parent.parent.parent} <= set(synced)
    synced.clear()
    jsonlines.append(path, [b"{}\n"], dict)
    assert synced == [path]


def test_a_lock_that_does_not_come_free_is_told(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(InputError, match=r"x\.jsonl: another process has been writing it for 0 s; let it finish"),
            lock_for(path, timeout=0.2),
        ):
            pass
        holder.send_signal(signal.SIGKILL)
    started = time.monotonic()
    with lock_for(path):  # the lock of a process that was killed is free, though its file is still there
        assert time.monotonic() - started < 30
    assert [each.suffix for each in (cache_dir() / "locks").iterdir()] == [".lock"]


def test_an_error_within_a_lock_is_not_taken_for_one_of_the_lock(path: Path) -> None:
    with pytest.raises(PermissionError), lock_for(path):
        raise PermissionError(13, "of something else")
