"""Writing English into Markdown: text that stays text, and markup that is still markup around it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from markdown_it import MarkdownIt

from translate.document import Segment, Slot
from translate.formats._markdown_inline import MATH, Inline, locate
from translate.markup import bare, repaired, restore, tags

_ALWAYS = re.compile(r"[\\`*\[\]]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_CLOSING_HASHES = re.compile(r"(?<!\S)#+(?!\S)")
_BLOCK_START = re.compile(r"(?:[-+](?=\s|$)|[-=][-=\s]*$|#{1,6}(?=\s|$)|>|~~~|:(?=\s))")
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])(?=\s|$)")
_LINE_START = re.compile(r"(?:\A|[\n\r][ \t>]*)\Z")
_LAYOUT = re.compile(r"[\n\r][>\s]*|\s+")
_PLAIN_SCALAR = re.compile(r"[A-Za-z](?:[\w ,.'()/&’“”–—-]|:(?=\S))*[\w.)’”]")
_WORDS_OF_YAML = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])
_HTML_FOR = {
    "***": ("<strong><em>", "</em></strong>"),
    "**": ("<strong>", "</strong>"),
    "__": ("<strong>", "</strong>"),
    "*": ("<em>", "</em>"),
    "_": ("<em>", "</em>"),
    "~~": ("<del>", "</del>"),
}


class Writer:
    """Writes the English of segments.

    Args:
        md: The parser.
        env: What it found in the whole document: link references and notes.
    """

    def __init__(self, md: MarkdownIt, env: dict[str, Any]) -> None:
        self.md = md
        self.env = env

    def write(self, segment: Segment, english: str) -> str:
        """Return the Markdown of a segment's English, see ``Segment.syntax``."""
        kind, _, quote = segment.syntax.partition(":")
        if kind == "front":
            return scalar(bare(english), quote)
        if kind == "title":
            return _ENTITY.sub(r"\\&", re.sub(r"[\\\"'()]", r"\\\g<0>", bare(english)))
        if kind == "alt":
            return escape(bare(english), "-", "")
        english = repaired(english, {slot.number for slot in segment.slots})
        for slots in (segment.slots, _as_html(segment.slots)):
            written = self._inline(english, slots, kind)
            if not slots or self._is_sound(written, english, slots, kind):
                return written
        return self._inline(bare(english), (), kind)

    def _inline(self, english: str, slots: tuple[Slot, ...], kind: str) -> str:
        def write(text: str, before: str, after: str) -> str:
            return escape(text, before, after, kind)

        return restore(english, slots, write).text

    def _is_sound(self, written: str, english: str, slots: tuple[Slot, ...], kind: str) -> bool:
        """Tell whether the Markdown reads as the text and the markup that it was made of."""
        text, marks = "", ""
        known = {slot.number: slot for slot in slots}
        at, hidden = 0, False
        for tag in tags(english, known):
            slot = known[tag.number]
            text += "" if hidden else english[at : tag.start]
            at = tag.end
            if tag.kind == "close":
                marks += "" if slot.verbatim else slot.closing
                hidden = False
            elif tag.kind == "open" and not slot.verbatim:
                marks += slot.opening
            else:
                inner_text, inner_marks = self._read(slot.opening + slot.closing, kind) or ("", "")
                text, marks, hidden = text + inner_text, marks + inner_marks, tag.kind == "open"
        text += english[at:]
        read = self._read(written, kind)
        return read is not None and read == (_LAYOUT.sub("", text), _LAYOUT.sub("", marks))

    def _read(self, markdown: str, kind: str) -> tuple[str, str] | None:
        """Return the text and the markup of inline Markdown, without white space."""
        content = markdown.replace("\\|", "|") if kind == "cell" else markdown
        content = re.sub(r"(?:\r\n|\r|\n)[ \t>]*", "\n", content)
        pieces: list[Inline] | None = locate(content, self.md, self.env)
        if pieces is None:
            return None
        text = "".join(piece.text for piece in pieces if piece.kind == "text")
        marks = "".join(content[piece.start : piece.end] for piece in pieces if piece.kind not in ("text", "soft"))
        if kind == "cell":
            marks = marks.replace("|", "\\|")
        return _LAYOUT.sub("", text), _LAYOUT.sub("", marks)


def escape(text: str, before: str, after: str, kind: str = "") -> str:
    r"""Escape what would be markup, so that a Markdown reader shows the text as it is.

    Args:
        text: A stretch of English.
        before: What the file holds before it in its segment.
        after: The markup right behind it.
        kind: Where it stands: ``cell`` of a table, ``atx`` heading behind #, ``barless`` (also
            behind ``atx``) above a row of dashes, where a bar would make a table.

    >>> escape("1. C# is *not* snake_case <b>", "", "")
    '1\\. C# is \\*not\\* snake_case \\<b>'
    """
    out = _ALWAYS.sub(r"\\\g<0>", text)
    out = _UNDERSCORE.sub(r"\\_", out)
    out = _ENTITY.sub(r"\\&", _TAG_START.sub(r"\\<", out))
    if out.count("~") > 1:
        out = out.replace("~", "\\~")
    if MATH.search(text):
        out = out.replace("$", "\\$")
    if kind == "cell":
        out = out.replace("|", "\\|")
    if kind.endswith("barless"):
        out = out.replace("|", "&#124;")
    if kind.startswith("atx"):
        out = _CLOSING_HASHES.sub(r"\\\g<0>", out)
    if out[-1:] in ("!", "^") and after.startswith("["):
        out = f"{out[:-1]}\\{out[-1]}"
    if _LINE_START.search(before):
        head, body = out[: len(out) - len(out.lstrip())], out.lstrip()
        if _BLOCK_START.match(body):
            body = "\\" + body
        out = head + _NUMBERED.sub(r"\1\\\2", body, count=1) if _NUMBERED.match(body) else head + body
    return out


def scalar(english: str, quote: str) -> str:
    """Return a value of the front matter; without quotes only where no reader could take it for anything else.

    >>> scalar("A bridge: opened", ""), scalar("A bridge", ""), scalar("It's open", "'")
    ('"A bridge: opened"', 'A bridge', "It''s open")
    """
    if quote == "'":
        return english.replace("'", "''")
    quoted = json.dumps(english, ensure_ascii=False)
    if quote == '"':
        return quoted[1:-1]
    plain = _PLAIN_SCALAR.fullmatch(english) and english.casefold() not in _WORDS_OF_YAML
    return english if plain else quoted


def _as_html(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Return emphasis as HTML tags, which work where the rules for asterisks and underscores do not."""
    return tuple(
        replace(slot, opening=_HTML_FOR[slot.opening][0], closing=_HTML_FOR[slot.opening][1])
        if slot.opening in _HTML_FOR and slot.closing == slot.opening
        else slot
        for slot in slots
    )
