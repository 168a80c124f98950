"""News pages: the cases of ``quality/html.tsv``, encodings, and what blocks know of themselves."""

from __future__ import annotations

import pytest
from markup_cases import cases, listed

from translate.document import Document
from translate.formats.html import read, render


def parse(text: str) -> Document:
    return read(text.encode(), "a.html")


@pytest.mark.parametrize(("source", "msgids", "english", "expected"), cases("html.tsv"))
def test_a_page_becomes_msgids_and_english_becomes_html(source: str, msgids: str, english: str, expected: str) -> None:
    document = parse(source)
    found = [segment.plain for _, segment in document.segments()]
    assert found == listed(msgids)
    table = {msgid: text for msgid, text in zip(found, listed(english), strict=True) if text != "="}
    assert render(document, table).decode() == expected
    assert render(document, {}, keep_boilerplate=True).decode() == source


PAGE = """<!DOCTYPE html>
<html lang="ja"><head><title>橋が開通</title></head>
<body><header><h1>岬新聞</h1></header>
<article>
<h1>橋が開通</h1>
<p>港が開いた。</p>
<h2>夜の港</h2>
<dl><dt>項目だ</dt><dd>次だ</dd></dl>
<table><tr><td>橋</td></tr></table>
<figure><img src=b alt=絵><figcaption>写真だ。</figcaption></figure>
<h3>朝</h3><blockquote>引用だ。</blockquote>
</article></body></html>
"""


def test_blocks_know_role_section_and_line() -> None:
    found = [(str(b.role), b.section, b.line, [s.text for s in b.segments]) for b in parse(PAGE).blocks]
    assert found == [
        ("title", 0, 2, ["橋が開通"]),
        ("title", 0, 5, ["橋が開通"]),
        ("body", 0, 6, ["港が開いた。"]),
        ("heading", 1, 7, ["夜の港"]),
        ("list", 1, 8, ["項目だ"]),
        ("list", 1, 8, ["次だ"]),
        ("body", 1, 9, ["橋"]),
        ("body", 1, 10, ["絵"]),
        ("body", 1, 10, ["写真だ。"]),
        ("heading", 2, 11, ["朝"]),
        ("body", 2, 11, ["引用だ。"]),
    ]


def test_readings_are_kept_as_names() -> None:
    page = "<p><ruby>岬<rt>みさき</rt>町<rt>ちょう</rt></ruby>の<ruby><rb>灯台</rb><rt>とうだい</rt></ruby>だ。</p>"
    document = parse(page)
    assert document.readings == (("岬町", "みさきちょう"), ("灯台", "とうだい"))
    assert [segment.plain for _, segment in document.segments()] == ["岬町の灯台だ。"]


@pytest.mark.parametrize(("declared", "codec"), [("Shift_JIS", "cp932"), ("EUC-JP", "euc_jp")])
def test_a_page_keeps_its_declared_encoding_and_lacking_characters_become_references(declared: str, codec: str) -> None:
    page = f'<meta charset="{declared}"><p>橋だ。</p>'
    document = read(page.encode(codec), "a.html")
    assert document.encoding == codec
    english = render(document, {"橋だ。": "A café’s bridge — 橋."})
    assert english.decode(codec) in (
        f'<meta charset="{declared}"><p>A caf&#233;’s bridge — 橋.</p>',
        f'<meta charset="{declared}"><p>A café’s bridge — 橋.</p>',
        f'<meta charset="{declared}"><p>A café’s bridge &#8212; 橋.</p>',
        f'<meta charset="{declared}"><p>A caf&#233;’s bridge &#8212; 橋.</p>',
    )


def test_bytes_that_are_utf8_are_utf8_whatever_the_page_says() -> None:
    document = read('<meta charset="Shift_JIS"><p>橋だ。</p>'.encode(), "a.html")
    assert (document.encoding, [s.plain for _, s in document.segments()]) == ("utf-8", ["橋だ。"])


def test_an_unclosed_tag_or_comment_swallows_the_rest() -> None:
    assert [s.plain for _, s in parse("<p>橋だ。<!-- 港だ。").segments()] == ["橋だ。"]
    assert [s.plain for _, s in parse("<p>橋だ。<a title='港だ。").segments()] == ["橋だ。"]
