"""What holds for any plain text at all: nothing lost, nothing moved, no surprises in time or errors."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translate.document import Document
from translate.errors import InputError
from translate.formats._lines import BLANK
from translate.formats.text import read, render

# Pieces of articles in any order find more than random characters do.
WORDS = "港町|夜の港|船は出た。|昼に着く|「行くぞ！」|「|」|（おわり。）|・項目|①|1. |- |■"
FURNITURE = "続きを読む|関連記事|目次|？|…|、|NATO|U.S."
NAMES = "モーニング娘。|ﾃﾞｽ｡|㈱|😀"
SPACES = "\n|\n\n|\r\n|\r\n\r\n|\r|\u3000| |\t|\xa0|\u200b|\ufeff|\x0b|\x0c|\u2028|\x85"
PIECES = st.sampled_from(f"{WORDS}|{FURNITURE}|{NAMES}|{SPACES}".split("|"))
ARTICLES = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1b"), max_size=60),
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp932", "euc_jp", "iso2022_jp"]


def read_or_none(data: bytes) -> Document | None:
    try:
        return read(data, "a.txt")
    except InputError:
        return None


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=ARTICLES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_untranslated_articles_come_back_byte_for_byte(encoding: str, text: str) -> None:
    if encoding in ("cp932", "euc_jp", "iso2022_jp"):
        text = text.encode(encoding, errors="ignore").decode(encoding).replace("\x80", "")
    data = text.encode(encoding)
    document = read_or_none(data)
    if document is None:
        assert not text.strip(BLANK + "".join(c for c in text if c.isspace()))
        return
    identity = {segment.plain: segment.plain for _, segment in document.segments(boilerplate=True)}
    assert render(document, identity, keep_boilerplate=True) == data
    assert render(document, {}, keep_boilerplate=True) == data


@given(ARTICLES)
@settings(max_examples=300)
def test_segments_are_in_order_and_leave_only_space_between_them(text: str) -> None:
    document = read_or_none(text.encode())
    if document is None:
        return
    at = 0
    for block, segment in document.segments(boilerplate=True):
        assert segment.start >= at
        assert all(c.isspace() or c in BLANK for c in document.source[at : segment.start])
        assert segment.text == document.source[segment.start : segment.end] == segment.text.strip(BLANK).strip()
        assert segment.plain
        assert block.line <= document.line_of(segment.start)
        at = segment.end
    assert all(c.isspace() or c in BLANK for c in document.source[at:])
    assert [document.line_of(block.segments[0].start) for block in document.blocks] == [b.line for b in document.blocks]
    assert [block.section for block in document.blocks] == sorted(block.section for block in document.blocks)


@given(ARTICLES)
@settings(max_examples=200)
def test_english_holds_every_translation_in_order_and_no_japanese(text: str) -> None:
    document = read_or_none(text.encode())
    if document is None:
        return
    kept = [segment.plain for _, segment in document.segments()]
    if not kept:
        return  # boilerplate alone: nothing is English, so the file's encoding and mark stay
    numbers = {plain: f"<{number}>" for number, plain in enumerate(dict.fromkeys(kept))}
    rendered = render(document, numbers).decode()
    assert rendered.split() == [numbers[plain] for plain in kept]
    assert rendered.isascii()


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    document = read_or_none(data)
    if document is not None:
        render(document, {})


@pytest.mark.parametrize(
    "text",
    [
        "船は出た。昼に着いた。\n" * 20_000,
        "夜の港\n\n船は出た。\n\n" * 10_000,
        "・夜の港\n" * 20_000,
        "夜の港\n" * 20_000,
        "夜の港に\n" * 20_000 + "戻った。",
        "目次\n夜の港\n" * 10_000,
        "題名\n\n"
        + "".join(f"港{n}\n" for n in range(6_000))
        + "".join(f"港{n}\n\n船は出た。\n" for n in range(6_000)),
        "題名\n\n" + "".join(f"港{n}\n" for n in range(6_000)) + "".join(f"港{n}\n" for n in range(6_000, 0, -1)),
        "続きを読む\n\n" * 20_000,
        "船は出た。" * 20_000,
        "\u3000\n" * 50_000 + "港",
    ],
    ids=[
        "prose",
        "sections",
        "bullets",
        "list",
        "wrapped",
        "labels",
        "contents",
        "reversed",
        "furniture",
        "line",
        "blank",
    ],
)
def test_a_large_article_takes_seconds(text: str) -> None:
    began = time.process_time()
    document = read(text.encode(), "a.txt")
    render(document, {segment.plain: "x" for _, segment in document.segments()})
    assert time.process_time() - began < 10
