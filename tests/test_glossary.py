"""A glossary file is read or refused with a reason, and one test says whether English holds a term."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate._glossary_csv import COLUMNS
from translate.errors import GlossaryError
from translate.glossary import Case, Glossary, Kind, Mode, Term, forbidden_in, load, occurrences, satisfied, terms_hash

SHIPPED = Path(__file__).parent.parent / "glossaries/ja-en.csv"


def write(folder: Path, text: str | bytes, name: str = "g.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, rows: str) -> Glossary:
    return load([write(folder, f"{','.join(COLUMNS)}\n{rows}\n")])


def term(target: str, *variants: str, case: Case = Case.AUTO, **more: object) -> Term:
    return replace(Term("語", target, variants=variants, case=case), **more)  # type: ignore[arg-type]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_term_with_its_origin(tmp_path: Path) -> None:
    glossary = read(
        tmp_path, "国防総省,Pentagon,ペンタゴン,Department of Defense | DoD,Defense Ministry,org,hard,exact,U.S. only"
    )

    assert glossary.terms == (
        Term(
            "国防総省",
            "Pentagon",
            ("ペンタゴン",),
            ("Department of Defense", "DoD"),
            ("Defense Ministry",),
            Kind.ORG,
            Mode.HARD,
            Case.EXACT,
            "U.S. only",
            f"{tmp_path / 'g.csv'}:2",
        ),
    )


def test_source_and_target_suffice_in_any_order_of_columns(tmp_path: Path) -> None:
    glossary = load([write(tmp_path, "Target, SOURCE \nPentagon,国防総省\n")])

    assert [(found.source, found.target, found.kind, found.mode) for found in glossary] == [
        ("国防総省", "Pentagon", Kind.TERM, Mode.HARD)
    ]


@pytest.mark.parametrize(
    "data",
    [
        "source,target\r\n国防総省,Pentagon\r\n".encode(),
        "source,target\r国防総省,Pentagon\r".encode(),
        "\ufeffsource,target\n国防総省,Pentagon".encode(),
        "\n\nsource,target\n,\n\n国防総省,Pentagon,,,\n".encode(),
        'source,target\n"国防総省","Pentagon"\n国防総省,Pentagon\n'.encode(),
    ],
    ids=["CRLF", "CR", "byte order mark", "blank lines and trailing commas", "the same twice"],
)
def test_harmless_differences_are_read(tmp_path: Path, data: bytes) -> None:
    assert [(found.source, found.target) for found in load([write(tmp_path, data)])] == [("国防総省", "Pentagon")]


HEAD = "source,target,kind,mode,case,variants,forbidden,aliases\n"
ERRORS = {
    "no header": ("国防総省,Pentagon\n", ":1: no header", "source,target"),
    "empty file": ("", ":1: no header", "source,target"),
    "no target column": ("source,kind\n国,place\n", ":1: the header lacks", "'target'"),
    "unknown column": ("source,target,varients\n国,x,\n", ":1: unknown column 'varients'", "'variants'"),
    "column twice": ("source,target,source\n国,x,\n", ":1: the column 'source' stands twice", "delete"),
    "semicolons": ("source;target\n国;x\n", ":1: the columns are separated", "commas"),
    "tabs": ("source\ttarget\n国\tx\n", ":1: the columns are separated", "commas"),
    "unknown kind": (HEAD + "国,x,persn\n", ":2: unknown kind 'persn'", "'person'"),
    "unknown mode": (HEAD + "国,x,,hrad\n", ":2: unknown mode 'hrad'", "'hard'"),
    "hopeless mode": (HEAD + "国,x,,zzz\n", ":2: unknown mode 'zzz'", "hard, soft, dnt"),
    "unknown case": (HEAD + "国,x,,,ignroe\n", ":2: unknown case 'ignroe'", "'ignore'"),
    "empty source": (HEAD + ",x\n", ":2: the source is empty", "write"),
    "punctuation source": (HEAD + "・,x\n", ":2: the source is empty", "write"),
    "empty target": (HEAD + "国防,\n", ":2: '国防' has no target", "blocker"),
    "target without letters": (HEAD + "国防,—\n", ":2: '国防' has no target", "blocker"),
    "Japanese target": (HEAD + "国,Kuniノ\n", ":2: the English form", "swapped"),
    "Japanese variant": (HEAD + "国,x,,,,米\n", ":2: the English form '米'", "swapped"),
    "blocker with target": (HEAD + "全米,all,blocker\n", ":2: the blocker '全米' has English", "change its kind"),
    "Japanese dnt": (HEAD + "国防,,,dnt\n", ":2: '国防' is dnt", "mode hard"),
    "translated dnt": (HEAD + "Google,Alphabet,,dnt\n", ":2: 'Google' is dnt", "empty the target"),
    "right and forbidden": (HEAD + "国,x,,,,y,y\n", ":2: 'y' is both right and forbidden", "decide"),
    "line break in a value": (HEAD + '"国\n防",x\n', ":2: '国\\n防' holds a line break", "take it out"),
    "too many values": (HEAD + "国,x,,,,,,,Smith, John\n", ":2: 10 values for 8 columns", "double quotes"),
    "open quote": (HEAD + '国,x\n米,"y\n' + "z,z\n", ":3: not CSV", "quote"),
    "huge value": (HEAD + "国," + "x" * 1000 + "\n", ":2: a value of 1000 characters", "open quote"),
    "enormous value": (HEAD + "国," + "x" * 200_000 + "\n", ":2: not CSV", "quote"),
    "NUL": (HEAD + "国,x\0\n", ":2: a NUL character", "save it anew"),
    "Shift_JIS": (HEAD.encode() + "国防,x\n".encode("shift_jis"), ":2: byte 0x8d is not UTF-8", "UTF-8"),
    "UTF-16": ((HEAD + "国,x\n").encode("utf-16"), ": the file is UTF-16", "UTF-8"),
}


@pytest.mark.parametrize(("text", "what", "remedy"), ERRORS.values(), ids=ERRORS)
def test_a_malformed_file_is_refused_with_place_and_remedy(
    tmp_path: Path, text: str | bytes, what: str, remedy: str
) -> None:
    path = write(tmp_path, text)

    with pytest.raises(GlossaryError) as caught:
        load([path])

    assert f"{path}{what}" in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(GlossaryError, match="cannot read the glossary"):
        load([tmp_path / name])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("国防総省,Pentagon", "国防総省,Defense Department"),
        ("ロシア,Russia", "ﾛｼｱ,Russian Federation"),
        ("国防総省,Pentagon", "ペンタゴン,Pentagon building,国防総省"),
        ("国防総省,Pentagon,ペンタゴン", "五角形,pentagon,ペンタゴン"),
        ("全米,,,,,blocker", "全米,nationwide"),
        ("国防総省,Pentagon", "国防総省,Pentagon,,DoD"),
    ],
    ids=["targets", "widths", "alias and source", "two aliases", "blocker and term", "variants"],
)
def test_two_meanings_in_one_file_are_refused_with_both_lines(tmp_path: Path, first: str, second: str) -> None:
    with pytest.raises(GlossaryError) as caught:
        read(tmp_path, f"{first}\n米国,United States\n{second}")

    assert f"{tmp_path / 'g.csv'}:4: " in str(caught.value)
    assert f"{tmp_path / 'g.csv'}:2" in str(caught.value)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"source,target,kind\n{text}".encode()))
def test_any_bytes_give_a_glossary_or_a_glossary_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = write(tmp_path_factory.getbasetemp(), data, "any.csv")
    try:
        glossary = load([path])
    except GlossaryError:
        return
    assert len(glossary.surfaces) == sum(len(found.surfaces) for found in glossary)


# --- stacking and hashes ---------------------------------------------------------------------------------------------


def test_the_later_file_wins_on_the_same_source_and_takes_aliases(tmp_path: Path) -> None:
    lower = write(
        tmp_path, "source,target,aliases\n米国,United States,アメリカ|合衆国\nロシア,Russia,露西亜\n国連,UN,\n", "1.csv"
    )
    upper = write(
        tmp_path,
        "source,target,aliases,kind\nﾛｼｱ,Russian Federation,,\n新大陸,America,米国|アメリカ,\n国連,,,blocker\n",
        "2.csv",
    )

    glossary = load([lower, upper])

    assert {surface: found.target for surface, found in glossary.surfaces.items()} == {
        "ロシア": "Russian Federation",
        "新大陸": "America",
        "米国": "America",
        "アメリカ": "America",
        "合衆国": "United States",
        "国連": "",
    }


def test_by_source_finds_sources_and_aliases_in_any_width(tmp_path: Path) -> None:
    glossary = read(tmp_path, "ロシア,Russia,露西亜")

    assert glossary.by_source("ﾛｼｱ") is glossary.by_source("露西亜") is glossary.terms[0]
    assert glossary.by_source("ロシ") is None


def test_the_hash_ignores_order_notes_and_files_but_no_meaning() -> None:
    one, two = Term("米国", "United States", variants=("US", "U.S.")), Term("露国", "Russia")
    same = Glossary((replace(two, origin="x:3", note="n"), replace(one, variants=("U.S.", "US"))))

    assert Glossary((one, two)).hash == same.hash
    changes = [{"target": "USA"}, {"variants": ()}, {"mode": Mode.SOFT}, {"case": Case.EXACT}, {"kind": Kind.PLACE}]
    assert len({Glossary((replace(one, **change), two)).hash for change in changes} | {same.hash}) == 6  # type: ignore[arg-type]


def test_the_hash_of_a_segments_terms_follows_what_they_demand() -> None:
    one, two = Term("米国", "United States"), Term("露国", "Russia")

    assert terms_hash([one, two, one]) == terms_hash([replace(two, note="n", origin="f:1"), one])
    assert terms_hash([one]) != terms_hash([replace(one, variants=("US",))])
    assert terms_hash([one]) != terms_hash([one, two])
    assert len(terms_hash([])) == 8


# --- the test of the English -----------------------------------------------------------------------------------------

HELD = [
    ("Pentagon", "The Pentagon said so."),
    ("Pentagon", "the Pentagon's view"),
    ("Pentagon", "the Pentagon’s view"),
    ("Pentagon", "a Pentagon-led study"),
    ("Pentagon", "PENTAGON SAYS NO"),
    ("Pentagon", "_Pentagon_ and “Pentagon”"),
    ("NATO", "pro-NATO, non‑NATO"),
    ("defense minister", "Defense Minister Smith"),
    ("defense minister", "Defense Ministry: no; DEFENSE MINISTERS: yes"),
    ("defense minister", "the defense\nminister"),
    ("defense minister", "the defense\u00a0minister’s car"),
    ("defense minister", "a defense-minister-level meeting"),
    ("defense minister", "the defense\u200b minis\u00adter"),
    ("defense secretary", "two defense secretaries"),
    ("secretary of state", "former secretaries of state"),
    ("secretary-general", "the secretaries-general and Secretary General Ban"),
    ("attorney general", "attorneys general"),
    ("spokesman", "spokesmen"),
    ("crisis", "crises"),
    ("embassy", "embassies"),
    ("tax", "taxes"),
    ("Bank of Japan", "BANK OF JAPAN, Bank Of Japan"),
    ("The Hill", "according to the Hill"),
    ("The Hill", "The Hill reported"),
    ("von der Leyen", "Von der Leyen spoke"),
    ("Erdoğan", "Erdogan left"),
    ("Erdogan", "Erdog\u0306an left"),
    ("Xi'an", "in Xi’an"),
    ("Asia-Pacific", "Asia–Pacific, Asia Pacific"),
    ("U.S.", "in the U.S."),
    ("U.S.", "U.S.-led forces"),
    ("$", "$43 billion or US$5"),
    ("Russia", "Ｒｕｓｓｉａ"),
]
MISSED = [
    ("Pentagon", "a pentagon"),
    ("Pentagon", "Pentagonal, SuperPentagon, Pentagon2"),
    ("Russia", "Russian troops"),
    ("India", "Indiana and Indians"),
    ("U.S.", "the US and us"),
    ("US", "U.S. and us"),
    ("US", "USS Ford"),
    ("defense minister", "defence minister"),
    ("defense minister", "defense, minister"),
    ("defense minister", "the ministry of defense — minister Smith"),
    ("defense minister", "defense prime minister"),
    ("defense secretary", "secretary of defense"),
    ("Bank of Japan", "bank of Japan"),
    ("minister", "ministry"),
    ("", ""),
]


@pytest.mark.parametrize(("form", "english"), HELD)
def test_a_form_is_held_in_every_shape_a_writer_gives_it(form: str, english: str) -> None:
    assert satisfied(term(form), english)
    assert satisfied(term("no such", form), english)


@pytest.mark.parametrize(("form", "english"), [pair for pair in MISSED if pair[0]])
def test_a_form_is_not_held_by_something_else(form: str, english: str) -> None:
    assert not satisfied(term(form), english)


@pytest.mark.parametrize(
    ("case", "english", "held"),
    [
        (Case.EXACT, "Foreign Ministry", True),
        (Case.EXACT, "FOREIGN MINISTRY", False),
        (Case.EXACT, "foreign ministry", False),
        (Case.AUTO, "FOREIGN MINISTRY", True),
        (Case.AUTO, "foreign ministry", False),
        (Case.IGNORE, "foreign Ministries", True),
    ],
)
def test_the_case_column_decides_about_capitals(case: Case, english: str, held: bool) -> None:
    assert satisfied(term("Foreign Ministry", case=case), english) is held


def test_dnt_wants_the_source_as_it_stands() -> None:
    brand = Term("Pokémon", "Pokémon", aliases=("ポケモン",), mode=Mode.DNT)

    assert satisfied(brand, "the Pokémon’s tail")
    assert satisfied(brand, "Poke\u0301mon")
    assert not satisfied(brand, "Pokemon, POKÉMON, Pokémons")


def test_soft_uses_the_same_test_and_a_blocker_demands_nothing() -> None:
    assert not satisfied(term("talks", mode=Mode.SOFT), "a meeting")
    assert satisfied(Term("全米", "", kind=Kind.BLOCKER), "")
    assert occurrences(Term("全米", "", kind=Kind.BLOCKER), "all") == []


def test_occurrences_are_offsets_into_the_english_as_written() -> None:
    english = "“Défense\u00adMinisters”: the ﬁrst Pentagon’s, ＰＥＮＴＡＧＯＮ"

    found = [english[start:end] for start, end in occurrences(term("Pentagon", "first"), english)]

    assert found == ["ﬁrst", "Pentagon", "ＰＥＮＴＡＧＯＮ"]


def test_the_longest_form_is_reported() -> None:
    states = term("United States", "U.S.", "U.S. government")

    assert occurrences(states, "The U.S. government said") == [(4, 19)]


def test_a_forbidden_form_is_reported_unless_it_stands_for_something_right() -> None:
    pentagon = term("Pentagon", "U.S. Defense Department", forbidden=("Defense Ministry", "Defense Department"))
    ministry = term("Defense Ministry", source="国防省")

    assert forbidden_in(pentagon, "the Defense Ministry") == ["Defense Ministry"]
    assert forbidden_in(pentagon, "the U.S. Defense Department") == []
    assert forbidden_in(pentagon, "the Pentagon and the Defense Ministry") == ["Defense Ministry"]
    assert forbidden_in(pentagon, "the Pentagon and the Defense Ministry", others=[ministry]) == []
    assert forbidden_in(term("Pentagon"), "anything") == []


FORMS = st.from_regex(r"[A-Za-z][A-Za-zéñ.'-]{0,8}( [A-Za-z0-9][a-z]{0,6}){0,2}", fullmatch=True)


@given(
    FORMS,
    st.sampled_from(["{}", "the {} said", "“{}”", "({}),", "non-{}-led", "{}’s", "x\n{}\ny"]),
    st.sampled_from(Case),
)
def test_every_form_satisfies_its_own_term(form: str, frame: str, case: Case) -> None:
    english = frame.format(form)

    assert satisfied(term(form, case=case), english)
    assert all(0 <= start < end <= len(english) for start, end in occurrences(term(form, case=case), english))


@given(FORMS, st.text(max_size=40))
def test_occurrences_never_overlap(form: str, text: str) -> None:
    behind = 0
    for start, end in occurrences(term(form), f"{text}{form}{text} {form}"):
        assert behind <= start < end
        behind = end


# --- the shipped file ------------------------------------------------------------------------------------------------


def test_the_shipped_glossary_is_large_and_every_form_satisfies_its_term() -> None:
    glossary = load([SHIPPED])

    assert len(glossary) >= 420
    for found in glossary:
        forms = () if found.is_blocker else (found.target, *found.variants)
        assert [form for form in forms if not satisfied(found, f"It was the {form}, they said.")] == []
        assert [form for form in forms if forbidden_in(found, form)] == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("ベロウソフ", "Belousov"),
        ("国防総省", "Pentagon"),
        ("国防省", "Defense Ministry"),
        ("国防相", "defense minister"),
        ("国防長官", "defense secretary"),
        ("米国防総省", "Pentagon"),
        ("米国防長官", "U.S. defense secretary"),
        ("米国", "United States"),
    ],
)
def test_the_shipped_glossary_holds_the_hard_neighbours(source: str, target: str) -> None:
    found = load([SHIPPED]).by_source(source)

    assert found is not None
    assert (found.target, found.mode) == (target, Mode.HARD)


def test_blockers_of_the_shipped_glossary_have_no_english() -> None:
    blockers = {found.source: found.target for found in load([SHIPPED]) if found.is_blocker}

    assert {"全米", "欧米", "日米", "中国地方", "中国新聞"} <= blockers.keys()
    assert set(blockers.values()) == {""}
