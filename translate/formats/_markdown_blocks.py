"""Markdown blocks with offsets: where the content of markdown-it's inline tokens stands in the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it.token import Token

from translate.formats._lines import LINE_BREAK

_ROW_PREFIX = re.compile(r"[\s>|*+\-0-9.)]*")
_BETWEEN_CELLS = re.compile(r"\s*\|\s*")
_AFTER_CELL = re.compile(r"\s*(?:\||$)")
_HEADING_PREFIX = re.compile(r"[\s>*+\-0-9.)]*#{1,6}[ \t]+")
_HEADING_TAIL = re.compile(r"[ \t]*#*\s*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a content stands.

    Attributes:
        starts: For each of its code points, where it begins in the source.
        ends: For each, where it ends; a line break takes in the markers of the line behind it.
    """

    starts: list[int]
    ends: list[int]


class Lines:
    """The lines of a source as markdown-it counts them, from 0.

    Attributes:
        starts: Where each line begins.
        spans: Start and end of each line, without its line break.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        breaks = [match.span() for match in LINE_BREAK.finditer(source)]
        self.starts = [0, *(end for _, end in breaks)]
        self.spans = list(zip(self.starts, [*(start for start, _ in breaks), len(source)], strict=True))
        self._cell: tuple[int, int] = (-1, 0)  # line, and where its last cell ended

    def text(self, number: int) -> str:
        """Return a line as markdown-it sees it."""
        start, end = self.spans[number]
        return self.source[start:end].replace("\0", "\ufffd")

    def start_of(self, number: int) -> int:
        """Return where a line begins, the source's end for the line behind the last."""
        return self.spans[number][0] if number < len(self.spans) else len(self.source)

    def number_at(self, offset: int) -> int:
        """Return the number, from 1, of the line that holds an offset."""
        return bisect_right(self.starts, offset)

    def is_blank(self, number: int) -> bool:
        """Tell whether a line holds nothing."""
        return number < len(self.spans) and not self.text(number).strip()

    def place(self, token: Token, parent: Token) -> Place | None:
        """Return where the content of an inline token stands; None where that is not certain.

        Cells of one row must be asked for in order.
        """
        if not token.map or not token.content:
            return None
        first = token.map[0]
        if parent.type in ("th_open", "td_open"):
            return self._cell_place(token.content, first)
        if parent.type == "heading_open" and parent.markup.startswith("#"):
            return self._heading_place(token.content, first)
        return self._paragraph_place(token.content, first, token.map[1])

    def _paragraph_place(self, content: str, first: int, limit: int) -> Place | None:
        starts: list[int] = []
        ends: list[int] = []
        parts = content.split("\n")
        if first + len(parts) > min(limit, len(self.spans)):
            return None
        for number, part in enumerate(parts, start=first):
            line = self.text(number)
            at = len(line) - len(part)
            if not line.endswith(part):
                at = len(line.rstrip()) - len(part)
                if at < 0 or not line.startswith(part, at):
                    return None
            begin = self.spans[number][0] + at
            if number > first:
                starts.append(ends[-1] if ends else begin)
                ends.append(begin)
            starts += range(begin, begin + len(part))
            ends += range(begin + 1, begin + len(part) + 1)
        return Place(starts, ends)

    def _heading_place(self, content: str, number: int) -> Place | None:
        line = self.text(number)
        prefix = _HEADING_PREFIX.match(line)
        if prefix is None:
            return None
        at = line.find(content, prefix.end())
        if at < 0 or line[prefix.end() : at].strip() or not _HEADING_TAIL.fullmatch(line, at + len(content)):
            return None
        return self._straight(number, at, len(content))

    def _cell_place(self, content: str, number: int) -> Place | None:
        line, raw = self.text(number), content.replace("|", "\\|")
        seen, cursor = self._cell
        between: Callable[[str, int, int], re.Match[str] | None]
        between = _BETWEEN_CELLS.fullmatch if seen == number else _ROW_PREFIX.fullmatch
        if seen != number:
            cursor = 0
        at = line.find(raw, cursor)
        if at < 0 or not between(line, cursor, at) or not _AFTER_CELL.match(line, at + len(raw)):
            return None
        self._cell = (number, at + len(raw))
        starts, ends = [], []
        begin = self.spans[number][0] + at
        for char in content:
            width = 2 if char == "|" else 1
            starts.append(begin)
            ends.append(begin + width)
            begin += width
        return Place(starts, ends)

    def _straight(self, number: int, at: int, length: int) -> Place:
        begin = self.spans[number][0] + at
        return Place(list(range(begin, begin + length)), list(range(begin + 1, begin + length + 1)))
