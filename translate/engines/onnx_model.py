"""The model on ONNX Runtime, and the memory of keys and values that it reads and writes in place."""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from translate.engines.gemma import HEAD_DIM, LAYERS
from translate.engines.gemma_onnx import ROOM


class Model:
    """A session; any number of threads may run it, each with a cache of its own and no more than one thread's work.

    Args:
        path: The graph that ``gemma_onnx.write_graph`` wrote.
    """

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # it remembers a plan for each shape, and every step has another one
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(
        self,
        cache: Cache,
        place: int,
        ids: Sequence[Sequence[int]],
        totals: Sequence[int],
        select: Sequence[int] | None = None,
        targets: Sequence[int] | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
        """Read tokens into consecutive rows of the cache; see ``gemma_onnx.write_graph`` for what comes back.

        Args:
            cache: Where the rows are.
            place: The first of them.
            ids: The new tokens of each row, as many for all.
            totals: How many positions each row has with them.
            select: The tokens that something is asked of, counted through all rows; all by default.
            targets: A token to judge behind each of these.
        """
        chosen = np.asarray(range(len(ids)) if select is None else select, np.int64)
        binding = self._session.io_binding()
        feeds = {
            "ids": np.asarray(ids, np.int64),
            "seqlens": np.asarray(totals, np.int32) - np.int32(1),
            "total": np.array(max(totals), np.int32),
            "select": chosen,
            "targets": np.zeros(len(chosen), np.int64) if targets is None else np.asarray(targets, np.int64),
        }
        for name, value in feeds.items():
            binding.bind_cpu_input(name, value)
        for name in ("scores", "tokens", "given"):
            binding.bind_output(name)
        cache.bind(binding, place, len(ids))
        self._session.run_with_iobinding(binding)
        scores, tokens, given = (one.numpy() for one in binding.get_outputs()[:3])
        return scores, tokens, given


class Cache:
    """Keys and values of all layers for so many hypotheses."""

    def __init__(self, rows: int) -> None:
        shape = (2 * LAYERS, rows, ROOM, HEAD_DIM)
        self._block: mmap.mmap | None = None
        if hasattr(mmap, "MADV_DONTNEED"):
            # Untouched pages take no memory, and what a long sentence has touched can be given back.
            flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)
            self._block = mmap.mmap(-1, 4 * math.prod(shape), flags=flags)
            self.table = np.frombuffer(self._block, np.float32).reshape(shape)
        else:
            self.table = np.zeros(shape, np.float32)

    def copy(self, sources: Sequence[int], targets: Sequence[int], first: int, last: int) -> None:
        """Copy the positions from ``first`` to ``last`` of some rows to others."""
        if targets and first < last:
            self.table[:, list(targets), first:last] = self.table[:, list(sources), first:last]

    def forget(self, rows: range) -> None:
        """Give the memory of rows back."""
        if self._block is None:
            return
        size = 4 * ROOM * HEAD_DIM
        for layer in range(2 * LAYERS):
            start = (layer * self.table.shape[1] + rows.start) * size
            self._block.madvise(mmap.MADV_DONTNEED, start, len(rows) * size)

    def bind(self, binding: Any, first: int, rows: int) -> None:
        """Give the model its rows, to read and to write."""
        shape = (rows, 1, ROOM, HEAD_DIM)
        for layer in range(LAYERS):
            for side, letter in enumerate("kv"):
                address = self.table[2 * layer + side, first].ctypes.data
                binding.bind_input(f"{letter}{layer}", "cpu", 0, np.float32, shape, address)
                binding.bind_output(f"{letter.upper()}{layer}", "cpu", 0, np.float32, shape, address)
