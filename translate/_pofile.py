r"""Gettext's PO syntax, in and out, so that what people wrote comes back as they wrote it; the only user of polib.

Files in the ordinary shape are read by ``_po_ordinary``, and of them polib sees the header only.

polib reads most files well, and loses things in some. It fails on comments without a space (``#foo``, ``#,fuzzy``),
drops comments at the file's end and previous msgids of obsolete entries, can drop the last entry, splits text at
U+2028 and file names at spaces, and doubles the backslash of ``\\a``. The lines are therefore prepared before it sees
them, the entries counted afterwards, and the writing is done here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import polib

from translate import _po_ordinary
from translate._message import Message, PoFile
from translate._po_ordinary import CLOSE, OPEN, hide_spaces, line_number, plain_name
from translate.errors import CatalogError
from translate.provenance import unwrapped

_TIGHT = re.compile(r"\A#(?:[.:,|]|~\||~(?!\|)|(?![.:,|~]))(?=\S)")
_MSGID = re.compile(r"(?:#~\s*)?msgid\s")
_ENTRY = re.compile(r"^[ \t]*(?:#~\s*)?(?:msgid|msgctxt)\s", re.MULTILINE)
_STRING = re.compile(r'(?:#(?:~\|?|\|)\s*)?(?:(?:msgid|msgstr|msgctxt|msgid_plural)(?:\[\d\])?\s+)?"(?:[^"\\]|\\.)*"')
_ESCAPE = re.compile(r"\\(.)")
_KNOWN_ESCAPES = '\\ntrvbf"'
_CHARSET = re.compile(r'^"?Content-Type:[^"]*?charset=([\w.:-]+)', re.MULTILINE | re.IGNORECASE)
_POLIB_LINE = re.compile(r"\(line (\d+)\)(?:: (.*))?")

_ESCAPES = str.maketrans(
    {"\\": r"\\", "\t": r"\t", "\r": r"\r", "\n": r"\n", "\v": r"\v", "\b": r"\b", "\f": r"\f", '"': r"\""}
)
_TO_ESCAPE = re.compile(r'[\\\t\r\n\v\x08\f"]')


class _Lines:
    """Lines in the one shape that polib neither takes for a file's name nor splits at U+2028."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def splitlines(self) -> list[str]:
        return self._lines


def decode(data: bytes, name: str) -> str:
    """Decode a PO file, which must be UTF-8.

    Raises:
        CatalogError: It is not, or says that it is not.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogError(f"{name}:{line}: not UTF-8; convert it: msgconv -t UTF-8 -o NEW.po OLD.po") from error
    charset = _CHARSET.search(text)
    if charset and charset[1].upper() not in ("UTF-8", "UTF8", "CHARSET", "US-ASCII", "ASCII"):
        line = text.count("\n", 0, charset.start()) + 1
        raise CatalogError(
            f"{name}:{line}: the header names the charset {charset[1]}, yet the file is UTF-8; "
            "write charset=UTF-8 there if the Japanese looks right, else restore the file and convert it with msgconv"
        )
    return text


def parse(text: str, name: str) -> PoFile:
    """Parse a PO file's text.

    Raises:
        CatalogError: It does not parse; the message gives the line.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    trailing = _cut_trailing(lines)
    file = _ordinary(lines, name) or _by_polib(lines, name)
    file.newline, file.trailing = newline, trailing
    _refuse_duplicates(file.messages, name)
    return file


def _ordinary(lines: list[str], name: str) -> PoFile | None:
    """Read a header and ordinary entries; None if there is anything else."""
    end = lines.index("") if "" in lines else len(lines)
    if not lines[end - 1].startswith(('"', "msgstr")):
        return None
    try:
        file = _by_polib(lines[:end], name)
    except CatalogError:
        return None  # the first error of the whole file is to be told
    if file.messages or not file.headers:
        return None
    while end < len(lines) and not lines[end]:
        end += 1
    messages = _po_ordinary.read("".join(f"{line}\n" for line in lines[end:]), end + 1)
    if messages is None:
        return None
    file.messages = messages
    return file


def _by_polib(lines: list[str], name: str) -> PoFile:
    starts = [number for number, line in enumerate(lines, 1) if _MSGID.match(line.strip())]
    prepared = [_prepare(line.strip(), number, name) for number, line in enumerate(lines, 1)]
    try:
        parsed: Any = polib.pofile(_Lines(prepared), encoding="utf-8")
    except (OSError, ValueError, IndexError) as error:
        at = _POLIB_LINE.search(str(error))
        where, what = (f"{name}:{at[1]}", at[2] or "not PO syntax") if at else (name, str(error))
        raise CatalogError(
            f"{where}: {what}; correct the line, or restore the file (msgfmt --check shows more)"
        ) from error
    file = PoFile(header_comments=parsed.header.split("\n") if parsed.header else [])
    file.headers = dict(parsed.metadata)
    file.header_flags = [flag for flag in parsed.metadata_is_fuzzy or [] if flag]
    headers = len(starts) - len(parsed)
    if headers not in (0, 1) or (headers == 0 and file.headers):
        raise CatalogError(f"{name}: holds {len(starts)} msgid lines, of which {len(parsed)} parse; correct the file")
    file.messages = [_message(entry) for entry in parsed]
    # polib counts from an entry's first comment; people want the msgid. The header is the first entry, if there is one.
    for message, line in zip(file.messages, starts[headers:], strict=True):
        message.line = line
    return file


def parse_header(text: str, name: str) -> PoFile:
    """Parse a PO file up to its first entry, which takes no time in a large one.

    Raises:
        CatalogError: The header does not parse.
    """
    starts = [match.start() for match in itertools.islice(_ENTRY.finditer(text), 2)]
    return parse(text[: starts[1]] if len(starts) > 1 else text, name)


def render(file: PoFile) -> str:
    """Write a PO file's text: live entries, then obsolete ones, never wrapped."""
    parts = ["\n".join(_header(file)) + "\n"]
    live = (message for message in file.messages if not message.obsolete)
    gone = (message for message in file.messages if message.obsolete)
    parts += ["\n".join(_lines(message)) + "\n" for group in (live, gone) for message in group]
    if file.trailing:
        parts.append("\n".join(file.trailing) + "\n")
    return "\n".join(parts).replace("\n", file.newline)


def number(file: PoFile, text: str) -> None:
    """Give each message the line of its msgid in the text that ``render`` made of the file."""
    starts = [at for at, line in enumerate(text.split("\n"), 1) if _MSGID.match(line)]
    ordered = sorted(file.messages, key=lambda message: message.obsolete)
    for message, line in zip(ordered, starts[1:], strict=True):  # the first one is the header's
        message.line = line


def _cut_trailing(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not (line := lines[end - 1].strip()) or (line.startswith("#") and not line.startswith("#~"))):
        end -= 1
    if not end:  # nothing but comments: they are the header's
        return []
    trailing = [line.strip() for line in lines[end:] if line.strip()]
    del lines[end:]
    return trailing


def _prepare(line: str, number: int, name: str) -> str:
    if line.startswith("#"):
        line = _TIGHT.sub(lambda match: match[0] + " ", line, count=1)
        if line.startswith("#:"):
            return hide_spaces(line)
        if line in ("#~", "#~|", "#|"):
            return ""
        if not line.startswith(("#~", "#|")):
            return line
        if line.startswith("#~|"):
            line = "#|" + line[3:]  # polib skips these; before an obsolete msgid the short form does the same
    if not line:
        return line
    if not _STRING.fullmatch(line):  # polib would cut the last character off instead of an absent quote
        raise CatalogError(f'{name}:{number}: not PO syntax; write the text between quotes, and quotes in it as \\"')
    return _ESCAPE.sub(lambda match: _escape(match, number, name), line) if "\\" in line else line


def _escape(match: re.Match[str], number: int, name: str) -> str:
    if match[1] in _KNOWN_ESCAPES:
        return match[0]
    if match[1] == "a":
        return "\a"
    raise CatalogError(f"{name}:{number}: the escape {match[0]} is not supported; write the character itself")


def _message(entry: Any) -> Message:
    named = {key: getattr(entry, f"previous_{key}") for key in ("msgctxt", "msgid", "msgid_plural")}
    return Message(
        msgid=entry.msgid,
        msgstr=entry.msgstr,
        msgctxt=entry.msgctxt,
        msgid_plural=entry.msgid_plural,
        msgstr_plural=dict(entry.msgstr_plural),
        comments=unwrapped(entry.tcomment.split("\n")) if entry.tcomment else [],
        extracted=entry.comment.split("\n") if entry.comment else [],
        occurrences=[(name, line_number(line)) for path, line in entry.occurrences if (name := plain_name(path))],
        flags=[flag for flag in entry.flags if flag],
        previous={key: value for key, value in named.items() if value is not None},
        obsolete=bool(entry.obsolete),
    )


def _refuse_duplicates(messages: Sequence[Message], name: str) -> None:
    seen: dict[tuple[str | None, str], int] = {}
    for message in messages:
        if not message.msgid and message.msgctxt is None:
            raise CatalogError(f"{name}:{message.line}: an empty msgid, which only the header has; delete the entry")
        first = seen.setdefault((message.msgctxt, message.msgid), message.line)
        if first != message.line:
            raise CatalogError(
                f"{name}:{message.line}: the msgid of line {first} again ({message.msgid[:40]}); "
                "keep the better translation and delete the other entry"
            )


def _header(file: PoFile) -> list[str]:
    lines = [_comment("#", line) for line in file.header_comments]
    if file.header_flags:
        lines.append("#, " + ", ".join(file.header_flags))
    text = "".join(f"{key}: {value}\n" for key, value in file.headers.items())
    return [*lines, *_field("msgid", "", ""), *_field("msgstr", text, "")]


def _lines(message: Message) -> list[str]:
    gone = "#~ " if message.obsolete else ""
    lines = [_comment("#", line) for line in message.comments]
    if not message.obsolete:
        lines += [_comment("#.", line) for line in message.extracted]
        if message.occurrences:
            lines.append("#: " + " ".join(_occurrence(*place) for place in message.occurrences))
    if message.flags:
        lines.append("#, " + ", ".join(message.flags))
    for key, value in message.previous.items():
        lines += _field(key, value, "#~| " if gone else "#| ")
    if message.msgctxt is not None:
        lines += _field("msgctxt", message.msgctxt, gone)
    lines += _field("msgid", message.msgid, gone)
    if message.msgid_plural:
        lines += _field("msgid_plural", message.msgid_plural, gone)
    for index, text in sorted(message.msgstr_plural.items()):
        lines += _field(f"msgstr[{index}]", text, gone)
    if message.msgstr or not message.msgstr_plural:
        lines += _field("msgstr", message.msgstr, gone)
    return lines


def _comment(mark: str, text: str) -> str:
    if text.startswith("#") and mark == "#":
        return mark + text  # somebody's "## heading"
    return f"{mark} {text}" if text else mark


def _occurrence(path: str, line: int) -> str:
    name = f"{OPEN}{path}{CLOSE}" if re.search(r"\s", path) else path
    return f"{name}:{line}" if line else name


def _field(keyword: str, text: str, prefix: str) -> list[str]:
    if not _TO_ESCAPE.search(text):
        return [f'{prefix}{keyword} "{text}"']
    pieces = text.split("\n")
    pieces = [piece + "\n" for piece in pieces[:-1]] + pieces[-1:]
    if not pieces[-1]:
        pieces.pop()
    if len(pieces) > 1:
        pieces.insert(0, "")
    first, *rest = pieces or [""]
    return [
        f'{prefix}{keyword} "{first.translate(_ESCAPES)}"',
        *(f'{prefix}"{piece.translate(_ESCAPES)}"' for piece in rest),
    ]
