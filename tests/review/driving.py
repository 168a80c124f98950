"""A project of two articles, a server process on it, and a real browser; skipped where there is no Chromium."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polib
import pytest
from cape import command

from translate.catalog import merge
from translate.glossary import load, terms_hash
from translate.pipeline import Settings, read_article
from translate.provenance import Provenance

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CHROMIUM=path names one")

TERMS = """source,target,aliases,variants,forbidden,kind,mode,case,note
白浜港,Shirahama Port,,port of Shirahama,,place,hard,,the old harbor in the bay
汐見丸,Shiomi Maru,,,,term,hard,,
漁協,fishing cooperative,,,union,org,hard,,
"""

HARBOUR = {
    "白浜港、三十年ぶりの改修": "Shirahama Port gets its first overhaul in 30 years",
    "桟橋の傷み": "A pier in disrepair",
    "白浜港の桟橋が古くなり、町は改修を決めた。": "The pier at Shirahama Port is old, and it will be rebuilt.",
    "汐見丸の船長は「板が抜けて危なかった」と話す。": 'The captain says, "Planks came loose, and it was dangerous."',
    "漁協は工事の間、隣の港を使う。": "The fishing cooperative will use the neighboring port during the work.",
    "漁の朝": "A morning at sea",
    "朝の市場には若い買い手が増えた。": "More young buyers come to the morning market.",
    "汐見丸は来月から新しい網を使う。": "The Shiomi Maru will use a new net from next month.",
    "漁協の組合長は「海はまだ元気だ」と笑った。": "",
}
ISLAND = {
    "小島に図書室": "A reading room for the island",
    "島の図書室が開いた。": "The island's reading room has opened.",
    "子どもたちは毎日通う。": "The children come every day.",
}
KEYS = {"harbour": HARBOUR, "island": ISLAND}


def add_article(root: Path, name: str, english: Mapping[str, str], article: str | None = None) -> Path:
    """Write an article and its PO file, all of it as a machine proposed it; an empty English is left out."""
    path = root / "articles" / "ja" / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(article or "\n\n".join(english) + "\n", "utf-8")
    relative = Path("articles/ja") / path.name
    settings = Settings(load([root / "terms.csv"]), root / "locales", root)
    catalog = merge(read_article(root / relative, settings), None, {})
    for number, entry in enumerate(list(catalog)):
        text = english.get(entry.msgid, "")
        if text:
            extra = (("conf", f"0.{10 + number % 80}"),)
            catalog.propose(entry.msgid, text, Provenance("fake@1", 0, 0, terms_hash(()), "0" * 8, "plain", extra))
    po = root / "locales" / "en" / "LC_MESSAGES" / f"{name}.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    data = catalog.to_bytes().decode("utf-8")
    po.write_text(re.sub(r"X-Source-Path: [^\\]*", f"X-Source-Path: {relative.as_posix()}", data), "utf-8")
    return po


def make_project(root: Path) -> Path:
    """Write the project: two articles, a glossary of its own, a configuration."""
    root.mkdir(parents=True, exist_ok=True)
    (root / ".git").mkdir()
    (root / "terms.csv").write_text(TERMS, "utf-8")
    (root / "yakubun.toml").write_text('glossaries = ["terms.csv"]\nnumbers = false\n', "utf-8")
    for name, english in KEYS.items():
        add_article(root, name, english)
    return root


def entry(root: Path, name: str, msgid: str) -> polib.POEntry:
    """Return an entry as it stands in the file now."""
    found = polib.pofile(str(po_of(root, name)), wrapwidth=0).find(msgid)
    assert found is not None, msgid
    return found


def po_of(root: Path, name: str) -> Path:
    return root / "locales" / "en" / "LC_MESSAGES" / f"{name}.po"


def poedit(root: Path, name: str, english: Mapping[str, str], *, approve: bool = True) -> None:
    """Change entries as another program does, which knows nothing of us."""
    path = po_of(root, name)
    file = polib.pofile(str(path), wrapwidth=0)
    for msgid, text in english.items():
        found = file.find(msgid)
        assert found is not None, msgid
        found.msgstr = text
        if approve:
            found.flags = [flag for flag in found.flags if flag != "fuzzy"]
    beside = path.with_suffix(".saving")  # as Poedit does: who reads at this moment sees the old file or the new one
    file.save(str(beside))
    beside.replace(path)


@contextmanager
def serving(root: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the server in a process of its own on a free port; yields the URL that it printed, and the process."""
    environment = {**os.environ, "YAKUBUN_CACHE": str(root / ".cache")}
    process = subprocess.Popen(
        command(["review", "--port", "0", *words]),
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        if found is None:
            process.kill()
            raise AssertionError(f"no URL: {line!r} {process.communicate()[1]}")
        yield found[0], process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def eventually(holds: object, seconds: float = 30) -> None:
    """Wait until a function returns something true."""
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.05)
