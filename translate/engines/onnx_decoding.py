"""Decoding on ONNX Runtime: whoever asks waits for futures, and what several callers ask shares the batches.

A sentence's result does not depend on what is decoded beside it, see ``gemma_onnx``, so neither order nor company
matters to it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count
from pathlib import Path

from translate.engines.onnx_batch import Decode, Score, Worker
from translate.engines.onnx_model import Model
from translate.errors import EngineError


def decoder_of(folder: Path, end: int, threads: int) -> Decoder:
    """Return the decoder of a built model.

    Raises:
        EngineError: ONNX Runtime cannot load it.
    """
    try:
        return Decoder(folder / "model.onnx", end, threads)
    except RuntimeError as error:
        raise EngineError(
            f"{folder}: ONNX Runtime cannot load this model ({error}); delete the folder and run again"
        ) from error


class Decoder:
    """A model on ONNX Runtime with its threads.

    Args:
        path: The graph.
        end: The end token.
        threads: Batches that run side by side, one thread each.
    """

    def __init__(self, path: Path, end: int, threads: int) -> None:
        model = Model(path)
        self._waiting: list[tuple[tuple[int, int], int, Decode | Score]] = []  # a heap
        self._submitted = count()
        self._changed = threading.Condition()
        self._workers = [Worker(self, model, end, number) for number in range(threads)]
        self._closed = False
        for worker in self._workers:
            worker.start()

    def submit(self, tasks: Sequence[Decode | Score]) -> None:
        """Have tasks done, together with those of others: scoring first, then what is urgent.

        Of each kind the longest come first, so that no thread ends with a long one alone.
        """
        with self._changed:
            for task in tasks:
                kind = 0 if isinstance(task, Score) else 1 if task.urgent else 2
                heappush(self._waiting, ((kind, -len(task.prompt)), next(self._submitted), task))
            self._changed.notify_all()

    def take(self, worker: Worker) -> Decode | Score | None:
        """Give a worker its next task; None if it has enough. An idle worker waits here, until ``close``.

        A task goes to the worker that has least to do.
        """
        with self._changed:
            while not self._closed:
                least = min(one.rows for one in self._workers)
                task = self._waiting[0][-1] if self._waiting else None
                if task is not None and worker.rows <= least and worker.has_room(task):
                    heappop(self._waiting)
                    worker.account(task)
                    self._changed.notify_all()
                    return task
                if worker.rows:
                    return None
                self._changed.wait()
        return None

    @property
    def closed(self) -> bool:
        """Whether the workers shall end."""
        return self._closed

    def close(self) -> None:
        """End the threads; what is not done is cancelled."""
        with self._changed:
            self._closed = True
            for *_, task in self._waiting:
                task.future.cancel()
            self._waiting.clear()
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()
