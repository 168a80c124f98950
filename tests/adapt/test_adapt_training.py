"""Training itself, on a tiny model: the loss, the adapter, runs that are killed and go on, the folder they write."""

from __future__ import annotations

import itertools
import json
import math
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch; pip install 'yakubun[train]'")
pytest.importorskip("peft", reason="training needs peft; pip install 'yakubun[train]'")

import tiny  # noqa: E402
from tiny import SENTENCES, SHORT, fingerprint, log_of, train, write_pairs  # noqa: E402

from translate.adapt import folder, model  # noqa: E402
from translate.adapt.greedy import translate_lines  # noqa: E402
from translate.adapt.learner import Learner  # noqa: E402
from translate.adapt.loss import cross_entropy  # noqa: E402
from translate.adapt.marks import MarkedPair  # noqa: E402
from translate.adapt.options import Options  # noqa: E402
from translate.adapt.tokens import Example, Tokens, backwards, widen  # noqa: E402
from translate.engines.adapter_file import read_factors  # noqa: E402
from translate.engines.base import Mark, MarkedText  # noqa: E402
from translate.engines.embedded_model import check_inputs  # noqa: E402
from translate.engines.gemma import Base, Vocabulary, read_vocabulary  # noqa: E402
from translate.errors import EngineError, InputError  # noqa: E402


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Matrices as small as these only lose time when threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def body_of(base: Base, vocabulary: Vocabulary, start: Path | None, rank: int = 4) -> tuple[Any, dict[str, Any]]:
    body = model.build(base, vocabulary, "float32", "cpu")
    return body, model.add_adapter(body, rank, 1, start)


def names_in(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


# The loss


def test_the_loss_and_its_gradient_are_those_of_torch() -> None:
    torch.manual_seed(0)
    hidden, table, targets = torch.randn(600, 8, requires_grad=True), torch.randn(50, 8), torch.randint(50, (600,))
    reference = torch.nn.functional.cross_entropy(hidden @ table.T, targets)
    (expected,) = torch.autograd.grad(3 * reference, hidden)
    loss = cross_entropy(hidden, table, targets)
    (gradient,) = torch.autograd.grad(3 * loss, hidden)
    assert loss.item() == pytest.approx(reference.item(), abs=1e-5)
    assert torch.allclose(gradient, expected, atol=1e-7)


# Tokens


def test_an_example_reads_as_the_documented_format(base: Base, start: Path) -> None:
    tokens = Tokens(base, read_vocabulary(start))
    pair = MarkedPair(MarkedText("東京の市場", (Mark(0, 2, "Port"),)), "A Port ship", ((2, 6),))
    example = tokens.example(pair)
    assert example is not None
    pieces = [base.pieces[read_vocabulary(start).rows[row]] for row in (*example.prompt, *example.target)]
    text = "".join(pieces[1:])
    assert pieces[0] == "<bos>"
    assert text.startswith("<unused0>東京<unused1>Port<unused2>の市場<start_of_turn>A")
    assert text.endswith("<unused0>Port<unused2>▁ship<end_of_turn>")
    assert all(row < tokens.writable for row in example.target)
    assert tokens.decode(example.target) == "A Port ship"
    assert tokens.example(MarkedPair(MarkedText("港" * 300), "Port")) is None


def test_words_that_the_pairs_need_become_writable_and_japanese_does_not(base: Base, start: Path) -> None:
    before = read_vocabulary(start)
    after = widen(base, before, SENTENCES)
    new = {base.pieces[row] for row in after.rows[: after.writable]} - {
        base.pieces[row] for row in before.rows[: before.writable]
    }
    assert "▁the" in new
    assert all(piece.replace("▁", "").isascii() for piece in new)
    assert set(before.rows) <= set(after.rows)
    assert len(set(after.rows)) == len(after.rows)
    assert widen(base, after, SENTENCES) == after


def test_backwards_it_reads_english_and_writes_what_japanese_needs(base: Base, start: Path) -> None:
    before = read_vocabulary(start)
    after = backwards(base, before, SENTENCES)
    spelled = [base.pieces[row] for row in after.rows]
    written = set(spelled[: after.writable])
    assert {"。", "の", "<end_of_turn>", "<0x00>", "<0xFF>"} <= written
    assert "<bos>" not in written
    assert {"<bos>", "<start_of_turn>", *(base.pieces[row] for row in before.rows[: before.writable])} <= set(spelled)
    assert len(set(after.rows)) == len(after.rows)
    example = Tokens(base, after).example(MarkedPair(MarkedText("A Port ship"), "東京の港"))
    assert example is not None
    read = [spelled[row] for row in (*example.prompt, *example.target)]
    assert "".join(read).replace("▁", " ") == "<bos>A Port ship<start_of_turn>東京の港<end_of_turn>"
    assert all(row < after.writable for row in example.target)


# The adapter


def test_the_body_computes_what_the_whole_model_of_transformers_computes(base: Base, start: Path) -> None:
    from transformers import Gemma3ForCausalLM

    everything = Vocabulary(tuple(range(len(base.pieces))), len(base.pieces))
    whole = model.build(base, everything, "float32", "cpu")
    reference = Gemma3ForCausalLM(whole.config).eval()
    reference.model.load_state_dict(whole.state_dict())
    reference.tie_weights()
    vocabulary = read_vocabulary(start)
    reduced = model.build(base, vocabulary, "float32", "cpu").eval()
    ids = torch.randint(len(vocabulary.rows), (3, 9))
    rows = torch.tensor(vocabulary.rows)
    with torch.inference_mode():
        ours = reduced(input_ids=ids).last_hidden_state @ reduced.embed_tokens.weight.T
        theirs = reference(input_ids=rows[ids]).logits[..., rows]
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_a_new_adapter_changes_nothing_and_a_larger_rank_says_the_same(base: Base, start: Path) -> None:
    vocabulary = read_vocabulary(start)
    ids = torch.arange(12)[None]
    results = {}
    with torch.inference_mode():
        plain = model.build(base, vocabulary, "float32", "cpu")(input_ids=ids).last_hidden_state
        for name, place, rank in (("fresh", None, 4), ("same", start, 4), ("larger", start, 7)):
            results[name] = body_of(base, vocabulary, place, rank)[0](input_ids=ids).last_hidden_state
    assert torch.equal(results["fresh"], plain)
    assert not torch.allclose(results["same"], plain, atol=1e-3)
    assert torch.allclose(results["larger"], results["same"], atol=1e-5)


def test_a_smaller_rank_is_an_error(base: Base, start: Path) -> None:
    with pytest.raises(EngineError, match="rank 4 and alpha 8 cannot be continued at rank 3; give --rank 4 or more"):
        body_of(base, read_vocabulary(start), start, 3)


def test_greedy_translation_does_not_depend_on_the_batch(base: Base, start: Path) -> None:
    vocabulary = read_vocabulary(start)
    body, _ = body_of(base, vocabulary, start)
    tokens, lines = Tokens(base, vocabulary), [pair.ja for pair in (SHORT[0], SHORT[5], SHORT[9])]
    table = body.embed_tokens.weight[: vocabulary.writable]
    together = translate_lines(body, table, tokens, lines)
    assert [translate_lines(body, table, tokens, [line])[0] for line in lines] == together
    assert any(together)


def test_padding_changes_no_loss(base: Base, start: Path) -> None:
    vocabulary = read_vocabulary(start)
    short, long = Example((1, 5, 6), (7, 8)), Example(tuple(range(20)), tuple(range(9)))
    losses = []
    for batch in ([short], [long], [short, long]):
        learner = Learner(*body_of(base, vocabulary, start), vocabulary.writable)
        losses.append(learner.step(batch, 1e-3))
    assert losses[2] == pytest.approx((2 * losses[0] + 9 * losses[1]) / 11, rel=1e-5)


# Runs


def test_what_is_seen_often_is_learned(options: Options) -> None:
    seen = []
    few = replace(options, held_out=0.0, steps=60, marked=0.0, learning_rate=2e-2, rank=16)
    write_pairs(options.pairs[0], SHORT[:3])
    train(few, report=seen.append)
    assert seen[0].loss > 4
    assert seen[-1].loss < 0.6 * seen[0].loss


def test_a_blend_lies_between_the_model_to_begin_with_and_what_was_learned(options: Options, tmp_path: Path) -> None:
    train(replace(options, held_out=0.0))
    train(replace(options, held_out=0.0, blend=0.25, output=tmp_path / "blend"))
    first, learned, blend = (read_factors(place) for place in (options.start, options.output, tmp_path / "blend"))
    assert sum(float(np.abs(learned[name] - first[name]).sum()) for name in first) > 1
    for name, start in first.items():
        # Where the processor has bfloat16, a run begins with the start rounded to eight bits.
        assert np.allclose(blend[name], 0.75 * start + 0.25 * learned[name], rtol=4e-3, atol=2e-4), name


def test_a_blend_is_what_is_evaluated_and_a_resumed_run_has_the_same(options: Options, tmp_path: Path) -> None:
    blended = replace(options, blend=0.25)
    train(blended)
    halves = replace(blended, output=tmp_path / "halves")
    stopped = train(halves, report=lambda told: os.kill(os.getpid(), signal.SIGTERM) if told.step == 3 else None)
    assert (stopped["finished"], stopped["done"]) == (False, 3)
    assert train(halves)["finished"]
    assert fingerprint(tmp_path / "halves") == fingerprint(options.output)
    scores = [{**line, "seconds": 0} for line in log_of(tmp_path / "halves") if "bleu" in line]
    assert scores == [{**line, "seconds": 0} for line in log_of(options.output) if "bleu" in line]


def test_the_model_shows_the_blend_only_while_it_is_asked_to(base: Base, start: Path) -> None:
    vocabulary, ids = read_vocabulary(start), torch.arange(12)[None]

    def states(body: Any) -> Any:
        with torch.inference_mode():
            return body(input_ids=ids).last_hidden_state

    body, trained = body_of(base, vocabulary, start)
    learner = Learner(body, trained, vocabulary.writable, blend=0.5)
    before = states(body)
    for _ in range(5):
        learner.step([Example((1, 5, 6), (7, 8))], 1e-2)
    learned = states(body)
    with learner.shown():
        blend = states(body)
        assert all(torch.equal(parameter, learner.weights()[name]) for name, parameter in trained.items())
    assert not torch.allclose(blend, before, atol=1e-3)
    assert not torch.allclose(blend, learned, atol=1e-3)
    assert torch.equal(states(body), learned)


def test_a_run_leaves_a_folder_that_describes_itself(options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    notes: list[str] = []
    facts = train(replace(options, command="yakubun adapt --pairs pairs.tsv"), note=notes.append)
    output = options.output
    assert notes == [f"{options.start}: begins with this adapter alone; the optimizer begins anew"]
    assert names_in(output) == {
        *("adapter_model.safetensors", "adapter_config.json", "kept_tokens.json", "output_tokens.json", "SHA256SUMS"),
        *("README.md", "training.json", "training.jsonl", "GEMMA_NOTICE", "GEMMA_TERMS.txt"),
    }
    assert set(check_inputs(output)) < names_in(output)  # the sums fit
    assert facts == folder.facts_of(output)
    assert (facts["finished"], facts["done"], facts["steps"], facts["held_out"]["used"]) == (True, 6, 6, 2)
    assert [score["step"] for score in facts["scores"]] == [0, 2, 4, 6]
    assert facts["lineage"][0]["name"] == "start"
    from safetensors import safe_open

    with safe_open(output / "adapter_model.safetensors", "np") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    assert len(tensors) == 2 * 7 * tiny.LAYERS
    assert {tensor.dtype for tensor in tensors.values()} == {np.dtype(np.float16)}
    place = "base_model.model.model.layers.1.mlp.down_proj"
    assert tensors[f"{place}.lora_A.weight"].shape == (4, tiny.FFN)
    assert tensors[f"{place}.lora_B.weight"].shape == (tiny.HIDDEN, 4)
    card = (output / "README.md").read_text("utf-8")
    for text in ("continues | start", "| pairs.tsv | 22 | 1 | CC0 |", "yakubun adapt --pairs", "Gemma Terms of Use"):
        assert text in card
    assert str(options.output.parent) not in card

    from translate.cli import main

    assert main(["models", "show", str(output), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["rank"], shown["finished"], shown["data"][0]["licence"]) == (4, True, "CC0")
    assert main(["models", "show", str(output)]) == 0
    assert card.splitlines()[0] in capsys.readouterr().out


def test_the_log_holds_loss_rate_and_scores(options: Options) -> None:
    train(replace(options, steps=12))
    lines = log_of(options.output)
    assert [line["step"] for line in lines if "loss" in line] == [10, 12]
    assert [line["step"] for line in lines if "bleu" in line] == [0, 3, 6, 9, 12]
    assert all(0 < line["loss"] < 20 and line["rate"] > 0 and line["tokens"] > 0 for line in lines if "loss" in line)
    assert all(one["seconds"] <= other["seconds"] for one, other in itertools.pairwise(lines))


def test_a_finished_run_is_not_repeated_and_another_one_not_mixed_in(options: Options) -> None:
    train(options)
    before, notes = fingerprint(options.output), []
    train(options, note=notes.append)
    assert notes == [f"{options.output}: this run is finished already; nothing to do"]
    assert fingerprint(options.output) == before
    with pytest.raises(InputError, match=r"holds another run \(.*seed: 0 there, 1 here\)"):
        train(replace(options, seed=1))


def test_a_folder_of_somebody_else_is_left_alone(options: Options) -> None:
    options.output.mkdir()
    (options.output / "notes.txt").touch()
    with pytest.raises(InputError, match="is not empty, and no run of adapt began it"):
        train(options)
    assert names_in(options.output) == {"notes.txt"}


def test_a_budget_of_time_is_measured_once_and_then_kept(options: Options) -> None:
    timed = replace(options, steps=None, minutes=0.05, held_out=0.0)
    facts = train(timed)
    assert facts["finished"]
    assert facts["steps"] == facts["done"] >= 5


def test_a_loss_that_is_no_number_ends_the_run(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Learner, "step", lambda *_: math.nan)
    with pytest.raises(EngineError, match="no number at step 1: training diverged; lower --learning-rate"):
        train(options)


def test_a_rank_that_makes_the_folder_too_large_is_refused(options: Options) -> None:
    with pytest.raises(InputError, match=r"would take \d+ MB, more than 40; lower --rank"):
        train(replace(options, rank=40_000))
