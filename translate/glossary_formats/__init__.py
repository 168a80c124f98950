"""Glossary files of other programs: one module each, both ways. A new one is a file here and a line in ``FORMATS``.

What a format cannot hold is counted by field and told, never dropped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from translate._glossary_csv import path_bytes
from translate._glossary_rows import Reading, gather
from translate.errors import InputError
from translate.glossary import Term

Losses = Counter[str]
"""What a format cannot hold, in words that begin with the field → the number of entries concerned."""


class GlossaryFormat(Protocol):
    """What a module of this package offers."""

    def records(self, data: bytes, path: Path, losses: Losses) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield ``file:line`` and our columns (see ``glossary``) for each entry.

        Args:
            data: The file's bytes.
            path: Its path, for messages.
            losses: Takes what the file holds and our columns cannot.

        Raises:
            YakubunError: The bytes are not a glossary in this format.
        """

    def render(self, terms: Sequence[Term], losses: Losses) -> bytes:
        """Return the file that holds the terms.

        Args:
            terms: The entries.
            losses: Takes what they hold and the format cannot.
        """


@dataclass(frozen=True, slots=True)
class Entry:
    """A format of the registry: its module, the suffixes that mean it, and what it is."""

    module: str
    suffixes: tuple[str, ...]
    summary: str


FORMATS: dict[str, Entry] = {
    "csv": Entry("translate.glossary_formats.ours", (".csv",), "Yakubun's own CSV"),
    "omegat": Entry("translate.glossary_formats.omegat", (".tsv", ".txt", ".tab", ".utf8"), "OmegaT, tab-separated"),
    "tbx": Entry("translate.glossary_formats.tbx", (".tbx", ".xml"), "TBX-Basic (ISO 30042)"),
    "deepl": Entry("translate.glossary_formats.deepl", (), "DeepL, CSV without a header"),
}
"""Name → format."""


def format_name(path: Path, name: str | None = None) -> str:
    """Return the name of a file's format: the one given, or the one that its suffix means.

    Raises:
        InputError: There is no such format, or no format has this suffix.
    """
    if name in FORMATS:
        return name
    known = ", ".join(FORMATS)
    if name is not None:
        raise InputError(f"unknown glossary format {name!r}: choose one of {known}")
    suffix = path.suffix.lower()
    for found, entry in FORMATS.items():
        if suffix in entry.suffixes:
            return found
    raise InputError(f"{path}: no glossary format has the suffix {suffix!r}; name one with --from or --to: {known}")


def read(path: Path, name: str) -> tuple[Reading, Losses]:
    """Read a glossary file of any format to its end, whatever is wrong in it.

    Args:
        path: The file.
        name: Its format, a key of ``FORMATS``.

    Returns:
        Its entries and problems, and what of it our columns cannot hold.

    Raises:
        YakubunError: The file cannot be read at all.
    """
    data = path_bytes(path)
    losses: Losses = Counter()
    return gather(str(path), lambda: _module(name).records(data, path, losses)), losses


def render(terms: Sequence[Term], name: str) -> tuple[bytes, Losses]:
    """Return a glossary file of any format, and what it cannot hold.

    Args:
        terms: The entries.
        name: The format, a key of ``FORMATS``.
    """
    losses: Losses = Counter()
    return _module(name).render(terms, losses), losses


def _module(name: str) -> GlossaryFormat:
    return cast(GlossaryFormat, import_module(FORMATS[name].module))
