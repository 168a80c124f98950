"""The loop: steps, log, evaluations, and a state on the disk from which a killed run goes on as if nothing had been.

Everything that decides the weights (batches, rates, when to evaluate, what is best) depends on the seed and on what the
state holds; the clock decides only how long the run is, once, and when the state is saved.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from translate.adapt import schedule, state
from translate.adapt.batches import Position
from translate.adapt.state import Progress
from translate.adapt.tokens import Example
from translate.errors import EngineError

_LOG_EVERY = 10

Stream = Callable[[Position], Iterator[tuple[list[Example], Position]]]
"""Yield batches from a position on, each with the position behind it."""


class Learns(Protocol):
    """What the loop asks of a learner, see ``learner.Learner``."""

    def step(self, batch: list[Example], rate: float) -> float:
        """Learn from a batch and return its loss."""

    def state(self) -> dict[str, Any]:
        """Return all tensors that a resumed run needs."""

    def restore(self, tensors: Mapping[str, Any]) -> None:
        """Put them back."""


@dataclass(frozen=True)
class Report:
    """What a progress bar shows: ``total`` is 0 until it is measured, ``left`` in seconds, rates since this start."""

    step: int
    total: int
    loss: float
    tokens_per_second: float
    left: float
    what: str = "training"


@dataclass
class Trainer:
    """Train until the schedule ends or somebody asks to stop.

    Attributes:
        learner: The model and its optimizer.
        stream: The batches.
        folder: Where state and log go.
        configuration: What the run is; saved with the state.
        budget: Seconds that a run without a fixed number of steps shall take, or None.
        interval: Seconds between evaluations, from which their place is measured.
        evaluate: Returns held-out scores, or is None.
        worth: What decides, of several evaluations, which is the best.
        keep: Called when the weights are the best so far.
        report: Told how it goes after each step.
        stopping: Asked after each step; True saves the state and returns.
        save_seconds: Seconds between saved states: what a kill can lose.
    """

    learner: Learns
    stream: Stream
    folder: Path
    configuration: Mapping[str, Any]
    budget: float | None
    interval: float
    evaluate: Callable[[], dict[str, float]] | None
    worth: Callable[[dict[str, float]], float]
    keep: Callable[[Progress], None]
    report: Callable[[Report], None]
    stopping: Callable[[], bool]
    save_seconds: float = 180.0

    def run(self, progress: Progress, tensors: Mapping[str, Any] | None) -> Progress:
        """Train from ``progress`` on; ``tensors`` are those of its state, None at the beginning.

        Returns:
            How far it came; ``done`` is False if it was stopped.

        Raises:
            EngineError: The loss is no number any more.
        """
        if tensors is not None:
            self.learner.restore(tensors)
        state.trim_log(self.folder / state.LOG, progress.step)
        clock = _Clock(progress)
        if progress.step == 0 and self.evaluate and self.configuration.get("start"):
            self._evaluate(progress, clock)  # what an adapter that is continued was worth
        saved = time.monotonic()
        batches = self.stream(progress.position)
        while not progress.done:
            batch, progress.position = next(batches)
            loss = self.learner.step(batch, progress.schedule.rate(progress.step))
            if not math.isfinite(loss):
                raise EngineError(
                    f"the loss is no number at step {progress.step + 1}: training diverged; lower --learning-rate "
                    f"(the last state is kept in {self.folder})"
                )
            progress.step += 1
            progress.pairs += len(batch)
            progress.tokens += sum(map(len, batch))
            progress.loss, progress.since = progress.loss + loss, progress.since + 1
            clock.tick(batch)
            frozen = self._freeze(progress, clock)
            if progress.since >= _LOG_EVERY or progress.done:
                self._log(progress)
            self.report(clock.report(loss))
            evaluated = bool(self.evaluate) and progress.schedule.evaluates(progress.step)
            if evaluated:
                self._evaluate(progress, clock)
            stopping = self.stopping() and not progress.done
            if frozen or evaluated or stopping or time.monotonic() - saved > self.save_seconds:
                self.save(progress)
                saved = time.monotonic()
            if stopping:
                return progress
        if not self.evaluate:
            self.keep(progress)
        return progress

    def save(self, progress: Progress) -> None:
        """Write the state."""
        state.save(self.folder / state.FILE, progress, self.configuration, self.learner.state())

    def _freeze(self, progress: Progress, clock: _Clock) -> bool:
        if progress.schedule.total is not None or self.budget is None:
            return False
        if not schedule.measured_enough(clock.steps, clock.training, self.budget):
            return False
        progress.schedule = schedule.freeze(
            progress.schedule,
            done=progress.step,
            left=self.budget - progress.seconds,
            step_seconds=clock.usual,
            # Without a first one to measure, an evaluation is reckoned at the time of ten steps.
            evaluation_seconds=(clock.evaluating or 10 * clock.usual) if self.evaluate else 0.0,
            interval=self.interval,
        )
        return True

    def _evaluate(self, progress: Progress, clock: _Clock) -> None:
        if self.evaluate is None:
            return
        self.report(clock.report(math.nan, "evaluating"))
        scores = {"step": float(progress.step), **self.evaluate()}
        clock.tock()
        before = map(self.worth, progress.scores)
        better = self.worth(scores) > max(before, default=-math.inf)
        progress.scores.append(scores)
        self._write({**scores, "step": progress.step}, progress)
        if better:
            progress.best = progress.step
            self.keep(progress)  # the last of it may say that the run is finished

    def _log(self, progress: Progress) -> None:
        line = {"step": progress.step, "tokens": progress.tokens, "loss": round(progress.loss / progress.since, 4)}
        progress.loss, progress.since = 0.0, 0
        self._write({**line, "rate": float(f"{progress.schedule.rate(progress.step - 1):.3g}")}, progress)

    def _write(self, line: dict[str, Any], progress: Progress) -> None:
        with (self.folder / state.LOG).open("a", encoding="ascii") as file:
            file.write(json.dumps({**line, "seconds": round(progress.seconds, 1)}) + "\n")


class _Clock:
    """Time since this start, training and evaluating apart; the first step, slow for once, is not counted."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._last = progress, time.monotonic()
        self.steps, self.training, self.evaluating, self._tokens, self._begun = 0, 0.0, 0.0, 0, False
        self._times: list[float] = []  # of the first steps, until they have told how many there shall be

    def _spent(self) -> float:
        now = time.monotonic()
        spent, self._last = now - self._last, now
        self._progress.seconds += spent
        return spent

    def tick(self, batch: list[Example]) -> None:
        spent = self._spent()
        if self._begun:
            self.steps += 1
            self.training += spent
            if self._progress.schedule.total is None:
                self._times.append(spent)
            self._tokens += sum(map(len, batch))
        self._begun = True

    @property
    def usual(self) -> float:
        """The median: batches are of one size, and what is compiled on the way must not count for all steps."""
        return median(self._times)

    def tock(self) -> None:
        self.evaluating = self._spent()

    def report(self, loss: float, what: str = "training") -> Report:
        total = self._progress.schedule.total or 0
        left = self.training / self.steps * (total - self._progress.step) if self.steps and total else math.nan
        speed = self._tokens / self.training if self.training else math.nan
        return Report(self._progress.step, total, loss, speed, left, what)
