"""What holds for any Markdown at all: the file comes back, English adds no structure, no input breaks the reader."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.document import Document
from translate.errors import InputError
from translate.formats._markdown_inline import locate, parser
from translate.formats._markdown_writing import escape
from translate.formats.markdown import read, render
from translate.markup import strip, tags

WORDS = "港町|橋が開いた。|船は出た。|夜の港|「行くぞ！」|（終わり。）|NATO|3時|市民|！|、|本当か？"
MARKS = (
    '**|*|_|__|~~|`|``|***|[|](/c)|](/c "題")|![|][町]|[町]|[町][]|[^1]|^[|]|<b>|</b>|<br>|<!-- 注 -->|<https://a.jp/x>'
    "|\\*|\\|&amp;|&#x3c;|<1>|</1>|$|$x^2$|  \n|\\\n"
)
BLOCKS = (
    "\n|\n\n|# |## |> |- |1. |* |    |\t|```\n|~~~\n|---\n|===\n|| a | b |\n|--|--|\n|| |\\||<div>\n|[^1]: |[町]: /m\n"
    "|\r\n|\r|\u3000|+++\n|---\ntitle: 港\n---\n|$$\n| #"
)
SPLIT = re.compile(r"\|(?=.)(?!\n)", re.DOTALL)
PIECES = [
    *WORDS.split("|"),
    *MARKS.split("|"),
    *SPLIT.split(BLOCKS),
    "|",
    " | ",
    "| 港 | 橋 |\n|---|---|\n| 町\\|村 | `x` |\n",
]
ARTICLES = st.lists(st.sampled_from([piece for piece in PIECES if piece]), max_size=30).map("".join)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1b"), max_size=60)
ENGLISH = st.lists(
    st.sampled_from(
        [
            "ship",
            "port",
            "1.",
            "2)",
            "-",
            "+",
            "#",
            "##",
            ">",
            "*",
            "_",
            "**",
            "`",
            "``",
            "[a]",
            "[b](c)",
            "![d](e)",
            "<b>",
            "</i>",
            "&amp;",
            "&",
            "~~",
            "|",
            "\\",
            "=",
            "---",
            "^",
            "!",
            "a_b",
            "$1",
            "$x$",
        ]
    ),
    min_size=1,
    max_size=8,
)


def read_or_none(data: bytes) -> Document | None:
    try:
        return read(data, "a.md")
    except InputError:
        return None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
@given(text=st.one_of(ARTICLES, TEXTS))
@settings(max_examples=40)
def test_untranslated_articles_come_back_byte_for_byte(encoding: str, text: str) -> None:
    if encoding in ("cp932", "euc_jp"):
        text = text.encode(encoding, errors="ignore").decode(encoding).replace("\x80", "")
    data = text.encode(encoding)
    document = read_or_none(data)
    if document is None:
        assert not text.strip(
            "\ufeff\u200b\u3000 \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f"
        ) or (not text.strip() or all(char.isspace() or char in "\ufeff\u200b" for char in text))
        return
    identity = {segment.plain: segment.plain for _, segment in document.segments(boilerplate=True)}
    assert render(document, identity, keep_boilerplate=True) == data
    assert render(document, {}, keep_boilerplate=True) == data


@given(ARTICLES)
@settings(max_examples=80)
def test_segments_know_their_place_and_their_tags_are_sound(text: str) -> None:
    document = read_or_none(text.encode())
    if document is None:
        return
    at = outer = 0
    for block in document.blocks:
        assert block.line == document.line_of(block.segments[0].start)
    for segment in sorted(
        (one for _, one in document.segments(boilerplate=True)), key=lambda one: (one.start, -one.end)
    ):
        assert document.source[segment.start : segment.end] == segment.text
        assert segment.start >= at or segment.end <= outer, "segments are apart, or one lies in the other's markup"
        at, outer = max(at, segment.end), max(outer, segment.end)
        stripped = strip(segment.plain)
        assert [slot.number for slot in stripped.slots] == [slot.number for slot in segment.slots]
        assert len(tags(segment.plain)) == segment.plain.count("<") - stripped.text.count("<")


@given(ARTICLES)
@settings(max_examples=40)
def test_a_translation_leaves_every_other_block_as_it_was(text: str) -> None:
    document = read_or_none(text.encode())
    if document is None:
        return
    table = {
        one.plain: re.sub(r"[^\x00-\x7f\s]+", "words", one.plain) for _, one in document.segments(boilerplate=True)
    }
    english = render(document, table, keep_boilerplate=True).decode()
    before, after = ([token.type for token in parser().parse(one, {})] for one in (text, english))
    assert before == after


@given(ENGLISH)
@settings(max_examples=100)
def test_escaped_english_is_one_paragraph_of_that_text(words: list[str]) -> None:
    english = " ".join(words)
    md = parser()
    tokens = md.parse(escape(english, "", ""), {})
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    pieces = locate(tokens[1].content, md, {})
    assert pieces is not None
    assert {piece.kind for piece in pieces} == {"text"}
    assert "".join(piece.text for piece in pieces) == english


@given(st.binary(max_size=200))
@settings(max_examples=40)
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    document = read_or_none(data)
    if document is not None:
        render(document, {one.plain: "x" for _, one in document.segments()})


@pytest.mark.parametrize(
    "text",
    [
        "船は出た。昼に着いた。" * 4_000,
        "**船**は出た。" * 3_000,
        "**" * 5_000 + "船",
        "[" * 3_000 + "船" + "](/a)" * 3_000,
        "> " * 2_000 + "船",
        "- " * 2_000 + "船",
        "<b>" * 3_000 + "船",
        "`" * 3_000 + "船",
        "| 船 " * 2_000 + "|\n" + "|--" * 2_000 + "|\n",
        "<b>船は。" * 2_000 + "</b>" * 2_000,
        "![船](" * 2_000,
        "$" * 5_000 + "船",
        "&" * 5_000 + "船&#" * 1_000,
    ],
    ids=[
        "prose",
        "bold",
        "stars",
        "brackets",
        "quotes",
        "lists",
        "tags",
        "ticks",
        "table",
        "open",
        "images",
        "dollars",
        "entities",
    ],
)
def test_a_hostile_article_takes_seconds(text: str) -> None:
    began = time.process_time()
    document = read(text.encode(), "a.md")
    render(document, {one.plain: "x" for _, one in document.segments()})
    assert time.process_time() - began < 10
