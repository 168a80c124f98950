"""Words of a text that look like another spelling of a glossary entry: suggestions, never matches.

Foreign names have no single spelling in katakana: ベロウソフ and ベローソフ are one man, ビル and ビール are not one
thing. A glossary therefore matches only what it lists, and this module asks what a person answers by adding an alias:
did you mean ベロウソフ? A word is compared in three steps, each less sure than the one before:

- *spelling*: equal once ヴ is written with バ, small vowels large, ティ as チ, and ・ is dropped;
- *length*: equal once ー, ッ and doubled vowels (ロウ, ロー, ロ) are dropped, too;
- *sound*: then one vowel (ルカシェンカ) or voicing mark (プリコジン) away, and four characters or longer.

What the analyser's dictionary knows as a word of its own is compared by spelling only, or by the dictionary's own
opinion (ダマスクス is ダマスカス to it): ロマ is a people and no short Rome. Latin words are compared without capitals,
accents, spaces and hyphens, and from six letters on with one typing slip.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from translate._boundaries import analysed
from translate.glossary import Glossary, Term, key
from translate.matching import covered
from translate.normalization import normalize

_KANA = "ァ-ヺー-ヿㇰ-ㇿ"
_KATAKANA_RUN = re.compile(f"[{_KANA}]+(?:[・=][{_KANA}]+)*")
_LETTERS = "A-Za-z\u00c0-\u024f"
_LATIN_RUN = re.compile(f"[{_LETTERS}]+(?:[ -][{_LETTERS}]+)*")
_MOST_PARTS = 6  # a name of more parts is looked at part by part

_SOUNDS = (
    *(("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ")),
    *(("ヷ", "バ"), ("ヸ", "ビ"), ("ヹ", "ベ"), ("ヺ", "ボ"), ("ヰ", "イ"), ("ヱ", "エ"), ("ヲ", "オ")),
    *(("ティ", "チ"), ("テュ", "チュ"), ("ディ", "ジ"), ("デュ", "ジュ"), ("トゥ", "ト"), ("ドゥ", "ド")),
    *(("ヂ", "ジ"), ("ヅ", "ズ"), ("ヮ", "ワ")),
)
_LARGE = str.maketrans("ァィゥェォャュョ", "アイウエオアウオ")  # ギリシャ and ギリシア
_ROWS = (
    *("アイウエオ", "カキクケコ", "ガギグゲゴ", "サシスセソ", "ザジズゼゾ", "タチツテト", "ダヂヅデド", "ナニヌネノ"),
    *("ハヒフヘホ", "バビブベボ", "パピプペポ", "マミムメモ", "ヤイユエヨ", "ラリルレロ", "ワイウエヲ"),
)
_VOWEL = {kana: vowel for row in _ROWS for kana, vowel in zip(row, "アイウエオ", strict=True)}
_LENGTHENS = {"ア": "ア", "イ": "イ", "ウ": "ウ", "エ": "エイ", "オ": "オウ"}  # a vowel → what only lengthens it
_ALIKE = frozenset({frozenset("ワバ"), frozenset("ウブ"), frozenset("ツト"), frozenset("アヤ")})


class Likeness(StrEnum):
    """How a word of the text resembles an entry, the surest first."""

    SPELLING = "spelling"
    LENGTH = "length"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question to a person: is ``surface`` another spelling of ``spelling``?

    Attributes:
        surface: The word of the text, ``text[start:end]``.
        start: Offset of its first code point.
        end: Offset behind its last.
        term: The entry that it resembles.
        spelling: Which of the entry's spellings it resembles most.
        likeness: How.
    """

    surface: str
    start: int
    end: int
    term: Term
    spelling: str
    likeness: Likeness


def suggestions(text: str, glossary: Glossary) -> list[Suggestion]:
    """Return the words of a text that match no entry but look like one, in order, without overlaps.

    >>> found = suggestions("ベローソフ氏は黙った。", Glossary((Term("ベロウソフ", "Belousov"),)))
    >>> [(one.surface, one.spelling, str(one.likeness)) for one in found]
    [('ベローソフ', 'ベロウソフ', 'length')]
    """
    copy = normalize(text)
    index = _index(glossary)
    taken = [(match.start, match.end) for match in covered(text, glossary)]
    found = []
    for run, near in ((_KATAKANA_RUN, index.katakana), (_LATIN_RUN, index.latin)):
        for match in run.finditer(copy.text):
            behind = 0
            for first, last in _stretches(match):
                start, end = copy.original(first, last)
                if first < behind or any(low < end and start < high for low, high in taken):
                    continue
                hit = near(copy.text[first:last])
                if hit:
                    found.append(Suggestion(text[start:end], start, end, *hit))
                    behind = last
    return sorted(found, key=lambda one: one.start)


def _stretches(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of neighbouring parts of a name, for each first part the longest first."""
    parts = [part.span() for part in re.finditer("[^・= -]+", run.group())]
    for first, (start, _) in enumerate(parts):
        for last in range(min(first + _MOST_PARTS, len(parts)) - 1, first - 1, -1):
            yield run.start() + start, run.start() + parts[last][1]


_Hit = tuple[Term, str, Likeness]


class _Index:
    """The katakana and Latin surfaces of a glossary in their folded forms. Blockers are no spellings of anything."""

    def __init__(self, glossary: Glossary) -> None:
        self._spelt: dict[str, tuple[Term, str]] = {}
        self._short: dict[str, tuple[Term, str]] = {}
        self._latin: dict[str, tuple[Term, str]] = {}
        for term in glossary:
            for surface in () if term.is_blocker else term.surfaces:
                normal = key(surface)
                if _KATAKANA_RUN.fullmatch(normal):
                    self._spelt.setdefault(fold(normal), (term, surface))
                    self._short.setdefault(shorten(normal), (term, surface))
                elif _LATIN_RUN.fullmatch(normal):
                    self._latin.setdefault(_plain(normal), (term, surface))

    def katakana(self, word: str) -> _Hit | None:
        """Return the entry that a katakana word resembles."""
        spelt = self._spelt.get(fold(word))
        if spelt and len(fold(word)) > 2:
            return (*spelt, Likeness.SPELLING)
        short = shorten(word)
        near = self._short.get(short) if len(short) > 2 else None
        likeness = Likeness.LENGTH
        if not near and len(short) > 3:
            likeness = Likeness.SOUND
            near = _nearest(short, self._short, _sounds_alike)
        if not near or not _may_be(word, near[1]):
            return None
        return (*near, likeness)

    def latin(self, word: str) -> _Hit | None:
        """Return the entry that a Latin word resembles."""
        plain = _plain(word)
        same = self._latin.get(plain)
        if same:  # ``who`` is no WHO
            return (*same, Likeness.SPELLING) if len(plain) > 3 or sum(map(str.isupper, word)) > 1 else None
        near = _nearest(plain, self._latin, _typed_alike) if len(plain) > 5 else None
        return (*near, Likeness.SOUND) if near else None


@lru_cache(maxsize=4)
def _index(glossary: Glossary) -> _Index:
    return _Index(glossary)


def fold(word: str) -> str:
    """Write a katakana word in the one way that its spellings share; long vowels stay.

    >>> fold("ヴァンス・ティモール"), fold("ギリシャ") == fold("ギリシア")
    ('バンスチモール', True)
    """
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return re.sub("[・=]", "", word.translate(_LARGE))


def shorten(word: str) -> str:
    """Fold a katakana word and drop ー, ッ and vowels that only lengthen the one before.

    >>> shorten("ベロウソフ"), shorten("ベローソフ"), shorten("ルッテ")
    ('ベロソフ', 'ベロソフ', 'ルテ')
    """
    kept = ""
    for kana in fold(word):
        if kana not in "ーッ" and not (kept and kept[-1] in _VOWEL and kana in _LENGTHENS.get(_VOWEL[kept[-1]], "")):
            kept += kana
    return kept


def _plain(word: str) -> str:
    """Return a Latin word without capitals, accents, spaces and hyphens."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", word).casefold())


def _nearest(
    word: str, surfaces: dict[str, tuple[Term, str]], alike: Callable[[str, str], bool]
) -> tuple[Term, str] | None:
    """Return the entry at distance one whose difference ``alike`` forgives; None if several are as near."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = process.extract(word, surfaces.keys(), scorer=OSA.distance, score_cutoff=1, limit=5)
    entries = [surfaces[other] for other, _, _ in near if alike(word, other)]
    return entries[0] if len(entries) == 1 else None


def _sounds_alike(word: str, other: str) -> bool:
    """Tell whether two folded words differ in one vowel or one voicing mark."""
    if len(word) != len(other):
        longer, shorter = (word, other) if len(word) > len(other) else (other, word)
        place = next((at for at, pair in enumerate(zip(longer, shorter, strict=False)) if len(set(pair)) > 1), -1)
        return longer[place] in "アイウエオ"
    pair = next(((one, two) for one, two in zip(word, other, strict=True) if one != two), None)
    if pair is None or sorted(word) == sorted(other):
        return False
    bases = {unicodedata.normalize("NFD", kana)[0] for kana in pair}
    return len(bases) == 1 or frozenset(pair) in _ALIKE or any(set(pair) <= set(row) for row in _ROWS)


def _typed_alike(word: str, other: str) -> bool:
    """Tell whether two Latin words of one initial differ by a typing slip, and not by a plural."""
    return len(other) > 5 and word[0] == other[0] and word != other + "s" and other != word + "s"


def _may_be(word: str, spelling: str) -> bool:
    """Tell whether a word is unknown to the analyser's dictionary, or the same to it as the entry's spelling."""
    units = list(analysed(word))
    if any(unit.is_oov() for unit in units):
        return True
    others = list(analysed(key(spelling)))
    return [unit.normalized_form() for unit in units] == [unit.normalized_form() for unit in others]
