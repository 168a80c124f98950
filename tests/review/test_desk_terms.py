"""A glossary term added at the desk: which segments it touches, and what becomes of the file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from desking import BUYERS, COOPERATIVE, HEAD
from driving import HARBOUR, TERMS, po_of, poedit
from hypothesis import given
from hypothesis import strategies as st

from translate import config
from translate._glossary_csv import read
from translate.errors import GlossaryError
from translate.glossary import Glossary, Kind, Mode, Term, load, stack
from translate.glossary_diff import Segment, touched
from translate.interchange.exchanged import unit_key
from translate.review.desk import Desk
from translate.review.glossaries import appended, changed_surfaces, holds
from translate.review.outcomes import TermAdded, TermRefused


def fate(desk: Desk, msgid: str, source: str) -> str:
    return next(term.fate for term in desk.row("harbour", unit_key(msgid)).terms if term.source == source)


class TestTouched:
    def test_segments_of_all_articles_are_told_with_their_state(self, root: Path, desk: Desk) -> None:
        poedit(root, "island", {"島の図書室が開いた。": "The island's library room has opened."})
        found = desk.touched_by("図書室", "reading room")
        assert [(one.key, one.number, one.state, one.lacking) for one in found] == [
            *(("island", 1, "machine", False), ("island", 2, "approved", True)),
        ]
        assert [piece.text for piece in found[1].source if piece.term == 0] == ["図書室"]
        assert not (root / "glossaries").exists()
        assert (root / "terms.csv").read_text("utf-8") == TERMS

    def test_what_a_longer_term_takes_over_is_told(self, desk: Desk) -> None:
        found = desk.touched_by("漁協の組合長", "head of the fishing cooperative")
        assert [(one.id, one.lacking, one.loses) for one in found] == [(unit_key(HEAD), True, ("fishing cooperative",))]

    def test_while_only_the_japanese_is_typed_nothing_is_lacking(self, desk: Desk) -> None:
        assert [(one.id, one.lacking) for one in desk.touched_by("市場", "")] == [(unit_key(BUYERS), False)]
        assert desk.touched_by("", "x") == ()
        assert desk.touched_by("「」", "x") == ()

    def test_a_blocker_touches_what_it_covers(self, desk: Desk) -> None:
        found = desk.touched_by("漁協の組合長", "", kind="blocker")
        assert [(one.id, one.loses) for one in found] == [(unit_key(HEAD), ("fishing cooperative",))]

    def test_a_kind_that_does_not_exist_is_refused(self, desk: Desk) -> None:
        with pytest.raises(GlossaryError, match="ship"):
            desk.touched_by("汐見丸", "Shiomi Maru", kind="ship")

    @given(
        st.lists(
            st.sampled_from(
                [Term("港", "port"), Term("港町", "port town", ("湊町",)), Term("町", "town"), Term("湊", "haven")]
            ),
            max_size=3,
            unique=True,
        ),
        st.sampled_from(
            [Term("港", "harbor"), Term("港町", "x", ("町",)), Term("湊町", "y"), Term("町", "", kind=Kind.BLOCKER)]
        ),
    )
    def test_looking_only_where_a_changed_spelling_stands_misses_nothing(self, old: list[Term], new: Term) -> None:
        texts = ["港町の朝", "湊町に着く", "港へ。町へ。", "船が出る", "ﾐﾅﾄ", "湊"]
        segments = [Segment("a", at, text, "port", "machine") for at, text in enumerate(texts, 1)]
        before = Glossary(tuple(old))
        after = stack(before, Glossary((new,)))
        surfaces = changed_surfaces(before, after)
        assert surfaces is not None
        likely = [one for one in segments if holds(one.msgid, surfaces)]
        assert touched(likely, before, after) == touched(segments, before, after)


class TestAdding:
    def test_a_term_counts_at_once_everywhere(self, root: Path, desk: Desk) -> None:
        before = desk.open("harbour")
        outcome = desk.add_term("市場", "fish market", actor="ann", note="the one at\nthe quay", kind="place")
        assert isinstance(outcome, TermAdded)
        assert (outcome.path, outcome.line, outcome.replaces, outcome.note) == (root / "terms.csv", 5, "", "")
        assert [(one.id, one.lacking) for one in outcome.touched] == [(unit_key(BUYERS), True)]
        assert (root / "terms.csv").read_text(
            "utf-8"
        ) == TERMS + "市場,fish market,,,,place,hard,,the one at the quay\n"
        assert fate(desk, BUYERS, "市場") == "missing"
        after = desk.open("harbour")
        assert after.stamp != before.stamp
        changed = [new.japanese for old, new in zip(before.rows, after.rows, strict=True) if old != new]
        assert changed == [BUYERS]

    def test_a_term_that_is_there_already_is_not_written_twice_over(self, root: Path, desk: Desk) -> None:
        outcome = desk.add_term("白浜港", "White Beach Port", actor="ann")
        assert isinstance(outcome, TermRefused)
        assert "already means 'Shirahama Port'" in outcome.why
        assert "terms.csv:2" in outcome.why
        assert (root / "terms.csv").read_text("utf-8") == TERMS

    @pytest.mark.parametrize(
        ("source", "target", "further", "told"),
        [
            ("", "x", {}, "the source is empty"),
            ("鯨", "", {}, "has no target"),
            ("鯨", "鯨", {}, "holds Japanese"),
            ("鯨", "whale", {"forbidden": "whale"}, "both right and forbidden"),
            ("鯨", "whale", {"mode": "harsh"}, "harsh"),
            ("鯨", "whale\nfish", {}, "line break"),
            ("鯨" * 501, "whale", {}, "500 at most"),
        ],
    )
    def test_what_no_glossary_may_hold_is_refused(
        self, root: Path, desk: Desk, source: str, target: str, further: dict[str, Any], told: str
    ) -> None:
        outcome = desk.add_term(source, target, actor="ann", **further)
        assert isinstance(outcome, TermRefused)
        assert told in outcome.why
        assert (root / "terms.csv").read_text("utf-8") == TERMS

    def test_the_shipped_glossary_is_never_changed(self, root: Path) -> None:
        (root / "yakubun.toml").write_text("numbers = false\n", "utf-8")
        configuration = config.load(root)
        shipped = configuration.glossary_paths[0]
        before = shipped.read_bytes()
        desk = Desk(configuration)
        outcome = desk.add_term("市場", "fish market", actor="ann")
        assert isinstance(outcome, TermRefused)
        assert outcome.offer == root / "glossaries/project.csv"
        assert 'glossaries = ["default", "glossaries/project.csv"]' in outcome.why
        assert not (root / "glossaries").exists()
        made = desk.add_term("市場", "fish market", actor="ann", create=True)
        assert isinstance(made, TermAdded)
        assert made.note.endswith('glossaries = ["default", "glossaries/project.csv"]')
        assert [(term.source, term.target) for term in read(root / "glossaries/project.csv")] == [
            ("市場", "fish market")
        ]
        assert fate(desk, BUYERS, "市場") == "missing"
        again = desk.add_term("買い手", "buyer", actor="ann")
        assert isinstance(again, TermAdded)
        assert (again.path, again.line) == (root / "glossaries/project.csv", 3)
        assert shipped.read_bytes() == before
        # What it says works: with the line in yakubun.toml every command reads the file.
        (root / "yakubun.toml").write_text('glossaries = ["default", "glossaries/project.csv"]\n', "utf-8")
        found = load(config.load(root).glossary_paths).by_source("市場")
        assert found is not None
        assert found.target == "fish market"

    def test_a_glossary_that_is_stacked_above_wins_and_that_is_told(self, root: Path) -> None:
        (root / "yakubun.toml").write_text('glossaries = ["terms.csv", "default"]\n', "utf-8")
        outcome = Desk(config.load(root)).add_term("国防総省", "War Department", actor="ann")
        assert isinstance(outcome, TermAdded)
        assert "stacked above says 'Pentagon'" in outcome.note

    def test_a_term_of_a_lower_glossary_is_replaced_and_that_is_told(self, root: Path) -> None:
        (root / "yakubun.toml").write_text('glossaries = ["default", "terms.csv"]\n', "utf-8")
        outcome = Desk(config.load(root)).add_term("国防総省", "Department of Defense", actor="ann")
        assert isinstance(outcome, TermAdded)
        assert (outcome.replaces, outcome.note) == ("Pentagon", "")

    def test_a_glossary_changed_by_hand_counts_and_a_broken_one_is_told(self, root: Path, desk: Desk) -> None:
        path = root / "terms.csv"
        assert fate(desk, COOPERATIVE, "漁協") == "held"
        path.write_text(TERMS.replace("fishing cooperative", "fishery co-op"), "utf-8")
        assert fate(desk, COOPERATIVE, "漁協") == "missing"
        path.write_text(TERMS + '"open quote\n', "utf-8")
        assert fate(desk, COOPERATIVE, "漁協") == "missing"
        assert "quote" in desk.problem
        refused = desk.add_term("市場", "fish market", actor="ann")
        assert isinstance(refused, TermRefused)
        assert path.read_text("utf-8") == TERMS + '"open quote\n'
        path.write_text(TERMS, "utf-8")
        assert fate(desk, COOPERATIVE, "漁協") == "held"
        assert desk.problem == ""

    def test_without_any_glossary_one_can_be_begun(self, root: Path) -> None:
        (root / "yakubun.toml").write_text('glossaries = ["none"]\n', "utf-8")
        outcome = Desk(config.load(root)).add_term("市場", "fish market", actor="ann", create=True)
        assert isinstance(outcome, TermAdded)
        assert outcome.note.endswith('glossaries = ["glossaries/project.csv"]')

    def test_the_po_files_are_not_touched(self, root: Path, desk: Desk) -> None:
        before = po_of(root, "harbour").read_bytes()
        desk.add_term("市場", "fish market", actor="ann")
        assert po_of(root, "harbour").read_bytes() == before
        assert desk.open("harbour").rows[6].english == HARBOUR[BUYERS]


TERM = st.builds(
    Term,
    source=st.sampled_from(["鯨", "海, 山", '"港"町', "岬"]),
    target=st.sampled_from(["whale", "sea, mountain", 'the "port"', "x y"]),
    aliases=st.sampled_from([(), ("くじら",), ("クジラ", "いさな")]),
    variants=st.sampled_from([(), ("whales",)]),
    forbidden=st.sampled_from([(), ("fish",)]),
    kind=st.sampled_from([Kind.TERM, Kind.PLACE]),
    mode=st.sampled_from([Mode.HARD, Mode.SOFT]),
    note=st.sampled_from(["", "a note, with a comma"]),
)


@given(
    TERM,
    st.sampled_from(
        ["source,target", "Target,source", "source,target,note", '"source","target"', TERMS.splitlines()[0]]
    ),
    st.sampled_from(["", "船,ship", '"船, 舟","ship"', "船,ship\r"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_a_term_comes_back_from_any_file_as_it_was_and_nothing_else_changes(
    term: Term, header: str, record: str, newline: str, mark: bool, ended: bool
) -> None:
    record = record.rstrip("\r")
    if header.startswith("Target"):
        record = '"ship",船' if record else ""
    text = header + newline + (record + newline if record else "")
    data = (b"\xef\xbb\xbf" if mark else b"") + (text if ended else text.removesuffix(newline)).encode()
    path = Path("terms.csv")
    new = appended(path, data, term)
    body = data.partition(newline.encode())[2]
    assert body in new
    assert new.startswith(b"\xef\xbb\xbf") == mark
    assert b"\r" not in new.replace(b"\r\n", b"")
    assert (b"\r\n" in new) == (b"\r\n" in data)
    assert new.count(b"\n") == new.count(b"\r\n") or b"\r\n" not in data
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "terms.csv"
        written.write_bytes(new)
        found = read(written)
    assert [one.content for one in found][-1] == term.content
    assert found[-1].note == term.note
    assert len(found) == 1 + bool(record)
