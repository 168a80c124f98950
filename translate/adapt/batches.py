"""Batches as a pure function of the seed and the place in the data, so that a resumed run sees what it would have seen.

A pass over the data is a permutation that the seed and the pass decide. It is cut into chunks; the pairs of a chunk are
marked anew, sorted by length and packed into batches of about as many tokens each, in random order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from translate.adapt.tokens import Example
from translate.errors import InputError

_CHUNK, _CHUNK_TOKENS = 400, 2600
"""Pairs of a chunk for batches of up to so many tokens; larger batches take larger chunks, to be of like length too."""

Make = Callable[[int, random.Random], Example | None]
"""Return the example of a pair's index, or None if the pair cannot be used."""


class Position(NamedTuple):
    """A place in the data: the next batch is number ``batch`` of chunk ``chunk`` of pass ``epoch``."""

    epoch: int = 0
    chunk: int = 0
    batch: int = 0


class Chunks:
    """The data in chunks, each a pure function of the seed and its place.

    Args:
        indices: The pairs of one pass; one that stands twice comes twice.
        make: Turns an index into an example.
        seed: Decides order, marks and packing.
        tokens: Upper bound of a batch, padding included; one longer example is a batch of its own.
    """

    def __init__(self, indices: Sequence[int], make: Make, *, seed: int, tokens: int) -> None:
        self._indices, self._make, self._seed, self._tokens = indices, make, seed, tokens
        self._size = _CHUNK * max(1, tokens // _CHUNK_TOKENS)
        self._epoch, self._order = -1, list(indices)
        self.count = -(-len(indices) // self._size)

    def __call__(self, epoch: int, chunk: int) -> list[list[Example]]:
        """Return the batches of a chunk, in the order in which they are trained on."""
        if epoch != self._epoch:
            order = list(self._indices)
            random.Random(f"order {self._seed} {epoch}").shuffle(order)  # noqa: S311 - order, no secret
            self._epoch, self._order = epoch, order
        rng = random.Random(f"chunk {self._seed} {epoch} {chunk}")  # noqa: S311
        indices = self._order[chunk * self._size : (chunk + 1) * self._size]
        examples = [self._make(index, rng) for index in indices]
        packed = pack([example for example in examples if example], self._tokens)
        rng.shuffle(packed)
        return packed


def places(count: int, start: Position) -> Iterator[tuple[int, int]]:
    """Yield epoch and chunk without end, from the chunk of ``start`` on; ``count`` chunks make an epoch."""
    epoch, chunk, _ = start
    while True:
        if chunk >= count:
            epoch, chunk = epoch + 1, 0
        yield epoch, chunk
        chunk += 1


def batches(
    made: Iterable[tuple[tuple[int, int], list[list[Example]]]], start: Position
) -> Iterator[tuple[list[Example], Position]]:
    """Yield batches without end, each with the position behind it.

    Args:
        made: Epoch and chunk, and the batches of that chunk, from that of ``start`` on.
        start: Where to begin.

    Raises:
        InputError: No pair gives an example.
    """
    skip, some = start.batch, False
    for (epoch, chunk), packed in made:
        if epoch > start.epoch + 1 and not some:
            raise InputError("no pair is short enough to train on: give sentences, not whole paragraphs")
        for number, batch in enumerate(packed):
            some = True
            if number >= skip:
                yield batch, Position(epoch, chunk, number + 1)
        skip = 0


def pack(examples: Sequence[Example], tokens: int) -> list[list[Example]]:
    """Return the examples in batches of like length, none over ``tokens`` with its padding.

    Example:
        >>> short, long = Example((1,), (2,)), Example((1,) * 4, (2,) * 4)
        >>> [len(batch) for batch in pack([long, short, short, short, long], 16)]
        [3, 2]
    """
    packed: list[list[Example]] = []
    for example in sorted(examples, key=len):
        if packed and (len(packed[-1]) + 1) * len(example) <= tokens:
            packed[-1].append(example)
        else:
            packed.append([example])
    return packed
