"""Choose the sentences that are nearest to a domain (Moore and Lewis 2010, https://aclanthology.org/P10-2041/).

A sentence's score is the mean log-likelihood ratio of its character bigrams under a model of the domain and a model of
the sentences to choose from: what is usual in both counts nothing.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from translate.adapt.data import Pair

_SMOOTHING, _POSSIBLE, _SAMPLE = 0.1, 300_000, 40_000


def nearest(pairs: Sequence[Pair], domain: Iterable[str], count: int, seed: int) -> list[Pair]:
    """Return the ``count`` pairs whose Japanese is nearest to the domain's, in their own order.

    Args:
        pairs: What to choose from.
        domain: Japanese sentences of the domain.
        count: How many to keep; all come back if there are no more.
        seed: Draws the sample that the model of the pairs is made from.
    """
    if len(pairs) <= count:
        return list(pairs)
    sample = random.Random(seed).sample(range(len(pairs)), min(_SAMPLE, len(pairs)))  # noqa: S311 - a sample, no secret
    near, general = _model(domain), _model(pairs[index].ja for index in sample)

    def score(text: str) -> float:
        grams = _bigrams(text)
        return sum(near(gram) - general(gram) for gram in grams) / len(grams) if grams else -math.inf

    ranked = sorted(range(len(pairs)), key=lambda index: (-score(pairs[index].ja), index))
    return [pairs[index] for index in sorted(ranked[:count])]


def _bigrams(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _model(texts: Iterable[str]) -> Callable[[str], float]:
    counts = Counter(gram for text in texts for gram in _bigrams(text))
    total = math.log(sum(counts.values()) + _SMOOTHING * _POSSIBLE)
    return lambda gram: math.log(counts[gram] + _SMOOTHING) - total
