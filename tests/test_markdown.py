"""Markdown articles: the cases of ``quality/markdown.tsv``, and what blocks know of themselves."""

from __future__ import annotations

import pytest
from markup_cases import cases, listed

from translate.document import Document
from translate.errors import InputError
from translate.formats.markdown import read, render


def parse(text: str) -> Document:
    return read(text.encode(), "a.md")


@pytest.mark.parametrize(("source", "msgids", "english", "expected"), cases("markdown.tsv"))
def test_an_article_becomes_msgids_and_english_becomes_markdown(
    source: str, msgids: str, english: str, expected: str
) -> None:
    document = parse(source)
    found = [segment.plain for _, segment in document.segments()]
    assert found == listed(msgids)
    table = {msgid: text for msgid, text in zip(found, listed(english), strict=True) if text != "="}
    assert render(document, table).decode() == expected
    assert render(document, {}, keep_boilerplate=True).decode() == source


ARTICLE = """---
title: 橋が開通
---

# 橋が開通

港が開いた。

## 夜の港

- 項目だ
  1. 次だ

| 名 |
|---|
| 橋 |

### 朝

> 引用だ。
"""


def test_blocks_know_role_section_and_line() -> None:
    found = [(str(b.role), b.section, b.line, [s.text for s in b.segments]) for b in parse(ARTICLE).blocks]
    assert found == [
        ("title", 0, 2, ["橋が開通"]),
        ("title", 0, 5, ["橋が開通"]),
        ("body", 0, 7, ["港が開いた。"]),
        ("heading", 1, 9, ["夜の港"]),
        ("list", 1, 11, ["項目だ"]),
        ("list", 1, 12, ["次だ"]),
        ("body", 1, 14, ["名"]),
        ("body", 1, 16, ["橋"]),
        ("heading", 2, 18, ["朝"]),
        ("body", 2, 20, ["引用だ。"]),
    ]


def test_names_are_not_split() -> None:
    document = read("港娘。が歌った。".encode(), "a.md", protected=["港娘。"])
    assert [segment.plain for _, segment in document.segments()] == ["港娘。が歌った。"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(line_end: str) -> None:
    source = "# 橋\n\n> 港だ。\n> 町だ。\n".replace("\n", line_end)
    table = {"橋": "Bridge", "港だ。": "A port.", "町だ。": "A town."}
    assert render(parse(source), table).decode() == "# Bridge\n\n> A port.\n> A town.\n".replace("\n", line_end)


def test_tags_that_are_lost_or_doubled_cost_only_their_own_markup() -> None:
    document = parse("**橋**と[港](/p)だ。")
    table = {"<1>橋</1>と<2>港</2>だ。": "A <1>bridge and a <2>port</2>."}
    assert render(document, table) == b"A bridge and a [port](/p)."


def test_a_sentence_with_a_hundred_slots_is_left_alone() -> None:
    source = "**橋**と" * 100 + "港だ。"
    assert not list(parse(source).segments())
    assert len(parse("**橋**と" * 99 + "港だ。").blocks) == 1


def test_english_is_utf8_whatever_the_source_was() -> None:
    document = read("# 橋\n".encode("cp932"), "a.md")
    assert render(document, {"橋": "Bridge’s"}) == "# Bridge’s\n".encode()
    assert render(document, {}) == "# 橋\n".encode("cp932")


def test_a_file_that_shows_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="shows no text"):
        parse("\u200b\n")
