"""Runs of the command line in processes of their own, quick to start, that can be killed or made to fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHILD = Path(__file__).with_name("fault_child.py")
ROOT = CHILD.parents[2]


@dataclass(frozen=True)
class Done:
    """What a run left outside of its project.

    Attributes:
        code: Exit code, negative for a signal.
        out: Standard output.
        err: Standard error.
        asked: The sources that the engine was asked for.
        calls: The calls that the fault layer counted, as ``(op, path)``; empty without a layer.
        seconds: How long the process lived.
    """

    code: int
    out: str
    err: str
    asked: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]
    seconds: float

    def require(self, *codes: int) -> Done:
        """Return the run itself if it ended with one of these codes."""
        if self.code not in codes:
            raise AssertionError(f"exit {self.code} instead of {codes}:\n{self.out}\n{self.err}")
        return self


class Server:
    """Starts processes of the command line; a context manager, which removes its notes at the end."""

    def __enter__(self) -> Server:
        self._notes = tempfile.TemporaryDirectory(prefix="yakubun-faults-")
        self.folder = Path(self._notes.name)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        environment.pop("FAULT_LAYER", None)
        self._process = subprocess.Popen(
            [sys.executable, str(CHILD), "serve"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        assert self._out.readline() == "ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        self._in.close()
        self._process.wait(60)
        self._out.close()
        self._notes.cleanup()

    def run(
        self,
        words: Sequence[str],
        folder: Path,
        *,
        pause: float = 0.0,
        fault: dict[str, Any] | None = None,
        kill_after: float | None = None,
        limit: float = 60.0,
    ) -> Done:
        """Run a command in a folder, whose cache is ``.cache`` in it.

        Args:
            words: The command line.
            folder: Where it runs.
            pause: Seconds that the counted engine takes for a segment.
            fault: What the fault layer shall do; ``{}`` to count the calls only; None for no layer.
            kill_after: Seconds until SIGKILL.
            limit: Seconds after which it counts as hanging and is killed, too.
        """
        notes = {name: self.folder / name for name in ("out", "err", "asked", "calls")}
        for path in notes.values():
            path.write_bytes(b"")
        environment = {
            "YAKUBUN_CACHE": str(folder / ".cache"), "COUNTED_LOG": str(notes["asked"]), "COUNTED_PAUSE": str(pause),
            "FAULT_LAYER": "" if fault is None else json.dumps(
                {"roots": [str(folder)], "report": str(notes["calls"]), **fault}
            ),
        }  # fmt: skip
        request = {
            "words": [str(word) for word in words], "folder": str(folder), "environment": environment,
            "seconds": limit if kill_after is None else kill_after, "out": str(notes["out"]), "err": str(notes["err"]),
        }  # fmt: skip
        started = time.monotonic()
        self._in.write(json.dumps(request) + "\n")
        self._in.flush()
        code = int(self._out.readline())
        calls = [line.split("\t", 1) for line in notes["calls"].read_text("utf-8", "surrogateescape").splitlines()]
        return Done(
            code=code,
            out=notes["out"].read_text("utf-8", "replace"),
            err=notes["err"].read_text("utf-8", "replace"),
            asked=tuple(
                json.loads(line)
                for line in notes["asked"].read_bytes().splitlines(keepends=True)
                if line.endswith(b"\n")
            ),
            calls=tuple((op, path) for op, path in calls),
            seconds=time.monotonic() - started,
        )
