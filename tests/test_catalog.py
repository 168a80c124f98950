"""The PO catalog: what people wrote is never overwritten, and nothing changes without need."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.catalog import Catalog, State, Waiver, merge, po_path
from translate.document import Block, Document, Role, Segment
from translate.errors import CatalogError
from translate.provenance import Provenance, parse, text_sha, unwrapped

THEN, LATER = datetime(2026, 1, 2, 3, 4, tzinfo=UTC), datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
MARK = Provenance("fake@1", 1, 1, "0a1b2c3d", "", "marked", (("conf", "0.83"),))


def article(*texts: str, path: str = "articles/ja/x.txt", roles: dict[int, Role] | None = None) -> Document:
    """Make an article of one paragraph a text."""
    blocks, start, section = [], 0, 0
    for number, text in enumerate(texts):
        role = (roles or {}).get(number, Role.BODY)
        section += role is Role.HEADING
        blocks.append(Block(role, (Segment(text, start, start + len(text)),), section, number + 1))
        start += len(text) + 1
    return Document(path, "".join(text + "\n" for text in texts), tuple(blocks))


def catalog_of(*texts: str) -> Catalog:
    return merge(article(*texts), None, {}, now=THEN)


def reread(catalog: Catalog, folder: Path) -> Catalog:
    path = folder / "x.po"
    path.unlink(missing_ok=True)
    catalog.write(path)
    return Catalog.read(path)


def edit(catalog: Catalog, folder: Path, old: str, new: str) -> Catalog:
    """Do what a person does in an editor."""
    path = folder / "x.po"
    text = catalog.to_bytes().decode()
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return Catalog.read(path)


def entry(catalog: Catalog, msgid: str):
    found = catalog.entry(msgid)
    assert found is not None
    return found


# Reading and writing

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
NASTY = st.text(st.sampled_from('a犬 \t\n\r\v\f\b\a\\"#~|n\u2028\u2029\x85\u3000\u202e\ufeff\x1b'), min_size=1)


@settings(max_examples=200)
@given(st.dictionaries(TEXT | NASTY, TEXT | NASTY, max_size=6))
def test_any_text_survives_writing_and_reading(tmp_path_factory, texts: dict[str, str]):
    folder = tmp_path_factory.mktemp("po")
    catalog = catalog_of(*texts)
    for each in list(catalog):
        english = next(value for key, value in texts.items() if Segment(key, 0, 0).plain == each.msgid)
        catalog._index[each.msgid].msgstr = english  # a person may write what propose would clean
    again = reread(catalog, folder)
    assert [(e.msgid, e.msgstr) for e in again] == [(e.msgid, e.msgstr) for e in catalog]
    assert again.headers == catalog.headers
    assert Catalog(again._file).to_bytes() == catalog.to_bytes()


COMMENT = (TEXT | NASTY).map(lambda text: "".join(re.split("[\\r\\n]", text)).strip()).filter(bool)


@given(st.lists(COMMENT, max_size=4), st.lists(COMMENT, max_size=4))
def test_any_comment_survives_writing_and_reading(tmp_path_factory, notes: list[str], extracted: list[str]):
    catalog = merge(article("犬。"), None, {"犬。": extracted})
    catalog._index["犬。"].comments = list(notes)
    again = reread(catalog, tmp_path_factory.mktemp("po"))
    assert entry(again, "犬。").notes == tuple(notes)
    assert entry(again, "犬。").extracted == entry(catalog, "犬。").extracted


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'msgid "a"\nmsgstr "b\n', r"x\.po:2: not PO syntax"),
        (b'msgid "a"\nnonsense\n', r"x\.po:2: not PO syntax"),
        (b'msgstr "b"\n', r"x\.po:1: "),
        (b'msgid "a"\nmsgstr "\\101"\n', r"x\.po:2: the escape \\1 "),
        (b'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', r"x\.po:4: the msgid of line 1 again"),
        (b'msgid "a"\nmsgstr "b"\n\n#~ msgid "a"\n#~ msgstr "c"\n', r"x\.po:4: the msgid of line 1 again"),
        ('msgid "犬"\n'.encode("shift_jis"), r"x\.po:1: not UTF-8"),
        (b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=EUC-JP\\n"\n', r"x\.po:3: .*EUC-JP"),
    ],
)
def test_a_broken_file_is_an_error_with_its_line(tmp_path: Path, content: bytes, message: str):
    (tmp_path / "x.po").write_bytes(content)
    with pytest.raises(CatalogError, match=message):
        Catalog.read(tmp_path / "x.po")


# A line for each turn that the syntax can take, right or wrong.
LINES = r"""
msgid "a"
msgid "b"
msgid ""
msgstr ""
msgstr "c"
msgstr "e\n"
"d\n"
"s: t\n"
"\q"
#~ msgid "e"
#~ msgid ""
#~ msgstr "f"
#~ "g"
#~ msgctxt "p"
#~ msgid_plural "z"
#~
#~# k
# h
#
##
#.
#. i
#:
#: j:1
#,
#, fuzzy
#|
#| msgid "l"
#| "n"
#~| msgid "m"
msgctxt "o"
msgid_plural "q"
msgstr[0] "r"
msgstr[1] ""
msgstr[x] "y"
nonsense
""".splitlines()
ENTRIES = ['msgid "a"\nmsgstr ""', 'msgid ""\nmsgstr "s: t\\n"', '#~ msgid "e"\n#~ msgstr "f"', 'msgid "b"\nmsgstr "c"']
LINE = st.sampled_from(LINES) | st.sampled_from(ENTRIES)


@settings(max_examples=300)
@given(st.lists(LINE, max_size=14))
def test_a_strange_file_is_an_error_or_survives(tmp_path_factory, lines: list[str]):
    path = tmp_path_factory.mktemp("po") / "x.po"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    try:
        catalog = Catalog.read(path)
    except CatalogError:
        return
    assert catalog.to_bytes() == path.read_bytes()
    path.write_bytes(Catalog(catalog._file).to_bytes())
    again = Catalog.read(path)
    assert [(e.msgid, e.msgstr, e.state, e.notes) for e in again] == [
        (e.msgid, e.msgstr, e.state, e.notes) for e in catalog
    ]
    assert len(again.obsolete) == len(catalog.obsolete)
    messages = re.findall("^(?:#~ )?msgid ", "\n".join(lines), re.MULTILINE)
    assert len(again._file.messages) in (len(messages), len(messages) - 1)  # the header is not one of them


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path):
    with pytest.raises(CatalogError, match="no such PO file"):
        Catalog.read(tmp_path / "typo.po")
    with pytest.raises(CatalogError, match="is a folder"):
        Catalog.read(tmp_path)


def test_what_polib_would_lose_is_kept(tmp_path: Path):
    content = """\
# A header's comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"X-Mine: yes\\n"

## loud comment
#tight comment
#,fuzzy, no-wrap
#: \u2068my file.txt\u2069:3 other.txt:4
#| msgid "\u53e4\u3044"
msgid "\u72ac"
msgstr "dog\\a"

#~| msgid "before"
#~ msgid "\u732b"
#~ msgstr "cat"

# the end
"""
    (tmp_path / "x.po").write_text(content, "utf-8")
    catalog = Catalog.read(tmp_path / "x.po")
    found = entry(catalog, "犬")
    assert found.notes == ("# loud comment", "tight comment")
    assert found.occurrences == (("my file.txt", 3), ("other.txt", 4))
    assert (found.msgstr, found.state, found.line) == ("dog\a", State.EDITED, 12)
    assert [each.msgstr for each in catalog.obsolete] == ["cat"]
    written = Catalog(catalog._file).to_bytes().decode()
    for line in (
        "## loud comment",
        "#, fuzzy, no-wrap",
        '#| msgid "古い"',
        '#~| msgid "before"',
        "# the end",
        "# A header's",
    ):
        assert line in written
    assert catalog.headers["X-Mine"] == "yes"


def test_the_layout_of_another_tool_stays_while_nothing_changes(tmp_path: Path):
    catalog = reread(catalog_of("犬。", "猫。"), tmp_path)
    wrapped = catalog.to_bytes().replace(b'msgstr ""\n\n', b'msgstr ""\n"dog"\n\n', 2).replace(b"\n", b"\r\n")
    (tmp_path / "x.po").write_bytes(wrapped)
    again = merge(article("犬。", "猫。"), Catalog.read(tmp_path / "x.po"), {}, now=LATER)
    assert not again.write(tmp_path / "x.po")
    again.propose("猫。", "Cat.", MARK)
    assert again.write(tmp_path / "x.po")
    assert b"\r\n" in (tmp_path / "x.po").read_bytes()


def test_a_file_that_a_person_saved_meanwhile_is_not_overwritten(tmp_path: Path):
    catalog = reread(catalog_of("犬。"), tmp_path)
    edit(catalog, tmp_path, 'msgid "犬。"\nmsgstr ""', 'msgid "犬。"\nmsgstr "A hound."')
    catalog.propose("犬。", "Dog.", MARK)
    with pytest.raises(CatalogError, match="changed by somebody else"):
        catalog.write(tmp_path / "x.po")
    assert "A hound." in (tmp_path / "x.po").read_text("utf-8")


def test_a_catalog_can_be_written_again_and_again(tmp_path: Path):
    catalog = catalog_of("犬。", "猫。")
    for msgid in ("犬。", "猫。"):
        catalog.propose(msgid, "Animal.", MARK)
        assert catalog.write(tmp_path / "x.po")
        assert not catalog.write(tmp_path / "x.po")


# Merging


def test_a_sentence_has_one_entry_with_all_its_places_and_comments():
    document = article(
        "港の話", "港の話", "船。", "港の話", roles={0: Role.CONTENTS, 1: Role.HEADING, 3: Role.BOILERPLATE}
    )
    catalog = merge(document, None, {"船。": ["term: 船 → vessel"]}, now=THEN)
    assert [each.msgid for each in catalog] == ["港の話", "船。"]
    heading, body = catalog
    assert heading.occurrences == (("articles/ja/x.txt", 1), ("articles/ja/x.txt", 2))
    assert heading.extracted == ("section: 1 港の話", "role: heading")
    assert body.extracted == ("section: 1 港の話", "role: body", "term: 船 → vessel")
    assert body.occurrences == (("articles/ja/x.txt", 3),)


def test_boilerplate_has_entries_only_if_asked_for():
    document = article("本文。", "広告", roles={1: Role.BOILERPLATE})
    assert len(merge(document, None, {})) == 1
    assert len(merge(document, None, {}, keep_boilerplate=True)) == 2


def test_extracted_comments_are_made_anew():
    document = article("船。")
    first = merge(document, None, {"船。": ["term: 船 → ship"]})
    assert entry(merge(document, first, {"船。": ["term: 船 → vessel"]}), "船。").extracted[2:] == (
        "term: 船 → vessel",
    )


def test_text_that_is_gone_becomes_obsolete_and_comes_back(tmp_path: Path):
    catalog = catalog_of("犬。", "猫。", "鳥。")
    catalog.propose("犬。", "Dog.", MARK)
    catalog = edit(catalog, tmp_path, '#, fuzzy\nmsgid "犬。"', '# mine\n#, no-wrap\nmsgid "犬。"')
    before = entry(catalog, "犬。")
    shorter = merge(article("猫。"), catalog, {})
    assert [each.msgid for each in shorter.obsolete] == ["犬。"]  # nobody wrote anything about the bird
    assert entry(catalog, "犬。") == before  # merge is pure
    back = entry(merge(article("猫。", "犬。"), reread(shorter, tmp_path), {}), "犬。")
    assert (back.msgstr, back.state, back.notes, back.provenance) == (
        "Dog.",
        State.APPROVED,
        before.notes,
        before.provenance,
    )


def test_an_untranslated_entry_with_a_persons_note_is_kept():
    catalog = catalog_of("犬。", "猫。")
    catalog._index["犬。"].comments.append("waive: numbers: a pun")
    assert [each.msgid for each in merge(article("猫。"), catalog, {}).obsolete] == ["犬。"]


def test_an_entry_with_a_context_is_left_alone(tmp_path: Path):
    own = 'msgctxt "menu"\nmsgid "犬。"\nmsgstr "Doggy"\n'
    catalog = edit(catalog_of("犬。"), tmp_path, 'msgid "犬。"', own + '\nmsgid "犬。"')
    merged = merge(article("犬。", "猫。"), catalog, {})
    assert [each.msgid for each in merged] == ["犬。", "猫。"]
    assert own in merged.to_bytes().decode()
    assert own in merge(article("猫。"), merged, {}).to_bytes().decode()


@given(st.lists(st.lists(st.sampled_from("犬猫鳥魚馬"), max_size=6), min_size=1, max_size=4))
def test_merging_again_changes_nothing(articles: list[list[str]]):
    catalog: Catalog | None = None
    for texts in articles:
        catalog = merge(article(*texts), catalog, {}, now=THEN)
        for each in catalog:
            if each.state is State.UNTRANSLATED:
                catalog.propose(each.msgid, f"<{each.msgid}>", MARK, now=THEN)
        again = merge(article(*texts), catalog, {}, now=LATER)
        assert again.to_bytes() == catalog.to_bytes()
        assert [each.msgid for each in again] == list(dict.fromkeys(texts))


def test_half_a_surrogate_pair_is_refused_with_its_line():
    with pytest.raises(CatalogError, match=r"articles/ja/x\.txt:2: .*U\+D800"):
        merge(article("犬。", "a\ud800"), None, {})


# Header


def test_dates_change_only_with_their_content(tmp_path: Path):
    catalog = catalog_of("犬。")
    created = catalog.headers["POT-Creation-Date"]
    assert created == "2026-01-02 03:04+0000" == catalog.headers["PO-Revision-Date"]
    catalog.propose("犬。", "Dog.", MARK, now=LATER)
    assert catalog.headers["PO-Revision-Date"] == "2027-01-02 03:04+0000"
    assert catalog.headers["POT-Creation-Date"] == created
    assert merge(article("犬。", "猫。"), catalog, {}, now=LATER).headers["POT-Creation-Date"] != created
    same = catalog.to_bytes()
    catalog.propose("犬。", "Dog.", MARK)
    assert catalog.to_bytes() == same


def test_a_new_version_alone_changes_nothing(monkeypatch, tmp_path: Path):
    catalog = reread(catalog_of("犬。"), tmp_path)
    monkeypatch.setitem(__import__("translate._merging")._merging._DEFAULTS, "X-Generator", "Yakubun 99")
    assert merge(article("犬。"), catalog, {}, now=LATER).to_bytes() == catalog.to_bytes()


def test_headers_of_others_are_kept(tmp_path: Path):
    catalog = edit(catalog_of("犬。"), tmp_path, '"Language-Team: none', '"X-Team-Chat: blue\\n"\n"Language-Team: none')
    headers = merge(article("犬。", "猫。", path="b/x.txt"), catalog, {}).headers
    assert headers["X-Team-Chat"] == "blue"
    assert headers["X-Source-Path"] == "b/x.txt"
    assert headers["X-Source-Language"] == "ja"


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="needs GNU gettext: apt-get install gettext")
@pytest.mark.parametrize("nasty", ["犬。", "\u2028改行", 'い"ろ"は\\に', "タ\tブ", "100%完了 %s {0}", "\u202e右から"])
def test_msgfmt_finds_nothing_to_complain_about(tmp_path: Path, nasty: str):
    catalog = merge(article(nasty, "猫。", "鳥。", path="my articles/x.txt"), None, {nasty: ['term: "犬" → dog']})
    catalog.propose(nasty, "\r\n A\x07 dog. \n", MARK)
    catalog.propose("鳥。", "Bird.", MARK)
    path = tmp_path / "x.po"
    path.write_bytes(merge(article(nasty, "猫。"), catalog, {}).to_bytes().replace(b"#, fuzzy\nmsgid", b"msgid"))
    done = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# Machines and people


def test_a_proposal_is_fuzzy_and_carries_its_provenance(tmp_path: Path):
    catalog = catalog_of("犬。")
    catalog.propose("犬。", " A dog.\r\n", MARK, ["term missing: 犬"])
    text = catalog.to_bytes().decode()
    assert f"# mt: fake@1 terms:1/1#0a1b2c3d sha:{text_sha('A dog.')} stage:marked conf:0.83\n" in text
    assert "# yakubun: term missing: 犬\n" in text
    found = entry(reread(catalog, tmp_path), "犬。")
    assert (found.msgstr, found.state) == ("A dog.", State.MACHINE)
    assert found.provenance is not None
    assert found.provenance.extra == (("conf", "0.83"),)


def test_a_later_proposal_replaces_the_machines_comments_and_keeps_peoples(tmp_path: Path):
    catalog = catalog_of("犬。")
    catalog.propose("犬。", "Dog.", MARK, ["old"])
    catalog = edit(catalog, tmp_path, "# mt:", "# ask Aya\n# waive: 犬: a name here\n# mt:")
    catalog.propose("犬。", "A dog.", MARK, ["new"])
    found = entry(catalog, "犬。")
    assert found.notes == ("ask Aya", "waive: 犬: a name here", "yakubun: new")
    assert catalog.to_bytes().count(b"# mt:") == 1
    catalog.withdraw("犬。", ["loops"])
    found = entry(catalog, "犬。")
    assert (found.msgstr, found.state, found.provenance) == ("", State.UNTRANSLATED, None)
    assert found.notes[2:] == ("yakubun: loops",)
    assert b"fuzzy" not in catalog.to_bytes()


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        ("#, fuzzy\n", "", State.APPROVED),
        ('"A dog."', '"One dog."', State.EDITED),
        ("# mt:", "# from:", State.EDITED),
    ],
)
def test_human_work_is_never_overwritten(tmp_path: Path, old: str, new: str, state: State):
    catalog = catalog_of("犬。")
    catalog.propose("犬。", "A dog.", MARK)
    catalog = edit(catalog, tmp_path, old, new)
    before = catalog.to_bytes()
    assert entry(catalog, "犬。").state is state
    with pytest.raises(CatalogError, match="would overwrite human work"):
        catalog.propose("犬。", "Hound.", MARK)
    with pytest.raises(CatalogError, match="would overwrite human work"):
        catalog.withdraw("犬。")
    assert catalog.to_bytes() == before


def test_an_edit_that_only_normalises_unicode_is_still_the_machines():
    catalog = catalog_of("店。")
    catalog.propose("店。", "The caf\u00e9.", MARK)
    catalog._index["店。"].msgstr = "The cafe\u0301."
    assert entry(catalog, "店。").state is State.MACHINE


OPERATION = st.tuples(st.sampled_from(["propose", "withdraw", "approve", "edit", "shuffle"]), st.sampled_from("犬猫鳥"))


@settings(max_examples=60)
@given(st.lists(OPERATION, max_size=12))
def test_whatever_happens_human_work_stays(tmp_path_factory, operations: list[tuple[str, str]]):
    folder = tmp_path_factory.mktemp("po")
    catalog, written = catalog_of(*"犬猫鳥"), dict[str, str]()
    for number, (operation, msgid) in enumerate(operations):
        if operation == "shuffle":  # the text goes, the file is written and read, and the text returns
            without = merge(article(*set("犬猫鳥") - {msgid}), catalog, {})
            catalog = merge(article(*"犬猫鳥"), reread(without, folder), {})
        elif operation in ("approve", "edit"):
            message = catalog._index[msgid]
            message.msgstr = written[msgid] = f"{msgid} by a person {number}"
            message.flags = ["fuzzy"] if operation == "edit" else []
        else:
            try:
                catalog.withdraw(msgid) if operation == "withdraw" else catalog.propose(msgid, f"mt {number}", MARK)
            except CatalogError:
                assert msgid in written
            else:
                assert msgid not in written
        assert {each.msgid: each.msgstr for each in catalog}.items() >= written.items()


def test_proposals_for_unknown_text_or_without_text_are_refused():
    catalog = catalog_of("犬。")
    with pytest.raises(CatalogError, match="merge it with the article first"):
        catalog.propose("猫。", "Cat.", MARK)
    with pytest.raises(CatalogError, match="withdraw"):
        catalog.propose("犬。", " \x07", MARK)


@pytest.mark.parametrize(
    ("line", "waiver"),
    [
        ("waive: numbers: a year by the old calendar", Waiver("numbers", "a year by the old calendar")),
        ("waive：犬：名前", Waiver("犬", "名前")),
        ("waive: 12:30: a title", Waiver("12:30", "a title")),
        ("waive: numbers", None),
    ],
)
def test_waivers_need_a_reason(line: str, waiver: Waiver | None):
    catalog = catalog_of("犬。")
    catalog._index["犬。"].comments.append(line)
    assert entry(catalog, "犬。").waivers == ((waiver,) if waiver else ())


WORD = st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1).filter(
    lambda text: not text.split()[1:]
)


@given(WORD, st.integers(0, 99), st.integers(0, 99), st.from_regex("[0-9a-f]{8}", fullmatch=True), WORD)
def test_a_provenance_comes_back_as_it_was(engine: str, matched: int, satisfied: int, sha: str, value: str):
    made = Provenance(engine, matched, satisfied, sha, sha, "", (("colour", value),))
    assert parse(made.render()) == made


@given(st.integers(12, 90))
def test_a_provenance_that_a_tool_wrapped_is_still_one(width: int):
    line = replace(MARK, engine="hf:a-rather-long-name-of-a-model@0123456789abcdef", sha="89abcdef").render()
    wrapped = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    assert unwrapped(["ask Aya", *wrapped, "mt: by hand", "conf: none"]) == [
        *("ask Aya", line, "mt: by hand", "conf: none"),
    ]


# Names and speed


def test_articles_of_one_name_get_different_files(tmp_path: Path):
    first = po_path(tmp_path, "news/x.txt")
    assert first == tmp_path / "en" / "LC_MESSAGES" / "x.po"
    merge(article("犬。", path="news/x.txt"), None, {}).write(first)
    assert po_path(tmp_path, "./news/x.txt") == first
    other = po_path(tmp_path, "blog/x.txt")
    assert other.name.startswith("x-")
    merge(article("犬。", path="blog/x.txt"), None, {}).write(other)
    first.unlink()
    assert po_path(tmp_path, "blog/x.txt") == other


@pytest.mark.parametrize(
    "name", ["../../etc/x.txt", "..", "...txt", "a/.hidden", "C:\\x\\y.txt", "\x00\n", "", "記" * 200 + ".md"]
)
def test_a_po_file_never_leaves_its_folder(tmp_path: Path, name: str):
    path = po_path(tmp_path, name)
    assert path.parent == tmp_path / "en" / "LC_MESSAGES"
    assert not path.name.startswith(".")
    assert path.name.isprintable()
    assert len(path.name.encode()) < 220


def test_ten_thousand_entries_take_seconds(tmp_path: Path):
    texts = [f"{n}番目の船が港に着いた。" for n in range(10_000)]
    document = article(*texts)
    catalog = merge(document, None, {})
    for text in texts:
        catalog.propose(text, "A ship came into the port.", MARK)
    catalog.write(tmp_path / "x.po")
    start = time.process_time()
    read = Catalog.read(tmp_path / "x.po")
    middle = time.process_time()
    assert not merge(document, read, {}).write(tmp_path / "x.po")
    assert middle - start < 10
    assert time.process_time() - middle < 5
