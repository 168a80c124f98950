"""The English side of mining: which words and groups of a line could be names, and which words are everyday ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from translate._ordinary import LONG_PREPOSITIONS, SMALL

_WORD = re.compile(r"[^\W\d_]+(?:(?:['’](?!s\b)|-)[^\W\d_]+)*")
_INSIDE = frozenset({"de", "da", "di", "du", "van", "von", "der", "den", "bin", "ibn", "al", "el", "of", "the", "and"})
_PRONOUNS = (
    "he she it we they you i his her its our their your my this that these those there here who what when where why"
)
_VERBS = "is are was were be been has have had do does did will would can could may might must shall should"
_OTHERS = (
    "how not no yes one two three four five six seven eight nine ten first second third also then now all both each"
)
_NEVER = SMALL | LONG_PREPOSITIONS | frozenset(f"{_PRONOUNS} {_VERBS} {_OTHERS} every some any mr mrs ms dr".split())
_MOST = 5  # words of one name
_LONGEST = 200  # words of a line whose groups are looked at; a longer line is no sentence


@dataclass(frozen=True)
class English:
    """A line of the reference.

    Attributes:
        text: The line.
    """

    text: str

    @cached_property
    def lower(self) -> str:
        """The line in small letters, to rule words out quickly."""
        return self.text.lower()

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Runs of up to five words that begin and end with a capital, each as its words, in order.

        Between the words stands one space; ``of``, ``van`` and their like may stand inside.
        """
        found = list(_WORD.finditer(self.text))[:_LONGEST]
        groups = []
        for index, first in enumerate(found):
            if not first[0][0].isupper():
                continue
            run: list[str] = []
            behind = first.start()
            for word in found[index : index + _MOST]:
                if run and self.text[behind : word.start()] != " ":
                    break
                run.append(word[0])
                behind = word.end()
                if word[0][0].isupper():
                    if word[0].lower() not in _NEVER and run[0].lower() not in _NEVER:
                        groups.append(tuple(run))
                elif word[0] not in _INSIDE:
                    break
        return tuple(groups)


def everyday(lines: Iterable[str]) -> frozenset[str]:
    """Return the words, in small letters, that stand in the lines more often small than as a name.

    A capital at a sentence's start says nothing and is not counted.
    """
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for line in lines:
        for word in _WORD.finditer(line):
            if word[0][0].islower():
                small[word[0]] += 1
            elif not re.search(r"(?:^|[.!?:]['\"”’)]*)\s*['\"“‘(]*$", line[: word.start()][-6:]):
                capital[word[0].lower()] += 1
    return frozenset(word for word, count in small.items() if count > capital[word])
