"""The document model: what a reader makes of an article, and what a publisher renders.

All offsets are code points into ``Document.source``, the decoded text of the file exactly as it stood
(line ends included, byte order mark excluded), so that a renderer can copy everything that is not translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_LINE_BREAK = re.compile(r"[^\S\n\r]*(?:\r\n|\n|\r)[^\S\n\r]*")


class Role(StrEnum):
    """What a block is in its article."""

    TITLE = "title"
    CONTENTS = "contents"
    HEADING = "heading"
    BODY = "body"
    LIST = "list"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Slot:
    """One piece of inline markup around ``Segment.text[start:end]`` (a point if both are equal).

    Attributes:
        number: The slot's number in its segment, from 1; it comes back exactly once in a translation.
        start: First code point inside the slot, counted in the segment's text.
        end: First code point behind it.
        opening: What the file holds before the text, such as ``**`` or ``<a href="…">``.
        closing: What the file holds behind it; empty for a point such as ``<br>``.
    """

    number: int
    start: int
    end: int
    opening: str
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence, heading or list item.

    Attributes:
        text: The segment as it stands in the file; equals ``source[start:end]`` in formats without markup.
        start: Offset of its first code point in the document's source.
        end: Offset behind its last code point.
        slots: Inline markup of the segment, in order; always empty in plain text.
    """

    text: str
    start: int
    end: int
    slots: tuple[Slot, ...] = ()

    @property
    def plain(self) -> str:
        """The text to translate, with hard line breaks removed: this is the msgid."""
        return unwrap(self.text)


@dataclass(frozen=True, slots=True)
class Block:
    """A title, a heading, a paragraph, a contents line, a list item or a boilerplate line.

    Attributes:
        role: What the block is.
        segments: Its segments in reading order; they and the text between them make up the block.
        section: Number of the section it stands in: 0 before the first heading, then 1, 2, …
        line: Line of the block's first character in the file, from 1.
    """

    role: Role
    segments: tuple[Segment, ...]
    section: int
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """An article, read.

    Attributes:
        path: Where it came from, as it goes into occurrences (POSIX separators).
        source: The whole decoded text.
        blocks: Every block in reading order.
        format: Name of the format that read it.
        encoding: Codec of the file's bytes.
        bom: Whether the bytes began with a byte order mark.
    """

    path: str
    source: str
    blocks: tuple[Block, ...]
    format: str = "text"
    encoding: str = "utf-8"
    bom: bool = False

    def segments(self, *, boilerplate: bool = False) -> Iterator[tuple[Block, Segment]]:
        """Yield each segment with its block, in reading order, without boilerplate unless asked for."""
        for block in self.blocks:
            if boilerplate or block.role is not Role.BOILERPLATE:
                for segment in block.segments:
                    yield block, segment

    def line_of(self, offset: int) -> int:
        """Return the line, from 1, that holds the code point at ``offset``."""
        head = self.source[:offset]
        return 1 + head.count("\n") + head.count("\r") - head.count("\r\n")


def unwrap(text: str) -> str:
    r"""Join the lines of a hard-wrapped segment: a space between Latin words, nothing in Japanese.

    >>> unwrap("国防総省は\n発表した。"), unwrap("a hard\r\n  line")
    ('国防総省は発表した。', 'a hard line')
    """

    def joint(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return " " if before.isascii() and after.isascii() and before and after else ""

    return _LINE_BREAK.sub(joint, text)
