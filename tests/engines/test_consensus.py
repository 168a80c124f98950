"""Minimum Bayes risk over an n-best list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.engines.consensus import Consensus, _chrf, _grams, consensus
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
    found = Consensus(order=(1, 0, 2), worth=(-0.55, -0.5, -0.9), agreements=(0.8, 0.9, 0.3))
    assert found.contenders() == (1, 0)
    # Half of the source's score counts: a lead of 0.05 is as much as 0.1 of it.
    assert found.given({1: -2.0, 0: -1.91}).order == (1, 0, 2)
    turned = found.given({1: -2.0, 0: -1.89})
    assert turned.order == (0, 1, 2)
    assert (found.agreement, turned.agreement) == (0.9, 0.8)


def test_one_hypothesis_agrees_with_itself() -> None:
    assert consensus(["Boats."], [-3.0]).agreement == consensus(["Ferries."], [-1.0]).agreement == 1.0


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_every_hypothesis_keeps_its_place_in_the_ranking(texts: list[str]) -> None:
    found = consensus(texts, [-1.0] * len(texts))
    assert sorted(found.order) == list(range(len(texts)))
    assert 0 <= found.agreement <= 1 + 1e-9
