"""A dictionary file as small as a test needs it, in the tables of ``jamdict-data``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from translate.dictionary import Dictionary

_TABLES = """
CREATE TABLE Kanji (ID INTEGER PRIMARY KEY, idseq INTEGER, text TEXT);
CREATE TABLE Kana (ID INTEGER PRIMARY KEY, idseq INTEGER, text TEXT);
CREATE TABLE KJP (kid INTEGER, text TEXT);
CREATE TABLE KNP (kid INTEGER, text TEXT);
CREATE TABLE Sense (ID INTEGER PRIMARY KEY, idseq INTEGER);
CREATE TABLE SenseGloss (sid INTEGER, lang TEXT, text TEXT);
CREATE TABLE NEKanji (ID INTEGER PRIMARY KEY, idseq INTEGER, text TEXT);
CREATE TABLE NEKana (ID INTEGER PRIMARY KEY, idseq INTEGER, text TEXT);
CREATE TABLE NETranslation (ID INTEGER PRIMARY KEY, idseq INTEGER);
CREATE TABLE NETransType (tid INTEGER, text TEXT);
CREATE TABLE NETransGloss (tid INTEGER, lang TEXT, text TEXT);
"""

Word = tuple[str, str, list[str], bool]  # kanji, kana, glosses, whether the spelling is marked as common
Name = tuple[str, str, str, str]  # kanji, kana, romaji, type


def build(path: Path, *, words: Iterable[Word] = (), names: Iterable[Name] = ()) -> Dictionary:
    """Write a dictionary file and open it; a spelling that recurs is one entry with several senses."""
    file = sqlite3.connect(path)
    file.executescript(_TABLES)
    entries: dict[tuple[str, str], int] = {}
    for number, (kanji, kana, glosses, common) in enumerate(words, 1):
        entry = entries.setdefault((kanji, kana), number)
        if entry == number:
            for table, rank, text in (("Kanji", "KJP", kanji), ("Kana", "KNP", kana)):
                if text:
                    kid = file.execute(f"INSERT INTO {table} (idseq, text) VALUES (?, ?)", (entry, text)).lastrowid
                    if common:
                        file.execute(f"INSERT INTO {rank} VALUES (?, 'news1')", (kid,))
        file.execute("INSERT INTO Sense VALUES (?, ?)", (number, entry))
        file.executemany("INSERT INTO SenseGloss VALUES (?, 'eng', ?)", [(number, gloss) for gloss in glosses])
    for number, (kanji, kana, romaji, what) in enumerate(names, 1):
        for table, text in (("NEKanji", kanji), ("NEKana", kana)):
            if text:
                file.execute(f"INSERT INTO {table} (idseq, text) VALUES (?, ?)", (number, text))
        file.execute("INSERT INTO NETranslation VALUES (?, ?)", (number, number))
        file.execute("INSERT INTO NETransType VALUES (?, ?)", (number, what))
        file.execute("INSERT INTO NETransGloss VALUES (?, 'eng', ?)", (number, romaji))
    file.commit()
    file.close()
    return Dictionary(path)
