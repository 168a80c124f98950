"""Find the texts that are alike among a hundred thousand, in milliseconds and without losing any.

The likeness of two texts of lengths *a* and *b* is 200·L/(a+b), where L is the length of their longest common
subsequence (rapidfuzz's ``ratio``). L cannot exceed the number of characters that the two have in common in any order.
Japanese writes with so many different characters that this bound alone leaves some dozens of 100,000 sentences to be
compared in full. Characters are counted in 256 buckets by a hash, which can only raise the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from translate.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BUCKETS = 256
_FULL = 255  # a bucket that holds this many characters may hold more
_BLOCK = 8192  # texts that are counted at once, which bounds the memory it takes
_MAX_CHARACTERS = 1 << 30


class Index:
    """Texts by length, with the characters that each holds."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index texts, which should be different.

        Raises:
            InputError: They are too many for the memory of a computer.
        """
        import numpy as np

        if sum(map(len, texts)) > _MAX_CHARACTERS:
            raise InputError(f"the translation memory holds more than {_MAX_CHARACTERS} characters; split it")
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self._order = np.argsort(lengths, kind="stable")
        self._texts = [texts[at] for at in self._order.tolist()]
        self._lengths = lengths[self._order]
        self._counts = np.zeros((_BUCKETS, len(texts)), np.uint8)
        for start in range(0, len(texts), _BLOCK):
            part = slice(start, start + _BLOCK)
            self._counts[:, part] = np.minimum(_counted(self._texts[part], self._lengths[part]), _FULL)

    def search(self, text: str, similarity: float, limit: int) -> list[tuple[str, float]]:
        """Return texts at least so similar (percent), the nearest first, the first in order among equals."""
        from rapidfuzz import fuzz, process

        if not text or limit < 1:
            return []
        similarity = max(similarity, 0.01)  # nothing in common is no likeness
        places = self._candidates(text, similarity)
        chosen = [self._texts[at] for at in places.tolist()]
        found = process.extract(text, chosen, scorer=fuzz.ratio, score_cutoff=similarity, limit=None)
        order = self._order[places].tolist()
        found.sort(key=lambda one: (-one[1], order[one[2]]))
        return [(one, float(percent)) for one, percent, _ in found[:limit]]

    def _candidates(self, text: str, similarity: float) -> NDArray[np.int64]:
        """Return the places of all texts that may be similar enough, and of few others."""
        import numpy as np

        # Two texts have no more in common than the shorter one's length.
        shortest = np.floor(len(text) * similarity / (200 - similarity))
        longest = np.ceil(len(text) * (200 - similarity) / similarity)
        start, end = np.searchsorted(self._lengths, [shortest, longest + 1])
        common = np.zeros(end - start, np.uint16 if len(text) < 1 << 16 else np.uint32)
        counts = _counted([text], np.array([len(text)]))[:, 0]
        for bucket in np.flatnonzero(counts):
            held, wanted = self._counts[bucket, start:end], int(counts[bucket])
            if wanted < _FULL:
                common += np.minimum(held, np.uint8(wanted))
            else:
                common += np.where(held == _FULL, common.dtype.type(wanted), held)
        needed = (self._lengths[start:end] + len(text)) * (similarity / 200) - 1e-6
        places: NDArray[np.int64] = np.flatnonzero(common >= needed) + start
        return places


def _counted(texts: Sequence[str], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many characters of each bucket each text holds, of shape (buckets, texts)."""
    import numpy as np

    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    buckets = (codes * np.uint32(0x9E3779B1)) >> np.uint32(24)  # multiplicative hashing: the top 8 bits
    owners = np.repeat(np.arange(len(texts)), lengths)
    counted = np.bincount(buckets * np.int64(len(texts)) + owners, minlength=_BUCKETS * len(texts))
    shaped: NDArray[np.int64] = counted.reshape(_BUCKETS, len(texts))
    return shaped
