"""Plain text, both ways: articles as people paste them from the web.

Reading: ``_outline`` says what each line is; this module groups the lines into blocks and splits prose into sentences.
Titles, headings and contents lines are one segment each, so a contents line and its heading share one translation.
Neighbouring lines of prose are one paragraph, except that each line is its own one where all of them end a sentence,
or where a line is indented by U+3000 behind a finished one.

Rendering copies everything between two segments that stay as they are, so that nothing translated gives the file back
byte for byte. Around English the space is that of English: see ``_within`` and ``_between``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import PurePath

from translate.document import Block, Document, Role, Segment
from translate.encoding import Decoded, decode, encode
from translate.errors import InputError
from translate.formats._lines import BLANK, LINE_BREAK, Line, lines_of, marker, trim
from translate.formats._outline import classify
from translate.formats.boilerplate import Boilerplate, shipped_boilerplate
from translate.segmentation import is_terminated, split

_WHOLE = frozenset({Role.TITLE, Role.CONTENTS, Role.HEADING, Role.BOILERPLATE})
_LIST_LINES = 3  # so many unfinished lines in a row are a list, bullets or not
_IDEOGRAPHIC = re.compile(rf"[^\S \t]|[{BLANK}]")


def read(data: bytes, path: str, *, protected: Iterable[str] = (), boilerplate: Boilerplate | None = None) -> Document:
    r"""Read a plain-text article.

    Args:
        data: The file's bytes.
        path: Its path, for messages and occurrences.
        protected: Names that are never split, such as those that end in 。.
        boilerplate: Patterns of lines that are not part of the article; the shipped ones if omitted.

    Raises:
        InputError: The bytes are no text, or show nothing.

    Example:
        >>> article = read("橋が開通\n\n新しい橋が開いた。市民が渡った。\n".encode(), "bridge.txt")
        >>> [(block.role.value, [segment.text for segment in block.segments]) for block in article.blocks]
        [('title', ['橋が開通']), ('body', ['新しい橋が開いた。', '市民が渡った。'])]
    """
    decoded = decode(data, path)
    source, names = decoded.text, tuple(protected)
    lines = lines_of(source)
    if not lines:
        raise InputError(f"{path}: the file shows no text, only blanks; put the article's text into it")
    classify(lines, shipped_boilerplate() if boilerplate is None else boilerplate, names)
    blocks: list[Block] = []
    section = 0
    for group in _groups(lines, names):
        role = group[0].role
        section += role is Role.HEADING
        blocks += _blocks(source, group, section, names)
    return Document(PurePath(path).as_posix(), source, tuple(blocks), "text", decoded.encoding, decoded.bom)


def render(document: Document, translations: Mapping[str, str], *, keep_boilerplate: bool = False) -> bytes:
    """Write the article with its segments translated.

    Args:
        document: What ``read`` made.
        translations: ``Segment.plain`` → English; a segment that is missing, or empty, stays as it is.
        keep_boilerplate: Whether boilerplate lines stay; otherwise each leaves at most one blank line.

    Returns:
        UTF-8 with the line ends of the source; in the source's encoding if nothing is translated.
    """
    source = document.source
    first_break = LINE_BREAK.search(source)
    line_end = first_break.group() if first_break else "\n"
    out: list[str] = []
    before: _Placed | None = None
    any_english = False
    at = 0
    gaps: list[str] = []  # the space before each line that was just dropped
    for block in document.blocks:
        if block.role is Role.BOILERPLATE and not keep_boilerplate:
            gaps.append(source[at : block.segments[0].start])
            at = block.segments[-1].end
            continue
        for segment in block.segments:
            here = _Placed.of(block, segment, translations)
            space = source[at : segment.start]
            if gaps:
                space = _collapse([*gaps, space], line_end, at_start=before is None)
                gaps.clear()
            out += [_within(space, before, here) if before and before.block is block else _between(space, before, here)]
            out.append(here.text)
            before, at = here, segment.end
            any_english = any_english or here.translated
    tail = source[at:]
    if gaps:
        tail = line_end if before and source.endswith(("\n", "\r")) else ""
    elif before and before.translated:
        tail = "".join(LINE_BREAK.findall(tail))
    out.append(tail)
    if any_english:
        return "".join(out).encode("utf-8")
    return encode("".join(out), Decoded(source, document.encoding, document.bom))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A segment as it goes into the output."""

    block: Block
    text: str
    translated: bool

    @classmethod
    def of(cls, block: Block, segment: Segment, translations: Mapping[str, str]) -> _Placed:
        english = translations.get(segment.plain, "")
        if not english.strip() or english == segment.plain:
            return cls(block, segment.text, translated=False)
        return cls(block, " ".join(english.split()), translated=True)


def _within(space: str, before: _Placed, here: _Placed) -> str:
    """Return what stands between two segments of one block: one space as soon as either is English."""
    return " " if before.translated or here.translated else space


def _between(space: str, before: _Placed | None, here: _Placed) -> str:
    """Return what stands between two blocks: around English, blank lines are empty and Japanese indents go."""
    if not here.translated and not (before and before.translated):
        return space
    breaks = list(LINE_BREAK.finditer(space))
    indent = space[breaks[-1].end() :] if breaks else space
    if here.translated:
        indent = _IDEOGRAPHIC.sub("", indent) if here.block.role is Role.LIST else ""
    return "".join(line_break.group() for line_break in breaks) + indent


def _collapse(gaps: list[str], line_end: str, *, at_start: bool) -> str:
    """Return what remains of the space around dropped lines: a blank line if any was there."""
    last = list(LINE_BREAK.finditer(gaps[-1]))
    indent = gaps[-1][last[-1].end() :] if last else gaps[-1]
    if at_start:
        return indent
    had_blank = any(len(LINE_BREAK.findall(gap)) > 1 for gap in gaps)
    return line_end * (2 if had_blank else 1) + indent


def _groups(lines: Iterable[Line], names: tuple[str, ...]) -> Iterator[list[Line]]:
    """Yield the lines of each block: single ones, list items with their continuation, and paragraphs of prose."""
    group: list[Line] = []
    for line in lines:
        if group and not _continues(group, line):
            yield from _paragraphs(group, names)
            group = []
        group.append(line)
    yield from _paragraphs(group, names)


def _continues(group: list[Line], line: Line) -> bool:
    if line.opens or line.role is not Role.BODY:
        return False
    if group[0].role is Role.LIST:
        return bool(line.indent) and not is_terminated(group[-1].text)
    return group[0].role is Role.BODY


def _paragraphs(group: list[Line], names: tuple[str, ...]) -> Iterator[list[Line]]:
    """Cut neighbouring lines of prose where the line ends are the author's, not those of a text wrapped to a width."""
    if group[0].role is not Role.BODY:
        yield group
        return
    finished = [is_terminated(line.text) and not line.text.endswith(names) for line in group]
    unwrapped = all(finished)
    start = 0
    for i in range(1, len(group)):
        if unwrapped or (finished[i - 1] and group[i].indent.startswith("\u3000")):
            yield group[start:i]
            start = i
    yield group[start:]


def _blocks(source: str, group: list[Line], section: int, names: tuple[str, ...]) -> list[Block]:
    role, start, end = group[0].role, group[0].start, group[-1].end
    if role in _WHOLE:
        return [Block(role, (Segment(source[start:end], start, end),), section, group[0].number)]
    bullet = marker(source[start:end]) if role is Role.LIST else 0
    spans = _sentences(source, start + bullet, end, names)
    spans[0] = (start, spans[0][1])  # a bullet belongs to its item's first sentence
    segments = [Segment(source[a:b], a, b) for a, b in spans]
    if role is Role.LIST:
        return [Block(role, tuple(segments), section, group[0].number)]
    return list(_prose(segments, group, section))


def _sentences(source: str, start: int, end: int, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Split a span into sentences, none of which begins, ends or consists of characters that do not show."""
    found = (trim(source, start + a, start + b) for a, b in split(source[start:end], protected=names))
    return [(a, b) for a, b in found if a < b]


def _prose(segments: list[Segment], group: list[Line], section: int) -> Iterator[Block]:
    """Yield a paragraph, and each line of a list without bullets in it."""
    numbers = {line.start: line.number for line in group}
    ends = {line.end for line in group}
    is_line = [
        segment.start in numbers and segment.end in ends and not LINE_BREAK.search(segment.text) for segment in segments
    ]
    open_line = [whole and not is_terminated(segment.text) for whole, segment in zip(is_line, segments, strict=True)]
    prose: list[Segment] = []
    for loose, run in groupby(zip(open_line, segments, strict=True), key=itemgetter(0)):
        found = [segment for _, segment in run]
        if loose and len(found) >= _LIST_LINES:
            if prose:
                yield Block(Role.BODY, tuple(prose), section, numbers[prose[0].start])
                prose = []
            for segment in found:
                yield Block(Role.LIST, (segment,), section, numbers[segment.start])
        else:
            prose += found
    if prose:
        yield Block(Role.BODY, tuple(prose), section, numbers[prose[0].start])
