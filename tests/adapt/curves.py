"""The curves of docs/model.md, "Kill and resume": ``python tests/adapt/curves.py [--steps N] [--chart FILE.svg]``.

Adapts the shipped model to the project's own articles twice with one command: once undisturbed, once with SIGKILL in
the middle, after which the command is typed again. Shows what both logged and whether the weights are the same. Some
minutes on two cores; nothing stays behind but the chart.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from translate.adapt import state  # noqa: E402 - the path above comes first
from translate.bench.chart import saved  # noqa: E402
from translate.resources import sha256  # noqa: E402

Log = list[dict[str, Any]]


def start(output: Path, steps: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, CHECKOUT / "run_translation.py", "adapt", "--po"]
    command += sorted((CHECKOUT / "references" / "en").glob("*.po"))
    command += ["--output", output, "--steps", steps, "--batch-tokens", 800, "--learning-rate", "1e-4"]
    command += ["--held-out", 0, "--save-every", 0.2, "--licence", "the project's own"]
    # A session of its own: what kills it must not meet this process.
    return subprocess.Popen([str(word) for word in command], start_new_session=True)


def log_of(output: Path) -> Log:
    path = output / state.LOG
    return [json.loads(line) for line in path.read_text("ascii").splitlines()] if path.is_file() else []


def finish(running: subprocess.Popen[bytes]) -> None:
    if running.wait():
        raise SystemExit(f"adapt ended with exit code {running.returncode}")


def kill(output: Path, running: subprocess.Popen[bytes], step: int) -> None:
    """Kill a run when it has logged ``step``, if a state was saved by then."""
    while not (output / state.FILE).is_file() or not log_of(output) or log_of(output)[-1]["step"] < step:
        if running.poll() is not None:
            raise SystemExit(f"adapt ended before step {step} with exit code {running.returncode}")
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=80)
    parser.add_argument("--chart", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yakubun-curves-") as place:
        whole, killed = Path(place) / "whole", Path(place) / "killed"
        finish(start(whole, options.steps))
        kill(killed, start(killed, options.steps), options.steps // 2)
        before = log_of(killed)
        finish(start(killed, options.steps))
        logs = {"undisturbed": log_of(whole), "until it was killed": before, "killed and resumed": log_of(killed)}
        print("step", *logs, sep="\t")
        for at, line in enumerate(logs["undisturbed"]):
            losses = [log[at]["loss"] if at < len(log) else "-" for log in logs.values()]
            print(line["step"], *losses, sep="\t")
        sums = [sha256(folder / "adapter_model.safetensors") for folder in (whole, killed)]
        print(f"killed after step {before[-1]['step']}; the weights are the same: {sums[0] == sums[1]}")
    if options.chart:
        draw(logs, options.chart)


def draw(logs: dict[str, Log], path: Path) -> None:
    with saved(path, "The same command, undisturbed and killed in the middle", size=(10, 4), sharey=True) as plots:
        shown = (("undisturbed",), ("until it was killed", "killed and resumed"))
        for axes, names in zip(plots, shown, strict=True):
            for name in names:
                wide = 5 if name.startswith("until") else 1.5
                axes.plot([one["step"] for one in logs[name]], [one["loss"] for one in logs[name]], lw=wide, label=name)
            axes.set(xlabel="step", ylabel="loss, mean of ten steps")
            axes.spines[["top", "right"]].set_visible(False)
            axes.legend(frameon=False)


if __name__ == "__main__":
    main()
