"""Checks of whole catalogs: what can only be seen when several entries lie side by side."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from translate.checks.finding import Finding, Located, Translated
from translate.normalization import normalize

_TRAILING = re.compile(r"[\s。．.！!？?]+\Z")
_LONG_ENOUGH = 40
"""English characters from which on two sources hardly come to the same text by chance."""


def inconsistent(entries: Sequence[Translated]) -> list[Located]:
    """One source is translated in two ways."""
    by_source: dict[str, dict[str, Translated]] = defaultdict(dict)
    findings = []
    for entry in entries:
        others = by_source[_source_key(entry.msgid)]
        target = _target_key(entry.msgstr)
        if others and target not in others:
            first = next(iter(others.values()))
            message = f"{first.po}:{first.line} has {_short(first.msgstr)!r} for the same source; use one of the two"
            findings.append(Located(entry, Finding("inconsistent", "warning", message)))
        others.setdefault(target, entry)
    return findings


def copied(entries: Sequence[Translated]) -> list[Located]:
    """Two different sources have the same English."""
    first_of: dict[str, Translated] = {}
    findings = []
    for entry in entries:
        target = _target_key(entry.msgstr)
        if len(target) < _LONG_ENOUGH:
            continue  # two headings may well come to the same words
        first = first_of.setdefault(target, entry)
        if _source_key(first.msgid) != _source_key(entry.msgid):
            message = f"{first.po}:{first.line} has the same English for {_short(first.msgid)!r}; one may be a slip"
            findings.append(Located(entry, Finding("copied", "warning", message)))
    return findings


def _source_key(msgid: str) -> str:
    """Return what two spellings of one source share: width and the stop at the end do not count."""
    return _TRAILING.sub("", normalize(msgid.strip()).text)


def _target_key(msgstr: str) -> str:
    """Return what two spellings of one translation share: capitals, spaces, quotes and the stop do not count."""
    plain = msgstr.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"'})
    return _TRAILING.sub("", " ".join(plain.split())).casefold()


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
