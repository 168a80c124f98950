"""What the files of each exchange format look like to other tools, and how other tools' files are read."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import replace

import pytest
from exchanging import SOURCE, reread, texts, unit, written
from lxml import etree

from translate.catalog import State
from translate.errors import InputError
from translate.interchange import read

XLF12 = "{urn:oasis:names:tc:xliff:document:1.2}"
XLF20 = "{urn:oasis:names:tc:xliff:document:2.0}"


class TestXliff12:
    @pytest.mark.parametrize(
        ("state", "named", "approved"),
        [
            (State.UNTRANSLATED, "needs-translation", "no"),
            (State.MACHINE, "needs-review-translation", "no"),
            (State.EDITED, "translated", "no"),
            (State.APPROVED, "final", "yes"),
        ],
    )
    def test_states_have_their_names(self, state: State, named: str, approved: str) -> None:
        trans = etree.fromstring(written("xliff12", unit(state=state))).find(f".//{XLF12}trans-unit")
        assert (trans.find(f"{XLF12}target").get("state"), trans.get("approved")) == (named, approved)

    def test_elements_stand_in_the_order_of_the_schema(self) -> None:
        one = replace(unit(), notes=(("role", "body"),))
        trans = etree.fromstring(written("xliff12", one)).find(f".//{XLF12}trans-unit")
        assert [etree.QName(child).localname for child in trans] == ["source", "target", "note", "alt-trans"]
        assert trans.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"

    def test_tags_are_elements(self) -> None:
        source = etree.fromstring(written("xliff12", unit("<1>灯台</1>と<2/>鐘"))).find(f".//{XLF12}source")
        plain = etree.tostring(source, encoding="unicode", with_tail=False).replace(f' xmlns="{XLF12[1:-1]}"', "")
        assert plain == '<source><g id="1">灯台</g>と<x id="2"/>鐘</source>'

    @pytest.mark.parametrize(
        ("attributes", "target", "state"),
        [
            ('approved="yes"', "<target>a</target>", State.APPROVED),
            ("", '<target state="signed-off">a</target>', State.APPROVED),
            ("", '<target state="translated">a</target>', State.EDITED),
            ("", '<target state="needs-l10n">a</target>', State.MACHINE),
            ("", '<target state="new">a</target>', State.MACHINE),
            ("", "<target>a</target>", None),
            ("", '<target state="translated"></target>', State.UNTRANSLATED),
            ('approved="yes"', "", State.UNTRANSLATED),
        ],
    )
    def test_states_of_other_tools_are_read(self, attributes: str, target: str, state: State | None) -> None:
        body = f'<trans-unit id="1" {attributes}><source>灯台</source>{target}</trans-unit>'
        data = f'<xliff version="1.2"><file original="a"><body><group>{body}</group></body></file></xliff>'
        [one] = read(data.encode(), "x.xlf")[0].units
        assert one.state is state

    def test_a_unit_without_source_is_named_by_its_line(self) -> None:
        data = b'<xliff version="1.2"><file>\n<body>\n<trans-unit id="1"/></body></file></xliff>'
        with pytest.raises(InputError, match=r"x\.xlf:3: a <trans-unit> without <source>"):
            read(data, "x.xlf")

    def test_inline_elements_of_other_tools_become_numbered_tags(self) -> None:
        inner = '<bpt id="a">&lt;b></bpt>灯台<ept id="a">&lt;/b></ept><mrk mtype="seg">の</mrk><ph id="b">{0}</ph>鐘'
        body = f'<trans-unit id="1"><source>{inner}</source></trans-unit>'
        data = f'<xliff version="1.2"><file original="a"><body>{body}</body></file></xliff>'
        assert read(data.encode(), "x.xlf")[0].units[0].source == "<1>灯台</1>の<2/>鐘"


class TestXliff20:
    @pytest.mark.parametrize(
        ("state", "named", "sub"),
        [
            (State.UNTRANSLATED, "initial", None),
            (State.MACHINE, "initial", "yakubun:machine"),
            (State.EDITED, "translated", None),
            (State.APPROVED, "final", None),
        ],
    )
    def test_states_have_their_names(self, state: State, named: str, sub: str | None) -> None:
        segment = etree.fromstring(written("xliff20", unit(state=state))).find(f".//{XLF20}segment")
        assert (segment.get("state"), segment.get("subState")) == (named, sub)

    def test_elements_stand_in_the_order_of_the_schema(self) -> None:
        one = replace(unit(), notes=(("role", "body"),))
        element = etree.fromstring(written("xliff20", one)).find(f".//{XLF20}unit")
        assert [etree.QName(child).localname for child in element] == ["metadata", "notes", "segment"]

    def test_a_unit_split_by_a_tool_is_joined(self) -> None:
        data = f"""<xliff xmlns="{XLF20[1:-1]}" version="2.1" srcLang="ja" trgLang="en"><file id="f"><unit id="u">
          <segment state="final"><source>火が消えた。</source><target>The fire died.</target></segment>
          <ignorable><source> </source></ignorable>
          <segment state="translated"><source>鐘が鳴った。</source><target>A bell rang.</target></segment>
        </unit></file></xliff>"""
        [one] = read(data.encode(), "x.xlf")[0].units
        assert (one.source, one.target, one.state) == (
            "火が消えた。 鐘が鳴った。",
            "The fire died. A bell rang.",
            State.EDITED,
        )

    def test_reviewed_counts_as_approved(self) -> None:
        data = written("xliff20", unit(state=State.EDITED)).replace(b'"translated"', b'"reviewed"')
        assert read(data, "x.xlf")[0].units[0].state is State.APPROVED


class TestTmx:
    def test_only_approved_segments_are_written(self) -> None:
        units = [unit(f"鐘{number}", state=state) for number, state in enumerate(State)]
        assert [one.source for one in reread("tmx", *units)] == ["鐘3"]

    def test_it_is_valid_by_structure(self) -> None:
        root = etree.fromstring(written("tmx", replace(unit("<1>灯台</1>と<2/>"), role="body", by="M. Hamada")))
        assert root.get("version") == "1.4"
        needed = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
        assert set(root.find("header").keys()) == needed
        assert [child.tag for child in root.find("body/tu")] == ["prop", "prop", "tuv", "tuv"]
        segment = etree.tostring(root.find("body/tu/tuv/seg"), encoding="unicode", with_tail=False)
        assert segment == (
            '<seg><bpt i="1" x="1">&lt;1&gt;</bpt>灯台<ept i="1">&lt;/1&gt;</ept>と<ph x="2">&lt;2/&gt;</ph></seg>'
        )

    def test_what_a_memory_knows_comes_back(self) -> None:
        known = {"role": "body", "terms": "0a1b2c3d", "origin": "a.po", "by": "M. Hamada"}
        one = replace(unit(), **known, date="2026-05-06T07:08:09+00:00")
        [back] = reread("tmx", one)
        assert (back.role, back.terms, back.origin, back.by) == tuple(known.values())
        assert back.date == "2026-05-06T07:08:09+00:00"

    def test_memories_of_other_tools_are_read(self) -> None:
        data = """<!DOCTYPE tmx SYSTEM "tmx11.dtd"><tmx version="1.1"><header srclang="EN-US"/><body>
        <tu changedate="20250102T030405Z" creationid="Ann"><tuv lang="EN-US"><seg>Lighthouse</seg></tuv>
          <tuv lang="JA-JP"><seg>灯台</seg></tuv><tuv lang="en-GB"><seg>Light house</seg></tuv>
          <tuv lang="fr"><seg>Phare</seg></tuv></tu>
        <tu><tuv xml:lang="ja"><seg>鐘</seg></tuv><tuv xml:lang="de"><seg>Glocke</seg></tuv></tu></body></tmx>"""
        units = read(data.encode(), "x.tmx")[0].units
        assert texts(list(units)) == [("灯台", "Lighthouse"), ("灯台", "Light house")]
        assert (units[0].by, units[0].date, units[0].state) == ("Ann", "2025-01-02T03:04:05+00:00", None)


class TestCsv:
    def test_no_cell_can_be_a_formula(self) -> None:
        hostile = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1", "'=1", "\n=1"]
        rows = list(
            csv.reader(
                io.StringIO(written("csv", *(unit(f"鐘{t}", t) for t in hostile)).decode("utf-8-sig"), newline="")
            )
        )
        cells = [cell for row in rows for cell in row if cell]
        assert not [cell for cell in cells if unicodedata.normalize("NFKC", cell)[0] in "=+-@\t\r\n"]
        assert [target for _, target in texts(reread("csv", *(unit(f"鐘{t}", t) for t in hostile)))] == hostile

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
    def test_spreadsheets_of_all_kinds_are_read(self, separator: str, encoding: str) -> None:
        text = f'Source{separator}Target\r\n灯台{separator}"a lighthouse{separator} tall"\r\n'
        [one] = read(text.encode(encoding), "x.csv")[0].units
        assert (one.source, one.target, one.state, one.line) == ("灯台", f"a lighthouse{separator} tall", None, 2)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("source,english\n灯台,a\n", r"x\.csv:1: needs one column 'target'"),
            ("source,target,source\n", r"needs one column 'source'"),
            ("source,target\n灯台,a,b\n", r"x\.csv:2: more cells"),
            ("source,target\n鐘,b\n灯台\n", r"x\.csv:3: fewer cells"),
            ("source,target,state\n灯台,a,done\n", r"x\.csv:2: unknown state 'done'; write one of: untranslated"),
            ('source,target\n灯台,"a', r"x\.csv:2: not CSV"),
        ],
    )
    def test_an_error_names_the_line(self, text: str, message: str) -> None:
        with pytest.raises(InputError, match=message):
            read(text.encode(), "x.csv")

    def test_a_cell_that_was_filled_in_counts_although_its_state_was_left(self) -> None:
        data = written("csv", unit(target="", state=State.UNTRANSLATED)).decode("utf-8-sig")
        row = data.replace(f"{SOURCE},,", f"{SOURCE},Dark.,").encode()
        [one] = read(row, "x.csv")[0].units
        assert (one.target, one.state) == ("Dark.", None)
