"""The check for brackets and quotation marks that do not match."""

from __future__ import annotations

import re
from collections.abc import Sequence

from translate.checks.finding import Finding
from translate.glossary import Term

# Name, English pair, and the pairs of the source that it may stand for.
_PAIRS = (
    ("round brackets", "()", ("()", "（）")),
    ("square brackets", "[]", ("[]", "［］", "【】", "〔〕")),
    ("braces", "{}", ("{}", "｛｝")),
    ("quotation marks", "“”", ("“”", "「」", "『』", "〝〟", "＂＂")),
)
_MARKER = re.compile(r"\s*[\w０-９]{1,3}[)）]")  # 1) and a) open a list item
_INCHES = re.compile(r'\d"')


def quotes(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """Brackets or quotation marks do not match."""
    del terms
    source, target = _unmarked(source), _unmarked(target)
    findings = []
    for name, english, japanese in _PAIRS:
        wrong = not _is_balanced(target, english)
        if name == "quotation marks":
            wrong |= target.count('"') % 2 == 1 and not _INCHES.search(target)
        if not wrong:
            continue
        # A quotation that runs over several segments opens in one and closes in another, in both languages.
        open_in_source = not all(_is_balanced(source, pair) for pair in japanese)
        if name == "quotation marks":
            open_in_source |= source.count('"') % 2 == 1
        if not open_in_source:
            findings.append(Finding("quotes", "warning", f"{name} do not match; close or remove the odd one"))
    return findings


def _unmarked(text: str) -> str:
    marker = _MARKER.match(text)
    return text[marker.end() :] if marker else text


def _is_balanced(text: str, pair: str) -> bool:
    opening, closing = pair[0], pair[1]
    if opening not in text and closing not in text:
        return True
    if opening == closing:
        return text.count(opening) % 2 == 0
    depth = 0
    for char in text:
        depth += (char == opening) - (char == closing)
        if depth < 0:
            return False
    return depth == 0
