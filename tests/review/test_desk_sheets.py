"""What a page shows of an article, and which articles there are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from desking import BUYERS, CAPTAIN, PIER, row
from driving import HARBOUR, add_article, po_of, poedit
from hypothesis import given
from hypothesis import strategies as st
from making import TERMS, article, written

from translate import config
from translate.catalog import Catalog, State, merge
from translate.glossary import load
from translate.interchange.exchanged import unit_key
from translate.pipeline import Settings, read_article
from translate.review.desk import Desk
from translate.review.rows import pieces
from translate.review.shelf import UnknownError, key_of


class TestSheet:
    def test_an_article_is_shown_in_its_own_order_under_its_headings(self, desk: Desk) -> None:
        sheet = desk.open("harbour")
        assert [one.japanese for one in sheet.rows] == list(HARBOUR)
        assert [(section.number, section.title, len(section.rows)) for section in sheet.sections] == [
            *(("0", "", 1), ("1", "桟橋の傷み", 4), ("2", "漁の朝", 4))
        ]
        assert [str(one.role) for one in sheet.rows[:3]] == ["title", "heading", "body"]
        assert [one.number for one in sheet.rows] == list(range(1, 10))

    def test_pieces_join_to_the_texts_and_name_their_terms(self, desk: Desk) -> None:
        pier = row(desk, PIER)
        assert "".join(piece.text for piece in pier.source) == pier.japanese
        assert "".join(piece.text for piece in pier.target) == pier.english
        assert (pier.source[0].text, pier.source[0].term) == ("白浜港", 0)
        assert [piece.text for piece in pier.target if piece.term == 0] == ["Shirahama Port"]
        term = pier.terms[0]
        assert (term.source, term.target, term.variants, term.kind, term.mode, term.note, term.origin, term.fate) == (
            *("白浜港", "Shirahama Port", ("port of Shirahama",), "place", "hard", "the old harbor in the bay"),
            *("terms.csv:2", "held"),
        )

    def test_a_missing_term_is_a_finding_and_its_fate(self, desk: Desk) -> None:
        captain = row(desk, CAPTAIN)
        assert [(term.source, term.fate) for term in captain.terms] == [("汐見丸", "missing")]
        assert [(one.check, one.severity) for one in captain.findings] == [("glossary", "error")]
        assert captain.provenance is not None
        assert (captain.provenance.engine, captain.provenance.stage, captain.provenance.untouched) == (
            *("fake@1", "plain", True),
        )

    def test_without_its_article_the_po_file_tells_the_order(self, root: Path, desk: Desk) -> None:
        (root / "articles/ja/harbour.txt").unlink()
        sheet = desk.open("harbour")
        assert [one.japanese for one in sheet.rows] == list(HARBOUR)
        assert [section.number for section in sheet.sections] == ["0", "1", "2"]
        assert sheet.article.stale is None

    def test_a_sentence_that_is_new_in_the_article_cannot_be_edited_yet(self, root: Path, desk: Desk) -> None:
        path = root / "articles/ja/harbour.txt"
        path.write_text(path.read_text("utf-8").replace(BUYERS, f"{BUYERS}波は静かだ。{BUYERS}"), "utf-8")
        sheet = desk.open("harbour")
        assert sheet.article.stale == 1
        new = next(one for one in sheet.rows if one.japanese == "波は静かだ。")
        assert (new.state, new.number, "run `translate`" in new.locked) == (None, 0, True)
        assert [one.repeat for one in sheet.rows if one.japanese == BUYERS] == [0, 1]
        with pytest.raises(UnknownError):
            desk.row("harbour", new.id)

    def test_an_entry_that_the_article_lost_is_still_there(self, root: Path, desk: Desk) -> None:
        path = root / "articles/ja/harbour.txt"
        path.write_text(path.read_text("utf-8").replace(BUYERS, ""), "utf-8")
        assert [(one.number, [row.japanese for row in one.rows]) for one in desk.open("harbour").sections[-1:]] == [
            ("gone", [BUYERS])
        ]

    def test_an_edited_sentence_shows_what_it_was_and_its_old_english(self, root: Path) -> None:
        poedit(root, "harbour", {BUYERS: "More young buyers come."})
        path, new = root / "articles/ja/harbour.txt", BUYERS.replace("若い", "遠来の")
        path.write_text(path.read_text("utf-8").replace(BUYERS, new), "utf-8")
        settings = Settings(load([root / "terms.csv"]), root / "locales", root)
        po = po_of(root, "harbour")
        merge(read_article(path, settings), Catalog.read(po), {}).write(po)
        found = row(Desk(config.load(root)), new)
        assert found.former is not None
        assert (found.former.source, found.former.english) == (BUYERS, "More young buyers come.")
        assert found.former.remark.startswith("approved, ")
        assert [(step.operation, step.text) for step in found.former.steps[:3]] == [
            *(("keep", "朝の市場には"), ("delete", "若い"), ("insert", "遠来の")),
        ]
        assert "".join(step.text for step in found.former.steps if step.operation != "delete") == new

    def test_tags_are_pieces_of_their_own(self) -> None:
        cut = pieces("the <1>old port</1> of <2/>call", [((8, 12), 0)])
        assert [(piece.text, piece.term, piece.tag) for piece in cut] == [
            *(("the ", None, False), ("<1>", None, True), ("old ", None, False), ("port", 0, False)),
            *(("</1>", None, True), (" of ", None, False), ("<2/>", None, True), ("call", None, False)),
        ]

    @given(st.text("ab<1/>2 ", max_size=30), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4))
    def test_pieces_always_join_to_the_text(self, text: str, spans: list[tuple[int, int]]) -> None:
        assert "".join(one.text for one in pieces(text, [(span, 0) for span in spans])) == text

    def test_a_sheet_is_made_anew_only_when_something_changed(self, root: Path, desk: Desk) -> None:
        first = desk.open("harbour")
        assert desk.open("harbour") is first
        assert desk.stamp("harbour") == first.stamp
        poedit(root, "harbour", {BUYERS: "Young buyers come."})
        assert desk.stamp("harbour") != first.stamp
        assert desk.open("harbour").rows[6].english == "Young buyers come."

    def test_all_of_a_long_article_is_there(self, tmp_path: Path, root: Path) -> None:
        sentences = written(400)
        (root / "terms.csv").write_text(TERMS, "utf-8")
        add_article(root, "long", {one.japanese: one.machine for one in sentences}, article(sentences))
        sheet = Desk(config.load(root)).open("long")
        assert [one.japanese for one in sheet.rows] == [one.japanese for one in sentences]
        assert len(sheet.sections) == 17
        assert not any(one.findings for one in sheet.rows)


class TestList:
    def test_articles_are_counted(self, desk: Desk) -> None:
        harbour, island = desk.articles()
        assert (harbour.key, harbour.source_path, harbour.po, harbour.segments) == (
            *("harbour", "articles/ja/harbour.txt", "harbour.po", 9),
        )
        assert harbour.states == {State.MACHINE: 8, State.UNTRANSLATED: 1}
        assert (harbour.errors, harbour.stale, harbour.approved, harbour.problem) == (1, 0, 0, "")
        assert island.title == "小島に図書室"
        assert desk.articles(count=False)[0].errors is None

    def test_the_title_is_english_once_it_is_approved(self, root: Path, desk: Desk) -> None:
        poedit(root, "island", {"小島に図書室": "An island gets a reading room"})
        assert desk.articles()[1].title == "An island gets a reading room"

    @pytest.mark.parametrize(
        ("content", "told"),
        [(b'msgid "a"\nmsgstr "b', "quotes"), (b"\xff\xfe", "not UTF-8"), (b'msgid "a"\nmsgstr ""\n' * 2, "again")],
    )
    def test_a_broken_file_is_told_and_hides_no_other(self, root: Path, desk: Desk, content: bytes, told: str) -> None:
        (po_of(root, "bad")).write_bytes(content)
        found = {one.key: one for one in desk.articles()}
        assert told in found["bad"].problem
        assert found["harbour"].problem == ""

    def test_what_is_no_po_file_of_the_project_is_refused(self, root: Path, tmp_path: Path, desk: Desk) -> None:
        folder = po_of(root, "harbour").parent
        outside = tmp_path / "outside.po"
        outside.write_bytes((folder / "harbour.po").read_bytes())
        (folder / "link.po").symlink_to(outside)
        (folder / "circle.po").symlink_to(folder / "circle.po")
        (folder / "folder.po").mkdir()
        os.mkfifo(folder / "pipe.po")
        problems = {one.key: one.problem for one in desk.articles()}
        assert "leads out of" in problems["link"]
        assert "cannot be opened" in problems["circle"]
        assert "no regular file" in problems["folder"]
        assert "no regular file" in problems["pipe"]
        assert problems["harbour"] == ""

    def test_a_file_that_is_too_large_is_not_read(self, root: Path, desk: Desk) -> None:
        with po_of(root, "huge").open("wb") as file:
            file.truncate(65 * 2**20)
        assert "split the article" in {one.key: one.problem for one in desk.articles()}["huge"]

    @pytest.mark.parametrize(
        "key", ["", "..", "../harbour", "harbour.po", "/etc/passwd", "~0123456789abcdef", "a\0b", "%2e"]
    )
    def test_a_key_is_never_a_path(self, desk: Desk, key: str) -> None:
        with pytest.raises(UnknownError):
            desk.open(key)

    @given(st.text(min_size=1, max_size=80))
    def test_keys_are_safe_in_addresses(self, name: str) -> None:
        assert not set(key_of(f"{name}.po")) - set("~-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    def test_an_article_with_a_japanese_name_can_be_opened(self, root: Path, desk: Desk) -> None:
        po_of(root, "island").rename(po_of(root, "島"))
        keys = [one.key for one in desk.articles()]
        assert keys[1].startswith("~")
        assert desk.open(keys[1]).rows[0].japanese == "小島に図書室"

    def test_a_file_that_went_away_leaves_nothing_behind(self, root: Path, desk: Desk) -> None:
        twin = root / "locales/en/LC_MESSAGES/twin.po"
        twin.write_bytes(po_of(root, "harbour").read_bytes())
        poedit(root, "twin", {BUYERS: "Another English for the same source."})
        desk.articles()
        assert [one.check for one in desk.row("twin", unit_key(BUYERS)).findings] == ["inconsistent"]
        po_of(root, "harbour").unlink()
        assert [one.key for one in desk.articles()] == ["island", "twin"]
        assert desk.row("twin", unit_key(BUYERS)).findings == ()
