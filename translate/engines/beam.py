"""Beam search over one sentence, apart from any model: told the likeliest next tokens, it says which to go on with.

The rules are those of CTranslate2 and, but for the order of ties, of fairseq: twice as many candidates as beams are
looked at, a finished one among the first ``beam`` is put aside and its place goes to the next unfinished one, and the
search ends when as many are finished as there are beams. Scores of whole hypotheses are divided by their length
(Wu et al. 2016, arXiv:1609.08144, with a penalty of 1).

One rule is ours: no hypothesis goes round in a circle. A token that would complete one copy too many of what was just
written (``_COPIES``) cannot be chosen, so that the search leaves a loop where it begins instead of being lost in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_COPIES = (0, 12, 4)
"""Copies of a unit of so many tokens in a row that are too many (1: zeros and dots come in rows); 3 of longer units."""

_LONGEST_UNIT = 24
_NEVER = np.float32(1000)  # off a log-probability, and still a number: where nothing else is left, it is taken


@dataclass(frozen=True, slots=True)
class Found:
    """A hypothesis.

    Attributes:
        tokens: What was written, the end token included if it came to that.
        score: Mean log-probability of a token.
    """

    tokens: tuple[int, ...]
    score: float


class Search:
    """The search for one sentence.

    Args:
        beam: Hypotheses that are followed; 1 is greedy.
        wanted: Hypotheses to return, at most ``beam``.
        limit: Tokens that may be written, the end included.
        end: The end token.
    """

    def __init__(self, beam: int, wanted: int, limit: int, end: int) -> None:
        self.beam, self._wanted, self._limit, self._end = beam, wanted, limit, end
        self._live: list[tuple[int, ...]] = [()]
        self._totals = np.zeros(1, np.float32)
        self._finished: list[Found] = []
        self.done = False

    @property
    def written(self) -> int:
        """How many tokens each live hypothesis has."""
        return len(self._live[0])

    def advance(self, scores: NDArray[np.float32], tokens: NDArray[np.int64]) -> list[int]:
        """Take one more token.

        Args:
            scores: Log-probabilities of the likeliest next tokens of each live hypothesis, [live, 2 · beam] or more,
                falling.
            tokens: Those tokens.

        Returns:
            For each hypothesis that is live now, which of those before it goes on from, as far as possible itself; the
            first time there was one only. Nothing when the search is ``done``.
        """
        totals, width = self._totals[:, None] + scores, scores.shape[1]
        for row, text in enumerate(self._live):
            closing = _closing(text)
            if closing:
                totals[row, np.isin(tokens[row], closing)] -= _NEVER
        flat = totals.ravel()
        order = np.argsort(-flat, kind="stable")[: 2 * self.beam]
        best = [(int(at) // width, int(tokens[int(at) // width, int(at) % width]), flat[at]) for at in order]
        last = self.written + 1 >= self._limit
        chosen, others = [], iter(best[self.beam :])
        for parent, token, total in best[: self.beam]:
            if token != self._end and not last:
                chosen.append((parent, token, total))
                continue
            text = (*self._live[parent], token)
            self._finished.append(Found(text, float(total) / len(text)))
            chosen += next(([one] for one in others if one[1] != self._end), [])
        if last or len(self._finished) >= self.beam:
            self.done = True
            return []
        return self._go_on(chosen)

    def _go_on(self, chosen: list[tuple[int, int, np.float32]]) -> list[int]:
        """Put the first child of each hypothesis where its parent is, so that its cache need not be moved."""
        places: list[tuple[int, int, np.float32] | None] = [None] * len(chosen)
        moved = []
        for one in chosen:
            if one[0] < len(places) and places[one[0]] is None:
                places[one[0]] = one
            else:
                moved.append(one)
        rest = iter(moved)
        placed = [one if one is not None else next(rest) for one in places]
        self._live = [(*self._live[parent], token) for parent, token, _ in placed]
        self._totals = np.array([total for _, _, total in placed], np.float32)
        return [parent for parent, _, _ in placed]

    @property
    def last(self) -> list[int]:
        """The newest token of each live hypothesis."""
        return [text[-1] for text in self._live]

    @property
    def found(self) -> list[Found]:
        """The finished hypotheses, best first."""
        return sorted(self._finished, key=lambda one: -one.score)[: self._wanted]


def _closing(text: tuple[int, ...]) -> list[int]:
    """Return the tokens that would complete one copy too many of the end of a text."""
    found = []
    for unit in range(1, min(_LONGEST_UNIT, len(text) // 2) + 1):
        copies = _COPIES[unit] if unit < len(_COPIES) else 3
        length = copies * unit - 1  # of the copies, all but the last token
        alike = unit > 1 and len(set(text[-unit:])) == 1  # of one token, and counted there
        if not alike and len(text) >= length and text[-length:-unit] == text[unit - length :]:
            found.append(text[-unit])
    return found
