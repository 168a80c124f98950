"""Which old text a new one was made from, so that an edited sentence finds its earlier self.

How alike two texts are is rapidfuzz's normalised indel similarity of their NFKC copies, from 0 to 100: a changed width
alone is no difference. Pairs are made one to one, the most alike first. Among equally alike ones a text that went away
just now wins over one that is long gone, and then the one that stood nearest: that decides between sentences that
differ in one figure only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translate.normalization import normalize

LEAST_ALIKE = 75
"""The similarity from which on a new text counts as an edit of an old one, unless the user says otherwise."""

_CELLS = 1_000_000  # of the similarity matrix at once: 8 MB
_CHOICES = 16  # best old texts to remember for each new one


@dataclass(frozen=True, slots=True)
class FuzzyMatching:
    """How edited segments are matched with the entries they came from.

    Attributes:
        least: Similarity from which on two texts belong together, 1 to 100.
        keep: Whether what a person wrote for the old text is taken over, fuzzy, instead of being translated anew.
    """

    least: float = LEAST_ALIKE
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The text that a new one was made from, and how alike they are (0 to 100)."""

    text: str
    similarity: float


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 100.

    >>> similarity("船は７隻", "船は7隻"), similarity("犬が来た", "犬が来る"), similarity("犬", "猫")
    (100.0, 75.0, 0.0)
    """
    from rapidfuzz import fuzz

    return float(fuzz.ratio(_plain(one), _plain(other)))


def places_of_gone(before: Iterable[str], now: Sequence[str]) -> dict[str, float]:
    """Return where texts that are gone would stand in the new order: behind what they stood behind.

    >>> places_of_gone(["犬", "猫", "鳥"], ["新", "犬", "鳥"])
    {'猫': 2.0}
    """
    index = {text: at for at, text in enumerate(now)}
    place, found = 0.0, {}
    for text in before:
        if text in index:
            place = index[text] + 1.0
        else:
            found[text] = place
            place += 1.0
    return found


def predecessors(
    new: Mapping[str, float], old: Mapping[str, float | None], least: float = LEAST_ALIKE
) -> dict[str, Predecessor]:
    """Find the old text of each new one that has any.

    Args:
        new: The new texts and their places in the article.
        old: The texts that are gone and where they would stand now; None for those that were gone before.
        least: Similarity that a pair must have, 1 to 100.

    Returns:
        New text → its predecessor; no old text stands there twice.
    """
    if not new or not old:
        return {}
    ranked = sorted(_candidates(list(new.items()), list(old.items()), least))
    texts, olds = list(new), list(old)
    found: dict[str, Predecessor] = {}
    taken: set[int] = set()
    for unlike, _, row, column in ranked:
        if column not in taken and texts[row] not in found:
            taken.add(column)
            found[texts[row]] = Predecessor(olds[column], -unlike)
    return {text: found[text] for text in texts if text in found}


def _candidates(
    new: Sequence[tuple[str, float]], old: Sequence[tuple[str, float | None]], least: float
) -> Iterator[tuple[float, float, int, int]]:
    """Yield ``(-similarity, distance, new, old)`` for the best choices of each new text."""
    import numpy as np
    from rapidfuzz import fuzz, process

    choices = [_plain(text) for text, _ in old]
    places = np.array([np.inf if place is None else place for _, place in old])
    rows = max(1, _CELLS // len(old))
    for first in range(0, len(new), rows):
        block = new[first : first + rows]
        scores: Any = process.cdist(
            [_plain(text) for text, _ in block], choices, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float64
        )
        for row, (_, place) in enumerate(block):
            columns = np.flatnonzero(scores[row])
            distances = np.abs(places[columns] - place)
            order = np.lexsort((columns, distances, -scores[row][columns]))[:_CHOICES]
            for column, distance in zip(columns[order], distances[order], strict=True):
                yield -float(scores[row, column]), float(distance), first + row, int(column)


def _plain(text: str) -> str:
    return normalize(text).text
