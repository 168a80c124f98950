"""A running batch on ONNX Runtime: sentences come and go in it, one such batch for each thread.

Of a hypothesis that goes on from another one of its sentence, only what was written is copied in the cache: the prompt
is the same.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from translate.engines.beam import Found, Search
from translate.engines.onnx_model import Cache, Model

_ROWS, _POSITIONS = 32, 6144
_STEP = 64  # positions read at once, which bounds the memory that reading takes
_LEAST = 4  # and at least, where there is a choice: one alone is computed in another way, and rounded otherwise


@dataclass
class Decode:
    """A sentence to be written.

    Attributes:
        prompt: Token ids.
        beam: Width of the search.
        wanted: Hypotheses to return.
        limit: Tokens that may be written.
        urgent: Whether somebody waits for it who will have more to ask then.
        future: Gets the hypotheses, best first.
    """

    prompt: Sequence[int]
    beam: int
    wanted: int
    limit: int
    urgent: bool = False
    future: Future[list[Found]] = field(default_factory=Future)

    @property
    def positions(self) -> int:
        """What it may take of the cache, roughly."""
        return self.beam * (2 * len(self.prompt) + 16)


@dataclass
class Score:
    """Texts to be judged that follow one prompt.

    Attributes:
        prompt: Token ids.
        texts: Token ids of each text.
        given: How many tokens at the start of each text are only read; none by default.
        future: Gets the log-probabilities of each text's other tokens.
    """

    prompt: Sequence[int]
    texts: Sequence[Sequence[int]]
    given: Sequence[int] = ()
    future: Future[list[NDArray[np.float32]]] = field(default_factory=Future)


class Queue(Protocol):
    """Where a worker gets its tasks."""

    @property
    def closed(self) -> bool:
        """Whether the workers shall end."""

    def take(self, worker: Worker) -> Decode | Score | None:
        """Give a worker its next task; None if it has enough. An idle worker waits here, until the queue is closed."""


@dataclass
class _Running:
    """A sentence on its way: its search, and the first of its places in the cache."""

    task: Decode
    search: Search
    place: int

    @property
    def length(self) -> int:
        """Positions that its hypotheses have in the cache."""
        return len(self.task.prompt) + self.search.written - 1


class Worker(threading.Thread):
    """A thread with a batch of its own."""

    def __init__(self, queue: Queue, model: Model, end: int, number: int) -> None:
        super().__init__(name=f"decoding-{number}", daemon=True)
        self.rows = 0
        self._positions = 0
        self._queue, self._model, self._end = queue, model, end
        self._cache = Cache(_ROWS + 1)
        self._running: list[_Running] = []

    def has_room(self, task: Decode | Score) -> bool:
        """Tell whether a task can be done beside the others."""
        if isinstance(task, Score) or not self._running:
            return True
        return self.rows + task.beam <= _ROWS and self._positions + task.positions <= _POSITIONS

    def account(self, task: Decode | Score) -> None:
        """Count a task that this worker was given."""
        self.rows += task.beam if isinstance(task, Decode) else 1
        self._positions += task.positions if isinstance(task, Decode) else 0

    def _release(self, task: Decode | Score) -> None:
        self.rows -= task.beam if isinstance(task, Decode) else 1
        self._positions -= task.positions if isinstance(task, Decode) else 0

    def run(self) -> None:
        """Do what there is, until the decoder is closed."""
        while not self._queue.closed:
            task = self._queue.take(self)
            try:
                if task is not None:
                    self._begin(task)
                elif self._running:
                    self._step()
            except Exception as error:  # whoever waits is told
                for one in [*(running.task for running in self._running), *([task] if task else [])]:
                    if not one.future.done():
                        one.future.set_exception(error)
                self._running.clear()
                self.rows = self._positions = 0
        for running in self._running:
            running.task.future.cancel()

    def _begin(self, task: Decode | Score) -> None:
        if isinstance(task, Score):
            task.future.set_result(self._judged(task))
            self._release(task)
            return
        place = sum(one.task.beam for one in self._running)
        scores, tokens, _ = self._read(place, task.prompt)
        one = _Running(task, Search(task.beam, task.wanted, task.limit, self._end), place)
        self._running.append(one)
        parents = one.search.advance(scores[-1:], tokens[-1:])
        self._cache.copy([place] * (len(parents) - 1), range(place + 1, place + len(parents)), 0, len(task.prompt))
        if one.search.done:
            self._finish([one])

    def _judged(self, task: Score) -> list[NDArray[np.float32]]:
        scratch, before = _ROWS, len(task.prompt) - 1
        if before:
            self._read(scratch, task.prompt[:-1])
        found: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(task.texts)
        last: Sequence[int] = ()
        known = found[0]
        given = task.given or [0] * len(task.texts)
        for index in sorted(range(len(task.texts)), key=lambda one: tuple(task.texts[one])):
            text = task.texts[index]
            ids = [task.prompt[-1], *text[:-1]]
            # What a text shares with the one before it stands in the cache: cuts of one draft share half of it.
            alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(last, text, strict=False)))
            start = max(0, min(alike, given[index] if task.given else alike, len(text) - _LEAST))
            parts = [known[:start]]
            for at in range(start, len(ids), _STEP):
                part = ids[at : at + _STEP]
                read = min(max(given[index] - at, 0), len(part))
                parts.append(np.zeros(read, np.float32))
                # Something has to be asked for, so of a part that is only read its last place, for nothing.
                asked = range(min(read, len(part) - 1), len(part))
                chances = self._model.run(
                    self._cache, scratch, [part], [before + at + len(part)],
                    select=asked, targets=[text[at + place] if place >= read else 0 for place in asked],
                )[2]  # fmt: skip
                parts.append(chances if read < len(part) else chances[:0])
            last, known = text, np.concatenate(parts)
            found[index] = known[given[index] :]
        return found

    def _read(self, place: int, ids: Sequence[int]) -> tuple[NDArray[Any], ...]:
        """Read a prompt into a row of the cache; return what may follow the last one."""
        out: tuple[NDArray[Any], ...] = ()
        for at in range(0, len(ids), _STEP):
            part = ids[at : at + _STEP]
            out = self._model.run(self._cache, place, [part], [at + len(part)], select=[len(part) - 1])
        return out

    def _step(self) -> None:
        rows = [(token, one.length + 1) for one in self._running for token in one.search.last]
        scores, tokens, _ = self._model.run(
            self._cache, 0, [[token] for token, _ in rows], [length for _, length in rows]
        )
        at = 0
        for one in self._running:
            until = at + one.task.beam
            length = one.length + 1
            parents = one.search.advance(scores[at:until], tokens[at:until])
            moved = [(parent, row) for row, parent in enumerate(parents) if parent != row]
            self._cache.copy(
                [one.place + parent for parent, _ in moved], [one.place + row for _, row in moved],
                len(one.task.prompt), length,
            )  # fmt: skip
            at = until
        self._finish([one for one in self._running if one.search.done])

    def _finish(self, finished: Sequence[_Running]) -> None:
        """Hand results over, and move the sentences behind into the places that are free."""
        for one in finished:
            self._running.remove(one)
            self._release(one.task)
            one.task.future.set_result(one.search.found)
        place = 0
        for one in self._running if finished else ():
            if one.place != place:
                rows = range(one.task.beam)
                self._cache.copy([one.place + row for row in rows], [place + row for row in rows], 0, one.length)
                one.place = place
            place += one.task.beam
        if finished and place < _ROWS:
            self._cache.forget(range(place, _ROWS))
