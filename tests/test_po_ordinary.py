"""Ordinary PO entries are read as polib reads them, and all others by polib."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from translate import _po_ordinary, _pofile
from translate._message import PoFile
from translate.errors import CatalogError

HEADER = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"X-Source-Path: a.txt\\n"\n'
TEXT = st.text('港a "\\ntab.:#~|msgid、\u2028\u3000\u2068\u2069\x85-', max_size=12)
STRING = TEXT.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')
ESCAPED = st.sampled_from(['"a\\n"', '"\\t\\"x\\""', '"\\\\n"', '"\\a"', '"\\x"', '"', '""', '"a"b"', '"end\\\\"'])
FIELD = st.lists(st.one_of(STRING, ESCAPED), min_size=1, max_size=3)
COMMENT = st.one_of(
    TEXT.map(lambda text: "# " + text),
    TEXT.map(lambda text: "#. " + text),
    TEXT.map(lambda text: "#: " + text),
    st.sampled_from(["#", "#.", "#foo", "##", "# mt: fake@1 terms:0/0#e3b0c442 sha:89abcdef", "#, fuzzy", "#,fuzzy"]),
    st.sampled_from(["#: a.txt:3 b.txt", "#: \u2068a b.txt\u2069:4 :5 c:x", "#, fuzzy, no-wrap,", "#. role: body "]),
)


def field(keyword: str, prefix: str, strings: list[str]) -> str:
    return f"{prefix}{keyword} " + f"\n{prefix}".join(strings) + "\n"


@st.composite
def entries(draw: st.DrawFn) -> str:
    gone = draw(st.sampled_from(["", "", "", "#~ "]))
    lines = "".join(f"{line}\n" for line in draw(st.lists(COMMENT, max_size=4)))
    if draw(st.integers(0, 4)) == 0:
        lines += field("msgid", "#~| " if gone else "#| ", draw(FIELD))
    if draw(st.integers(0, 9)) == 0:
        lines += field("msgctxt", gone, draw(FIELD))
    lines += field("msgid", gone, draw(FIELD))
    if draw(st.integers(0, 9)) == 0:
        lines += field("msgid_plural", gone, draw(FIELD)) + field("msgstr[0]", gone, draw(FIELD))
    else:
        lines += field("msgstr", gone, draw(FIELD))
    return lines + draw(st.sampled_from(["\n", "\n", "\n", "\n\n", "", " \n", "# a note\n\n"]))


def read(text: str, *, quick: bool) -> PoFile | str:
    lines = text.split("\n")
    trailing = _pofile._cut_trailing(lines)
    try:
        file = _pofile.parse(text, "a.po") if quick else _pofile._by_polib(lines, "a.po")
        if not quick:
            file.trailing = trailing
            _pofile._refuse_duplicates(file.messages, "a.po")
    except CatalogError as error:
        return str(error)
    return file


@given(st.lists(entries(), max_size=4).map("".join), st.sampled_from(["", "\n", "\n\n", "# c\n\n"]))
@example('# a\n#: a.txt:1\n#, fuzzy\nmsgid "港"\nmsgstr "port"\n\n#~ msgid "橋"\n#~ msgstr "bridge"\n', "\n")
def test_a_file_is_read_as_polib_reads_it(text: str, behind: str) -> None:
    quick, slow = (read(HEADER + behind + text, quick=quick) for quick in (True, False))
    assert quick == slow
    if isinstance(quick, PoFile) and isinstance(slow, PoFile):
        assert [message.line for message in quick.messages] == [message.line for message in slow.messages]
        assert list(quick.headers.items()) == list(slow.headers.items())


def test_ordinary_entries_need_no_polib() -> None:
    text = (
        '# mt: fake@1 terms:0/0#e3b0c442 sha:89abcdef\n#. role: body\n#: a.txt:1\n#, fuzzy\n#| msgid "港"\n'
        'msgid "港だ"\nmsgstr ""\n"a \\"port\\"\\n"\n"and a quay"\n\n# kept\n#~ msgid "橋"\n#~ msgstr "bridge"\n'
    )
    first, second = _po_ordinary.read(text, 8) or ()
    assert (first.msgstr, first.previous, first.line) == ('a "port"\nand a quay', {"msgid": "港"}, 13)
    assert (second.obsolete, second.comments, second.line) == (True, ["kept"], 19)
    assert _po_ordinary.read(text.replace('msgid "港だ"', 'msgctxt "x"\nmsgid "港だ"'), 8) is None
