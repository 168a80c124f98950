"""Workers on Ray: one actor each, started again elsewhere when it dies.

Ray pickles what it sends, so a cluster is as trusted as the machines that can reach it; only our own frozen dataclasses
go through it. Results come back inside the reply, so that none is lost with the node that made it.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import translate
from translate.cluster.joining import connect, cores, imported, is_loopback, require_listener, require_ray, start_local
from translate.cluster.pool import Done, Task
from translate.cluster.worker import Answer, EngineSpec, Worker, code
from translate.engines.base import Progress
from translate.errors import ClusterError

_LOG = logging.getLogger(__name__)

DEPTH = 2
"""Tasks that a worker has at once: one in work, and the next, so that it never waits for the driver."""

_START_SECONDS = 300.0  # an autoscaler needs minutes for a machine
_STARTS = 3  # deaths of one worker before it was ready


@dataclass(slots=True)
class _Slot:
    """The place of a worker, in which one actor follows another.

    Attributes:
        number: For people.
        actor: Ray's handle.
        state: ``starting`` (says hello), ``opening`` (its engine), ``ready``, or ``gone``.
        queue: What it has been given, in order.
        deaths: Deaths in a row before it was ready.
        host: Where it runs.
        segments: What came back from it.
        restarts: How often its actor was replaced.
    """

    number: int
    actor: Any = None
    state: str = "starting"
    queue: deque[Task] = field(default_factory=deque)
    deaths: int = 0
    host: str = ""
    segments: int = 0
    restarts: int = 0


class RayPool:
    """Workers on a Ray cluster; a context that gives everything back when it is left.

    Nothing is started before ``identity`` is asked for.

    Args:
        address: ``auto`` or ``HOST:PORT`` of a running cluster; empty for one of this machine's own.
        engine: What every worker opens.
        workers: How many; None for as many as the cluster has processors (or GPUs) for.
        gpus: GPUs of each worker; a fraction lets several share one.
        progress: Told how many workers are ready.

    Raises:
        ClusterError: Ray is not installed.

    Attributes:
        size: Workers that there should be, known from ``identity`` on; before, what was asked for.
    """

    def __init__(
        self, address: str, engine: EngineSpec, *, workers: int | None, gpus: float, progress: Progress
    ) -> None:
        require_ray()
        self.size = workers or 1
        self.name = self.revision = ""
        self._address = address
        self._engine = engine.located()
        self._workers = workers
        self._gpus = gpus
        self._progress = progress
        self._slots: list[_Slot] = []
        self._flying: dict[Any, tuple[_Slot, Task | None]] = {}  # reference → whose, and which task if it is one
        self._waited = time.monotonic()
        self._last = ""  # why the last worker died

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers, and the cluster if it is this run's own."""
        if self._slots:
            import ray

            self._slots = []
            ray.shutdown()  # actors end with the job that made them

    def identity(self) -> str:
        """See ``Pool.identity``; starts the workers when it is first called."""
        if not self._slots:
            self._start()
        while not self.name:
            self._handle(self._any_done(60.0))
        return f"{self.name}@{self.revision}"

    def room(self) -> int:
        """See ``Pool.room``."""
        if not self._slots:
            return DEPTH * self.size
        return sum(DEPTH - len(slot.queue) for slot in self._slots if slot.state == "ready")

    def submit(self, task: Task) -> None:
        """See ``Pool.submit``; the worker with the least to do gets it."""
        slot = min((one for one in self._slots if one.state == "ready"), key=lambda one: len(one.queue))
        slot.queue.append(task)
        self._flying[slot.actor.translate.remote(task.chunk)] = (slot, task)

    def wait(self, seconds: float) -> list[Done]:
        """See ``Pool.wait``."""
        end = time.monotonic() + seconds
        while True:
            done = self._handle(self._any_done(max(0.0, end - time.monotonic())))
            if done or time.monotonic() >= end or any(slot.state == "ready" and not slot.queue for slot in self._slots):
                return done

    @property
    def ready(self) -> int:
        """How many workers can take work now."""
        return sum(slot.state == "ready" for slot in self._slots)

    def workers(self) -> list[dict[str, Any]]:
        """Return host, segments and restarts of each worker, for reports."""
        return [{"host": slot.host, "segments": slot.segments, "restarts": slot.restarts} for slot in self._slots]

    def _start(self) -> None:
        if self._address not in ("", "auto"):
            require_listener(self._address)
        ray = imported(loopback=is_loopback(self._address))
        self._progress("Starting Ray", 0, 1)
        if self._address:
            connect(ray, self._address)
        else:
            start_local(ray, cpus=(self._workers or cores() // self._engine.threads or 1) * self._engine.threads)
        if self._workers is None:
            found: dict[str, float] = ray.cluster_resources()
            room = found.get("GPU", 0) / self._gpus if self._gpus else found.get("CPU", 0) / self._engine.threads
            self.size = max(1, int(room))
        self._progress("Starting Ray", 1, 1)
        self._waited = time.monotonic()
        self._slots = [_Slot(number) for number in range(1, self.size + 1)]
        for slot in self._slots:
            self._hire(slot)

    def _hire(self, slot: _Slot) -> None:
        """Start an actor in a place, wherever the cluster has room."""
        import ray

        options: dict[str, Any] = {
            "num_cpus": self._engine.threads, "num_gpus": self._gpus, "max_restarts": 0, "scheduling_strategy": "SPREAD"
        }  # fmt: skip
        slot.actor = ray.remote(Worker).options(**options).remote()
        slot.state = "starting"
        self._flying[slot.actor.hello.remote()] = (slot, None)

    def _any_done(self, seconds: float) -> list[Any]:
        """Return the references that are done, waiting for one at most."""
        import ray

        flying = list(self._flying)
        first, _ = ray.wait(flying, num_returns=1, timeout=seconds)
        ready = ray.wait(flying, num_returns=len(flying), timeout=0)[0] if first else []
        if any(slot.state in ("ready", "opening") for slot in self._slots):
            self._waited = time.monotonic()
        elif not ready and time.monotonic() - self._waited > _START_SECONDS:
            wanted = f"{self._engine.threads} CPU" + (f" and {self._gpus:g} GPU" if self._gpus else "")
            raise ClusterError(
                f"no worker could start in {_START_SECONDS:.0f} seconds; each needs {wanted}, and the cluster has "
                f"not that much free: ask for less (--threads, --worker-gpus), or add machines{self._because()}"
            )
        return ready

    def _handle(self, references: list[Any]) -> list[Done]:
        import ray

        out: list[Done] = []
        for reference in references:
            if reference not in self._flying:  # its worker was found dead by another one
                continue
            slot, task = self._flying.pop(reference)
            try:
                answer = ray.get(reference)
            except ray.exceptions.RayError as error:
                if slot.state == "starting":
                    _require_installed(error)
                out += self._lost(slot, task, f"{type(error).__name__}: {_short(error)}")
                continue
            if slot.state == "starting":
                self._greeted(slot, answer)
            elif slot.state == "opening":
                self._opened(slot, answer)
            elif task and answer.error:
                out += self._lost(slot, task, answer.error)
            elif task:
                slot.queue.remove(task)
                slot.segments += len(answer.proposals)
                out.append(Done(task, answer.proposals))
        return out

    def _greeted(self, slot: _Slot, hello: tuple[str, str, str]) -> None:
        version, found, slot.host = hello
        if version != translate.__version__:
            raise ClusterError(
                f"{slot.host} has yakubun {version}, this machine {translate.__version__}: install one version "
                f"everywhere: pip install 'yakubun[cluster]=={translate.__version__}'"
            )
        if found != code():
            raise ClusterError(
                f"{slot.host} has yakubun {version} with other changes ({found}) than this machine ({code()}): "
                "install the same files everywhere"
            )
        slot.state = "opening"
        self._flying[slot.actor.open.remote(self._engine)] = (slot, None)

    def _opened(self, slot: _Slot, answer: Answer) -> None:
        if answer.error:
            raise ClusterError(f"{slot.host}: the engine cannot be opened there: {answer.error}")
        if self.name and (answer.name, answer.revision) != (self.name, self.revision):
            raise ClusterError(
                f"{slot.host} has the engine {answer.name}@{answer.revision}, the others {self.name}@{self.revision}: "
                "results would depend on who made them; put the same model on every machine"
            )
        self.name, self.revision = answer.name, answer.revision
        slot.state, slot.deaths = "ready", 0
        self._progress("Workers", self.ready, self.size)
        _LOG.info("worker %d is ready on %s with %s@%s", slot.number, slot.host, self.name, self.revision)

    def _lost(self, slot: _Slot, task: Task | None, reason: str) -> list[Done]:
        """Replace a worker that died or whose engine failed; return what it had."""
        import ray

        self._last = f"{slot.host or 'a worker'}: {reason}"
        self._flying = {one: owner for one, owner in self._flying.items() if owner[0] is not slot}
        _LOG.warning("worker %d is lost (%s); what it had is done again", slot.number, self._last)
        ray.kill(slot.actor)
        # An actor works in order: the first of its tasks was under way, the others only waited.
        out = [Done(one, reason=self._last, blamed=one is slot.queue[0]) for one in slot.queue]
        if task is None:
            slot.deaths += 1
        slot.queue.clear()
        slot.restarts += 1
        if slot.deaths >= _STARTS:
            slot.state = "gone"
            if all(one.state == "gone" for one in self._slots):
                raise ClusterError(f"no worker can be started{self._because()}; what is finished is kept")
        else:
            self._hire(slot)
        return out

    def _because(self) -> str:
        return f"; the last one that died said: {self._last}" if self._last else ""


def _require_installed(error: BaseException) -> None:
    """Raise if a worker could not even be imported where it was to start."""
    if any(sign in str(error) for sign in ("ModuleNotFoundError", "ImportError", "AttributeError")):
        raise ClusterError(
            "a machine of the cluster has no yakubun, another version, or another package named translate: "
            f"pip install 'yakubun[cluster]=={translate.__version__}' there ({_last_line(error)})"
        ) from error


def _short(error: BaseException) -> str:
    """Return the first sentence of Ray's last line; more of them say what might have been the cause."""
    sentence = _last_line(error).partition(". ")[0]
    return sentence if len(sentence) <= 200 else f"{sentence[:199]}…"


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else ""
