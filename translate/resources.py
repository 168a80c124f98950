"""Where the files that ship with Yakubun lie (in the wheel, or in the checkout it runs from), and its cache."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from translate.errors import BusyError, InputError

_PACKAGED = Path(__file__).parent / "_data"
_CHECKOUT = Path(__file__).parent.parent


def shipped(*parts: str) -> Path:
    """Return the path of a shipped file or folder, such as ``shipped("glossaries", "ja-en.csv")``."""
    packaged = _PACKAGED.joinpath(*parts)
    return packaged if packaged.exists() else _CHECKOUT.joinpath(*parts)


def cache_dir() -> Path:
    """Return the user's cache directory for Yakubun (``YAKUBUN_CACHE`` overrides it); nothing is created."""
    override = os.environ.get("YAKUBUN_CACHE")
    if override:
        return Path(override)
    import platformdirs

    return Path(platformdirs.user_cache_dir("yakubun", appauthor=False))


@contextmanager
def lock_for(path: Path, timeout: float = 600) -> Iterator[None]:
    """Be the only one who writes ``path``; the lock lies in the cache, so that no project folder holds any.

    It belongs to the process: when that ends, however it ends, the lock is free.

    Args:
        path: The file to write, which need not exist.
        timeout: Seconds to wait for another writer.

    Raises:
        BusyError: The other writer does not come to an end.
        InputError: The cache cannot be written.
    """
    from filelock import FileLock, Timeout

    folder = cache_dir() / "locks"
    name = f"{hashlib.sha256(str(path.resolve()).encode('utf-8', 'surrogateescape')).hexdigest()[:24]}.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        lock = FileLock(folder / name, timeout=timeout)
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            f"{path}: another process has been writing it for {timeout:.0f} s; let it finish, or end it, and run again"
        ) from error
    except OSError as error:
        raise InputError(
            f"{folder}: cannot write: {error.strerror or error}; set YAKUBUN_CACHE to a folder that you may write to"
        ) from error
    try:
        yield
    finally:
        lock.release()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
