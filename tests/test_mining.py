"""Term pairs come from evidence on both sides of a line, and hold over all lines."""

import argparse
import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lexicon import build

from translate import dictionary as dictionaries
from translate.cli.glossary_making import add_mine_arguments, run_mine
from translate.dictionary import Dictionary
from translate.errors import InputError, ScoreError
from translate.glossary import Term, load, satisfied
from translate.mining import How, MinedPair, as_glossary, mine, read_bilingual
from translate.normalization import normalize

PARALLEL = [
    ("アレナ・コヴァーチは岬の灯台を訪れた。", "Alena Kovacs visited the lighthouse on the cape."),
    ("コヴァーチは港でマルコ・ベリーニと会った。", "At the port, Kovacs met Marco Bellini."),
    ("浜田は大阪から船で来た。", "Hamada came from Osaka by ship."),
    ("ＮＡＴＯの船はTikTokに映っていた。", "The NATO ship was seen on TikTok."),
    ("コヴァーチはベリーニに鐘を渡した。", "Kovacs handed Bellini the bell."),
    ("港湾局はベリーニの船を調べた。", "The port authority inspected Bellini's ship."),
]
SOURCES, REFERENCES = [source for source, _ in PARALLEL], [english for _, english in PARALLEL]


def pairs(found: list[MinedPair]) -> dict[str, str]:
    return {pair.source: pair.target for pair in found}


@pytest.fixture
def small(tmp_path: Path) -> Dictionary:
    return build(
        tmp_path / "small.db",
        words=[
            ("灯台", "", ["lighthouse"], True),
            ("港湾局", "", ["port authority"], False),
            ("船", "", ["ship"], True),
            ("来年", "", ["next year"], True),
            ("沿岸警備", "", ["coast guarding", "coastal defense"], False),
        ],
        names=[("文雄", "", "Fumio", "masc"), ("大谷", "", "Ootani", "surname"), ("潮見岬", "", "Shiomi", "place")],
    )


def test_names_are_found_by_sound_by_reading_and_as_they_are() -> None:
    assert mine(SOURCES, REFERENCES) == [
        MinedPair("アレナ・コヴァーチ", "Alena Kovacs", How.NAME, (1,), 1),
        MinedPair("コヴァーチ", "Kovacs", How.NAME, (2, 5), 2),
        MinedPair("マルコ・ベリーニ", "Marco Bellini", How.NAME, (2,), 1),
        MinedPair("大阪", "Osaka", How.NAME, (3,), 1),
        MinedPair("浜田", "Hamada", How.NAME, (3,), 1),
        MinedPair("NATO", "NATO", How.TERM, (4,), 1),
        MinedPair("TikTok", "TikTok", How.TERM, (4,), 1),
        MinedPair("ベリーニ", "Bellini", How.NAME, (5, 6), 2),
    ]


def test_a_bilingual_list_gives_the_terms_that_stand_on_both_sides() -> None:
    found = mine(
        SOURCES, REFERENCES, bilingual={"灯台": ["lighthouse"], "港湾局": ["harbour office", "port authority"]}
    )

    assert [(pair.source, pair.target, pair.how) for pair in found if pair.how is How.TERM] == [
        ("灯台", "lighthouse", How.TERM),
        ("NATO", "NATO", How.TERM),
        ("TikTok", "TikTok", How.TERM),
        ("港湾局", "port authority", How.TERM),
    ]


def test_the_dictionary_gives_compounds_and_no_everyday_words(small: Dictionary) -> None:
    found = mine(SOURCES, REFERENCES, dictionary=small)

    assert [pair for pair in found if pair.how is How.DICTIONARY] == [
        MinedPair("港湾局", "port authority", How.DICTIONARY, (6,), 1)
    ]


def test_the_dictionary_knows_readings_that_the_analyser_does_not(small: Dictionary) -> None:
    found = mine(["岸田文雄と大谷は潮見岬にいた。"], ["Fumio Kishida and Ohtani were at Shiomi."], dictionary=small)

    assert pairs(found) == {"岸田文雄": "Fumio Kishida", "大谷": "Ohtani", "潮見岬": "Shiomi"}


def test_words_of_time_are_no_terms(small: Dictionary) -> None:
    assert mine(["来年、船が来る。"], ["Next year the ship comes."], dictionary=small) == []


def test_random_pairs_are_everyday_words_and_the_same_each_time(small: Dictionary) -> None:
    found = mine(SOURCES, REFERENCES, dictionary=small, randomly=True)

    assert [(pair.source, pair.target, pair.lines) for pair in found] == [("灯台", "lighthouse", (1,))]
    assert found == mine(SOURCES, REFERENCES, dictionary=small, randomly=True)


def test_random_pairs_of_a_line_are_two_at_most_and_depend_on_the_seed() -> None:
    words = {
        word: [word_english]
        for word, word_english in zip("鐘綱錨帆櫂", ["bell", "rope", "anchor", "sail", "oar"], strict=True)
    }
    draws = {
        tuple(
            sorted(
                pairs(
                    mine(
                        ["鐘、綱、錨、帆、櫂"],
                        ["bell, rope, anchor, sail, oar"],
                        bilingual=words,
                        randomly=True,
                        seed=seed,
                    )
                )
            )
        )
        for seed in range(12)
    }

    assert {len(draw) for draw in draws} == {2}
    assert len(draws) > 3


def test_random_pairs_without_list_and_dictionary_are_refused() -> None:
    with pytest.raises(InputError, match="name a list"):
        mine(SOURCES, REFERENCES, randomly=True)


def test_texts_of_different_length_are_refused_with_both_lengths() -> None:
    with pytest.raises(ScoreError, match="2 source lines, 1 reference lines"):
        mine(["浜田", "浜田"], ["Hamada"])


def test_the_majority_chooses_the_english_and_the_others_are_variants() -> None:
    found = mine(
        ["コヴァーチが来た。"] * 6,
        ["Here Kovacs came."] * 3 + ["Here Kovach came."] * 2 + ["Here Kovich came."],
    )

    assert found == [MinedPair("コヴァーチ", "Kovacs", How.NAME, (1, 2, 3, 4, 5), 6, ("Kovach",))]


@pytest.mark.parametrize(("held", "kept"), [(1, False), (2, True), (3, True)])
def test_a_pair_stays_only_if_two_of_three_lines_hold_it(held: int, kept: bool) -> None:
    english = ["There Kovacs was."] * held + ["There he was."] * (3 - held)

    assert bool(mine(["コヴァーチがいた。"] * 3, english)) is kept


def test_what_a_longer_entry_covers_is_no_entry() -> None:
    found = mine(["北浜港湾局は休み。"], ["The Kitahama Port Authority rests."], bilingual={
        "港湾局": ["Port Authority"], "北浜港湾局": ["Kitahama Port Authority"],
    })  # fmt: skip

    assert pairs(found) == {"北浜港湾局": "Kitahama Port Authority"}


def test_an_english_word_that_is_mostly_small_is_no_name() -> None:
    sources = ["ランプが光る。", "ランプを買う。", "ランプは古い。"]

    assert mine(sources, ["Lamps shine.", "He buys a lamp for the lamps.", "Old lamps."]) == []


def test_the_first_word_of_a_sentence_may_be_a_name() -> None:
    assert pairs(mine(["コヴァーチが来た。"], ["Kovacs came."])) == {"コヴァーチ": "Kovacs"}


def test_a_katakana_word_without_a_dot_may_be_two_english_words() -> None:
    assert pairs(mine(["ニューヨークに着く。"], ["They reach New York."])) == {"ニューヨーク": "New York"}


def test_the_parts_of_a_name_are_tried_if_the_whole_is_not_there() -> None:
    assert pairs(mine(["アレナ・コヴァーチが来た。"], ["There Kovacs was."])) == {"コヴァーチ": "Kovacs"}


def test_half_width_text_gives_the_same_pairs() -> None:
    assert pairs(mine(["ｺｳﾞｧｰﾁが来た。"], ["Then Kovacs came."])) == {"コヴァーチ": "Kovacs"}


def test_mined_pairs_make_a_glossary_that_every_line_satisfies() -> None:
    found = mine(SOURCES, REFERENCES)

    assert all(
        satisfied(term, REFERENCES[number - 1])
        for pair, term in zip(found, as_glossary(found), strict=True)
        for number in pair.lines
    )


PIECES = ["コヴァーチ", "ﾍﾞﾘｰﾆ", "大阪", "浜田", "ＮＡＴＯ", "・", "は", "。", "が来た", " ", "㈱", "ー", "\u200b"]
WORDS = ["Kovacs", "Bellini", "Osaka", "Hamada", "NATO", "the", "came", ". ", "'s", "-", "É", "ﬁ"]
LINES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join),
        st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=6).map(" ".join),
    ),
    max_size=4,
)


@settings(deadline=None)
@given(LINES)
def test_every_pair_stands_on_both_sides_of_its_lines(lines: list[tuple[str, str]]) -> None:
    found = mine([source for source, _ in lines], [english for _, english in lines])

    for pair in found:
        assert 0 < len(pair.lines) <= pair.count
        for number in pair.lines:
            source, english = lines[number - 1]
            assert pair.source in normalize(source).text
            assert satisfied(Term(pair.source, pair.target, variants=pair.variants), english)
    assert len({pair.source for pair in found}) == len(found)


def test_a_list_may_be_a_glossary_or_a_table(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "source,target,aliases,variants,kind\n灯台,lighthouse,燈台,light,\n全,,,,blocker\n", "utf-8"
    )
    (tmp_path / "list.tsv").write_text("# comment\n灯台\tlighthouse\n\n灯台\tbeacon\textra\n", "utf-8")

    assert read_bilingual(tmp_path / "list.csv") == {"灯台": ["lighthouse", "light"], "燈台": ["lighthouse", "light"]}
    assert read_bilingual(tmp_path / "list.tsv") == {"灯台": ["lighthouse", "beacon"]}


def test_a_list_line_without_a_tab_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.tsv").write_text("灯台\tlighthouse\n鐘 bell\n", "utf-8")

    with pytest.raises(InputError, match=r"list\.tsv:2: not Japanese TAB English"):
        read_bilingual(tmp_path / "list.tsv")


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_mine_arguments(parser)
    return run_mine(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ja").write_text("\n".join(SOURCES) + "\n", "utf-8")
    (tmp_path / "x.en").write_text("\n".join(REFERENCES) + "\n", "utf-8")
    return tmp_path / "x.ja", tmp_path / "x.en"


def test_the_command_writes_a_glossary_that_loads(texts: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    source, reference = texts

    assert run("--source", source, "--reference", reference, "--dictionary", "none", "--output", "mined.csv") == 0

    assert {term.source: (term.target, term.note) for term in load(["mined.csv"])}["コヴァーチ"] == (
        "Kovacs",
        "name 2 of 2",
    )
    assert "8 pairs, written to mined.csv, 10 occurrences" in capsys.readouterr().out


def test_the_command_gives_the_evidence_as_json(texts: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    source, reference = texts

    assert run("--source", source, "--reference", reference, "--dictionary", "none", "--json") == 0

    result = json.loads(capsys.readouterr().out)
    assert (result["entries"], result["occurrences"], result["how"]) == (8, 10, {"name": 6, "term": 2})
    assert result["pairs"][1] == {
        "source": "コヴァーチ",
        "target": "Kovacs",
        "how": "name",
        "lines": [2, 5],
        "count": 2,
        "variants": [],
    }


def test_random_without_a_dictionary_says_what_to_add(texts: tuple[Path, Path]) -> None:
    source, reference = texts

    with pytest.raises(InputError, match=r"--list FILE, or install the dictionary with: pip install"):
        run("--source", source, "--reference", reference, "--random", "--dictionary", "none")


def test_a_dictionary_that_is_asked_for_must_be_there(
    texts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, reference = texts
    monkeypatch.setattr(dictionaries, "find", lambda: None)

    with pytest.raises(InputError, match="are not installed; install the dictionary with"):
        run("--source", source, "--reference", reference, "--dictionary", "jmdict")


def test_an_output_that_is_no_csv_is_refused(texts: tuple[Path, Path]) -> None:
    source, reference = texts

    with pytest.raises(SystemExit):
        run("--source", source, "--reference", reference, "--output", reference)
    assert reference.read_text("utf-8").startswith("Alena")


def test_commas_and_quotes_survive_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.ja").write_text("港湾庁が来た。\n", "utf-8")
    Path("x.en").write_text('The Office of Ports, Piers and "Quays" came.\n', "utf-8")
    Path("list.tsv").write_text('港湾庁\tOffice of Ports, Piers and "Quays"\n', "utf-8")

    assert (
        run(
            "--source", "x.ja", "--reference", "x.en", "--list", "list.tsv", "--output", "o.csv", "--dictionary", "none"
        )
        == 0
    )

    with Path("o.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["target"] == 'Office of Ports, Piers and "Quays"'
    assert len(load(["o.csv"])) == 1
