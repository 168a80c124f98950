"""Minimum risk training: of its own translations, the model learns to find those likelier that are better.

Cross-entropy knows one right sentence and asks for its tokens one by one, each behind right ones. What the model is
used for is another thing: the best of what a search finds. So lists are searched for, each member is compared with the
reference, and the expected cost under the model's own probabilities goes down (Shen et al. 2016, P16-1159; with lists
of a beam search, scores divided by the length and cross-entropy beside it, Edunov et al. 2018, N18-1033).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from translate.adapt.layout import Layout

RISK = 10.0
"""What the expected cost counts beside the cross-entropy of a token."""

_SHARPNESS = 10.0  # scores are means of a token; a sentence has about 30, of which not all are independent


def risk(losses: Any, laid: Layout, costs: Sequence[Sequence[float]]) -> Any:
    """Return the mean expected cost of the lists, 0 to 1, to be differentiated by ``losses``.

    Args:
        losses: (n) cross-entropy of each token.
        laid: The batch.
        costs: Of each example, those of its list; none if it has no list.
    """
    import torch

    lengths = torch.bincount(laid.texts)
    scores = -torch.zeros(len(lengths), device=losses.device).index_add(0, laid.texts, losses) / lengths
    expected = []
    first = 1  # behind the first example's reference
    for own in costs:
        if own:
            likely = torch.softmax(_SHARPNESS * scores[first : first + len(own)], 0)
            expected.append(likely @ torch.tensor(own, device=losses.device))
        first += len(own) + 1
    return torch.stack(expected).mean()
