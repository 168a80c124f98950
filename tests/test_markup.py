"""Numbered tags: out of the msgid, into a machine's English, into the file, and what people do to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.checks.segment import markup as check
from translate.document import Slot
from translate.glossary import Glossary, Term
from translate.markup import Stripped, bare, between, place, place_all, problems, restore, strip, tags
from translate.matching import find_terms

LINES = (Path(__file__).parent / "quality" / "markup.tsv").read_text("utf-8").splitlines()
CASES = [line.split("\t") for line in LINES if line and not line.startswith("#")]


def pairs(column: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in column.split(", ") if pair)


@pytest.mark.parametrize(
    ("msgid", "english", "terms", "alone", "expected"), [row[:5] for row in CASES], ids=[row[5] for row in CASES]
)
def test_tags_go_where_their_text_went(msgid: str, english: str, terms: str, alone: str, expected: str) -> None:
    source = strip(msgid)
    glossary = Glossary(tuple(Term(ja, en) for ja, en in pairs(terms).items()))
    known = pairs(alone)
    placed = place(source, english, find_terms(source.text, glossary), lambda texts: [known.get(t, "") for t in texts])
    assert placed.text == expected.removesuffix(" ?")
    assert bool(placed.problems) is expected.endswith(" ?")


def test_a_guess_says_which_tag_to_look_at() -> None:
    placed = place(strip("橋が<1>美しく</1>見え<2/>た。"), "It looked fine.")
    assert placed.problems == ("markup: check the place of <1>", "markup: check the place of <2/>")


def test_the_slots_of_a_chunk_are_translated_in_one_call_each_text_once() -> None:
    calls: list[list[str]] = []

    def translate(texts: list[str]) -> list[str]:
        calls.append(texts)
        return ["lighthouse"] * len(texts)

    sources = [strip("古い<1>灯台</1>だ。"), strip("橋だ。"), strip("<1>灯台</1>が光る。")]
    english = ["An old lighthouse.", "A bridge.", "The lighthouse shines."]
    placed = place_all(sources, english, [[], [], []], translate)
    assert calls == [["灯台"]]
    assert [one.text for one in placed] == [
        "An old <1>lighthouse</1>.",
        "A bridge.",
        "The <1>lighthouse</1> shines.",
    ]


def test_no_english_gets_no_tags() -> None:
    assert place(strip("<1>橋</1>だ。"), "").text == ""


@st.composite
def marked(draw: st.DrawFn, words: tuple[str, ...]) -> str:
    """Build a text with well-formed tags, numbered in order."""
    numbers = iter(range(1, 40))

    def build(depth: int) -> str:
        parts = []
        for kind in draw(st.lists(st.sampled_from(["text", "text", "point", "pair"]), max_size=4)):
            if kind == "text":
                parts.append(draw(st.sampled_from(words)))
            elif kind == "point":
                parts.append(f"<{next(numbers)}/>")
            elif depth < 3:
                number = next(numbers)
                parts.append(f"<{number}>{build(depth + 1)}</{number}>")
        return "".join(parts)

    return build(0)


MSGIDS = marked(("橋", "港が", "NATO", "。", "12", "、", "<", "灯台を見た"))
ENGLISH = st.lists(
    st.sampled_from(["the", "bridge", "NATO", "12", ".", "", "<1>", "</2>", "a-b", "İ"]), max_size=8
).map(" ".join)


@given(MSGIDS, ENGLISH, st.sampled_from(["", "bridge", "the NATO bridge"]))
@settings(max_examples=400)
def test_no_tag_is_ever_lost_or_doubled(msgid: str, english: str, alone: str) -> None:
    source = strip(msgid)
    matches = find_terms(source.text, Glossary((Term("橋", "bridge"), Term("港", "port"))))
    placed = place(source, english, matches, lambda texts: [alone] * len(texts))
    if english.strip():
        assert problems(msgid, placed.text) == []
        assert sorted(tag.number for tag in tags(placed.text)) == sorted(tag.number for tag in tags(msgid))
        shown = "".join(bare(placed.text).split())
        assert all("".join(word.split()) in shown for word in english.split() if "<" not in word)


@given(MSGIDS)
def test_stripping_takes_tags_and_nothing_else(msgid: str) -> None:
    source = strip(msgid)
    assert strip(source.text) == Stripped(source.text)
    assert "".join(part for part in (source.text,)) == bare(msgid)
    for slot in source.slots:
        outer = next((one for one in source.slots if one.number == slot.parent), None)
        assert outer is None or outer.start <= slot.start <= slot.end <= outer.end


@given(MSGIDS, st.sampled_from([str.upper, str.title, lambda t: t.replace("NATO", "the alliance"), lambda t: t[::-1]]))
def test_changing_the_text_between_tags_keeps_every_tag(msgid: str, change) -> None:
    changed = between(msgid, change)
    assert bare(changed) == change(bare(msgid))
    assert [(tag.number, tag.kind) for tag in tags(changed)] == [(tag.number, tag.kind) for tag in tags(msgid)]


@pytest.mark.parametrize(("text", "old", "new", "expected"), [
    ("the <1>defense</1> plan", "defense", "defence", "the <1>defence</1> plan"),
    ("'<1>so</1>' he", "'", '"', '"<1>so</1>" he'),
    ("The <1>Big</1> Plan<2/>", "Big Plan", "big plan", "The <1>big</1> plan<2/>"),
    ("<1>gray</1> <2>gray</2>", "gray", "grey", "<1>grey</1> <2>grey</2>"),
])  # fmt: skip
def test_a_style_changes_words_inside_and_across_tags(text: str, old: str, new: str, expected: str) -> None:
    assert between(text, lambda clean: clean.replace(old, new)) == expected


@pytest.mark.parametrize(("source", "english", "expected"), [
    ("<1>橋</1>が<2/>開通", "The <1>bridge</1> opened<2/>", []),
    ("<1>橋</1>と<2>港</2>", "A <2>port</2> and a <1>bridge</1>", []),
    ("橋", "The bridge", []),
    ("<1>橋</1>", "The bridge", ["<1>…</1> is missing; put it around its text"]),
    ("橋<1/>", "The bridge", ["<1/> is missing; put it where it belongs"]),
    ("<1>橋</1>", "The <1>bridge", ["<1> is not closed; put </1> behind its text"]),
    ("<1>橋</1>", "The bridge</1>", ["</1> is not opened; put <1> before its text"]),
    ("<1>橋</1>", "</1>The bridge<1>", ["</1> stands before <1>; change their order"]),
    ("<1>橋</1>", "<1>The</1> <1>bridge</1>", ["<1>…</1> stands there more than once; keep one"]),
    ("橋<1/>", "A <1/> bridge<1/>", ["<1/> stands there more than once; keep one"]),
    ("<1>橋</1>", "The <1/>bridge", ["<1/> must be <1>…</1>"]),
    ("橋<1/>", "The <1>bridge</1>", ["<1> must be <1/>"]),
    ("<1>橋<2>港</2></1>", "<1>A <2>bridge</1> port</2>",
     ["<2>…</2> crosses another pair of tags; close the inner pair before the outer one"]),
    ("橋", "The bridge<3/>", ["<3/> does not stand in the source; remove it"]),
    ("値は<3>未満", "less than <3>", []),
])  # fmt: skip
def test_what_people_do_to_tags_is_reported(source: str, english: str, expected: list[str]) -> None:
    assert problems(source, english) == expected
    assert [(one.check, one.severity, one.message) for one in check(source, english, ())] == [
        ("markup", "error", message) for message in expected
    ]


SLOTS = (Slot(1, "<b>", "</b>"), Slot(2, "<br>"), Slot(3, "`x`", verbatim=True))


@pytest.mark.parametrize(("english", "expected", "count"), [
    ("A <1>bridge</1><2/> <3>y</3>.", "A <b>bridge</b><br> `x`.", 0),
    ("<3>y</3> <1>a<2/></1>", "`x` <b>a<br></b>", 0),
    ("A <1>bridge<2/> <3/>", "A bridge<br> `x`", 1),
    ("A <2/><2/> <3>y</3> <1>b</1>", "A  `x` <b>b</b>", 1),
    ("<1>a <3>y</1> b</3><2/>", "<b>a y</b> b<br>", 1),
    ("<9>a</9><1>b</1><2/><3>y</3>", "<9>a</9><b>b</b><br>`x`", 0),
])  # fmt: skip
def test_tags_become_the_files_markup(english: str, expected: str, count: int) -> None:
    restored = restore(english, SLOTS)
    assert restored.text == expected
    assert len(restored.problems) == count
