"""Training what judges translations: upon which weights, what it learns, where it goes."""

from __future__ import annotations

import json
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch; pip install 'yakubun[train]'")
pytest.importorskip("peft", reason="training needs peft; pip install 'yakubun[train]'")

import numpy as np  # noqa: E402
from tiny import SENTENCES, fingerprint, log_of, train, write_pairs  # noqa: E402

from translate.adapt import direction, folder, model  # noqa: E402
from translate.adapt.options import Options  # noqa: E402
from translate.engines.adapter_file import read_factors  # noqa: E402
from translate.engines.embedded_model import check_inputs, has_reverse  # noqa: E402
from translate.engines.gemma import Base, read_vocabulary  # noqa: E402
from translate.errors import InputError  # noqa: E402


@pytest.fixture
def own(options: Options, tmp_path: Path) -> Options:
    """The start is a copy: what judges is put into it here, and others share the original."""
    shutil.copytree(options.start, tmp_path / "start")
    return replace(options, start=tmp_path / "start")


@pytest.fixture
def judging(own: Options) -> Options:
    return replace(own, reverse=True, rank=2, output=own.output / "reverse", steps=8)


def test_it_learns_the_source_from_the_english(judging: Options, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "many.tsv", SENTENCES)
    facts = train(replace(judging, pairs=(pairs,), steps=60, batch_tokens=1500, evaluate_lines=8))
    surprise = [score["cross_entropy"] for score in facts["scores"]]
    assert facts["scores"][0]["step"] > 0  # nothing is continued, so nothing is measured before the first step
    assert surprise[-1] < surprise[0] - 0.5
    assert facts["best_step"] == min(facts["scores"], key=lambda score: score["cross_entropy"])["step"]
    assert "bleu" not in facts["scores"][-1]
    card = (judging.output / "README.md").read_text("utf-8")
    for text in ("how probable a Japanese source is, given its English", "continues | start", "| step | cross-entropy"):
        assert text in card
    assert "BLEU" not in card


def test_it_is_trained_upon_the_adapter_that_translates(judging: Options, base: Base) -> None:
    upon = direction.base_of(judging, base).weights
    changed = {name for name in upon if not np.array_equal(upon[name], base.weights[name])}
    assert changed == {name for name in base.weights if ".attn_" in name or ".ffn_" in name} - {
        name for name in base.weights if "norm" in name
    }
    assert direction.base_of(replace(judging, reverse=False), base) is base


def test_it_goes_on_from_the_one_that_is_there(judging: Options, tmp_path: Path) -> None:
    train(judging)
    assert not has_reverse(judging.start)
    shutil.copytree(judging.output, judging.start / "reverse")
    more = replace(judging, output=tmp_path / "more" / "reverse", rank=None)
    notes: list[str] = []
    facts = train(more, note=notes.append)
    assert notes == [f"{judging.start / 'reverse'}: begins with this adapter alone; the optimizer begins anew"]
    assert (facts["rank"], facts["scores"][0]["step"]) == (2, 0)
    assert facts["scores"][0]["cross_entropy"] == pytest.approx(
        min(line["cross_entropy"] for line in log_of(judging.output) if "cross_entropy" in line), abs=0.02
    )  # float16 on the disk
    assert read_vocabulary(more.output) == read_vocabulary(judging.output)
    fresh = train(replace(more, output=tmp_path / "fresh" / "reverse", fresh=True))
    assert (fresh["rank"], fresh["scores"][0]["step"] > 0) == (direction.RANK, True)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_blend_needs_something_to_begin_with(own: Options, tmp_path: Path, reverse: bool) -> None:
    output = tmp_path / "wrong" / "reverse" if reverse else tmp_path / "wrong"
    with pytest.raises(InputError, match=r"--blend goes between .* a new adapter has no such model"):
        train(replace(own, blend=0.5, reverse=reverse, fresh=not reverse, output=output))  # what judges would be new
    assert not (tmp_path / "wrong").exists()


def test_both_together_stay_under_the_bound(
    own: Options, judging: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = train(own)
    assert without["stored"] == "float16"
    train(replace(judging, output=tmp_path / "judge" / "reverse"))
    shutil.copytree(tmp_path / "judge" / "reverse", own.start / "reverse")
    # Alone its adapter would fit in float16 just so.
    lists = 7 * (without["kept_tokens"] + without["output_tokens"])
    count = sum(factor.size for factor in read_factors(own.output).values())
    monkeypatch.setattr(folder, "MAX_BYTES", 2 * count + lists)
    assert train(replace(own, output=tmp_path / "both"))["stored"] == "int8"


def test_a_model_that_is_adapted_takes_it_along(own: Options, judging: Options, tmp_path: Path) -> None:
    train(replace(judging, output=tmp_path / "judge" / "reverse"))
    shutil.copytree(tmp_path / "judge" / "reverse", own.start / "reverse")
    train(own)
    copied = own.output / "reverse"
    assert fingerprint(copied) == fingerprint(tmp_path / "judge" / "reverse")
    assert check_inputs(copied)
    train(replace(own, output=tmp_path / "new", fresh=True))
    assert not has_reverse(tmp_path / "new")  # a new adapter is another model: it wants one of its own


def test_a_run_that_was_stopped_ends_as_if_nobody_had(judging: Options, tmp_path: Path) -> None:
    train(judging)
    halves = replace(judging, output=tmp_path / "halves" / "reverse")
    stopped = train(halves, report=lambda told: os.kill(os.getpid(), signal.SIGTERM) if told.step == 3 else None)
    assert (stopped["finished"], stopped["done"]) == (False, 3)
    assert train(halves)["finished"]
    assert fingerprint(halves.output) == fingerprint(judging.output)
    scores = [
        [{**line, "seconds": 0} for line in log_of(place) if "cross_entropy" in line]
        for place in (halves.output, judging.output)
    ]
    assert scores[0] == scores[1] != []


def test_a_held_out_set_that_is_too_long_to_judge_is_told(judging: Options, tmp_path: Path) -> None:
    for name, line in (("long.ja", "港" * 380), ("long.en", "harbour " * 49)):
        (tmp_path / name).write_text(f"{line}\n", "utf-8")
    with pytest.raises(InputError, match="no held-out pair is short enough to judge"):
        train(replace(judging, held_out=(tmp_path / "long.ja", tmp_path / "long.en")))


def test_it_cannot_be_taken_for_what_translates(judging: Options, own: Options, tmp_path: Path) -> None:
    train(judging)
    with pytest.raises(InputError, match="only judges translations; name the folder above it, with --reverse"):
        train(replace(own, start=judging.output, output=tmp_path / "wrong"))
    with pytest.raises(InputError, match=r"what judges lies in a folder of that name: .*wrong/reverse"):
        train(replace(judging, output=tmp_path / "wrong"))
    with pytest.raises(InputError, match="this name is for what judges translations; take another one"):
        train(replace(own, output=tmp_path / "reverse"))
    assert not (tmp_path / "wrong").exists()


def test_the_same_command_again_is_finished_and_another_one_refused(judging: Options) -> None:
    train(judging)
    before, notes = fingerprint(judging.output), list[str]()
    train(judging, note=notes.append)
    assert notes == [f"{judging.output}: this run is finished already; nothing to do"]
    assert fingerprint(judging.output) == before
    with pytest.raises(InputError, match=r"holds another run .*steps: 8 there, 9 here"):
        train(replace(judging, steps=9))


def test_the_rank_is_small_by_default(judging: Options) -> None:
    assert direction.rank_of(replace(judging, rank=None)) == direction.RANK
    train(replace(judging, rank=None, steps=1))
    assert model.rank_of(judging.output) == direction.RANK
    assert json.loads((judging.output / "adapter_config.json").read_text())["lora_alpha"] == 2 * direction.RANK
    assert {factor.shape[0] for name, factor in read_factors(judging.output).items() if "lora_A" in name} == {12}
