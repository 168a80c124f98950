"""Articles for the tests of clusters, and what a run of this process alone makes of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from cape import Project

from translate.engines import create
from translate.pipeline import CHUNK, translate_article

LONG = 2 * CHUNK + 5
_DATES = re.compile(rb"(POT-Creation-Date|PO-Revision-Date): [^\\]*")


class Archive:
    """Several articles, one of them longer than a few chunks, two of one name."""

    def __init__(self, project: Project) -> None:
        self.project = project
        project.write("articles/ja/long.txt", "長い一日\n\n" + "".join(sentence(n) + "\n\n" for n in range(1, LONG)))
        project.write("articles/ja/page.html", PAGE)
        project.write("articles/ja/old/cape.txt", "古い岬\n\n岬町の灯台は一度だけ倒れた。\n\n灯台守は泣かなかった。\n")
        for n in range(4):
            project.write(f"articles/ja/short{n}.txt", f"短い話{n}\n\n{n}番目の船が岬町を出た。{n}番目の鐘が鳴った。\n")
        shorts = [f"articles/ja/short{n}.txt" for n in range(4)]
        self.paths = [Path(name) for name in ("articles/ja/cape.txt", *shorts, "articles/ja/long.txt")]
        self.paths += [Path("articles/ja/old/cape.txt"), Path("articles/ja/page.html")]

    def alone(self, engine: str = "fake") -> dict[str, bytes]:
        """Translate everything in this process into a folder of its own; return its PO files."""
        settings = self.project.settings(locales=Path("alone"), engine=engine)
        for path in self.paths:
            translate_article(path, settings, lambda: create(engine), lambda *_: None)
        return pos("alone")

    def journalled(self, locales: str = "locales") -> Counter[str]:
        """Return how often each segment of each article stands in a journal."""
        files = Path(locales, "en", "proposals").glob("*.jsonl")
        return Counter(
            f"{path.stem}: {json.loads(line)['msgid']}"
            for path in files
            for line in path.read_text("utf-8").splitlines()
        )

    def proposals(self, locales: str = "locales") -> set[str]:
        """Return every proposal of every journal, but for its time."""
        return {
            json.dumps({**json.loads(line), "time": "", "article": path.stem}, sort_keys=True)
            for path in Path(locales, "en", "proposals").glob("*.jsonl")
            for line in path.read_text("utf-8").splitlines()
        }


def sentence(number: int) -> str:
    return f"灯台守は{number}通目の手紙を{number % 7 + 1}人の船員に読んで聞かせた。"


PAGE = """<html><head><title>港の朝</title></head><body><article><h1>港の朝</h1>
<p>朝の<b>岬町</b>は静かだった。<a href="x.html">灯台守</a>だけが起きていた。</p>
<p>七時に<em>鐘</em>が鳴り、船が出た。</p></article></body></html>
"""


def pos(locales: str = "locales") -> dict[str, bytes]:
    """Return the PO files below a folder, their dates left out."""
    files = sorted(Path(locales, "en", "LC_MESSAGES").glob("*.po"))
    return {path.name: _DATES.sub(rb"\1", path.read_bytes()) for path in files}
