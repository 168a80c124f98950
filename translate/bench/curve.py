"""The curve of throughput: segments a second and peak memory over the size of the archive, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translate.bench.archive import RUNS, Point
from translate.bench.chart import saved


def draw(points: Sequence[Point], path: Path) -> None:
    """Write the chart.

    Raises:
        InputError: matplotlib is not installed, or the file cannot be written.
    """
    title = "Everything but the model"
    with saved(path, title, size=(10, 4)) as (speed, memory):
        for at, name in enumerate(RUNS):
            sizes = [point.segments for point in points]
            speed.plot(sizes, [point.runs[at].cpu_rate for point in points], marker="o", label=name)
            memory.plot(sizes, [point.runs[at].peak for point in points], marker="o", label=name)
        for axes, label in ((speed, "segments per second of processor time"), (memory, "peak resident memory, MB")):
            axes.set_xscale("log")
            axes.set_xlabel("segments of the archive")
            axes.set_ylabel(label)
            axes.set_ylim(bottom=0)
            axes.spines[["top", "right"]].set_visible(False)
        speed.legend(frameon=False)
