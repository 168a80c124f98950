"""Where the files that ship with Yakubun lie (in the wheel, or in the checkout it runs from), and its cache."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

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


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
