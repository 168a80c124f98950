"""A file system that fails on request: stands between Python and the calls that read and change files.

Installed in a child process only. It counts the calls on files below its roots and, at the one that was named, fails,
writes only a part, or ends the process as SIGKILL or a power cut would. A power cut also takes what was never synced:
data written since the last ``fsync`` of a file and, in the strict kind, names (created, renamed, made folders) whose
folder was not synced since.
"""

# ruff: noqa: PTH100, PTH112, PTH113, PTH119, PTH120, PTH202 - pathlib calls what this file stands in for
from __future__ import annotations

import builtins
import errno
import io
import json
import os
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("count", "fail", "fail-on", "short", "die-before", "die-after", "power", "power-strict")
CHANGING = ("create", "write", "fsync", "replace", "rename", "unlink", "mkdir", "truncate", "close")
"""Calls that may change something; ``open`` and ``read`` only look."""


@dataclass(frozen=True)
class Fault:
    """What shall happen.

    Attributes:
        kind: One of ``KINDS``; ``fail`` lets one call fail, ``fail-on`` all changing ones from there on.
        at: The number of the call, from 1 on; behind the last one, ``power`` strikes when the command is done.
        errno: What a failing call reports.
    """

    kind: str = "count"
    at: int = 0
    errno: int = errno.EIO


class Layer:
    """The calls of this process on files below some roots.

    Args:
        roots: Folders that are watched.
        fault: What shall happen.
        report: Where the calls are written down: a line ``op<TAB>path`` each, and ``LOST`` lines of a power cut.
    """

    def __init__(self, roots: Sequence[str], fault: Fault, report: str) -> None:
        self.roots = tuple(os.path.realpath(root) for root in roots)
        self.fault, self.count, self.quiet = fault, 0, 0
        self.broken = self.shortened = False
        self.paths: dict[int, str] = {}
        self.synced: dict[str, int] = {}  # bytes of a written file that would outlive a power cut
        self.durable: set[str] = set()  # files that were synced at least once
        self.pending: list[tuple[str, str, str, bytes | None]] = []  # names that would not
        self.real = {name: getattr(os, name) for name in _PATCHED}
        self.report = self.real["open"](report, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def install(self) -> None:
        """Take the place of the calls in ``os``, ``io`` and ``builtins``."""
        for name in _PATCHED:
            setattr(os, name, getattr(self, f"_{name}"))
        builtins.open = io.open = self._io_open  # type: ignore[assignment]

    def finish(self) -> None:
        """Let a power cut strike that was to come behind the last call."""
        if self.fault.kind.startswith("power") and self.count < self.fault.at:
            self.power_cut()

    def watched(self, path: Any) -> str:
        """Return a path below the roots in full, or an empty string."""
        if isinstance(path, int):
            return self.paths.get(path, "")
        full = os.path.abspath(os.fsdecode(path))
        return full if full.startswith(self.roots) else ""

    def call(self, op: str, path: str, act: Callable[[], Any], short: Callable[[], Any] | None = None) -> Any:
        """Count a call, and do it or what the fault says."""
        if not path or self.quiet:
            return act()
        self.count += 1
        self.tell(f"{op}\t{path}")
        hit, kind = self.count == self.fault.at, self.fault.kind
        if (hit and kind == "fail") or (self.broken and op in CHANGING and op != "close"):
            if op == "close":
                act()  # Linux frees the descriptor whatever close reports
            self.fail(path)
        if hit and kind == "fail-on":
            self.broken = True
            self.fail(path)
        if hit and kind == "die-before":
            self.die()
        if hit and kind.startswith("power"):
            self.power_cut()
        if short and (hit and kind == "short"):
            return short()
        result = act()
        if hit and kind == "die-after":
            self.die()
        return result

    def fail(self, path: str) -> None:
        raise OSError(self.fault.errno, os.strerror(self.fault.errno), path)

    def tell(self, line: str) -> None:
        self.real["write"](self.report, line.encode("utf-8", "surrogateescape") + b"\n")

    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def power_cut(self) -> None:
        """Undo what was never synced, then end the process."""
        self.quiet = 1
        if self.fault.kind == "power-strict":
            for op, path, other, before in reversed(self.pending):
                self._undo(op, path, other, before)
        for path, length in self.synced.items():
            if os.path.isfile(path) and os.path.getsize(path) > length:
                descriptor = self.real["open"](path, os.O_WRONLY)
                self.real["ftruncate"](descriptor, length)
                if self.fault.at % 2:  # some file systems keep the length and lose the content
                    self.real["write"](descriptor, b"")
                    self.real["ftruncate"](descriptor, length + 7)
                self.real["close"](descriptor)
        self.die()

    def _undo(self, op: str, path: str, other: str, before: bytes | None) -> None:
        if op in ("replace", "rename"):
            if os.path.lexists(path):
                self.real["replace"](path, other)
                if other in self.synced or path in self.synced:
                    self.synced[other] = self.synced.pop(path, self.synced.get(other, 0))
            if before is not None:
                Path(path).write_bytes(before)
            return
        lost = [name for name in self.durable if (name == path or name.startswith(path + os.sep)) and _filled(name)]
        for name in lost:
            if not os.path.basename(name).startswith(".yakubun-"):  # nobody was promised a temporary file
                self.tell(f"LOST\t{name}")
        if op == "mkdir":
            shutil.rmtree(path, ignore_errors=True)
        elif os.path.lexists(path):
            self.real["unlink"](path)

    # The calls, each with the signature of its namesake.

    def _open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        full = self.watched(path) if dir_fd is None else ""
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR))
        there = bool(full) and os.path.lexists(full)
        op = "create" if full and writes and flags & os.O_CREAT and not there else "open"
        descriptor: int = self.call(op, full, lambda: self.real["open"](path, flags, mode, dir_fd=dir_fd))
        if full:
            self.paths[descriptor] = full
            if writes:
                self._written(full, created=not there, emptied=bool(flags & os.O_TRUNC))
        return descriptor

    def _written(self, full: str, *, created: bool, emptied: bool) -> None:
        if created:
            self.pending.append(("create", full, "", None))
        self.synced.setdefault(full, 0 if created or emptied else os.path.getsize(full))
        if emptied:
            self.synced[full] = 0

    def _write(self, descriptor: int, data: Any) -> int:
        def part() -> int:
            return int(self.real["write"](descriptor, memoryview(data)[: max(1, len(data) // 2)]))

        return int(self.call("write", self.watched(descriptor), lambda: self.real["write"](descriptor, data), part))

    def _fsync(self, descriptor: int) -> None:
        full = self.watched(descriptor)
        self.call("fsync", full, lambda: self.real["fsync"](descriptor))
        if not full or self.quiet:
            return
        if os.path.isdir(full):
            self.pending = [one for one in self.pending if os.path.dirname(one[1]) != full]
        else:
            self.synced[full] = os.fstat(descriptor).st_size
            self.durable.add(full)

    def _close(self, descriptor: int) -> None:
        full = self.paths.pop(descriptor, "")
        self.call("close", full, lambda: self.real["close"](descriptor))

    def _replace(self, source: Any, target: Any, **kwargs: Any) -> None:
        self._moved("replace", source, target, kwargs)

    def _rename(self, source: Any, target: Any, **kwargs: Any) -> None:
        self._moved("rename", source, target, kwargs)

    def _moved(self, op: str, source: Any, target: Any, kwargs: dict[str, Any]) -> None:
        old, new = self.watched(source), self.watched(target)
        before = Path(new).read_bytes() if new and not self.quiet and os.path.isfile(new) else None

        def act() -> None:
            self.real[op](source, target, **kwargs)
            self.pending.append((op, new, old, before))
            if old in self.synced:
                self.synced[new] = self.synced.pop(old)

        self.call(op, new, act)

    def _unlink(self, path: Any, **kwargs: Any) -> None:
        self.call("unlink", self.watched(path), lambda: self.real["unlink"](path, **kwargs))

    _remove = _unlink

    def _mkdir(self, path: Any, *args: Any, **kwargs: Any) -> None:
        full = self.watched(path)
        if full and os.path.isdir(full):
            self.real["mkdir"](path, *args, **kwargs)  # which fails, as its caller expects
        self.call("mkdir", full, lambda: self.real["mkdir"](path, *args, **kwargs))
        if full:
            self.pending.append(("mkdir", full, "", None))

    def _ftruncate(self, descriptor: int, length: int) -> None:
        self.call("truncate", self.watched(descriptor), lambda: self.real["ftruncate"](descriptor, length))

    def _io_open(self, file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
        full = "" if isinstance(file, int) or kwargs.get("opener") else self.watched(file)
        if not full or self.quiet:
            return _REAL_OPEN(file, mode, buffering, *args, **kwargs)
        raw = _Raw(self, os.fspath(file), mode.replace("t", "").replace("b", ""), full)
        if buffering == 0:
            return raw
        binary: Any
        if "+" in mode:
            binary = io.BufferedRandom(raw)
        else:
            binary = io.BufferedReader(raw) if mode[0] == "r" else io.BufferedWriter(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, *args, **kwargs)


class _Raw(io.FileIO):
    """A file that asks the layer before each call."""

    def __init__(self, layer: Layer, path: Any, mode: str, full: str) -> None:
        self.layer, self.full = layer, full
        super().__init__(path, mode, opener=lambda name, flags: layer._open(name, flags | os.O_CLOEXEC, 0o666))

    def write(self, data: Any) -> int:
        whole, half = super().write, memoryview(data)[: max(1, len(data) // 2)]
        return int(self.layer.call("write", self.full, lambda: whole(data), lambda: whole(half)))

    def readinto(self, buffer: Any) -> int:
        real = super().readinto
        return int(self.layer.call("read", self.full, lambda: real(buffer)))

    def readall(self) -> bytes:
        real = super().readall
        return bytes(self.layer.call("read", self.full, real))

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            return self.readall()
        real = super().read
        return bytes(self.layer.call("read", self.full, lambda: real(size)) or b"")

    def truncate(self, size: int | None = None) -> int:
        real = super().truncate
        return int(self.layer.call("truncate", self.full, lambda: real(size)))

    def close(self) -> None:
        if self.closed:
            return
        self.layer.paths.pop(self.fileno(), None)
        self.layer.call("close", self.full, super().close)


_REAL_OPEN = io.open
_PATCHED = ("open", "write", "fsync", "close", "replace", "rename", "unlink", "remove", "mkdir", "ftruncate")


def _filled(path: str) -> bool:
    return os.path.isfile(path) and os.path.getsize(path) > 0


def install(description: str) -> Layer:
    """Install the layer that a JSON object describes: ``roots``, ``report``, ``kind``, ``at``, ``errno``."""
    wanted = json.loads(description)
    layer = Layer(
        wanted.pop("roots"), fault=Fault(**{k: v for k, v in wanted.items() if k != "report"}), report=wanted["report"]
    )
    layer.install()
    return layer
