"""What engines with a decoder share: batches of like sources, a limit on the output, a text behind a forced start."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, TypeVar

_T = TypeVar("_T")
_STEP = 32  # output limits grow in such steps, so that sources of similar length share a batch


def batches(
    items: Iterable[_T], kind: Callable[[_T], Any], width: Callable[[_T], int], budget: int
) -> Iterator[list[_T]]:
    """Group items of one kind, narrowest first, so that number times width stays within the budget."""
    for _, group in groupby(sorted(items, key=lambda item: (kind(item), width(item))), key=kind):
        batch: list[_T] = []
        for item in group:
            if batch and (len(batch) + 1) * width(item) > budget:
                yield batch
                batch = []
            batch.append(item)
        yield batch


def output_limit(tokens: int) -> int:
    """Return how many tokens may be written for a source of so many.

    >>> output_limit(5), output_limit(40)
    (32, 96)
    """
    return _STEP * math.ceil((2 * tokens + 8) / _STEP)


def continued(prefix: str, forced: Sequence[_T], tokens: Sequence[_T], decode: Callable[[Sequence[_T]], str]) -> str:
    """Return the text of an output, its forced start as it was given: decoding may spell that differently.

    Args:
        prefix: The start that was forced.
        forced: Its tokens.
        tokens: The whole output, which begins with them.
        decode: Turns tokens into text.
    """
    head, whole = decode(forced), decode(tokens)
    rest = whole[len(head) :] if whole.startswith(head) else decode(tokens[len(forced) :])
    if prefix.rstrip() != prefix:  # the space behind the prefix was lost in its tokens
        rest = " " + rest.lstrip()
    return f"{prefix.rstrip()}{rest}".strip()
