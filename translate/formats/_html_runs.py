"""The inline runs of a page: paragraphs, headings and cells as pieces with offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from translate.formats._html_article import CODE, OPAQUE, OUTSIDE
from translate.formats._html_tokens import VOID, Attribute, Token, attributes, visible
from translate.formats._inline import Piece

_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em",
        "font", "i", "img", "input", "ins", "kbd", "label", "mark", "q", "rb", "ruby", "s", "samp", "small",
        "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"
    }
)  # fmt: skip
_INLINE_OPAQUE = OPAQUE - {"pre", "xmp", "head", "textarea", "select", "video", "iframe"}
_RUBY_PARTS = frozenset({"rt", "rp", "rtc"})
_LISTS = {"ul": ("li",), "ol": ("li",), "dl": ("dt", "dd")}
_OWN_TEXT = ("alt", "title", "aria-label")
_LONGEST_ISLAND = 200  # tokens of a ruby or code element
_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff\uff66-\uff9f々]")


@dataclass(slots=True)
class Run:
    """A paragraph's worth of inline content.

    Attributes:
        pieces: Its pieces, in order.
        context: The heading or list item that it is in (``h2``, ``li``), empty in anything else.
        first: Number of its first token.
        last: Number of the token behind it.
        values: Attributes of its tags that hold Japanese text.
    """

    pieces: list[Piece] = field(default_factory=list)
    context: str = ""
    first: int = 0
    last: int = 0
    values: list[Attribute] = field(default_factory=list)


class Runs:
    """Reads runs from a page's tokens.

    Attributes:
        readings: Words with the readings that ``<ruby>`` gives them.
    """

    def __init__(self, page: str, tokens: Sequence[Token], skipped: bytearray) -> None:
        self.page = page
        self.tokens = tokens
        self.skipped = skipped
        self.readings: dict[tuple[str, str], None] = {}

    def between(self, first: int, last: int) -> Iterator[Run]:
        """Yield the runs of a part of the page."""
        context: list[str] = []
        run = Run(first=first)
        at = first
        while at < last:
            token = self.tokens[at]
            piece, after, ends = self._piece(at, last)
            if ends:
                run.last = at
                yield run
                _enter(context, token)
                run = Run(context=context[-1] if context else "", first=after)
            run.pieces += piece
            if token.kind == "open" and not self.skipped[at]:
                run.values += self._values(token)
            at = after
        run.last = last
        yield run

    def _piece(self, at: int, last: int) -> tuple[list[Piece], int, bool]:
        """Return the pieces of a token, the number of the next one, and whether the token ends a run."""
        token = self.tokens[at]
        if self.skipped[at]:
            after = at + 1
            while after < last and self.skipped[after]:
                after += 1
            closing = after < last and self.tokens[after].kind == "close" and self.tokens[after].name == token.name
            after += closing  # the closing tag itself is outside what it closes
            ends = token.name in OUTSIDE or (token.name not in _INLINE_OPAQUE and token.name not in _INLINE)
            return [Piece("point", token.start, self.tokens[after - 1].end)], after, ends
        if token.kind == "text":
            return (
                [Piece("text", a, b, text) for a, b, text in visible(self.page, token.start, token.end)],
                at + 1,
                False,
            )
        if token.kind == "other":
            return [Piece("point", token.start, token.end)], at + 1, False
        if token.name == "br":
            return [Piece("break", token.start, token.end)], at + 1, False
        if token.name not in _INLINE and token.name not in _INLINE_OPAQUE and token.name not in _RUBY_PARTS:
            return [], at + 1, True
        if token.kind == "open" and (token.name in CODE or token.name == "ruby" or self._is_fixed(token)):
            after = self._island(at, last)
            if after:
                return [self._island_piece(at, after)], after, False
        if token.kind == "open" and token.name in _RUBY_PARTS:
            after = self._island(at, last) or at + 1  # of a word whose ruby holds more than text
            return [Piece("point", token.start, self.tokens[after - 1].end)], after, False
        if token.name in VOID or token.name in _INLINE_OPAQUE or token.name in _RUBY_PARTS:
            return [Piece("point", token.start, token.end)], at + 1, False
        return [Piece(token.kind, token.start, token.end, name=token.name)], at + 1, False

    def _is_fixed(self, token: Token) -> bool:
        found = attributes(self.page, token)
        no = "translate" in found and found["translate"].value.lower() == "no"
        return no or ("class" in found and "notranslate" in found["class"].value.split())

    def _island(self, at: int, last: int) -> int:
        """Return the number of the token behind an inline element, 0 if it is not closed inside its paragraph."""
        name, depth = self.tokens[at].name, 0
        inside = {"ruby", "rb"} | _RUBY_PARTS if name == "ruby" else _INLINE | _RUBY_PARTS
        if name in VOID:
            return 0
        for number in range(at, min(last, at + _LONGEST_ISLAND)):
            token = self.tokens[number]
            if token.name == name:
                depth += {"open": 1, "close": -1}.get(token.kind, 0)
                if not depth:
                    return number + 1
            elif token.kind != "text" and token.name not in inside:
                return 0
        return 0

    def _island_piece(self, at: int, after: int) -> Piece:
        """Return an element that is taken as a whole: code, or a word with its reading."""
        base, reading, inside = "", "", ""
        for token in self.tokens[at:after]:
            if token.name in _RUBY_PARTS:
                inside = token.name if token.kind == "open" else ""
            elif token.kind in ("open", "close") and token.name in ("rb", "ruby"):
                inside = ""
            if token.kind == "text":
                text = "".join(shown for _, _, shown in visible(self.page, token.start, token.end))
                base += "" if inside else text
                reading += text if inside == "rt" else ""
        start, end = self.tokens[at].start, self.tokens[after - 1].end
        if self.tokens[at].name != "ruby":
            return Piece("code", start, end, base + reading)
        pair = ("".join(base.split()), "".join(reading.split()))
        if all(pair):
            self.readings[pair] = None
        return Piece("text", start, end, base)

    def _values(self, token: Token) -> Iterator[Attribute]:
        if token.end - token.start < len(token.name) + 5:
            return
        found = attributes(self.page, token)
        for name in _OWN_TEXT:
            if name in found and _JAPANESE.search(found[name].value):
                yield found[name]


def _enter(context: list[str], token: Token) -> None:
    """Follow which headings and list items are open."""
    name = token.name
    is_item = name in ("li", "dt", "dd")
    is_heading = len(name) == 2 and name[0] == "h" and name[1] in "123456"
    if token.kind == "open" and (is_item or is_heading):
        if is_item and context and context[-1] in ("li", "dt", "dd"):
            context.pop()  # its end is understood; a list inside a list shows the same role
        context.append(name)
    elif token.kind == "close":
        names = (name,) if is_item or is_heading else _LISTS.get(name, ())
        while context and (context[-1] in names or (is_heading and context[-1][0] == "h")):
            context.pop()
            if is_item:
                break
