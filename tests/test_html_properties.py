"""What holds for any page at all: it comes back byte for byte, its structure survives English, nothing breaks it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from translate.document import Document
from translate.errors import InputError
from translate.formats._html_tokens import tokenize
from translate.formats.html import read, render
from translate.markup import strip

TEXTS = st.sampled_from(
    [
        "港町の橋。",
        "船は出た。",
        "夜の港",
        "「行くぞ！」",
        "NATOは",
        "5 &lt; 6だ。",
        "A &amp; B",
        "&#12354;",
        "&nbsp;",
        "\n  ",
        "　",
        "&lt;1&gt;",
        "市民、",
    ]
)
INLINE = [
    "b",
    "i",
    "a href='/c' title='題'",
    "span class=x",
    "em",
    "code",
    "strong",
    "ruby",
    "small",
    'font color="red"',
]
BLOCK = [
    "p",
    "div",
    "ul",
    "li",
    "h1",
    "h2",
    "section",
    "article",
    "blockquote",
    "table",
    "nav",
    "aside",
    "main",
    "p hidden",
]
POINTS = st.sampled_from(
    ["<br>", "<br/>", "<img src=x alt=橋>", "<img alt='夜の\"港\"' src=y>", "<!-- 注。 -->", "<wbr>"]
)
TOPS = st.sampled_from(
    ["<script>var a='<p>港。</p>';</script>", "<style>p{}</style>", "<hr>", "<svg><title>港</title></svg>"]
)


def wrapped(names: list[str]):
    def wrap(children):
        return st.tuples(st.sampled_from(names), st.lists(children, max_size=4)).map(
            lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0].split()[0]}>"
        )

    return wrap


RUNS = st.recursive(st.one_of(TEXTS, POINTS), wrapped(INLINE), max_leaves=8)
BODIES = st.recursive(st.one_of(RUNS, TOPS), wrapped(BLOCK), max_leaves=12)
PAGES = st.tuples(BODIES, BODIES).map(
    lambda parts: (
        "<!DOCTYPE html>\n<html lang=ja><head><meta charset=utf-8><title>港の橋</title>"
        "<meta name=description content='橋が開いた。'></head>\n"
        f"<body>{parts[0]}\n<article>{parts[1]}</article></body></html>"
    )
)
SCRAPS = (
    '港。 <b> </b> <p <p> </p> > < <!-- --> <! <a\u00a0href=" \' " = & &# &#x0; &lt / <li> <br> <title> <nav> </nav>'
    " <ruby> <rt> </ruby> <code> </code> <script> </script"
)
BROKEN = (
    st.lists(st.sampled_from(SCRAPS.split(" ")), max_size=25).map("".join).map(lambda page: page.replace("\xa0", " "))
)


def read_or_none(data: bytes) -> Document | None:
    try:
        return read(data, "a.html")
    except InputError:
        return None


def shape(page: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """List the elements of a page with the names of their attributes, as a browser-like parser sees them."""
    root = lxml_html.document_fromstring(page, parser=lxml_html.HTMLParser(encoding="utf-8"))
    return [(str(node.tag), tuple(sorted(node.attrib))) for node in root.iter()]


@given(st.one_of(PAGES, BROKEN))
@settings(max_examples=80)
def test_tokens_join_to_the_page(page: str) -> None:
    assert "".join(page[token.start : token.end] for token in tokenize(page)) == page


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
@given(page=st.one_of(PAGES, BROKEN))
@settings(max_examples=20)
def test_untranslated_pages_come_back_byte_for_byte(encoding: str, page: str) -> None:
    data = page.replace("charset=utf-8", "").encode(encoding)
    document = read_or_none(data)
    if document is None:
        assert not page.strip()
        return
    identity = {segment.plain: segment.plain for _, segment in document.segments(boilerplate=True)}
    assert render(document, identity, keep_boilerplate=True) == data
    assert render(document, {}, keep_boilerplate=True) == data


@given(PAGES)
@settings(max_examples=40)
def test_a_translated_page_has_the_same_elements(page: str) -> None:
    document = read(page.encode(), "a.html")
    table = {one.plain: re.sub(r"[^\x00-\x7f]+", "words", one.plain) for _, one in document.segments(boilerplate=True)}
    english = render(document, table, keep_boilerplate=True)
    without_ruby = re.sub(r"</?ruby>", "", page)
    assert shape(re.sub(rb"</?ruby>", b"", english)) == shape(without_ruby.encode())


@given(st.one_of(PAGES, BROKEN))
@settings(max_examples=80)
def test_segments_know_their_place_and_their_tags_are_sound(page: str) -> None:
    document = read_or_none(page.encode())
    if document is None:
        return
    at = outer = 0
    for block in document.blocks:
        assert block.line == document.line_of(block.segments[0].start)
    for segment in sorted(
        (one for _, one in document.segments(boilerplate=True)), key=lambda one: (one.start, -one.end)
    ):
        assert document.source[segment.start : segment.end] == segment.text
        assert segment.start >= at or segment.end <= outer
        at, outer = max(at, segment.end), max(outer, segment.end)
        assert [slot.number for slot in strip(segment.plain).slots] == [slot.number for slot in segment.slots]


@given(st.binary(max_size=200))
@settings(max_examples=40)
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    document = read_or_none(data)
    if document is not None:
        render(document, {one.plain: "x" for _, one in document.segments()})


@pytest.mark.parametrize(
    "data", [b"<p>\x00</p>", b"\xed\xa0\x80<p>", b"", b"\x89PNG\r\n\x1a\n"], ids=["nul", "surrogate", "empty", "png"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read(data, "a.html")


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 20_000 + "港。",
        "<b>" * 20_000 + "港。",
        "<b>港" * 10_000 + "。" + "</b>" * 10_000,
        "<p>港。" * 5_000,
        "<a" * 20_000 + '="' + ">",
        "<a b='" * 30_000,
        "<!--" * 20_000,
        "<" * 100_000,
        "<img alt='港' src='" + "x" * 2_000_000 + "'>港。",
        "<a " + "b=c " * 20_000 + ">港。</a>",
        "<ruby>" * 5_000 + "港。",
        "<title>" * 20_000,
        "<h1>港</h1>" * 10_000 + "<article>港。</article>",
        "&" * 100_000 + "港。",
        "港。<nav>" * 10_000,
        "<script>" * 20_000 + "港",
        "<p>" + "港。<br>" * 10_000,
    ],
    ids=[
        "divs",
        "bolds",
        "nested",
        "paragraphs",
        "quotes",
        "attributes",
        "comments",
        "less",
        "image",
        "names",
        "ruby",
        "titles",
        "headings",
        "refs",
        "navs",
        "scripts",
        "breaks",
    ],
)
def test_a_hostile_page_takes_seconds(page: str) -> None:
    began = time.process_time()
    document = read(page.encode(), "a.html")
    render(document, {one.plain: "x" for _, one in document.segments()})
    assert time.process_time() - began < 10
