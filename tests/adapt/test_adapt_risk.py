"""Minimum risk training: lists of translations, their costs, one table for all of a list, and runs that use them."""

from __future__ import annotations

import json
import math
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch; pip install 'yakubun[train]'")
pytest.importorskip("peft", reason="training needs peft; pip install 'yakubun[train]'")

from tiny import SHORT, fingerprint, log_of, train  # noqa: E402

from translate.adapt import model, nbest, run  # noqa: E402
from translate.adapt.data import Pair  # noqa: E402
from translate.adapt.layout import lay_out  # noqa: E402
from translate.adapt.learner import Learner  # noqa: E402
from translate.adapt.loss import cross_entropy  # noqa: E402
from translate.adapt.marks import MarkedPair  # noqa: E402
from translate.adapt.options import Options  # noqa: E402
from translate.adapt.risk import risk  # noqa: E402
from translate.adapt.tokens import Example, Tokens  # noqa: E402
from translate.engines.base import Hypothesis, MarkedText  # noqa: E402
from translate.engines.gemma import Base, read_vocabulary  # noqa: E402
from translate.errors import InputError  # noqa: E402

LIST = Example((1, 2), (3, 9), ((4, 9), (5, 6, 9)), (0.25, 0.75))


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


# The table


def test_a_list_stands_behind_its_source_once_and_its_members_do_not_see_each_other() -> None:
    laid = lay_out([LIST], "cpu")
    assert laid.inputs["input_ids"].tolist() == [[1, 2, 3, 9, 4, 9, 5, 6, 9]]
    assert laid.inputs["position_ids"].tolist() == [[0, 1, 2, 3, 2, 3, 2, 3, 4]]
    assert laid.places.tolist() == [1, 2, 1, 4, 1, 6, 7]
    assert laid.targets.tolist() == [3, 9, 4, 9, 5, 6, 9]
    assert laid.texts.tolist() == [0, 0, 1, 1, 2, 2, 2]
    assert laid.references.tolist() == [0]
    mask = laid.inputs["attention_mask"]["sliding_attention"][0, 0].int().tolist()
    assert ["".join(map(str, row)) for row in mask] == [
        "100000000",
        "110000000",
        "111000000",
        "111100000",
        "110010000",
        "110011000",
        "110000100",
        "110000110",
        "110000111",
    ]


def test_plain_pairs_need_no_mask_and_texts_are_numbered_through() -> None:
    plain = Example((7,), (8, 9))
    assert list(lay_out([plain, plain], "cpu").inputs) == ["input_ids"]
    mixed = lay_out([plain, LIST, plain], "cpu")
    assert mixed.references.tolist() == [0, 1, 4]
    assert mixed.texts.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 4]


def learner_of(base: Base, start: Path) -> tuple[Learner, Tokens]:
    vocabulary = read_vocabulary(start)
    body = model.build(base, vocabulary, "float32", "cpu")
    return Learner(body, model.add_adapter(body, 4, 1, start), vocabulary.writable), Tokens(base, vocabulary)


def losses_of(learner: Learner, batch: Sequence[Example]) -> list[float]:
    """Mean loss of a token for each text."""
    laid = lay_out(batch, "cpu")
    with torch.no_grad():
        hidden = learner.body(**laid.inputs, use_cache=False).last_hidden_state.flatten(0, 1)
        losses = cross_entropy(hidden[laid.places], learner.table, laid.targets)
    count = int(laid.texts.max()) + 1
    return [float(losses[laid.texts == text].mean()) for text in range(count)]


def listed(tokens: Tokens, pair: Pair, texts: Sequence[str], costs: Sequence[float]) -> Example:
    example = tokens.listed(MarkedPair(MarkedText(pair.ja), pair.en), texts, costs)
    assert example
    return example


def test_every_text_of_a_list_is_judged_as_if_it_stood_there_alone(base: Base, start: Path) -> None:
    learner, tokens = learner_of(base, start)
    lists = [
        listed(tokens, SHORT[at], [SHORT[at + 1].en, SHORT[at + 2].en, "A ship"], (0.1, 0.2, 0.3)) for at in (0, 7)
    ]
    alone = [Example(one.prompt, text) for one in lists for text in (one.target, *one.others)]
    assert losses_of(learner, lists) == pytest.approx([losses_of(learner, [one])[0] for one in alone], abs=1e-5)


def test_a_text_that_is_too_long_leaves_no_list(base: Base, start: Path) -> None:
    _, tokens = learner_of(base, start)
    pair = MarkedPair(MarkedText(SHORT[0].ja), SHORT[0].en)
    assert tokens.listed(pair, ["ship " * 300], [0.5]) is None


# The risk


def test_the_risk_is_the_cost_that_the_model_expects() -> None:
    """Scores -0.2 and -0.3, ten times as sharp: odds of e to 1, so 0.25 e/(e+1) + 0.75/(e+1)."""
    laid = lay_out([Example((1,), (2, 9)), LIST], "cpu")
    losses = torch.tensor([5.0, 5, 4, 4, 0.1, 0.3, 0.1, 0.2, 0.6])
    expected = (0.25 * math.e + 0.75) / (math.e + 1)
    assert risk(losses, laid, [(), LIST.costs]).item() == pytest.approx(expected, abs=1e-6)


def test_training_makes_the_better_of_two_translations_likelier(base: Base, start: Path) -> None:
    learner, tokens = learner_of(base, start)
    texts = [SHORT[3].en, SHORT[5].en]
    for better in (0, 1):
        example = listed(tokens, SHORT[1], texts, [0.1, 0.9] if better == 0 else [0.9, 0.1])
        before = losses_of(learner, [example])
        for _ in range(10):
            learner.step([example], 3e-3)
        after = losses_of(learner, [example])
        gain = [one - other for one, other in zip(before[1:], after[1:], strict=True)]
        assert gain[better] > gain[1 - better] + 0.1
        assert after[0] < before[0]  # and the reference is learned beside it


# The lists


def test_pairs_are_drawn_by_the_seed_without_long_ones() -> None:
    pairs = [*SHORT, Pair("長い" * 60, "Long."), Pair("短い。", "Long. " * 60)]
    order = [*range(len(pairs)), *range(5)]
    chosen = nbest.choose_pairs(pairs, order, 10, 1)
    assert chosen == nbest.choose_pairs(pairs, order, 10, 1)
    assert chosen != nbest.choose_pairs(pairs, order, 10, 2)
    assert len(set(chosen)) == 10
    assert set(nbest.choose_pairs(pairs, order, 1000, 1)) == set(range(len(SHORT)))


class Searched:
    """An engine that knows a few translations of everything, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def translate(self, sources: Sequence[MarkedText], *, num_hypotheses: int) -> list[list[Hypothesis]]:
        assert num_hypotheses == nbest.SIZE
        self.asked += [source.text for source in sources]
        known = {pair.ja: pair.en for pair in SHORT}
        return [
            [Hypothesis(text, -0.5) for text in ("A ship left.", known[source.text][:-5], "The", "")]
            for source in sources
        ]

    def close(self) -> None:
        self.asked.append("closed")


def silent(*_: object) -> None:
    pass


def test_a_search_goes_on_behind_its_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nbest, "_BATCH", 3)
    path, chosen, engine = tmp_path / "nbest.jsonl", [4, 2, 9, 0, 7], Searched()

    def search(identity: dict[str, int], *, stopping: bool = False) -> dict[int, list[str]]:
        return nbest.search(path, identity, SHORT, chosen, lambda: engine, silent, lambda: stopping)  # type: ignore[arg-type, return-value]

    assert list(search({"seed": 1}, stopping=True)) == [4, 2, 9]
    with path.open("ab") as file:
        file.write(b'{"pair": 0, "te')  # a kill while a line was written
    assert list(search({"seed": 1})) == chosen
    assert engine.asked == [SHORT[at].ja for at in (4, 2, 9)] + ["closed"] + [SHORT[at].ja for at in (0, 7)] + [
        "closed"
    ]
    assert search({"seed": 1})[7] == ["A ship left.", SHORT[7].en[:-5], "The"]
    assert engine.asked.count("closed") == 2
    with pytest.raises(InputError, match="the lists of another run"):
        search({"seed": 2})


def test_costs_are_those_of_sentence_bleu_and_chrf_and_lists_that_teach_nothing_are_left_out() -> None:
    from sacrebleu.metrics import BLEU, CHRF

    reference = "The harbour was closed on Friday because of the storm."
    pairs = [Pair("港", reference), Pair("湾", reference), Pair("無", "No translation.")]
    texts = [
        "The harbour closed on Friday.", reference, "A storm.", "The harbour was closed.", "Of the storm on Friday.",
    ]  # fmt: skip
    found = nbest.judge(pairs, {0: texts, 1: ["A storm.", "A storm."], 2: []})
    assert list(found) == [0]
    assert found[0].texts == (texts[0], reference, "A storm.", "The harbour was closed.")
    worth = [
        (BLEU(effective_order=True).sentence_score(text, [reference]).score
         + CHRF().sentence_score(text, [reference]).score) / 200
        for text in found[0].texts
    ]  # fmt: skip
    assert found[0].costs == pytest.approx([1 - one for one in worth])
    assert found[0].costs[1] == pytest.approx(0)


# Runs


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Searched:
    found = Searched()
    monkeypatch.setattr(run, "_searching", lambda *_: found)
    return found


def test_a_run_searches_learns_and_leaves_no_lists_behind(options: Options, engine: Searched) -> None:
    lists = replace(options, risk=8, held_out=0.0, batch_tokens=900)
    facts = train(lists)
    assert facts["finished"]
    assert len(engine.asked) == 8 + 1
    assert not (options.output / nbest.FILE).exists()
    card = (options.output / "README.md").read_text("utf-8")
    assert "Minimum risk training: of 8 pairs" in card


def test_a_run_that_is_stopped_in_its_search_or_its_training_ends_with_the_same_weights(
    options: Options, engine: Searched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nbest, "_BATCH", 2)
    whole = replace(options, risk=8, held_out=0.0, batch_tokens=900)
    halves = replace(whole, output=tmp_path / "halves")
    train(whole)

    def stop(what: str, done: int, _: int) -> None:
        if (what, done) == ("Searching for translations", 4):
            os.kill(os.getpid(), signal.SIGTERM)

    engine.asked.clear()
    first = train(halves, telling=stop)
    assert (first["finished"], first["done"]) == (False, 0)
    lines = [json.loads(line) for line in (tmp_path / "halves" / nbest.FILE).read_text("utf-8").splitlines()]
    assert len(lines) == 1 + 6
    stopped = train(halves, report=lambda told: os.kill(os.getpid(), signal.SIGTERM) if told.step == 3 else None)
    assert (stopped["finished"], stopped["done"]) == (False, 3)
    assert train(halves)["finished"]
    assert len(engine.asked) == 8 + 2  # each sentence once
    assert fingerprint(tmp_path / "halves") == fingerprint(options.output)
    curves: list[list[dict[str, Any]]] = [
        [{**line, "seconds": 0} for line in log_of(place)] for place in (options.output, tmp_path / "halves")
    ]
    assert curves[0] == curves[1]
