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
        others = by_source[source_key(entry)]
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
        target = target_key(entry)
        if target is None:
            continue
        first = first_of.setdefault(target, entry)
        if source_key(first) != source_key(entry):
            message = f"{first.po}:{first.line} has the same English for {_short(first.msgid)!r}; one may be a slip"
            findings.append(Located(entry, Finding("copied", "warning", message)))
    return findings


def source_key(entry: Translated) -> str:
    """Return what two spellings of one source share: width and the stop at the end do not count."""
    return _TRAILING.sub("", normalize(entry.msgid.strip()).text)


def target_key(entry: Translated) -> str | None:
    """Return what two spellings of one translation share; None if it is so short that others may well be the same."""
    key = _target_key(entry.msgstr)
    return key if len(key) >= _LONG_ENOUGH else None  # two headings may well come to the same words


def _target_key(msgstr: str) -> str:
    """Return what two spellings of one translation share: capitals, spaces, quotes and the stop do not count."""
    plain = msgstr.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"'})
    return _TRAILING.sub("", " ".join(plain.split())).casefold()


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
