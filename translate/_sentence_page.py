"""A text as the sentence splitter sees it: its lines, what is inert in it, and what stands inside quotes.

Nothing is decided here. Every offset means the same place in the text, in its masked form and in the flags.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from translate._sentence_rules import (
    CLOSERS,
    ELLIPSES,
    ENCLOSER,
    LINE_BREAK,
    PAIRS,
    TERMINATORS,
    any_of,
    fold,
    is_latin,
    is_terminated,
)

WELL_KNOWN_NAMES = frozenset({
    "モーニング娘。", "カントリー娘。", "プッチモニ。", "ゲスの極み乙女。", "ずっと真夜中でいいのに。",
    "君の名は。", "心が叫びたがってるんだ。", "激レアさんを連れてきた。",
    "やはり俺の青春ラブコメはまちがっている。", "そうだ 京都、行こう。", "家、ついて行ってイイですか?",
    "ハロー!プロジェクト", "ラブライブ!", "ラブライブ!サンシャイン!!", "ラブライブ!スーパースター!!", "けいおん!",
    "ハイキュー!!", "ぼっち・ざ・ろっく!", "カメラを止めるな!", "笑ってコラえて!", "ヒルナンデス!",
    "Yahoo!", "Hey! Say! JUMP", "GO!GO!7188", "BanG Dream!", "P!nk", "Panic! at the Disco", "Wham!", "Yum! Brands",
    "Jeopardy!", "Mamma Mia!", "Joomla!",
})  # fmt: skip
"""Names that hold a terminator, in either width; they count besides the names that a caller protects."""

_URL = re.compile(
    r"(?:https?|ftp|file)://[!#-;=?-~]+|(?<![A-Za-z])www\.[!#-;=?-~]+"
    r"|(?<![!-~])[A-Za-z0-9.-]+\.[A-Za-z]{2,}/[!#-;=?-~]*",
    re.IGNORECASE,
)
_CUTTABLE = re.compile(f"{any_of(TERMINATORS | CLOSERS | ELLIPSES)}|{LINE_BREAK.pattern}")
# What may not act as what it is: in a URL, in a name, and in a "name" of punctuation alone.
_INERT = (
    re.compile(any_of({*TERMINATORS, *PAIRS, *CLOSERS, '"'})),
    re.compile(f"{any_of(TERMINATORS)}|{LINE_BREAK.pattern}"),
    LINE_BREAK,
)


@dataclass(slots=True)
class Line:
    """One line without its break.

    Attributes:
        start: Offset of its first code point.
        end: Offset of its break, or the text's end.
        blank: Whether it holds nothing but whitespace.
        terminated: Whether it ends with a terminator and its closers.
        ends: Where a sentence ends before the line does, each with the bracket that must open its segment, if any.
    """

    start: int
    end: int
    blank: bool
    terminated: bool
    ends: list[tuple[int, int | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """A text and what was found in it.

    Attributes:
        text: The text as it stands.
        masked: The same, folded, and with ``_`` for what is inert.
        within: 1 at each offset where a cut would go through a name, a URL, a quote or a bracket.
        lines: Its lines, blank ones included.
        opener_of: The opener's offset for each matched closer's.
        closer_of: The other way round.
    """

    text: str
    masked: str
    within: bytearray
    lines: list[Line]
    opener_of: dict[int, int]
    closer_of: dict[int, int]


def read(text: str, protected: Iterable[str]) -> Page:
    """Find the lines of a text, what is inert in it, and its quotes and brackets; sentence ends are left open."""
    masked, within = shield(text, protected)
    lines: list[Line] = []
    start = 0
    for match in [*LINE_BREAK.finditer(masked), None]:
        end = match.start() if match else len(text)
        line = text[start:end]
        lines.append(Line(start, end, not line or line.isspace(), is_terminated(line)))
        if match:
            start = match.end()
            if match[0] == "\u2029":  # the end of a paragraph, so as good as a blank line
                lines.append(Line(start, start, blank=True, terminated=False))
    opener_of, spans = _enclosures(masked, lines)
    reach = 0
    for opener, end in sorted(spans):
        fresh = max(opener + 1, reach)
        within[fresh:end] = b"\x01" * (end - fresh)
        reach = max(reach, end)
    closer_of = {opener: closer for closer, opener in opener_of.items()}
    return Page(text, masked, within, lines, opener_of, closer_of)


def _enclosures(masked: str, lines: Sequence[Line]) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """Match quotes and brackets within paragraphs.

    Returns:
        The opener of each matched closer, and the spans that are open: to the closer, else to the line's end.
    """
    opener_of: dict[int, int] = {}
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int, int]] = []  # the closer that is awaited, the opener's offset, its line's end
    awaited: Counter[str] = Counter()  # so that a stray closer costs no walk down the stack

    def drop(limit: int) -> None:
        closer, opener, line_end = stack.pop()
        awaited[closer] -= 1
        if closer != '"':  # a lone one is an inch or a ditto mark
            spans.append((opener, min(line_end, limit)))

    for line in lines:
        for match in ENCLOSER.finditer(masked, line.start, line.end):
            mark, offset = match[0], match.start()
            before = masked[offset - 1] if offset > line.start else " "
            after = masked[offset + 1] if offset + 1 < line.end else " "
            if awaited[mark] and not (mark == "’" and is_latin(before) and is_latin(after)):
                while stack[-1][0] != mark:
                    drop(offset)
                _, opener, _ = stack.pop()
                awaited[mark] -= 1
                opener_of[offset] = opener
                spans.append((opener, offset + 1))
            elif _opens(mark, before, after):
                closer = PAIRS.get(mark, mark)
                stack.append((closer, offset, line.end))
                awaited[closer] += 1
        if line.blank or line.terminated:
            while stack:
                drop(line.end)
    while stack:
        drop(len(masked))
    return opener_of, spans


def _opens(mark: str, before: str, after: str) -> bool:
    if mark == '"':
        return not before.isdigit() and not after.isspace()
    if mark == "‘":
        return not after.isdigit()  # ‘90s
    if mark == "＜":
        return not is_latin(before)  # ３＜５
    return mark in PAIRS


def shield(text: str, protected: Iterable[str]) -> tuple[str, bytearray]:
    """Make the terminators inside names and URLs inert.

    Args:
        text: Any text.
        protected: Names besides ``WELL_KNOWN_NAMES``, in either width.

    Returns:
        The folded text with ``_`` for what may not act as a terminator, a line break or (in URLs) a bracket, and a
        flag for each offset: 1 where a cut would go through a name or a URL.
    """
    folded = fold(text)
    within = bytearray(len(text) + 1)
    spans = [(start, end, 0) for start, end in _urls(text)]
    for name, kind in _cuttable_names(tuple(protected)):
        if name in folded:
            spans += [(start, start + len(name), kind) for start in _occurrences(folded, name)]
    if not spans:
        return folded, within
    pieces, done = [], 0
    for start, end, kind in sorted(spans):
        if end > done:
            fresh = max(start, done)
            within[max(start + 1, done) : end] = b"\x01" * (end - max(start + 1, done))
            pieces += [folded[done:fresh], _INERT[kind].sub(_blot, folded[fresh:end])]
            done = end
    return "".join([*pieces, folded[done:]]), within


def _blot(match: re.Match[str]) -> str:
    return "_" * len(match[0])


@lru_cache(maxsize=16)
def _cuttable_names(names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    # Of a whole glossary only the few names matter that a cut could go through.
    folded = sorted({fold(name.strip()) for name in WELL_KNOWN_NAMES.union(names)})
    return tuple(
        (name, 1 if any(character.isalnum() for character in name) else 2)
        for name in folded
        if len(name) > 1 and _CUTTABLE.search(name)
    )


def _occurrences(folded: str, name: str) -> Iterator[int]:
    start = folded.find(name)
    while start >= 0:
        yield start
        start = folded.find(name, start + 1)


def _urls(text: str) -> Iterator[tuple[int, int]]:
    if "/" not in text and "www." not in text.lower():
        return
    for match in _URL.finditer(text):
        start, end = match.span()
        unopened = match[0].count(")") - match[0].count("(")
        while end > start and (text[end - 1] in ".,!?;:'*]}" or (text[end - 1] == ")" and unopened > 0)):
            end -= 1
            unopened -= text[end] == ")"
        yield start, end
