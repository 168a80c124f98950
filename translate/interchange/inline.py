"""Numbered tags of a segment (``<1>…</1>``, ``<2/>``) ↔ the inline elements of XML formats.

Only tags that nest and pair up become elements; in any other text they stay the characters that they are, so nothing
is lost either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from translate.interchange.exchanged import cleaned
from translate.markup import tags

# Local names in TMX 1.4, XLIFF 1.2 and XLIFF 2.0, by what they do to the text around them.
_AROUND = {"g", "pc"}
_POINT = {"x", "ph", "it"}
_OPENING = {"bpt", "bx", "sc"}
_CLOSING = {"ept", "ex", "ec"}
_CLEAR = {"mrk", "hi", "sub"}


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, value): ``text`` and its characters, or ``open``, ``close``, ``point`` and a tag's number.

    >>> list(pieces("<1>橋</1><2/>"))
    [('open', '1'), ('text', '橋'), ('close', '1'), ('point', '2')]
    >>> list(pieces("1<2>1"))
    [('text', '1<2>1')]
    """
    text = cleaned(text)
    at = 0
    for tag in tags(text):
        if tag.start > at:
            yield "text", text[at : tag.start]
        yield tag.kind, str(tag.number)
        at = tag.end
    if at < len(text):
        yield "text", text[at:]


def append_text(element: Any, text: str) -> None:
    """Add characters behind everything that an element holds."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def fill(element: Any, text: str, around: str, point: str) -> None:
    """Fill an element with a text, its paired tags as nested elements.

    Args:
        element: A ``source`` or ``target`` element.
        text: The text with numbered tags.
        around: Qualified name for a pair of tags.
        point: Qualified name for a single one.
    """
    stack = [element]
    for kind, value in pieces(text):
        if kind == "text":
            append_text(stack[-1], value)
        elif kind == "open":
            inner = element.makeelement(around, {"id": value})
            stack[-1].append(inner)
            stack.append(inner)
        elif kind == "close":
            stack.pop()
        else:
            stack[-1].append(element.makeelement(point, {"id": value}))


class Numbers:
    """Other tools' ids of inline elements → numbers of our tags, shared between the source and the target of a unit."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()
        self._next = 1

    def of(self, name: str) -> str:
        """Return the number of an id: the id itself if it is one and still free, else the lowest that is."""
        if name not in self._known:
            if not re.fullmatch(r"[1-9]\d?", name, re.ASCII) or name in self._taken:
                while (number := str(self._next)) in self._taken:
                    self._next += 1
            else:
                number = name
            self._known[name] = number
            self._taken.add(number)
        return self._known[name]


def text_of(element: Any, numbers: Numbers) -> str:
    """Return an element's text with numbered tags; native code inside inline elements is left out.

    Args:
        element: A ``source``, ``target`` or ``seg`` element.
        numbers: The numbers of the unit; they are added to.
    """
    parts = [element.text or ""]
    for child in element:
        parts.append(_inline(child, numbers))
        parts.append(child.tail or "")
    return "".join(parts)


def _inline(child: Any, numbers: Numbers) -> str:
    if not isinstance(child.tag, str):  # a comment or a processing instruction
        return ""
    name = child.tag.rpartition("}")[2]
    if name in _CLEAR:
        return text_of(child, numbers)
    if name == "cp":
        return _code_point(child.get("hex", ""))
    if name in _AROUND:
        number = numbers.of(child.get("id", ""))
        return f"<{number}>{text_of(child, numbers)}</{number}>"
    if name in _POINT:
        return f"<{numbers.of(child.get('id') or child.get('x', ''))}/>"
    if name in _OPENING:
        return f"<{numbers.of(child.get('rid') or child.get('id') or child.get('i', ''))}>"
    if name in _CLOSING:
        own = child.get("startRef") or child.get("rid") or child.get("id") or child.get("i", "")
        return f"</{numbers.of(own)}>"
    return ""


def _code_point(digits: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f]{1,6}", digits):
        return ""
    value = int(digits, 16)
    return chr(value) if 0 < value < 0xD800 or 0xE000 <= value <= 0x10FFFF else ""
