"""Any number of articles, one after the other, in the memory of a few; of ``pipeline``.

Whatever can be wrong with the input of any article is found before the first one is written, and yet a plan weighs
far more than its article. So the plans of a small run are kept for their turn; in a larger one each is made under the
article's lock, after all articles have shown that they are sound. Where sentences came or went that takes no plan;
where none did, there may be nothing to do, and then the article is finished at once, since nothing of it will be
written. All articles of a run go the same way, so that its last one takes no longer than its first.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from translate._planning import Plan, Settings, examine, plan_article
from translate.reporting import ArticleReport, report

KEPT = 2_000_000
"""Bytes of all articles (some 20,000 segments) up to which plans are kept for their turn."""

Translate = Callable[[Path, Plan | None], ArticleReport]
"""Translates an article; the plan is what was found out about it before, if that was kept."""


def each_article(
    paths: Sequence[Path], settings: Settings, translate: Translate
) -> Iterator[tuple[int, ArticleReport]]:
    """Yield the number and the report of each article, those with nothing to do first.

    Args:
        paths: The articles.
        settings: What they share.
        translate: Called for each article that has something to do, in order, when all are known to be sound.

    Raises:
        InputError, CatalogError: An article or its PO file is unsound; then nothing is written.
    """
    with _few_collections():
        yield from _each(paths, settings, translate)


def _each(paths: Sequence[Path], settings: Settings, translate: Translate) -> Iterator[tuple[int, ArticleReport]]:
    keeping = len(paths) == 1 or sum(map(_size, paths)) <= KEPT
    waiting: dict[int, Plan | None] = {}
    for number, path in enumerate(paths):
        started = time.monotonic()
        plan = plan_article(path, settings) if keeping else examine(path, settings)
        if plan is not None and not plan.has_work:
            yield number, unchanged_report(plan, time.monotonic() - started)
            continue
        waiting[number] = plan if keeping else None
    for number in list(waiting):
        yield number, translate(paths[number], waiting.pop(number))


def _size(path: Path) -> int:
    """Return an article's bytes; 0 if it cannot be read, which is told when it is its turn."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def unchanged_report(plan: Plan, seconds: float) -> ArticleReport:
    """Return the report on an article with nothing to do: what its PO file holds, untouched and so not locked."""
    return report(plan.document.path, plan.po, plan.catalog, plan.matches, translated=0, seconds=seconds)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for cycles of garbage seldom: plans are millions of small objects that live long, and hold none."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, usual[2])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
