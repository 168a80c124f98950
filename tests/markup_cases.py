"""Reading and checking the tables of formats with markup (``quality/markdown.tsv``, ``quality/html.tsv``)."""

from __future__ import annotations

from pathlib import Path

import pytest

JOINT = " ⏐ "


def cases(name: str) -> list[object]:
    """Return the cases of a table, each with what it shows as its name."""
    lines = (Path(__file__).parent / "quality" / name).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("# ") and line != "#"]
    rows += [
        line.split("\t") for line in lines if line.startswith("# ") and line.count("\t") == 4 and "TAB" not in line
    ]
    return [pytest.param(*map(unescaped, row[:4]), id=row[4]) for row in rows]


def unescaped(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\xa0", "\xa0")


def listed(column: str) -> list[str]:
    return [] if column == "-" else column.split(JOINT)
