"""Write a file whole or not at all: a crash, a full disk or a lost permission leaves the old one as it was."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from translate.errors import InputError

_REMEDIES = {
    errno.ENOSPC: "free some space and run again",
    errno.EDQUOT: "free some of your disk quota and run again",
    errno.EROFS: "the file system is read-only: write to another folder, or mount it writable",
    errno.EACCES: "allow yourself to write there (chmod, chown), or write to another folder",
    errno.EPERM: "allow yourself to write there (chmod, chown), or write to another folder",
    errno.ENOTDIR: "a part of the path is a file: choose another path",
    errno.EEXIST: "a part of the path is a file: choose another path",
    errno.ENAMETOOLONG: "shorten the file's name",
}


def write_bytes(path: Path, data: bytes, *, guard: Callable[[], None] | None = None) -> bool:
    """Replace a file's content in one step, or create the file and its folders.

    The bytes go to a temporary file in the same folder, are forced to the disk and then take the place of ``path``, so
    that every reader sees the old content or the new. A symbolic link stays one, and an existing file keeps its mode.

    Args:
        path: The file to write.
        data: Its whole new content.
        guard: Called when all is on the disk and nothing is replaced yet; what it raises leaves the file as it was.

    Returns:
        False if the file held just that already; it is not touched then.

    Raises:
        InputError: The file cannot be written; it is as it was.
    """
    try:
        target = path.resolve() if path.is_symlink() else path
        mode = _mode(target)
        if mode is not None and target.read_bytes() == data:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data, mode, guard)
    except OSError as error:
        raise write_error(path, error) from error
    return True


def write_error(path: Path, error: OSError) -> InputError:
    """Say which file could not be written, why, and how to mend it."""
    reason = error.strerror or str(error) or type(error).__name__
    remedy = _REMEDIES.get(error.errno or 0, "check the disk and the path, then run again")
    return InputError(f"{path}: cannot write: {reason}: {remedy}; nothing was changed")


def _mode(target: Path) -> int | None:
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise InputError(f"{target}: cannot write: it is {what}; name a file; nothing was changed")
    # os.replace needs no permission on the file itself, but whoever made it read-only meant it.
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    return stat.S_IMODE(status.st_mode)


def _replace(target: Path, data: bytes, mode: int | None, guard: Callable[[], None] | None) -> None:
    temporary = target.parent / f".yakubun-{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)  # less the umask, as for any new file
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if mode is not None and hasattr(os, "fchmod"):
                with contextlib.suppress(OSError):  # some file systems know no modes
                    os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if guard is not None:
            guard()
        os.replace(temporary, target)  # noqa: PTH105 - the tests stand in for it here
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    # The new file is in place by now; some systems cannot sync a folder, and failing here would tell a lie.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
