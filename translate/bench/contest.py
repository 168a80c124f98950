"""A contest: each contestant in a process of its own, taking turns, so that a busy machine disturbs all alike.

The processes speak JSON over a pipe. One runs at a time; the others wait and use no processor.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from translate.bench.contestants import COMPARED, Contestant, Job, contestant
from translate.bench.figures import Figures, Ratio, Turn, ratio
from translate.engines.base import Progress
from translate.errors import EngineError, YakubunError


def contest(names: Sequence[str], job: Job, rounds: int, characters: int, progress: Progress) -> list[Figures]:
    """Let the contestants take turns over the text.

    Args:
        names: Who takes part, in this order.
        job: What they are given.
        rounds: Turns of each.
        characters: Length of the text, for the figures.
        progress: Told of every turn.

    Raises:
        EngineError: A contestant cannot be loaded, or failed.
    """
    seats: list[_Seat] = []
    total, done = len(names) * (rounds + 1), 0
    try:
        for name in names:
            progress(f"Loading {name}", done, total)
            seats.append(_Seat(name, job))
            done += 1
        turns: dict[str, list[Turn]] = {name: [] for name in names}
        for _ in range(rounds):
            for seat in seats:
                progress(f"Running {seat.name}", done, total)
                turns[seat.name].append(seat.turn())
                done += 1
        return [seat.figures(tuple(turns[seat.name]), characters) for seat in seats]
    finally:
        for seat in seats:
            seat.close()


def ratios(found: Sequence[Figures]) -> list[Ratio]:
    """Return the ratios of ``COMPARED`` that can be made of those who took part."""
    known = {one.name: one for one in found}
    return [ratio(known[one], known[other]) for one, other in COMPARED if one in known and other in known]


class _Seat:
    """The process of one contestant, seen from the contest's side."""

    def __init__(self, name: str, job: Job) -> None:
        self.name = name
        folder = job.folder / name
        folder.mkdir()
        asked = {**asdict(replace(job, folder=folder)), "name": name}
        context = multiprocessing.get_context("spawn")  # a fork would share our memory and our threads
        self._pipe, theirs = context.Pipe()
        started = time.monotonic()
        self._process = context.Process(target=_sit, args=(theirs, json.dumps(asked, default=str)), daemon=True)
        self._process.start()
        theirs.close()
        told = self._answer()
        self._load = time.monotonic() - started
        self._precision, self._beam = str(told["precision"]), int(told["beam"])

    def turn(self) -> Turn:
        self._pipe.send_bytes(b"run")
        return Turn(**self._answer())

    def figures(self, turns: tuple[Turn, ...], characters: int) -> Figures:
        self._pipe.send_bytes(b"peak")
        peak = float(self._answer()["peak"])
        return Figures(self.name, self._precision, self._beam, self._load, peak, characters, turns)

    def close(self) -> None:
        self._pipe.close()
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()

    def _answer(self) -> dict[str, Any]:
        try:
            told: dict[str, Any] = json.loads(self._pipe.recv_bytes())
        except (EOFError, OSError) as error:
            self._process.join(10)
            raise EngineError(
                f"bench: the process of {self.name} ended (exit code {self._process.exitcode}); "
                "leave it out with --only"
            ) from error
        if "error" in told:
            raise EngineError(f"bench: {self.name}: {told['error']}")
        return told


def _sit(pipe: Connection, asked: str) -> None:
    """Serve one contestant until the contest hangs up."""
    job = json.loads(asked)
    name = job.pop("name")
    paths = {key: tuple(Path(one) for one in job[key]) for key in ("articles", "glossaries")}
    try:
        taking_part = contestant(name, Job(**{**job, **paths, "folder": Path(job["folder"])}))
        _send(pipe, {"precision": taking_part.precision, "beam": taking_part.beam})
        while True:
            wish = pipe.recv_bytes()
            _send(pipe, {"peak": _peak()} if wish == b"peak" else _timed(taking_part))
    except EOFError:
        return
    except ImportError as error:
        _send(pipe, {"error": f"{error.name} is not installed: pip install 'yakubun[bench]', or leave it out: --only"})
    except YakubunError as error:
        _send(pipe, {"error": str(error)})


def _send(pipe: Connection, told: dict[str, Any]) -> None:
    pipe.send_bytes(json.dumps(told).encode())


def _timed(taking_part: Contestant) -> dict[str, Any]:
    firsts: list[float] = []
    before, started = os.times(), time.monotonic()
    segments, tokens = taking_part.run(lambda: firsts.append(time.monotonic() - started))
    seconds, after = time.monotonic() - started, os.times()
    cpu = after.user + after.system - before.user - before.system
    return asdict(Turn(seconds, cpu, firsts[0] if firsts else seconds, segments, tokens))


def _peak() -> float:
    """Return the largest resident memory that this process ever had, MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
