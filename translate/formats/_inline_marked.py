"""The msgid of a sentence with markup: its text with numbered tags, and the slots that the tags stand for."""

from __future__ import annotations

from dataclasses import dataclass

from translate.document import Slot
from translate.markup import TAG


@dataclass(slots=True)
class Element:
    """Markup of a run, with its place in the visible text and in the source.

    Attributes:
        kind: ``pair``, ``point`` or ``code``.
        low: Where it begins in the visible text.
        high: Where it ends in it.
        start: Offset of its opening in the source.
        inner_start: Offset behind its opening.
        inner_end: Offset of its closing.
        end: Offset behind its closing.
        closing: What to write for its closing, if not what the source holds.
    """

    kind: str
    low: int
    high: int
    start: int
    inner_start: int
    inner_end: int
    end: int
    closing: str | None = None

    def make_point(self, *, whole: bool = False) -> None:
        """Turn a pair into a point: its opening alone, or all of it."""
        self.kind = "point"
        if not whole:
            self.high, self.end = self.low, self.inner_start
        self.inner_start = self.inner_end = self.end


class Marked:
    """Writes a msgid with tags."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.slots: list[Slot] = []
        self.numbers: dict[int, int] = {}
        self.chunk: list[tuple[str, int, int]] = []  # text since the last tag, with its offsets

    def text(self, text: str, start: int, end: int) -> None:
        """Add visible text."""
        if text:
            self.chunk.append((text, start, end))

    def event(self, one: Element, *, opens: bool) -> None:
        """Add a tag."""
        self._flush()
        if not opens:
            self.parts.append(f"</{self.numbers[id(one)]}>")
            return
        number = self.numbers[id(one)] = len(self.slots) + 1
        self.parts.append(f"<{number}/>" if one.kind == "point" else f"<{number}>")
        if one.kind != "pair":
            self.slots.append(
                Slot(number, self.source[one.start : one.end], start=one.start, verbatim=one.kind == "code")
            )
            return
        opening, closing = self.source[one.start : one.inner_start], self.source[one.inner_end : one.end]
        copied = one.closing is None
        self.slots.append(
            Slot(number, opening, closing if copied else str(one.closing), one.start, one.inner_end if copied else -1)
        )

    def _flush(self) -> None:
        """Write the text since the last tag; what reads like a tag in it becomes a point."""
        text = "".join(part for part, _, _ in self.chunk)
        at = 0
        offsets = [(start, end) for part, start, end in self.chunk for _ in part]
        for match in TAG.finditer(text):
            self.parts.append(text[at : match.start()])
            at = match.end()
            start, end = offsets[match.start()][0], offsets[match.end() - 1][1]
            number = len(self.slots) + 1
            self.slots.append(Slot(number, self.source[start:end], start=start))
            self.parts.append(f"<{number}/>")
        self.parts.append(text[at:])
        self.chunk.clear()

    def done(self) -> tuple[str, tuple[Slot, ...]]:
        """Return the msgid and its slots."""
        self._flush()
        return "".join(self.parts), tuple(self.slots)
