"""Terms of a sentence pair: entries of a bilingual list, and dictionary words whose English stands in the reference."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from translate import bounded
from translate._english_words import English
from translate._ordinary import LONG_PREPOSITIONS, SMALL
from translate.dictionary import Dictionary, What
from translate.encoding import decode
from translate.errors import InputError
from translate.glossary import Glossary, Term, key, load, satisfied
from translate.matching import find_terms
from translate.morphology import Word

Bilingual = Mapping[str, Sequence[str]]
"""Japanese term → its English forms, the best one first."""

_MOST = 6  # short units of one term
_GLOSSES = 40  # of one surface


def read_bilingual(path: Path) -> dict[str, list[str]]:
    """Read a bilingual list: a glossary CSV, or Japanese TAB English, a pair a line; # begins a comment line.

    Raises:
        GlossaryError: A ``.csv`` file that is no glossary.
        InputError: A list that cannot be read, or a line without a tab.
    """
    pairs: dict[str, list[str]] = {}
    if path.suffix.lower() == ".csv":
        for term in load([path]):
            for surface in term.surfaces if not term.is_blocker else ():
                pairs.setdefault(key(surface), []).extend((term.target, *term.variants))
        return pairs
    try:
        text = decode(bounded.read(path, bounded.TABLE), str(path)).text
    except OSError as error:
        raise InputError(f"{path}: cannot read the list: {error.strerror or error}; check the path") from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        source, target = (*(part.strip() for part in line.split("\t")), "")[:2]
        if not (source and target):
            raise InputError(f"{path}:{number}: not Japanese TAB English; put a tab between the two")
        forms = pairs.setdefault(key(source), [])
        forms += [target] if target not in forms else []
    return pairs


def listed(bilingual: Bilingual) -> Glossary:
    """Return the list as a glossary, so that its terms are found on word boundaries; nonsense entries are left out."""
    return Glossary(
        tuple(
            Term(source, forms[0], variants=tuple(forms[1:]))
            for source, forms in bilingual.items()
            if forms and any(map(str.isalnum, source)) and all(any(map(str.isalnum, form)) for form in forms)
        )
    )


def from_list(text: str, english: English, glossary: Glossary) -> Iterator[tuple[str, str]]:
    """Yield the terms of a bilingual list that stand on both sides, with the first form that the English holds."""
    for match in find_terms(text, glossary):
        for form in (match.term.target, *match.term.variants):
            if satisfied(Term(match.term.source, form), english.text):
                yield match.term.source, form
                break


def from_dictionary(
    words: Sequence[Word], english: English, dictionary: Dictionary, *, ordinary: bool
) -> Iterator[tuple[str, str]]:
    """Yield dictionary words and compounds whose English stands in the reference.

    Args:
        words: The words of the source line.
        english: The reference line.
        dictionary: Where the English comes from.
        ordinary: True for everyday words (選挙, election), False for terms: compounds, names, phrases of two words.
    """
    for span in _spans(words):
        surface = "".join(word.surface for word in span)
        found = [
            gloss
            for sense in dictionary.lookup(surface)
            if sense.what in (What.COMMON, What.PLACE, What.ORG)
            for gloss in sense.english
        ]
        held = []
        for gloss in found[:_GLOSSES]:
            everyday = gloss == gloss.lower() and (" " not in gloss or not _is_phrase(span, gloss))
            if everyday is ordinary and gloss.split()[-1].lower()[:4] in english.lower:
                held += [gloss] if len(gloss) > 2 and satisfied(Term(surface, gloss), english.text) else []
        if held:
            yield surface, max(held, key=lambda gloss: len(gloss.split()))


def _spans(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield every run of up to six nouns and affixes that could be a term of two characters or more."""
    for start, end in itertools.combinations(range(len(words) + 1), 2):
        span = words[start:end]
        if end - start > _MOST or not all(word.joins(bool(index)) for index, word in enumerate(span)):
            continue
        if span[0].pos[0] == "接尾辞" or span[-1].pos[0] == "接頭辞" or not any(word.is_noun for word in span):
            continue
        length = span[-1].end - span[0].start
        whole = length >= 2 and length == sum(len(word.surface) for word in span)
        if whole and (len(span) > 1 or not _is_vague(span[0])):
            yield span


def _is_vague(word: Word) -> bool:
    """Tell whether a single word says too little: 来年 (next year), or hiragana, which stand for many words."""
    return word.pos[2] == "副詞可能" or bool(re.fullmatch("[ぁ-ゖー]+", word.surface))


def _is_phrase(span: Sequence[Word], gloss: str) -> bool:
    """Tell whether a gloss of several words is a term: no paraphrase of one word, such as *within the prefecture*."""
    return gloss.split()[0] not in LONG_PREPOSITIONS | SMALL and (len(span) > 1 or span[0].pos[2] == "一般")
