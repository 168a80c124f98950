"""Inline markup as numbered tags: the msgid of ``**国防総省**は`発表`した`` is ``<1>国防総省</1>は<2>発表</2>した``.

A pair ``<1>…</1>`` stands around text, a point ``<2/>`` is something without text of its own (a line break, an image,
a note's number). A translation holds each tag of its msgid exactly once and properly nested; nothing else may be lost
or doubled on the way to the file. ``strip`` gives the clean text for matching and for the engine, ``place`` and
``place_all`` put the tags into a machine's plain English, ``restore`` turns tags into the file's markup, and
``problems`` says what is wrong with the tags of a person's translation.

A plain-text article has no slots. Should its text itself hold well-formed tags, they are kept like real ones, which
gives the article back as it was; a lone ``<3>`` is just text. In formats with markup such a text is a slot of its
own, so a tag in a msgid always means a slot.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from translate._markup_placing import Placed, TranslatePieces, place, place_all
from translate._markup_tags import MOST, TAG, Span, Stripped, Tag, every_tag, problems, strip, tags
from translate.document import Slot

Write = Callable[[str, str, str], str]
"""Makes a stretch of text safe: ``(text, before, after) -> text``."""

__all__ = [
    "MOST",
    "TAG",
    "Placed",
    "Restored",
    "Span",
    "Stripped",
    "Tag",
    "TranslatePieces",
    "Write",
    "as_it_is",
    "bare",
    "between",
    "every_tag",
    "place",
    "place_all",
    "problems",
    "repaired",
    "restore",
    "strip",
    "tags",
]


@dataclass(frozen=True, slots=True)
class Restored:
    """A translation with the file's markup.

    Attributes:
        text: What goes into the file.
        problems: What was wrong with the tags; the text then lacks the markup of the slots concerned.
    """

    text: str
    problems: tuple[str, ...] = ()


def bare(text: str) -> str:
    """Return a msgid or a translation without its tags.

    >>> bare("The <1>Pentagon</1> said<2/>.")
    'The Pentagon said.'
    """
    return strip(text).text if "<" in text else text


def between(text: str, change: Callable[[str], str]) -> str:
    """Change a translation's text and keep its tags where they are, as long as no tag stands inside what changes.

    The change sees the whole text without tags, so that the words around a tag are known to it; what it replaced is
    found by comparison. A tag at the edge of a replaced stretch stays at that edge.

    >>> between("The <1>defense</1> plan<2/>", lambda text: text.replace("defense", "defence"))
    'The <1>defence</1> plan<2/>'
    """
    found = tags(text)
    if not found:
        return change(text)
    from rapidfuzz.distance import Levenshtein  # loaded only where there is markup

    clean = bare(text)
    changed = change(clean)
    if changed == clean:
        return text
    # Where each code point of the clean text went; a closing tag follows the code point before it.
    after, before = list(range(len(clean) + 1)), list(range(len(clean) + 1))
    for block in Levenshtein.opcodes(clean, changed):
        for at in range(block.src_start, block.src_end + 1):
            shift = at - block.src_start if block.tag == "equal" else 0
            if at < block.src_end or block.tag == "insert":
                before[at] = block.dest_start + shift
            if at > block.src_start:
                after[at] = block.dest_start + shift if block.tag == "equal" else block.dest_end
    before[len(clean)] = len(changed)
    after[0] = 0
    parts: list[str] = []
    source_at = target_at = clean_at = 0
    for tag in found:
        clean_at += tag.start - source_at
        source_at = tag.end
        target = max(target_at, after[clean_at] if tag.kind == "close" else before[clean_at])
        parts += [changed[target_at:target], text[tag.start : tag.end]]
        target_at = target
    return "".join([*parts, changed[target_at:]])


def as_it_is(text: str, before: str, after: str) -> str:
    """Write a stretch of text unchanged."""
    del before, after
    return text


def restore(english: str, slots: Sequence[Slot], write: Write = as_it_is) -> Restored:
    """Put the file's markup in the place of the tags.

    Args:
        english: A translation with tags.
        slots: The slots of its segment.
        write: Makes a stretch of text safe for the file; it is called with the stretch, with what the file holds before
            it (from the segment's start) and with the markup right behind it.

    Returns:
        The text for the file. A tag that is not there exactly once, or not nested, gives no markup and a problem. A
        verbatim slot gives what the source holds, whatever stands inside its tags.

    >>> restore("The <1>Pentagon</1> & more", [Slot(1, "<b>", "</b>")]).text
    'The <b>Pentagon</b> & more'
    """
    known: Mapping[int, Slot] = {slot.number: slot for slot in slots}
    text = repaired(english, known)
    out, at, hidden = "", 0, False  # hidden: inside a verbatim slot
    for tag in tags(text, known):
        slot = known[tag.number]
        if hidden and not (tag.kind == "close" and slot.verbatim):
            continue
        markup = {"open": slot.opening, "close": slot.closing, "point": slot.opening + slot.closing}[tag.kind]
        out = out + markup if hidden else out + write(text[at : tag.start], out, markup) + markup
        at, hidden = tag.end, slot.verbatim and tag.kind == "open"
    out += write(text[at:], out, "")
    source = "".join(
        f"<{slot.number}/>" if _is_point(slot, english) else f"<{slot.number}></{slot.number}>" for slot in slots
    )
    found = [text for text in problems(source, english) if "does not stand in the source" not in text]
    return Restored(out, tuple(found))


def repaired(english: str, among: Container[int]) -> str:
    """Return a translation without the tags that are not there exactly once, or not nested.

    >>> repaired("The <1>bridge and <2/>the <2/>port<3/>", {1, 2, 3})
    'The bridge and the port<3/>'
    """
    sound = {tag.start for tag in tags(english, among)}
    parts, at = [], 0
    for tag in every_tag(english):
        if tag.number in among and tag.start not in sound:
            parts.append(english[at : tag.start])
            at = tag.end
    return "".join([*parts, english[at:]])


def _is_point(slot: Slot, english: str) -> bool:
    """Tell whether a slot is a point; an empty pair may be written as one."""
    return (not slot.closing and not slot.verbatim) or f"<{slot.number}/>" in english
