"""Chunks of batches made ahead by other processes, so that a GPU need not wait for marks to be mined.

Each chunk is a pure function of its place, so who makes it changes nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from translate.adapt.batches import Chunks, Position, places
from translate.adapt.tokens import Example

Made = Iterator[tuple[tuple[int, int], list[list[Example]]]]

_shared: list[Chunks] = []  # what forked workers inherit: the data is large, and closures cannot be sent


class Maker:
    """Yields chunks from a position on, made here or by ``workers`` processes."""

    def __init__(self, chunks: Chunks, workers: int) -> None:
        self._chunks, self._workers = chunks, workers
        self._pool: ProcessPoolExecutor | None = None
        if workers:
            _shared[:] = [chunks]
            # Not multiprocessing.Pool: one that ends while a worker writes a result can wait for the rest for ever.
            self._pool = ProcessPoolExecutor(
                workers,
                multiprocessing.get_context("fork"),
                signal.signal,
                (signal.SIGINT, signal.SIG_IGN),  # Ctrl-C is for us
            )
            self._pool.submit(os.getpid).result()  # forks all of them now: CUDA, once in use, does not survive it

    def __call__(self, start: Position) -> Made:
        """Yield epoch and chunk with their batches, without end."""
        todo = places(self._chunks.count, start)
        if self._pool is None:
            for place in todo:
                yield place, self._chunks(*place)
        running: deque[tuple[tuple[int, int], Future[list[list[Example]]]]] = deque()
        while self._pool is not None:
            while len(running) < 2 * self._workers:
                place = next(todo)
                running.append((place, self._pool.submit(_make, *place)))
            place, result = running.popleft()
            yield place, result.result()

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        _shared.clear()


def _make(epoch: int, chunk: int) -> list[list[Example]]:
    return _shared[0](epoch, chunk)


def workers_for(device: str, wanted: int | None) -> int:
    """Return how many processes shall make batches: none beside training on the processor, which needs it itself."""
    if not hasattr(os, "fork") or device != "cuda":
        return 0
    return max(1, (os.cpu_count() or 2) - 1) if wanted is None else wanted


@contextmanager
def maker(chunks: Chunks, workers: int) -> Iterator[Maker]:
    """Make a ``Maker`` and end its processes afterwards."""
    made = Maker(chunks, workers)
    try:
        yield made
    finally:
        made.close()
