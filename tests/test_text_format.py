"""Plain-text articles: what each line is, and how the English one is laid out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from translate.document import Document, Role
from translate.errors import InputError
from translate.formats import FORMATS, reader_for
from translate.formats.boilerplate import Boilerplate
from translate.formats.text import read, render

HARBOUR = (Path(__file__).parent / "quality" / "harbour.txt").read_bytes()
PROSE = "船は朝に出た。昼に着いた。"
LONG = "船は朝に出た。海はおだやかで、沖には雲ひとつなかったが、港に戻ったのは夜遅くになってからだった。"


def parse(text: str, **options: object) -> Document:
    return read(text.encode(), "a.txt", **options)  # type: ignore[arg-type]


def outline(text: str, **options: object) -> list[tuple[str, int, list[str]]]:
    """List role, section and segments of each block."""
    return [(str(b.role), b.section, [s.text for s in b.segments]) for b in parse(text, **options).blocks]


def roles(text: str) -> list[str]:
    return [role for role, _, _ in outline(text)]


def english(text: str, *, keep_boilerplate: bool = False, untranslated: str = "") -> str:
    """Render with E1, E2, … for the segments in order."""
    document = parse(text)
    found = [segment.plain for _, segment in document.segments(boilerplate=True)]
    table = {plain: f"E{found.index(plain) + 1}." for plain in found if plain != untranslated}
    return render(document, table, keep_boilerplate=keep_boilerplate).decode()


class TestAWholeArticle:
    document = read(HARBOUR, "articles/ja/harbour.txt")

    def test_every_line_gets_its_role(self) -> None:
        counts = Counter(str(block.role) for block in self.document.blocks)
        assert counts == {"title": 1, "contents": 10, "heading": 10, "body": 11, "list": 3, "boilerplate": 3}

    def test_contents_and_headings_share_their_msgids(self) -> None:
        plain = {role: [s.plain for b, s in self.document.segments() if b.role is role] for role in Role}
        assert plain[Role.CONTENTS] == plain[Role.HEADING]

    def test_each_heading_starts_a_section(self) -> None:
        assert [b.section for b in self.document.blocks if b.role is Role.HEADING] == list(range(1, 11))
        assert {b.section for b in self.document.blocks if b.role in (Role.TITLE, Role.CONTENTS)} == {0}
        assert [b.section for b in self.document.blocks if b.role is Role.BOILERPLATE] == [2, 10, 10]

    def test_blocks_know_their_lines(self) -> None:
        lines = HARBOUR.decode().split("\n")
        for block in self.document.blocks:
            assert lines[block.line - 1].startswith(block.segments[0].text)

    def test_a_copy_without_translations_is_exact(self) -> None:
        assert render(self.document, {}, keep_boilerplate=True) == HARBOUR


CONTENTS = "夜の港\n朝の市場\n\n夜の港\n\n" + PROSE + "\n\n朝の市場\n\n" + PROSE


class TestContents:
    @pytest.mark.parametrize(
        "title", ["港町の一日\n\n", "港町の一日\n", "港町の一日がはじまる。\n\n", "「港町の一日」\n"]
    )
    def test_they_are_found_below_a_title(self, title: str) -> None:
        assert roles(title + CONTENTS) == ["title", "contents", "contents", "heading", "body", "heading", "body"]

    def test_they_are_found_without_a_title(self) -> None:
        assert roles(CONTENTS)[:3] == ["contents", "contents", "heading"]

    def test_they_are_found_behind_a_lead_and_under_a_label(self) -> None:
        found = outline(f"港町の一日\n\n{PROSE}\n\n目次\n{CONTENTS}")
        assert [(role, section) for role, section, _ in found] == [
            ("title", 0), ("body", 0), ("contents", 0), ("contents", 0), ("contents", 0),
            ("heading", 1), ("body", 1), ("heading", 2), ("body", 2),
        ]  # fmt: skip

    def test_the_first_heading_may_follow_without_a_blank_line(self) -> None:
        text = "港町の一日\n\n夜の港\n朝の市場\n夜の港\n" + PROSE + "\n朝の市場\n" + PROSE
        assert roles(text) == ["title", "contents", "contents", "heading", "body", "heading", "body"]

    def test_a_blank_line_between_entries_does_not_hide_them(self) -> None:
        assert roles("港町の一日\n\n" + CONTENTS.replace("夜の港\n朝", "夜の港\n\n朝"))[:4] == [
            "title", "contents", "contents", "heading",
        ]  # fmt: skip

    def test_width_space_and_numbers_do_not_matter(self) -> None:
        text = "港町の一日\n\n1. ＩＴ の港\n2. 朝の市場\n\nITの港\n" + PROSE + "\n\n朝の市場\u200b\n" + PROSE
        assert roles(text) == ["title", "contents", "contents", "heading", "body", "heading", "body"]

    def test_one_reworded_heading_does_not_hide_the_others(self) -> None:
        entries = ["夜の港", "朝の市場", "昼の休み", "夕方の船", "深夜の灯台"]
        body = [f"{'昼休み' if entry == '昼の休み' else entry}\n\n{PROSE}" for entry in entries]
        found = roles("\n\n".join(["港町の一日", "\n".join(entries), *body]))
        assert Counter(found) == {"title": 1, "contents": 5, "heading": 4, "body": 6}

    def test_headings_are_only_those_that_the_contents_announce(self) -> None:
        assert roles("港町の一日\n\n" + CONTENTS + "\n\n写真家の話\n\n" + PROSE)[-2:] == ["body", "body"]

    def test_a_chance_repetition_in_the_text_starts_no_section(self) -> None:
        found = outline("港町の一日\n\n" + CONTENTS.replace(PROSE, PROSE + "\n\n夜の港\n\n" + PROSE, 1))
        assert [section for role, section, _ in found if role == "heading"] == [1, 2]

    def test_a_refrain_is_not_a_table_of_contents(self) -> None:
        assert "contents" not in roles("港のうた\n\n波が来る\n船が行く\n\n波が来る\n船が行く\n")

    def test_a_promotion_between_contents_and_text_is_no_entry(self) -> None:
        promo = "\n\nみなと新報をフォローして最新ニュースを見る"
        text = "港町の一日\n\n夜の港\n朝の市場" + promo + CONTENTS.removeprefix("夜の港\n朝の市場") + promo
        assert Counter(roles(text)) == {"title": 1, "contents": 2, "heading": 2, "body": 2, "boilerplate": 2}


class TestTitlesAndHeadings:
    @pytest.mark.parametrize("first", ["港町の一日", "港は消えるのか？", "橋が開通！", "「港は残る」と町長"])
    def test_a_first_line_that_stands_alone_is_the_title(self, first: str) -> None:
        assert roles(f"{first}\n\n{PROSE}") == ["title", "body"]

    def test_a_short_line_over_a_longer_one_is_the_title(self) -> None:
        assert roles(f"港町の一日\n{LONG}") == ["title", "body"]
        assert roles(f"港町の一日は\n{LONG}") == roles(f"港町の一日\n{PROSE}") == ["body"]

    @pytest.mark.parametrize("text", [
        "船は朝に出た。", "港町の一日", f"船は出た。\n\n{PROSE}", f"「おはよう」\n\n{PROSE}",
        "朝早くに港を出た船は、\n昼に着いた。", "・夜の港\n・朝の市場", "あ" * 101 + "\n\n" + PROSE,
    ])  # fmt: skip
    def test_a_sentence_a_quotation_or_a_list_item_is_no_title(self, text: str) -> None:
        assert "title" not in roles(text)

    def test_a_name_that_ends_in_a_full_stop_can_end_a_title(self) -> None:
        assert outline(f"帰ってきた港娘。\n\n{PROSE}", protected=["港娘。"])[0] == ("title", 0, ["帰ってきた港娘。"])

    def test_a_title_is_one_segment_whatever_stops_it_holds(self) -> None:
        assert outline(f"なぜ？港は消えた。次は町か\n\n{PROSE}")[0] == ("title", 0, ["なぜ？港は消えた。次は町か"])

    def test_short_lines_alone_are_headings_and_count_sections(self) -> None:
        found = outline(f"港町の一日\n\n{PROSE}\n\n夜の港\n\n{PROSE}\n\n朝の市場\n\n{PROSE}\n\n{PROSE}")
        assert [(role, section) for role, section, _ in found] == [
            ("title", 0), ("body", 0), ("heading", 1), ("body", 1), ("heading", 2), ("body", 2), ("body", 2),
        ]  # fmt: skip

    @pytest.mark.parametrize("line", [
        "「もう船は出ない」", "船が出る。", "本当だろうか？", "次のとおり：", "そして…", "写真：浜口", "2024年7月15日",
        "・夜の港", "船は出ませんでした", "――", "港" * 41, "（つづく）", "夜の港\n朝の市場",
    ])  # fmt: skip
    def test_other_lines_alone_are_not(self, line: str) -> None:
        assert "heading" not in roles(f"港町の一日\n\n{PROSE}\n\n{line}\n\n{PROSE}")

    def test_a_short_line_on_a_long_one_is_a_heading_and_no_start_of_its_sentence(self) -> None:
        found = outline(f"港町の一日\n\n{PROSE}\n\n夜の港\n{LONG}")
        assert [(role, section) for role, section, _ in found] == [
            ("title", 0),
            ("body", 0),
            ("heading", 1),
            ("body", 1),
        ]

    def test_three_short_lines_in_a_row_are_not_headings(self) -> None:
        assert "heading" not in roles(f"港町の一日\n\n{PROSE}\n\n夜の港\n\n朝の市場\n\n昼の船\n\n{PROSE}")

    def test_a_last_line_with_nothing_behind_it_is_no_heading(self) -> None:
        assert "heading" not in roles(f"港町の一日\n\n{PROSE}\n\n浜口記者")


class TestBlocks:
    @pytest.mark.parametrize(
        "bullet", ["・", "●", "■", "◆", "○", "- ", "* ", "1. ", "１．", "（1）", "(1) ", "①", "2) "]
    )
    def test_a_bullet_makes_a_list_item_even_alone(self, bullet: str) -> None:
        assert outline(f"{PROSE}\n{bullet}港は静か。船は出ない")[1:] == [
            ("list", 0, [f"{bullet}港は静か。", "船は出ない"])
        ]

    @pytest.mark.parametrize(
        "line", ["1.5倍に増えた。", "○○氏が語った。", "-5度まで下がった。", "1、2年で終わる。", "――なぜ船を。"]
    )
    def test_what_only_looks_like_a_bullet_makes_none(self, line: str) -> None:
        assert roles(f"{PROSE}\n\n{line}") == ["body", "body"]

    def test_an_indented_line_continues_its_item(self) -> None:
        document = parse("・夜の港は\n　とても静か\n・朝の市場")
        assert [segment.plain for _, segment in document.segments()] == ["・夜の港はとても静か", "・朝の市場"]

    def test_three_unfinished_lines_are_a_list_without_bullets(self) -> None:
        found = outline(f"{PROSE}\n\n夜の港\n朝の市場\n昼の船\n夕方の灯台")
        assert found[1:] == [("list", 0, [line]) for line in ("夜の港", "朝の市場", "昼の船", "夕方の灯台")]

    def test_a_hard_wrapped_sentence_is_one_segment(self) -> None:
        document = parse(f"{PROSE}\n\n朝早くに港を出た船は、\n昼に着いた。")
        assert document.blocks[1].segments[0].plain == "朝早くに港を出た船は、昼に着いた。"

    def test_finished_lines_and_indented_ones_are_paragraphs(self) -> None:
        assert len(parse("船は朝に出た。\n昼に着いた。\n夜に戻った。").blocks) == 3
        assert len(parse("　船は朝に出て\n昼に着いた。\n　夜に\n戻った。").blocks) == 2

    @pytest.mark.parametrize("blank", ["", "\xa0", "\u3000", " \t", "\u200b", "\ufeff\xa0"])
    def test_lines_that_show_nothing_are_blank(self, blank: str) -> None:
        assert [b.line for b in parse(f"港町の一日\n{blank}\n{PROSE}\n{blank}\n{PROSE}").blocks] == [1, 3, 5]

    def test_a_boilerplate_pattern_inside_a_wrapped_sentence_is_text(self) -> None:
        patterns = Boilerplate.parse("続きを読む", "mine.txt")
        assert {role for role, *_ in outline("夜になると母は本の\n続きを読む\nのだった。", boilerplate=patterns)} == {
            "body"
        }

    def test_own_patterns_replace_the_shipped_ones(self) -> None:
        text = f"{PROSE}\n\n関連記事\n\n港通信より"
        assert [role for role, *_ in outline(text, boilerplate=Boilerplate.parse("港通信より", "mine.txt"))] == [
            "body", "body", "boilerplate",
        ]  # fmt: skip

    def test_a_file_that_shows_nothing_is_refused(self) -> None:
        with pytest.raises(InputError, match="shows no text"):
            parse("\u200b\n")


class TestRendering:
    @pytest.mark.parametrize(("source", "expected"), [
        ("船は出た。昼に着いた。\n", "E1. E2.\n"),
        ("　船は出た。　昼に着いた。\n", "E1. E2.\n"),
        ("朝早くに港を出た船は\n昼に着いた。夜に戻った。\n静かな夜だった\n", "E1. E2. E3.\n"),
        ("船は出た。\n昼に着いた。", "E1.\nE2."),
        ("・夜の港\n　・朝の市場\n  - 昼の船", "E1.\nE2.\n  E3."),
        ("港町の一日\r\n\u3000\r\n　船は出た。 \r\n", "E1.\r\n\r\nE2.\r\n"),
        ("港町の一日\n\n船は出た。\n\n\xa0\n\n続きを読む\n\n\u3000\n\n夜に戻った。\n", "E1.\n\nE2.\n\nE4.\n"),
        ("続きを読む\n\n港町の一日\n\n船は出た。\n", "E2.\n\nE3.\n"),
        ("港町の一日\n\n船は出た。\n\n\xa0\n\n関連記事\n", "E1.\n\nE2.\n"),
        ("船は出た。\nアプリをダウンロード！\n夜に戻った。", "E1.\nE3."),
    ])  # fmt: skip
    def test_the_layout_is_that_of_english(self, source: str, expected: str) -> None:
        assert english(source) == expected

    def test_boilerplate_stays_on_request(self) -> None:
        assert english("船は出た。\n\n続きを読む\n", keep_boilerplate=True) == "E1.\n\nE2.\n"

    def test_a_missing_or_empty_translation_leaves_the_source(self) -> None:
        source = "船は出た。昼に着いた。　夜に戻った。\n\n　船は出た。昼に着いた。"
        assert english(source, untranslated="昼に着いた。") == "E1. 昼に着いた。 E3.\n\nE1. 昼に着いた。"
        assert render(parse(source), {"船は出た。": " "}).decode() == source

    def test_a_translation_cannot_break_its_paragraph(self) -> None:
        assert render(parse("船は出た。"), {"船は出た。": " The ship\n\nsailed. "}) == b"The ship sailed."

    def test_english_is_utf8_without_a_mark_whatever_the_source_was(self) -> None:
        data = "\ufeff船は出た。\r\n".encode("utf-16-le")
        assert render(read(data, "a.txt"), {"船は出た。": "The ship’s out."}) == "The ship’s out.\r\n".encode()

    def test_an_untranslated_copy_without_boilerplate_keeps_the_encoding(self) -> None:
        data = "船は出た。\n\n関連記事\n".encode("cp932")
        assert render(read(data, "a.txt"), {}) == "船は出た。\n".encode("cp932")


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_registered_format_reads_and_renders(suffix: str) -> None:
    module = reader_for("A" + suffix.upper())
    data = b"\xe6\xb8\xaf\n"
    assert module.render(module.read(data, "a" + suffix), {}) == data


@pytest.mark.parametrize("path", ["news.docx", "news"])
def test_an_unknown_suffix_is_answered_with_the_known_ones(path: str) -> None:
    with pytest.raises(InputError, match=r"\.txt"):
        reader_for(path)
