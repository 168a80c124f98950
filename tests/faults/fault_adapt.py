"""Training that is killed at random moments and gone on with, on the tiny model of ``tests/adapt``."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from fault_server import ROOT

sys.path.append(str(ROOT / "tests" / "adapt"))


class Training:
    """A run of training and the undisturbed one that it is held against.

    Args:
        folder: Where to work.
        steps: Steps of the run.
    """

    def __init__(self, folder: Path, steps: int = 20) -> None:
        import tiny

        self.folder, self.steps, self.script = folder, steps, tiny.__file__
        self.start, self.pairs = tiny.start_folder(folder / "start", tiny.base()), folder / "pairs.tsv"
        tiny.write_pairs(self.pairs, tiny.SHORT)
        started = time.monotonic()
        assert self.process(folder / "whole").wait(600) == 0
        self.seconds = time.monotonic() - started

    def process(self, output: Path) -> subprocess.Popen[bytes]:
        """Start a process that trains into a folder, or goes on there."""
        words = [sys.executable, self.script, output, self.start, self.pairs, self.steps]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        return subprocess.Popen([str(word) for word in words], env=environment, stderr=subprocess.DEVNULL)

    def kill(self, moment: float) -> str:
        """Kill a run after so many seconds, go on with it, and return what is wrong then."""
        output = self.folder / "killed"
        shutil.rmtree(output, ignore_errors=True)
        running = self.process(output)
        try:
            running.wait(moment)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        code = self.process(output).wait(600)
        what = f"exit {code}" if code else self._differences(output)
        return f"killed after {moment:.2f} s: {what}" if what else ""

    def _differences(self, output: Path) -> str:
        whole = self.folder / "whole"
        names = {path.name for path in whole.iterdir()} ^ {path.name for path in output.iterdir()}
        if names:
            return f"missing or litter: {sorted(names)}"
        for path in sorted(whole.iterdir()):
            other = output / path.name
            if path.name == "training.jsonl":
                same = _curve(path) == _curve(other)
            elif path.name == "training.json":
                same = _facts(path) == _facts(other)
            else:
                same = path.name == "README.md" or path.read_bytes() == other.read_bytes()
            if not same:
                return f"{path.name} differs"
        return ""


def _curve(path: Path) -> list[dict[str, float]]:
    return [{**json.loads(line), "seconds": 0} for line in path.read_text().splitlines()]


def _facts(path: Path) -> dict[str, object]:
    return {**json.loads(path.read_text()), "seconds": 0, "starts": 0}


def kill(folder: Path, times: int, seed: int) -> list[str]:
    """Kill a training at so many random moments; return what went wrong."""
    training = Training(folder)
    chance = random.Random(f"{seed} adapt")
    moments = [(number + chance.random()) / times * training.seconds for number in range(times)]
    return [what for moment in moments if (what := training.kill(moment))]
