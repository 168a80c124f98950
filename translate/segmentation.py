"""Japanese sentence segmentation on offsets: nothing is rewritten, and segments and gaps join to the source exactly.

The policy (``tests/quality/segmentation.tsv`` holds its cases):

* A run of 。．！？!?｡, or a full stop after Latin text, ends a segment together with the closers behind it.
* Nothing ends inside an open quote or bracket. One that closes further down its paragraph stays open over hard-wrapped
  lines, as long as none of them ends with a terminator; any other one closes at the end of its own line.
* Behind a closing quote a segment ends only before another opening quote, at a line's end or at the text's end.
  A bracket that opens a segment and holds a whole sentence stands alone.
* An ellipsis alone never ends anything, and no protected name is split.
* A blank line ends a segment. Any other line break ends one if its line is terminated, is a heading (■, 【…】, or short
  and before a long one), or is one of three or more in a row that hold no sentence end (a list), unless those are
  filled to one width or a comma shows that they are prose; and also before a heading, a list item, an indented
  paragraph or the next speaker's quote. Otherwise the sentence goes on in the next line.

``translate._sentence_rules`` holds the tables and the rule for full stops, ``translate._sentence_page`` finds lines,
names and quotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from translate._sentence_page import WELL_KNOWN_NAMES, Line, Page, read
from translate._sentence_rules import (
    BRACKETS,
    CLOSERS,
    COMMAS,
    ELLIPSIS_RUN,
    QUOTES,
    STRONG,
    TERMINATOR_RUN,
    TERMINATORS,
    full_stop_ends,
    is_terminated,
    next_solid,
)

__all__ = ["WELL_KNOWN_NAMES", "is_terminated", "split"]

_WESTERN_CLOSERS = frozenset('”’»"')
_QUOTE_OPENERS = frozenset(QUOTES) - set("【＜")  # these enclose labels
_ROUND_CLOSERS = frozenset(BRACKETS.values())
_QUOTATIVE = re.compile(r"と(?:[^ぁ-ん]|い[うっわえ]|し[てた]|の)|って")  # hiragana: ところが, とはいえ
_HEADING_MARK = re.compile(r"[■□◆◇▼▽]|#{1,6}\s")
_ITEM_MARK = re.compile(r"[・•‣◦●○◎※①-⑳]|[-*+]\s|[0-9]{1,2}[.)](?![0-9])|\([0-9]{1,2}\)")
_RUNS_ON = (*COMMAS, *"・はがをにのともでやへ")
_CASE_PARTICLE = re.compile(r"[をがの、]|[はにとも][^ぁ-ん]")
_LONG_COLUMNS = 60  # no hard-wrapped text has so wide a line behind one of half its width
_FILLED_COLUMNS = 40  # shorter lines of one width are a list rather than filled prose
_RAGGED_COLUMNS = 3  # what the rules for line ends may leave open


def split(text: str, *, protected: Iterable[str] = ()) -> list[tuple[int, int]]:
    """Split a plain body of Japanese text into sentences, headings and list items.

    Args:
        text: Any text, with line breaks of any kind.
        protected: Names that are never split, such as glossary entries that hold 。 or !, in either width;
            ``WELL_KNOWN_NAMES`` count as well.

    Returns:
        The ``(start, end)`` code point spans of the segments, in order. No segment is empty or has whitespace at
        either end, and outside the segments there is nothing but whitespace.

    Example:
        >>> text = "「行くぞ！」彼は叫んだ。（おわり。）次はモーニング娘。の曲だ。"
        >>> [text[start:end] for start, end in split(text)]
        ['「行くぞ！」彼は叫んだ。', '（おわり。）', '次はモーニング娘。の曲だ。']
    """
    page = read(text, [protected] if isinstance(protected, str) else protected)
    for line in page.lines:
        line.ends = list(_sentence_ends(page, line))
    lists = _list_lines(page)
    segments: list[tuple[int, int]] = []
    start = next_solid(text, 0, len(text))

    def cut(end: int) -> None:
        nonlocal start
        solid_end = end
        while solid_end > start and text[solid_end - 1].isspace():
            solid_end -= 1
        if solid_end > start:
            segments.append((start, solid_end))
            start = next_solid(text, end, len(text))

    for number, line in enumerate(page.lines):
        for end, opener in line.ends:
            if opener is None or opener == start:
                cut(end)
        if number in lists or _line_ends_segment(page, number, start):
            cut(line.end)
    cut(len(text))
    return segments


def _sentence_ends(page: Page, line: Line) -> Iterator[tuple[int, int | None]]:
    masked, floor, done = page.masked, line.start, line.start
    for run in TERMINATOR_RUN.finditer(masked, line.start, line.end):
        start, stop = run.span()
        if start < done:
            continue
        if STRONG.isdisjoint(run[0]):
            wide = "．" in page.text[start:stop]
            if not full_stop_ends(masked, start, stop, floor, line.end, wide=wide):
                continue
        done, closer = _absorb(page, stop, line.end)
        rest = next_solid(masked, done, line.end)
        if rest == line.end or page.within[done]:
            continue  # the line's end decides for itself, and nothing ends inside a quote
        if closer is None or _starts_quote(page, rest):
            yield done, None
        elif masked[closer] in _ROUND_CLOSERS:
            if _QUOTATIVE.match(masked, done, line.end):
                continue
            yield done, page.opener_of.get(closer)
        elif masked[closer] in _WESTERN_CLOSERS and masked[start - 1 : start].isascii() and done < rest:
            if not masked[rest].isupper():
                continue
            yield done, None
        else:
            continue
        floor = done


def _absorb(page: Page, offset: int, limit: int) -> tuple[int, int | None]:
    """Walk over the closers behind a run, and over what belongs to them; return the end and the last closer."""
    masked, closer = page.masked, None
    while offset < limit:
        character = masked[offset]
        solid = offset
        if character.isspace():
            solid = next_solid(masked, offset, limit)
            if solid not in page.opener_of:
                break
        elif ellipsis := ELLIPSIS_RUN.match(masked, offset, limit):
            solid = ellipsis.end()
            if solid < limit and not (masked[solid].isspace() or masked[solid] in CLOSERS | TERMINATORS):
                break  # そんな！……まさか。
        elif character in TERMINATORS:
            solid, closer = offset + 1, None
        elif character in CLOSERS or offset in page.opener_of or _is_lone_closer(page, offset, limit):
            solid, closer = offset + 1, offset
        else:
            break
        offset = solid
    return offset, closer


def _is_lone_closer(page: Page, offset: int, limit: int) -> bool:
    """Tell whether a straight quote behind a run closes what an earlier paragraph opened."""
    lone = page.masked[offset] == '"' and offset not in page.closer_of
    return lone and (offset + 1 == limit or page.masked[offset + 1].isspace())


def _starts_quote(page: Page, offset: int) -> bool:
    mark = page.masked[offset]
    return mark in _QUOTE_OPENERS or (mark == '"' and offset in page.closer_of)


def _line_ends_segment(page: Page, number: int, segment_start: int) -> bool:
    """Decide whether the break behind a line ends the segment that began at ``segment_start``."""
    line = page.lines[number]
    following = page.lines[number + 1] if number + 1 < len(page.lines) else None
    if line.blank or following is None or following.blank:
        return True
    if page.within[line.end]:
        return False  # a quote that closes further down
    next_first = next_solid(page.text, following.start, following.end)
    if line.terminated:
        ends_with_name = page.masked[line.start : line.end].rstrip()[-1] == "_"
        return not (ends_with_name and _CASE_PARTICLE.match(page.text, next_first))
    first = next_solid(page.text, line.start, line.end)
    last = line.start + len(page.text[line.start : line.end].rstrip()) - 1
    opener = page.opener_of.get(last, -1)
    if _HEADING_MARK.match(page.masked, next_first) or _ITEM_MARK.match(page.masked, next_first):
        return True
    if page.masked[last] in "」』" and opener == first and page.masked[next_first] in "「『":
        return True  # one speaker a line
    if page.masked[last] in ")]〕" and opener == segment_start > first:
        return True  # した。（共同）
    is_heading = _HEADING_MARK.match(page.masked, first) or (page.masked[last] == "】" and opener == first)
    return bool(is_heading) or (
        segment_start == first and _leads(page, line, following, is_item=bool(_ITEM_MARK.match(page.masked, first)))
    )


def _leads(page: Page, line: Line, following: Line, *, is_item: bool) -> bool:
    """Tell whether an unmarked line leads a paragraph: what follows is indented, or too long to be its wrapped rest."""
    here, below = page.text[line.start : line.end], page.text[following.start : following.end]
    if is_item or here.rstrip().endswith(_RUNS_ON):
        return False
    if below[0] == "\u3000" != here[0]:
        return True
    return len(below) > _LONG_COLUMNS // 2 and _columns(below) >= max(_LONG_COLUMNS, 2 * _columns(here))


def _list_lines(page: Page) -> set[int]:
    """Return the numbers of the lines that stand in a list: three or more in a row without any sentence end."""
    found: set[int] = set()
    run: list[int] = []
    for number, line in enumerate([*page.lines, None]):
        if line and not (
            line.blank or line.terminated or page.within[line.end] or any(opener is None for _, opener in line.ends)
        ):
            run.append(number)
            continue
        if len(run) >= 3 and not _is_prose([page.text[page.lines[n].start : page.lines[n].end] for n in run], line):
            found.update(run)
        run = []
    return found


def _is_prose(run: Sequence[str], following: Line | None) -> bool:
    """Tell a long sentence in hard-wrapped lines from a list: a comma at a line's end, or lines filled to one width."""
    if any(line.rstrip().endswith(COMMAS) for line in run):
        return True
    if following is None or following.blank:
        return False
    columns = [_columns(line) for line in run]
    return min(columns) >= _FILLED_COLUMNS and max(columns) - min(columns) <= _RAGGED_COLUMNS


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line.rstrip())
