"""A small project to work in: an article with every kind of line, a glossary, and what tests do with them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polib

from translate.catalog import Catalog
from translate.engines import create
from translate.engines.base import Engine
from translate.glossary import Glossary, load
from translate.pipeline import Settings, translate_article
from translate.reporting import ArticleReport

CHECKOUT = Path(__file__).parent.parent

TITLE = "岬の灯台、百年目の改修へ"
HEADINGS = ("消えた明かり", "鐘を鳴らす人", "来年の春")
BODY = (
    "岬町の灯台で3月4日、明かりが消えた。",
    "灯台守の浜田さんは「音もなく暗くなった」と話す。",
    "船は7隻が港に戻った。",
    "町は鐘を鳴らして船を導いた。",
    "大森町からも12人が手伝いに来た。",
    "改修は来年4月に終わる。",
    "灯台守は「また火がともる」と笑った。",
)
BOILERPLATE = "【岬新報】をフォローして港の最新ニュースを受け取る"
ARTICLE = f"""{TITLE}

{HEADINGS[0]}
{HEADINGS[1]}
{HEADINGS[2]}

{HEADINGS[0]}

{BODY[0]}{BODY[1]}{BODY[2]}

{HEADINGS[1]}

{BODY[3]}{BODY[4]}

{BOILERPLATE}

{HEADINGS[2]}

{BODY[5]}{BODY[6]}
"""
SEGMENTS = 1 + len(HEADINGS) + len(BODY)

# The fake engine copies plain Latin words, so that code switching places a "Misaki", but it breaks an "Ōmori".
TERMS = """source,target,aliases,variants,forbidden,kind,mode,case,note
岬町,Misaki,,,,place,hard,,
灯台守,lighthouse keeper,,keeper of the light,,office,hard,,
大森町,Ōmori,,,,place,hard,,
"""


class Project:
    """A folder with ``articles/ja/cape.txt`` and ``terms.csv``; the current folder of its test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.article = Path("articles/ja/cape.txt")
        self.terms = Path("terms.csv")
        self.po = Path("locales/en/LC_MESSAGES/cape.po")
        self.journal = Path("locales/en/proposals/cape.jsonl")

    def write(self, path: Path | str, content: str | bytes) -> Path:
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @property
    def glossary(self) -> Glossary:
        return load([self.terms])

    def settings(self, **changes: Any) -> Settings:
        engine = changes.pop("engine", "fake")
        shared = Settings(glossary=self.glossary, locales=Path("locales"), root=Path(), engine=engine)
        return replace(shared, **changes)

    def translate(
        self, article: Path | None = None, *, opener: Callable[[], Engine] | None = None, **changes: Any
    ) -> ArticleReport:
        shared = self.settings(**changes)
        return translate_article(
            article or self.article, shared, opener or (lambda: create(shared.engine)), lambda *_: None
        )

    def catalog(self) -> Catalog:
        return Catalog.read(self.po)

    def english(self) -> dict[str, str]:
        return {entry.msgid: entry.msgstr for entry in self.catalog()}

    def review(self, translations: Mapping[str, str], *, approve: bool = True, note: str = "") -> None:
        """Do what a person does in an editor: correct, clear the fuzzy flag, leave a comment."""
        file = polib.pofile(str(self.po), wrapwidth=0)
        for msgid, english in translations.items():
            entry = file.find(msgid)
            assert entry is not None, msgid
            entry.msgstr = english
            if approve:
                entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            if note:
                entry.tcomment = f"{entry.tcomment}\n{note}".strip()
        file.save(str(self.po))

    def approve_all(self, **english: str) -> None:
        self.review({msgid: english.get(msgid, text) for msgid, text in self.english().items()})

    def files(self, *ignored: str) -> dict[str, bytes]:
        """Return every file of the project, but those whose path starts with one of ``ignored``."""
        found = {path.as_posix(): path for path in Path().rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if not name.startswith((*ignored, ".cache/"))}

    def run(self, *words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run the command line in a process of its own."""
        return subprocess.run(
            command(words), capture_output=True, text=True, encoding="utf-8", timeout=60, check=False, **options
        )


def command(words: Iterable[str | Path]) -> list[str]:
    return [sys.executable, str(CHECKOUT / "run_translation.py"), *map(str, words)]
