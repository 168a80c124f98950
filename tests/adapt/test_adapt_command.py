"""The command line of ``adapt`` and of ``models show``: options, messages, exit codes; no torch."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

import pytest
from tiny import SHORT, write_pairs

from translate.adapt import card
from translate.adapt.options import Options
from translate.adapt.trainer import Report
from translate.cli import adapt as command
from translate.cli import main
from translate.errors import EngineError, InputError


@pytest.fixture
def pairs(tmp_path: Path) -> str:
    return str(write_pairs(tmp_path / "pairs.tsv", SHORT))


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="yakubun adapt")
    command.add_arguments(parser)
    return parser.parse_args(["--output", "models/ours", *words])


def options(*words: str) -> Options:
    return command._options(parse(*words))


def test_the_defaults_are_those_of_the_options(pairs: str) -> None:
    made = options("--pairs", pairs)
    plain = Options(Path("models/ours"), made.start, pairs=(Path(pairs),), command=made.command)
    assert made == plain
    assert made.start.name == "jaen-base"
    assert (made.minutes, made.steps, made.held_out) == (20.0, None, 0.05)


def test_values_for_a_file_are_read(pairs: str, tmp_path: Path) -> None:
    words = ("--repeat", "a/pairs.tsv=3", "--licence", "CC BY 4.0", "--licence", "pairs.tsv=MIT or GPL-2+")
    made = options("--pairs", pairs, *words, "--select", "pairs.tsv=9", "--near", pairs)
    assert made.repeat == {"pairs.tsv": 3}
    assert made.licences == {"": "CC BY 4.0", "pairs.tsv": "MIT or GPL-2+"}
    assert (made.select, made.near) == ({"pairs.tsv": 9}, Path(pairs))


def test_steps_and_test_files_are_read(pairs: str) -> None:
    words = ("--steps", "7", "--held-out", pairs, pairs, "--learning-rate", "1e-3", "--blend", "0.4")
    made = options("--pairs", pairs, *words)
    assert (made.steps, made.held_out, made.learning_rate) == (7, (Path(pairs), Path(pairs)), 1e-3)
    assert made.blend == 0.4


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "no data; give --pairs"),
        (("--pairs", "nowhere.tsv"), "nowhere.tsv: no such file"),
        (("--pairs", "PAIRS", "--select", "pairs.tsv=3"), "belong together"),
        (("--pairs", "PAIRS", "--blend", "0"), "--blend 0 would keep nothing of what was learned"),
        (("--pairs", "PAIRS", "--repeat", "3"), "--repeat 3: write FILE=3"),
        (("--pairs", "PAIRS", "--repeat", "pairs.tsv=0"), "'0' is not a whole number from 1 on"),
        (("--pairs", "PAIRS", "--held-out", "2"), "give FILE.ja FILE.en, or a share from 0 to 1"),
        (("--pairs", "PAIRS", "--held-out", "a", "b", "c"), "give FILE.ja FILE.en, or a share"),
    ],
)
def test_what_makes_no_sense_is_an_error(pairs: str, words: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        options(*(pairs if word == "PAIRS" else word for word in words))


@pytest.mark.parametrize(
    "words", [("--minutes", "0"), ("--steps", "-1"), ("--minutes", "1", "--steps", "1"), ("--decay", "1.5")]
)
def test_numbers_out_of_range_are_usage_errors(pairs: str, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stop:
        parse("--pairs", pairs, *words)
    assert stop.value.code == 2


def test_without_torch_the_message_has_the_line_that_installs_it(pairs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(EngineError, match=r'adapt needs torch and peft .*: pip install "yakubun\[train\]"'):
        command.run(parse("--pairs", pairs))


def test_the_bar_leaves_out_what_is_not_known() -> None:
    assert command.describe(Report(0, 0, math.nan, math.nan, math.nan, "evaluating")) == "evaluating"


FACTS = {
    "configuration": {"precision": "float32", "learning_rate": 0.0003, "decay": 0.4, "seed": 0},
    "command": "yakubun adapt --pairs a.tsv\n--output x", "device": "a processor (x86_64)", "threads": 1,
    "held_out": {"name": "drawn from the data", "used": 0}, "base_sha256": "00ff", "rank": 32, "kept_tokens": 1234,
    "output_tokens": 567, "lineage": [{"name": "first", "adapter_sha256": "", "data": []}], "finished": False,
    "data": [
        {"file": "a|b.tsv", "licence": "not stated", "used": 1000, "repeat": 2, "dropped": {"too long": 3}},
    ],
    "steps": None, "done": 3, "pairs_seen": 90, "tokens_seen": 4500, "seconds": 4000, "starts": 1, "scores": [],
    "best_step": 3,
}  # fmt: skip


def test_a_card_says_what_is_known_and_what_is_not() -> None:
    text = card.render("ours", FACTS)
    assert "| a b.tsv | 1,000 | 2 | not stated | 3 too long |" in text
    assert "So far: 3 of unknown steps. 90 pairs seen (4,500 tokens) in 3 steps and 1 h 7 min" in text
    assert "\n    yakubun adapt --pairs a.tsv --output x\n" in text
    assert "Before that, first was trained on what its own card names." in text
    assert "Not measured: no sentences were held out." in text


def test_a_card_says_what_the_weights_are_a_blend_of() -> None:
    assert "What is kept" not in card.render("ours", FACTS)
    text = card.render("ours", {**FACTS, "configuration": {**FACTS["configuration"], "blend": 0.4}})
    assert "seed 0. What is kept lies 40% of the way from first to what was learned.\n" in text


def test_a_card_shows_the_scores_and_which_weights_were_kept() -> None:
    scores = [{"step": 0.0, "bleu": 10.0, "chrf": 40.0}, {"step": 3.0, "bleu": 12.34, "chrf": 41.0}]
    text = card.render("ours", {**FACTS, "scores": scores, "held_out": {"name": "dev", "used": 50}, "lineage": []})
    assert "| 0 | 10.0 | 40.0 |\n| 3 (kept) | 12.3 | 41.0 |" in text
    assert "| continues | the base weights alone |" in text


def test_models_show_prints_a_card_that_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("adapter_model.safetensors", "kept_tokens.json", "output_tokens.json"):
        (tmp_path / name).touch()
    (tmp_path / "adapter_config.json").write_text(json.dumps({"r": 8, "base_model_name_or_path": "base"}))
    (tmp_path / "README.md").write_text("# A card\x1b[2J\n\nText.\n", "utf-8")
    assert main(["models", "show", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert out.endswith("\n# A card\ufffd[2J\n\nText.\n")
    assert "rank: 8" in out
    assert main(["models", "show", str(tmp_path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert set(shown["files"]) == {
        *("adapter_config.json", "adapter_model.safetensors", "kept_tokens.json", "output_tokens.json"),
    }
    assert "data" not in shown


def test_models_show_of_nothing_says_where_it_looked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "show", "no-such-model"]) == 2
    assert "no adapter there" in capsys.readouterr().err
