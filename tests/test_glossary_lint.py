"""Everything wrong in glossary files is found in one run, at its line; a careful file is clean."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.errors import GlossaryError
from translate.glossary import load
from translate.glossary_lint import LINTS, Finding, Severity, lint

SHIPPED = Path(__file__).parent.parent / "glossaries/ja-en.csv"
HEAD = "source,target,aliases,variants,forbidden,kind,mode,case,note\n"


def write(folder: Path, rows: str, name: str = "g.csv") -> Path:
    path = folder / name
    path.write_text(HEAD + rows + "\n", encoding="utf-8")
    return path


def found(folder: Path, rows: str) -> list[tuple[int, str, str]]:
    """Return line, severity and lint of each finding in a file of these rows, which begin at line 2."""
    return [(one.line, str(one.severity), one.lint) for one in lint([write(folder, rows)]).findings]


def test_the_shipped_glossary_is_clean() -> None:
    assert lint([SHIPPED]).findings == ()


CASES = {
    "the same twice": ("港,port\n船,ship\n港,port", (4, "warning", "repeated"), "g.csv:2"),
    "the same in another width": ("ロシア,Russia\nﾛｼｱ,Russia", (3, "warning", "repeated"), "g.csv:2"),
    "an alias that is the source": ("ロシア,Russia,ﾛｼｱ", (2, "warning", "aliases"), "'ロシア'"),
    "an alias twice": ("ロシア,Russia,露西亜|露西亜", (2, "warning", "aliases"), "take it out"),
    "a part of a katakana word": ("ーシア,Russia", (2, "error", "unreachable"), "'ー'"),
    "a small letter first": ("ロシア,Russia,ッシア", (2, "error", "unreachable"), "'ッ'"),
    "a blocker without work": ("港,port\n猫の目,,,,,blocker", (3, "warning", "blockers"), "blocks nothing"),
    "a katakana blocker": ("タイ,Thailand\nタイガー,,,,,blocker", (3, "warning", "blockers"), "blocks nothing"),
    "quotes": ('港,"""port"""', (2, "error", "spelling"), "quotes"),
    "typographic quotes": ("港,“port”", (2, "error", "spelling"), "quotes"),
    "full width": ("港,Ｐort", (2, "error", "spelling"), "full-width"),
    "an ideographic space": ("港,old\u3000port", (2, "error", "spelling"), "no plain one"),
    "a no-break space": ("港,old\u00a0port", (2, "error", "spelling"), "no plain one"),
    "an invisible character": ("港,po\u200brt", (2, "error", "spelling"), "invisible"),
    "two spaces": ("港,old  port", (2, "error", "spelling"), "two spaces"),
    "a space before a comma": ('港,"port , old"', (2, "error", "spelling"), "beside punctuation"),
    "a comma at the end": ('港,"port,"', (2, "error", "spelling"), "at its end"),
    "a typographic apostrophe": ("港,fisher’s port", (2, "warning", "spelling"), "house style"),
    "a fault in a variant": ("港,port,,har  bor", (2, "error", "spelling"), "'har  bor'"),
    "a fault in a forbidden form": ("港,port,,,“harbor”", (2, "error", "spelling"), "“harbor”"),
    "an open bracket": ("港,port (old", (2, "error", "brackets"), "'('"),
    "a bracket of another kind": ("港,port (old]", (2, "error", "brackets"), "']'"),
    "an open bracket in Japanese": ("港「灯,port", (2, "error", "brackets"), "'「'"),
    "its own forbidden form": ("港,old port,,,port", (2, "error", "forbidden"), "'port'"),
    "a variant with a forbidden form": ("港,harbor,,old ports,port", (2, "error", "forbidden"), "'old ports'"),
    "a shorter entry demands it": ("灯台守,keeper,,,lighthouse\n灯台,lighthouse", (2, "error", "forbidden"), "g.csv:3"),
    "a plural": ("港,port,,ports", (2, "warning", "variants"), "goes without saying"),
    "capitals": ("港,port,,Port", (2, "warning", "variants"), "goes without saying"),
    "the later of two": ("港,port,,harbor|harbors", (2, "warning", "variants"), "'harbors'"),
    "an article": ("港,port,,the port", (2, "warning", "variants"), "article"),
    "several in one": ("港,port,,harbor; haven", (2, "warning", "variants"), "separate them"),
    "a word of every sentence": ("港,port,,the", (2, "warning", "variants"), "every sentence"),
    "a single letter": ("港,port,,p", (2, "warning", "variants"), "single letter"),
    "variants of what is copied": ("NHK,,,N.H.K.,,org,dnt", (2, "warning", "dnt"), "'variants'"),
    "case of what is copied": ("NHK,,,,,org,dnt,ignore", (2, "warning", "dnt"), "'case'"),
    "a number that is copied": ("311,,,,,term,dnt", (2, "warning", "dnt"), "no letter"),
    "mode of a blocker": ("港,port\n港町,,,,,blocker,soft", (3, "warning", "dnt"), "'mode'"),
}


@pytest.mark.parametrize(("rows", "expected", "words"), CASES.values(), ids=CASES)
def test_one_fault_is_one_finding(tmp_path: Path, rows: str, expected: tuple[int, str, str], words: str) -> None:
    (one,) = lint([write(tmp_path, rows)]).findings

    assert (one.line, str(one.severity), one.lint) == expected
    assert words in one.message


CLEAN = {
    "a plain entry": "港,port",
    "a bracket pair": "港（旧）,port (old)",
    "an abbreviation's full stop": "上院議員,senator,,Sen.",
    "a currency sign": "ドル,dollar,,$|US$",
    "a place's apostrophe": "西安,Xi'an",
    "a comma inside": '経産省,"Ministry of Economy, Trade and Industry"',
    "two spellings": "国防相,defense minister,,defence minister",
    "capitals that do not go without saying": "国防省,Defense Ministry,,defense ministry",
    "an affix": "前,,,,,blocker",
    "a blocker around an entry": "中国,China\n中国地方,,,,,blocker",
    "a blocker over an entry's start": "米国,United States\n全米,,,,,blocker",
    "a blocker that joins": "国防相,defense minister\n米国,United States\n日米,,,,,blocker",
    "a forbidden form of the neighbour": "国防総省,Pentagon,,,Defense Ministry\n国防省,Defense Ministry",
    "what is copied, written twice": "NHK,NHK,エヌエイチケー,,,org,dnt",
}


@pytest.mark.parametrize("rows", CLEAN.values(), ids=CLEAN)
def test_what_is_right_is_no_finding(tmp_path: Path, rows: str) -> None:
    assert found(tmp_path, rows) == []


def test_all_faults_of_a_file_are_told_in_one_run(tmp_path: Path) -> None:
    rows = [
        "港,port",
        "港,harbor",  # 3: a second meaning
        "船,,,,,vessel",  # 4: no such kind
        "灯台,,,灯,,,hrad",  # 5: no such mode
        "岬,",  # 6: no target
        "全米,all,港,,,blocker",  # 7: English for a blocker
        "海,sea,,,,,,,,,one more",  # 8: too many values
        "丘,hill (",  # 9: a lint
        "国,x,,ユニ|ヨン",  # 10: two variants in Japanese
    ]

    assert [entry[:2] for entry in found(tmp_path, "\n".join(rows))] == [
        (3, "refused"),
        (4, "refused"),
        (5, "refused"),
        (6, "refused"),
        (7, "refused"),
        (8, "refused"),
        (9, "error"),
        (10, "refused"),
        (10, "refused"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe", "UTF-16"),
        ("source,target\n港,port\n".encode("shift_jis"), "not UTF-8"),
        ("港,port\n".encode(), "no header"),
        (b'source,target\na,"b\n', "not CSV"),
        (None, "cannot read"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_a_finding_beside_those_of_others(
    tmp_path: Path, data: bytes | None, words: str
) -> None:
    bad = tmp_path / "bad.csv"
    if data is not None:
        bad.write_bytes(data)

    report = lint([bad, write(tmp_path, "丘,hill (")])

    assert [(Path(one.file).name, one.severity, one.lint) for one in report.findings] == [
        ("bad.csv", Severity.REFUSED, "refused"),
        ("g.csv", Severity.ERROR, "brackets"),
    ]
    assert words in report.findings[0].message


def test_what_a_later_file_replaces_is_told_with_both_places(tmp_path: Path) -> None:
    lower = write(tmp_path, "港,port\n船,ship,舟|艦\n海,sea\n丘,hill", "1.csv")
    upper = write(tmp_path, "港,harbor\n帆船,sailing ship,舟\n海,sea", "2.csv")

    messages = {(one.line, str(one.severity)): one.message for one in lint([lower, upper]).findings}

    assert messages == {
        (2, "note"): f"'港' is replaced by {upper}:2 ('harbor')",
        (3, "note"): f"the spelling '舟' is taken over by {upper}:3 (帆船: 'sailing ship')",
        (4, "warning"): f"'海' says the same as {upper}:4: delete one",
    }


def test_entries_that_no_text_holds_are_told_only_when_texts_are_given(tmp_path: Path) -> None:
    path = write(tmp_path, "港,port\n船,ship,舟\n中国,China\n中国地方,,,,,blocker")

    report = lint([path], ["古い舟。", "中国地方の雨。"])

    assert lint([path]).findings == ()
    assert [(one.source, one.lint) for one in report.findings] == [("港", "unused"), ("中国", "unused")]


def test_an_empty_list_of_texts_leaves_every_entry_unused(tmp_path: Path) -> None:
    assert [one.lint for one in lint([write(tmp_path, "港,port")], []).findings] == ["unused"]


def test_every_lint_says_what_it_looks_for() -> None:
    assert all(function.__doc__ for function in LINTS.values())


VALUES = st.sampled_from(
    ["港", "ロシア", "ﾛｼｱ", "port", "NHK", "", "soft", "dnt", "blocker", "(", "|", '"', "ー", "ports"]
)


@given(st.lists(st.lists(VALUES, min_size=1, max_size=9).map(",".join), max_size=6))
def test_the_linter_refuses_what_load_refuses_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    path = write(tmp_path_factory.getbasetemp(), "\n".join(rows), "any.csv")
    report = lint([path])
    refused = [_told(one) for one in report.findings if one.severity is Severity.REFUSED]
    if refused:
        with pytest.raises(GlossaryError) as caught:
            load([path])
        assert str(caught.value) in refused
    else:
        assert load([path]).hash == report.glossary.hash


def _told(one: Finding) -> str:
    return f"{one.file}:{one.line}: {one.message}" if one.line else f"{one.file}: {one.message}"
