"""Metrics of other programs: JSON lines in, JSON lines out, in a process of their own.

A command reads ``{"source", "hypothesis", "reference"}`` a line (``references``, too, where there are several sets;
``source`` is null if the Japanese is unknown) and writes ``{"score": number}`` a line, in the same order. So a metric
whose package cannot live beside ours keeps its own environment, and this project needs to know nothing of it.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from typing import IO, Any

from translate._score_inputs import Aligned
from translate.errors import ScoreError
from translate.metrics import LABELS

TIMEOUT = 3600.0
"""Seconds that a command may take, unless told otherwise."""

_MAX_LINE, _TAIL = 4096, 600
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,39}")


def parse_metric(option: str) -> tuple[str, list[str]]:
    """Return name and words of ``NAME=COMMAND``; words are split as a shell does, but no shell ever runs.

    Raises:
        ScoreError: There is no name, no command, or a quote is left open.

    Example:
        >>> parse_metric("comet=/opt/comet/bin/python 'my metric.py'")
        ('comet', ['/opt/comet/bin/python', 'my metric.py'])
    """
    name, equals, command = option.partition("=")
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ScoreError(f"--metric {option}: {error}; close the quotation") from error
    if not equals or not words or not _NAME.fullmatch(name):
        raise ScoreError(f"--metric {option}: write NAME=COMMAND, such as comet='comet/bin/python comet_lines.py'")
    if name.lower() in {*LABELS, "chrf2"}:
        raise ScoreError(f"--metric {option}: {name} is sacrebleu's; choose another name")
    return name, words


def run_metric(name: str, words: list[str], rows: Aligned, timeout: float = TIMEOUT) -> list[float]:
    """Run a command over aligned segments and return its score of each.

    Raises:
        ScoreError: It cannot be started, takes too long, fails, or writes something else than a score a segment.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.writelines(_requests(rows))
        given.seek(0)
        code = _run(name, words, given, out, err, timeout)
        if code:
            raise ScoreError(f"metric {name}: {words[0]} ended with code {code}{_said(err)}")
        return _scores(name, out, len(rows.hypotheses), _said(err))


def _requests(rows: Aligned) -> list[bytes]:
    lines = []
    sources: Sequence[str | None] = rows.sources or [None] * len(rows.hypotheses)
    for source, hypothesis, *references in zip(sources, rows.hypotheses, *rows.references, strict=True):
        request: dict[str, Any] = {"source": source, "hypothesis": hypothesis, "reference": references[0]}
        if len(references) > 1:
            request["references"] = references
        lines.append(json.dumps(request).encode("ascii") + b"\n")
    return lines


def _run(name: str, words: list[str], given: IO[bytes], out: IO[bytes], err: IO[bytes], timeout: float) -> int:
    """Run the command with its streams in files, which cannot fill up and block as pipes do."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, split into words, no shell
            words, stdin=given, stdout=out, stderr=err, start_new_session=True
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScoreError(f"metric {name}: {words[0]} cannot be started: {reason}; check the command") from error
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise ScoreError(
            f"metric {name}: {words[0]} was not done after {timeout:g} seconds; raise --metric-timeout{_said(err)}"
        ) from error
    finally:
        if process.poll() is None:  # too slow, or Ctrl-C here
            with contextlib.suppress(ProcessLookupError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)  # with whatever it started
                else:
                    process.kill()
            process.wait()


def _scores(name: str, out: IO[bytes], segments: int, said: str) -> list[float]:
    out.seek(0)
    scores: list[float] = []
    while line := out.readline(_MAX_LINE + 1):
        if not line.strip():
            continue
        place = f"metric {name}, line {len(scores) + 1} of its output"
        if len(scores) == segments:
            raise ScoreError(f"{place}: more lines than the {segments} segments; write one a segment, nothing else")
        scores.append(_score(line, place))
    if len(scores) != segments:
        raise ScoreError(
            f"metric {name}: wrote {len(scores)} scores for {segments} segments; write one a segment{said}"
        )
    return scores


def _score(line: bytes, place: str) -> float:
    shown = line[:80].decode("utf-8", "replace").strip()
    try:
        score = json.loads(line)["score"] if len(line) <= _MAX_LINE else None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ScoreError(
            f'{place}: {shown!r} is not {{"score": number}}; keep other output on standard error'
        ) from error
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not math.isfinite(score):
        raise ScoreError(f"{place}: {shown!r} holds no finite number as its score")
    return float(score)


def _said(err: IO[bytes]) -> str:
    """Return the end of what the command wrote on standard error, for a message."""
    err.seek(max(0, err.seek(0, os.SEEK_END) - _TAIL))
    text = " ".join(err.read(_TAIL).decode("utf-8", "replace").split())
    return f"; it said: {text}" if text else ""
