"""What an article has from others: checks side by side, the memory; and what it becomes when it is published."""

from __future__ import annotations

import os
from pathlib import Path

from desking import BUYERS, CAPTAIN, HEAD, PIER, row, save
from driving import HARBOUR, add_article, po_of, poedit
from hypothesis import given
from hypothesis import strategies as st

from translate import config
from translate.catalog import Catalog
from translate.checks import CATALOG_CHECKS, CATALOG_KEYS, Translated, run_catalog_checks
from translate.interchange.exchanged import unit_key
from translate.publishing import Fuzzy
from translate.review.desk import Desk
from translate.review.outcomes import Saved, TermRefused
from translate.review.together import Together


class TestTogether:
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["a", "b"]),
                st.sampled_from(["船が出た。", "船が出た", "鐘が鳴る。", "灯が消えた。"]),
                st.none()
                | st.sampled_from(
                    ["A boat left.", "a boat left", "The ship " + "sailed on " * 5, "The Ship " + "sailed on " * 5]
                ),
                st.booleans(),
            ),
            max_size=12,
        )
    )
    def test_kept_up_to_date_it_finds_what_a_check_of_all_files_finds(
        self, steps: list[tuple[str, str, str | None, bool]]
    ) -> None:
        together, now = Together(), dict[tuple[str, str], Translated]()
        line = {"船が出た。": 1, "船が出た": 2, "鐘が鳴る。": 3, "灯が消えた。": 4}
        for po, msgid, english, waived in steps:
            entry = english and Translated(
                po, line[msgid], msgid, english, frozenset(["inconsistent"] if waived else [])
            )
            before = {name: together.findings(*name) for name in now}
            affected = together.put(po, msgid, entry or None)
            now.pop((po, msgid), None)
            if entry:
                now[po, msgid] = entry
            expected: dict[tuple[str, str], list[object]] = {name: [] for name in now}
            for one in run_catalog_checks(sorted(now.values(), key=lambda one: (one.po, one.line))):
                expected[one.entry.po, one.entry.msgid].append(one.finding)
            found = {name: list(together.findings(*name)) for name in now}
            assert found == expected
            changed = {name for name in before if name in found and list(before[name]) != found[name]}
            assert changed - {(po, msgid)} <= affected

    def test_every_check_of_whole_catalogs_says_what_it_compares_by(self) -> None:
        assert CATALOG_KEYS.keys() == CATALOG_CHECKS.keys()

    def test_a_save_tells_which_rows_changed_with_it(self, root: Path, desk: Desk) -> None:
        long = "Planks came loose on the pier of Shirahama Port, the town said."
        save(desk, row(desk, PIER), long)
        outcome = save(desk, row(desk, BUYERS), long, approve=False)
        assert isinstance(outcome, Saved)
        assert [one.check for one in outcome.row.findings] == ["copied"]
        outcome = save(desk, row(desk, PIER), "Shirahama Port gets a new pier.")
        assert isinstance(outcome, Saved)
        assert [(one.japanese, one.findings) for one in outcome.also] == [(BUYERS, ())]


class TestMemory:
    def test_an_approved_sentence_is_suggested_for_one_like_it(self, root: Path, desk: Desk) -> None:
        near = BUYERS.replace("若い", "遠い")
        add_article(root, "market", {near: ""})
        assert desk.suggestions("market", unit_key(near)) == ()
        save(desk, row(desk, BUYERS), "More young buyers come to the morning market.")
        (found,) = desk.suggestions("market", unit_key(near))
        assert (found.english, found.source, found.origin) == (
            "More young buyers come to the morning market.",
            BUYERS,
            "harbour",
        )
        assert 85 <= found.likeness < 100
        assert [(step.operation, step.text) for step in found.steps] == [
            *(("keep", "朝の市場には"), ("delete", "若"), ("insert", "遠"), ("keep", "い買い手が増えた。")),
        ]
        desk.undo("harbour", actor="ann")
        assert desk.suggestions("market", unit_key(near)) == ()

    def test_many_changed_articles_are_indexed_anew_and_few_beside_the_old_index(self, root: Path, desk: Desk) -> None:
        names = [f"a{number}" for number in range(12)]
        for name in names:
            add_article(root, name, {f"{name}の橋が完成した。": f"A bridge, {name}."})
        poedit(root, "a0", {"a0の橋が完成した。": "A bridge, a0."})
        desk.articles(count=False)
        sought = unit_key("a11の橋が完成した。")
        assert [one.origin for one in desk.suggestions("a11", sought)] == ["a0"]
        for name in names[1:4]:
            poedit(root, name, {f"{name}の橋が完成した。": f"A bridge, {name}."})
            desk.articles(count=False)
            assert name in [one.origin for one in desk.suggestions("a11", sought)]
        for name in names[:10]:
            poedit(root, name, {f"{name}の橋が完成した。": "Another bridge."})
        desk.articles(count=False)
        assert {one.english for one in desk.suggestions("a11", sought)} == {"Another bridge."}
        po_of(root, "a1").unlink()
        assert "a1" not in [one.origin for one in desk.suggestions("a11", sought)]

    def test_an_imported_unit_is_suggested_and_a_broken_file_hides_no_other(self, root: Path, desk: Desk) -> None:
        folder = root / "locales/en/memory"
        folder.mkdir()
        (folder / "old.jsonl").write_text(f'{{"source": "{PIER}", "target": "An old pier."}}\n', "utf-8")
        (found,) = desk.suggestions("harbour", unit_key(PIER))
        assert (found.likeness, found.english) == (100, "An old pier.")
        (folder / "old.jsonl").write_text("broken\n", "utf-8")
        assert desk.suggestions("harbour", unit_key(PIER)) == ()


class TestPublishing:
    def test_a_link_that_leads_elsewhere_is_not_written_through(self, root: Path, tmp_path: Path, desk: Desk) -> None:
        mine = tmp_path / "mine.txt"
        mine.write_text("mine")
        (root / "articles/en").mkdir()
        (root / "articles/en/harbour.txt").symlink_to(mine)
        assert "leads out of its folder" in desk.publish("harbour", fuzzy=Fuzzy.INCLUDE).why
        (root / "yakubun.toml").write_text("", "utf-8")
        (root / "glossaries").mkdir()
        (root / "glossaries/project.csv").symlink_to(mine)
        outcome = Desk(config.load(root)).add_term("鯨", "whale", actor="ann", create=True)
        assert isinstance(outcome, TermRefused)
        assert mine.read_text() == "mine"

    def test_a_preview_tells_what_is_approved(self, root: Path, desk: Desk) -> None:
        save(desk, row(desk, PIER), HARBOUR[PIER])
        preview = desk.preview("harbour")
        assert (preview.unapproved, preview.untranslated, preview.problem) == (8, 1, "")
        shown = {piece.id: piece for block in preview.blocks for piece in block.pieces}
        assert (shown[unit_key(PIER)].state, shown[unit_key(PIER)].language) == ("approved", "en")
        assert (shown[unit_key(HEAD)].text, shown[unit_key(HEAD)].language) == (HEAD, "ja")
        assert HARBOUR[CAPTAIN] in preview.text
        source = desk.preview("harbour", fuzzy=Fuzzy.SOURCE)
        assert CAPTAIN in source.text
        assert [p.language for b in source.blocks for p in b.pieces].count("en") == 1

    def test_publishing_refuses_what_nobody_approved(self, root: Path, desk: Desk) -> None:
        refused = desk.publish("harbour")
        assert (refused.path, len(refused.unapproved), refused.untranslated) == (None, 9, 1)
        assert not (root / "articles/en").exists()
        draft = desk.publish("harbour", fuzzy=Fuzzy.INCLUDE)
        assert draft.path == root / "articles/en/harbour.txt"
        assert draft.path.read_text("utf-8") == desk.preview("harbour").text

    def test_an_article_outside_the_project_is_neither_read_nor_published(self, root: Path, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("秘密の港。\n", "utf-8")
        po = po_of(root, "island")
        (root / "articles/ja/link.txt").symlink_to(secret)
        os.mkfifo(root / "articles/ja/pipe.txt")
        for path in (
            str(secret),
            "../secret.txt",
            "articles/ja/link.txt",
            "articles/ja/pipe.txt",
            "a\0b.txt",
            "articles",
        ):
            data = po.read_text("utf-8")
            old = Catalog.read(po).source_path
            po.write_text(data.replace(f"X-Source-Path: {old}", f"X-Source-Path: {path}"), "utf-8")
            desk = Desk(config.load(root))
            assert "秘密" not in str(desk.open("island"))
            assert "inside the project" in desk.preview("island").problem
            assert "inside the project" in desk.publish("island", fuzzy=Fuzzy.INCLUDE).why
