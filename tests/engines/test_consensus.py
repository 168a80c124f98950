"""Minimum Bayes risk over an n-best list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.engines.consensus import _chrf, _grams, consensus
from translate.metrics import segment_chrf

HARBOUR = ["The ferry left the harbour at dawn.", "A ferry left the harbour at dawn.", "Boats.", ""]


@pytest.mark.parametrize("hypothesis", HARBOUR)
@pytest.mark.parametrize("reference", HARBOUR[:3])
def test_the_utility_is_sacrebleus_chrf2(hypothesis: str, reference: str) -> None:
    ours = 100 * _chrf(_grams(hypothesis), _grams(reference))
    assert ours == pytest.approx(segment_chrf(hypothesis, reference), abs=1e-6)


def test_an_outlier_loses_however_probable_it_is() -> None:
    found = consensus(["Boats.", *HARBOUR[:2]], [-0.5, -0.6, -0.6])
    assert found.order == (1, 2, 0)
    assert 0.3 < found.agreement < 0.7  # one near neighbour, one stranger


def test_much_more_probable_outweighs_agreement() -> None:
    assert consensus(["Boats.", *HARBOUR[:2]], [0.0, -9.0, -9.0]).order[0] == 0


def test_what_makes_the_source_more_probable_wins_among_those_that_are_near() -> None:
    # Each agrees with the other about as much, so that half of the source's score is weighed against 0.4 of their own.
    texts, scores = HARBOUR[:2], [-1.0, -1.4]
    assert consensus(texts, scores).order == (0, 1)
    assert consensus(texts, scores, [-3.0, -2.3]).order == (0, 1)
    assert consensus(texts, scores, [-3.0, -2.1]).order == (1, 0)


def test_beside_the_source_agreement_counts_a_quarter() -> None:
    texts, scores, alike = ["Boats.", *HARBOUR[:2]], [-0.7, -0.8, -0.8], [-2.0, -2.0, -2.0]
    assert consensus(texts, scores).order[0] != 0
    assert consensus(texts, scores, alike).order[0] == 0  # a quarter of its lack of agreement is less than 0.1
    assert consensus(texts, scores, [-2.0, -1.5, -1.9]).order[0] == 1


def test_one_hypothesis_agrees_with_itself() -> None:
    assert consensus(["Boats."], [-3.0]) == consensus(["Ferries."], [-1.0])
    assert consensus(["Boats."], [-3.0]).agreement == 1.0


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_every_hypothesis_keeps_its_place_in_the_ranking(texts: list[str]) -> None:
    found = consensus(texts, [-1.0] * len(texts))
    assert sorted(found.order) == list(range(len(texts)))
    assert 0 <= found.agreement <= 1 + 1e-9
