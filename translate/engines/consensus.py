"""Which hypothesis of an n-best list is best by its probability and by what the others say of it.

Minimum Bayes risk decoding (Kumar and Byrne 2004, N04-1022) with chrF (Popović 2015, W15-3049) as the utility: the most
probable sentence of a small model is often a short or odd one, while the one that is nearest to all others is safe. It
is rather too long, since chrF2 forgives what is too much, so the probability has a say in it as well.

Where it is known how probable the source is given each translation (a noisy channel: Yee et al. 2019, D19-1571), that
tells much of what agreement tells, and what was left out or made up besides: agreement counts less then.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

_ORDERS = range(1, 7)
_BETA_SQUARED = 4.0  # chrF2: recall counts twice as much as precision
_PROBABILITY = 1.0  # what a score of one more (a token e times as probable) is worth, in chrF of 0 to 1
_AGREEMENT, _CHANNEL = 0.25, 0.5  # beside a source's score: what a chrF of 1, and a score of one more, is worth


@dataclass(frozen=True, slots=True)
class Consensus:
    """How an n-best list looks from the point of view of all its members.

    Attributes:
        order: Indices, the hypothesis with the highest expected chrF first, its score added.
        agreement: Mean chrF, 0 to 1, between that one and the others; 1 if it stands alone.
    """

    order: tuple[int, ...]
    agreement: float


def consensus(texts: Sequence[str], scores: Sequence[float], channel: Sequence[float] | None = None) -> Consensus:
    """Rank the members of an n-best list by their expected chrF under the model's own probabilities, and by these.

    Args:
        texts: The hypotheses, at least one.
        scores: Their mean log-probabilities of a token.
        channel: The source's mean log-probability of a token given each of them, where something knows it.

    Example:
        >>> consensus(["A ship left.", "The ship left port.", "The ship left the port."], [-1.0, -1.1, -1.1]).order
        (2, 1, 0)
    """
    grams = [_grams(text) for text in texts]
    best = max(scores)
    weights = [math.exp(score - best) for score in scores]
    utility = [[_chrf(mine, other) for other in grams] for mine in grams]
    expected = [sum(map(mul, weights, row)) / sum(weights) for row in utility]
    if channel is None:
        worth = [value + _PROBABILITY * score for value, score in zip(expected, scores, strict=True)]
    else:
        worth = [
            _AGREEMENT * value + _PROBABILITY * score + _CHANNEL * back
            for value, score, back in zip(expected, scores, channel, strict=True)
        ]
    order = tuple(sorted(range(len(texts)), key=lambda index: (-worth[index], index)))
    others = [value for index, value in enumerate(utility[order[0]]) if index != order[0]]
    return Consensus(order, sum(others) / len(others) if others else 1.0)


def _grams(text: str) -> list[Counter[str]]:
    """Return the counts of character n-grams for each order, spaces left out as chrF does."""
    solid = "".join(text.split())
    return [Counter(solid[at : at + n] for at in range(len(solid) - n + 1)) for n in _ORDERS]


def _chrf(hypothesis: list[Counter[str]], reference: list[Counter[str]]) -> float:
    """Return chrF2, 0 to 1: the F-score of mean precision and mean recall over the orders that both sides have."""
    precisions, recalls = [], []
    for mine, other in zip(hypothesis, reference, strict=True):
        here, there = mine.total(), other.total()
        if here and there:
            common = (mine & other).total()
            precisions.append(common / here)
            recalls.append(common / there)
    if not precisions:
        return 0.0
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    if not precision + recall:
        return 0.0
    return (1 + _BETA_SQUARED) * precision * recall / (_BETA_SQUARED * precision + recall)
