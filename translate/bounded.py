"""Reading what strangers made: regular files only, no more than is sensible, and no gzip file that unpacks without end.

The limits are far above any real file and short of what would exhaust a small machine; ``docs/security.md`` lists them.
"""

from __future__ import annotations

import gzip
import stat
import zlib
from pathlib import Path

from translate.errors import InputError

MIB = 1 << 20
ARTICLE, CATALOG, TABLE, SETTINGS = 16 * MIB, 256 * MIB, 64 * MIB, MIB
"""Bytes of an article, of a PO file, of glossaries, lists of lines and the like, of ``yakubun.toml``."""

RATIO, UNSUSPECTED = 100, 16 * MIB
"""How much larger than its file a gzip file may become, and below which size nobody asks. Text packs to a tenth."""

_PIPES = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")  # `score --source <(zcat lines.gz)`


def read(path: Path, most: int) -> bytes:
    """Return a file's bytes.

    Args:
        path: The file.
        most: Bytes that it may have.

    Raises:
        InputError: It is larger, or a device or pipe, which might never end.
        OSError: It cannot be read.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and not str(path).startswith(_PIPES):
        raise InputError(f"{path}: is a device, pipe or socket; name a regular file")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise InputError(f"{path}: larger than {most // MIB} MiB, which is the most that is read; split the file")
    return data


def unpacked(path: Path, most: int) -> bytes:
    """Return what a gzip file holds.

    Raises:
        InputError: It unpacks to more than ``most`` bytes, or to suspiciously much for its size.
        ValueError: It is damaged.
        OSError: It cannot be read.
    """
    limit = min(most, allowance(path))
    try:
        with gzip.open(path) as file:
            data = file.read(limit + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"damaged gzip file: {error}") from error
    if len(data) > limit:
        raise InputError(f"{path}: unpacks to more than {limit // MIB} MiB; write the file anew")
    return data


def allowance(path: Path) -> int:
    """Return how many bytes a gzip file may unpack to before it counts as made to fill the machine."""
    return max(UNSUSPECTED, RATIO * path.stat().st_size)
