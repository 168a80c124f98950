"""What a run learns: to translate, or the other direction, to judge translations (``engines/reverse.py``).

The second is an adapter upon the first one: reading what the model writes and writing what it reads is half learned
already, and so a small one does. Its table holds no more Japanese than the texts need, since it is searched for each
token of a source, of each hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from translate.adapt import greedy, marks, model
from translate.adapt.batches import pack
from translate.adapt.data import Pair
from translate.adapt.learner import Learner
from translate.adapt.options import Options
from translate.adapt.tokens import Example, Tokens, backwards, widen
from translate.engines import embedded_model, gemma
from translate.engines.base import MarkedText
from translate.errors import InputError

RANK = 12
"""Rank of a new adapter for judging: with it the shipped folder stays under its bound."""


@dataclass(frozen=True)
class Direction:
    """What a model is shown and asked.

    Attributes:
        vocabulary: The rows that the model has.
        example: Turns a pair into what the model shall see; None if it is too long.
        evaluate: Returns held-out scores.
    """

    vocabulary: gemma.Vocabulary
    example: Callable[[Tokens, Pair, Random], Example | None]
    evaluate: Callable[[Learner, Tokens, Sequence[Pair]], dict[str, float]]


def require_clear(options: Options) -> None:
    """Raise ``InputError`` if a model that judges would be taken for one that translates, or a blend has no start.

    What judges is known by its folder's name, which is how an engine finds it.
    """
    name = embedded_model.REVERSE
    if options.start.name == name:
        raise InputError(
            f"--from {options.start}: only judges translations; name the folder above it, with --reverse to go on "
            "training this one"
        )
    if options.reverse and options.output.name != name:
        raise InputError(
            f"--output {options.output}: what judges lies in a folder of that name: {options.output}/{name}"
        )
    if not options.reverse and options.output.name == name:
        raise InputError(f"--output {options.output}: this name is for what judges translations; take another one")
    if options.blend < 1 and initial(options) is None:
        raise InputError("--blend goes between a model and what was learned; a new adapter has no such model")


def initial(options: Options) -> Path | None:
    """Return the folder of the adapter to continue, None for a new one."""
    if options.fresh:
        return None
    if not options.reverse:
        return options.start
    return options.start / embedded_model.REVERSE if embedded_model.has_reverse(options.start) else None


def rank_of(options: Options) -> int:
    """Return the adapter's rank: as asked, else that of the one to continue, else the usual one."""
    before = initial(options)
    return options.rank or (RANK if options.reverse and before is None else model.rank_of(before or options.start))


def base_of(options: Options, base: gemma.Base) -> gemma.Base:
    """Return what to train an adapter upon: for judging, the base with the adapter that translates merged into it."""
    return replace(base, weights=gemma.merge_adapter(base, options.start)) if options.reverse else base


def translating(options: Options, base: gemma.Base, pairs: Sequence[Pair], glosses: marks.Glosses) -> Direction:
    """Return what a run does that learns to translate."""

    def example(tokens: Tokens, pair: Pair, rng: Random) -> Example | None:
        return tokens.example(marks.mark(pair, glosses, rng, options.marked))

    def evaluate(learner: Learner, tokens: Tokens, held_out: Sequence[Pair]) -> dict[str, float]:
        return greedy.evaluate(learner.body, learner.table, tokens, held_out)

    return Direction(widen(base, gemma.read_vocabulary(options.start), pairs), example, evaluate)


def judging(options: Options, base: gemma.Base, pairs: Sequence[Pair]) -> Direction:
    """Return what a run does that learns how probable a source is, given a translation."""
    before = initial(options)
    vocabulary = (
        backwards(base, gemma.read_vocabulary(options.start), pairs)
        if before is None
        else gemma.read_vocabulary(before)
    )

    def example(tokens: Tokens, pair: Pair, _rng: Random) -> Example | None:
        return tokens.example(marks.MarkedPair(MarkedText(pair.en), pair.ja))

    def evaluate(learner: Learner, tokens: Tokens, held_out: Sequence[Pair]) -> dict[str, float]:
        examples = [one for pair in held_out if (one := example(tokens, pair, Random()))]  # noqa: S311 - not drawn from
        if not examples:
            raise InputError("no held-out pair is short enough to judge: give sentences, not whole paragraphs")
        return {"cross_entropy": round(learner.loss(pack(examples, options.batch_tokens)), 4)}

    return Direction(vocabulary, example, evaluate)


def worth(scores: dict[str, float]) -> float:
    """Return what decides which weights are kept: BLEU + chrF2, or how little the sources surprise."""
    return scores["bleu"] + scores["chrf"] if "bleu" in scores else -scores["cross_entropy"]


def told(scores: dict[str, Any]) -> dict[str, str]:
    """Return the scores of an evaluation in words.

    >>> told({"step": 3.0, "bleu": 12.34, "chrf": 41.0}), told({"step": 3.0, "cross_entropy": 2.6118})
    ({'BLEU': '12.3', 'chrF2': '41.0'}, {'cross-entropy': '2.612'})
    """
    if "bleu" in scores:
        return {"BLEU": f"{scores['bleu']:.1f}", "chrF2": f"{scores['chrf']:.1f}"}
    return {"cross-entropy": f"{scores['cross_entropy']:.3f}"}
