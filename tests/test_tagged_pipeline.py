"""Articles with markup and numbers through the whole pipeline, and the memory of other articles."""

from __future__ import annotations

from pathlib import Path

import pytest
from cape import BODY, Project

from translate.catalog import Catalog, State
from translate.cli import main

MARKDOWN = """# 岬町の灯台

**岬町**の灯台守は[古い鐘](https://example.org/bell)を鳴らした。契約は430億円だった。

```
灯台守 = 1
```
"""


@pytest.fixture
def markdown(project: Project) -> Path:
    return project.write("articles/ja/bell.md", MARKDOWN)


def po(name: str) -> Path:
    return Path("locales/en/LC_MESSAGES") / name


def entries(path: Path) -> dict[str, tuple[str, State]]:
    return {entry.msgid: (entry.msgstr, entry.state) for entry in Catalog.read(path)}


def translate(*words: str, expected: int = 0) -> None:
    assert main(["translate", *words, "--engine", "fake", "--glossary", "terms.csv"]) == expected


def test_tags_stand_in_the_msgid_and_come_back_in_the_english(project: Project, markdown: Path) -> None:
    translate(str(markdown))
    found = entries(po("bell.po"))
    msgid = next(text for text in found if "灯台守" in text)
    assert msgid == "<1>岬町</1>の灯台守は<2>古い鐘</2>を鳴らした。"
    english = found[msgid][0]
    assert "<1>Misaki</1>" in english
    assert english.count("<2>") == english.count("</2>") == 1
    assert "lighthouse keeper" in english
    assert main(["publish", str(po("bell.po")), "--fuzzy", "include", "--glossary", "terms.csv"]) == 0
    published = Path("articles/en/bell.md").read_text("utf-8")
    assert "**Misaki**" in published
    assert "](https://example.org/bell)" in published
    assert "```\n灯台守 = 1\n```" in published  # code is never translated


def test_numbers_are_terms_where_the_configuration_leaves_them_on(project: Project, markdown: Path) -> None:
    Path("yakubun.toml").unlink()
    translate(str(markdown), "--strict")
    ((english, _),) = [found for msgid, found in entries(po("bell.po")).items() if "430億円" in msgid]
    assert "43 billion yen" in english
    translate(str(project.article), "--strict")
    assert "March 4" in entries(project.po)[BODY[0]][0]


def test_an_approved_translation_is_reused_in_another_article(project: Project) -> None:
    project.translate()
    project.review({BODY[3]: "The town rang its bell and led the ships home."})
    other = project.write("articles/ja/other.txt", f"{BODY[3]}\n")
    translate(str(other))
    (entry,) = Catalog.read(po("other.po"))
    assert (entry.msgstr, entry.state) == ("The town rang its bell and led the ships home.", State.MACHINE)
    assert entry.provenance is not None
    assert entry.provenance.engine.startswith("memory@")
    assert entry.provenance.stage == "memory"


def test_a_trusted_memory_approves_only_where_role_and_terms_agree(project: Project) -> None:
    project.translate()
    project.review({BODY[3]: "The town rang its bell.", BODY[4]: "Help came from Ōmori."})
    other = project.write("articles/ja/other.txt", f"灯りの町\n\n{BODY[3]}\n\n{BODY[4]}\n")
    translate(str(other), "--trust-memory")
    found = entries(po("other.po"))
    assert found[BODY[3]] == ("The town rang its bell.", State.APPROVED)
    assert found[BODY[4]] == ("Help came from Ōmori.", State.APPROVED)
    third = project.write("articles/ja/third.txt", f"{BODY[4]}\n")
    project.write("more.csv", "source,target\n漁師,fisherman\n大森町,Omori Town\n")
    assert main(["translate", str(third), "--engine", "fake", "--glossary", "more.csv", "--trust-memory"]) == 0
    english, state = entries(po("third.po"))[BODY[4]]
    assert state is State.MACHINE  # the memory's English lacks today's term: it is a note, and no translation
    assert "Omori Town" in english


def test_a_near_match_is_a_note_beside_the_machines_translation(project: Project) -> None:
    project.translate()
    project.review({BODY[3]: "The town rang its bell and led the ships home."})
    other = project.write("articles/ja/other.txt", BODY[3].replace("船", "漁船") + "\n")
    translate(str(other))
    (entry,) = Catalog.read(po("other.po"))
    assert any("memory 9" in note and "led the ships home" in note for note in entry.notes)
    other.write_text(BODY[3].replace("船", "小舟") + "\n", "utf-8")
    translate(str(other), "--no-memory", "--no-fuzzy-matching")
    assert not any("memory" in note for entry in Catalog.read(po("other.po")) for note in entry.notes)


def test_a_machines_english_that_a_tool_moved_to_another_sentence_is_made_anew(project: Project) -> None:
    project.translate()
    old = project.english()[BODY[3]]
    edited = BODY[3].replace("鐘", "古い鐘")
    for path in (project.po, project.article):  # msgmerge leaves the English, fuzzy, under the new msgid
        project.write(path, path.read_text("utf-8").replace(BODY[3], edited))
    report = project.translate()
    assert report.translated == 1
    assert project.english()[edited] != old
