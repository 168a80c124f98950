"""``bench``: the arithmetic by hand, and the contest itself in real processes on the fake engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from translate.bench.archive import RUNS, measure
from translate.bench.archive import as_json as archive_json
from translate.bench.contest import contest, ratios
from translate.bench.contestants import COMPARED, CONTESTANTS, Job
from translate.bench.curve import draw as curve
from translate.bench.figures import Figures, Turn, as_json, ratio
from translate.errors import EngineError

ROOT = Path(__file__).parent.parent
ARTICLE = "港の新しい橋\n\n橋の工事は来月終わる。市長は式典に出る。\n\n費用は三億円だった。\n"


def figures(name: str, *seconds: float, cpu: float = 1.0, segments: int = 12, characters: int = 300) -> Figures:
    turns = tuple(Turn(one, cpu, one / 4, segments, 40) for one in seconds)
    return Figures(name, "int8", 4, 2.0, 512.0, characters, turns)


class TestFigures:
    def test_the_median_turn_gives_the_speed(self) -> None:
        one = figures("pipeline", 4.0, 3.0, 8.0)
        assert (one.seconds, one.segments_per_second, one.characters_per_second) == (4.0, 3.0, 75.0)
        assert one.spread == (8.0 - 3.0) / 4.0
        assert one.first == 1.0

    def test_a_ratio_is_made_round_by_round(self) -> None:
        """A round in which the machine was five times as slow changes nothing: 2, 2 and 3 have the median 2."""
        ours, theirs = figures("a", 1.0, 5.0, 2.0, cpu=2.0), figures("b", 2.0, 10.0, 6.0, cpu=5.0)
        found = ratio(ours, theirs)
        assert (found.fast, found.slow, found.wall, found.cpu) == ("a", "b", 2.0, 2.5)

    def test_turns_of_no_length_are_no_division_by_zero(self) -> None:
        nothing = figures("a", 0.0, cpu=0.0)
        assert (nothing.segments_per_second, nothing.characters_per_second, nothing.spread) == (0.0, 0.0, 0.0)
        assert ratio(nothing, figures("b", 1.0)).wall == 0.0

    def test_only_pairs_that_took_part_are_compared(self) -> None:
        found = [figures("transformers", 8.0), figures("pipeline", 2.0), figures("pipeline-greedy", 1.0)]
        assert [(one.fast, one.slow, one.wall) for one in ratios(found)] == [("pipeline", "transformers", 4.0)]

    def test_the_json_says_what_the_figures_say(self) -> None:
        found = [figures("pipeline", 2.0, 4.0), figures("ctranslate2", 2.0, 3.0)]
        told: Any = json.loads(json.dumps(as_json(found, ratios(found))))
        first = told["contestants"][0]
        assert (first["seconds"], first["segments_per_second"], first["characters_per_second"]) == (3.0, 4.0, 100.0)
        assert (first["peak_mb"], first["load_seconds"], first["first_seconds"]) == (512.0, 2.0, 0.75)
        assert [turn["seconds"] for turn in first["turns"]] == [2.0, 4.0]
        assert told["ratios"] == [{"fast": "pipeline", "slow": "ctranslate2", "wall": 0.875, "cpu": 1.0}]


def test_every_pair_that_is_compared_exists_and_searches_alike() -> None:
    assert {name for pair in COMPARED for name in pair} <= set(CONTESTANTS)
    assert all(one.endswith("greedy") == other.endswith("greedy") for one, other in COMPARED)


class TestContest:
    @pytest.fixture
    def article(self, tmp_path: Path) -> Path:
        path = tmp_path / "bridge.txt"
        path.write_text(ARTICLE, "utf-8")
        return path

    def run(self, article: Path, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "run_translation.py"), "bench", "--article", str(article), *options]
        return subprocess.run(command, cwd=article.parent, capture_output=True, text=True, timeout=300)

    def test_the_command_measures_the_pipeline_in_processes_of_its_own(self, article: Path) -> None:
        chosen = ("--engine", "fake", "--only", "pipeline,pipeline-glossary", "--rounds", "2", "--threads", "1")
        run = self.run(article, *chosen, "--json", "-")
        assert run.returncode == 0, run.stderr
        told = json.loads(run.stdout)
        assert [one["name"] for one in told["contestants"]] == ["pipeline", "pipeline-glossary"]
        assert (told["threads"], told["rounds"], told["articles"]) == (1, 2, [str(article)])
        for one in told["contestants"]:
            assert one["segments"] == 4
            assert one["characters"] == len("港の新しい橋橋の工事は来月終わる。市長は式典に出る。費用は三億円だった。")
            assert len(one["turns"]) == 2
            assert 0 < one["first_seconds"] <= one["seconds"]
            assert one["segments_per_second"] == pytest.approx(4 / one["seconds"], rel=0.01)
            assert one["peak_mb"] > 10
        ours, enforced = (one["turns"] for one in told["contestants"])
        rounds = sorted(b["seconds"] / a["seconds"] for a, b in zip(ours, enforced, strict=True))
        assert told["ratios"][0]["wall"] == pytest.approx(sum(rounds) / 2, rel=0.05)
        assert sorted(path.name for path in article.parent.iterdir()) == ["bridge.txt"]  # nothing is left behind

    def test_an_unknown_contestant_is_told_with_those_that_exist(self, article: Path) -> None:
        run = self.run(article, "--only", "ctranslate")
        assert run.returncode == 2
        assert "unknown contestant 'ctranslate': did you mean 'ctranslate2'?" in run.stderr

    def test_a_contestant_that_cannot_take_part_ends_the_contest_with_a_message(
        self, article: Path, tmp_path: Path
    ) -> None:
        job = Job((article,), "fake", 1, 4, (), tmp_path)
        with pytest.raises(EngineError, match="raw CTranslate2 is compared with the engine `embedded` only"):
            contest(["ctranslate2"], job, 1, 10, lambda *_: None)


class TestArchive:
    def test_an_archive_is_translated_found_unchanged_and_updated(self, tmp_path: Path) -> None:
        points = list(measure(50, 30, [ROOT / "glossaries" / "ja-en.csv"], tmp_path, lambda *_: None))
        assert [len(one.runs) for one in points] == [1, 2, 3, 3]  # what is known after each run, and with the stages
        assert [bool(one.stages) for one in points] == [False, False, False, True]
        point = points[-1]
        assert (point.segments, point.articles, point.staged) == (50, 2, 30)
        assert [run.name for run in point.runs] == list(RUNS)
        assert [run.segments for run in point.runs] == [50, 50, 50]
        assert [run.translated for run in point.runs] == [50, 0, 0]  # neither article has a hundred sentences
        assert all(run.terms > 20 and run.seconds > 0 and run.cpu > 0 and run.peak > 20 for run in point.runs)
        assert [run.engine > 0 for run in point.runs] == [True, False, False]
        told = archive_json([point])["archives"][0]
        assert told["runs"][0]["segments_per_second"] == 50 / point.runs[0].seconds
        assert sum(told["stages"]["cpu_seconds"].values()) > 0
        pytest.importorskip("matplotlib", reason="the chart needs the extra bench")
        curve([point], tmp_path / "curve.svg")
        assert (tmp_path / "curve.svg").read_text("utf-8").startswith("<?xml")


class TestNothingToDo:
    @pytest.mark.parametrize("options", [(), ("--check",), ("--dry-run",)])
    def test_a_run_with_nothing_to_do_loads_no_model(self, tmp_path: Path, options: tuple[str, ...]) -> None:
        article = tmp_path / "bridge.txt"
        article.write_text(ARTICLE, "utf-8")
        code = (
            "import sys, json; from translate.cli import main\n"
            "code = main(sys.argv[1:])\n"
            "heavy = {'ctranslate2', 'onnxruntime', 'onnx', 'sentencepiece', 'torch', 'transformers', 'gguf'}\n"
            "heavy &= set(sys.modules)\n"
            "print(json.dumps([code, sorted(heavy)]))"
        )

        def run(*more: str) -> Any:
            command = [sys.executable, "-c", code, "translate", str(article), "--locales", "l", "--glossary", "none"]
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "YAKUBUN_CACHE": str(tmp_path / "cache")}
            done = subprocess.run([*command, *more], cwd=tmp_path, capture_output=True, text=True, env=environment)
            return json.loads(done.stdout.splitlines()[-1]), done.stderr

        assert run("--engine", "fake") == ([0, []], "")
        assert run("--engine", "embedded", *options) == ([0, []], "")
        assert not (tmp_path / "cache" / "models").exists()
