"""The chart of a contest: segments a second and peak memory, a bar for each contestant, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translate.bench.figures import Figures
from translate.errors import InputError

_BLUE, _GREY = "#1f5fa8", "#8a8f98"


def draw(found: Sequence[Figures], path: Path, title: str) -> None:
    """Write the chart.

    Raises:
        InputError: matplotlib is not installed, or the file cannot be written.
    """
    try:
        import matplotlib as mpl

        mpl.use("svg")
        from matplotlib import pyplot
    except ImportError as error:
        raise InputError("--chart needs matplotlib: pip install 'yakubun[bench]'") from error
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "yakubun", "font.family": "sans-serif"})
    names = [f"{one.name}\n{one.precision}, beam {one.beam}" for one in found]
    colours = [_BLUE if one.name.startswith("pipeline") else _GREY for one in found]
    figure, (speed, memory) = pyplot.subplots(1, 2, figsize=(10, 1.2 + 0.5 * len(found)), sharey=True)
    for axes, values, label, digits in (
        (speed, [one.segments_per_second for one in found], "segments a second", 2),
        (memory, [one.peak for one in found], "peak resident memory, MB", 0),
    ):
        bars = axes.barh(names, values, color=colours)
        axes.bar_label(bars, labels=[f"{value:.{digits}f}" for value in values], padding=3)
        axes.set_xlabel(label)
        axes.set_xlim(0, 1.18 * max(values, default=1.0) or 1.0)
        axes.spines[["top", "right"]].set_visible(False)
    speed.invert_yaxis()
    figure.suptitle(title)
    figure.tight_layout()
    try:
        figure.savefig(path, format="svg", metadata={"Date": None, "Title": title})
    except OSError as error:
        raise InputError(f"{path}: cannot write: {error.strerror or error}") from error
    finally:
        pyplot.close(figure)
