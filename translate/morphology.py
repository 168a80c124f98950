"""Japanese words with part of speech and reading, for mining and suggesting terms; SudachiPy's short units (mode A).

``matching`` asks for boundaries alone and has its own, leaner way to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from translate._boundaries import analysed

_CHUNK = 4000  # code points at once: Sudachi takes 49,149 bytes
_PIECE = re.compile(r"[^。！？!?\n]*[。！？!?\n]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """A short unit.

    Attributes:
        surface: As it stands in the text.
        start: Offset of its first code point.
        pos: Sudachi's part of speech, up to four levels, such as ``("名詞", "固有名詞", "人名", "姓")``.
        reading: In katakana; empty if unknown.
        known: Whether the analyser's dictionary has it.
    """

    surface: str
    start: int
    pos: tuple[str, ...]
    reading: str
    known: bool = True

    @property
    def end(self) -> int:
        """Offset behind its last code point."""
        return self.start + len(self.surface)

    @property
    def is_noun(self) -> bool:
        """Whether it is a noun that can be part of a term: no pronoun, number or auxiliary."""
        return self.pos[0] == "名詞" and self.pos[1] in ("普通名詞", "固有名詞") and self.pos[2] != "助数詞可能"

    def joins(self, behind_noun: bool) -> bool:
        """Tell whether it can be part of a compound: a noun or affix; 局 and 町 count things, unless behind a noun."""
        counter = self.pos[:3] == ("名詞", "普通名詞", "助数詞可能")
        return self.is_noun or self.is_affix or (counter and behind_noun)

    @property
    def is_proper(self) -> bool:
        """Whether it is a proper noun."""
        return self.pos[:2] == ("名詞", "固有名詞")

    @property
    def is_person(self) -> bool:
        """Whether it is a personal name."""
        return self.is_proper and self.pos[2] == "人名"

    @property
    def is_place(self) -> bool:
        """Whether it is the name of a place."""
        return self.is_proper and self.pos[2] == "地名"

    @property
    def is_affix(self) -> bool:
        """Whether it is a prefix or a nominal suffix: 前 in 前大統領, 市 in 大阪市."""
        return self.pos[0] == "接頭辞" or (self.pos[0] == "接尾辞" and self.pos[1] == "名詞的")


def words(text: str) -> list[Word]:
    """Return the words of a text, in order; what the analyser passes over (empty lines) is left out.

    >>> [(word.surface, word.reading) for word in words("岸田は大阪へ")]
    [('岸田', 'キシダ'), ('は', 'ハ'), ('大阪', 'オオサカ'), ('へ', 'ヘ')]
    """
    found = []
    for piece in _PIECE.finditer(text):
        for start in range(piece.start(), piece.end(), _CHUNK):
            part = text[start : min(start + _CHUNK, piece.end())]
            for unit in analysed(part):
                surface = part[unit.begin() : unit.end()]
                if surface:
                    pos = tuple(unit.part_of_speech()[:4])
                    found.append(Word(surface, start + unit.begin(), pos, unit.reading_form(), not unit.is_oov()))
    return found
