"""Markdown, both ways: CommonMark with tables, strikethrough, notes and front matter.

Headings, paragraphs, list items, cells, notes, the descriptions of images, the titles of links, and title and
description in the front matter are translated; code, HTML blocks, math, comments and everything else are copied. The
source between two segments is copied exactly, so nothing translated gives the file back byte for byte. A block whose
text cannot be found in the source with certainty is copied, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from markdown_it.token import Token

from translate.document import Block, Document, Role, Segment
from translate.encoding import Decoded, decode, encode
from translate.errors import InputError
from translate.formats._inline import Piece, segments
from translate.formats._markdown_blocks import Lines, Place
from translate.formats._markdown_inline import Inline, locate, parser
from translate.formats._markdown_writing import Writer
from translate.formats._rendering import english_of, render_edits
from translate.formats.boilerplate import Boilerplate, shipped_boilerplate
from translate.markup import bare

_FRONT = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*(?:\r\n|\r|\n)(?P<body>(?s:.*?))^(?P=fence)[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE
)
_VALUE = re.compile(
    r"""^(?P<key>[A-Za-z][\w-]*)[ \t]*(?P<sign>[:=])[ \t]*
    (?:'(?P<single>[^'\n\r]+)'|"(?P<double>[^"\\\n\r]+)"|(?P<plain>[^\s'"&*!|>%@`\[\]{}\#?,-][^\n\r]*?))
    [ \t]*(?=[\n\r]|\Z)(?!(?:\r\n|\r|\n)[ \t])""",
    re.MULTILINE | re.VERBOSE,
)
_TRANSLATED_KEYS = frozenset({"title", "subtitle", "description", "summary", "excerpt", "lead"})
_ALT = re.compile(r"!\[([^\[\]\\`*_<>&!|~$]+)\](?=\(|\[[^\]])")
_TITLE = re.compile(r"[ \t\n](?:\"([^\"\\&]+)\"|'([^'\\&]+)'|\(([^()\\&]+)\))\s*\)\Z")
_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff\uff66-\uff9f々]")
_ROW_OF_DASHES = re.compile(r"[>\s]*[-:|][-:|\s]*")
_MATH_BLOCK = re.compile(r"\s*\$\$(?s:.*)\$\$\s*")


def read(data: bytes, path: str, *, protected: Iterable[str] = (), boilerplate: Boilerplate | None = None) -> Document:
    r"""Read a Markdown article.

    Args:
        data: The file's bytes.
        path: Its path, for messages and occurrences.
        protected: Names that are never split, such as those that end in 。.
        boilerplate: Patterns of blocks that are not part of the article; the shipped ones if omitted.

    Raises:
        InputError: The bytes are no text, or show nothing.

    Example:
        >>> article = read("# 橋が開通\n\n**新しい橋**が開いた。[市](/c)民が渡った。\n".encode(), "bridge.md")
        >>> [segment.plain for _, segment in article.segments()]
        ['橋が開通', '<1>新しい橋</1>が開いた。', '<1>市</1>民が渡った。']
    """
    decoded = decode(data, path)
    if not decoded.text.strip("\ufeff\u200b \t\r\n\u3000"):
        raise InputError(f"{path}: the file shows no text, only blanks; put the article's text into it")
    patterns = shipped_boilerplate() if boilerplate is None else boilerplate
    blocks = _Reader(decoded.text, tuple(protected), patterns).blocks()
    return Document(PurePath(path).as_posix(), decoded.text, blocks, "markdown", decoded.encoding, decoded.bom)


def render(document: Document, translations: Mapping[str, str], *, keep_boilerplate: bool = False) -> bytes:
    """Write the article with its segments translated.

    Args:
        document: What ``read`` made.
        translations: ``Segment.plain`` → English with its tags; a segment that is missing, or empty, stays as it is.
        keep_boilerplate: Whether boilerplate blocks stay.

    Returns:
        UTF-8 with the line ends of the source; in the source's encoding if nothing is translated.
    """
    md = parser()
    env: dict[str, Any] = {}
    any_english = any(english_of(one, translations) for _, one in document.segments(boilerplate=True))
    if any_english:
        md.parse(document.source, env)  # link references and notes
    text = render_edits(document, translations, Writer(md, env).write, keep_boilerplate=keep_boilerplate)
    if any_english:
        return text.encode("utf-8")
    return encode(text, Decoded(document.source, document.encoding, document.bom))


@dataclass
class _Reader:
    source: str
    protected: tuple[str, ...]
    boilerplate: Boilerplate
    section: int = 0
    headed: bool = False
    found: list[Block] = field(default_factory=list)

    def blocks(self) -> tuple[Block, ...]:
        self.lines = Lines(self.source)
        self.md = parser()
        self.env: dict[str, Any] = {}
        body = self.source
        front = _FRONT.match(self.source)
        if front is not None:
            self._front(front)
            # Blank, so that lines keep their numbers.
            body = re.sub(r"[^\n\r]", " ", front[0]) + self.source[front.end() :]
        tokens = self.md.parse(body, self.env)
        items = 0
        for number, token in enumerate(tokens):
            items += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
            if token.type == "inline":
                self._block(token, tokens[number - 1], in_list=items > 0)
        return tuple(self.found)

    def _front(self, front: re.Match[str]) -> None:
        sign = ":" if front["fence"] == "---" else "="
        for match in _VALUE.finditer(self.source, *front.span("body")):
            group = next(name for name in ("single", "double", "plain") if match[name])
            value = match[group]
            unsafe = group == "plain" and (": " in value or " #" in value or value.endswith(":") or sign == "=")
            toml_literal = sign == "=" and group == "single"
            if match["key"].lower() not in _TRANSLATED_KEYS or match["sign"] != sign or unsafe or toml_literal:
                continue
            quote = {"single": "'", "double": '"', "plain": ""}[group]
            text = Piece("text", match.start(group), match.end(group), value)
            made = segments(self.source, [text], whole=True, syntax=f"front:{quote}")
            self._add(Role.TITLE if match["key"].lower() == "title" else Role.BODY, made)

    def _block(self, token: Token, parent: Token, *, in_list: bool) -> None:
        place = self.lines.place(token, parent)
        if place is None or _MATH_BLOCK.fullmatch(token.content):
            return
        inline = locate(token.content, self.md, self.env)
        if inline is None:
            return
        is_heading = parent.type == "heading_open"
        is_cell = parent.type in ("th_open", "td_open")
        syntax = "cell" if is_cell else "atx" if is_heading and parent.markup.startswith("#") else ""
        if not is_cell and self._has_dashes_below(token):
            syntax += "barless"
        pieces = list(_pieces(token.content, inline, place))
        made = segments(self.source, pieces, self.protected, whole=is_heading, syntax=syntax)
        role = Role.LIST if in_list and not is_heading else Role.BODY
        if is_heading:
            role = Role.TITLE if parent.tag == "h1" and not self.headed else Role.HEADING
        visible = bare("".join(segment.plain for segment in made))
        extent = (0, 0)
        if made and parent.level == 0 and self.boilerplate.matches(visible):
            role, extent = Role.BOILERPLATE, self._extent(token)
        elif is_heading and made:
            self.section += role is Role.HEADING
            self.headed = True
        self._add(role, made, extent)
        for inner in self._inner(token.content, inline, place):
            self._add(Role.BOILERPLATE if extent != (0, 0) else Role.BODY, [inner], extent)

    def _has_dashes_below(self, token: Token) -> bool:
        """Tell whether a row of dashes stands in or below a block, which a bar above it would make a table of."""
        first, limit = token.map or [0, 0]
        lines = range(first + 1, min(limit + 1, len(self.lines.spans)))
        return any(_ROW_OF_DASHES.fullmatch(self.lines.text(number)) for number in lines)

    def _extent(self, token: Token) -> tuple[int, int]:
        """Return a block's lines with the blank ones behind it."""
        first, limit = token.map or [0, 0]
        while self.lines.is_blank(limit):
            limit += 1
        return self.lines.start_of(first), self.lines.start_of(limit)

    def _inner(self, content: str, inline: Iterable[Inline], place: Place) -> Iterator[Segment]:
        """Yield the texts inside markup: descriptions of images, titles of links and images."""
        for piece in inline:
            if piece.kind not in ("point", "close"):
                continue
            raw = content[piece.start : piece.end]
            alt = _ALT.match(raw) if piece.kind == "point" else None
            title = _TITLE.search(raw)
            spans = [("alt", alt.span(1))] if alt else []
            spans += [("title", title.span(title.lastindex or 1))] if title else []
            for syntax, (low, high) in spans:
                if not _JAPANESE.search(raw, low, high) or "\n" in raw[low:high]:
                    continue
                start, end = place.starts[piece.start + low], place.ends[piece.start + high - 1]
                if end - start == high - low:
                    text = Piece("text", start, end, raw[low:high])
                    yield from segments(self.source, [text], whole=True, syntax=syntax)

    def _add(self, role: Role, made: list[Segment], extent: tuple[int, int] = (0, 0)) -> None:
        if made:
            line = self.lines.number_at(made[0].start)
            self.found.append(Block(role, tuple(made), self.section, line, extent))


def _pieces(content: str, inline: Iterable[Inline], place: Place) -> Iterator[Piece]:
    """Translate offsets of the content into those of the source."""
    opened: list[int] = []  # where the texts of open links begin
    for piece in inline:
        start, end = place.starts[piece.start], place.ends[piece.end - 1]
        closing = None
        if piece.name == "link":
            if piece.kind == "open":
                opened.append(piece.end)
            else:
                label = content[opened.pop() : piece.start]
                if content[piece.start : piece.end] in ("]", "][]"):
                    closing = f"][{label}]"  # the label names the target, so it stays when the text is translated
        made = Piece(piece.kind, start, end, piece.text, piece.name, closing)
        if piece.kind == "text" and len(piece.text) == piece.end - piece.start != end - start:
            for at, char in enumerate(piece.text, start=piece.start):  # a cell with an escaped bar
                yield replace(made, start=place.starts[at], end=place.ends[at], text=char)
        else:
            yield made
