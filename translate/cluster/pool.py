"""What the driver and its workers know of each other: tasks go in, what became of them comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from translate.pipeline import Chunk
from translate.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk on its way through the workers.

    Attributes:
        article: Number of the article, as the driver counts them.
        chunk: What to translate.
        failures: Workers that failed while they had it.
    """

    article: int
    chunk: Chunk
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task.

    Attributes:
        task: The task.
        proposals: One for each of its segments, if it went well.
        reason: Why it failed.
        blamed: Whether the task was being worked on when its worker failed; one that only waited there is not to blame.
    """

    task: Task
    proposals: tuple[Proposal, ...] = ()
    reason: str = ""
    blamed: bool = False

    @property
    def failed(self) -> bool:
        """Whether the task must be done again."""
        return not self.proposals


class Pool(Protocol):
    """Workers that translate chunks, all with the same engine."""

    @property
    def size(self) -> int:
        """Workers that there should be."""

    def identity(self) -> str:
        """Return the workers' engine as journals name it; waits until one worker is ready.

        Raises:
            ClusterError: None will be.
        """

    def room(self) -> int:
        """Return how many tasks can be submitted now without lying about for long."""

    def submit(self, task: Task) -> None:
        """Give a task to a worker; there must be room."""

    def wait(self, seconds: float) -> list[Done]:
        """Return what is done by now; wait for the first one if nothing is, but not longer than ``seconds``.

        Raises:
            ClusterError: No worker is left, or one of them is not like the others.
        """
