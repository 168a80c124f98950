"""Looking at a git repository without running anything that it names: its configuration may come from strangers."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

# A repository's own configuration may name programs for these; ours are looks that need none.
_HARMLESS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")
_NO_ATTRIBUTES = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # the empty tree: no filters (git 2.43 and later)


def look(folder: Path, *words: str, seconds: float = 20) -> bytes | None:
    """Return what a git command prints, None where git, the repository or an answer in time is missing.

    Args:
        folder: Where to run it.
        words: The command and its arguments.
        seconds: How long to wait.
    """
    git = shutil.which("git")
    if git is None:
        return None
    environment = {**os.environ, "GIT_ATTR_SOURCE": _NO_ATTRIBUTES, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(  # noqa: S603 - a list, no shell
            [git, *_HARMLESS, "-C", str(folder), *words],
            capture_output=True, timeout=seconds, check=False, env=environment, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
