"""How fast the desk answers on an article of any length, in seconds of processor time and of the clock.

    python tests/review/desk_speed.py [SEGMENTS]

Writes a project with the shipped glossary into a temporary folder and measures what a page waits for: the first opening
with nothing known, the next one, a save, a check while typing, a suggestion, a preview.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from driving import add_article, po_of, poedit
from making import TERMS, article, written

from translate import config
from translate.review.desk import Desk


def main(segments: int) -> None:
    """Measure, and print a line for each thing that a page waits for."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        sentences = written(segments)
        (root / "terms.csv").write_text(TERMS, "utf-8")
        add_article(root, "long", {one.japanese: one.machine for one in sentences}, article(sentences))
        (root / "yakubun.toml").write_text('glossaries = ["default", "terms.csv"]\n', "utf-8")
        desk = Desk(config.load(root))
        timed("list of articles, nothing known", lambda: desk.articles(count=False))
        timed("article, nothing known", lambda: desk.open("long"))
        timed("article, nothing changed", lambda: desk.open("long"), times=9)
        rows = desk.open("long").rows
        timed("stamp for polling", lambda: desk.stamp("long"), times=99)
        timed("check of a text being typed", lambda: desk.check("long", rows[50].id, rows[50].english + "x"), times=99)
        turn = iter(range(10**6))
        for name, approve in (("save", False), ("approve", True)):

            def act(approve: bool = approve) -> None:
                row = rows[100 + next(turn)]
                english = row.english.replace("On the", "Late on the")
                desk.save("long", row.id, row.version, english, approve=approve, actor="a")

            timed(name, act, times=15)
        timed("undo", lambda: desk.undo("long", actor="a"), times=15)
        row = rows[300]
        desk.save("long", row.id, row.version, row.english + " So it was.", approve=False, actor="a")
        timed("article after a save", lambda: desk.open("long"))
        poedit(root, "long", {rows[400].japanese: "Another program wrote this."})
        timed("article after another program's save", lambda: desk.open("long"))
        timed("suggestions, the first time", lambda: desk.suggestions("long", rows[500].id))
        timed("suggestions", lambda: desk.suggestions("long", rows[501].id), times=9)
        timed("preview", lambda: desk.preview("long"))
        timed("segments that a new term touches", lambda: desk.touched_by("図書館", "library"))
        print(f"{po_of(root, 'long').stat().st_size:,} bytes of PO file, {len(rows):,} segments")


def timed(name: str, act: Callable[[], object], *, times: int = 1) -> None:
    """Print how long something takes, in the middle of several times."""
    processor, clock = [], []
    for _ in range(times):
        at, then = time.process_time(), time.perf_counter()
        act()
        processor.append(time.process_time() - at)
        clock.append(time.perf_counter() - then)
    print(f"{name:38}{median(processor) * 1000:9.1f} ms of processor {median(clock) * 1000:9.1f} ms of the clock")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
