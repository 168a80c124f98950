"""Looking at a git repository without running anything that it names: its configuration may come from strangers.

A repository that git itself refuses, since it belongs to somebody else, is as good as none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

# All of git's ways to start other programs, off: hooks, pagers, file system monitors, signature programs, fetches.
_HARMLESS = (
    *("--no-pager", "--literal-pathspecs", "--no-optional-locks", "--no-replace-objects"),
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "log.showSignature=false"),
    *("-c", "gpg.program=false", "-c", "gpg.ssh.program=false", "-c", "gpg.x509.program=false"),
    *("-c", "protocol.allow=never", "-c", "core.pager=cat", "-c", "log.mailmap=false", "-c", "diff.external="),
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_SOURCE": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",  # the empty tree: no filters (git 2.43 and later)
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


def ask(folder: Path, *words: str, seconds: float, given: bytes = b"") -> bytes | None:
    """Return what a git command prints, None where git or the repository is missing, or git refuses.

    Args:
        folder: Where to run it.
        words: The command and its arguments.
        seconds: How long to wait.
        given: What it reads.

    Raises:
        OSError: Git cannot be run.
        subprocess.TimeoutExpired: It took longer.
    """
    git = shutil.which("git")
    if git is None:
        return None
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(  # noqa: S603 - a list, no shell
        [git, *_HARMLESS, "-C", str(folder), *words],
        capture_output=True, timeout=seconds, check=False, env=kept | _ENVIRONMENT, input=given,
    )  # fmt: skip
    return done.stdout if done.returncode == 0 else None


def look(folder: Path, *words: str, seconds: float = 20) -> bytes | None:
    """Return what ``ask`` does, and None also where git cannot be run or gives no answer in time."""
    try:
        return ask(folder, *words, seconds=seconds)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
