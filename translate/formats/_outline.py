"""The outline of a plain-text article: what each of its lines is, before paragraphs are split into sentences.

The rules, in order of trust:

1. Contents: two or more lines in a row, near the article's start, that all come back later in the same order with text
   between them. They end at the first blank-separated line that does not come back, or where the first entry returns:
   that line is the first heading, blank line or not. Then the headings are exactly those returning lines.
2. Boilerplate: lines that fit a pattern, unless they are in the contents or inside a hard-wrapped sentence.
3. Title: the first line, if it stands alone (or right above the contents, or is far shorter than a line of prose right
   below it) and is no sentence, no lone quotation and no list item, and something follows it.
4. List items: lines with a bullet or a number.
5. Headings of an article without contents: short lines that stand alone (or on a far longer line of prose), end in no
   punctuation, and have text behind.

Where a rule is in doubt, the line stays body text: it is translated either way.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from translate.document import Role
from translate.formats._lines import BLANK, Line, marker
from translate.formats.boilerplate import Boilerplate
from translate.segmentation import is_terminated

_UNSEEN = re.compile(rf"[\s{BLANK}]+")
_LONGEST_TITLE, _LONGEST_HEADING, _LONGEST_KEY = 100, 40, 200
_SENTENCE = re.compile(r"[。．｡.][」』”\"）)】\]]*$")
_QUOTATION = re.compile(r"「[^「」]*」|『[^『』]*』|“[^“”]*”|\"[^\"]*\"|（[^（）]*）|\([^()]*\)")
# A line that goes on, or is polite prose, or credits a picture, or dates the article.
_NO_HEADING = re.compile(
    r"[、，,:：;；・…‥―—\-〜～=＝「『（(【]$|(?:です|ます|ました|ません|でした|である|だった|ください)$"
    r"|^(?:写真|画像|図|表|動画|出典|提供|撮影|文|取材|photo|image|source|credit)\s*[0-9０-９]*\s*[:：／/=＝]|^[©※]"
    r"|^[\d\s年月日時分更新公開配信掲載午前後曜月火水木金土日:：/／.．,、\-()（）]+$",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"[はがをにのともでやへ]$")
_PROSE_WIDTH = 60  # columns; a line this wide is prose that its author did not wrap
_LETTER = re.compile(r"[^\W_]")
_CONTENTS_LABEL = re.compile(r"[【\[■◆●]?(?:この記事の)?(?:目次|もくじ|contents|index)[】\]]?", re.IGNORECASE)
_PARAGRAPHS_TO_CONTENTS = 12


def classify(lines: Sequence[Line], boilerplate: Boilerplate, protected: Iterable[str] = ()) -> None:
    """Set the role of each line; those that stay ``BODY`` are prose."""
    furniture = [boilerplate.matches(line.text) for line in lines]
    first = next((i for i, is_furniture in enumerate(furniture) if not is_furniture), None)
    if first is None:
        for line in lines:
            line.role = Role.BOILERPLATE
        return
    contents, headings = _find_contents(lines, furniture, first)
    for i in contents:
        lines[i].role = Role.CONTENTS
    for i in headings:
        lines[i].role = Role.HEADING
    above_contents = bool(contents) and contents[0] == first + 1
    if _is_title(lines, first, tuple(protected), above_contents=above_contents):
        lines[first].role = Role.TITLE
    _mark_boilerplate(lines, furniture)
    for line in lines:
        if line.role is Role.BODY and marker(line.text):
            line.role = Role.LIST
    if not contents:
        _mark_headings(lines, first)


def _key(text: str) -> str:
    """Normalise a line for comparing a contents line with its heading; empty if it cannot be one."""
    if len(text) > _LONGEST_KEY:
        return ""
    bare = text[marker(text) :]
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", bare)).casefold()


def _find_contents(lines: Sequence[Line], furniture: Sequence[bool], first: int) -> tuple[list[int], list[int]]:
    """Return the indexes of the contents lines (a label above them included) and of the headings they announce."""
    keys = [_key(line.text) for line in lines]
    last = {key: i for i, key in enumerate(keys) if key}
    attempts = 0
    for start in range(first, len(lines)):
        labelled = start > 0 and _CONTENTS_LABEL.fullmatch(lines[start - 1].text) is not None
        if furniture[start] or not (lines[start].opens or labelled or start == first + 1):
            continue
        attempts += 1
        if attempts > _PARAGRAPHS_TO_CONTENTS:
            break
        if start == first and lines[first].alone:
            continue  # a title, though the page may repeat it
        entries = _entries(lines, furniture, keys, last, start)
        headings = _announced(lines, keys, entries)
        if headings:
            return ([start - 1] if labelled else []) + entries, headings
    return [], []


def _entries(
    lines: Sequence[Line], furniture: Sequence[bool], keys: Sequence[str], last: dict[str, int], start: int
) -> list[int]:
    """Walk down from ``start`` over lines that come back later.

    Two kinds are allowed only between two others of the same paragraph: a line that does not come back (its heading
    was reworded since), and one that looks like boilerplate.
    """
    entries: list[int] = []
    pending: list[int] = []
    seen: set[str] = set()
    for i in range(start, len(lines)):
        line, key = lines[i], keys[i]
        if line.opens:
            pending.clear()
        if furniture[i]:
            if not line.opens:
                pending.append(i)
        elif key in seen and (key == keys[start] or last[key] == i):
            break  # the first heading
        elif key and last[key] > i:
            entries += [*pending, i]
            pending.clear()
            seen.add(key)
        elif entries and not line.opens and len(line.text) <= _LONGEST_HEADING and not is_terminated(line.text):
            pending.append(i)
        else:
            break
    return entries


def _announced(lines: Sequence[Line], keys: Sequence[str], entries: Sequence[int]) -> list[int]:
    """Return the lines below that the entries announce, or nothing if these are no contents after all.

    They are the longest run of returning lines in the order of the entries, so that a chance repetition in the text
    misleads nobody. Most of them must have text behind them: the stanzas of a refrain do not.
    """
    if len(entries) < 2:
        return []
    ranks: dict[str, list[int]] = {}
    for rank, i in reversed(list(enumerate(entries))):
        ranks.setdefault(keys[i], []).append(rank)
    tails: list[tuple[int, int]] = []  # for each length of run, the lowest rank that ends one, and its line
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for i in range(entries[-1] + 1, len(lines)):
        for rank in ranks.get(keys[i], ()):
            at = bisect_left(tails, (rank, -1))
            if at < len(tails) and tails[at][0] == rank:
                continue  # the first return is the heading
            before[rank, i] = tails[at - 1] if at else None
            tails[at : at + 1] = [(rank, i)]
    headings: list[int] = []
    step = tails[-1] if tails else None
    while step is not None:
        headings.append(step[1])
        step = before[step]
    headings.reverse()
    found = set(headings)
    with_text = sum(1 for i in headings if i + 1 < len(lines) and i + 1 not in found)
    enough = len(headings) >= 2 and 4 * len(headings) >= 3 * len(entries)
    return headings if enough and 2 * with_text >= len(headings) else []


def _is_title(lines: Sequence[Line], first: int, protected: tuple[str, ...], *, above_contents: bool) -> bool:
    line = lines[first]
    if line.role is not Role.BODY or first + 1 == len(lines) or len(line.text) > _LONGEST_TITLE:
        return False
    if above_contents:
        return True
    following = lines[first + 1]
    if marker(line.text) and (marker(following.text) or not line.alone):
        return False
    if _QUOTATION.fullmatch(line.text) or (_SENTENCE.search(line.text) and not line.text.endswith(protected)):
        return False
    return line.closes or _broken_off(line, following)


def _broken_off(line: Line, following: Line) -> bool:
    """Tell a title on top of its text from a line of hard-wrapped prose.

    Prose is broken where the next word no longer fits, so a line far shorter than the next was broken on purpose.
    """
    width = _width(following.text)
    return (
        width >= _PROSE_WIDTH
        and 2 * width > 3 * _width(line.text)
        and following.role is Role.BODY
        and not _NO_HEADING.search(line.text)
        and not _PARTICLE.search(line.text)
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text[:_LONGEST_KEY])


def _mark_boilerplate(lines: Sequence[Line], furniture: Sequence[bool]) -> None:
    counts: dict[str, int] = {}
    for line, is_furniture in zip(lines, furniture, strict=True):
        if is_furniture:
            counts[line.text] = counts.get(line.text, 0) + 1
    for i, line in enumerate(lines):
        if not furniture[i] or line.role is not Role.BODY:
            continue
        begins = line.opens or lines[i - 1].role is not Role.BODY or is_terminated(lines[i - 1].text)
        ends = line.closes or furniture[i + 1] or counts[line.text] > 1 or is_terminated(line.text)
        if begins and ends:
            line.role = Role.BOILERPLATE


def _mark_headings(lines: Sequence[Line], first: int) -> None:
    """Find the headings of an article without contents; three or more candidates in a row are something else."""
    run: list[Line] = []
    for i in range(first, len(lines)):
        line = lines[i]
        if line.role is Role.BODY and _looks_like_heading(line, lines[i + 1 : i + 2]):
            run.append(line)
            continue
        if len(run) < 3 and line.role in (Role.BODY, Role.LIST):
            for heading in run:
                heading.role = Role.HEADING
        if line.role is not Role.BOILERPLATE:
            run.clear()


def _looks_like_heading(line: Line, following: Sequence[Line]) -> bool:
    text = line.text
    return (
        line.opens
        and (line.closes or any(_broken_off(line, other) for other in following))
        and len(text) <= _LONGEST_HEADING
        and not is_terminated(text)
        and not _SENTENCE.search(text)
        and not _QUOTATION.fullmatch(text)
        and not _NO_HEADING.search(text)
        and _LETTER.search(text) is not None
    )
