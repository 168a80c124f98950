"""Sentence segmentation: the table of cases, and what holds for any input."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate import _sentence_page, _sentence_rules, segmentation
from translate.segmentation import WELL_KNOWN_NAMES, is_terminated, split

TABLE = Path(__file__).parent / "quality" / "segmentation.tsv"
SEPARATOR = "⏐"


def unescape(text: str) -> str:
    return re.sub(
        r"\\(?:u([0-9a-f]{4})|([nrt]))",
        lambda m: chr(int(m[1], 16)) if m[1] else {"n": "\n", "r": "\r", "t": "\t"}[m[2]],
        text,
    )


def table() -> list[object]:
    cases = []
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").split("\n"), 1):
        if line and not line.startswith("#"):
            source, expected, names, category = line.split("\t")
            segments = [unescape(part.strip(" ")) for part in expected.split(SEPARATOR)] if expected else []
            protected = [unescape(name) for name in names.split(",")] if names else []
            cases.append(pytest.param(unescape(source), segments, protected, id=f"line{number}-{category}"))
    return cases


def segments_of(text: str, protected: list[str] | None = None) -> list[str]:
    return [text[start:end] for start, end in split(text, protected=protected or [])]


def assert_joins_exactly(text: str, spans: list[tuple[int, int]]) -> None:
    done = 0
    for start, end in spans:
        assert done <= start < end <= len(text)
        assert not text[done:start].strip()
        assert text[start:end] == text[start:end].strip()
        done = end
    assert not text[done:].strip()


@pytest.mark.parametrize(("source", "expected", "protected"), table())
def test_table_case(source: str, expected: list[str], protected: list[str]) -> None:
    assert segments_of(source, protected) == expected
    assert_joins_exactly(source, split(source, protected=protected))


def test_table_is_large_and_names_no_case_twice() -> None:
    keys = [(case.values[0], tuple(case.values[2])) for case in table()]
    assert len(keys) >= 170
    assert len(keys) == len(set(keys))


# Characters that the rules look at, in a mix where they meet each other often.
NASTY = (
    '。．.!?！？｡…‥、，「」『』｢｣“”‘’"（）()［］【】＜＞〔〕■・※#-_/@:1２aＡZあ漢アー'
    "\n\r\u3000\u00a0 \t\u2028\u2029\v\f\x85\x00\ud800"
)
nasty_text = st.text(st.sampled_from(NASTY), max_size=60)
WORDS = (
    "港で 会議が 終わった 。 ！ ？ ！？ …… 「 」 『 』 （ ） U.S. Mr. 3.14 ３．２９％ Yahoo!ニュース モーニング娘。 He"
    " left. It https://a.jp/?b=1 ・ ■"
)
PIECES = [*WORDS.split(), "\n", "\n\n", "\u3000", " "]
japanese_text = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
any_text = st.one_of(st.text(st.characters(), max_size=80), nasty_text, japanese_text)


@given(any_text)
@settings(max_examples=600)
def test_segments_and_whitespace_join_to_the_source_exactly(text: str) -> None:
    assert_joins_exactly(text, split(text))


@given(any_text, st.lists(nasty_text, max_size=4))
def test_segments_join_exactly_whatever_names_are_protected(text: str, names: list[str]) -> None:
    assert_joins_exactly(text, split(text, protected=names))


@given(any_text, st.data())
@settings(max_examples=400)
def test_no_occurrence_of_a_protected_name_is_split(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    name = text[start : data.draw(st.integers(start, len(text)))].strip()
    joined = data.draw(st.sampled_from(["", "。", "\n"])).join([text, name, text])
    spans = split(joined, protected=[name])
    found = [m.start() for m in re.finditer(f"(?={re.escape(name)})", joined)] if name else []
    for start in found:
        assert any(first <= start and start + len(name) <= end for first, end in spans)


@given(any_text)
@settings(max_examples=600)
def test_a_segment_on_one_line_is_its_own_segmentation(text: str) -> None:
    for segment in segments_of(text):
        if len(segment.splitlines()) == 1:
            assert segments_of(segment) == [segment]


@given(japanese_text, japanese_text)
def test_a_blank_line_separates_two_texts_completely(first: str, second: str) -> None:
    assert segments_of(f"{first}\n\n{second}") == segments_of(first) + segments_of(second)


@given(any_text)
def test_every_built_in_name_survives_in_the_middle_of_a_sentence(text: str) -> None:
    name = sorted(WELL_KNOWN_NAMES)[len(text) % len(WELL_KNOWN_NAMES)]
    assert segments_of(f"昨日は{name}について話した。次の話に移る。") == [
        f"昨日は{name}について話した。",
        "次の話に移る。",
    ]


def test_a_single_string_counts_as_one_protected_name() -> None:
    text = "北風。が歌った。終わり。"
    assert split(text, protected="北風。") == split(text, protected=["北風。"]) == [(0, 8), (8, 12)]


def test_protected_may_be_any_iterable_and_ignores_blank_names() -> None:
    assert segments_of("北風。が歌った。終わり。", list({"北風。", "", " ", "。"})) == ["北風。が歌った。", "終わり。"]
    assert len(split("北風。が歌った。終わり。", protected=iter(["北風。"]))) == 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("会議は終わった。", True),
        ("「会議は終わった！」", True),
        ("（終わり。）　", True),
        ("He left.", True),
        ("He left.”", True),
        ("本当か!?", True),
        ("だから……。", True),
        ("そんな！……", True),
        ("好きなのはモーニング娘。", True),
        ("Made in the U.S.", True),
        ("会議の終わり", False),
        ("「会議の終わり」", False),
        ("だが……", False),
        ("だが...", False),
        ("I met Mr.", False),
        ("率は3", False),
        ("", False),
        ("　", False),
        ("」", False),
    ],
)
def test_a_terminated_line_ends_with_a_terminator_and_its_closers(line: str, expected: bool) -> None:
    assert is_terminated(line) is expected


SIZE = 60_000
ADVERSARIES = {
    "openers": "「" * SIZE,
    "closers": "」" * SIZE,
    "nested": "「" * SIZE + "」" * SIZE,
    "mismatched": "「（" * SIZE + "』" * SIZE,
    "terminators": "。" * SIZE,
    "full stops": "." * SIZE,
    "spaced full stops": ". " * SIZE,
    "letters and full stops": "a." * SIZE,
    "straight quotes": '"a！' * SIZE,
    "ellipses": "！…" * SIZE,
    "spaces": "あ。" + " " * SIZE + "い",
    "blank lines": "\n" * SIZE,
    "list": "あ\n" * SIZE,
    "URL": "https://a.jp/" + "(.)" * SIZE + ")" * SIZE,
    "domain labels": "a" * SIZE + "." + "a" * SIZE,
    "bracketed sentences": "（あ。）" * SIZE,
    "names": "モーニング娘。" * SIZE,
    "surrogates and NUL": "\ud83d\x00\udfff" * SIZE,
}


@pytest.mark.parametrize("text", ADVERSARIES.values(), ids=ADVERSARIES.keys())
def test_long_hostile_text_joins_exactly(text: str) -> None:
    assert_joins_exactly(text, split(text, protected=["。" * 50, "a.a"]))


@pytest.mark.parametrize(
    "unit", ["「あ。", "あ。」", "（あ。）", "a. ", "! ", "あ\n", "「あ\n", '"', "！…", "https://a.jp/?b。"]
)
def test_work_grows_linearly_with_the_text(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in the offsets that the scanning helpers are asked to walk, not in seconds."""
    visited = 0
    original = _sentence_rules.next_solid

    def counting(text: str, start: int, end: int) -> int:
        nonlocal visited
        solid = original(text, start, end)
        visited += 1 + solid - start
        return solid

    for module in (_sentence_rules, segmentation):
        monkeypatch.setattr(module, "next_solid", counting)

    def work(repeats: int) -> int:
        nonlocal visited
        visited = 0
        page = _sentence_page.read(unit * repeats, [])
        split(unit * repeats)
        return visited + len(page.lines) + len(page.opener_of)

    assert work(2000) <= 2.2 * work(1000) + 10


def test_a_million_code_points_are_split() -> None:
    text = "市は十二日、方針を「決めた。」と発表した。\n" * (10**6 // 22)
    assert len(split(text)) == 10**6 // 22
