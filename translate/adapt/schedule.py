"""The learning rate over the steps, and how many steps fit into a budget of time.

Warm-up, a constant rate, then a linear decay to nothing. How many steps the budget holds is measured during the first
ones and then frozen: a run that was killed and resumed, on a machine that is busier by now, still takes the same steps
at the same rates. Warm-up does not depend on the number of steps, so that they can begin before it is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

WARM_UP = 20
_FEWEST, _ENOUGH, _SHARE = 4, 24, 0.08


@dataclass(frozen=True)
class Schedule:
    """When to learn how fast, and when to evaluate.

    Attributes:
        peak: The highest learning rate.
        total: Number of steps; None until it is measured.
        warm_up: Steps over which the rate rises.
        decay: Part of the steps over which it falls to zero at the end.
        evaluate_every: Steps between evaluations; None until it is measured, 0 for none before the end.

    Example:
        >>> schedule = Schedule(peak=1.0, total=10, warm_up=2, decay=0.5, evaluate_every=4)
        >>> [round(schedule.rate(step), 2) for step in range(10)]
        [0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.6, 0.4, 0.2]
        >>> [step for step in range(11) if schedule.evaluates(step)]
        [4, 8, 10]
    """

    peak: float
    total: int | None = None
    warm_up: int = WARM_UP
    decay: float = 0.4
    evaluate_every: int | None = None

    def rate(self, step: int) -> float:
        """Return the learning rate of step number ``step``, counted from 0."""
        rate = self.peak * min(1.0, (step + 1) / self.warm_up)
        if self.total is not None and self.decay > 0:
            falling = max(1, round(self.total * self.decay))
            rate *= min(1.0, (self.total - step) / falling)
        return max(0.0, rate)

    def evaluates(self, done: int) -> bool:
        """Whether to evaluate after ``done`` steps: now and then, not just before the end, and at the end."""
        if self.total is None or done <= 0:
            return False
        if done == self.total:
            return True
        every = self.evaluate_every
        return bool(every) and done % every == 0 and self.total - done >= every / 2 if every else False


def for_steps(peak: float, steps: int, decay: float, evaluations: int = 4) -> Schedule:
    """Return the schedule of a run whose number of steps was given."""
    every = max(1, round(steps / evaluations)) if evaluations else 0
    return Schedule(peak, steps, min(WARM_UP, max(1, steps // 5)), decay, every)


def measured_enough(steps: int, seconds: float, budget: float) -> bool:
    """Whether ``steps`` steps in ``seconds`` tell how many fit into a budget of ``budget`` seconds."""
    return steps >= _ENOUGH or (steps >= _FEWEST and seconds >= _SHARE * budget)


def freeze(
    schedule: Schedule, *, done: int, left: float, step_seconds: float, evaluation_seconds: float, interval: float
) -> Schedule:
    """Fix the number of steps and when to evaluate.

    Args:
        schedule: One whose total is not known yet.
        done: Steps taken.
        left: Seconds left of the budget.
        step_seconds: What a step takes.
        evaluation_seconds: What an evaluation takes; 0 if there is none.
        interval: Seconds between evaluations.

    Example:
        >>> frozen = freeze(Schedule(1e-3), done=10, left=600, step_seconds=2, evaluation_seconds=20, interval=200)
        >>> frozen.total, frozen.evaluate_every
        (280, 93)
    """
    evaluations = max(1, round(left / max(interval, 1e-9))) if evaluation_seconds else 0
    # Evaluating must not eat up the training: at most a quarter of the time.
    evaluations = min(evaluations, max(1, int(0.25 * left / evaluation_seconds))) if evaluations else 0
    total = done + max(1, int((left - evaluations * evaluation_seconds) / max(step_seconds, 1e-9)))
    return replace(schedule, total=total, evaluate_every=max(1, total // evaluations) if evaluations else 0)
