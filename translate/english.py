"""Small repairs of machine English that no model should need, applied to every hypothesis before it is judged.

No repair takes a glossary term away: one that would is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from translate._verbatim import OPAQUE, outside
from translate.glossary import Mode, Term, occurrences, satisfied

_PUNCTUATION = str.maketrans({
    "。": ".", "、": ",", "，": ",", "．": ".", "！": "!", "？": "?", "：": ":", "；": ";", "（": "(", "）": ")",
    "「": '"', "」": '"', "『": '"', "』": '"', "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'",
    "　": " ", "％": "%", "～": "-",
})  # fmt: skip
_SPACED = re.compile(r"\s+([,.;:!?%)])(?!\.\.)(?=[\s\"',.;:!?)]|$)|(?<=\()\s+")
# A capital further behind is a name (the A-bomb, the An River), and so is a hyphenated one.
_ARTICLES = re.compile(r"(?<![\w.'-])([Tt]he|[Aa]n?)((?:\s+(?:[Tt]he|an?))+)(?![\w'-])")
_QUALIFIED = re.compile(
    r"(?<![\w-])(?:([Aa]n?)\s+)?(?:US|U\.S\.|American|United States|USA)(?:'s)?\s+"
    r"(?=(Pentagon|White House|Capitol Hill)\b)"
)
_KNOWN_ANYWHERE = ("Pentagon", "White House", "Capitol Hill")
# "South American" says something else than "American".
_COMPOUND = re.compile(r"\b(?:African|Arab|Asian|Central|Latin|Native|North|South)\s+\Z")
_SENTENCE_START = re.compile(r"(?:[.!?:]\s+|(?:\A|[.!?:]\s+|\s)[\"'(\[]+)\Z")
# Words whose first letter misleads: "an hour", "a university", "a one-time", "a European", "an 11-nation".
_VOWEL_SOUND = re.compile(r"hour|honest|honou?r|heir|unidentif|8|1[18](?!\d)", re.IGNORECASE)
_CONSONANT_SOUND = re.compile(
    r"(?i:uni(?!n|m)|use|usu|eu\w|one\b|once\b|ubiq|ur[aeiou]|ukr|ugand|utah|uti|uto)|U\.|UN[A-Z]*\b|UEFA\b|US[A-Z]*\b|UK\b"
)
_LETTER_BY_LETTER = frozenset("AEFHILMNORSX")
_SMALL_START = re.compile(r"[\"'(\[]*([a-z])")
_NO_CAPITAL = re.compile(r"[a-z]+[A-Z]")
_ROUNDS = 8  # one repair may call for another, such as an article that meets its like


def repair(text: str, terms: Sequence[Term] = ()) -> str:
    """Return ``text`` with ASCII punctuation, single articles, ``a``/``an`` and capitals at the start put right.

    Repairing what was repaired changes nothing, and every term that the text holds it still holds afterwards.

    Args:
        text: What a model wrote.
        terms: The glossary terms of its source: their neighbourhood is looked at (``a``/``an``, a doubled term).

    >>> repair("the the minister said ， yes")
    'The minister said, yes'
    """
    text = " ".join(text.split())  # below, long stretches of spaces would be read over and over
    for _ in range(_ROUNDS):
        before, text = text, _repaired(text, terms)
        if text == before:
            break
    return text


def _repaired(text: str, terms: Sequence[Term]) -> str:
    if not text.isascii():
        verbatim = [
            (start, end)
            for term in terms
            for start, end in occurrences(term, text)
            if not satisfied(term, text[start:end].translate(_PUNCTUATION))
        ]
        text = outside(verbatim, text, lambda part: part.translate(_PUNCTUATION))
    text = _substitute(_SPACED, lambda match: match[1] or "", text, terms)
    text = _substitute(_ARTICLES, _one_article, text, terms)
    if any(name in text for name in _KNOWN_ANYWHERE):
        text = _substitute(_QUALIFIED, _unqualified, text, terms)
    for term in terms:
        text = _undouble(text, term, terms)
        text = _articles(text, term)
    return capitalize(" ".join(text.split()), terms)


def _substitute(pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], text: str, terms: Sequence[Term]) -> str:
    """Replace each match, from the last to the first, unless the text then lacks a term that it held."""
    for match in reversed(list(pattern.finditer(text))):
        changed = text[: match.start()] + new(match) + text[match.end() :]
        text = changed if _holds(changed, text, terms) else text
    return text


def _holds(changed: str, text: str, terms: Sequence[Term]) -> bool:
    return all(satisfied(term, changed) for term in terms if satisfied(term, text))


def _one_article(match: re.Match[str]) -> str:
    """Keep the last of several articles; a capital A inside a sentence is a letter (Plan A) and no article."""
    first, last = match[1], match[2].split()[-1]
    if first in ("A", "An") and not _opens_sentence(match.string, match.start()):
        return match[0]
    if first.lower() == last.lower():
        return first
    return last.capitalize() if first[0].isupper() else last


def _unqualified(match: re.Match[str]) -> str:
    """Drop what the Pentagon or the White House needs nobody to say of it."""
    if _COMPOUND.search(match.string, 0, match.start()) and "American" in match[0]:
        return match[0]
    return f"{_like(match[1], indefinite_article(match[2]))} " if match[1] else ""


def _opens_sentence(text: str, at: int) -> bool:
    return _SENTENCE_START.search(text, max(0, at - 8), at) is not None if at else True


def _like(old: str, new: str) -> str:
    return new.capitalize() if old[0].isupper() else new


def capitalize(text: str, terms: Sequence[Term] = ()) -> str:
    """Capitalise the first letter of a segment.

    Left alone are a word such as ``iPhone``, an address, and a term that is copied as it is or would be lost.
    """
    match = _SMALL_START.match(text)
    if not match or _NO_CAPITAL.match(text, match.start(1)) or OPAQUE.match(text, match.start(1)):
        return text
    if any(term.mode is Mode.DNT and text.startswith(term.target, match.start(1)) for term in terms):
        return text
    capital = text[: match.start(1)] + text[match.start(1)].upper() + text[match.end(1) :]
    return capital if _holds(capital, text, terms) else text


def indefinite_article(word: str) -> str:
    """Return ``a`` or ``an`` for the word or phrase that follows.

    >>> [indefinite_article(word) for word in ("official", "university", "NATO", "MP", "hour", "U.S.", "IMF")]
    ['an', 'a', 'a', 'an', 'an', 'a', 'an']
    """
    if _VOWEL_SOUND.match(word):
        return "an"
    if _CONSONANT_SOUND.match(word):
        return "a"
    head = re.match(r"[A-Z]{2,}|[A-Z](?=[-\d])", word)
    if head and (len(head[0]) < 4 or not re.search("[AEIOU]", head[0])):
        return "an" if head[0][0] in _LETTER_BY_LETTER else "a"
    return "an" if word[:1].lower() in tuple("aeiou") else "a"


def _undouble(text: str, term: Term, terms: Sequence[Term]) -> str:
    """Remove a term that stands twice in a row, as marks sometimes make a model write it."""
    spans = occurrences(term, text)
    for (_, end), (start, last) in zip(reversed(spans[:-1]), reversed(spans[1:]), strict=True):
        if (
            end <= start
            and re.fullmatch(r"(?:'s)?\s+(?:the\s+)?", text[end:start])
            and text[start:last].lower() in text[:end].lower()
        ):
            changed = text[:end] + text[last:]
            text = changed if _holds(changed, text, terms) else text
    return text


def _articles(text: str, term: Term) -> str:
    """Put ``a`` or ``an`` right in front of a term."""
    for start, end in reversed(occurrences(term, text)):
        if not text[:start].rstrip().endswith(("a", "an", "A", "An")):
            continue
        before = re.search(r"(?<![\w.'-])(an?|An?)\s+\Z", text[:start])
        if before and (before[1][0].islower() or _opens_sentence(text, before.start(1))):
            article = _like(before[1], indefinite_article(text[start:end]))
            text = text[: before.start(1)] + article + text[before.end(1) :]
    return text
