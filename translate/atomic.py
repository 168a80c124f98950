"""Write a file whole or not at all: a crash, a full disk or a lost permission leaves the old one as it was."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from translate.errors import InputError
from translate.links import followed

try:
    import fcntl
except ImportError:  # Windows: temporary files of killed processes stay there
    fcntl = None  # type: ignore[assignment]

_TEMPORARY = re.compile(r"\.yakubun-[0-9a-f]{16}\.tmp")
_SWEEP_AGAIN = 60.0  # seconds
_FOLDERS = 1024  # whose last sweeps are remembered
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


@dataclass(slots=True)
class _Sweep:
    """When a folder was last swept, and after how many writes it is to be swept again."""

    at: float
    left: int


_swept: dict[tuple[int, Path], _Sweep] = {}


def write_bytes(path: Path, data: bytes, *, guard: Callable[[], None] | None = None) -> bool:
    """Replace a file's content in one step, or create the file and its folders.

    The bytes go to a temporary file in the same folder, are forced to the disk and then take the place of ``path``, so
    that every reader sees the old content or the new. A symbolic link stays one, which must not lead out of the
    project, and an existing file keeps its mode. Temporary files that killed processes left in the folder are removed
    now and then, see ``_sweep``.

    Args:
        path: The file to write.
        data: Its whole new content.
        guard: Called when all is ready and only the last step is left; what it raises leaves the file as it is.

    Returns:
        False if the file held just that already; it is not touched then.

    Raises:
        InputError: The file cannot be written; it is as it was.
    """
    try:
        target = followed(path)
        mode = _mode(target)
        _sweep(target.parent)
        if mode is not None and target.read_bytes() == data:
            return False
        make_folders(target.parent)
        _replace(target, data, mode, guard)
    except OSError as error:
        raise write_error(path, error) from error
    return True


def write_error(path: Path, error: OSError) -> InputError:
    """Say which file could not be written, why, and how to mend it."""
    reason = error.strerror or str(error) or type(error).__name__
    remedy = _REMEDIES.get(error.errno or 0, "check the disk and the path, then run again")
    return InputError(f"{path}: cannot write: {reason}: {remedy}; nothing was changed")


def make_folders(folder: Path) -> None:
    """Create a folder and those above it that are missing; their names outlive a power cut.

    Raises:
        OSError: One cannot be created.
    """
    if folder.is_dir():
        return
    try:
        folder.mkdir()
    except FileNotFoundError:
        make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        if not folder.is_dir():  # another process may have made it
            raise
    sync_folder(folder.parent)


def is_temporary(path: Path) -> bool:
    """Tell whether a file is one that ``write_bytes`` had begun, perhaps in a process that was killed."""
    return bool(_TEMPORARY.fullmatch(path.name))


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk, as far as the system can."""
    # The new file is in place by now; some systems cannot sync a folder, and failing here would tell a lie.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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
    temporary, descriptor = _create(target.parent)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if mode is not None and hasattr(os, "fchmod"):
                with contextlib.suppress(OSError):  # some file systems know no modes
                    os.fchmod(descriptor, mode)
            os.fsync(descriptor)
            if fcntl is not None:  # its lock, which goes when it is closed, tells others that the file is in use
                _put(temporary, target, guard)
        finally:
            with contextlib.suppress(OSError):  # the content is on the disk already, or given up
                os.close(descriptor)
        if fcntl is None:  # Windows renames closed files only
            _put(temporary, target, guard)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)


def _put(temporary: Path, target: Path, guard: Callable[[], None] | None) -> None:
    if guard is not None:
        guard()
    os.replace(temporary, target)  # noqa: PTH105 - the tests stand in for it here


def _create(folder: Path) -> tuple[Path, int]:
    """Create a temporary file that is locked as long as this process lives and holds it open."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        temporary = folder / f".yakubun-{secrets.token_hex(8)}.tmp"
        descriptor = os.open(temporary, flags, 0o666)  # less the umask, as for any new file
        # Whoever sweeps may have come between; then it is theirs to remove, and another name is taken.
        if _lock(descriptor) is not False and (fcntl is None or os.fstat(descriptor).st_nlink):
            return temporary, descriptor
        os.close(descriptor)


def _lock(descriptor: int) -> bool | None:
    """Lock an open file; False if another process has, None where there are no locks."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _sweep(folder: Path) -> None:
    """Remove temporary files whose process is gone: nobody holds their lock.

    The first write of a process in a folder looks, then one in as many writes as the folder held names, or the first
    one after a minute: a look at every write would make a folder of many articles cost their square.
    """
    place = (os.getpid(), folder.absolute())  # a process that was forked knows nothing of its parent's writes
    last = _swept.get(place)
    now = time.monotonic()
    if last is not None and last.left > 0 and now < last.at + _SWEEP_AGAIN:
        last.left -= 1
        return
    if len(_swept) >= _FOLDERS:
        _swept.clear()
    with contextlib.suppress(OSError):
        every = os.listdir(folder)  # noqa: PTH208 - names are enough
        _swept[place] = _Sweep(now, len(every))
        names = [name for name in every if _TEMPORARY.fullmatch(name)]
        for name in names if fcntl is not None else ():
            descriptor = os.open(folder / name, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if _lock(descriptor):
                    (folder / name).unlink()
            finally:
                os.close(descriptor)
