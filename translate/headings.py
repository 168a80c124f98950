"""Sentence case and title case for headings.

Sentence case must tell ``Minister Resigns`` from ``Minister Belousov``. What the caller knows decides first: names, and
glossary targets in the case that the glossary gives them. Then the word's own shape (acronyms, inner capitals). What is
left is put in small letters only if it is known to be an ordinary word; an unknown word keeps its capital, since a
name without it is the worse mistake. A heading that is in sentence case already is left as it is.

Title case is AP's: capitals for the first and the last word and every word but articles, conjunctions and prepositions
of three letters or fewer; the parts of a hyphenated compound count as words. (The ``titlecase`` library was weighed: it
knows neither phrases to keep nor compounds behind acronyms, as in *US-Led*, nor *nor*, *so*, *per* or *yet*.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from translate._ordinary import ACRONYMS, COMMON, LONG_PREPOSITIONS, MONTH_BEFORE, NAMES, SMALL
from translate._verbatim import OPAQUE, mask, phrases
from translate.spelling import respell

_SUFFIX = re.compile(
    r".{3,}(?:tion|sion|ness|ism|ity|ities|ship|(?<=..)ment|ful|less|able|ible|ously|edly|ently|antly|ically)s?\Z"
)
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:['’]\w+)*")
_NUMBERING = re.compile(r"\W*(?:\d+(?:\.\d+)*[.):]|[IVX]+\.)\s+")
_FRESH = re.compile(r"""(?:(?:[:!?…]|(?<![A-Z])\.)["'”’)\]]*\s+|(?:\A|[\s([{—–-])["'“”‘’]+)\Z""")


def sentence_case(text: str, fixed: Iterable[str] = ()) -> str:
    """Put a heading in sentence case.

    Args:
        text: The heading.
        fixed: Names and glossary targets in the case they have inside a sentence.

    Example:
        >>> sentence_case("Defense Minister Belousov Meets US Envoy at the Pentagon")
        'Defense minister Belousov meets US envoy at the Pentagon'
    """
    fixed = tuple(fixed)
    kept, text = _keep(text, fixed, in_title=False)
    covered = mask(kept, text)
    words = [match for match in _WORD.finditer(text) if not covered[match.start()]]
    first, shouted = _first(text, words, kept), _is_shouted(words)
    if shouted or _is_title(words, first):
        small = frozenset(word for phrase in fixed if phrase.islower() for word in re.split(r"[\s-]+", phrase))
        return _rewrite(text, words, lambda at: _sentence_word(text, words, at, first, small, shouted=shouted))
    if first < 0 or _is_shaped(words[first].group()):
        return text
    return _rewrite(text, words, lambda at: _capital(words[at].group()) if at == first else words[at].group())


def title_case(text: str, fixed: Iterable[str] = ()) -> str:
    """Put a heading in AP's title case.

    Args:
        text: The heading.
        fixed: Names and glossary targets; those with capitals are written as they stand here.

    Example:
        >>> title_case("face-to-face talks of US-led forces with the bank of Japan", ["Bank of Japan"])
        'Face-to-Face Talks of US-Led Forces With the Bank of Japan'
    """
    kept, text = _keep(text, fixed, in_title=True)
    every = list(_WORD.finditer(text))
    covered = mask(kept, text)
    words = [match for match in every if not covered[match.start()]]
    shouted = _is_shouted(words)

    def title_word(at: int) -> str:
        word, start = words[at].group(), words[at].start()
        if shouted and _base(word) not in ACRONYMS and not _has_digit_or_dot(word):
            word = _lower(word)
        if _is_shaped(word):
            return word
        edge = start in (every[0].start(), every[-1].start()) or _FRESH.search(text, max(0, start - 12), start)
        return _lower(word) if word.lower() in SMALL and not edge else _capital(word)

    return _rewrite(text, words, title_word)


def _sentence_word(
    text: str, words: list[re.Match[str]], at: int, first: int, small: frozenset[str], *, shouted: bool
) -> str:
    """Return the word at an index of ``words`` as sentence case has it."""
    match = words[at]
    word, base = match.group(), _base(match.group())
    if shouted:
        if base in ACRONYMS or _has_digit_or_dot(base):
            return base + _lower(word[len(base) :])
        word = _capital(_lower(word))
    if at == first:
        return word if _is_shaped(word) else _capital(word)
    if _is_shaped(word) or not word[0].isupper() or _FRESH.search(text, max(0, match.start() - 12), match.start()):
        return word
    if base.lower() in ("may", "march"):
        before = words[at - 1].group() if at else ""
        after = words[at + 1].group() if at + 1 < len(words) else ""
        dated = before.lower() in MONTH_BEFORE or before[:1].isdigit() or after[:1].isdigit()
        return word if dated else _lower(word)
    return _lower(word) if is_ordinary(word, small) else word


def is_ordinary(word: str, more: frozenset[str] = frozenset()) -> bool:
    """Tell whether a word is known to be no name, by a list of the words of headlines, their endings and suffixes.

    Args:
        word: The word, in any case and spelling.
        more: Further ordinary words, in small letters.

    Example:
        >>> [is_ordinary(word) for word in ("Resigns", "Stopped", "Mobilisation", "Belousov", "Beijing")]
        [True, True, True, False, False]
    """
    base = respell(_base(word).lower(), "us")
    if base in COMMON or base in more or (len(base) > 6 and _SUFFIX.fullmatch(base)):
        return True
    for ending in ("s", "es", "d", "ed", "ing"):
        stem = base.removesuffix(ending)
        if stem != base and len(stem) > 2:
            undoubled = stem[:-1] if stem[-1] == stem[-2] else stem
            singular = stem[:-1] + "y" if stem[-1] == "i" else stem
            with_e = stem + "e" if ending == "ing" else stem
            if any(form in COMMON or form in more for form in (stem, undoubled, singular, with_e)):
                return True
    return False


def _keep(text: str, fixed: Iterable[str], *, in_title: bool) -> tuple[list[tuple[int, int]], str]:
    """Return the spans whose case stands, and the text with the phrases in them in their own case."""
    kept = [match.span() for match in OPAQUE.finditer(text)]
    opaque = mask(kept, text)
    numbering = _NUMBERING.match(text)
    opening = numbering.end() if numbering else 0
    for (start, end), phrase in phrases({*fixed, *NAMES}, text):
        found = text[start:end]
        if phrase.islower() or any(opaque[start:end]):
            continue
        # "us" is not the US, a turkey is not Turkey, and the capital that opens a heading proves nothing.
        telling = found[1:] + (found[0] if any(map(str.isalnum, text[opening:start])) else "")
        if found != phrase and (phrase.isupper() or not (in_title or any(map(str.isupper, telling)))):
            continue
        if len(found) == len(phrase):  # the same letters; quotes and spaces stay the text's own
            pairs = zip(found, phrase, strict=True)
            found = "".join(right if left.casefold() == right.casefold() else left for left, right in pairs)
        text = text[:start] + found + text[end:]
        kept.append((start, end))
    return sorted(kept), text


def _first(text: str, words: list[re.Match[str]], kept: list[tuple[int, int]]) -> int:
    """Return the index of the word that opens the heading, behind a number such as ``1.``; -1 if kept text does."""
    numbering = _NUMBERING.match(text)
    start = numbering.end() if numbering else 0
    for at, match in enumerate(words):
        if match.start() >= start:
            return -1 if any(start <= low < match.start() for low, _ in kept) else at
    return -1


def _is_shouted(words: list[re.Match[str]]) -> bool:
    """Tell whether a heading is written in capitals throughout, unlike one made of acronyms."""
    bases = [_base(match.group()) for match in words]
    telling = [respell(base.lower(), "us") for base in bases if base not in ACRONYMS and base.isalpha()]
    shouts = any((len(base) > 5 and len(bases) > 1) or (len(base) > 3 and is_ordinary(base)) for base in telling)
    return shouts and not any(map(str.islower, "".join(match.group() for match in words)))


def _is_title(words: list[re.Match[str]], first: int) -> bool:
    texts = [match.group() for at, match in enumerate(words) if at != first and not _is_shaped(match.group())]
    major = [text for text in texts if len(text) > 3 and text.lower() not in LONG_PREPOSITIONS]
    deciding = major or [text for text in texts if text.lower() not in SMALL | LONG_PREPOSITIONS]
    return bool(deciding) and all(text[0].isupper() for text in deciding)


def _rewrite(text: str, words: list[re.Match[str]], change: Callable[[int], str]) -> str:
    parts, end = [], 0
    for at, match in enumerate(words):
        parts += [text[end : match.start()], change(at)]
        end = match.end()
    return "".join([*parts, text[end:]])


def _base(word: str) -> str:
    """Return a word without its possessive."""
    return word.replace("’", "'").partition("'")[0]


def _is_shaped(word: str) -> bool:
    """Tell whether a word's capitals mean something in any case of heading: NATO, iPhone, F-35, U.S."""
    return any(map(str.isupper, word[1:])) or _has_digit_or_dot(word)


def _has_digit_or_dot(word: str) -> bool:
    return "." in word or any(map(str.isdigit, word))


def _capital(word: str) -> str:
    upper = word[0].upper()
    return upper + word[1:] if len(upper) == 1 else word


def _lower(word: str) -> str:
    lower = word.lower()
    return lower if len(lower) == len(word) else word
