"""The contract of every exchange format, and what becomes of files from strangers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from exchanging import SOURCE, reread, texts, unit, written
from hypothesis import given
from hypothesis import strategies as st

from translate.catalog import State
from translate.errors import InputError
from translate.interchange import FORMATS, Part, format_named, read, writer_for
from translate.interchange.exchanged import cleaned

STATES = [name for name, known in FORMATS.items() if known.states]
XML = [name for name in FORMATS if name != "csv"]


# What XML can hold, with the characters that formats stumble over well represented.
TEXT = st.text(
    st.one_of(st.sampled_from("<>&\"'=+-@,;\n\t ]1灯台。ｱア"), st.characters(exclude_categories=["Cs"])),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() and cleaned(text) == text)


@pytest.mark.parametrize("name", FORMATS)
class TestContract:
    """What holds for every format."""

    def test_approved_segments_come_back(self, name: str) -> None:
        pairs = [(SOURCE, "The light went out."), ("改修は来年4月に終わる。", "It ends in April.")]
        assert texts(reread(name, *(unit(*pair) for pair in pairs))) == pairs

    @given(source=TEXT, target=TEXT)
    def test_any_text_comes_back(self, name: str, source: str, target: str) -> None:
        assert texts(reread(name, unit(source, target))) == [(source, target)]

    @pytest.mark.parametrize(
        "text",
        [
            *("<1>灯台</1>と<2/>鐘", "<1><2>灯台</2></1>", "<1></1>灯台", "灯台<1/>"),
            *(
                "a < b && c > d",
                "<1>灯台",
                "</1>灯台<1>",
                "<1>灯<2>台</1></2>",
                "<b>灯台</b>",
                "]]>",
                "<100>灯台</100>",
            ),
            *("  灯台  ", "灯台\n鐘", "\t灯台", "=1+1", "'=1+1", "''", "'灯台'", "@灯台", "－5度"),
        ],
    )
    def test_tags_spaces_and_signs_come_back(self, name: str, text: str) -> None:
        assert texts(reread(name, unit(text, text.replace("灯台", "lighthouse")))) == [
            (text, text.replace("灯台", "lighthouse"))
        ]

    def test_writing_what_was_read_changes_nothing(self, name: str) -> None:
        data = written(name, unit(), unit("町は鐘を鳴らした。", "The <1>bell</1> rang."))
        assert format_named(name).write(read(data, "x" + FORMATS[name].suffixes[0])) == data

    def test_an_empty_file_can_be_written_and_read(self, name: str) -> None:
        assert [part.units for part in read(format_named(name).write([]), "x" + FORMATS[name].suffixes[0])] in (
            [],
            [()],
        )

    def test_role_comes_back(self, name: str) -> None:
        one = replace(unit(), role="heading", notes=(("role", "heading"),))
        assert [one.role for one in reread(name, one)] == ["heading"]

    def test_a_character_that_xml_cannot_hold_becomes_a_replacement_character(self, name: str) -> None:
        expected = "灯\x1b台" if name == "csv" else "灯\ufffd台"
        assert texts(reread(name, unit("灯\x1b台", "a"))) == [(expected, "a")]

    def test_errors_name_the_file(self, name: str) -> None:
        path = "broken" + FORMATS[name].suffixes[0]
        with pytest.raises(InputError, match="broken"):
            format_named(name).read(b"<nothing", path)


@pytest.mark.parametrize("name", STATES)
class TestStates:
    """What holds for the formats that carry people's work to a CAT tool and back."""

    @pytest.mark.parametrize("state", State)
    def test_state_key_and_base_come_back(self, name: str, state: State) -> None:
        one = unit(target="" if state is State.UNTRANSLATED else "The light went out.", state=state)
        [back] = reread(name, one)
        assert (back.state, back.key, back.base, back.base_state) == (state, one.key, one.base, state)

    def test_notes_come_back(self, name: str) -> None:
        notes = (("section", "1 灯台守"), ("role", "body"), ("term", "岬町 → Misaki"))
        [back] = reread(name, replace(unit(), notes=notes))
        assert back.notes == notes

    def test_articles_stay_apart(self, name: str) -> None:
        parts = [Part("a.txt", (unit(),)), Part("b.txt", (unit("町は鐘を鳴らした。"), unit("鐘")))]
        back = read(format_named(name).write(parts), "x" + FORMATS[name].suffixes[0])
        assert [(part.article, len(part.units)) for part in back] == [("a.txt", 1), ("b.txt", 2)]

    def test_each_unit_knows_its_line(self, name: str) -> None:
        lines = [one.line for one in reread(name, unit(), unit("鐘", "Bell"))]
        assert 0 < lines[0] < lines[1]


@pytest.mark.parametrize("name", XML)
class TestHostileXml:
    """Files from strangers."""

    @staticmethod
    def hostile(name: str, declaration: bytes, content: bytes) -> bytes:
        root = {"tmx": b"tmx"}.get(name, b"xliff")
        data = written(name, unit())
        head, _, rest = data.partition(b"<" + root)
        doctype = b"<!DOCTYPE " + root + b" [" + declaration + b"]>\n"
        return head.split(b"<!DOCTYPE")[0] + doctype + b"<" + root + rest.replace("明かり".encode(), content)

    def test_entities_of_the_file_are_refused(self, name: str, tmp_path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("the secret")
        outside = f'<!ENTITY a SYSTEM "{secret.as_uri()}">'.encode()
        for declaration in (b'<!ENTITY a "harmless">', outside, b'<!ENTITY % a "harmless">'):
            data = self.hostile(name, declaration, b"&a;" if b"%" not in declaration else b"x")
            with pytest.raises(InputError, match=r"entit"):
                format_named(name).read(data, "x.xml")

    def test_a_billion_laughs_end_at_once(self, name: str) -> None:
        levels = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
        data = self.hostile(name, b'<!ENTITY a0 "ha">' + levels, b"&a11;")
        with pytest.raises(InputError):
            format_named(name).read(data, "x.xml")

    def test_an_error_names_the_line(self, name: str) -> None:
        data = written(name, unit()).replace(b"</source>", b"").replace(b"</seg>", b"")
        with pytest.raises(InputError, match=r"x\.xml:\d+: not well-formed"):
            format_named(name).read(data, "x.xml")

    def test_another_root_is_named(self, name: str) -> None:
        with pytest.raises(InputError, match="root is <html>"):
            format_named(name).read(b"<html/>", "x.xml")


class TestChoosing:
    def test_the_content_decides_between_versions_of_one_suffix(self) -> None:
        for name in ("xliff12", "xliff20"):
            assert texts(read(written(name, unit()), "x.xlf")[0].units) == [(SOURCE, "The light went out.")]  # type: ignore[arg-type]

    def test_the_suffix_decides_what_is_written(self) -> None:
        assert b'version="1.2"' in writer_for("x.XLIFF").write([])
        assert b"<tmx" in writer_for("x.tmx").write([])

    def test_an_unknown_suffix_names_the_known_ones(self) -> None:
        with pytest.raises(InputError, match=r"\.csv, \.tmx, \.tsv, \.xlf, \.xliff"):
            read(b"", "x.docx")

    def test_another_version_is_refused(self) -> None:
        with pytest.raises(InputError, match="xliff12, xliff20"):
            read(b'<xliff version="3.0"/>', "x.xlf")

    def test_a_file_too_large_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("translate.interchange.MAX_BYTES", 1 << 20)
        with pytest.raises(InputError, match="split the file"):
            read(b" " * ((1 << 20) + 1), "x.tmx")

    def test_utf_16_is_read(self) -> None:
        data = written("tmx", unit()).decode().replace("UTF-8", "UTF-16").encode("utf-16")
        assert texts(list(read(data, "x.tmx")[0].units)) == [(SOURCE, "The light went out.")]
