"""Document formats: one module each, both ways. A new one is a file here and a line in ``FORMATS``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import PurePath
from typing import Protocol, cast

from translate.document import Document
from translate.errors import InputError
from translate.formats.boilerplate import Boilerplate

FORMATS: dict[str, str] = {
    ".txt": "translate.formats.text",
    ".md": "translate.formats.markdown",
    ".markdown": "translate.formats.markdown",
    ".html": "translate.formats.html",
    ".htm": "translate.formats.html",
}
"""File suffix (lower case) → module that reads and renders it."""


class Format(Protocol):
    """What a module of this package offers."""

    def read(
        self, data: bytes, path: str, *, protected: Iterable[str] = (), boilerplate: Boilerplate | None = None
    ) -> Document:
        """Read an article.

        Args:
            data: The file's bytes.
            path: Its path, for messages and occurrences.
            protected: Names that are never split, such as those that end in 。.
            boilerplate: Patterns of lines that are not part of the article; the shipped ones if omitted.

        Raises:
            InputError: The bytes are not an article in this format.
        """

    def render(self, document: Document, translations: Mapping[str, str], *, keep_boilerplate: bool = False) -> bytes:
        """Write the article with its segments translated.

        Args:
            document: What ``read`` made.
            translations: ``Segment.plain`` → English; a segment that is missing, or empty, stays as it is.
            keep_boilerplate: Whether boilerplate lines stay.
        """


def reader_for(path: str) -> Format:
    """Return the format module for a file, by its suffix.

    Raises:
        InputError: No format has this suffix.
    """
    suffix = PurePath(path).suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        what = f"the suffix {suffix}" if suffix else "a file without a suffix"
        raise InputError(f"{path}: no format reads {what}; rename or convert the file to one of: {known}")
    return cast(Format, import_module(FORMATS[suffix]))
