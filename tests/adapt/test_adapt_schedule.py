"""Rates, the frozen number of steps, and batches that depend on seed and place alone."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.adapt.ahead import maker
from translate.adapt.batches import Chunks, Position, batches, pack
from translate.adapt.schedule import Schedule, for_steps, freeze, measured_enough
from translate.adapt.tokens import Example
from translate.errors import InputError


def test_a_run_of_given_steps_warms_up_holds_and_falls_to_nothing() -> None:
    schedule = for_steps(2.0, 10, 0.3)
    assert [round(schedule.rate(step), 3) for step in range(11)] == [1, 2, 2, 2, 2, 2, 2, 2, 1.333, 0.667, 0]
    assert [step for step in range(11) if schedule.evaluates(step)] == [2, 4, 6, 8, 10]


def test_a_rate_that_never_falls_and_one_that_falls_at_once() -> None:
    assert {Schedule(1.0, total=5, warm_up=1, decay=0.0).rate(step) for step in range(5)} == {1.0}
    assert [Schedule(1.0, total=4, warm_up=1, decay=1.0).rate(step) for step in range(4)] == [1.0, 0.75, 0.5, 0.25]


def test_the_number_of_steps_is_what_the_time_holds_beside_the_evaluations() -> None:
    frozen = freeze(Schedule(1.0), done=10, left=1000, step_seconds=4, evaluation_seconds=50, interval=500)
    assert (frozen.total, frozen.evaluate_every) == (10 + (1000 - 2 * 50) // 4, 117)


def test_evaluations_take_a_quarter_of_the_time_at_most() -> None:
    frozen = freeze(Schedule(1.0), done=5, left=100, step_seconds=1, evaluation_seconds=10, interval=1)
    assert (frozen.total, frozen.evaluate_every) == (5 + 80, 42)


def test_without_held_out_sentences_nothing_is_evaluated() -> None:
    frozen = freeze(Schedule(1.0), done=5, left=100, step_seconds=1, evaluation_seconds=0, interval=1)
    assert (frozen.total, frozen.evaluate_every) == (105, 0)
    assert [step for step in range(106) if frozen.evaluates(step)] == [105]


def test_no_time_left_still_means_one_more_step() -> None:
    assert freeze(Schedule(1.0), done=5, left=-3, step_seconds=1, evaluation_seconds=0, interval=1).total == 6


def test_the_rate_of_the_first_steps_does_not_know_the_number_of_steps() -> None:
    schedule = Schedule(1.0)
    frozen = freeze(schedule, done=24, left=600, step_seconds=1, evaluation_seconds=0, interval=1)
    assert [schedule.rate(step) for step in range(24)] == [frozen.rate(step) for step in range(24)]


@pytest.mark.parametrize(
    ("steps", "seconds", "enough"), [(3, 900.0, False), (4, 47.9, False), (4, 48.0, True), (24, 1.0, True)]
)
def test_when_enough_is_measured(steps: int, seconds: float, enough: bool) -> None:
    assert measured_enough(steps, seconds, 600) is enough


def make(index: int, rng: random.Random) -> Example | None:
    if index % 7 == 0:
        return None  # too long
    return Example((index,) * (1 + index % 5), tuple(rng.randrange(9) for _ in range(1 + index % 3)))


def stream_of(
    indices: Sequence[int], seed: int, tokens: int, start: Position, workers: int = 0
) -> Iterator[tuple[list[Example], Position]]:
    with maker(Chunks(indices, make, seed=seed, tokens=tokens), workers) as made:
        yield from batches(made(start), start)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_who_makes_a_batch_changes_nothing() -> None:
    start = Position(0, 1, 3)
    alone, helped = (list(islice(stream_of(range(3000), 4, 60, start, workers), 900)) for workers in (0, 3))
    assert alone == helped
    assert alone[-1][1].epoch > 0  # into the next pass


@pytest.mark.parametrize(("tokens", "count"), [(60, 250), (2600, 250), (5200, 125), (26_000, 25)])
def test_large_batches_come_of_large_chunks_so_that_they_are_of_like_length(tokens: int, count: int) -> None:
    assert Chunks(range(100_000), make, seed=1, tokens=tokens).count == count


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 900), st.integers(0, 60), st.integers(0, 99))
def test_a_stream_that_goes_on_gives_what_it_would_have_given(size: int, taken: int, seed: int) -> None:
    def stream(start: Position) -> list[tuple[list[Example], Position]]:
        return list(islice(stream_of(range(size), seed, 40, start), taken + 20))

    whole = stream(Position())
    assert stream(whole[taken][1])[:19] == whole[taken + 1 :][:19]


def test_every_pair_comes_once_in_a_pass_and_passes_differ() -> None:
    passes: dict[int, list[int]] = {0: [], 1: []}
    for batch, position in stream_of(range(1000), 1, 60, Position()):
        if position.epoch > 1:
            break
        passes[position.epoch] += [example.prompt[0] for example in batch]
    assert sorted(passes[0]) == sorted(passes[1]) == [index for index in range(1000) if index % 7]
    assert passes[0] != passes[1]


def test_another_seed_gives_another_order() -> None:
    first, second = (next(stream_of(range(99), seed, 60, Position())) for seed in (1, 2))
    assert first != second


def test_pairs_that_are_all_too_long_are_an_error() -> None:
    with pytest.raises(InputError, match="no pair is short enough"):
        next(stream_of([0, 7, 14], 1, 60, Position()))


@given(st.lists(st.integers(1, 50), max_size=60))
def test_batches_stay_within_their_tokens(lengths: list[int]) -> None:
    packed = pack([Example((1,) * length, (2,)) for length in lengths], 100)
    assert sorted(len(example) - 1 for batch in packed for example in batch) == sorted(lengths)
    assert all(len(batch) * max(map(len, batch)) <= 100 or len(batch) == 1 for batch in packed)
