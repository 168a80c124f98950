"""A file is written whole or stays as it was."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from translate import atomic
from translate.atomic import write_bytes
from translate.errors import InputError


def refuse(code: int):
    def fail(*args: object, **kwargs: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    return fail


def test_creates_the_file_and_its_folders(tmp_path: Path):
    assert write_bytes(tmp_path / "a" / "b.po", b"text")
    assert (tmp_path / "a" / "b.po").read_bytes() == b"text"


def test_does_not_touch_a_file_that_holds_the_content_already(tmp_path: Path):
    path = tmp_path / "x.po"
    write_bytes(path, b"text")
    before = path.stat()
    assert not write_bytes(path, b"text")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_keeps_the_mode_of_an_existing_file(tmp_path: Path):
    path = tmp_path / "x.po"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_bytes(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_writes_through_a_symbolic_link(tmp_path: Path):
    target, link = tmp_path / "real.po", tmp_path / "link.po"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_temporary_one(tmp_path: Path, monkeypatch, call: str):
    path = tmp_path / "x.po"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, call, refuse(errno.ENOSPC))
    with pytest.raises(InputError, match=r"x\.po: .*No space left.*free some space.*nothing was changed"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_leaves_no_temporary_file(tmp_path: Path, monkeypatch):
    def interrupt(*args: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "x.po", b"new")
    assert list(tmp_path.iterdir()) == []


def test_writes_what_the_system_takes_only_piece_by_piece(tmp_path: Path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:3]))
    write_bytes(tmp_path / "x.po", b"0123456789")
    assert (tmp_path / "x.po").read_bytes() == b"0123456789"


def test_refuses_a_folder(tmp_path: Path):
    with pytest.raises(InputError, match="it is a folder"):
        write_bytes(tmp_path, b"text")


def test_refuses_a_path_that_leads_through_a_file(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="choose another path"):
        write_bytes(tmp_path / "file" / "x.po", b"text")


def test_refuses_a_file_that_somebody_made_read_only(tmp_path: Path, monkeypatch):
    path = tmp_path / "x.po"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *args: False)  # root may write anything
    with pytest.raises(InputError, match="Permission denied"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"


def test_what_a_killed_process_left_is_removed_by_the_next_write(tmp_path: Path):
    code = (
        "import os, signal, sys; from pathlib import Path; from translate import atomic\n"
        "atomic.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "atomic.write_bytes(Path(sys.argv[1]), b'new')"
    )
    path = tmp_path / "x.po"
    path.write_bytes(b"old")
    root = Path(__file__).parent.parent
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=False).returncode == -9
        assert len(list(tmp_path.glob(".yakubun-*.tmp"))) == 1  # they do not add up
    assert path.read_bytes() == b"old"
    assert write_bytes(path, b"new")
    assert list(tmp_path.iterdir()) == [path]


def test_a_temporary_file_that_somebody_writes_is_left_alone(tmp_path: Path, monkeypatch):
    real, seen = os.replace, []

    def write_beside(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "replace", real)
        write_bytes(tmp_path / "y.po", b"beside")  # sweeps the folder while the first one is on its way
        seen.append(Path(source).exists())
        real(source, target)

    monkeypatch.setattr(os, "replace", write_beside)
    assert write_bytes(tmp_path / "x.po", b"text")
    assert seen == [True]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"x.po": b"text", "y.po": b"beside"}


def test_only_its_own_temporary_files_are_removed(tmp_path: Path):
    kept = [".yakubun-notes.tmp", ".yakubun-0123456789abcdef.tmp.bak", "yakubun-0123456789abcdef.tmp", ".x.tmp"]
    for name in [*kept, ".yakubun-0123456789abcdef.tmp"]:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / ".yakubun-ffffffffffffffff.tmp").symlink_to(tmp_path / kept[0])
    write_bytes(tmp_path / "x.po", b"text")
    assert {path.name for path in tmp_path.iterdir()} == {*kept, "x.po", ".yakubun-ffffffffffffffff.tmp"}


def test_a_guard_may_stop_the_last_step(tmp_path: Path):
    path = tmp_path / "x.po"
    path.write_bytes(b"old")

    def refuse_it() -> NoReturn:
        raise InputError("changed by somebody else")

    with pytest.raises(InputError, match="somebody else"):
        write_bytes(path, b"new", guard=refuse_it)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("x.po", b"old")]


def test_new_folders_and_names_are_synced(tmp_path: Path, monkeypatch):
    real, synced = os.fsync, []

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    write_bytes(tmp_path / "a" / "b" / "x.po", b"text")
    assert {tmp_path, tmp_path / "a", tmp_path / "a" / "b"} <= set(synced)


def test_a_folder_is_looked_through_once_for_as_many_writes_as_it_has_files(tmp_path: Path, monkeypatch):
    real, looked = os.listdir, []
    monkeypatch.setattr(os, "listdir", lambda folder: looked.append(folder) or real(folder))
    for number in range(300):
        write_bytes(tmp_path / f"{number}.po", b"text")
    assert 1 < len(looked) < 12  # it doubles each time


def test_a_folder_of_the_same_relative_name_is_another_one(tmp_path: Path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / name / "locales").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / name)
        left = Path("locales/.yakubun-0123456789abcdef.tmp")
        left.write_bytes(b"")
        write_bytes(Path("locales/x.po"), b"text")
        assert not left.exists()


def test_what_was_left_behind_a_sweep_is_removed_by_a_later_one(tmp_path: Path, monkeypatch):
    for number in range(5):
        write_bytes(tmp_path / f"{number}.po", b"text")
    left = tmp_path / ".yakubun-0123456789abcdef.tmp"
    left.write_bytes(b"")
    for number in range(8):
        write_bytes(tmp_path / "0.po", b"text %d" % number)
    assert not left.exists()
    left.write_bytes(b"")
    monkeypatch.setattr(atomic, "_SWEEP_AGAIN", 0.0)
    write_bytes(tmp_path / "0.po", b"at last")
    assert not left.exists()
