"""Scoring: hypotheses meet the right references, and the figures are sacrebleu's own."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from cape import BODY, SEGMENTS, Project

from translate.catalog import Catalog
from translate.cli import main
from translate.engines import create
from translate.errors import InputError, ScoreError
from translate.evaluation import aligned, evaluate, read_lines, translate_lines
from translate.glossary import Glossary, Term

KEEPER = Glossary((Term("灯台守", "lighthouse keeper"),))
JAPANESE = ["灯台守は眠った。", "船は7隻だ。", "灯台守は笑った。"]
HYPOTHESES = ["The lighthouse keeper slept.", "There are seven ships.", "The man laughed."]
REFERENCES = ["The lighthouse keeper slept.", "There were seven ships at sea.", "The lighthouse keeper laughed."]


def score(*words: str | Path, expected: int = 0, capsys: pytest.CaptureFixture[str]) -> dict:
    assert main(["score", *map(str, words), "--json"]) == expected
    return json.loads(capsys.readouterr().out)


def reference_po(project: Project, path: str, english: dict[str, str]) -> Path:
    rows = list(english.items())
    random.Random(3).shuffle(rows)
    return project.write(path, "".join(f'msgid "{msgid}"\nmsgstr "{text}"\n\n' for msgid, text in rows))


def sacrebleu(hypotheses: Path, references: Path) -> dict[str, float]:
    code = "import sys; sys.argv[0] = 'sacrebleu'; from sacrebleu.sacrebleu import main; main()"
    words = [str(references), "-i", str(hypotheses), "-m", "bleu", "chrf", "ter", "-w", "12"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return {one["name"].lower().removesuffix("2"): float(one["score"]) for one in json.loads(done.stdout)}


# The functions


def test_terms_are_counted_a_segment(tmp_path: Path) -> None:
    result = evaluate(JAPANESE, HYPOTHESES, REFERENCES, KEEPER)
    assert (result.matched, result.satisfied, result.scores.segments) == (2, 1, 3)


def test_without_sources_no_terms_are_counted() -> None:
    result = evaluate(None, HYPOTHESES, REFERENCES, KEEPER)
    assert (result.matched, result.satisfied) == (0, 0)


def test_the_same_text_is_perfect() -> None:
    scores = evaluate(None, REFERENCES, REFERENCES, Glossary()).scores
    assert (round(scores.bleu), round(scores.chrf), scores.ter) == (100, 100, 0)


@pytest.mark.parametrize(("sources", "hypotheses", "references", "message"), [
    (JAPANESE[:2], HYPOTHESES, REFERENCES, "source has 2 segments, hypothesis has 3"),
    (JAPANESE, HYPOTHESES, REFERENCES[:1], "hypothesis has 3 segments, but reference has 1 segment"),
    (None, [], [], "nothing to score"),
])  # fmt: skip
def test_unequal_lengths_are_an_error_with_both(sources, hypotheses, references, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        evaluate(sources, hypotheses, references, Glossary())


def test_lines_are_translated_in_their_order_whatever_their_length() -> None:
    lines = ["灯台守は眠った。", "海。", "朝になると船は港を出て沖へ向かった。"]
    told: list[tuple[int, ...]] = []
    english, stages, seconds = translate_lines(
        lines, KEEPER, create("fake"), lambda _, done, of: told.append((done, of))
    )
    alone = [translate_lines([line], KEEPER, create("fake"), lambda *_: None)[0][0] for line in lines]
    assert english == alone
    assert (dict(stages), told, seconds >= 0) == ({"marked": 1, "plain": 2}, [(0, 3), (3, 3)], True)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\nb\n", ["a", "b"]),
        (b"a\nb", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"a\n\nb\n", ["a", "", "b"]),
        ("a\u2028b\x0bc\n".encode(), ["a\u2028b\x0bc"]),
        ("\ufeff灯台\n".encode(), ["灯台"]),
        ("灯台\n".encode("cp932"), ["灯台"]),
    ],
)
def test_only_line_breaks_end_a_line(tmp_path: Path, data: bytes, lines: list[str]) -> None:
    (tmp_path / "x").write_bytes(data)
    assert read_lines(tmp_path / "x") == lines


def test_a_missing_file_of_lines_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_lines(tmp_path / "x")


def test_entries_meet_their_references_by_msgid_or_in_order(project: Project) -> None:
    project.translate()
    catalog = project.catalog()
    msgids = [entry.msgid for entry in catalog]
    reference = Catalog.read(reference_po(project, "ref.po", {msgid: f"R {n}" for n, msgid in enumerate(msgids)}))
    expected = (msgids, list(project.english().values()), [f"R {n}" for n in range(SEGMENTS)])
    assert aligned(catalog, reference, ("a", "b")) == expected
    assert aligned(catalog, [f"R {n}" for n in range(SEGMENTS)], ("a", "b")) == expected


def test_a_missing_reference_is_an_error_with_its_place(project: Project) -> None:
    project.translate()
    english = project.english()
    del english[BODY[3]]
    reference = Catalog.read(reference_po(project, "ref.po", english))
    with pytest.raises(ScoreError, match=rf"b has no reference for 1 of 11 segments of a; the first .*{BODY[3]}"):
        aligned(project.catalog(), reference, ("a", "b"))
    with pytest.raises(ScoreError, match="a has 11 segments, b has 2 lines"):
        aligned(project.catalog(), ["one", "two"], ("a", "b"))


# The command


def test_a_po_file_is_scored_against_a_po_file(project: Project, capsys) -> None:
    project.translate()
    reference = reference_po(project, "refs/cape.po", project.english())
    found = score("--po", project.po, "--reference", reference, "--glossary", "terms.csv", capsys=capsys)
    assert (round(found["bleu"]), round(found["chrf"]), found["ter"], found["segments"]) == (100, 100, 0, SEGMENTS)
    assert (found["terms"], found["engine"]) == ({"matched": 4, "satisfied": 4}, "fake@1")


def test_a_po_file_is_scored_against_lines(project: Project, capsys) -> None:
    project.translate()
    lines = project.write("ref.txt", "".join(f"{english}\n" for english in project.english().values()))
    found = score("--po", project.po, "--reference", lines, "--glossary", "none", capsys=capsys)
    assert (round(found["bleu"]), found["terms"]) == (100, {"matched": 0, "satisfied": 0})


def test_po_files_meet_the_references_of_their_name(project: Project, capsys) -> None:
    other = project.write("articles/ja/bell.txt", f"{BODY[3]}\n")
    project.translate()
    project.translate(other)
    english = {**project.english(), BODY[3]: "nothing of the kind"}
    refs = [reference_po(project, "refs/bell.po", english), reference_po(project, "refs/cape.po", project.english())]
    pos = [project.po, project.po.with_name("bell.po")]
    found = score("--po", *pos, "--reference", *refs, "--glossary", "none", capsys=capsys)
    assert found["segments"] == SEGMENTS + 1
    assert found["chrf"] < 100
    with_one = [*map(str, pos), "--reference", str(refs[0])]
    assert main(["score", "--po", *with_one]) == 2
    assert "no --reference file is called cape.po" in capsys.readouterr().err


def test_the_figures_are_those_of_sacrebleu_on_the_command_line(project: Project, capsys) -> None:
    hypotheses = project.write("hyp.txt", "".join(f"{line}\n" for line in HYPOTHESES))
    references = project.write("ref.txt", "".join(f"{line}\n" for line in REFERENCES))
    found = score("--hypothesis", hypotheses, "--reference", references, capsys=capsys)
    for name, value in sacrebleu(hypotheses, references).items():
        assert found[name] == pytest.approx(value, abs=1e-9), name
    assert found["signature"]["bleu"].startswith("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:")
    assert found["engine"] is None


def test_given_hypotheses_with_their_source_count_terms(project: Project, capsys) -> None:
    source = project.write("src.txt", "\n".join(JAPANESE))
    hypotheses = project.write("hyp.txt", "\n".join(HYPOTHESES))
    references = project.write("ref.txt", "\n".join(REFERENCES))
    words = ["--source", source, "--hypothesis", hypotheses, "--reference", references, "--glossary", "terms.csv"]
    found = score(*words, capsys=capsys)
    assert found["terms"] == {"matched": 2, "satisfied": 1}
    assert (found["stages"], found["seconds"]) == ({}, 0)


def test_a_source_is_translated_and_the_translation_saved(project: Project, capsys) -> None:
    source = project.write("src.txt", "\n".join(JAPANESE))
    references = project.write("ref.txt", "\n".join(REFERENCES))
    before = project.files()
    words = ["--source", source, "--reference", references, "--engine", "fake", "--glossary", "terms.csv"]
    found = score(*words, capsys=capsys)
    assert project.files() == before
    assert found["terms"] == {"matched": 2, "satisfied": 2}
    assert (found["engine"], found["stages"]) == ("fake@1", {"marked": 2, "plain": 1})
    again = score(*words, "--save", "out.txt", capsys=capsys)
    assert again["chrf"] == found["chrf"]
    saved = score("--hypothesis", "out.txt", "--reference", references, capsys=capsys)
    assert (saved["bleu"], saved["chrf"], saved["ter"]) == (found["bleu"], found["chrf"], found["ter"])


def test_without_json_the_figures_come_with_their_signatures(project: Project, capsys) -> None:
    hypotheses = project.write("hyp.txt", "\n".join(REFERENCES))
    assert main(["score", "--hypothesis", str(hypotheses), "--reference", str(hypotheses)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["BLEU", "100.00"], ["chrF2", "100.00"], ["TER", "0.00"]]
    assert "nrefs:1|case:mixed" in lines[0]
    assert lines[3] == "segments: 3"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--hypothesis", "three.txt", "--reference", "two.txt"], r"three.txt has 3 segments, but two.txt has 2"),
        (["--source", "three.txt", "--reference", "two.txt"], r"three.txt has 3 segments, but two.txt has 2"),
        (["--source", "two.txt", "--hypothesis", "three.txt", "--reference", "three.txt"], "two.txt has 2 segments"),
        (["--hypothesis", "none.txt", "--reference", "two.txt"], "none.txt: no such file"),
        (["--hypothesis", "empty.txt", "--reference", "two.txt"], "empty.txt: the file is empty"),
        (["--hypothesis", "articles", "--reference", "two.txt"], "articles: is a folder"),
        (["--reference", "two.txt"], "give either --po"),
        (["--po", "a.po", "--source", "two.txt", "--reference", "two.txt"], "give either --po"),
        (["--source", "two.txt", "--reference", "two.txt", "three.txt"], "lines take one --reference"),
        (["--source", "two.txt", "--reference", "two.txt", "--engine", "fakir"], "did you mean 'fake'"),
    ],
)  # fmt: skip
def test_bad_input_is_an_error(project: Project, capsys, words: list[str], message: str) -> None:
    project.write("two.txt", "a\nb\n")
    project.write("three.txt", "a\nb\nc\n")
    project.write("empty.txt", "")
    before = project.files()
    assert main(["score", *words]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""
    assert project.files() == before


def test_lengths_are_compared_before_anything_is_translated(project: Project, capsys) -> None:
    project.write("two.txt", "灯台\n港\n")
    project.write("one.txt", "a\n")
    assert main(["score", "--source", "two.txt", "--reference", "one.txt", "--engine", "fake:unheard-of"]) == 2
    assert "two.txt has 2 segments, but one.txt has 1 segment" in capsys.readouterr().err
