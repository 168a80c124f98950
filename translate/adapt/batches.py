"""Batches as a pure function of the seed and the place in the data, so that a resumed run sees what it would have seen.

A pass over the data is a permutation that the seed and the pass decide. It is cut into chunks; the pairs of a chunk are
marked anew, sorted by length and packed into batches of about as many tokens each, in random order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from translate.adapt.tokens import Example
from translate.errors import InputError

_CHUNK = 400

Make = Callable[[int, random.Random], Example | None]
"""Return the example of a pair's index, or None if the pair cannot be used."""


class Position(NamedTuple):
    """A place in the data: the next batch is number ``batch`` of chunk ``chunk`` of pass ``epoch``."""

    epoch: int = 0
    chunk: int = 0
    batch: int = 0


def batches(
    indices: Sequence[int], make: Make, *, seed: int, tokens: int, start: Position
) -> Iterator[tuple[list[Example], Position]]:
    """Yield batches without end, each with the position behind it.

    Args:
        indices: The pairs of one pass; one that stands twice comes twice.
        make: Turns an index into an example.
        seed: Decides order, marks and packing.
        tokens: Upper bound of a batch, padding included; one longer example is a batch of its own.
        start: Where to begin.

    Raises:
        InputError: No pair gives an example.
    """
    epoch, chunk, skip = start
    while True:
        order = list(indices)
        random.Random(f"order {seed} {epoch}").shuffle(order)  # noqa: S311 - order, no secret
        some = False
        while chunk * _CHUNK < len(order):
            rng = random.Random(f"chunk {seed} {epoch} {chunk}")  # noqa: S311
            examples = [make(index, rng) for index in order[chunk * _CHUNK : (chunk + 1) * _CHUNK]]
            packed = pack([example for example in examples if example], tokens)
            rng.shuffle(packed)
            for number, batch in enumerate(packed):
                some = True
                if number >= skip:
                    yield batch, Position(epoch, chunk, number + 1)
            chunk, skip = chunk + 1, 0
        if not some and start.epoch != epoch:
            raise InputError("no pair is short enough to train on: give sentences, not whole paragraphs")
        epoch, chunk, skip = epoch + 1, 0, 0


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
