"""Inline runs of a format with markup, made into segments: visible text, slots, and where each stands in the file.

A reader cuts a paragraph into ``Piece``s with their offsets. Here the visible text is split into sentences, and each
sentence becomes a segment whose msgid holds its markup as numbered tags. Markup around whole sentences, and points at
their edges, stay between the segments and are copied. Sentences that a piece of markup ties together (bold from the
middle of one to the middle of the next) are one segment.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from translate.document import Segment
from translate.formats._inline_marked import Element, Marked
from translate.formats._lines import BLANK, trim
from translate.markup import MOST
from translate.segmentation import split

_HARD_WRAP = re.compile(r"[^\S\n\r\u3000]*[\n\r][^\S\u3000]*")
_PATIENCE = 20  # rounds of joining sentences that markup ties together
_SPACES = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an inline run.

    Attributes:
        kind: ``text``, ``code`` (text that is never translated), ``open``, ``close``, ``point``, ``break`` (a point
            that ends a line) or ``soft`` (a line end without meaning).
        start: Offset of its first code point in the source.
        end: Offset behind its last.
        text: What a reader sees of it; if its length is not that of the stretch, it is not taken apart.
        name: What an opening and its closing have in common.
        closing: What to write for a closing, if not what the source holds.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    name: str = ""
    closing: str | None = None


def segments(
    source: str,
    pieces: Sequence[Piece],
    protected: Iterable[str] = (),
    *,
    whole: bool = False,
    collapse: bool = False,
    syntax: str = "",
) -> list[Segment]:
    """Return the segments of an inline run; none if nothing in it can be translated.

    Args:
        source: The whole source.
        pieces: The run, in order.
        protected: Names that are never split.
        whole: Whether the run is one segment, as a heading is.
        collapse: Whether any run of white space is one space, as in HTML.
        syntax: Goes into the segments.
    """
    run = _Run(source, pieces, collapse=collapse)
    groups = run.sentences(tuple(protected), whole=whole)
    found: list[Segment] = []
    before = -1  # end of the last segment in the visible text
    for low, high in groups:
        if not run.is_text(low, high):
            continue
        made = run.segment(low, high, syntax)
        if len(made.slots) > MOST:
            return []
        if before >= 0 and not any(map(str.isspace, run.text[before:low])):
            made = replace(made, space=run.space_before(made.start, found[-1].end))
        found.append(made)
        before = high
    return found


class _Run:
    def __init__(self, source: str, pieces: Sequence[Piece], *, collapse: bool) -> None:
        self.source = source
        self.pieces = pieces
        self.collapse = collapse
        visible: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.elements: list[Element] = []
        self.atomic: list[tuple[int, int]] = []
        hidden: list[int] = []
        open_elements: list[tuple[str, Element]] = []
        for piece in pieces:
            at = len(visible)
            if piece.kind == "open":
                element = Element("pair", at, at, piece.start, piece.end, piece.end, piece.end)
                self.elements.append(element)
                open_elements.append((piece.name, element))
            elif piece.kind == "close":
                depth = next(
                    (i for i in range(len(open_elements) - 1, -1, -1) if open_elements[i][0] == piece.name), -1
                )
                if depth < 0:
                    self.elements.append(Element("point", at, at, piece.start, piece.end, piece.end, piece.end))
                    continue
                for _, unclosed in open_elements[depth + 1 :]:
                    unclosed.make_point()
                element = open_elements[depth][1]
                del open_elements[depth:]
                element.high, element.inner_end, element.end = at, piece.start, piece.end
                element.closing = piece.closing
            elif piece.kind == "code" and not piece.text.strip():
                self.elements.append(Element("point", at, at, piece.start, piece.end, piece.end, piece.end))
            else:
                text = "\n" if piece.kind in ("break", "soft") else piece.text
                visible += text
                if len(text) == piece.end - piece.start and piece.kind == "text":
                    self.starts += range(piece.start, piece.end)
                    self.ends += range(piece.start + 1, piece.end + 1)
                else:
                    self.starts += [piece.start] * len(text)
                    self.ends += [piece.end] * len(text)
                    self.atomic.append((at, len(visible)))
                if piece.kind in ("point", "break"):
                    hidden += range(at, len(visible))
                    self.elements.append(Element("point", at, at, piece.start, piece.end, piece.end, piece.end))
                elif piece.kind == "code":
                    code = Element("code", at, len(visible), piece.start, piece.start, piece.end, piece.end)
                    self.elements.append(code)
        for _, unclosed in open_elements:
            unclosed.make_point()
        self.text = "".join(visible)
        self.hidden = bytearray(len(self.text) + 1)
        for at in hidden:
            self.hidden[at] = 1
        self._collapse_empty()
        self.lows = [element.low for element in self.elements]
        self.piece_starts = [piece.start for piece in pieces]

    def _collapse_empty(self) -> None:
        """Make pairs without visible text points, with everything inside them, and pairs around the same text one."""
        kept: list[Element] = []
        inside = -1
        for element in self.elements:  # in order of their starts
            if element.start < inside:
                continue
            if element.kind == "pair" and not self.text[element.low : element.high].strip(BLANK + " \t\r\n\u3000"):
                self.hidden[element.low : element.high] = b"\1" * (element.high - element.low)
                inside = element.end
                element.make_point(whole=True)
            outer = kept[-1] if kept else element
            if (outer.kind, outer.low, outer.high) == ("pair", element.low, element.high) and (
                outer.inner_start == element.start and outer.inner_end == element.end and element.kind == "pair"
            ):  # bold inside a link, around the same text: one slot
                closings = [
                    self.source[one.inner_end : one.end] if one.closing is None else one.closing
                    for one in (element, outer)
                ]
                if element.closing is not None or outer.closing is not None:
                    outer.closing = "".join(closings)
                outer.inner_start, outer.inner_end = element.inner_start, element.inner_end
                continue
            kept.append(element)
        for element in kept:
            if element.kind == "pair":
                element.low, element.high = trim(self.text, element.low, element.high)
        self.elements = sorted(kept, key=lambda element: element.low)

    def sentences(self, protected: tuple[str, ...], *, whole: bool) -> list[tuple[int, int]]:
        """Return the spans of the visible text that become segments."""
        low, high = trim(self.text, 0, len(self.text))
        if low >= high:
            return []
        if whole:
            return [(low, high)]
        masked = list(self.text)
        for element in self.elements:
            if element.kind == "code":
                masked[element.low : element.high] = "x" * (element.high - element.low)
        breaks = {element.low for element in self.elements if element.kind == "point"}
        if self.collapse:
            masked = [
                " " if char in "\n\r" and not (at in breaks and self.hidden[at]) else char
                for at, char in enumerate(masked)
            ]
        spans = [trim(self.text, a, b) for a, b in split("".join(masked), protected=protected)]
        return self._joined([span for span in spans if span[0] < span[1]])

    def _joined(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Join the sentences that markup ties together."""
        pairs = [(one.low, one.high, True) for one in self.elements if one.kind == "pair"]
        ties = pairs + [(low, high, False) for low, high in self.atomic]
        for patience in range(_PATIENCE, -1, -1):
            lows, highs = [low for low, _ in spans], [high for _, high in spans]
            joins: set[int] = set()
            for low, high, may_span in ties:
                first = bisect_left(highs, low + 1)
                last = bisect_left(lows, high) - 1
                if first >= last or (may_span and low <= lows[first] and high >= highs[last]):
                    continue
                joins.update(range(first, last))
            if not joins:
                break
            if not patience:
                return [(spans[0][0], spans[-1][1])]
            joined: list[tuple[int, int]] = []
            for at, span in enumerate(spans):
                if at and at - 1 in joins:
                    joined[-1] = (joined[-1][0], span[1])
                else:
                    joined.append(span)
            spans = joined
        return spans

    def is_text(self, low: int, high: int) -> bool:
        """Tell whether a span holds anything to translate: a letter or digit outside code."""
        code = bytearray(high - low)
        for one in self._between(low, high):
            if one.kind == "code":
                code[one.low - low : one.high - low] = b"\1" * (min(one.high, high) - one.low)
        return any(
            char.isalnum() and not code[at] and not self.hidden[low + at] for at, char in enumerate(self.text[low:high])
        )

    def _between(self, low: int, high: int) -> list[Element]:
        """Return the elements of a span, and those in the white space around it."""
        while low and self.text[low - 1].isspace():
            low -= 1
        while high < len(self.text) and self.text[high].isspace():
            high += 1
        return self.elements[bisect_left(self.lows, low) : bisect_right(self.lows, high)]

    def segment(self, low: int, high: int, syntax: str) -> Segment:
        """Make the segment of a span of the visible text."""
        here = self._between(low, high)
        pairs = [
            one
            for one in here
            if one.kind == "pair" and low <= one.low and one.high <= high and (one.low, one.high) != (low, high)
        ]
        code = [one for one in here if one.kind == "code" and low <= one.low and one.high <= high]
        start = min([self.starts[low], *(one.start for one in pairs)])
        end = max([self.ends[high - 1], *(one.end for one in pairs)])
        points = [one for one in here if one.kind == "point" and start <= one.start and one.end <= end]
        writer = Marked(self.source)
        events = sorted(
            [(one.start, 1, one) for one in [*pairs, *points, *code]]
            + [(one.inner_end if one.kind == "pair" else one.end - 1, 0, one) for one in pairs + code],
            key=lambda event: event[0],
        )
        spaced = self._unwrapped(low, high)
        at = 0
        for index in range(low, high):
            while at < len(events) and events[at][0] <= self.starts[index]:
                writer.event(events[at][2], opens=bool(events[at][1]))
                at += 1
            if not self.hidden[index]:
                writer.text(spaced.get(index, self.text[index]), self.starts[index], self.ends[index])
        for _, opens, element in events[at:]:
            writer.event(element, opens=bool(opens))
        marked, slots = writer.done()
        return Segment(self.source[start:end], start, end, slots, marked, syntax=syntax)

    def _unwrapped(self, low: int, high: int) -> dict[int, str]:
        """Return what stands for the white space that the file's layout has put into a sentence."""
        out: dict[int, str] = {}
        for match in (_SPACES if self.collapse else _HARD_WRAP).finditer(self.text, low, high):
            left, right = self.text[match.start() - 1 : match.start()], self.text[match.end() : match.end() + 1]
            wrapped = "\n" in match[0] or "\r" in match[0]
            joint = " " if not wrapped or (left.isascii() and right.isascii()) else ""
            shown = [at for at in range(match.start(), match.end()) if not self.hidden[at]]
            out.update(dict.fromkeys(shown, ""))
            if shown:
                out[shown[0]] = joint
        return out

    def space_before(self, start: int, before: int) -> int:
        """Return where English needs a space between what ended at ``before`` and the segment at ``start``."""
        first, last = bisect_left(self.piece_starts, before), bisect_left(self.piece_starts, start)
        closed, place = 0, start
        for piece in reversed(self.pieces[first:last]):
            if piece.kind == "close":
                closed += 1
            elif piece.kind == "open" and closed:
                closed -= 1
            elif piece.kind == "open":
                place = piece.start
        return place
