"""PO entries in their ordinary shape, read without polib, which takes ten times as long; of ``_pofile``.

Ordinary is what we write ourselves, and what gettext's tools and PO editors make of it: comments, previous msgid, msgid
and msgstr in this order, spaced as gettext spaces them, a blank line behind each entry. Whatever is not (plural forms,
contexts, comments without a space, a syntax error) makes ``read`` give up, and polib reads the whole file.
"""

from __future__ import annotations

import re
from functools import lru_cache

from translate._message import Message
from translate.provenance import unwrapped

# Gettext brackets a file name that holds spaces with these two.
OPEN, CLOSE = "\u2068", "\u2069"
_BRACKETED = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")
_PRIVATE = 0xF0000  # names are cut at any space, so those in names travel as private characters
_HIDDEN = re.compile("[\U000f0000-\U000fffff]")

_TEXT = r'"[^"\\\n]*(?:\\[\\ntrvbf"][^"\\\n]*)*"\n'
_SHAPE = (
    r"(?P<comments>(?:\#(?: |[.:,] )\S[^\n]*\n)*)"
    r"(?:{before}msgid (?P<previous>{text}(?:{more}{text})*))?"
    r"{gone}msgid (?P<msgid>{text}(?:{gone}{text})*)"
    r"{gone}msgstr (?P<msgstr>{text}(?:{gone}{text})*)"
    r"(?:\n+|\Z)"
)
_LIVE, _OBSOLETE = (
    re.compile(_SHAPE.format(text=_TEXT, gone=gone, before=before, more=before))
    for gone, before in (("", r"\#\| "), ("#~ ", r"\#~\| "))
)
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "b": "\b", "f": "\f", "\\": "\\", '"': '"'}


def read(text: str, line: int) -> list[Message] | None:
    """Read the entries behind a header.

    Args:
        text: Whole entries, each line with its line break.
        line: The number of the text's first line in its file.

    Returns:
        The entries; None if one of them is not ordinary.
    """
    messages = []
    at = 0
    while at < len(text):
        live = _LIVE.match(text, at)
        match = live or _OBSOLETE.match(text, at)
        if match is None:
            return None
        comments, previous, msgid, msgstr = match.groups()
        message = Message(_text(msgid), _text(msgstr), obsolete=not live)
        if not message.msgid:
            return None
        if previous:
            message.previous = {"msgid": _text(previous)}
        _set_comments(message, comments)
        message.line = line + text.count("\n", at, match.start("msgid"))
        messages.append(message)
        line += text.count("\n", at, match.end())
        at = match.end()
    return messages


@lru_cache(maxsize=256)
def occurrences(text: str) -> tuple[tuple[str, int], ...]:
    """Return the places that the text of a ``#:`` comment names, the line 0 where it names none.

    >>> occurrences("a.txt:3 b:c.txt")
    (('a.txt', 3), ('b:c.txt', 0))
    """
    found = []
    for one in hide_spaces(text).split():
        path, _, digits = one.rpartition(":")
        found.append((plain_name(path), line_number(digits)) if digits.isdigit() else (plain_name(one), 0))
    return tuple(place for place in found if place[0])


def hide_spaces(text: str) -> str:
    """Return the text of a ``#:`` comment without the spaces in bracketed names."""
    if OPEN not in text:
        return text
    return _BRACKETED.sub(lambda match: re.sub(r"\s", lambda space: chr(_PRIVATE + ord(space[0])), match[0]), text)


def plain_name(path: str) -> str:
    """Return a file's name without the brackets, which are no part of any name, and with its spaces."""
    name = path.translate({ord(OPEN): None, ord(CLOSE): None})
    return _HIDDEN.sub(lambda match: chr(ord(match[0]) - _PRIVATE), name) if path.startswith(OPEN) else name


def line_number(digits: str) -> int:
    """Return a line's number, 0 for what is none; Python refuses endless ones."""
    return int(digits) if digits and len(digits) < 10 and digits.isdecimal() else 0


def _set_comments(message: Message, comments: str) -> None:
    people: list[str] = []
    for line in comments.split("\n")[:-1]:
        kind, rest = line[1], line.rstrip()[3:]
        if kind == " ":
            people.append(line.rstrip()[2:])
        elif kind == ".":
            message.extracted.append(rest)
        elif kind == ":":
            message.occurrences += occurrences(rest)
        else:
            message.flags += [flag for one in rest.split(",") if (flag := one.strip())]
    message.comments = unwrapped(people)


def _text(strings: str) -> str:
    """Join the strings of a field, as they stand in the file, and resolve their escapes."""
    if strings.count("\n") == 1:
        joined = strings[1:-2]
    else:
        joined = "".join(one[one.index('"') + 1 : -1] for one in strings.split("\n")[:-1])
    return _ESCAPE.sub(lambda match: _MEANT[match[1]], joined) if "\\" in joined else joined
