"""Two versions of a glossary are compared entry by entry, and only segments whose terms change are named."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from translate.glossary import Glossary, Kind, Mode, Term, terms_hash
from translate.glossary_diff import Segment, compare, touched
from translate.matching import find_terms

PORT, SHIP, SEA = Term("港", "port"), Term("船", "ship"), Term("海", "sea")


def segment(msgid: str, msgstr: str = "", state: str = "machine", line: int = 1) -> Segment:
    return Segment("x.po", line, msgid, msgstr, state)


def test_entries_are_added_removed_and_changed() -> None:
    harbor = replace(PORT, target="harbor", variants=("haven",), note="as the editors want it")

    difference = compare(Glossary((PORT, SHIP)), Glossary((SEA, harbor)))

    assert difference.added == (SEA,)
    assert difference.removed == (SHIP,)
    assert [(change.old, change.new, change.columns) for change in difference.changed] == [
        (PORT, harbor, ("target", "variants", "note"))
    ]


def test_order_origin_and_the_order_of_values_are_no_difference() -> None:
    one = replace(PORT, variants=("harbor", "haven"), aliases=("湊", "みなと"), origin="1.csv:2")
    two = replace(PORT, variants=("haven", "harbor"), aliases=("みなと", "湊"), origin="2.csv:9")

    assert not compare(Glossary((one, SHIP)), Glossary((SHIP, two)))


def test_a_source_in_another_width_is_the_same_entry() -> None:
    (change,) = compare(Glossary((Term("ロシア", "Russia"),)), Glossary((Term("ﾛｼｱ", "Russia"),))).changed

    assert change.columns == ("source",)


def test_only_segments_that_hold_the_changed_term_are_touched() -> None:
    old, new = Glossary((PORT, SHIP)), Glossary((replace(PORT, target="harbor"), SHIP))

    found = touched([segment("古い港だ。", line=3), segment("古い船だ。", line=7)], old, new)

    assert [(one.segment.line, [t.target for t in one.before], [t.target for t in one.after]) for one in found] == [
        (3, ["port"], ["harbor"])
    ]


def test_a_note_or_an_alias_that_stands_nowhere_touches_nothing() -> None:
    new = Glossary((replace(PORT, note="n", aliases=("湊",)), SHIP, SEA))

    assert touched([segment("港と船。")], Glossary((PORT, SHIP)), new) == []


def test_a_new_blocker_and_a_longer_entry_touch_what_they_cover() -> None:
    old = Glossary((Term("中国", "China"), Term("外相", "foreign minister")))
    new = Glossary((*old.terms, Term("中国地方", "", kind=Kind.BLOCKER), Term("外相会談", "ministerial")))

    found = touched([segment("中国地方の雨。"), segment("外相会談の朝。"), segment("中国の外相。")], old, new)

    assert [([t.source for t in one.before], [t.source for t in one.after]) for one in found] == [
        (["中国"], []),
        (["外相"], ["外相会談"]),
    ]


def test_who_stands_behind_the_english_decides_whether_it_is_kept() -> None:
    states = ["untranslated", "machine", "edited", "approved"]
    segments = [segment("港。", state=state) for state in states]

    found = touched(segments, Glossary((PORT,)), Glossary((replace(PORT, target="harbor"),)))

    assert [one.segment.state for one in found if one.segment.is_kept] == ["edited", "approved"]


def test_the_english_may_hold_the_new_term_already() -> None:
    new = Glossary((replace(PORT, target="harbor"), replace(SHIP, mode=Mode.SOFT, target="vessel")))
    segments = [segment("港と船。", "The harbor"), segment("港と船。", "The port")]

    found = touched(segments, Glossary((PORT, SHIP)), new)

    assert [[term.target for term in one.missing] for one in found] == [[], ["harbor"]]


TERMS = st.lists(
    st.builds(Term, st.sampled_from(["港", "船", "海", "港町"]), st.sampled_from(["a", "b"])),
    max_size=4,
    unique_by=lambda term: term.source,
).map(lambda terms: Glossary(tuple(terms)))


@given(TERMS, TERMS, st.sampled_from(["港", "港町と船", "海の港", "丘"]))
def test_what_is_touched_is_what_the_hash_of_the_segment_says(old: Glossary, new: Glossary, text: str) -> None:
    hashes = {terms_hash(match.term for match in find_terms(text, glossary)) for glossary in (old, new)}

    assert bool(touched([segment(text)], old, new)) == (len(hashes) == 2)
    assert touched([segment(text)], old, old) == []
    assert not compare(old, old)


@given(TERMS, TERMS)
def test_the_difference_turned_around_is_the_difference_of_the_other_way(old: Glossary, new: Glossary) -> None:
    there, back = compare(old, new), compare(new, old)

    assert set(there.added) == set(back.removed)
    assert {change.columns for change in there.changed} == {change.columns for change in back.changed}
