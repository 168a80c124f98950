"""Numbered tags in a text: which are well-formed, the text without them, and what is wrong with a translation's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

MOST = 99
"""Slots that one segment may have; tags have two digits at most."""

TAG = re.compile(r"<(?:(/)([1-9][0-9]?)|([1-9][0-9]?)(/?))>")
"""``<1>``, ``</1>`` and ``<1/>``."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in a text.

    Attributes:
        number: Its number.
        kind: ``open``, ``close`` or ``point``.
        start: Offset of its ``<``.
        end: Offset behind its ``>``.
    """

    number: int
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A slot in a text without tags.

    Attributes:
        number: Its number.
        start: First code point inside it.
        end: First code point behind it; equal to ``start`` for a point and for an empty pair.
        paired: Whether it has an opening and a closing tag.
        parent: Number of the slot right around it, 0 without one.
    """

    number: int
    start: int
    end: int
    paired: bool
    parent: int = 0


@dataclass(frozen=True, slots=True)
class Stripped:
    """A text without its tags.

    Attributes:
        text: What is left: clean text, for matching and for the engine.
        slots: Where the tags were, in order of their first tags.
    """

    text: str
    slots: tuple[Span, ...] = ()


def strip(text: str) -> Stripped:
    """Take the numbered tags out of a msgid or a translation.

    Only tags that are well-formed, used once and properly nested count; anything else that looks like a tag is text.

    >>> strip("<1>国防総省</1>は<2/>発表した。").text
    '国防総省は発表した。'
    >>> strip("値は<3>未満、</4>以上").slots
    ()
    """
    spans: dict[int, Span] = {}
    stack: list[int] = []
    parts: list[str] = []
    at = length = 0
    for tag in tags(text):
        parts.append(text[at : tag.start])
        length += tag.start - at
        at = tag.end
        if tag.kind == "close":
            stack.pop()
            opened = spans[tag.number]
            spans[tag.number] = Span(tag.number, opened.start, length, paired=True, parent=opened.parent)
            continue
        parent = stack[-1] if stack else 0
        spans[tag.number] = Span(tag.number, length, length, paired=tag.kind == "open", parent=parent)
        if tag.kind == "open":
            stack.append(tag.number)
    return Stripped("".join([*parts, text[at:]]), tuple(spans.values()))


def tags(text: str, among: Container[int] | None = None) -> list[Tag]:
    """Return the well-formed tags of a text: each number once, as a point or a pair, and pairs properly nested.

    Of two pairs that cross each other the one that opens later is no tag.

    Args:
        text: A msgid or a translation.
        among: Numbers that count; all if omitted.

    >>> [(tag.number, tag.kind) for tag in tags("a<2/><1>b</1><3>c")]
    [(2, 'point'), (1, 'open'), (1, 'close')]
    """
    found = [tag for tag in every_tag(text) if among is None or tag.number in among]
    sound = {number for number, kinds in _kinds(found).items() if kinds in (["point"], ["open", "close"])}
    stack: list[int] = []
    for tag in found:
        if tag.number not in sound or tag.kind == "point":
            continue
        if tag.kind == "open":
            stack.append(tag.number)
        else:
            while (top := stack.pop()) != tag.number:
                sound.discard(top)
    return [tag for tag in found if tag.number in sound]


def every_tag(text: str) -> list[Tag]:
    """Return whatever looks like a tag."""
    return [
        Tag(
            int(match[2] or match[3]),
            "close" if match[1] else "point" if match[4] else "open",
            match.start(),
            match.end(),
        )
        for match in TAG.finditer(text)
    ]


def problems(source: str, english: str) -> list[str]:
    """Return what is wrong with the tags of a translation: each of the source's belongs into it exactly once.

    Args:
        source: The msgid.
        english: Its translation.

    >>> problems("<1>橋</1>が<2/>開通", "The <1>bridge opened")
    ['<1> is not closed; put </1> behind its text', '<2/> is missing; put it where it belongs']
    """
    if "<" not in source and "<" not in english:
        return []
    wanted: dict[int, str] = {tag.number: tag.kind for tag in tags(source) if tag.kind != "close"}
    there, sound = _kinds(every_tag(english)), {tag.number for tag in tags(english)}
    out = []
    for number, kind in wanted.items():
        message = _problem(number, kind, there.get(number, []), sound=number in sound)
        if message:
            out.append(message)
    allowed = Counter(match.group() for match in TAG.finditer(source))
    for match in TAG.finditer(english):
        text = match.group()
        if int(match[2] or match[3]) not in wanted and text not in allowed:
            out.append(f"{text} does not stand in the source; remove it")
    return list(dict.fromkeys(out))


def _problem(number: int, kind: str, there: list[str], *, sound: bool) -> str:
    opening, closing, point = f"<{number}>", f"</{number}>", f"<{number}/>"
    shown = point if kind == "point" else f"{opening}…{closing}"
    if not there:
        verb = "put it where it belongs" if kind == "point" else "put it around its text"
        return f"{shown} is missing; {verb}"
    if sound:
        is_point = there == ["point"]
        return "" if is_point == (kind == "point") else f"{point if is_point else opening} must be {shown}"
    if any(count > 1 for count in Counter(there).values()) or "point" in there:
        return f"{shown} stands there more than once; keep one"
    if there == ["open"]:
        return f"{opening} is not closed; put {closing} behind its text"
    if there == ["close"]:
        return f"{closing} is not opened; put {opening} before its text"
    if there == ["close", "open"]:
        return f"{closing} stands before {opening}; change their order"
    return f"{shown} crosses another pair of tags; close the inner pair before the outer one"


def _kinds(found: list[Tag]) -> dict[int, list[str]]:
    kinds: dict[int, list[str]] = {}
    for tag in found:
        kinds.setdefault(tag.number, []).append(tag.kind)
    return kinds
