"""Which PO files the desk may open: those under the locales folder, by keys that are no paths."""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path

from translate.errors import CatalogError, InputError

LARGEST = 64 * 2**20
"""Bytes of the largest PO file that is opened."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class UnknownError(InputError):
    """No article, or no segment, has this name."""


def key_of(name: str) -> str:
    """Return the key of a PO file: its own name where that is plain, else a hash of it.

    >>> key_of("harbour-2.po"), key_of("港.po")[0], len(key_of("港.po"))
    ('harbour-2', '~', 17)
    """
    stem = name.removesuffix(".po")
    if _PLAIN.fullmatch(stem):
        return stem
    return "~" + hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def listed(locales: Path) -> dict[str, Path]:
    """Return the PO files of a project by their keys, in the order of their names."""
    folder = locales / "en" / "LC_MESSAGES"
    return {key_of(path.name): path for path in sorted(folder.glob("*.po"))}


def require_safe(path: Path, locales: Path) -> None:
    """Refuse what is no PO file of the project.

    Raises:
        CatalogError: It is no regular file, too large, or a link that leads out of the locales folder.
    """
    try:
        if not path.resolve(strict=True).is_relative_to(locales.resolve()):
            raise CatalogError(f"{path.name}: is a link that leads out of {locales.name}; put the file itself there")
        status = path.stat()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise CatalogError(f"{path.name}: cannot be opened ({error}); check the file and its permissions") from error
    if not stat.S_ISREG(status.st_mode):
        raise CatalogError(f"{path.name}: is no regular file; put a PO file there")
    if status.st_size > LARGEST:
        raise CatalogError(f"{path.name}: {status.st_size:,} bytes, more than {LARGEST:,}; split the article")
