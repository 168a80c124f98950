"""``score --glossary-modes``: one test set, three glossaries, one table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cape import Project

from translate.cli import main

JAPANESE = ["灯台守は眠った。", "船は7隻だ。", "灯台守は笑った。", "岬町に鐘が鳴る。"]
REFERENCES = [
    "The lighthouse keeper slept.",
    "There were seven ships.",
    "The lighthouse keeper laughed.",
    "A bell rings.",
]
WORDS = ["--source", "src.ja", "--reference", "ref.en", "--engine", "fake", "--glossary", "terms.csv"]


@pytest.fixture
def files(project: Project) -> Project:
    project.write("src.ja", "\n".join(JAPANESE))
    project.write("ref.en", "\n".join(REFERENCES))
    project.write("random.csv", "source,target\n船,ship\n鐘,bell\n")
    return project


def modes(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["score", *WORDS, *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_proper_terms_are_counted_in_every_mode(files: Project, capsys) -> None:
    found = modes(capsys, "--glossary-modes", "none,proper,random", "--random-glossary", "random.csv")
    terms = {mode: one["term_figures"] for mode, one in found["modes"].items()}
    assert {mode: (one["matched"], one["satisfied"]) for mode, one in terms.items()} == {
        "none": (3, 0), "proper": (3, 3), "random": (3, 0),
    }  # fmt: skip
    assert (terms["none"]["consistency"], terms["proper"]["consistency"]) == (0, 1)
    assert found["modes"]["random"]["own_term_figures"]["success"] == 1
    assert found["modes"]["none"]["stages"] == {"plain": 4}
    assert found["modes"]["proper"]["stages"] == {"marked": 3, "plain": 1}


def test_each_mode_is_compared_with_none(files: Project, capsys) -> None:
    found = modes(capsys, "--glossary-modes", "proper,none")
    assert (found["compared_with"], list(found["modes"])) == ("none", ["none", "proper"])
    assert found["modes"]["none"]["comparisons"] == {}
    comparisons = found["modes"]["proper"]["comparisons"]
    assert set(comparisons) == {"bleu", "chrf", "success", "clean_success", "consistency", "over_enforced"}
    assert comparisons["success"]["difference"] == 1
    for name in ("bleu", "chrf"):
        before, after = (found["modes"][mode][name] for mode in ("none", "proper"))
        assert comparisons[name]["difference"] == pytest.approx(after - before)
        assert comparisons[name]["low"] <= comparisons[name]["high"]


def test_the_table_shows_each_mode_as_a_column(files: Project, capsys) -> None:
    assert main(["score", *WORDS, "--glossary-modes", "none,proper"]) == 0
    out = capsys.readouterr().out
    assert [cell.strip() for cell in out.splitlines()[1].strip("┃").split("┃")] == ["", "none", "proper"]
    assert "term success" in out
    assert "segments: 4, 3 proper terms, 1 repeated" in out


def test_the_lines_of_each_mode_are_saved_and_taken_over_by_the_next_run(files: Project, capsys) -> None:
    words = ["--glossary-modes", "none,proper", "--save", "runs/x"]
    first = modes(capsys, *words)
    saved = {path.name: path.read_bytes() for path in Path("runs").iterdir()}
    assert sorted(saved) == ["x.none.en", "x.none.jsonl", "x.proper.en", "x.proper.jsonl"]
    assert len(saved["x.proper.en"].splitlines()) == 4
    second = modes(capsys, *words)
    assert second == first  # the seconds, too: they are those of the translation
    assert {path.name: path.read_bytes() for path in Path("runs").iterdir()} == saved
    files.write("terms.csv", "source,target\n灯台守,keeper\n")
    assert main(["score", *WORDS, *words]) == 2
    assert "x.proper.jsonl: holds the work of another run (its glossary differ)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--glossary-modes", "none,best"], "choose from none, proper, random"),
        (["--glossary-modes", ","], "choose from none, proper, random"),
        (["--glossary-modes", "none,random"], "belong together"),
        (["--glossary-modes", "none,proper", "--random-glossary", "random.csv"], "belong together"),
        (["--glossary-modes", "none,proper", "--hypothesis", "ref.en"], "translates --source FILE itself"),
        (["--glossary-modes", "none,proper", "--gate"], "--gate does not go with --glossary-modes"),
        (["--glossary-modes", "none,proper", "--ledger", "l.jsonl"], "--ledger does not go with"),
        (["--glossary-modes", "none,proper", "--reference", "src.ja", "--reference", "short"], "has 1 segment"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_translated(
    files, capsys, words: list[str], message: str
) -> None:
    files.write("short", "a\n")
    before = files.files()
    assert main(["score", *WORDS, *words]) == 2
    assert message in capsys.readouterr().err
    assert files.files() == before


def test_modes_need_a_proper_glossary(files: Project, capsys) -> None:
    words = ["--source", "src.ja", "--reference", "ref.en", "--engine", "fake", "--glossary", "none"]
    assert main(["score", *words, "--glossary-modes", "none,proper"]) == 2
    assert "the proper terms come from --glossary FILE" in capsys.readouterr().err
