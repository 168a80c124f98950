"""Our files in translate-toolkit's tools, as processes of their own, where they are installed (not beside Yakubun)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import polib
import pytest

from translate.catalog import State
from translate.interchange import Exchanged, Part, format_named, read, unit_key

PAIRS = {
    "岬町の灯台で明かりが消えた。": ("The light went out.", State.APPROVED),
    "町は鐘を鳴らした & 船を\n導いた。": ("The town rang <a> bell.", State.MACHINE),
    "春が来る。": ("", State.UNTRANSLATED),
}


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(tool), reason=f"{tool} is not installed")


def run(tool: str, *arguments: Path | str) -> None:
    subprocess.run([tool, "--progress=none", *map(str, arguments)], check=True, capture_output=True, timeout=60)


@needs("xliff2po")
def test_xliff_becomes_the_same_po(tmp_path: Path) -> None:
    units = [
        Exchanged(source, target, state, unit_key(source), base=target, base_state=state, notes=(("role", "body"),))
        for source, (target, state) in PAIRS.items()
    ]
    (tmp_path / "x.xlf").write_bytes(format_named("xliff12").write([Part("x.txt", tuple(units))]))
    run("xliff2po", tmp_path / "x.xlf", tmp_path / "x.po")
    entries = {entry.msgid: (entry.msgstr, entry.fuzzy) for entry in polib.pofile(str(tmp_path / "x.po"))}
    assert entries == {source: (target, state is State.MACHINE) for source, (target, state) in PAIRS.items()}


@needs("po2tmx")
def test_its_memory_is_read(tmp_path: Path) -> None:
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "en"}
    file.append(polib.POEntry(msgid="岬町の灯台", msgstr="Misaki & its lighthouse"))
    file.save(str(tmp_path / "x.po"))
    run("po2tmx", "--source-language=ja", "--language=en", tmp_path / "x.po", tmp_path / "x.tmx")
    [part] = read((tmp_path / "x.tmx").read_bytes(), "x.tmx")
    assert [(one.source, one.target) for one in part.units] == [("岬町の灯台", "Misaki & its lighthouse")]


@needs("po2xliff")
def test_its_xliff_is_read_with_its_states(tmp_path: Path) -> None:
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    for source, (target, state) in PAIRS.items():
        flag = "#, fuzzy\n" if state is State.MACHINE else ""
        text += f'\n{flag}msgid "{source}"\nmsgstr "{target}"\n'.replace("を\n", "を\\n")
    (tmp_path / "x.po").write_text(text, "utf-8")
    run("po2xliff", tmp_path / "x.po", tmp_path / "x.xlf")
    [part] = read((tmp_path / "x.xlf").read_bytes(), "x.xlf")
    found = {one.source: (one.target, one.state) for one in part.units if one.source in PAIRS}
    assert found == PAIRS
