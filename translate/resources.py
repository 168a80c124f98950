"""Where the files that ship with Yakubun lie (in the wheel, or in the checkout it runs from), and its cache."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from translate.errors import InputError

if TYPE_CHECKING:
    from filelock import FileLock

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


def lock_for(path: Path, timeout: float = -1) -> FileLock:
    """Return the lock of whoever writes ``path``; it lies in the cache, so that no project folder holds any.

    Args:
        path: The file to write, which need not exist.
        timeout: Seconds to wait for another writer; without end by default.

    Raises:
        InputError: The cache cannot be written.
    """
    from filelock import FileLock

    folder = cache_dir() / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise InputError(
            f"{folder}: cannot write: {error.strerror}; set YAKUBUN_CACHE to a folder that you may write to"
        ) from error
    return FileLock(folder / f"{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:24]}.lock", timeout=timeout)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
