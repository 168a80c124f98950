"""What the translation memory proposes for a segment, and when it may be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from translate.catalog import Catalog, State
from translate.memory import Memory, Unit, near_notes, suggest

BELL = "町は鐘を鳴らして船を導いた。"
KNOWN = {"role": "body", "terms": "0a1b2c3d"}


def unit(source: str = BELL, target: str = "The town rang the bell.", **known: str) -> Unit:
    return Unit(source, target, known.pop("origin", "a.po"), **known)


class TestSuggesting:
    def test_nothing_known_is_no_suggestion(self) -> None:
        assert suggest(Memory([]), BELL, **KNOWN) is None

    def test_an_exact_hit_is_proposed_with_the_unit_as_its_engine(self) -> None:
        hit = suggest(Memory([unit(**KNOWN)]), BELL, **KNOWN)
        assert hit is not None
        assert (hit.english, hit.trusted, hit.notes) == ("The town rang the bell.", True, ())
        assert hit.engine == f"memory@{hit.unit.digest}"
        assert unit().digest != unit(target="Another.").digest

    @pytest.mark.parametrize(
        ("one", "role", "terms"),
        [
            (unit(**KNOWN), "heading", "0a1b2c3d"),
            (unit(**KNOWN), "body", "ffffffff"),
            (unit(terms="0a1b2c3d"), "body", "0a1b2c3d"),
            (unit(), "", ""),
            (unit(role="body", terms=""), "body", ""),
        ],
        ids=["another role", "other terms", "role unknown", "nothing known", "terms unknown"],
    )
    def test_what_does_not_agree_is_not_trusted(self, one: Unit, role: str, terms: str) -> None:
        hit = suggest(Memory([one]), BELL, role=role, terms=terms)
        assert hit is not None
        assert not hit.trusted

    def test_another_width_is_not_trusted(self) -> None:
        hit = suggest(Memory([unit("船は７隻。", "Seven.", **KNOWN)]), "船は7隻。", **KNOWN)
        assert hit is not None
        assert (hit.english, hit.trusted) == ("Seven.", False)

    def test_two_translations_that_agree_as_well_are_not_trusted(self) -> None:
        hit = suggest(Memory([unit(**KNOWN), unit(target="A bell.", origin="b.po", **KNOWN)]), BELL, **KNOWN)
        assert hit is not None
        assert not hit.trusted
        assert len(hit.notes) == 1

    def test_terms_count_more_than_role_and_role_more_than_frequency(self) -> None:
        often = [unit(target="Often.", origin=name) for name in "abc"]
        heading = unit(target="Heading.", role="heading", terms="0a1b2c3d")
        body = unit(target="Body.", role="body", terms="ffffffff")
        assert suggest(Memory([*often, body, heading]), BELL, **KNOWN).english == "Heading."  # type: ignore[union-attr]
        assert suggest(Memory([*often, body]), BELL, **KNOWN).english == "Body."  # type: ignore[union-attr]

    def test_near_matches_are_comment_lines(self) -> None:
        memory = Memory([unit("船は7隻が港に戻った。", "Seven boats\ncame back.", origin="locales/a.po")])
        # 10 of 11 characters are in common: 90.9 %
        assert near_notes(memory, "船は8隻が港に戻った。") == (
            "yakubun: memory 90%: 船は7隻が港に戻った。 → Seven boats came back. (locales/a.po)",
        )

    def test_a_likeness_short_of_the_whole_never_reads_100(self) -> None:
        memory = Memory([unit("鐘" * 300 + "。", "Bells.")])
        [note] = near_notes(memory, "鐘" * 300)
        assert note.startswith("yakubun: memory 99%: ")
        assert len(note) < 450


def test_a_memory_note_survives_in_a_catalog_as_a_machines_note(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text(f'msgid ""\nmsgstr "Language: en\\n"\n\nmsgid "{BELL}"\nmsgstr ""\n', "utf-8")
    catalog = Catalog.read(path)
    catalog.withdraw(BELL, near_notes(Memory([unit(BELL + "と")]), BELL))
    catalog.write(path)
    again = Catalog.read(path).entry(BELL)
    assert again is not None
    assert again.state is State.UNTRANSLATED
    assert again.notes[0].startswith("yakubun: memory 96%: ")
