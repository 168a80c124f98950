"""``score`` as a command: inputs, warnings, other metrics, and what goes into the ledger."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest
from cape import SEGMENTS, Project

from translate.cli import main
from translate.engines import create
from translate.errors import InputError, ScoreError
from translate.evaluation import WorkFile, from_lines, notices, read_units, translate_lines
from translate.glossary import Glossary
from translate.ledger import Ledger

JAPANESE = ["灯台守は眠った。", "船は7隻だ。", "灯台守は笑った。"]
HYPOTHESES = ["The lighthouse keeper slept.", "There are seven ships.", "The man laughed."]
REFERENCES = ["The lighthouse keeper slept.", "There were seven ships at sea.", "The lighthouse keeper laughed."]
SECOND = ["The keeper of the light slept.", "There are seven ships.", "He laughed."]


@pytest.fixture
def files(project: Project) -> Project:
    for name, lines in (("src.ja", JAPANESE), ("out.en", HYPOTHESES), ("ref.en", REFERENCES), ("two.en", SECOND)):
        project.write(name, "".join(f"{line}\n" for line in lines))
    return project


def score(capsys: pytest.CaptureFixture[str], *words: str, expected: int = 0) -> dict:
    assert main(["score", *words, "--json"]) == expected
    return json.loads(capsys.readouterr().out)


def tmx(pairs: list[tuple[str, str]]) -> str:
    units = "".join(
        f'<tu><tuv xml:lang="ja"><seg>{ja}</seg></tuv><tuv xml:lang="en"><seg>{en}</seg></tuv></tu>' for ja, en in pairs
    )
    return f'<?xml version="1.0"?><tmx version="1.4"><header srclang="ja"/><body>{units}</body></tmx>'


# Inputs


def test_several_reference_sets_count_together(files: Project, capsys) -> None:
    one = score(capsys, "--hypothesis", "out.en", "--reference", "ref.en")
    both = score(capsys, "--hypothesis", "out.en", "--reference", "ref.en", "--reference", "two.en")
    assert both["signature"]["bleu"].startswith("nrefs:2|")
    assert both["bleu"] > one["bleu"]
    assert both["test_set"]["hash"] != one["test_set"]["hash"]


def test_tmx_references_meet_lines_by_their_japanese(files: Project, capsys) -> None:
    files.write("ref.tmx", tmx(list(zip(JAPANESE, REFERENCES, strict=True))[::-1]))
    words = ["--source", "src.ja", "--hypothesis", "out.en", "--glossary", "none"]
    by_japanese = score(capsys, *words, "--reference", "ref.tmx")
    by_order = score(capsys, *words, "--reference", "ref.en")
    assert by_japanese["chrf"] == by_order["chrf"]
    assert by_japanese["test_set"]["hash"] == by_order["test_set"]["hash"]


def test_a_tmx_file_can_be_a_whole_test_set(files: Project, capsys) -> None:
    files.write("set.tmx", tmx(list(zip(JAPANESE, REFERENCES, strict=True))))
    found = score(capsys, "--source", "set.tmx", "--reference", "set.tmx", "--engine", "fake", "--glossary", "none")
    assert (found["segments"], found["engine"]) == (3, "fake@1")


def test_tmx_references_meet_po_entries_by_their_msgid(files: Project, capsys) -> None:
    files.translate()
    pairs = [(msgid, english) for msgid, english in files.english().items()]
    files.write("ref.tmx", tmx([("余分", "Superfluous."), *pairs[::-1]]))
    found = score(capsys, "--po", str(files.po), "--reference", "ref.tmx", "--glossary", "none")
    assert (found["ter"], found["segments"]) == (0, SEGMENTS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--hypothesis", "out.en", "--reference", "ref.tmx"], "give the Japanese of the hypotheses with --source"),
        (["--source", "src.ja", "--hypothesis", "out.en", "--reference", "ref.tmx"], "no reference for 2 of 3"),
        (["--hypothesis", "out.en", "--reference", "ref.en", "--reference", "one.en"], "(set 2 of 2) has 1 segment"),
        (["--hypothesis", "out.en", "--reference", "ref.en", "--articles", "one.en"], "list of articles has 1"),
        (["--hypothesis", "out.en", "--reference", "ref.en", "--metric", "own"], "write NAME=COMMAND"),
    ],
)  # fmt: skip
def test_bad_input_is_an_error(files: Project, capsys, words: list[str], message: str) -> None:
    files.write("ref.tmx", tmx([(JAPANESE[0], REFERENCES[0])]))
    files.write("one.en", "a\n")
    assert main(["score", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_tmx_file_without_english_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.tmx").write_text(tmx([("灯台", "")]), encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.tmx: no unit has both"):
        read_units(tmp_path / "x.tmx")


# Warnings


def test_what_makes_a_score_doubtful_is_said_with_its_place() -> None:
    sources = ["灯台", "港", "船", "鐘"]
    rows = from_lines(sources, ["", "the 港", "ship", "bell"], [["light", "port", "船", " "]], ("s", "out.en", "r"))
    assert [(notice.kind, notice.places) for notice in notices(rows)] == [
        ("empty-hypothesis", ("out.en:1",)),
        ("japanese", ("out.en:2",)),
        ("empty-reference", ("out.en:4",)),
        ("reference-is-source", ("out.en:3",)),
    ]


def test_warnings_go_to_standard_error_and_into_the_json(files: Project, capsys) -> None:
    files.write("out.en", "\nThe 船\nHe laughed.\n")
    assert main(["score", "--hypothesis", "out.en", "--reference", "ref.en", "--json"]) == 0
    captured = capsys.readouterr()
    assert "warning: nothing is translated, which counts against the score: 1 segments: out.en:1" in captured.err
    assert [one["kind"] for one in json.loads(captured.out)["warnings"]] == ["empty-hypothesis", "japanese"]


# Figures


def test_articles_and_segments_have_scores_of_their_own(files: Project, capsys) -> None:
    files.write("names", "cape\ncape\nport\n")
    found = score(capsys, "--hypothesis", "out.en", "--reference", "ref.en", "--articles", "names", "--segments")
    assert {name: one["segments"] for name, one in found["articles"].items()} == {"cape": 2, "port": 1}
    assert [one["place"] for one in found["segment_scores"]] == ["out.en:1", "out.en:2", "out.en:3"]
    assert found["segment_scores"][0]["ter"] == 0
    assert found["articles"]["port"]["ter"] == found["segment_scores"][2]["ter"]
    assert found["intervals"]["bleu"]["low"] <= found["intervals"]["bleu"]["high"]
    assert main(["score", "--hypothesis", "out.en", "--reference", "ref.en", "--articles", "names"]) == 0
    assert "│ port " in capsys.readouterr().out


def test_the_figures_of_terms_stand_beside_their_count(files: Project, capsys) -> None:
    words = ["--source", "src.ja", "--hypothesis", "out.en", "--reference", "ref.en", "--glossary", "terms.csv"]
    found = score(capsys, *words)
    assert found["terms"] == {"matched": 2, "satisfied": 1}
    figures = found["term_figures"]
    assert (figures["success"], figures["repeated"], figures["consistent"], figures["over_enforced"]) == (0.5, 1, 0, 0)
    assert main(["score", *words]) == 0
    assert "0 of 1 repeated terms in one form throughout their article" in capsys.readouterr().out


def test_a_metric_of_another_program_is_scored_and_recorded(files: Project, capsys) -> None:
    code = 'import json, sys\nfor n, line in enumerate(sys.stdin): print(json.dumps({"score": n}))'
    files.write("metric.py", code)
    command = f"own={shlex.join([sys.executable, 'metric.py'])}"
    words = ["--hypothesis", "out.en", "--reference", "ref.en", "--metric", command]
    found = score(capsys, *words, "--ledger", "l.jsonl", "--segments")
    assert found["metrics"] == {"own": 1.0}
    assert [one["own"] for one in found["segment_scores"]] == [0, 1, 2]
    (record,) = Ledger(Path("l.jsonl")).records()
    assert record.scores["own"]["score"] == 1.0
    assert record.options["metric"] == [command]
    assert main(["score", *words]) == 0
    assert "own      1.00  [" in capsys.readouterr().out


# The ledger


def test_a_run_is_recorded_with_all_that_makes_it_comparable(files: Project, capsys) -> None:
    words = ["--source", "src.ja", "--reference", "ref.en", "--engine", "fake", "--beam-size", "2"]
    found = score(capsys, *words, "--glossary", "terms.csv", "--ledger", "scores/l.jsonl", "--test-set", "cape")
    ledger = Ledger(Path("scores/l.jsonl"))
    (record,) = ledger.records()
    assert found["record"] == record.id
    assert (record.engine, record.decoding, record.glossary) == ("fake@1", {"beam_size": 2}, found["glossary"])
    assert record.test_set == {"name": "cape", "hash": found["test_set"]["hash"]}
    assert (record.segments, record.signature, record.gate) == (3, found["signature"], None)
    assert record.scores["bleu"] == {
        "score": found["bleu"], "low": found["intervals"]["bleu"]["low"], "high": found["intervals"]["bleu"]["high"],
    }  # fmt: skip
    assert record.terms == found["term_figures"]
    assert record.stages == {"marked": 2, "plain": 1}
    assert len(ledger.stored(record)) == 3


def test_without_a_ledger_nothing_is_written(files: Project, capsys) -> None:
    before = files.files()
    found = score(capsys, "--hypothesis", "out.en", "--reference", "ref.en", "--ledger", "none")
    assert found["record"] is None
    assert files.files() == before


# Runs that can be interrupted


class InterruptedRunError(Exception):
    pass


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / ".cache"))
    monkeypatch.setattr("translate.evaluation.KEPT_CHUNK", 2)
    lines = [f"{number}番の船が港を出た。" for number in range(7)]
    path, engine = tmp_path / "work.jsonl", create("fake")

    def stop(_what: str, done: int, _total: int) -> None:
        if done == 4:
            raise InterruptedRunError

    def work() -> WorkFile:
        return WorkFile(path, lines, "fake@1", "none")

    with pytest.raises(InterruptedRunError):
        translate_lines(lines, Glossary(), engine, stop, work())
    with path.open("ab") as file:
        file.write(b'{"lines": [[5, "to')
    assert len(work().done) == 4
    told: list[int] = []
    english, stages, seconds = translate_lines(
        lines, Glossary(), engine, lambda _what, done, _total: told.append(done), work()
    )
    assert english == translate_lines(lines, Glossary(), create("fake"), lambda *_: None)[0]
    assert (told, dict(stages), seconds > 0) == ([4, 6, 7], {"plain": 7}, True)
    assert engine.done == 7  # type: ignore[attr-defined]
    assert len(work().done) == 7


def test_the_work_of_another_run_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / ".cache"))
    path = tmp_path / "work.jsonl"
    WorkFile(path, ["一", "二"], "fake@1", "none").add({1: ("Two.", "plain")}, 0.5)
    assert WorkFile(path, ["一", "二"], "fake@1", "none").done == {1: ("Two.", "plain")}
    with pytest.raises(InputError, match=r"work of another run \(its engine and source differ\)"):
        WorkFile(path, ["一"], "fake@2", "none")


@pytest.mark.parametrize("line", ['{"lines": [[9, "x", "plain"]], "seconds": 1}', '{"lines": 3, "seconds": 1}', "{}"])
def test_a_damaged_work_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / ".cache"))
    path = tmp_path / "work.jsonl"
    WorkFile(path, ["一"], "fake@1", "none").add({0: ("One.", "plain")}, 0.5)
    path.write_text(f"{path.read_text()}{line}\n")
    with pytest.raises(InputError, match=r"work\.jsonl:3: .*; delete the line"):
        WorkFile(path, ["一"], "fake@1", "none")


def test_unequal_articles_are_an_error() -> None:
    with pytest.raises(ScoreError, match="the list of articles has 1 segments, hypothesis has 2"):
        from_lines(None, ["a", "b"], [["a", "b"]], ("source", "hypothesis", "reference"), ["x"])
