"""JSON lines that only ever grow: appended whole under a lock, with a torn last line mended.

Journals of proposals, the ledger of scores and the work files of a long run are written this way, so that several
processes at once lose nothing and a crash costs one line at most.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from translate.atomic import make_folders, sync_folder, write_error
from translate.errors import InputError
from translate.resources import lock_for

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")

_BLOCK = 65536


def read(
    path: Path,
    parse: Callable[[dict[str, Any]], _T],
    remedy: str,
    *,
    max_bytes: int = 1 << 40,
    max_line: int = 1 << 30,
) -> Iterator[tuple[int, _T]]:
    """Yield line numbers and what is made of the objects of a file, which need not exist.

    A last line that a crash tore is left out with a warning.

    Args:
        path: The file.
        parse: Makes something of an object, or raises ``ValueError`` with what is wrong.
        remedy: How a malformed line is mended, for the message.
        max_bytes: The size from which on a file is refused.
        max_line: The same for a line.

    Raises:
        InputError: The file cannot be read, is too large, or a line other than a torn last one is malformed.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > max_bytes:
                raise InputError(f"{path}: larger than {max_bytes >> 20} MB; move its older lines to another file")
            yield from _lines(path, file, parse, remedy, max_line)
    except FileNotFoundError:
        return
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path}: cannot read: {reason}; check the path and its permissions") from error


def append(path: Path, lines: Iterable[bytes], parse: Callable[[dict[str, Any]], object], *, sync: bool = True) -> None:
    """Write lines down, all of them or none; they outlive this process, and if synced a power cut.

    A line that a crash tore is cut off before, with a warning; one that only lacks its line break is finished.

    Args:
        path: The file; it and its folders are created where they are missing.
        lines: Whole lines, each with its line break.
        parse: As for ``read``; tells a torn line from a whole one.
        sync: Whether the lines are on the disk when this returns; else only with the next ones that are synced.

    Raises:
        InputError: The file cannot be written; it is as it was.
    """
    with lock_for(path):
        try:
            make_folders(path.parent)
            with path.open("a+b", buffering=0) as file:
                length = _mend(path, file, parse)
                _append(file.fileno(), length, b"".join(lines), sync=sync)
            if not length:
                sync_folder(path.parent)
        except OSError as error:
            _remove_empty(path)
            raise write_error(path, error) from error


def force(path: Path) -> None:
    """Put on the disk what was appended without that.

    Raises:
        InputError: The disk failed.
    """
    try:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise write_error(path, error) from error


def _lines(
    path: Path, file: BinaryIO, parse: Callable[[dict[str, Any]], _T], remedy: str, max_line: int
) -> Iterator[tuple[int, _T]]:
    number = 0
    while line := file.readline(max_line + 1):
        number += 1
        try:
            if len(line) > max_line:
                raise ValueError(f"a line longer than {max_line >> 20} MB")
            found = parse(_object(line))
        except ValueError as error:
            if not line.endswith(b"\n") and len(line) <= max_line:
                _LOG.warning("%s:%d: left out a line that a crash tore", path, number)
                return
            raise InputError(f"{path}:{number}: {error}; {remedy}") from error
        yield number, found


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _mend(path: Path, file: Any, parse: Callable[[dict[str, Any]], object]) -> int:
    """Finish or cut off a torn last line; return the file's length then. The lock must be held."""
    end: int = file.seek(0, os.SEEK_END)
    start = _last_line(file, end)
    if start == end:
        return end
    file.seek(start)
    try:
        parse(_object(file.read()))
    except ValueError:
        _LOG.warning("%s: cut off a last line that a crash tore", path)
        file.truncate(start)
        return start
    file.write(b"\n")
    return end + 1


def _last_line(file: Any, end: int) -> int:
    """Return the offset behind the last line break."""
    while end:
        start = max(0, end - _BLOCK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return int(start + found + 1)
        end = start
    return 0


def _append(descriptor: int, length: int, data: bytes, *, sync: bool) -> None:
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if sync:
            os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):  # a torn line is mended by whoever comes next
            os.ftruncate(descriptor, length)  # whole batches only
        raise


def _remove_empty(path: Path) -> None:
    """Remove the file that a failed append has only just created."""
    with contextlib.suppress(OSError):
        if not path.stat().st_size:
            path.unlink()
