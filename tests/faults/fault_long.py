"""A long run: does it grow, does it leak descriptors, does it become slower?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import fault_project
import psutil
from fault_server import ROOT

PER_ARTICLE = 1000
"""Segments of an article at most. A tenth of the run holds whole articles: of each, long sentences come first."""

WARM = 24
"""Segments of an article before the first tenth, at whose end nothing is under way."""


@dataclass(frozen=True)
class Sample:
    """A moment of the run.

    Attributes:
        done: Segments in the journals.
        seconds: Wall time since the first one was there.
        cpu: Processor time of the process since then.
        memory: Resident memory in MB.
        files: Open file descriptors.
    """

    done: int
    seconds: float
    cpu: float
    memory: float
    files: int


def prepare(folder: Path, segments: int) -> list[str]:
    """Write articles of so many segments and a short one before them, no two segments alike; return their names."""
    fault_project.write(folder, "terms.csv", fault_project.TERMS)
    fault_project.write(folder, "yakubun.toml", 'glossaries = ["terms.csv"]\n')
    names = []
    size = min(PER_ARTICLE, max(1, segments // 10))
    lowest = 10 ** len(str(segments))  # their numbers have as many digits at the end as at the beginning
    starts = [0, *range(WARM, WARM + segments, size)]
    for first, last in pairwise([*starts, WARM + segments]):
        names.append(f"articles/ja/{first:07d}.txt")
        lines = [fault_project.numbered(lowest + number) for number in range(first, last)]
        text = "\n\n".join("".join(lines[at : at + 4]) for at in range(0, len(lines), 4))
        fault_project.write(folder, names[-1], text + "\n")
    return names


def run(folder: Path, segments: int, engine: Sequence[str], limit: float) -> tuple[list[Sample], int]:
    """Translate them in one process, for so many seconds at most; return samples, and its exit code."""
    names = prepare(folder, segments)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "run_translation.py"), "translate", *names, *engine],
            cwd=folder, env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    watched = psutil.Process(process.pid)
    samples: list[Sample] = []
    seen: dict[Path, tuple[int, int]] = {}
    start = (0.0, 0.0)
    deadline = time.monotonic() + limit
    while process.poll() is None:
        time.sleep(0.25)
        if time.monotonic() > deadline:
            process.kill()
        done = _lines(folder, seen)
        try:
            with watched.oneshot():
                times = watched.cpu_times()
                cpu, memory, files = times.user + times.system, watched.memory_info().rss / 1e6, watched.num_fds()
        except psutil.Error:
            break
        now = time.monotonic()
        if done and not samples:
            start = (now, cpu)
        if done and (not samples or done > samples[-1].done):
            samples.append(Sample(done, now - start[0], cpu - start[1], memory, files))
    return samples, process.wait()


def _lines(folder: Path, seen: dict[Path, tuple[int, int]]) -> int:
    """Count the lines of all journals; of each only what is new is read."""
    for path in (folder / "locales/en/proposals").glob("*.jsonl"):
        at, count = seen.get(path, (0, 0))
        if path.stat().st_size > at:
            with path.open("rb") as file:
                file.seek(at)
                data = file.read()
            seen[path] = (at + len(data), count + data.count(b"\n"))
    return sum(count for _, count in seen.values())


def report(samples: Sequence[Sample]) -> tuple[list[str], bool]:
    """Return a table of tenths, and whether the last one is as fast as the first and no larger than it may be."""
    total = samples[-1].done - WARM
    ends = [next(one for one in samples if one.done >= WARM + total * tenth / 10) for tenth in range(11)]
    lines = ["tenth  segments  per CPU s  per s  resident MB  descriptors"]
    speeds = []
    for number, (before, after) in enumerate(pairwise(ends), 1):
        count = after.done - before.done
        speeds.append(count / max(1e-9, after.cpu - before.cpu))
        rate = count / max(1e-9, after.seconds - before.seconds)
        lines.append(
            f"{number:5}  {after.done:8}  {speeds[-1]:9.1f}  {rate:5.0f}  {after.memory:11.0f}  {after.files:11}"
        )
    # What is remembered for the length of a run is bounded, and full by then.
    ratio, growth = speeds[-1] / speeds[0], ends[10].memory - ends[5].memory
    files = max(one.files for one in samples)
    lines.append(
        f"last tenth against the first: {ratio:.3f}; resident memory from the half to the end: "
        f"{growth:+.0f} MB; at most {files} descriptors"
    )
    return lines, ratio >= 0.95 and growth <= max(32.0, 0.1 * ends[5].memory)
