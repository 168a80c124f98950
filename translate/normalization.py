"""A normalised copy of a text that remembers where each of its characters came from.

Glossary terms are found on a copy (half-width katakana composed, full-width Latin narrowed, ligatures opened), but
people need offsets into the text that they wrote. The copy is built cluster by cluster: the shortest stretches that
normalise independently of their neighbours, so that it equals ``unicodedata.normalize("NFKC", text)`` but for
invisible characters, which are left out.
Used by ``matching`` (Japanese) and ``_terms_english`` (English).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Zero-width and format characters that a web page or an input method leaves inside words, and variation selectors.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Kana, Han and printable ASCII: never joined to what stands before them by normalisation, and unchanged by it.
_PLAIN = re.compile("[\u0020-\u007e\u3041-\u3096\u30a1-\u30fa\u30fb\u30fc\u4e00-\u9fff]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDE = re.compile("[\uff01-\uff5e\u3000]+")
# What stays as it is and joins nothing: as above, and the punctuation of Japanese and English.
_ALONE = re.compile(
    "[\u0020-\u007e\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\u2010\u2013-\u2015\u2018-\u201f]*"
)


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalised copy with its way back.

    Attributes:
        text: The copy.
        starts: For each code point of the copy, the offset in the original where its cluster starts.
        ends: The same for the offset behind the cluster.
        firsts: For each code point, whether it is the first of its cluster; one more ``True`` behind the last.
    """

    text: str
    starts: tuple[int, ...] | range
    ends: tuple[int, ...] | range
    firsts: tuple[bool, ...] | None = None

    def is_edge(self, offset: int) -> bool:
        """Tell whether ``offset`` into the copy falls between two clusters, so that the original can be cut there."""
        return self.firsts is None or self.firsts[offset]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that ``text[start:end]`` came from (``start < end``)."""
        return self.starts[start], self.ends[end - 1]


def normalize(text: str) -> Normalized:
    """Return the NFKC copy of ``text`` without invisible characters, and its way back.

    >>> copy = normalize("㈱ﾊﾟﾘ")
    >>> copy.text, copy.original(3, 5), copy.is_edge(1)
    ('(株)パリ', (1, 4), False)
    """
    if text.isascii() or (unicodedata.is_normalized("NFKC", text) and not _INVISIBLE.search(text)):
        return Normalized(text, range(len(text)), range(1, len(text) + 1))
    narrow = _WIDE.sub(lambda match: match[0].translate(_NARROW), text)
    if _ALONE.fullmatch(narrow):  # a character for each: （３０％） is what most texts have to be normalised for
        return Normalized(narrow, range(len(text)), range(1, len(text) + 1))
    return _clustered(text)


def _clustered(text: str) -> Normalized:
    """Do what ``normalize`` says for any text, cluster by cluster."""
    clusters: list[tuple[str, int, int]] = []
    raw = ""  # the visible characters of the last cluster, before normalisation
    for offset, char in enumerate(text):
        if _INVISIBLE.match(char):
            if clusters and unicodedata.category(char) == "Mn":  # a variation selector belongs to its character
                clusters[-1] = (clusters[-1][0], clusters[-1][1], offset + 1)
        elif raw and _joins(raw, char):
            raw += char
            clusters[-1] = (unicodedata.normalize("NFKC", raw), clusters[-1][1], offset + 1)
        else:
            raw = char
            clusters.append((unicodedata.normalize("NFKC", char), offset, offset + 1))
    starts = tuple(start for piece, start, _ in clusters for _ in piece)
    ends = tuple(end for piece, _, end in clusters for _ in piece)
    firsts = tuple(index == 0 for piece, _, _ in clusters for index in range(len(piece)))
    return Normalized("".join(piece for piece, _, _ in clusters), starts, ends, (*firsts, True))


def _joins(raw: str, char: str) -> bool:
    """Tell whether ``char`` normalises differently behind ``raw`` than on its own."""
    if _PLAIN.match(char):
        return False
    alone = unicodedata.normalize("NFKC", char)
    if unicodedata.combining(alone[0]):
        return True
    return unicodedata.normalize("NFKC", raw + char) != unicodedata.normalize("NFKC", raw) + alone
