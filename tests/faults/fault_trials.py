"""Disturb one command in many ways, and hold what it left against what must hold."""

from __future__ import annotations

import errno
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fault_checks as checks
from fault_layer import CHANGING
from fault_project import SCENARIOS
from fault_server import Done, Server

ERRNOS: dict[str, tuple[int, ...]] = {
    "open": (errno.EIO, errno.EACCES, errno.EMFILE),
    "read": (errno.EIO,),
    "create": (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT),
    "write": (errno.ENOSPC, errno.EIO),
    "fsync": (errno.EIO, errno.ENOSPC),
    "replace": (errno.EACCES, errno.EIO, errno.ENOSPC, errno.EXDEV),
    "rename": (errno.EACCES, errno.EIO),
    "unlink": (errno.EIO, errno.EACCES),
    "mkdir": (errno.ENOSPC, errno.EROFS, errno.EACCES),
    "truncate": (errno.EIO,),
    "close": (errno.EIO, errno.ENOSPC),
}
"""Call → the errors that it may report."""

Tell = Callable[[str], None]


@dataclass
class Tally:
    """What came of the trials of one command.

    Attributes:
        tried: Fault → how often.
        ended: How the disturbed runs ended → how often.
        failures: What must not be, with the trial that showed it.
        again: Finished segments that were asked for again, over all trials.
        kept: Finished segments that a run after a fault found, over all trials.
    """

    tried: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    kept: int = 0


class Trials:
    """A command, its undisturbed run, and the trials of it.

    Args:
        name: Its name in ``SCENARIOS``.
        server: Runs it.
        folder: Where to work.
    """

    def __init__(self, name: str, server: Server, folder: Path) -> None:
        self.name, self.server, self.scenario = name, server, SCENARIOS[name]
        self.template, self.work = folder / f"{name}-template", folder / "work"
        # Paths of locks and of messages are those of the folder it was made in, so it is made where the trials run.
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.scenario.prepare(self.work, server)
        shutil.rmtree(self.template, ignore_errors=True)
        self.work.rename(self.template)
        self.before = checks.people(self.template)
        self.lines = checks.journal_lines(self.template)
        self.begin()
        self.whole = self.command({})
        assert self.whole.code >= 0
        self.wanted = checks.snapshot(self.work, repeats=self.scenario.repeats)
        self.people = checks.people(self.work)
        self.tally = Tally()

    def begin(self) -> None:
        """Put the folder back as it was before the command."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.template, self.work)

    def command(self, fault: dict[str, Any] | None = None, kill_after: float | None = None) -> Done:
        """Run the command once."""
        pause = 0.0 if kill_after is None else self.scenario.pause
        return self.server.run(self.scenario.words, self.work, pause=pause, fault=fault, kill_after=kill_after)

    def kill(self, moment: float) -> None:
        """Kill a run after so many seconds, then see what it left."""
        self.begin()
        done = self.command(kill_after=moment)
        self._judge(f"{self.name}: SIGKILL after {moment:.4f} s", "kill", done)

    def fault(self, kind: str, at: int, code: int = 0) -> None:
        """Let the fault layer act at one call, then see what the run left."""
        self.begin()
        done = self.command({"kind": kind, "at": at, "errno": code or errno.EIO})
        op, path = self.whole.calls[at - 1] if at <= len(self.whole.calls) else ("end", "")
        name = errno.errorcode[code] if code else ""
        where = f"{self.name}: {kind} {name} at call {at}, {op} {Path(path).name}"
        self._judge(where, f"{kind} {name} {op}".replace("  ", " "), done)

    def _judge(self, where: str, what: str, done: Done) -> None:
        self.tally.tried[what] += 1
        self.tally.ended["killed" if done.code == -9 else f"exit {done.code}"] += 1
        try:
            if done.code != -9:
                self._require_honest(done)
            lost = [path for op, path in done.calls if op == "LOST"]
            assert not lost, f"was said to be on the disk and is not: {lost}"
            checks.require_people(self.before, checks.people(self.work), self.people)
            checks.require_saved(checks.people(self.work), done.out)
            known = checks.finished(self.work, self.lines)
            again = self.command()
            assert again.code == self.whole.code, f"the next run exits with {again.code}: {again.err[-500:]}"
            twice = known & set(again.asked)
            assert not twice, f"translated again: {sorted(twice)[:3]}"
            self.tally.kept += len(known)
            found = checks.snapshot(self.work, repeats=self.scenario.repeats)
            wrong = checks.differences(found, self.wanted)
            assert not wrong, wrong
            assert checks.orphans(self.work) <= 1, "stored hypotheses without a record"
        except AssertionError as error:
            self.tally.failures.append(f"{where}: {error}")

    def _require_honest(self, done: Done) -> None:
        """A failure is told in one message; what is not told as one has done everything."""
        if done.code == self.whole.code:
            found = checks.snapshot(self.work, repeats=self.scenario.repeats)
            what = checks.differences(found, self.wanted)
            assert not what, f"exit {done.code} as if all were well, yet {what}"
        else:
            checks.require_told(done.code, done.err)


def plan(trials: Trials, *, deaths: bool = True) -> Iterator[tuple[str, int, int]]:
    """Yield every fault that makes sense at every call of the undisturbed run: kind, number of the call, errno."""
    for at, (op, _) in enumerate(trials.whole.calls, 1):
        for code in ERRNOS[op]:
            yield "fail", at, code
        if op in CHANGING:
            yield "fail-on", at, errno.ENOSPC
            yield "fail-on", at, errno.EROFS
            if op == "write":
                yield "short", at, 0
            if deaths:
                for kind in ("die-before", "die-after", "power", "power-strict"):
                    yield kind, at, 0
    if deaths:
        for kind in ("power", "power-strict"):
            yield kind, len(trials.whole.calls) + 1, 0


def kill(trials: Trials, times: int, seed: int) -> None:
    """Kill the command at so many random moments, spread evenly over its duration and a little beyond."""
    chance = random.Random(f"{seed} {trials.name}")
    trials.begin()
    duration = trials.command(kill_after=60).seconds
    for number in range(times):
        trials.kill((number + chance.random()) / times * duration * 1.05)


def inject(trials: Trials, seed: int, limit: int | None = None) -> None:
    """Try every fault at every call, or so many of them by lot."""
    faults = list(plan(trials))
    if limit is not None and limit < len(faults):
        faults = sorted(random.Random(f"{seed} {trials.name}").sample(faults, limit), key=lambda one: one[1])
    for one in faults:
        trials.fault(*one)
