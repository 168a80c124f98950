"""Suggestions are the names and recurring compounds that the glossary lacks, ready to be corrected."""

import argparse
import json
from pathlib import Path

import pytest
from cape import Project
from hypothesis import given, settings
from hypothesis import strategies as st
from lexicon import build

from translate._noun_runs import occurrences
from translate.cli.glossary_making import add_suggest_arguments, run_suggest
from translate.dictionary import Dictionary
from translate.errors import GlossaryError
from translate.glossary import Glossary, Kind, Term, load
from translate.normalization import normalize
from translate.suggesting import Basis, Suggestion, suggest

TEXTS = [
    "アレナ・コヴァーチ氏は新しい潮力発電所を岬町で見た。",
    "潮力発電所は来年、岬町の港にできる。",
    "コヴァーチ国防相は浜田さんと大阪市へ向かった。",
    "潮力発電所の計画を浜田さんが語った。",
]


def found(texts: list[str], *entries: Term, **options: object) -> dict[str, Suggestion]:
    return {one.source: one for one in suggest(texts, Glossary(entries), **options)}  # type: ignore[arg-type]


@pytest.fixture
def small(tmp_path: Path) -> Dictionary:
    return build(
        tmp_path / "small.db",
        words=[("潮力発電所", "", ["tidal power station"], False), ("自動車", "", ["car"], True)],
        names=[
            ("", "コヴァーチ", "Kovacs", "surname"),
            ("浜田", "", "Hamata", "surname"),
            ("浜田", "", "Hamada", "surname"),
            ("岸田文雄", "", "Kishida Fumio (politician)", "person"),
            ("大谷", "", "Ootani", "place"),
        ],
    )


def test_names_are_suggested_at_once_and_compounds_when_they_recur() -> None:
    assert {source: (one.kind, one.count) for source, one in found(TEXTS).items()} == {
        "アレナ・コヴァーチ": (Kind.PERSON, 1),
        "コヴァーチ": (Kind.PERSON, 1),
        "浜田": (Kind.PERSON, 2),
        "大阪市": (Kind.PLACE, 1),
        "潮力発電所": (Kind.TERM, 3),
        "岬町": (Kind.PLACE, 2),
    }


def test_the_most_useful_comes_first() -> None:
    order = [one.source for one in suggest(TEXTS, Glossary())]

    # weight of the kind × log2(1 + words) × count: 2·1.58·2, 1·2·3, 3·1·2, 3·1.58·1, 2·1.58·1, 3·1·1
    assert order == ["岬町", "潮力発電所", "浜田", "アレナ・コヴァーチ", "大阪市", "コヴァーチ"]


def test_what_the_glossary_covers_is_not_suggested() -> None:
    covered = (Term("コヴァーチ", "Kovács"), Term("浜田", "Hamada"), Term("潮力発電所", "tidal power plant"))

    assert not {"コヴァーチ", "浜田", "潮力発電所"} & set(found(TEXTS, *covered))


def test_an_alias_covers_too() -> None:
    assert "浜田" not in found(TEXTS, Term("濱田", "Hamada", aliases=("浜田",)))


def test_a_compound_that_is_covered_in_part_is_still_suggested() -> None:
    assert "潮力発電所" in found(TEXTS, Term("発電所", "power plant"))


def test_an_affix_beside_a_covered_term_is_no_gap() -> None:
    assert found(["前国防相が来た。", "前国防相が去った。"], Term("国防相", "defense minister")) == {}


@pytest.mark.parametrize(("least", "expected"), [(1, 1), (2, 2), (3, 3)])
def test_a_least_count_holds_for_all(least: int, expected: int) -> None:
    assert min(one.count for one in suggest(TEXTS, Glossary(), min_count=least)) >= expected


def test_a_part_that_stands_only_inside_one_longer_term_is_left_out() -> None:
    texts = ["潮力発電所を見た。", "潮力発電所に来た。"]

    assert set(found(texts)) == {"潮力発電所"}


def test_longer_terms_that_contain_each_other_count_as_one() -> None:
    texts = ["大阪府神戸市に来た。", "神戸市に来た。"]

    assert set(found(texts)) == {"神戸市", "大阪府神戸市"}


def test_a_part_of_several_longer_terms_is_a_term_of_its_own() -> None:
    texts = ["北部潮力発電所", "南部潮力発電所", "西部潮力発電所"]

    assert found(texts)["潮力発電所"].count == 3


def test_without_a_dictionary_names_are_spelt_by_sound() -> None:
    proposals = {source: (one.target, one.basis) for source, one in found(TEXTS).items()}

    assert proposals == {
        "アレナ・コヴァーチ": ("Arena Kovachi", Basis.SOUND),
        "コヴァーチ": ("Kovachi", Basis.SOUND),
        "浜田": ("Hamada", Basis.SOUND),
        "大阪市": ("Osaka City", Basis.SOUND),
        "潮力発電所": ("", Basis.NONE),
        "岬町": ("Misaki Town", Basis.SOUND),
    }


def test_the_dictionary_gives_better_ones(small: Dictionary) -> None:
    proposals = found(TEXTS, dictionary=small)

    assert (proposals["コヴァーチ"].target, proposals["コヴァーチ"].basis) == ("Kovacs", Basis.DICTIONARY)
    assert proposals["潮力発電所"].target == "tidal power station"
    assert proposals["浜田"].target == "Hamada"  # read so; Hamata stands first


def test_a_japanese_full_name_comes_in_english_order(small: Dictionary) -> None:
    assert found(["岸田文雄首相が来た。"], dictionary=small)["岸田文雄"].target == "Fumio Kishida"
    assert found(["山田太郎さんが来た。"])["山田太郎"].target == "Taro Yamada"


def test_everyday_words_are_left_out_where_a_dictionary_knows_them(small: Dictionary) -> None:
    texts = ["自動車が来た。", "自動車が去った。"]

    assert "自動車" in found(texts)
    assert "自動車" not in found(texts, dictionary=small)


def test_the_context_is_one_line_and_short() -> None:
    text = "長い前置きがある" * 10 + "、浜田さんが\n来た" + "。まだ続く文がある" * 10

    context = found([text])["浜田"].context

    assert "、浜田さんが 来た" in context
    assert context.startswith("…")
    assert context.endswith("…")
    assert len(context) <= 60


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("ベリーニ氏が来た", "ベリーニ", Kind.PERSON),
        ("ベリーニ大統領が来た", "ベリーニ", Kind.PERSON),
        ("ベリーニ前国防相が来た", "ベリーニ", Kind.PERSON),
        ("マルコ・ベリーニが来た", "マルコ・ベリーニ", Kind.PERSON),
        ("佐藤社長が来た", "佐藤", Kind.PERSON),
        ("神戸市が決めた", "神戸市", Kind.PLACE),
        ("神戸大学が決めた", "神戸大学", Kind.ORG),
    ],
)
def test_the_kind_is_guessed_from_titles_and_endings(text: str, name: str, kind: Kind) -> None:
    assert next((one.text, one.kind) for one in occurrences(text) if not one.nested) == (name, kind)


PIECES = [
    "アレナ・コヴァーチ",
    "浜田",
    "さん",
    "氏",
    "潮力発電所",
    "前",
    "市",
    "・",
    "は",
    "。",
    " ",
    "㈱",
    "ー",
    "ﾍﾞﾘｰﾆ",
    "\u200b",
    "A1",
]
ANY = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=10).map("".join)


@settings(deadline=None)
@given(st.lists(ANY, max_size=4))
def test_every_suggestion_stands_in_a_text_as_often_as_it_says_at_most(texts: list[str]) -> None:
    joined = [normalize(text).text for text in texts]

    for one in suggest(texts, Glossary((Term("浜田", "Hamada"),)), min_count=1):
        assert 1 <= one.count <= sum(text.count(one.source) for text in joined)
        assert one.source != "浜田"
        assert "\n" not in one.context


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_suggest_arguments(parser)
    return run_suggest(parser.parse_args([str(word) for word in words]))


def test_the_command_reads_articles_and_po_files_alike(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.translate()
    results = []
    for path in (project.article, project.po):
        assert run(path, "--glossary", project.terms, "--dictionary", "none", "--json") == 0
        results.append(json.loads(capsys.readouterr().out)["suggestions"])

    assert results[0] == results[1]
    assert [(one["source"], one["kind"], one["count"]) for one in results[0]] == [("浜田", "person", 1)]


def test_the_review_file_asks_for_empty_targets_and_is_a_glossary_once_filled(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("articles/ja/tide.txt", "題\n\n" + "\n\n".join(TEXTS) + "\n")
    words = ("articles/ja/tide.txt", "--glossary", project.terms, "--dictionary", "none", "--output", "review.csv")

    assert run(*words) == 0

    assert "have no target yet: glossary check review.csv" in capsys.readouterr().out
    page = Path("review.csv").read_text("utf-8-sig")
    assert Path("review.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "\n浜田,Hamada,,,,person,,,2× · transliteration · " in page
    assert "\n潮力発電所,,,,,term,,,3× · no proposal · " in page
    with pytest.raises(GlossaryError, match=r"review\.csv:\d+: '潮力発電所' has no target: write its English"):
        load(["review.csv"])
    Path("review.csv").write_text(page.replace("潮力発電所,,", "潮力発電所,tidal power plant,"), "utf-8")
    assert {term.source: term.target for term in load(["review.csv"])}["潮力発電所"] == "tidal power plant"


def test_what_was_reviewed_is_not_suggested_again(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("articles/ja/tide.txt", "題\n\n" + "\n\n".join(TEXTS) + "\n")
    common = ("articles/ja/tide.txt", "--glossary", project.terms, "--dictionary", "none")
    run(*common, "--output", "review.csv")
    page = Path("review.csv").read_text("utf-8-sig").replace("潮力発電所,,", "潮力発電所,tidal power plant,")
    Path("review.csv").write_text(page, "utf-8")
    capsys.readouterr()

    assert run(*common, "--glossary", "review.csv", "--json") == 0

    assert json.loads(capsys.readouterr().out) == {"suggestions": []}


def test_an_output_that_is_no_csv_is_refused(project: Project) -> None:
    before = project.article.read_bytes()

    with pytest.raises(SystemExit):
        run(project.article, "--output", project.article)
    assert project.article.read_bytes() == before
