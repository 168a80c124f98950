"""The beam search, by hand: what is followed, put aside and returned."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.engines.beam import Search

END = 0


def told(*rows: dict[int, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities of next tokens as a model gives them: falling, as logarithms."""
    ranked = [sorted(row.items(), key=lambda one: -one[1]) for row in rows]
    scores = [[math.log(chance) for _, chance in row] for row in ranked]
    return np.array(scores, np.float32), np.array([[token for token, _ in row] for row in ranked], np.int64)


def texts(search: Search) -> list[tuple[int, ...]]:
    return [one.tokens for one in search.found]


def test_greedy_takes_the_likeliest_token_until_the_end() -> None:
    search = Search(1, 1, 10, END)
    assert search.advance(*told({5: 0.6, END: 0.3})) == [0]
    assert search.last == [5]
    assert search.advance(*told({7: 0.5, 5: 0.4})) == [0]
    assert search.advance(*told({END: 0.9, 7: 0.1})) == []
    assert search.done
    assert texts(search) == [(5, 7, END)]
    assert search.found[0].score == pytest.approx(math.log(0.6 * 0.5 * 0.9) / 3, abs=1e-6)


def test_a_beam_finds_what_greedy_passes_by() -> None:
    # 1 is likelier first, 2 leads to the better sentence.
    search = Search(2, 2, 10, END)
    search.advance(*told({1: 0.6, 2: 0.4, 3: 0.001, 4: 0.001}))
    assert search.last == [1, 2]
    # From 1 nothing is certain; from 2 the end is.
    search.advance(*told({5: 0.3, 6: 0.3, 7: 0.2, 8: 0.2}, {END: 0.99, 5: 0.004, 6: 0.003, 7: 0.003}))
    assert not search.done
    search.advance(*told({END: 0.9, 5: 0.05, 6: 0.03, 7: 0.02}, {END: 0.9, 5: 0.05, 6: 0.03, 7: 0.02}))
    assert search.done
    assert texts(search)[0] == (2, END)
    assert search.found[0].score == pytest.approx(math.log(0.4 * 0.99) / 2, abs=1e-6)


def test_the_place_of_a_finished_hypothesis_goes_to_the_next_unfinished_one() -> None:
    search = Search(2, 2, 10, END)
    search.advance(*told({1: 0.5, END: 0.3, 2: 0.15, 3: 0.05}))
    assert not search.done
    assert search.last == [1, 2]
    assert search.written == 1


def test_a_child_stays_in_its_parents_place_and_a_second_one_takes_the_free_place() -> None:
    search = Search(3, 3, 10, END)
    search.advance(*told({1: 0.4, 2: 0.3, 3: 0.2, 4: 0.05, 5: 0.03, 6: 0.02}))
    assert search.last == [1, 2, 3]
    flat = {7: 0.2, 8: 0.2, 9: 0.15, 10: 0.15, 11: 0.15, 12: 0.15}
    sure = {7: 0.5, 8: 0.45, 9: 0.02, 10: 0.01, 11: 0.01, 12: 0.01}
    # Of the third hypothesis come the two best; of the first one more.
    parents = search.advance(*told(flat, {key: value / 10 for key, value in flat.items()}, sure))
    assert sorted(parents) == [0, 2, 2]
    assert parents[0] == 0
    assert parents[2] == 2


def test_what_reaches_the_limit_is_returned_unfinished() -> None:
    search = Search(2, 2, 2, END)
    search.advance(*told({1: 0.6, 2: 0.4, 3: 0.01, 4: 0.01}))
    search.advance(*told({5: 0.6, 6: 0.3, 7: 0.05, 8: 0.05}, {5: 0.6, 6: 0.3, 7: 0.05, 8: 0.05}))
    assert search.done
    assert texts(search) == [(1, 5), (2, 5)]


def test_fewer_are_returned_than_were_followed_if_fewer_are_wanted() -> None:
    search = Search(2, 1, 1, END)
    search.advance(*told({1: 0.6, 2: 0.4, 3: 0.01, 4: 0.01}))
    assert texts(search) == [(1,)]


@pytest.mark.parametrize(
    ("unit", "copies"),
    [((5,), 11), ((5, 6), 3), ((5, 6, 7), 2), (tuple(range(5, 29)), 2)],
    ids=["zeros", "two tokens", "three tokens", "the longest unit"],
)
def test_a_loop_is_left_before_one_copy_too_many(unit: tuple[int, ...], copies: int) -> None:
    search = Search(1, 1, 200, END)
    at = 0
    while not search.done:  # a model that would go round for ever, and sees the end far behind
        wanted = unit[at % len(unit)]
        search.advance(*told({wanted: 0.999, END: 0.001}))
        at += 1
    assert texts(search) == [(*(unit * (copies + 1))[:-1], END)]


def test_where_a_loop_is_all_there_is_the_score_stays_a_number() -> None:
    search = Search(1, 1, 40, END)
    while not search.done:
        search.advance(*told({5: 0.999, 6: 0.001} if search.written % 2 else {6: 0.999, 5: 0.001}))
    assert math.isfinite(search.found[0].score)


def test_what_repeats_with_something_between_is_no_loop() -> None:
    search = Search(1, 1, 100, END)
    written = [5, 6, 7, 8, 5, 6, 7, 9, 5, 6, 7, 10, 5, 6, 7, 11]
    for token in written:
        search.advance(*told({token: 0.999, END: 0.001}))
    assert search._live == [tuple(written)]


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_a_beam_as_wide_as_the_choice_finds_the_best_sentence_of_all(seed: int, length: int) -> None:
    """Every path of a small random model is looked at, as far as the beam is wide enough for all of them."""
    chances = np.random.default_rng(seed).dirichlet(np.ones(2), size=(length, 4))  # two tokens, 1 and 2, no end

    def row(history: tuple[int, ...]) -> dict[int, float]:
        first, second = chances[len(history), sum(history) % 4]
        return {1: first, 2: second, 3: 1e-30, 4: 1e-31, **dict.fromkeys(range(5, 17), 1e-32)}

    search = Search(8, 8, length, END)
    while not search.done:
        search.advance(*told(*[row(one) for one in search._live]))
    best = max(
        itertools.product((1, 2), repeat=length),
        key=lambda path: sum(math.log(row(path[:at])[path[at]]) for at in range(length)),
    )
    assert texts(search)[0] == best
