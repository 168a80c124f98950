"""Which hypothesis of an n-best list is best by its probability and by what the others say of it.

Minimum Bayes risk decoding (Kumar and Byrne 2004, N04-1022) with chrF (Popović 2015, W15-3049) as the utility: the most
probable sentence of a small model is often a short or odd one, while the one that is nearest to all others is safe. It
is rather too long, since chrF2 forgives what is too much, so the probability has a say in it as well. So has, where it
is known, how probable the source is given the translation (a noisy channel: Yee et al. 2019, D19-1571), which falls
when something of the source is left out or made up.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import mul
from statistics import fmean

_ORDERS = range(1, 7)
_BETA_SQUARED = 4.0  # chrF2: recall counts twice as much as precision
_PROBABILITY = 1.0  # what a score of one more (a token e times as probable) is worth, in chrF of 0 to 1
_CHANNEL = 0.5  # the same for the source's tokens
_MARGIN = 0.1  # who is further behind the best by the rest is seldom put first by the source: it is not asked of


@dataclass(frozen=True, slots=True)
class Consensus:
    """How an n-best list looks from the point of view of all its members.

    Attributes:
        order: Indices, the best hypothesis first.
        worth: The expected chrF of each, its score added.
        agreements: Mean chrF, 0 to 1, between each and the others; 1 if it stands alone.
    """

    order: tuple[int, ...]
    worth: tuple[float, ...]
    agreements: tuple[float, ...]

    @property
    def agreement(self) -> float:
        """How far the others agree with the best one."""
        return self.agreements[self.order[0]]

    def contenders(self) -> tuple[int, ...]:
        """Return the indices of those that may yet be the best when the source is asked, the best one first."""
        least = self.worth[self.order[0]] - _MARGIN
        return tuple(index for index in self.order if self.worth[index] >= least)

    def given(self, channel: Mapping[int, float]) -> Consensus:
        """Return the same with the contenders ordered anew.

        Args:
            channel: The source's mean log-probability of a token given each contender, by its index.
        """
        worth = tuple(value + _CHANNEL * channel.get(index, 0.0) for index, value in enumerate(self.worth))
        first = sorted(channel, key=lambda index: (-worth[index], index))
        return replace(self, order=(*first, *(index for index in self.order if index not in channel)), worth=worth)


def consensus(texts: Sequence[str], scores: Sequence[float]) -> Consensus:
    """Rank the members of an n-best list by their expected chrF under the model's own probabilities, and by these.

    Args:
        texts: The hypotheses, at least one.
        scores: Their mean log-probabilities of a token.

    Example:
        >>> consensus(["A ship left.", "The ship left port.", "The ship left the port."], [-1.0, -1.1, -1.1]).order
        (2, 1, 0)
    """
    grams = [_grams(text) for text in texts]
    best = max(scores)
    weights = [math.exp(score - best) for score in scores]
    utility = [[_chrf(mine, other) for other in grams] for mine in grams]
    expected = [sum(map(mul, weights, row)) / sum(weights) for row in utility]
    worth = tuple(value + _PROBABILITY * score for value, score in zip(expected, scores, strict=True))
    order = tuple(sorted(range(len(texts)), key=lambda index: (-worth[index], index)))
    others = [[*row[:index], *row[index + 1 :]] for index, row in enumerate(utility)]
    return Consensus(order, worth, tuple(fmean(row) if row else 1.0 for row in others))


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
