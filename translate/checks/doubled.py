"""The check for words written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import eq

from translate.checks.finding import Finding
from translate.glossary import Term

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_LONGEST = 4  # words in a phrase
# What English says twice: "she said that that was so", "they had had one", "gave her her book", "logged in in May";
# calls and emphasis; names.
_FINE = frozenset(
    {
        *("that", "had", "her", "in", "on"),
        *("no", "yes", "ha", "hey", "bye", "very", "so", "too", "far", "long", "many", "much", "really", "blah", "now"),
        *("there", "ho", "wow", "well", "again", "half", "fifty", "pretty", "please"),
        *("duran", "sirhan", "baden", "pago", "bora", "walla", "wagga", "boutros", "sing", "cha", "yo", "can", "mau"),
    }
)
_JOINTS = frozenset({"and", "or", "to", "by", "after", "in"})  # neck and neck and, door to door to
_MODALS = frozenset({"will", "may"})  # Will will come, in May may be too late


def doubled(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """A word or phrase stands twice in a row."""
    del source
    phrases = dict.fromkeys(_doubled(target))
    if not phrases:
        return []
    forms = [form for term in terms for form in (term.target, *term.variants)]
    allowed = {phrase.casefold() for form in forms for phrase in _doubled(form)}
    found = [phrase for phrase in phrases if phrase.casefold() not in allowed]
    return [Finding("doubled", "warning", f"{phrase!r} stands twice in a row") for phrase in found]


def _doubled(text: str) -> Iterator[str]:
    """Yield each phrase of up to four words that comes again with nothing but space between, the shortest first."""
    words = list(map(str.casefold, _WORD.findall(text)))
    if len(set(words)) == len(words) or not any(any(map(eq, words, words[size:])) for size in range(1, _LONGEST + 1)):
        return  # hardly a sentence has a word again so soon
    spans = [match.span() for match in _WORD.finditer(text)]
    # joined[i]: only space between word i and the next
    joined = [text[end:start].isspace() for (_, end), (start, _) in pairwise(spans)]
    taken = 0
    for at in range(len(words)):
        for size in range(1, _LONGEST + 1):
            again = at + size
            if at < taken or again + size > len(words) or words[at:again] != words[again : again + size]:
                continue
            if all(joined[at : again + size - 1]) and not _is_fine(words[at:again], text[slice(*spans[again])]):
                yield text[spans[at][0] : spans[again - 1][1]]
                taken = again + size - 1
                break


def _is_fine(words: Sequence[str], second: str) -> bool:
    if all(word in _FINE or word.isdigit() for word in words):
        return True
    if len(words) == 2 and words[1] in _JOINTS:
        return True
    return len(words) == 1 and words[0] in _MODALS and second.islower()
