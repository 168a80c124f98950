"""Small repairs of machine English that no model should need, applied to every hypothesis before it is judged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from translate.glossary import Mode, Term, occurrences

_PUNCTUATION = str.maketrans({
    "。": ".", "、": ",", "，": ",", "．": ".", "！": "!", "？": "?", "：": ":", "；": ";", "（": "(", "）": ")",
    "「": '"', "」": '"', "『": '"', "』": '"', "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "　": " ", "％": "%", "～": "-",
})  # fmt: skip
_SPACED = re.compile(r"\s+([,.;:!?%)])(?=\s|$|[\"'])")
_ARTICLES = re.compile(r"\b(the|a|an)((?:\s+(?:the|a|an))+)\b", re.IGNORECASE)
_QUALIFIED = re.compile(
    r"\b(?:US|U\.S\.|American|United States|USA)(?:'s)?\s+(?=Pentagon\b|White House\b|Capitol Hill\b)"
)
# Words whose first letter misleads: "an hour", "a university", "a one-time", "a European".
_SILENT = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
_CONSONANT = re.compile(r"(?:uni(?!n|m)|use|usu|eu|one\b|once\b|ub|ur[aeiou]|U\.|UN\b|US\b|UK\b)")
_LETTER_BY_LETTER = frozenset("AEFHILMNORSX")
_NO_CAPITAL = re.compile(r"[a-z]+[A-Z]")


def repair(text: str, terms: Sequence[Term] = ()) -> str:
    """Return ``text`` with ASCII punctuation, single articles, ``a``/``an`` and capitals at the start put right.

    Args:
        text: What a model wrote.
        terms: The glossary terms of its source: their neighbourhood is looked at (``a``/``an``, a doubled term).

    >>> repair("the the minister said ， yes")
    'The minister said, yes'
    """
    text = text.translate(_PUNCTUATION)
    text = _SPACED.sub(r"\1", text)
    text = _ARTICLES.sub(
        lambda match: match[1] if match[1].lower() == match[2].split()[-1].lower() else match[2].split()[-1], text
    )
    text = _QUALIFIED.sub("", text)
    for term in terms:
        text = _undouble(text, term)
        text = _articles(text, term)
    return capitalize(" ".join(text.split()), terms)


def capitalize(text: str, terms: Sequence[Term] = ()) -> str:
    """Capitalise the first letter of a segment, unless a word such as ``iPhone`` or a term copied as it is opens it."""
    match = re.match(r"[\"'(\[]*([a-z])", text)
    if not match or _NO_CAPITAL.match(text, match.start(1)):
        return text
    if any(term.mode is Mode.DNT and text.startswith(term.target, match.start(1)) for term in terms):
        return text
    return text[: match.start(1)] + text[match.start(1)].upper() + text[match.end(1) :]


def indefinite_article(word: str) -> str:
    """Return ``a`` or ``an`` for the word or phrase that follows.

    >>> [indefinite_article(word) for word in ("official", "university", "NATO", "MP", "hour", "U.S.", "IMF")]
    ['an', 'a', 'a', 'an', 'an', 'a', 'an']
    """
    if _SILENT.match(word):
        return "an"
    if _CONSONANT.match(word):
        return "a"
    head = re.match(r"[A-Z]{2,}", word)
    if head and (len(head[0]) < 4 or not re.search("[AEIOU]", head[0])):
        return "an" if head[0][0] in _LETTER_BY_LETTER else "a"
    return "an" if word[:1].lower() in tuple("aeiou") else "a"


def _undouble(text: str, term: Term) -> str:
    """Remove a term that stands twice in a row, as marks sometimes make a model write it."""
    spans = occurrences(term, text)
    for (_, end), (start, last) in zip(reversed(spans[:-1]), reversed(spans[1:]), strict=True):
        if (
            end <= start
            and re.fullmatch(r"(?:'s)?\s+(?:the\s+)?", text[end:start])
            and text[start:last].lower() in text[:end].lower()
        ):
            text = text[:end] + text[last:]
    return text


def _articles(text: str, term: Term) -> str:
    for start, end in reversed(occurrences(term, text)):
        before = re.search(r"\b(an?)\s+$", text[:start], re.IGNORECASE)
        if before:
            right = indefinite_article(text[start:end])
            article = right.capitalize() if before[1][0].isupper() else right
            text = text[: before.start(1)] + article + text[before.end(1) :]
    return text
