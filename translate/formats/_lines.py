"""The visible lines of a plain text, with their offsets: the ground on which the outline is found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from translate.document import Role

BLANK = "\u200b\u200e\u200f\u2060\ufeff"
"""Characters that show nothing though ``str.isspace`` denies it; web pages are full of them."""

LINE_BREAK = re.compile(r"\r\n|\n|\r")
_EDGE = re.compile(rf"[\s{BLANK}]*")

_MARKER = re.compile(
    r"(?:"
    r"([・•●■◆○◎□◇▪▼▶★☆])(?!\1)"  # ○○ is a name left out, not a bullet
    r"|[-*](?=[\s\u3000]|[^\x00-\x7f])"
    r"|[（(][0-9０-９]{1,2}[)）]|[①-⑳]"
    r"|[0-9０-９]{1,2}(?:[.．、](?![0-9０-９])|[)）])"
    r")\s*(?=\S)"
)


@dataclass(slots=True)
class Line:
    """A line that shows something, without the space around it.

    Attributes:
        number: Its number in the file, from 1.
        start: Offset of its first visible character.
        end: Offset behind its last one.
        text: What is between them.
        opens: Whether a blank line, or the file's start, is right above it.
        closes: Whether a blank line, or the file's end, is right below it.
        indent: The space before it.
        role: What it is; ``BODY`` until found otherwise.
    """

    number: int
    start: int
    end: int
    text: str
    opens: bool
    closes: bool
    indent: str
    role: Role = Role.BODY

    @property
    def alone(self) -> bool:
        """Whether it is a paragraph of its own."""
        return self.opens and self.closes


def marker(text: str) -> int:
    """Return the length of the bullet or number that a line starts with, 0 without one.

    >>> marker("・鍋のふた"), marker("（1） 鍋"), marker("1.5倍に増えた"), marker("○○氏")
    (1, 4, 0, 0)
    """
    match = _MARKER.match(text)
    return match.end() if match else 0


def lines_of(source: str) -> list[Line]:
    """Return the visible lines of a text."""
    lines: list[Line] = []
    at, number, opens = 0, 1, True
    breaks = [(match.start(), match.end()) for match in LINE_BREAK.finditer(source)]
    for stop, following in [*breaks, (len(source), len(source))]:
        start, end = trim(source, at, stop)
        if start < end:
            lines.append(Line(number, start, end, source[start:end], opens, True, source[at:start]))
            opens = False
            if len(lines) > 1 and lines[-2].number == number - 1:
                lines[-2].closes = False
        else:
            opens = True
        at, number = following, number + 1
    return lines


def trim(source: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a span to what shows; an empty one comes back as (end, end)."""
    match = _EDGE.match(source, start, end)
    start = match.end() if match else start
    while end > start and (source[end - 1].isspace() or source[end - 1] in BLANK):
        end -= 1
    return start, end
