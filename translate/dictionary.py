"""JMdict and JMnedict, where they are installed: English for Japanese words and names.

The dictionaries of the Electronic Dictionary Research and Development Group come as one SQLite file in the package
``jamdict-data`` (the extra ``dict``: some 50 MB to load, 325 MB on the disk). It is read with ``sqlite3`` as it is: the
package ``jamdict`` would add three more, and reads far more than a surface's glosses. Nothing here needs the file to be
there: ``find`` returns None without it, ``require`` says what to install.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path

from translate.errors import InputError

_PACKAGE = "jamdict_data"
_FILE = "jamdict.db"
_LONGEST = 60  # characters: longer glosses are explanations
_MOST = 200  # rows of one surface: 光 has hundreds of readings as a name
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_KATAKANA = re.compile("[ァ-ヺー・]+")

# CROSS JOIN keeps SQLite from starting at the hundred thousands of English glosses.
_WORDS = """
SELECT sense.ID, gloss.text, spelling.ID FROM {table} spelling
CROSS JOIN Sense sense ON sense.idseq = spelling.idseq
CROSS JOIN SenseGloss gloss ON gloss.sid = sense.ID
WHERE spelling.text = ? AND gloss.lang = 'eng' ORDER BY sense.ID, gloss.rowid LIMIT ?
"""
_NAMES = """
SELECT name.ID, gloss.text, (SELECT kind.text FROM NETransType kind WHERE kind.tid = name.ID) FROM {table} spelling
CROSS JOIN NETranslation name ON name.idseq = spelling.idseq
CROSS JOIN NETransGloss gloss ON gloss.tid = name.ID
WHERE spelling.text = ? AND gloss.lang = 'eng' ORDER BY name.ID, gloss.rowid LIMIT ?
"""


class What(StrEnum):
    """What a dictionary entry names."""

    COMMON = "common"
    PERSON = "person"
    PLACE = "place"
    ORG = "org"
    NAME = "name"  # a name of which the dictionary says no more


_TYPES = {
    **dict.fromkeys(("person", "surname", "given", "fem", "masc"), What.PERSON),
    **dict.fromkeys(("place", "station"), What.PLACE),
    **dict.fromkeys(("organization", "company"), What.ORG),
}


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a surface.

    Attributes:
        english: Its glosses, the first one first, without remarks in brackets.
        what: What it names; ``COMMON`` for every entry of JMdict.
        frequent: Whether the dictionary marks the spelling as common; never for names.
    """

    english: tuple[str, ...]
    what: What
    frequent: bool = False


class Dictionary:
    """The open dictionary file; look-ups are by exact surface."""

    def __init__(self, path: Path) -> None:
        """Open a file of ``jamdict-data``, for reading only.

        Raises:
            InputError: It cannot be read, or is no such file.
        """
        try:
            self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            self._connection.execute("SELECT kid FROM KJP LIMIT 1")
            self._connection.execute("SELECT tid FROM NETransGloss LIMIT 1")
        except sqlite3.Error as error:
            raise InputError(f"{path}: cannot be read as a dictionary: {error}; {_REMEDY}") from error
        self.lookup = lru_cache(maxsize=65536)(self._lookup)

    def _lookup(self, surface: str) -> tuple[Sense, ...]:
        """Return the meanings of a surface, words before names; none if it is not there.

        Kana are looked up as such only if they are katakana: ひらがな stand for too many words.
        """
        tables = [("Kanji", "KJP", "NEKanji")]
        if _KATAKANA.fullmatch(surface):
            tables.append(("Kana", "KNP", "NEKana"))
        senses = []
        for words, rank, names in tables:
            senses += [
                Sense(english, What.COMMON, frequent=spelling in self._frequent[rank])
                for spelling, english in self._glosses(_WORDS.format(table=words), surface)
            ]
            senses += [
                Sense(english, _TYPES.get(str(kind), What.NAME))
                for kind, english in self._glosses(_NAMES.format(table=names), surface)
            ]
        return tuple(sorted(senses, key=lambda sense: (sense.what is not What.COMMON, not sense.frequent)))

    @cached_property
    def _frequent(self) -> dict[str, frozenset[object]]:
        """The spellings that carry a mark of frequency; the file has no index to ask for one of them."""
        return {
            table: frozenset(kid for (kid,) in self._connection.execute(query))
            for table, query in (("KJP", "SELECT kid FROM KJP"), ("KNP", "SELECT kid FROM KNP"))
        }

    def _glosses(self, query: str, surface: str) -> list[tuple[object, tuple[str, ...]]]:
        """Return the third column and the glosses of each sense that a query finds."""
        found: dict[int, tuple[object, list[str]]] = {}
        for number, gloss, third in self._connection.execute(query, (surface, _MOST)):
            plain = clean(gloss)
            if plain:
                found.setdefault(number, (third, []))[1].append(plain)
        return [(third, tuple(dict.fromkeys(glosses))) for third, glosses in found.values()]


_REMEDY = "install the dictionary with: pip install 'yakubun[dict]'"


@lru_cache(maxsize=1)
def find() -> Dictionary | None:
    """Return the installed dictionary, or None if there is none.

    Raises:
        InputError: It is installed but damaged.
    """
    spec = find_spec(_PACKAGE)
    path = Path(spec.origin).parent / _FILE if spec and spec.origin else None
    return Dictionary(path) if path and path.is_file() else None


def require() -> Dictionary:
    """Return the installed dictionary.

    Raises:
        InputError: There is none; the message says how to install it.
    """
    dictionary = find()
    if dictionary is None:
        raise InputError(f"JMdict and JMnedict are not installed; {_REMEDY}")
    return dictionary


def clean(gloss: str) -> str:
    """Return a gloss as a translation would hold it, empty if it is an explanation or holds Japanese.

    >>> clean("Osaka (city, prefecture)"), clean("to investigate"), clean("the Diet (of Japan)")
    ('Osaka', 'investigate', 'Diet')
    """
    plain = " ".join(re.sub(r"\([^()]*\)", " ", gloss).split()).strip(" ,;.")
    plain = re.sub(r"^(?:to|the|an?) (?=\w)", "", plain)
    return "" if len(plain) > _LONGEST or _JAPANESE.search(plain) or not any(map(str.isalpha, plain)) else plain
