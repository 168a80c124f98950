"""HTML as a list of tokens with offsets: enough of the standard's tokenizer to copy a page and change its text.

A tree builder moves, adds and drops nodes, so a page written from its tree is not the page that was read. Tokens with
offsets keep every byte that is not translated. The tokenizer takes time in proportion to the page, whatever it holds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z][^\s/>]*")
_ATTRIBUTE = re.compile(
    r"[\s/]*(?P<name>[^\s/>=][^\s/>=]*)(?:\s*=\s*(?:\"(?P<d>[^\"]*)\"|'(?P<s>[^']*)'|(?P<u>[^\s>\"']+)))?"
)
_TO_QUOTE_OR_END = re.compile(r"[^>=]*(?:=(?!\s*[\"'])[^>=]*)*(>|=\s*[\"'])")
_COMMENT_END = re.compile(r"--!?>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?)")
RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"])
"""Elements whose content is no markup."""
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII) for name in RAW}
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a page.

    Attributes:
        kind: ``text``, ``open``, ``close`` or ``other`` (comment, declaration).
        start: Offset of its first code point.
        end: Offset behind its last.
        name: The element's name in small letters.
    """

    kind: str
    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a tag.

    Attributes:
        value: Its value, with references read.
        start: Offset of the raw value in the page; equal to ``end`` for one without a value.
        end: Offset behind it.
        quote: The quotation mark around it; empty without.
    """

    value: str
    start: int
    end: int
    quote: str


def tokenize(page: str) -> list[Token]:
    """Return the tokens of a page; they join to it.

    >>> [(token.kind, token.name) for token in tokenize("<p>a<br/>b</p><!-- c -->")]
    [('open', 'p'), ('text', ''), ('open', 'br'), ('text', ''), ('close', 'p'), ('other', '')]
    """
    out: list[Token] = []
    at = text = 0
    while (at := page.find("<", at)) >= 0:
        token = _markup(page, at)
        if token is None:
            at += 1
            continue
        if text < at:
            out.append(Token("text", text, at))
        out.append(token)
        at = text = token.end
        if token.kind == "open" and token.name in RAW:
            close = _RAW_END[token.name].search(page, at)
            at = text = close.start() if close else len(page)
            if token.end < at:
                out.append(Token("text" if token.name == "title" else "other", token.end, at))
    if text < len(page):
        out.append(Token("text", text, len(page)))
    return out


def _markup(page: str, at: int) -> Token | None:
    """Return the comment, declaration or tag at ``<``; None if it is text.

    What does not end swallows the rest of the page, as it does in a browser; nothing is scanned twice for that reason.
    """
    following = page[at + 1 : at + 2]
    closes = following == "/"
    name = _NAME.match(page, at + 1 + closes)
    if name is not None:
        end = _tag_end(page, name.end())
        if end < 0:
            return Token("other", at, len(page))
        return Token("close" if closes else "open", at, end, name[0].lower())
    if following not in ("!", "?", "/"):
        return None
    if page.startswith(("<!-->", "<!--->"), at):
        return Token("other", at, page.index(">", at) + 1)
    if page.startswith("<!--", at):
        comment = _COMMENT_END.search(page, at + 4)
        return Token("other", at, comment.end() if comment else len(page))
    end = page.find(">", at + 2)
    return Token("other", at, end + 1 if end >= 0 else len(page))


def _tag_end(page: str, at: int) -> int:
    """Return where a tag ends: at the first ``>`` outside a quoted value; -1 if it does not."""
    while match := _TO_QUOTE_OR_END.match(page, at):
        if match[1] == ">":
            return match.end()
        at = page.find(match[1][-1], match.end()) + 1
        if not at:
            break
    return -1


def attributes(page: str, token: Token) -> dict[str, Attribute]:
    """Return the attributes of an opening tag by their names in small letters; the first of a name counts."""
    out: dict[str, Attribute] = {}
    at = token.start + 1 + len(token.name)
    while match := _ATTRIBUTE.match(page, at, token.end - 1):
        at = match.end()
        group = next((group for group in ("d", "s", "u") if match[group] is not None), None)
        start, end = match.span(group) if group else (match.end(), match.end())
        quote = {"d": '"', "s": "'"}.get(group or "", "")
        out.setdefault(match["name"].lower(), Attribute(html.unescape(page[start:end]), start, end, quote))
    return out


def visible(page: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of a text with what a reader sees of them: character references apart.

    >>> list(visible("a&amp;b", 0, 7))
    [(0, 1, 'a'), (1, 6, '&'), (6, 7, 'b')]
    """
    at = start
    for match in _REFERENCE.finditer(page, start, end):
        shown = html.unescape(match[0])
        if shown == match[0]:
            continue
        if at < match.start():
            yield at, match.start(), page[at : match.start()]
        yield match.start(), match.end(), shown
        at = match.end()
    if at < end:
        yield at, end, page[at:end]
