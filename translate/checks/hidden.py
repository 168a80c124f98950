"""The check of characters that hide or reorder text, see Unicode TR36 (section 2.10) and "Trojan Source" (2021)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from translate.checks.finding import Finding
from translate.glossary import Term

# Overrides, embeddings, isolates and marks of direction: neither Japanese nor English has a use for them.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Controls but for tab and line ends, annotations, halves of surrogate pairs, and the invisible tag characters, which
# are fine behind the black flag only (the flags of England, Scotland and Wales).
_OTHERS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\ud800-\udfff"
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")
_HIDDEN = re.compile(f"[{_BIDI}{_OTHERS}\U000e0001\U000e0020-\U000e007f]")


def hidden(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """Characters reorder or hide text: bidirectional and other controls, in the source or in the English."""
    del terms
    there, here = _names(source), _names(target)
    findings = [Finding("hidden", "error", f"{name} reorders or hides text; remove it") for name in here]
    asked = [name for name in there if name not in here]
    return findings + [
        Finding("hidden", "warning", f"{name} stands in the Japanese; read it with care, and mend the article")
        for name in asked
    ]


def _names(text: str) -> list[str]:
    """Return the different hidden characters of a text, in a form that shows."""
    if not _HIDDEN.search(text):
        return []
    found = dict.fromkeys(_HIDDEN.findall(_FLAG.sub("", text)))
    return [f"U+{ord(char):04X} {unicodedata.name(char, 'control character')}" for char in found]
