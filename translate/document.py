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
    """One piece of inline markup, ``<1>…</1>`` or the point ``<1/>`` in the msgid.

    Attributes:
        number: The slot's number in its segment, from 1; it comes back exactly once in a translation.
        opening: What the file holds before the text, such as ``**`` or ``<a href="…">``.
        closing: What the file holds behind it; empty for a point such as ``<br>``.
        start: Offset of the opening in the document's source.
        end: Offset of the closing in it; -1 where ``closing`` is not what stands there.
        verbatim: Whether the text inside is never translated: ``opening`` then is the whole piece, as with code.
    """

    number: int
    opening: str
    closing: str = ""
    start: int = -1
    end: int = -1
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence, heading, list item, or text of an attribute.

    A text of an attribute (the description of an image) may lie inside another segment's markup; segments are in
    order of their starts all the same.

    Attributes:
        text: The segment as it stands in the file: ``source[start:end]``.
        start: Offset of its first code point in the document's source.
        end: Offset behind its last code point.
        slots: Inline markup of the segment, in order of its numbers; always empty in plain text.
        marked: The text to translate with numbered tags, in formats with markup; empty in plain text. A text that
            itself reads like a tag is a slot of its own there, so that tags are never ambiguous.
        space: Offset, in the text before it, where English needs a space that Japanese does without; -1 where none.
        syntax: How the format writes it (``title``, ``cell``, …); known to the format only.
    """

    text: str
    start: int
    end: int
    slots: tuple[Slot, ...] = ()
    marked: str = ""
    space: int = -1
    syntax: str = ""

    @property
    def plain(self) -> str:
        """The text to translate, with hard line breaks removed and markup as numbered tags: this is the msgid."""
        return self.marked or unwrap(self.text)


@dataclass(frozen=True, slots=True)
class Block:
    """A title, a heading, a paragraph, a contents line, a list item or a boilerplate line.

    Attributes:
        role: What the block is.
        segments: Its segments in reading order; they and the text between them make up the block.
        section: Number of the section it stands in: 0 before the first heading, then 1, 2, …
        line: Line of the block's first character in the file, from 1.
        extent: The span that goes when the block is dropped as boilerplate; empty in plain text, which knows its lines.
    """

    role: Role
    segments: tuple[Segment, ...]
    section: int
    line: int
    extent: tuple[int, int] = (0, 0)


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
        readings: Words with the readings that the article gives them (``<ruby>``), in order, each pair once.
    """

    path: str
    source: str
    blocks: tuple[Block, ...]
    format: str = "text"
    encoding: str = "utf-8"
    bom: bool = False
    readings: tuple[tuple[str, str], ...] = ()

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
    if "\n" not in text and "\r" not in text:
        return text

    def joint(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return " " if before.isascii() and after.isascii() and before and after else ""

    return _LINE_BREAK.sub(joint, text)
