"""Glossaries go to other programs and come back; what a format cannot hold is named and counted."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.errors import GlossaryError, InputError, YakubunError
from translate.glossary import Case, Kind, Mode, Term, load
from translate.glossary_formats import FORMATS, Losses, format_name, read, render

SHIPPED = Path(__file__).parent.parent / "glossaries/ja-en.csv"
FULL = (
    Term("港", "port", ("湊", "みなと"), ("harbor", "haven"), ("dock",), Kind.PLACE, Mode.SOFT, Case.IGNORE, "of old"),
    Term("NHK", "NHK", ("エヌエイチケー",), kind=Kind.ORG, mode=Mode.DNT),
    Term("港町", "", ("湊町",), kind=Kind.BLOCKER, note="a <town> & more"),
    Term("船", "ship, or boat"),
)


def back(tmp_path: Path, data: bytes, name: str) -> tuple[list[Term], Losses]:
    path = tmp_path / f"g.{name}"
    path.write_bytes(data)
    reading, losses = read(path, name)
    assert [str(problem) for problem in reading.problems] == []
    return [replace(term, origin="") for term in reading.terms], losses


def outcome(path: Path, name: str) -> tuple[list[str], list[Term]]:
    """Return what is said about a file and which entries are read, whether it can be read at all or not."""
    try:
        reading, _ = read(path, name)
    except YakubunError as error:
        return [str(error)], []
    return list(map(str, reading.problems)), reading.terms


@pytest.fixture(params=FORMATS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestEveryFormat:
    def test_sources_and_targets_survive(self, tmp_path: Path, name: str) -> None:
        data, _ = render(FULL, name)
        terms, losses = back(tmp_path, data, name)

        assert {(surface, term.target) for term in terms for surface in term.surfaces} >= {
            ("港", "port"), ("湊", "port"), ("みなと", "port"), ("NHK", "NHK"), ("船", "ship, or boat")
        }  # fmt: skip
        assert losses == {}

    def test_what_comes_back_goes_out_the_same(self, tmp_path: Path, name: str) -> None:
        terms, _ = back(tmp_path, render(FULL, name)[0], name)
        again, losses = render(terms, name)

        assert back(tmp_path, again, name)[0] == terms
        assert not set(losses) - {"mode: left out", "kind: left out"}

    def test_a_glossary_without_entries_is_written(self, tmp_path: Path, name: str) -> None:
        data, losses = render([], name)

        assert losses == {}
        if name != "tbx":  # an empty TBX file is taken for another XML format
            assert back(tmp_path, data, name)[0] == []

    def test_any_bytes_give_entries_or_problems_or_an_error(self, tmp_path: Path, name: str) -> None:
        for data in (b"", b"\0", b"\xff\xfe\0", b"<a", b"\x89PNG\r\n", "港".encode("shift_jis"), b'"', b"a\tb\tc\td\n"):
            path = tmp_path / "any"
            path.write_bytes(data)
            problems, terms = outcome(path, name)
            assert all(problem.startswith(str(path)) for problem in problems)
            assert problems or all(term.source for term in terms)


def test_the_shipped_glossary_comes_back_byte_for_byte_from_tbx(tmp_path: Path) -> None:
    data, losses = render(load([SHIPPED]).terms, "tbx")
    terms, unread = back(tmp_path, data, "tbx")

    assert (losses, unread) == ({}, {})
    assert render(terms, "csv") == (SHIPPED.read_bytes(), {})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csv", {}),
        ("tbx", {}),
        (
            "omegat",
            {
                "blockers: left out, since it has no English": 1,
                "aliases: written as entries of their own": 2,
                "forbidden: left out": 1,
                "kind: left out": 2,
                "mode: left out": 2,
                "case: left out": 1,
            },
        ),
        (
            "deepl",
            {
                "blockers: left out, since it has no English": 1,
                "aliases: written as entries of their own": 2,
                "variants: left out": 1,
                "forbidden: left out": 1,
                "kind: left out": 2,
                "mode: left out": 2,
                "case: left out": 1,
                "note: left out": 1,
            },
        ),
    ],
)
def test_every_field_that_is_lost_is_counted(name: str, expected: dict[str, int]) -> None:
    assert render(FULL, name)[1] == expected


# --- round trips -----------------------------------------------------------------------------------------------------

JAPANESE = st.text("港船海町灯台アーｱ＆<>\"'・々", min_size=1, max_size=6).filter(
    lambda text: text[0] not in "・<>\"'＆ー"
)
ENGLISH = st.from_regex(r"[A-Za-zé][A-Za-z&<>'\"é.,;-]{0,6}( [A-Za-z]{1,5}){0,2}", fullmatch=True)
NOTES = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=30).map(str.strip)


@st.composite
def terms(draw: st.DrawFn) -> list[Term]:
    surfaces = draw(st.lists(JAPANESE, max_size=6, unique_by=lambda text: Term(text, "").content[0]))
    made = []
    while surfaces:
        source, *rest = surfaces
        aliases, surfaces = tuple(rest[: draw(st.integers(0, 2))]), []
        surfaces = rest[len(aliases) :]
        kind, mode, case = draw(st.sampled_from(Kind)), draw(st.sampled_from(Mode)), draw(st.sampled_from(Case))
        if str(kind) == "number":
            kind = Kind.TERM
        forms = draw(st.lists(ENGLISH, min_size=1, max_size=4, unique=True))
        cut = draw(st.integers(1, len(forms)))
        if kind is Kind.BLOCKER:
            forms, cut = [""], 1
        if mode is Mode.DNT:
            mode = Mode.SOFT
        note = " ".join(draw(NOTES).split("\r"))
        made.append(Term(source, forms[0], aliases, tuple(forms[1:cut]), tuple(forms[cut:]), kind, mode, case, note))
    return made


@given(terms())
@pytest.mark.parametrize("name", ["csv", "tbx"])
def test_nothing_is_lost_on_the_way_there_and_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, terms: list[Term]
) -> None:
    data, losses = render(terms, name)
    if terms:
        assert back(tmp_path_factory.getbasetemp(), data, name) == (terms, {})
    assert losses == {}


@given(terms())
def test_omegat_keeps_targets_variants_and_notes(tmp_path_factory: pytest.TempPathFactory, terms: list[Term]) -> None:
    data, _ = render(terms, "omegat")

    found = {term.source: term for term in back(tmp_path_factory.getbasetemp(), data, "omegat")[0]}

    for term in terms:
        for surface in () if term.is_blocker else term.surfaces:
            assert (found[surface].target, found[surface].variants) == (term.target, term.variants)
            assert found[surface].note == " ".join(term.note.split())


# --- OmegaT and DeepL as others write them ---------------------------------------------------------------------------


def test_omegat_remarks_blank_lines_and_further_columns(tmp_path: Path) -> None:
    text = "\ufeff# a remark\r\n\r\n港\tport\told\textra\r\n港\tharbor\tnew\r\n船\tship\r\n"

    terms, losses = back(tmp_path, text.encode(), "omegat")

    assert terms == [Term("港", "port", variants=("harbor",), note="old / new"), Term("船", "ship")]
    assert losses == {"further columns: left out": 1}


def test_a_line_without_a_tab_is_refused_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "g.tsv"
    path.write_text("港\tport\n船 ship\n", encoding="utf-8")

    (problem,) = read(path, "omegat")[0].problems

    assert str(problem) == f"{path}:2: one value where source and target are wanted: separate them with a tab"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('港,port\n船,"ship, boat"\n', [("港", "port"), ("船", "ship, boat")]),
        ("港,port,ja,en\nship,船,EN-US,JA\n", [("港", "port"), ("船", "ship")]),
        ("en,ja\nport,港\n", [("港", "port")]),
    ],
    ids=["pairs", "languages behind them", "languages in front"],
)
def test_deepl_in_its_several_shapes(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    terms, losses = back(tmp_path, text.encode(), "deepl")

    assert [(term.source, term.target) for term in terms] == expected
    assert losses == {}


def test_other_languages_of_a_deepl_file_are_counted(tmp_path: Path) -> None:
    terms, losses = back(tmp_path, "Hafen,port,de,en\n港,port,ja,en\n".encode(), "deepl")

    assert ([term.source for term in terms], losses) == (["港"], Counter({"entries of other languages: left out": 1}))


def test_a_note_longer_than_a_value_may_be_is_cut_and_told() -> None:
    data, losses = render([Term("港", "port", note="n" * 600)], "csv")

    assert losses == {"note: cut to 500 characters": 1}
    assert b"n" * 499 + "…".encode() in data
    with pytest.raises(GlossaryError, match="variants of more than 500"):
        render([Term("港", "port", variants=tuple(f"port{number}" for number in range(100)))], "csv")


@pytest.mark.parametrize(
    ("path", "given", "expected"),
    [
        ("a.csv", None, "csv"),
        ("a.TBX", None, "tbx"),
        ("a.tsv", None, "omegat"),
        ("a.utf8", None, "omegat"),
        ("a.csv", "deepl", "deepl"),
    ],
)
def test_the_suffix_means_a_format_unless_one_is_given(path: str, given: str | None, expected: str) -> None:
    assert format_name(Path(path), given) == expected


@pytest.mark.parametrize(("path", "given"), [("a.xlsx", None), ("a", None), ("a.csv", "excel")])
def test_an_unknown_format_is_refused_with_those_that_exist(path: str, given: str | None) -> None:
    with pytest.raises(InputError, match="csv, omegat, tbx, deepl"):
        format_name(Path(path), given)
