"""A Ray cluster of several nodes on one machine, for tests and measurements."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from cape import CHECKOUT

from translate.cluster.joining import imported

_STORE = 80 * 1024 * 1024
_STARTS = 3


class Nodes:
    """Nodes of one processor each; the first one is the head, and drivers join there."""

    def __init__(self) -> None:
        imported(loopback=True)
        from ray.cluster_utils import Cluster

        self._cluster = Cluster()
        self._added: list[Any] = []
        self.add()

    @property
    def address(self) -> str:
        return str(self._cluster.address)

    def add(self, code: Path = CHECKOUT, cpus: int = 1) -> None:
        """Start a node whose workers import ``translate`` from a folder."""
        for attempt in range(1, _STARTS + 1):
            try:
                self._added.append(
                    self._cluster.add_node(
                        num_cpus=cpus,
                        node_ip_address="127.0.0.1",
                        include_dashboard=False,
                        object_store_memory=_STORE,
                        env_vars={"PYTHONPATH": str(code)},
                    )
                )
                return
            except Exception:  # Ray gives the helpers of a node 15 seconds, too few on a busy machine
                if attempt == _STARTS:
                    raise

    def kill_last(self) -> None:
        """End the youngest node and all that runs on it as a power cut would."""
        self._cluster.remove_node(self._added.pop(), allow_graceful=False)

    def end(self) -> None:
        self._cluster.shutdown()


def kill_workers() -> int:
    """Kill every worker process of this run's clusters; return how many there were."""
    workers = [one for one in psutil.process_iter(["name", "cmdline"]) if "ray::Worker" in _title(one)]
    for worker in workers:
        with contextlib.suppress(psutil.NoSuchProcess):
            os.kill(worker.pid, signal.SIGKILL)
    return len(workers)


def _title(process: psutil.Process) -> str:
    return " ".join([process.info["name"] or "", *(process.info["cmdline"] or [])])


def another_version(folder: Path) -> Path:
    """Copy the package into a folder as a later version; return the folder."""
    shutil.copytree(CHECKOUT / "translate", folder / "translate", ignore=shutil.ignore_patterns("__pycache__"))
    init = folder / "translate" / "__init__.py"
    init.write_text('"""Another version."""\n\n__version__ = "99.0"\n')
    return folder


@contextlib.contextmanager
def nodes(number: int) -> Iterator[Nodes]:
    """Run a cluster of ``number`` nodes; none of its processes is left behind."""
    cluster = None
    try:
        cluster = Nodes()
        for _ in range(number - 1):
            cluster.add()
        yield cluster
    finally:
        if "ray" in sys.modules:
            sys.modules["ray"].shutdown()
        if cluster:
            cluster.end()
