"""Do a Japanese spelling and a Latin one sound alike? Kana to romaji, and a score for pairs: ショイグ and Shoigu.

Japanese writes foreign names by ear, so there is no way back to the letters: シュルツ may be Schultz, Schulz or Shultz.
What can be asked is whether a Latin word at hand fits. ``similarity`` aligns the sounds of the kana with the letters of
the word, at the least cost: a sound knows which letters may stand for it and how unusual each is (``_sounds``), vowels
weigh little, consonants much. Kanji names come in through their readings (岸田, キシダ, Kishida).

The kana table is our own: cutlet needs a MeCab dictionary of its own, pykakasi is under the GPL, and the smaller
converters spell what foreign words need (ティ, ヴァ, ウォ) in their own ways; the table is shorter than any adapter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from translate._sounds import ADDED, CONSONANTS, DROPPED, MORAE, VOWELS, WEIGHT

THRESHOLD = 0.76
"""From here on a pair counts as one name. Measured on 8,000 names of a dictionary, each with its own spelling and with
ten others: recall 0.976, precision 0.987 (0.70 gives 0.987 and 0.970, 0.85 gives 0.939 and 0.996). Names that differ in
a vowel or two pass as well (トランプ, Triumph): whoever has several candidates takes the best."""

_THRESHOLD_OF_SHORT, _SHORT = 0.8, 2
_LONGEST = 40  # kana or letters; longer ones are no names, and an alignment costs their product
_LATIN = re.compile(r"[^a-z]")
_SPECIAL = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d"})
_KANA = re.compile(r"[ァ-ヺーぁ-ゖ・=\s]+")


def is_kana(text: str) -> bool:
    """Tell whether a text holds kana alone, with its dots and spaces.

    >>> is_kana("ジョー・バイデン"), is_kana("岸田")
    (True, False)
    """
    return bool(_KANA.fullmatch(unicodedata.normalize("NFKC", text)))


def romaji(kana: str, *, foreign: bool = False) -> str:
    """Return kana in Hepburn romaji, long vowels short, as newspapers write names; other characters stay.

    Args:
        kana: Katakana or hiragana.
        foreign: The kana spell a foreign word: only ー makes a vowel long, and ウ behind an オ is a sound of its own.

    >>> romaji("トウキョウ"), romaji("ジョー・バイデン"), romaji("まっちゃ"), romaji("しんばし")
    ('tokyo', 'jo baiden', 'matcha', 'shimbashi')
    >>> romaji("イノウエ"), romaji("ジュンイチロウ"), romaji("ベロウソフ", foreign=True)
    ('inoue', "jun'ichiro", 'berousofu')
    """
    text = "".join(spelling or mora for mora, spelling in _morae(kana))
    text = re.sub(r"ッ(?=ch)", "t", text)
    text = re.sub(r"ッ([a-z])", r"\1\1", text).replace("ッ", "")
    text = re.sub(r"ン(?=[bmp])", "m", text)
    text = re.sub(r"ン(?=[aiueoy])", "n'", text).replace("ン", "n").replace("ー", "")
    if not foreign:
        text = re.sub(r"oo+|ou(?!e\b)", "o", re.sub(r"uu+", "u", text))
    return re.sub(r"[・=\s]+", " ", text)


def name_form(kana: str, *, foreign: bool = False) -> str:
    """Return kana as a name in Latin letters: ``romaji`` with capitals, without apostrophes.

    >>> name_form("キシダ"), name_form("ミン・アウン", foreign=True), name_form("ジュンイチロウ")
    ('Kishida', 'Min Aun', 'Junichiro')
    """
    return " ".join(word.capitalize() for word in romaji(kana, foreign=foreign).replace("'", "").split())


def folded(latin: str) -> str:
    """Return what the ways to write one Japanese name in Latin letters share: long vowels short, n before b, m and p.

    >>> {folded(name) for name in ("Ohtani", "Ōtani", "Otani", "Ootani")}, folded("Shin-Yokohama")
    ({'otani'}, 'shinyokohama')
    """
    word = re.sub(r"o[ou]+|oh(?![aiueo])", "o", re.sub(r"uu+", "u", _latin(latin)))
    return re.sub(r"m(?=[bmp])", "n", word)


def threshold(kana: str) -> float:
    """Return the similarity that kana need: two of them fit many words, and have to fit better."""
    return _THRESHOLD_OF_SHORT if len(kana) <= _SHORT else THRESHOLD


def similarity(kana: str, latin: str) -> float:
    """Return how well a Latin word fits kana, from 0 (hopeless) to 1; what would stay below a half is 0.

    Args:
        kana: Katakana or hiragana; dots, double hyphens and spaces are passed over.
        latin: A word or name in Latin script; capitals, accents, spaces and marks do not matter.

    >>> round(similarity("ベロウソフ", "Belousov"), 2) > THRESHOLD > round(similarity("ベロウソフ", "Belgium"), 2)
    True
    >>> similarity("国防", "defense"), similarity("", "")
    (0.0, 0.0)
    """
    if not is_kana(kana) or len(kana) > _LONGEST or len(latin) > _LONGEST:
        return 0.0
    return _aligned(_katakana(kana), _latin(latin))


@lru_cache(maxsize=65536)
def _aligned(kana: str, word: str) -> float:
    """Return one minus the cost of the cheapest alignment, as a share of what both sides weigh."""
    sounds = _sounds(kana)
    if not sounds or not word:
        return 0.0
    size = sum(WEIGHT["vowel" if sound in "aiueoー" else "consonant"] for sound in sounds)
    size += sum(WEIGHT["vowel" if letter in "aeiouyhw" else "consonant"] for letter in word)
    row = [0.0]
    for index in range(len(word)):
        row.append(row[-1] + _added(word, index))
    before = ""
    for sound in sounds:
        options = VOWELS.get(sound) or CONSONANTS.get(sound) or {}
        dropped = DROPPED.get(before + sound, DROPPED.get(sound, 0.9))
        below = [cost + dropped for cost in row]
        for end in range(1, len(word) + 1):
            best = min(below[end], below[end - 1] + _added(word, end - 1))
            for width in range(1, min(4, end) + 1):
                cost = options.get(word[end - width : end])
                if cost is not None and row[end - width] + cost < best:
                    best = row[end - width] + cost
            below[end] = best
        row = below
        before = sound
        if 4 * min(row) > size:  # costs only grow: a score below a half is of no use
            return 0.0
    return 1 - 2 * row[-1] / size if 4 * row[-1] <= size else 0.0


def _added(word: str, index: int) -> float:
    """Return what a letter costs that no sound stands for: silent, doubled, or simply too many."""
    letter, before = word[index], word[index - 1] if index else ""
    if letter == before or (letter == "e" and index == len(word) - 1):
        return 0.05
    return ADDED.get(before + letter, ADDED.get(letter, 0.9))


@lru_cache(maxsize=16384)
def _sounds(kana: str) -> tuple[str, ...]:
    """Return katakana as sounds: the keys of the tables, one a consonant or vowel; ー is a sound, ッ is none."""
    sounds: list[str] = []
    for letter, spelling in _morae(kana):
        if letter in "ンー":
            sounds.append(letter)
        elif spelling:
            head = spelling.rstrip("aiueo")
            parts = [head[:-1], "y"] if len(head) == 2 and head[1] == "y" else [head]
            sounds += [part for part in parts if part] + list(spelling[len(head) :])
    return tuple(sounds)


def _morae(kana: str) -> list[tuple[str, str]]:
    """Return the morae of a text with their romaji; ン, ッ, ー and what is no kana come with an empty one."""
    text = _katakana(kana)
    found = []
    index = 0
    while index < len(text):
        size = 2 if text[index : index + 2] in MORAE else 1
        mora = text[index : index + size]
        found.append((mora, MORAE.get(mora, "")))
        index += size
    return found


def _katakana(text: str) -> str:
    """Return a text with wide katakana for half-width ones and for hiragana."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in wide)


@lru_cache(maxsize=16384)
def _latin(text: str) -> str:
    """Return a Latin word in small letters, without accents, marks and spaces."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_SPECIAL))
    word = _LATIN.sub("", plain)
    return word.replace("x", "ks") if word[:1] != "x" else word[:1] + word[1:].replace("x", "ks")
