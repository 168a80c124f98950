"""The gate fails for what became worse beyond chance and tolerance, passes all else, and refuses what differs."""

from __future__ import annotations

import json
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cape import Project

from translate.cli import main
from translate.errors import ScoreError
from translate.evaluation import from_lines
from translate.gate import Verdict, decide, require_comparable
from translate.ledger import Ledger, Record
from translate.metrics import measure

WORDS = (
    "boat",
    "storm",
    "bell",
    "rang",
    "tide",
    "rope",
    "pier",
    "wind",
    "lamp",
    "crew",
    "left",
    "late",
    "early",
    "cold",
)
chance = random.Random(5)
REFERENCE = [" ".join(chance.choices(WORDS, k=12)) + "." for _ in range(40)]


def worse(lines: list[str], share: float, seed: int) -> list[str]:
    dice = random.Random(seed)
    return [" ".join("fog" if dice.random() < share else word for word in line.split()) for line in lines]


GOOD = worse(REFERENCE, 0.2, 1)
NAMES = ("source", "hypothesis", "reference")

Score = Callable[..., tuple[int, dict]]


@pytest.fixture
def score(project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Score:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    project.write("ref.en", "\n".join(REFERENCE))

    def run(english: list[str], *words: str, ledger: bool = True) -> tuple[int, dict]:
        project.write("out.en", "\n".join(english) + "\n")
        given = ["--hypothesis", "out.en", "--reference", "ref.en", *(["--ledger", "s/l.jsonl"] if ledger else [])]
        code = main(["score", *given, *words, "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else {}

    return run


def verdict(before: list[str], after: list[str], **options: float) -> Verdict:
    rows = from_lines(None, after, [REFERENCE], NAMES)
    metrics = ("bleu", "chrf")
    measured = (measure(before, [REFERENCE], metrics=metrics), measure(after, [REFERENCE], metrics=metrics))
    return decide(rows, *measured, baseline="it", **options)


# The decision


def test_a_clearly_worse_run_fails_for_both_metrics_and_its_mirror_image_passes() -> None:
    bad = worse(GOOD, 0.5, 2)
    assert set(verdict(GOOD, bad).reasons) == {"bleu", "chrf"}
    assert verdict(bad, GOOD).passed


def test_an_unchanged_run_passes_with_a_difference_of_nothing() -> None:
    found = verdict(GOOD, list(GOOD))
    assert found.passed
    assert found.comparisons["bleu"].difference == 0
    assert (found.moved, found.changed) == ((), 0)


@pytest.mark.parametrize("seed", range(3, 9))
def test_two_samples_of_equal_quality_pass_in_both_directions(seed: int) -> None:
    one, other = worse(REFERENCE, 0.2, seed), worse(REFERENCE, 0.2, seed + 100)
    bleu = verdict(one, other).comparisons["bleu"]
    if bleu.p_value >= 0.05:  # one in twenty such pairs differs significantly, which is what 0.05 means
        assert verdict(one, other).passed
        assert verdict(other, one).passed


def test_a_significant_drop_within_the_tolerance_passes() -> None:
    after = [GOOD[0].replace(GOOD[0].split()[0], "fog", 1), *worse(GOOD[1:], 0.5, 2)]
    drop = -verdict(GOOD, after).comparisons["bleu"].difference
    assert verdict(GOOD, after, tolerance=drop + 0.01).reasons.keys() <= {"chrf"}
    assert verdict(GOOD, after, tolerance=drop - 0.01).reasons.keys() >= {"bleu"}
    assert verdict(GOOD, after, tolerance=100).passed


def test_a_drop_that_is_not_significant_passes_however_large() -> None:
    after = [*GOOD[:-2], "fog", "fog"]
    found = verdict(GOOD, after, tolerance=0.0)
    assert found.comparisons["bleu"].difference < 0
    assert found.comparisons["bleu"].p_value >= 0.05
    assert "bleu" not in found.reasons


def test_the_segments_that_moved_most_come_first_and_are_ten_at_most() -> None:
    after = [*GOOD]
    after[7] = "nothing left of it"
    after[3] = after[3].replace("fog", "lamp", 1) if "fog" in after[3] else f"{after[3]} fog"
    found = verdict(GOOD, after)
    assert [one.place for one in found.moved] == ["hypothesis:8", "hypothesis:4"]
    assert (found.moved[0].before, found.moved[0].after) == (GOOD[7], after[7])
    assert found.moved[0].chrf_after < found.moved[0].chrf_before
    many = verdict(GOOD, worse(GOOD, 0.3, 2))
    moves = [abs(one.chrf_after - one.chrf_before) for one in many.moved]
    assert len(moves) == 10
    assert moves == sorted(moves, reverse=True)
    assert many.changed > 10


BASE = Record(
    {"name": "cape", "hash": "aa"}, 80, {"bleu": "tok:13a", "chrf": "nc:6"}, {}, id="20260101T000000Z-00000000"
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"test_set": {"name": "cape", "hash": "bb"}}, r"different test sets \(cape aa then, cape bb now\)"),
        ({"test_set": {"name": "port", "hash": "aa"}}, r"test sets \(cape aa then, port aa now\)"),
        ({"segments": 81}, r"numbers of segments \(80 then, 81 now\)"),
        ({"signature": {"bleu": "tok:char", "chrf": "nc:6"}}, r"BLEU signatures \(tok:13a then, tok:char now\)"),
        ({"signature": {"bleu": "tok:13a"}}, r"chrF2 signatures \(nc:6 then, None now\)"),
    ],
)
def test_what_was_not_measured_alike_is_not_compared(change: dict[str, object], said: str) -> None:
    with pytest.raises(
        ScoreError, match=f"cannot be compared with 20260101T000000Z-00000000: different {'.*' * 0}"
    ) as error:
        require_comparable(BASE, replace(BASE, **change))  # type: ignore[arg-type]
    error.match(said)
    require_comparable(BASE, replace(BASE, id="other", gate="failed"))


# The command


def test_a_first_run_passes_and_says_so_and_is_the_baseline_of_the_next(score: Score) -> None:
    code, first = score(GOOD, "--gate")
    assert (code, first["gate"]["passed"], first["gate"]["baseline"]) == (0, True, None)
    code, second = score(GOOD, "--gate")
    assert (code, second["gate"]["baseline"]) == (0, first["record"])
    assert second["gate"]["comparisons"]["ter"]["difference"] == 0


def test_a_worse_run_exits_5_is_written_down_and_is_no_baseline(score: Score) -> None:
    bad = worse(GOOD, 0.5, 2)
    _, first = score(GOOD, "--gate")
    for _ in range(2):
        code, found = score(bad, "--gate")
        assert code == 5
        assert found["gate"]["baseline"] == first["record"]
    assert [one.gate for one in Ledger(Path("s/l.jsonl")).records()] == ["passed", "failed", "failed"]


def test_a_worse_run_becomes_the_baseline_when_a_person_records_it_without_the_gate(score: Score) -> None:
    bad = worse(GOOD, 0.5, 2)
    score(GOOD, "--gate")
    score(bad)
    assert score(bad, "--gate")[0] == 0


def test_a_baseline_can_be_named(score: Score, project: Project) -> None:
    bad = worse(GOOD, 0.5, 2)
    _, first = score(GOOD)
    score(bad)
    assert score(bad, "--gate", "--baseline", "latest")[0] == 0
    assert score(bad, "--gate", "--baseline", first["record"])[0] == 5
    Path("main.jsonl").write_bytes(Path("s/l.jsonl").read_bytes().splitlines(keepends=True)[0])
    Path(f"{first['record']}.jsonl.gz").write_bytes(Path(f"s/{first['record']}.jsonl.gz").read_bytes())
    assert score(bad, "--gate", "--baseline", "main.jsonl", ledger=False)[0] == 5
    project.write("old.en", "\n".join(GOOD))
    assert score(bad, "--gate", "--baseline", "old.en", ledger=False)[0] == 5
    assert score(GOOD, "--gate", "--baseline", "old.en", ledger=False)[0] == 0


def test_another_test_set_under_the_same_name_is_refused_and_nothing_is_written(score: Score, project, capsys) -> None:
    score(GOOD, "--gate")
    project.write("ref.en", "\n".join([*REFERENCE[:-1], "Another line."]))
    before = project.files()
    assert main(["score", "--hypothesis", "out.en", "--reference", "ref.en", "--ledger", "s/l.jsonl", "--gate"]) == 2
    assert "different test sets (ref " in capsys.readouterr().err
    assert project.files() == before
    assert score(GOOD, "--gate", "--test-set", "new")[1]["gate"]["baseline"] is None


def test_lost_terms_fail_the_gate_whatever_the_scores_say(project: Project, capsys) -> None:
    project.write("src.ja", "灯台守は眠った。\n船は出た。\n")
    project.write("ref.en", "The lighthouse keeper slept.\nThe ship left.\n")
    words = ["score", "--source", "src.ja", "--reference", "ref.en", "--glossary", "terms.csv", "--gate"]
    project.write("old.en", "The lighthouse keeper lay.\nThe ship left.\n")
    project.write("new.en", "The man slept.\nThe ship left.\n")
    assert main([*words, "--hypothesis", "new.en", "--baseline", "old.en"]) == 5
    out = capsys.readouterr().out
    assert "term success fell: 0 of 1 terms, 1 before" in out
    assert main([*words, "--hypothesis", "old.en", "--baseline", "new.en"]) == 0


def test_a_term_that_is_new_in_the_glossary_does_not_fail_the_gate(project: Project, capsys) -> None:
    project.write("src.ja", "灯台守は船で眠った。\n")
    project.write("out.en", "The lighthouse keeper slept aboard.\n")
    words = ["score", "--source", "src.ja", "--hypothesis", "out.en", "--reference", "out.en", "--ledger", "l.jsonl"]
    assert main([*words, "--glossary", "terms.csv", "--gate"]) == 0
    project.write("more.csv", "source,target\n船,ship\n")
    assert main([*words, "--glossary", "terms.csv", "--glossary", "more.csv", "--gate"]) == 0
    assert "│ terms  │ 1 of 2   │ 1 of 2" in capsys.readouterr().out


def test_a_waived_term_does_not_fail_the_gate(project: Project, capsys) -> None:
    project.translate()
    project.write("old.po", project.po.read_bytes())
    project.write("ref.po", project.po.read_bytes())
    msgid, held = next(pair for pair in project.english().items() if "keeper" in pair[1])
    english = {msgid: re.sub("lighthouse keeper", "man", held, flags=re.IGNORECASE)}
    words = ["score", "--po", str(project.po), "--reference", "ref.po", "--glossary", "terms.csv", "--gate"]
    words += ["--baseline", "old.po", "--tolerance", "100"]
    project.review(english)
    assert main(words) == 5
    project.review(english, note="waive: 灯台守: he is no keeper here")
    assert main(words) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--gate"], "give --ledger FILE, or --baseline FILE"),
        (["--gate", "--baseline", "gone.en"], "give --ledger FILE, or --baseline FILE"),
        (["--gate", "--ledger", "none"], "give --ledger FILE, or --baseline FILE"),
        (["--gate", "--ledger", "l.jsonl", "--baseline", "2026"], "no record whose id begins with '2026'"),
        (["--ledger", "scores"], "name a .jsonl file"),
        (["--junit", "x.xml"], "--junit is the gate's: add --gate"),
        (["--gate", "--baseline", "short.en"], "short.en has 1 segment, but the references has 40 segments"),
    ],
)
def test_a_gate_that_cannot_work_is_an_error(score: Score, project: Project, words: list[str], message, capsys) -> None:
    project.write("short.en", "a\n")
    project.write("out.en", "\n".join(GOOD))
    assert main(["score", "--hypothesis", "out.en", "--reference", "ref.en", *words]) == 2
    assert message in capsys.readouterr().err


def test_github_gets_a_summary_and_annotations_and_dashboards_their_xml(
    score: Score, project, monkeypatch, capsys
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project.write("step.md", "earlier\n")))
    score(GOOD)
    project.write("out.en", "\n".join(worse(GOOD, 0.5, 2)))
    words = ["--hypothesis", "out.en", "--reference", "ref.en", "--ledger", "s/l.jsonl", "--gate", "--junit", "j.xml"]
    assert main(["score", *words, "--summary", "own.md"]) == 5
    captured = capsys.readouterr()
    assert captured.err.count("::error title=Translation scores of ref::") == 2
    assert "moved most, of " in captured.out
    assert Path("step.md").read_text() == "earlier\n"
    assert Path("own.md").read_text().startswith("### ❌ Translation scores: failed against ")
    suite = ET.parse("j.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "2", "1")
    assert main(["score", *words]) == 5
    assert Path("step.md").read_text().startswith("earlier\n### ❌")
