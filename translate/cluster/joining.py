"""Into a Ray cluster: a running one, or one of this machine's own that ends with the run."""

from __future__ import annotations

import logging
import os
import socket
from importlib.util import find_spec
from typing import Any

from translate.errors import ClusterError

_STARTS = 3
_STORE = 100 * 1024 * 1024  # bytes of Ray's object store; chunks and answers travel outside it
_ENVIRONMENT = {"RAY_USAGE_STATS_ENABLED": "0"}
_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # on every system, so that it listens on 127.0.0.1 only


def is_loopback(address: str) -> bool:
    """Tell whether a cluster's address is of this machine only; an empty one stands for a cluster of its own."""
    host = address.rpartition(":")[0]
    return not address or host == "localhost" or host.startswith("127.")


def require_ray() -> None:
    """Raise ``ClusterError`` if Ray is not installed; nothing is imported."""
    if find_spec("ray") is None:
        raise ClusterError("--cluster needs Ray, which is not installed: pip install 'yakubun[cluster]'")


def imported(*, loopback: bool) -> Any:
    """Return Ray, told before its import to send nothing home, and to keep to this machine where that is all it needs.

    Args:
        loopback: Whether nodes have the address 127.0.0.1; Ray would look for them at another one.

    Raises:
        ClusterError: It cannot be imported.
    """
    for name, value in (_ENVIRONMENT | (_LOOPBACK if loopback else {})).items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise ClusterError(f"Ray cannot be imported ({error}): pip install 'yakubun[cluster]'") from error
    return ray


def require_listener(address: str) -> None:
    """Raise ``ClusterError`` if nothing answers at HOST:PORT; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except (OSError, OverflowError) as error:
        raise ClusterError(
            f"ray:{address}: nothing answers there ({error}); start a cluster with `ray start --head` and give the "
            "address that it prints"
        ) from error


def connect(ray: Any, address: str) -> None:
    """Join a running cluster.

    Raises:
        ClusterError: This machine is no part of the cluster, or Ray is another version there.
    """
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:  # Ray raises plain ones
        raise ClusterError(
            f"ray:{address}: cannot be joined ({error}); this command must run on a machine of the cluster: "
            f"ray start --address={address if address != 'auto' else 'HOST:PORT'} --num-cpus=0 makes this one join"
        ) from error


def start_local(ray: Any, *, cpus: int) -> None:
    """Start a cluster of this machine only, which ends with this process.

    Raises:
        ClusterError: It does not start.
    """
    for attempt in range(1, _STARTS + 1):
        try:
            ray.init(
                address="local", num_cpus=cpus, include_dashboard=False, log_to_driver=False,
                logging_level=logging.ERROR, object_store_memory=_STORE,
            )  # fmt: skip
            return
        except Exception as error:  # Ray raises plain ones; it gives its helpers 15 seconds, too few on a busy machine
            ray.shutdown()
            if attempt == _STARTS:
                raise ClusterError(
                    f"Ray does not start on this machine: {error} Its logs are in /tmp/ray/session_latest/logs; if the "
                    "machine is busy, try again later, or start one by hand: ray start --head"
                ) from error


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
