"""JSON lines that only ever grow: appended whole under a lock, with a torn last line mended.

The ledger of scores and the work files of a long run are written this way, so that two jobs at once lose nothing and
a crash costs one line at most.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from translate.atomic import write_error
from translate.errors import InputError
from translate.resources import lock_for

_LOG = logging.getLogger(__name__)

MAX_FILE, MAX_LINE = 256 * 1024 * 1024, 4 * 1024 * 1024
"""Bytes that are read of a file and of a line: far beyond any real ledger, short of exhausting the memory."""


def read(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Return line numbers and objects of a file that need not exist.

    A last line that a crash tore is left out with a warning.

    Raises:
        InputError: The file cannot be read, is too large, or a line other than a torn last one is no JSON object.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise InputError(f"{path}: larger than {MAX_FILE >> 20} MB; move its older lines to another file")
        with path.open("rb") as file:
            return _parse(path, file)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{path}: cannot read: {error.strerror or error}; check the path") from error


def append(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write records down, a line each; they are on the disk when this returns, all of them or none.

    A line that a crash tore is cut off before, with a warning; one that only lacks its line break is finished.

    Raises:
        InputError: The file cannot be written; it is as it was.
    """
    data = b"".join(json.dumps(record, allow_nan=False).encode("ascii") + b"\n" for record in records)
    with lock_for(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a+b", buffering=0) as file:
                length = _mend(path, file)
                try:
                    rest = memoryview(data)
                    while rest:
                        rest = rest[os.write(file.fileno(), rest) :]
                    os.fsync(file.fileno())
                except BaseException:
                    file.truncate(length)
                    raise
        except OSError as error:
            raise write_error(path, error) from error


def _parse(path: Path, file: BinaryIO) -> list[tuple[int, dict[str, Any]]]:
    found = []
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        try:
            found.append((number, _object(line)))
        except ValueError as error:
            if not line.endswith(b"\n") and len(line) <= MAX_LINE:
                _LOG.warning("%s:%d: left out a line that a crash tore", path, number)
                break
            raise InputError(f"{path}:{number}: {error}; delete the line or restore the file") from error
    return found


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise ValueError(f"a line longer than {MAX_LINE >> 20} MB")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _mend(path: Path, file: Any) -> int:
    """Finish or cut off a torn last line; return the file's length then. The lock must be held."""
    end: int = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - MAX_LINE))
    tail: bytes = file.read(end)
    start = end - len(tail) + tail.rfind(b"\n") + 1
    torn = tail[tail.rfind(b"\n") + 1 :]
    if not torn:
        return end
    try:
        _object(torn)
    except ValueError:
        _LOG.warning("%s: cut off a last line that a crash tore", path)
        file.truncate(start)
        return start
    file.write(b"\n")
    return end + 1
