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


def text_of(element: Any, numbers: dict[str, str]) -> str:
    """Return an element's text with numbered tags; native code inside inline elements is left out.

    Args:
        element: A ``source``, ``target`` or ``seg`` element.
        numbers: Other tools' ids → numbers, shared between the source and the target of a unit; it is added to.
    """
    parts = [element.text or ""]
    for child in element:
        parts.append(_inline(child, numbers))
        parts.append(child.tail or "")
    return "".join(parts)


def _inline(child: Any, numbers: dict[str, str]) -> str:
    if not isinstance(child.tag, str):  # a comment or a processing instruction
        return ""
    name = child.tag.rpartition("}")[2]
    if name in _CLEAR:
        return text_of(child, numbers)
    if name == "cp":
        return _code_point(child.get("hex", ""))
    if name in _AROUND:
        number = _number(child.get("id", ""), numbers)
        return f"<{number}>{text_of(child, numbers)}</{number}>"
    if name in _POINT:
        return f"<{_number(child.get('id') or child.get('x', ''), numbers)}/>"
    if name in _OPENING:
        return f"<{_number(child.get('rid') or child.get('id') or child.get('i', ''), numbers)}>"
    if name in _CLOSING:
        own = child.get("startRef") or child.get("rid") or child.get("id") or child.get("i", "")
        return f"</{_number(own, numbers)}>"
    return ""


def _number(name: str, numbers: dict[str, str]) -> str:
    if name not in numbers:
        free = name if re.fullmatch(r"[1-9]\d?", name) and name not in numbers.values() else ""
        taken = set(numbers.values())
        numbers[name] = free or next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)
    return numbers[name]


def _code_point(digits: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f]{1,6}", digits):
        return ""
    value = int(digits, 16)
    return chr(value) if 0 < value < 0xD800 or 0xE000 <= value <= 0x10FFFF else ""
