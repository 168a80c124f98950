"""Which part of a page is the article.

Libraries that extract articles (trafilatura, readability-lxml) give text or a tree of their own, from which the page
cannot be written back, and bring a dozen packages. What they look at is looked at here, on tokens with offsets: the
elements that say ``article`` or ``main``, and otherwise the smallest element around nearly all of the page's prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from translate.formats._html_tokens import VOID, Attribute, Token, attributes

OUTSIDE = frozenset(["nav", "aside", "footer", "form", "dialog", "menu"])
"""Elements that surround an article, also within it."""
CODE = frozenset(["code", "kbd", "samp", "var", "tt"])
"""Elements whose text is never translated but belongs to its sentence."""
OPAQUE = frozenset(
    {
        "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "embed", "video", "audio",
        "canvas", "select", "textarea", "button", "pre", "xmp", "noembed", "noframes", "head", "map",
        "datalist"
    }
)  # fmt: skip
"""Elements in which nothing is translated."""
_ENDS_PARAGRAPH = frozenset(
    {
        "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section",
        "table", "ul"
    }
)  # fmt: skip
_PARTS = frozenset({"navigation", "complementary", "contentinfo", "search", "banner", "dialog", "menu"})
_ENDS = re.compile("[。．！？!?]")
_ENOUGH = 0.8  # of the prose of the page, or of the element around


@dataclass(slots=True)
class Element:
    """An element of the page.

    Attributes:
        name: Its name.
        first: Number of its opening token.
        last: Number of the token behind its closing one.
        rank: 2 for what says that it is the article, 1 for the page's main part, 0 for anything else.
    """

    name: str
    first: int
    last: int
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a page is to be read.

    Attributes:
        first: Number of the article's first token.
        last: Number of the token behind it.
        skipped: For each token, whether it lies in something that is never translated.
    """

    first: int
    last: int
    skipped: bytearray


def outline(page: str, tokens: Sequence[Token]) -> Outline:
    """Find the article of a page."""
    elements, skipped = _elements(page, tokens)
    prose = [0]  # running sum of the characters of prose
    in_link = 0
    for number, token in enumerate(tokens):
        if token.name == "a" and token.kind != "other":
            in_link = token.kind == "open"
        text = page[token.start : token.end] if token.kind == "text" and not skipped[number] and not in_link else ""
        prose.append(prose[-1] + (len(text.strip()) if _ENDS.search(text) else 0))

    def mass(element: Element) -> int:
        return prose[element.last] - prose[element.first]

    body = next((one for one in elements if one.name == "body"), Element("", 0, len(tokens)))
    chosen = body
    for rank in (1, 2):
        named = [one for one in elements if one.rank == rank and mass(one)]
        best = max(named, key=lambda one: (mass(one), -one.first), default=None)
        if best and (2 * mass(best) >= mass(body) if chosen is body else mass(best) >= _ENOUGH * mass(chosen)):
            chosen = best
    if chosen is body and mass(body):
        inside = [one for one in elements if mass(one) >= _ENOUGH * mass(body) and body.first <= one.first < body.last]
        holding = [one for one in inside if one.name not in ("p", "span", "b", "strong", "td", "li", "font")]
        chosen = min(holding, key=lambda one: (one.last - one.first, one.first), default=body)
    return Outline(chosen.first, chosen.last, skipped)


def _elements(page: str, tokens: Sequence[Token]) -> tuple[list[Element], bytearray]:
    """Return the elements in order of their openings, and which tokens are skipped."""
    elements: list[Element] = []
    stack: list[tuple[Element, bool]] = []  # an open element, and whether it is skipped
    open_names: dict[str, int] = {}
    skipped = bytearray(len(tokens) + 1)
    depth = 0  # of skipped elements
    for number, token in enumerate(tokens):
        if token.kind == "open" and token.name in _ENDS_PARAGRAPH and stack and stack[-1][0].name == "p":
            element, skips = stack.pop()  # its end is understood
            element.last = number
            open_names["p"] -= 1
            depth -= skips
        if token.kind == "open" and token.name not in VOID:
            skips = depth > 0 or _is_skipped(token, attributes(page, token))
            element = Element(token.name, number, len(tokens), 0 if skips else _rank(page, token))
            elements.append(element)
            stack.append((element, skips))
            open_names[token.name] = open_names.get(token.name, 0) + 1
            depth += skips
        skipped[number] = depth > 0
        if token.kind == "close" and open_names.get(token.name):
            while True:
                element, skips = stack.pop()
                element.last = number + 1
                open_names[element.name] -= 1
                depth -= skips
                if element.name == token.name:
                    break
    return elements, skipped


def _is_skipped(token: Token, found: dict[str, Attribute]) -> bool:
    if token.name in OUTSIDE or token.name in OPAQUE or "hidden" in found:
        return True
    hidden = found["aria-hidden"].value.lower() == "true" if "aria-hidden" in found else False
    return hidden or ("role" in found and found["role"].value.lower() in _PARTS)


def _rank(page: str, token: Token) -> int:
    found = attributes(page, token)
    role = found["role"].value.lower() if "role" in found else ""
    if token.name == "article" or role == "article":
        return 2
    if "itemprop" in found and "articleBody" in found["itemprop"].value:
        return 2
    return 1 if token.name == "main" or role == "main" else 0
