"""Stretches of English that no house style may touch: addresses, markup, code, and phrases with a form of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

Span = tuple[int, int]

OPAQUE = re.compile(
    r"""(?:https?|ftp)://[^\s<>"“”‘’「」『』]*[^\s<>"“”‘’「」『』.,;:!?')\]]
    | (?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | (?<![\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/[^\s<>"“”‘’「」『』]*[^\s<>"“”‘’「」『』.,;:!?')\]])?
    | (?<!\w)[@#]\w+
    | </?[A-Za-z][^<>]*>
    | `[^`\n]*`
    | (?<=\])\([^()\s]*\)
    | \b\d+'\s?\d+"
    """,
    re.VERBOSE,
)
"""Web and mail addresses, domains, handles, tags, code, Markdown link targets, and feet with inches."""

_RUN = re.compile(r"\w+")


def phrases(entries: Iterable[str], text: str) -> list[tuple[Span, str]]:
    """Find phrases as whole words, whatever their capitals, quotes and spaces; the longest wins where two overlap.

    Returns:
        Span and entry of each occurrence, in order, without overlaps.
    """
    folded = text.casefold()
    index = _index(entries if isinstance(entries, frozenset) else frozenset(entries))
    # What may stand in the text is found by its words: there are thousands of entries, and hardly any in one sentence.
    likely = {entry for word in {"", *_RUN.findall(folded)} for entry in index.get(word, ())}
    there = {entry for entry in likely if all(word in folded for word in _words(entry))}
    ordered = sorted(there, key=lambda entry: (-len(entry), entry))
    if not ordered:
        return []
    pattern = re.compile("|".join(f"({_expression(entry)})" for entry in ordered), re.IGNORECASE)
    return [(match.span(), ordered[(match.lastindex or 1) - 1]) for match in pattern.finditer(text)]


def outside(spans: Iterable[Span], text: str, change: Callable[[str], str]) -> str:
    """Apply ``change`` to each stretch of the text that lies outside the spans (in any order, overlaps allowed).

    >>> outside([(2, 4)], "abcdef", str.upper)
    'ABcdEF'
    """
    parts, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            parts.append(change(text[at:start]))
        parts.append(text[max(start, at) : end])
        at = max(at, end)
    return "".join([*parts, change(text[at:])])


def mask(spans: Iterable[Span], text: str) -> bytearray:
    """Return a byte for each position of the text, 1 where it lies in one of the spans.

    >>> list(mask([(1, 3), (2, 4)], "abcde"))
    [0, 1, 1, 1, 0]
    """
    covered = bytearray(len(text) + 1)
    for start, end in spans:
        covered[start:end] = b"\1" * (end - start)
    return covered[:-1]


@lru_cache(maxsize=16)
def _index(entries: frozenset[str]) -> dict[str, list[str]]:
    """Return entries by their longest run of letters and digits, which stands in a text as it is; by "" without any."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.strip():
            found.setdefault(max(_RUN.findall(entry.casefold()), key=len, default=""), []).append(entry)
    return found


@lru_cache(maxsize=65536)
def _words(entry: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\s'\"‘’“”]+", entry.casefold()))


def _expression(entry: str) -> str:
    parts = []
    for char in " ".join(entry.split()):
        if char == " ":
            parts.append(r"\s+")
        elif char in "'‘’":
            parts.append("['‘’]")
        elif char in '"“”':
            parts.append('["“”]')
        else:
            parts.append(re.escape(char))
    return rf"(?<!\w){''.join(parts)}(?!\w)"
