"""The translation memory: what it finds, in which order, and what it proposes."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from translate.errors import CatalogError, InputError
from translate.memory import Memory, Unit, add_imported, difference

BELL = "町は鐘を鳴らして船を導いた。"

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"PO-Revision-Date: {date}\\n"
"Last-Translator: {by}\\n"
"""

ENTRY = """
# mt: fake@1 terms:1/1#0a1b2c3d sha:00000000
#. section: 1 鐘
#. role: {role}
{flag}msgid "{source}"
msgstr "{target}"
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / ".cache"))


def po(folder: Path, name: str, *entries: str, date: str = "2026-01-02 03:04+0000", by: str = "M. Hamada") -> Path:
    path = folder / "en" / "LC_MESSAGES" / f"{name}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PO.format(date=date, by=by) + "".join(entries), "utf-8")
    return path


def entry(source: str, target: str, *, fuzzy: bool = False, role: str = "body") -> str:
    return ENTRY.format(source=source, target=target, role=role, flag="#, fuzzy\n" if fuzzy else "")


def unit(source: str = BELL, target: str = "The town rang the bell.", **known: str) -> Unit:
    return Unit(source, target, known.pop("origin", "a.po"), **known)


class TestReading:
    def test_approved_entries_of_all_articles_are_the_memory(self, tmp_path: Path) -> None:
        first = po(tmp_path, "a", entry(BELL, "The town rang the bell."), entry("火が消えた。", "Dark.", fuzzy=True))
        po(tmp_path, "b", entry("船は7隻。", "Seven boats."), entry("春が来る。", ""))
        bell, boats = Memory.open(tmp_path)
        assert (boats.target, boats.origin) == ("Seven boats.", first.with_name("b.po").as_posix())
        assert bell == Unit(
            source=BELL,
            target="The town rang the bell.",
            origin=first.as_posix(),
            role="body",
            terms="0a1b2c3d",
            approved_by="M. Hamada",
            date="2026-01-02T03:04:00+00:00",
        )

    def test_obsolete_entries_that_were_approved_count_too(self, tmp_path: Path) -> None:
        po(
            tmp_path,
            "a",
            f'\n#~ msgid "{BELL}"\n#~ msgstr "A bell rang."\n',
            '\n#, fuzzy\n#~ msgid "a"\n#~ msgstr "b"\n',
        )
        assert [(one.target, one.role) for one in Memory.open(tmp_path)] == [("A bell rang.", "")]

    def test_nobody_is_no_approver(self, tmp_path: Path) -> None:
        po(tmp_path, "a", entry(BELL, "Bell."), by="Automatically generated", date="some day")
        assert [(one.approved_by, one.date) for one in Memory.open(tmp_path)] == [("", "")]

    def test_no_folder_is_an_empty_memory(self, tmp_path: Path) -> None:
        memory = Memory.open(tmp_path / "nowhere")
        assert (len(memory), memory.exact(BELL), memory.near(BELL)) == (0, [], [])

    def test_a_broken_po_file_is_named(self, tmp_path: Path) -> None:
        po(tmp_path, "a", "\nmsgid bell\n")
        with pytest.raises(CatalogError, match=r"a\.po:7"):
            Memory.open(tmp_path)


class TestExact:
    def test_the_most_frequent_comes_first_and_then_the_newest(self) -> None:
        memory = Memory(
            [
                unit(target="Old.", date="2020-01-01"),
                unit(target="New.", date="2026-01-01"),
                unit(target="Often.", date="2019-01-01"),
                unit(target="Often.", date="2018-01-01", origin="b.po"),
            ]
        )
        assert [(one.target, one.count) for one in memory.exact(BELL)] == [("Often.", 2), ("New.", 1), ("Old.", 1)]

    def test_another_width_is_the_second_choice_and_can_be_told_apart(self) -> None:
        memory = Memory([unit("船は７隻。", "A."), unit("船は７隻。", "A.", origin="b.po"), unit("船は7隻。", "B.")])
        assert [(one.source == "船は7隻。", one.target) for one in memory.exact("船は7隻。")] == [
            (True, "B."),
            (False, "A."),
        ]

    def test_one_target_in_two_widths_is_one_unit_of_the_same_source(self) -> None:
        memory = Memory([unit("ｱ町", "A."), unit("ア町", "A."), unit("ｱ町", "B.")])
        assert [(one.source, one.target) for one in memory.exact("ア町")] == [("ア町", "A."), ("ｱ町", "B.")]

    def test_what_an_article_says_is_kept_before_what_was_imported(self) -> None:
        article = unit(role="body", terms="0a1b2c3d", date="2020-01-01")
        [found] = Memory([article, unit(date="2026-01-01")]).exact(BELL)
        assert (found.role, found.count) == ("body", 2)

    def test_another_text_is_not_found(self) -> None:
        assert Memory([unit()]).exact(BELL + "夜") == []


class TestNear:
    def test_the_nearest_come_first_with_their_likeness(self) -> None:
        memory = Memory(
            [unit("あいうえお", "1"), unit("あいうえおか", "2"), unit("あいうかき", "3"), unit("らりるれろ", "4")]
        )
        # 2·5/11, 2·4/9 and 2·3/9 of the characters are in common with あいうえ … as worked by hand:
        assert [(one.target, round(percent, 2)) for one, percent in memory.near("あいうえ", similarity=66)] == [
            ("1", 88.89),
            ("2", 80.0),
            ("3", 66.67),
        ]

    def test_the_text_itself_is_not_near(self) -> None:
        memory = Memory([unit("船は７隻。", "A."), unit("船は8隻。", "B.")])
        assert [one.target for one, _ in memory.near("船は7隻。", limit=1)] == ["B."]

    def test_a_source_with_several_targets_comes_once(self) -> None:
        memory = Memory([unit(target="A."), unit(target="B."), unit(target="B.", origin="b.po")])
        assert [one.target for one, _ in memory.near(BELL + "と")] == ["B."]

    @pytest.mark.parametrize("limit", [0, 1, 2])
    def test_no_more_than_the_limit_come(self, limit: int) -> None:
        memory = Memory([unit(f"{BELL}{number}", "A.") for number in range(5)])
        assert len(memory.near(BELL, limit=limit)) == limit

    @given(
        texts=st.lists(st.text("あいう灯台鐘𠮟1", max_size=12), max_size=12, unique=True),
        text=st.text("あいう灯台鐘𠮟1", max_size=12),
        similarity=st.sampled_from([0, 1, 30, 50, 66.7, 75, 80, 99, 100]),
    )
    def test_the_index_loses_nothing(self, texts: list[str], text: str, similarity: float) -> None:
        memory = Memory([unit(one, "A.") for one in texts])
        full = [(one, fuzz.ratio(text, one)) for one in texts if one != text]
        wanted = sorted((percent for one, percent in full if percent >= max(similarity, 0.01)), reverse=True)
        assert [percent for _, percent in memory.near(text, similarity=similarity, limit=99)] == (
            wanted if text else []
        )

    def test_texts_with_hundreds_of_one_character_are_found(self) -> None:
        memory = Memory([unit("あ" * 600 + "い", "A."), unit("あ" * 254 + "う", "B.")])
        assert [one.target for one, _ in memory.near("あ" * 600)] == ["A."]
        assert [one.target for one, _ in memory.near("あ" * 255)] == ["B."]


class TestDifference:
    @given(old=st.text("あいう鐘1", max_size=20), new=st.text("あいう鐘1", max_size=20))
    def test_the_steps_lead_from_one_to_the_other(self, old: str, new: str) -> None:
        steps = difference(old, new)
        assert "".join(text for step, text in steps if step != "insert") == old
        assert "".join(text for step, text in steps if step != "delete") == new
        assert all(text for _, text in steps)
        assert all(one[0] != two[0] for one, two in pairwise(steps))

    def test_equal_texts_are_kept(self) -> None:
        assert difference(BELL, BELL) == [("keep", BELL)]


class TestImported:
    def test_what_is_added_is_found_and_knows_where_it_is_from(self, tmp_path: Path) -> None:
        one = unit(
            origin="agency.tmx", role="body", terms="0a1b2c3d", approved_by="Ann", date="2025-01-02T03:04:05+00:00"
        )
        assert add_imported(tmp_path, "agency", [one]) == 1
        assert list(Memory.open(tmp_path)) == [one]

    def test_nothing_is_added_twice_not_even_from_another_file(self, tmp_path: Path) -> None:
        assert add_imported(tmp_path, "a", [unit(), unit(), unit(target="Another."), unit(target=" ")]) == 2
        before = (tmp_path / "en/memory/a.jsonl").read_bytes()
        assert add_imported(tmp_path, "b", [unit(origin="b.tmx")]) == 0
        assert (tmp_path / "en/memory/a.jsonl").read_bytes() == before
        assert not (tmp_path / "en/memory/b.jsonl").exists()

    def test_a_last_line_without_its_end_is_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "en/memory/a.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text('{"source": "鐘", "target": "bell"}', "utf-8")
        add_imported(tmp_path, "a", [unit()])
        assert [(one.target, one.origin) for one in Memory.open(tmp_path)] == [
            ("bell", "a"),
            ("The town rang the bell.", "a.po"),
        ]

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("<<<<<<< ours", "Expecting value"),
            ('{"source": "鐘"}', "'target' is missing or no text"),
            ('{"source": "鐘", "target": 7}', "'target' is missing or no text"),
            ('{"source": "鐘", "target": "bell", "role": []}', "'role' is missing or no text"),
            ("[1]", "no JSON object"),
            ("[" * 100_000, "not a unit"),
        ],
    )
    def test_a_broken_line_is_named_and_nothing_is_written(self, tmp_path: Path, line: str, message: str) -> None:
        path = tmp_path / "en/memory/a.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text(f'{{"source": "鐘", "target": "bell"}}\n{line}\n', "utf-8")
        before = path.read_bytes()
        with pytest.raises(InputError, match=rf"a\.jsonl:2: .*{message}"):
            add_imported(tmp_path, "a", [unit()])
        assert path.read_bytes() == before

    def test_processes_that_add_at_once_lose_nothing(self, tmp_path: Path) -> None:
        context = get_context("spawn")
        workers = [context.Process(target=_add_some, args=(tmp_path, number)) for number in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        assert len(Memory.open(tmp_path)) == 30

    def test_half_of_a_surrogate_pair_comes_back(self, tmp_path: Path) -> None:
        add_imported(tmp_path, "a", [unit("鐘\ud83d")])
        assert [one.source for one in Memory.open(tmp_path)] == ["鐘\ud83d"]
        assert json.loads((tmp_path / "en/memory/a.jsonl").read_text("ascii"))["source"] == "鐘\ud83d"


def _add_some(folder: Path, number: int) -> None:
    for each in range(10):
        add_imported(folder, "a", [unit(f"鐘{number}-{each}")])


def test_an_original_goes_before_what_was_copied_from_it() -> None:
    original = Unit("町は鐘を鳴らした。", "The town rang the bell.", "a.po", "body", "e3b0c442", date="2026-01-01")
    copy = replace(original, origin="b.po", date="2026-02-02", copy=True)
    for units in ([original, copy], [copy, original]):
        assert Memory(units).exact(original.source) == [original]  # and it does not count twice
    assert Memory([copy, copy]).exact(original.source) == [replace(copy, count=1)]  # whose original is gone
