"""Inline Markdown with offsets.

markdown-it-py's inline tokens do not say where they stand. Its tokenizer loop is repeated here with one addition: the
position at which each rule began is noted for the tokens that it pushed. Everything between two tokens belongs to the
first, and every text is compared with the source; where that does not agree, the run counts as not located.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkLabel
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MATH = re.compile(r"(\$\$?)(?![\s$])[!-~ ]*?(?<![\s\\])\1(?![0-9])")
_HTML_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_PAIRED = {"em", "strong", "s", "link", "note"}


class Inline(NamedTuple):
    """A piece of inline Markdown, offsets into the content of its block; kinds as in ``_inline.Piece``."""

    kind: str
    start: int
    end: int
    text: str = ""
    name: str = ""
    closing: str | None = None


def locate(content: str, md: MarkdownIt, env: dict[str, Any]) -> list[Inline] | None:
    """Return the pieces of inline Markdown, which join to ``content``; None where that is not certain.

    Args:
        content: What markdown-it calls the content of an inline token.
        md: A parser made by ``parser``.
        env: Its environment, with the link references of the document.
    """
    inline = md.inline
    if not isinstance(inline, Tracker):
        raise TypeError("locate needs the parser that parser() makes")
    inline.starts.clear()
    tokens: list[Token] = []
    inline.parse(content, md, env, tokens)
    marks = [(token, inline.starts.get(id(token), -1)) for token in _without_autolinks(tokens)]
    pieces: list[Inline] = []
    for number, (token, start) in enumerate(marks):
        start = _widened(token, start)
        following = _widened(*marks[number + 1]) if number + 1 < len(marks) else len(content)
        if start < 0 or following < start:
            return None
        made = _pieces(token, content, start, following)
        if made is None:
            return None
        if pieces and pieces[-1].kind == "soft" and made[0].kind in ("soft", "break"):
            made[0] = made[0]._replace(start=pieces.pop().start)  # two spaces make the break a hard one
        pieces += made
    return pieces if _join(pieces, content) else None


def _without_autolinks(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens that show something; of the three of an autolink only the first, under the name of its rule."""
    in_autolink = False
    for token in tokens:
        if token.markup == "autolink":
            in_autolink = token.type == "link_open"
            if in_autolink:
                token.type = "autolink"
                yield token
        elif not in_autolink and (token.content or token.type != "text"):
            yield token


def _widened(token: Token, start: int) -> int:
    """Return where a token's markup begins: of ``**``, the parser keeps the inner one of two."""
    return start - 1 if token.type == "strong_open" else start


def _pieces(token: Token, content: str, start: int, end: int) -> list[Inline] | None:
    family, _, edge = token.type.rpartition("_")
    if token.type in ("text", "text_special"):
        if token.type == "text_special":
            length = len(token.markup)
            text_pieces = [Inline("text", start, start + length, token.content)]
            sound = content[start : start + length] == token.markup
        else:
            length = len(token.content)
            text_pieces = [Inline("text", start, start + length, token.content)]
            sound = content[start : start + length] == token.content
        if not sound or start + length > end:
            return None
        if start + length < end:  # white space before a line's end
            if content[start + length : end].strip(" "):
                return None
            text_pieces.append(Inline("soft", start + length, end))
        return text_pieces
    if family in _PAIRED and edge == "open":
        return [Inline("open", start, end, name=family)]
    if family in _PAIRED and edge == "close":
        return [Inline("close", start, end, name=family)]
    if token.type == "code_inline":
        return [Inline("code", start, end, token.content)]
    if token.type == "autolink":
        return [Inline("code", start, end, content[start + 1 : end - 1])]
    if token.type == "math_inline":
        return [Inline("code", start, end, content[start:end])]
    if token.type in ("image", "footnote_ref"):
        return [Inline("point", start, end)]
    if token.type == "hardbreak":
        return [Inline("break", start, end)]
    if token.type == "softbreak":
        return [Inline("soft", start, end)]
    if token.type == "html_inline":
        return [_html(content, start, end)]
    return None


def _html(content: str, start: int, end: int) -> Inline:
    match = _HTML_NAME.match(content, start, end)
    name = match[2].lower() if match else ""
    if name == "br":
        return Inline("break", start, end)
    if not match or name in VOID or content[:end].endswith("/>"):
        return Inline("point", start, end)
    return Inline("close" if match[1] else "open", start, end, name=f"<{name}>")


def _join(pieces: list[Inline], content: str) -> bool:
    at = 0
    for piece in pieces:
        if piece.start != at:
            return False
        at = piece.end
    return at == len(content)


class Tracker(ParserInline):
    """An inline parser that notes where its tokens begin.

    Attributes:
        starts: Identity of a token → its position; valid until the next block.
    """

    def __init__(self) -> None:
        super().__init__()
        self.starts: dict[int, int] = {}
        self._nested_end = 0

    def tokenize(self, state: StateInline) -> None:
        """Tokenize like the base class, and note positions."""
        rules = self.ruler.getRules("")
        end = state.posMax
        deepest = state.md.options["maxNesting"]
        pending = state.pos  # where the text that is not yet a token began
        while state.pos < end:
            start, count, waiting = state.pos, len(state.tokens), bool(state.pending)
            done = state.level < deepest and any(rule(state, False) for rule in rules)
            if not done:
                state.append_pending(state.src[start])
                state.pos += 1
            new = state.tokens[count:]
            if new and waiting and new[0].type == "text":
                self.starts[id(new.pop(0))] = pending
            self._note(new, start)
            if state.pending and (len(state.tokens) > count or not waiting):
                pending = start
        if state.pending:
            self.starts[id(state.pushPending())] = pending
        self._nested_end = end

    def _note(self, tokens: list[Token], start: int) -> None:
        at = start
        for token in tokens:
            if id(token) in self.starts:
                continue  # noted by the nested loop
            self.starts[id(token)] = self._nested_end if token.nesting < 0 else at
            if token.type == "text":
                at += len(token.content)  # one run of markers, a token each


def math(state: StateInline, silent: bool) -> bool:
    """Match ``$…$`` and ``$$…$$`` without Japanese, so that prices in a sentence are none."""
    match = MATH.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "$" else None
    if match is None:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = match[0]
    state.pos = match.end()
    return True


def note(state: StateInline, silent: bool) -> bool:
    """Match an inline note, ``^[…]``."""
    start, limit = state.pos, state.posMax
    if not state.src.startswith("^[", start):
        return False
    label_end = parseLinkLabel(state, start + 1)
    if label_end < 0:
        return False
    if not silent:
        state.pos, state.posMax = start + 2, label_end
        state.push("note_open", "note", 1)
        state.md.inline.tokenize(state)
        state.push("note_close", "note", -1)
    state.pos, state.posMax = label_end + 1, limit
    return True


def parser() -> MarkdownIt:
    """Return a parser of blocks whose inline parts are for ``locate``: CommonMark, tables, strikethrough, footnotes."""
    from mdit_py_plugins.footnote import footnote_plugin

    md = MarkdownIt("commonmark").enable(["table"])
    md.inline = Tracker()
    footnote_plugin(md, inline=False, move_to_end=False)
    md.inline.ruler.before("link", "note", note)
    md.inline.ruler.before("backticks", "math", math)
    md.inline.ruler.disable(["linkify"])
    md.inline.ruler2.disable(["fragments_join"])
    md.core.ruler.enableOnly(["normalize", "block"])
    return md
