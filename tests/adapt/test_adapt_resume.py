"""Runs that are killed, or asked to end, and go on: real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tiny
from tiny import fingerprint, log_of

from translate.adapt import folder
from translate.adapt.options import Options

pytest.importorskip("torch", reason="training needs torch; pip install 'yakubun[train]'")
pytest.importorskip("peft", reason="training needs peft; pip install 'yakubun[train]'")
pytestmark = pytest.mark.slow


def process(output: Path, options: Options, steps: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, tiny.__file__, output, options.start, options.pairs[0], steps]
    path = os.pathsep.join([str(Path(tiny.__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen([str(word) for word in command], env={**os.environ, "PYTHONPATH": path})


def wait_for_state(output: Path, running: subprocess.Popen[bytes]) -> None:
    for _ in range(6000):
        if (output / "training.state").is_file() or running.poll() is not None:
            return
        time.sleep(0.01)


def test_a_run_that_was_killed_and_resumed_ends_with_the_same_weights(options: Options, tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert process(whole, options, 30).wait(300) == 0
    running = process(killed, options, 30)
    wait_for_state(killed, running)
    running.send_signal(signal.SIGKILL)
    assert running.wait(60) == -signal.SIGKILL
    assert process(killed, options, 30).wait(300) == 0
    facts = folder.facts_of(killed)
    assert facts is not None
    assert (facts["starts"], facts["done"]) == (2, 30)
    assert fingerprint(killed) == fingerprint(whole)
    curves = [[{**line, "seconds": 0} for line in log_of(output)] for output in (whole, killed)]
    assert curves[0] == curves[1]


def test_a_run_that_is_asked_to_end_saves_its_state_and_says_so(options: Options, tmp_path: Path) -> None:
    running = process(tmp_path / "model", options, 5000)
    wait_for_state(tmp_path / "model", running)
    running.send_signal(signal.SIGTERM)
    assert running.wait(120) == 130
    facts = folder.facts_of(tmp_path / "model")
    assert facts is not None
    assert 0 < facts["done"] < 5000
    assert not facts["finished"]
