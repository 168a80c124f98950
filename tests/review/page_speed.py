"""How fast the page is, and what a review costs on it and in a text editor: real runs, in Chromium and in vim.

    PYTHONPATH=.:tests python tests/review/page_speed.py open [SEGMENTS]   # opening a long article, typing in it
    PYTHONPATH=.:tests python tests/review/page_speed.py job [SECONDS]     # 40 segments; a key every SECONDS

``job`` presses the fewest keys that somebody who knows the program needs, at the same pace in both, and checks the PO
files afterwards: all 40 approved, all 10 mended. Reading, which both need alike, is not counted.
"""

from __future__ import annotations

import os
import pty
import re
import select
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

import polib
from driving import CHROMIUM, add_article, po_of, serving
from making import TERMS, Sentence, article, written

if TYPE_CHECKING:
    from playwright.sync_api import Page

WATCH = """globalThis.seen = { keys: [], shift: 0, ready: 0 };
new PerformanceObserver(list => { for (const one of list.getEntries())
  if (/^key|^input|^beforeinput/.test(one.name)) seen.keys.push(one.duration); })
  .observe({ type: 'event', durationThreshold: 16, buffered: true });
new PerformanceObserver(list => { for (const one of list.getEntries())
  if (!one.hadRecentInput) seen.shift += one.value; }).observe({ type: 'layout-shift', buffered: true });
document.addEventListener('focusin', event => { if (event.target.matches?.('.row') && !seen.ready)
  requestAnimationFrame(() => setTimeout(() => { seen.ready = performance.now(); })); });"""
WRONG = "the town"


def project(root: Path, sentences: list[Sentence]) -> Path:
    """Write a project of one article and the glossary of its towns."""
    (root / ".git").mkdir()
    (root / "terms.csv").write_text(TERMS, "utf-8")
    (root / "yakubun.toml").write_text('glossaries = ["terms.csv"]\nnumbers = false\n', "utf-8")
    return add_article(root, "job", {one.japanese: one.machine for one in sentences}, article(sentences))


def opening(segments: int) -> None:
    """Open a long article three times, then type in the middle of it."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        project(Path(folder), written(segments))
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with serving(Path(folder)) as (url, _):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.add_init_script(WATCH)
            page.goto(url)  # the server is warm when somebody has seen the list
            for number in range(3):
                page.goto(f"{url}article/job")
                page.wait_for_timeout(1500)
                timing = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
                paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                ready, shift = page.evaluate("[seen.ready, seen.shift]")
                print(
                    f"opening {number + 1}, {segments} segments: first byte {timing['responseStart']:.0f} ms, "
                    f"last byte {timing['responseEnd']:.0f} ms, first paint {paint:.0f} ms, "
                    f"loaded {timing['loadEventEnd']:.0f} ms, ready for the first key {ready:.0f} ms; "
                    f"layout shift {shift:.4f}"
                )
            typing(page, segments)
        browser.close()


def typing(page: Page, segments: int) -> None:
    """Type 159 letters in a segment in the middle, and go 30 segments down."""
    row = page.locator(".row").nth(segments // 2)
    row.scroll_into_view_if_needed()
    row.locator(".shown").click()
    page.evaluate("seen.keys = []")
    page.keyboard.type("The towns of the inlet are getting ready for winter. " * 3, delay=60)
    page.wait_for_timeout(600)
    told("a letter typed", page)
    for _ in range(30):
        page.keyboard.press("Alt+ArrowDown")
        page.wait_for_timeout(60)
    page.wait_for_timeout(600)
    told("to the next segment and its editor", page)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    page.evaluate("seen.keys = []")
    for _ in range(20):
        page.keyboard.press("a")
        page.wait_for_timeout(150)
    page.wait_for_timeout(600)
    told("approval, to the sight of the next segment", page)


def told(what: str, page: Page) -> None:
    """Print what the browser measured from a key to the frame that shows it; below 16 ms it tells nothing."""
    found = page.evaluate("seen.keys.splice(0)")
    if not found:
        print(f"{what}: every event below 16 ms")
        return
    late = quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
    figures = f"median {median(found):.0f}, 95 % {late:.0f}, max {max(found):.0f} ms"
    print(f"{what}: {len(found)} events of 16 ms or more, {figures}")


def check(po: Path, sentences: list[Sentence]) -> None:
    """See that the job was done: everything approved, and right."""
    entries = {one.msgid: one for one in polib.pofile(str(po), wrapwidth=0)}
    for sentence in sentences:
        entry = entries[sentence.japanese]
        if "fuzzy" in entry.flags or entry.msgstr != sentence.right:
            raise SystemExit(f"not done: {entry.flags} {entry.msgstr!r}, wanted {sentence.right!r}")


class Hands:
    """Somebody who presses a key every so many seconds; a chord is one."""

    def __init__(self, pace: float) -> None:
        self.pace, self.keys = pace, 0

    def wait(self) -> None:
        """Count a key and the time that it takes."""
        self.keys += 1
        time.sleep(self.pace)


def on_the_page(sentences: list[Sentence], pace: float) -> tuple[int, float]:
    """Do the job in the browser; keys and seconds from the opened article to the last approval."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        po = project(Path(folder), sentences)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with serving(Path(folder)) as (url, _):
            page = browser.new_page()
            page.goto(f"{url}article/job")
            page.locator(".row.now").wait_for()
            hands, start = Hands(pace), time.monotonic()

            def press(*keys: str) -> None:
                for key in keys:
                    hands.wait()
                    page.keyboard.press(key)

            for number, one in enumerate(sentences):
                if one.is_faulty:
                    press("Enter", "Control+Home")
                    while page.evaluate("document.activeElement.selectionStart") < one.machine.index(WRONG) - 1:
                        press("Control+ArrowRight")
                    press("ArrowRight", "Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "F2", "Control+Enter")
                    page.locator(f'.row[data-number="{number + 1}"][data-state=approved]').wait_for(state="attached")
                    press("Escape")
                else:
                    press("a")
            page.locator("#progress .count", has_text=f"{len(sentences)} approved").wait_for()
            seconds = time.monotonic() - start
        browser.close()
        check(po, sentences)
        return hands.keys, seconds


def in_vim(sentences: list[Sentence], pace: float) -> tuple[int, float]:
    """Do the job in vim: the flag's line deleted, the words replaced; then the check that the page makes by itself."""
    with tempfile.TemporaryDirectory() as folder:
        po = project(Path(folder), sentences)
        child, terminal = pty.fork()
        if child == 0:
            os.execvp("vim", ["vim", "-u", "NONE", "-N", "-n", "-i", "NONE", str(po)])
        drain(terminal, 1.0)
        hands, start = Hands(pace), time.monotonic()

        def press(keys: str) -> None:
            for key in keys:
                hands.wait()
                os.write(terminal, key.encode())
                drain(terminal, 0)

        press("/^#, fuzzy\r")
        deleted = False  # whether the last change was that of a flag, which a dot repeats
        for number, one in enumerate(sentences):
            press("n" if number else "")
            press("." if deleted else "dd")
            deleted = not one.is_faulty
            if one.is_faulty:
                words = len(re.findall(r"\w+|[^\w\s]+", one.machine[: one.machine.index(WRONG)])) + 2
                name = next(right for right in TERMS.replace("\n", ",").split(",") if right and right in one.right)
                press(f"}}k{words}wc2w{name}\x1b")
        press(":wq\r")
        drain(terminal, 1.0)
        os.waitpid(child, 0)
        seconds = time.monotonic() - start
        check(po_of(Path(folder), "job"), sentences)
        return hands.keys, seconds


def drain(terminal: int, seconds: float) -> None:
    """Read what a terminal shows, so that the program never waits for us."""
    end = time.monotonic() + seconds
    while select.select([terminal], [], [], max(0.0, end - time.monotonic()))[0]:
        try:
            os.read(terminal, 65536)
        except OSError:
            return


def main(words: list[str]) -> None:
    """Run what was asked for."""
    if words[:1] == ["open"]:
        opening(int(words[1]) if len(words) > 1 else 2000)
    elif words[:1] == ["job"]:
        pace = float(words[1]) if len(words) > 1 else 0.2
        sentences = written(40, faulty=10)
        for name, job in (("the page", on_the_page), ("vim", in_vim)):
            keys, seconds = job(sentences, pace)
            waiting = seconds - keys * pace
            print(f"{name}: {keys} keys, {seconds:.1f} s at a key every {pace:g} s, {waiting:.1f} s of it waiting")
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
