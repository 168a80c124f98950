"""Formats for translation memories and CAT tools: one module each, and a line in ``FORMATS``.

A file holds parts, one for each article, and a part holds ``Exchanged`` units. Files come from anywhere: they are
bounded, XML entities and outside documents are never read, and an error names the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path, PurePath
from typing import NamedTuple, Protocol, cast

from translate import bounded
from translate.errors import InputError
from translate.interchange.exchanged import Exchanged, Part, part_of, unit_key

__all__ = [
    "FORMATS",
    "Exchanged",
    "Format",
    "Part",
    "carries_states",
    "format_named",
    "part_of",
    "read",
    "read_file",
    "unit_key",
    "writer_for",
]

MAX_BYTES = 128 << 20
"""The largest file that is read: a memory of some 300,000 segments."""


class _Known(NamedTuple):
    module: str
    suffixes: tuple[str, ...]
    states: bool


FORMATS: dict[str, _Known] = {
    "xliff12": _Known("translate.interchange.xliff12", (".xlf", ".xliff"), states=True),
    "xliff20": _Known("translate.interchange.xliff20", (".xlf", ".xliff"), states=True),
    "tmx": _Known("translate.interchange.tmx", (".tmx",), states=False),
    "csv": _Known("translate.interchange.table", (".csv", ".tsv"), states=True),
}
"""Name → module, file suffixes (the first one is written), and whether it carries every entry with its state.

Of two formats with one suffix the first is the default for writing; for reading, the content decides.
"""


class Format(Protocol):
    """What a module of this package offers."""

    def recognises(self, head: str) -> bool:
        """Tell by the first few thousand characters whether a file with the format's suffix is in this version."""

    def write(self, parts: Sequence[Part]) -> bytes:
        """Return a whole file."""

    def read(self, data: bytes, name: str) -> list[Part]:
        """Read a whole file.

        Args:
            data: Its bytes.
            name: Its name, for messages.

        Raises:
            InputError: It is not in this format.
        """


def format_named(name: str) -> Format:
    """Return a format's module by its name.

    Raises:
        InputError: There is no such format.
    """
    if name not in FORMATS:
        raise InputError(f"no exchange format {name!r}; choose one of: {', '.join(FORMATS)}")
    return cast(Format, import_module(FORMATS[name].module))


def writer_for(path: str) -> Format:
    """Return the format to write a file in, by its suffix.

    Raises:
        InputError: No format has this suffix.
    """
    return format_named(_candidates(path)[0])


def carries_states(path: str) -> bool:
    """Tell whether a file with this suffix holds every entry of its articles with its state, or is a memory.

    Raises:
        InputError: No format has this suffix.
    """
    return any(FORMATS[name].states for name in _candidates(path))


def read(data: bytes, path: str) -> list[Part]:
    """Read a file in whichever format and version it is.

    Raises:
        InputError: The file is too large, or in none of the formats.
    """
    names = _candidates(path)
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: {len(data) >> 20} MiB; more than {MAX_BYTES >> 20} are not read, so split the file")
    head = _head(data)
    for name in names:
        found = format_named(name)
        if found.recognises(head):
            return found.read(data, path)
    raise InputError(f"{path}: the content is none of: {', '.join(names)}; export it in one of these versions")


def read_file(path: Path) -> list[Part]:
    """Read a file in whichever format and version it is.

    Raises:
        InputError: The file is too large, or in none of the formats.
        OSError: It cannot be read.
    """
    return read(bounded.read(path, MAX_BYTES), str(path))


def _candidates(path: str) -> list[str]:
    suffix = PurePath(path).suffix.lower()
    names = [name for name, known in FORMATS.items() if suffix in known.suffixes]
    if not names:
        suffixes = sorted({one for known in FORMATS.values() for one in known.suffixes})
        raise InputError(f"{path}: no exchange format has this suffix; name the file one of: {', '.join(suffixes)}")
    return names


def _head(data: bytes) -> str:
    start = data[:8000]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace")
    return start.decode("utf-8-sig", "replace")
