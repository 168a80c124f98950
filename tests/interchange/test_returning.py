"""What people did in another tool comes back, and nobody's work is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate._human import write_human
from translate.catalog import Catalog, State, merge
from translate.document import Block, Document, Role, Segment
from translate.errors import CatalogError
from translate.interchange import Exchanged, format_named, part_of, read, unit_key
from translate.interchange.returning import Outcome, bring_back, decide
from translate.provenance import Provenance

SOURCE, OTHER = "岬町の明かりが消えた。", "町は鐘を鳴らした。"
THEN, LATER = datetime(2026, 1, 2, 3, 4, tzinfo=UTC), datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
MARK = Provenance("fake@1", 1, 1, "0a1b2c3d", "", "marked")


def catalog_of(state: State = State.MACHINE, english: str = "The light died.") -> Catalog:
    """Make a catalog whose first entry is in a state."""
    blocks = tuple(
        Block(Role.BODY, (Segment(text, at, at + len(text)),), 0, 1) for text, at in ((SOURCE, 0), (OTHER, len(SOURCE)))
    )
    catalog = merge(Document("articles/ja/x.txt", SOURCE + OTHER, blocks), None, {}, now=THEN)
    if state is State.MACHINE:
        catalog.propose(SOURCE, english, MARK, now=THEN)
    elif state is not State.UNTRANSLATED:
        catalog.propose(SOURCE, "Made by a machine.", MARK, now=THEN)
        write_human(catalog, SOURCE, english, approved=state is State.APPROVED, now=THEN)
    return catalog


def entry(catalog: Catalog, msgid: str = SOURCE):
    found = catalog.entry(msgid)
    assert found is not None
    return found


def unit(target: str, state: State | None, base: str | None = None, base_state: State | None = None) -> Exchanged:
    return Exchanged(SOURCE, target, state, unit_key(SOURCE), base, base_state)


U, M, E, A = State
NOTHING, EDITED, APPROVED, CONFLICT = Outcome.UNCHANGED, Outcome.EDITED, Outcome.APPROVED, Outcome.CONFLICT


@pytest.mark.parametrize(
    ("ours", "base", "theirs", "outcome"),
    [
        # Only they changed something.
        ((M, "a"), (M, "a"), (E, "b"), EDITED),
        ((M, "a"), (M, "a"), (A, "b"), APPROVED),
        ((M, "a"), (M, "a"), (A, "a"), APPROVED),
        ((M, "a"), (M, "a"), (E, "a"), EDITED),
        ((M, "a"), (M, "a"), (M, "b"), EDITED),
        ((M, "a"), (M, "a"), (None, "b"), EDITED),
        ((U, ""), (U, ""), (E, "b"), EDITED),
        ((U, ""), (U, ""), (A, "b"), APPROVED),
        ((E, "a"), (E, "a"), (A, "a"), APPROVED),
        ((A, "a"), (A, "a"), (A, "b"), APPROVED),
        ((A, "a"), (A, "a"), (E, "b"), EDITED),
        # They changed nothing, or cleared it, or their tool dropped the state.
        ((M, "a"), (M, "a"), (M, "a"), NOTHING),
        ((U, ""), (U, ""), (U, ""), NOTHING),
        ((A, "a"), (A, "a"), (U, ""), NOTHING),
        ((A, "a"), (A, "a"), (None, "a"), NOTHING),
        ((A, "a"), (A, "a"), (E, "a"), NOTHING),
        ((A, "b"), (M, "a"), (M, "a"), NOTHING),
        # Both did the same, or ours went further.
        ((E, "b"), (M, "a"), (E, "b"), NOTHING),
        ((A, "b"), (M, "a"), (E, "b"), NOTHING),
        ((E, "b"), (M, "a"), (A, "b"), APPROVED),
        # Both did something else.
        ((E, "c"), (M, "a"), (E, "b"), CONFLICT),
        ((A, "a"), (M, "a"), (E, "b"), CONFLICT),
        ((M, "c"), (M, "a"), (E, "b"), CONFLICT),
        ((A, "c"), (M, "a"), (A, "a"), CONFLICT),
        ((M, "c"), (U, ""), (E, "b"), CONFLICT),
        # The tool lost the base: a machine's text gives way, a person's does not.
        ((U, ""), None, (E, "b"), EDITED),
        ((M, "a"), None, (E, "b"), EDITED),
        ((M, "a"), None, (M, "b"), NOTHING),
        ((E, "a"), None, (A, "b"), CONFLICT),
        ((A, "a"), None, (A, "b"), CONFLICT),
        ((E, "a"), None, (A, "a"), APPROVED),
    ],
)
def test_three_ways_meet(ours, base, theirs, outcome: Outcome) -> None:
    catalog = catalog_of(*ours)
    one = unit(theirs[1], theirs[0], *(base[::-1] if base else ()))
    before = catalog.to_bytes()
    assert [row.outcome for row in bring_back(catalog, [one])] == [outcome]
    if outcome in (EDITED, APPROVED):
        assert (entry(catalog).msgstr, str(entry(catalog).state)) == (theirs[1], str(outcome))
    else:
        assert catalog.to_bytes() == before


ANY_STATE, WORDS = st.sampled_from(State), st.sampled_from(["a", "b", "c"])


@given(
    ours=st.tuples(ANY_STATE, WORDS), base=st.none() | st.tuples(WORDS, ANY_STATE), theirs=st.tuples(ANY_STATE, WORDS)
)
def test_what_a_person_wrote_since_the_export_is_never_overwritten(ours, base, theirs) -> None:
    catalog = catalog_of(ours[0], "" if ours[0] is State.UNTRANSLATED else ours[1])
    before = entry(catalog)
    one = unit(theirs[1], theirs[0], *(base or ()))
    [row] = bring_back(catalog, [one])
    human = before.state in (State.EDITED, State.APPROVED)
    if human and (before.msgstr, before.state) != base and before.msgstr != theirs[1]:
        assert row.outcome in (NOTHING, CONFLICT)
        assert entry(catalog) == before
    assert bring_back(catalog, [one])[0].outcome in (NOTHING, CONFLICT)  # a second import does nothing


def test_a_unit_whose_article_lost_the_segment_is_unknown() -> None:
    one = Exchanged("この文は消えた。", "It is gone.", State.APPROVED, unit_key("この文は消えた。"))
    [row] = bring_back(catalog_of(), [one])
    assert (row.outcome, row.ours) == (Outcome.UNKNOWN, None)
    assert "no longer" in row.reason


def test_a_unit_whose_japanese_was_changed_is_unknown() -> None:
    one = Exchanged("岬町の明かりがついた。", "It came on.", State.APPROVED, unit_key(SOURCE))
    [row] = bring_back(catalog_of(), [one])
    assert row.outcome is Outcome.UNKNOWN
    assert "differs" in row.reason


def test_a_table_without_ids_finds_segments_by_their_text() -> None:
    catalog = catalog_of(State.UNTRANSLATED)
    [row] = bring_back(catalog, [Exchanged(f" {SOURCE}\r\n", "Dark.")])
    assert (row.outcome, entry(catalog).msgstr) == (EDITED, "Dark.")


def test_decomposed_letters_and_line_ends_of_a_tool_are_no_change() -> None:
    ours = entry(catalog_of(State.APPROVED, "Café\nbar"))
    assert decide(unit("Cafe\u0301\r\nbar ", State.APPROVED, "Café\nbar", State.APPROVED), ours) == (NOTHING, "")


@pytest.mark.parametrize(("name", "suffix"), [("xliff12", ".xlf"), ("xliff20", ".xlf"), ("csv", ".csv")])
class TestWholeFiles:
    def test_an_export_that_nobody_touched_changes_nothing(self, name: str, suffix: str) -> None:
        for state in State:
            catalog = catalog_of(state, "" if state is State.UNTRANSLATED else "<1>The</1> light died.")
            before = catalog.to_bytes()
            [part] = read(format_named(name).write([part_of(catalog, "x.po")]), "x" + suffix)
            assert part.article == "articles/ja/x.txt"
            assert {row.outcome for row in bring_back(catalog, part.units)} == {NOTHING}
            assert catalog.to_bytes() == before

    def test_an_edit_in_the_file_arrives(self, name: str, suffix: str) -> None:
        catalog = catalog_of()
        data = format_named(name).write([part_of(catalog, "x.po")]).decode()
        before, _, after = data.partition("The light died.")  # the first is the target, the second its base
        [part] = read(f"{before}Dark.{after}".replace("mt-suggestion", "exact-match").encode(), "x" + suffix)
        target = next(one.target for one in part.units if one.source == SOURCE)
        if name == "xliff20":  # the metadata comes first there
            data = f"{before}The light died.{after.replace('The light died.', 'Dark.')}"
            [part] = read(data.encode(), "x" + suffix)
            target = next(one.target for one in part.units if one.source == SOURCE)
        assert target == "Dark."
        bring_back(catalog, part.units)
        assert (entry(catalog).msgstr, entry(catalog).state) == ("Dark.", State.EDITED)


class TestWritingAPersonsWork:
    def test_approving_keeps_the_provenance_and_touches_nothing_else(self, tmp_path: Path) -> None:
        catalog = catalog_of()
        before = catalog.to_bytes().decode().splitlines()
        write_human(catalog, SOURCE, "The light died.", approved=True, now=LATER)
        after = catalog.to_bytes().decode().splitlines()
        assert set(before) - set(after) == {'"PO-Revision-Date: 2026-01-02 03:04+0000\\n"', "#, fuzzy"}
        assert set(after) - set(before) == {'"PO-Revision-Date: 2027-01-02 03:04+0000\\n"'}

    def test_the_machines_words_confirmed_but_not_approved_are_safe_from_machines(self) -> None:
        catalog = catalog_of()
        assert write_human(catalog, SOURCE, "The light died.", approved=False) is State.EDITED
        provenance = entry(catalog).provenance
        assert provenance is not None
        assert (provenance.engine, provenance.terms) == ("fake@1", "0a1b2c3d")
        with pytest.raises(CatalogError, match="would overwrite human work"):
            catalog.propose(SOURCE, "Something else.", MARK)

    def test_writing_the_same_again_moves_no_date(self) -> None:
        catalog = catalog_of(State.APPROVED)
        before = catalog.to_bytes()
        write_human(catalog, SOURCE, "The light died.", approved=True, now=LATER)
        assert catalog.to_bytes() == before

    @pytest.mark.parametrize(("english", "message"), [(" \n", "empty translation"), ("a\x00", "U\\+0000")])
    def test_what_no_po_file_can_hold_is_refused(self, english: str, message: str) -> None:
        with pytest.raises(CatalogError, match=message):
            write_human(catalog_of(), SOURCE, english, approved=True)

    def test_an_unknown_segment_is_refused(self) -> None:
        with pytest.raises(CatalogError, match="no entry"):
            write_human(catalog_of(), "知らない文。", "Unknown.", approved=True)
