"""Names of a sentence pair: katakana by ear, kanji by their readings, Latin names and acronyms as they are."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from translate._english_words import English
from translate.dictionary import Dictionary, What
from translate.morphology import Word
from translate.transliteration import folded, is_kana, romaji, similarity, threshold

_KATAKANA = re.compile("[ァ-ヺ][ァ-ヺー]*(?:[・=][ァ-ヺ][ァ-ヺー]*)*")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-&.'][A-Za-z0-9]+)*")
_MOST = 4  # short units of one kanji name


def katakana(text: str, english: English) -> Iterator[tuple[str, str]]:
    """Yield katakana words with the capitalised word or group that they sound like.

    A name of several parts (ジョー・バイデン) needs a group of several words; if there is none, its parts are tried.
    """
    for run in dict.fromkeys(match[0] for match in _KATAKANA.finditer(text)):
        parts = re.split("[・=]", run)
        best = _best(run, english, several=len(parts) > 1)
        if best:
            yield run, best
        elif len(parts) > 1:
            for part in parts:
                best = _best(part, english, several=False)
                if best:
                    yield part, best


def _best(kana: str, english: English, *, several: bool) -> str:
    """Return the group that fits best, the shorter one of equals; empty if none fits."""
    if len(kana) < 2:
        return ""
    scored = []
    for group in english.groups:
        if several and len(re.split("[ -]", " ".join(group))) < 2:
            continue
        score = similarity(kana, "".join(group))
        if score >= threshold(kana):
            scored.append((-score, len(group), " ".join(group)))
    return min(scored)[2] if scored else ""


def kanji(words: Sequence[Word], english: English, dictionary: Dictionary | None) -> Iterator[tuple[str, str]]:
    """Yield names in kanji with their romaji in the English, a full name in either order (岸田文雄, Fumio Kishida)."""
    written = {folded("".join(group)): " ".join(group) for group in reversed(english.groups)}
    for run in _noun_runs(words):
        readings = [_readings(word, dictionary) for word in run]
        for start, reading in enumerate(readings):
            surface = run[start].surface
            if len(surface) > 1:
                yield from ((surface, written[one]) for one in reading if one in written)
            if start + 1 < len(run) and run[start].is_person and run[start + 1].is_person:
                for family, given in itertools.product(reading, readings[start + 1]):
                    full = surface + run[start + 1].surface
                    yield from ((full, written[one]) for one in (given + family, family + given) if one in written)
        if dictionary:
            yield from _listed(run, dictionary, written)


def _listed(run: Sequence[Word], dictionary: Dictionary, written: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield names that the dictionary has and the analyser takes apart, or reads otherwise."""
    for start, end in itertools.combinations(range(len(run) + 1), 2):
        surface = "".join(word.surface for word in run[start:end])
        if not len(surface) >= 2 or end - start > _MOST or (end - start == 1 and not run[start].is_proper):
            continue
        for sense in dictionary.lookup(surface):
            if sense.what is not What.COMMON:
                for gloss in sense.english:
                    orders = {folded(gloss), folded(" ".join(reversed(gloss.split(" "))))}
                    yield from ((surface, written[one]) for one in sorted(orders) if one in written)


def _noun_runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the longest runs of nouns and affixes without katakana and Latin words, each at most 12 words."""
    run: list[Word] = []
    for word in words:
        fits = (
            word.joins(bool(run) and run[-1].end == word.start)
            and not is_kana(word.surface)
            and not _LATIN.search(word.surface)
        )
        if run and not (fits and run[-1].end == word.start and len(run) < 12):
            yield run
            run = []
        if fits:
            run.append(word)
    if run:
        yield run


def _readings(word: Word, dictionary: Dictionary | None) -> list[str]:
    """Return how a proper noun may be read, in folded romaji: names are read in more ways than the analyser says."""
    if not word.is_proper:
        return []
    readings = [folded(romaji(word.reading))] if is_kana(word.reading) else []
    if dictionary and word.is_person:
        senses = dictionary.lookup(word.surface)
        readings += [folded(gloss) for sense in senses if sense.what is not What.COMMON for gloss in sense.english]
    return list(dict.fromkeys(reading for reading in readings if len(reading) > 1))


def latin(text: str, english: English) -> Iterator[tuple[str, str]]:
    """Yield Latin names and acronyms that stand on both sides alike: NATO, TikTok; no words in small letters."""
    for name in dict.fromkeys(match[0] for match in _LATIN.finditer(text)):
        if (
            len(name) > 1
            and name != name.lower()
            and re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", english.text)
        ):
            yield name, name
