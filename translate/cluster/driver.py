"""The one process that reads articles and writes PO files, while workers elsewhere run the engines.

Articles are streamed: only as many are open as keep the workers busy, so memory does not grow with their number. A
task whose worker failed goes to another one; after two failures its segments go alone, and one that fails twice alone
is given up and named, while all others are kept.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from translate.cluster.pool import Done, Pool, Task
from translate.engines.base import Progress
from translate.errors import BusyError, ClusterError, YakubunError
from translate.pipeline import ArticleRun, Settings
from translate.reporting import ArticleReport

TRIES = 2
"""Failures after which a task is divided; after as many more, a segment that is alone is given up."""

_PATIENCE = 600.0  # seconds for another process that writes the same PO file
_MOST_WAITING = 16  # articles that may wait for one; no more are begun then
_POLL = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article.

    Attributes:
        number: Its place among the articles of the run, from 0 on.
        path: The article.
        report: What its PO file holds now; None if it could not be begun.
        error: What went wrong, with all that is finished written; empty if all is well.
    """

    number: int
    path: Path
    report: ArticleReport | None = None
    error: str = ""


@dataclass(slots=True)
class _Open:
    """An article whose PO file is locked."""

    number: int
    run: ArticleRun
    stack: ExitStack
    po: Path
    left: int = 0  # tasks that are not done
    given_up: list[tuple[str, str]] = field(default_factory=list)  # segments, and why


class Driver:
    """Streams articles through a pool.

    Args:
        paths: The articles.
        settings: What they share.
        pool: The workers.
        progress: Told of articles and segments.

    Attributes:
        retries: Times that a task, or a part of it, had to be done again.
    """

    def __init__(self, paths: Iterable[Path], settings: Settings, pool: Pool, progress: Progress) -> None:
        self.retries = 0
        paths = list(paths)
        self._articles = len(paths)
        self._paths = enumerate(paths)
        self._more = True  # articles to begin; there may be none open while the workers start again
        self._settings = settings
        self._pool = pool
        self._progress = progress
        self._open: dict[int, _Open] = {}
        self._waiting: deque[tuple[int, Path, float]] = deque()  # for another writer, since when
        self._ready: deque[Task] = deque()
        self._flying = 0
        self._in_a_row = 0  # failures since anything went well
        self._finished = self._segments = self._known = 0

    def outcomes(self) -> Generator[Outcome]:
        """Translate; yield each article as soon as its PO file is written, in the order in which they get done.

        Raises:
            ClusterError: The workers are gone, differ or fail whatever they do. As with an interruption, every finished
                segment is in its journal and its PO file.
        """
        try:
            while True:
                yield from self._fill()
                if not (self._open or self._waiting or self._more):
                    return
                for done in self._wait():
                    yield from self._receive(done)
        except BaseException as error:
            self._salvage(error)
            raise

    def _fill(self) -> Iterator[Outcome]:
        """Give the workers all they have room for, and open articles until that is enough."""
        yield from self._retry_waiting()
        while True:
            while self._ready and self._pool.room() > 0:
                self._pool.submit(self._ready.popleft())
                self._flying += 1
            if self._ready or self._pool.room() <= 0 or len(self._waiting) >= _MOST_WAITING:
                return
            following = next(self._paths, None)
            if following is None:
                self._more = False
                return
            yield from self._begin(*following, since=time.monotonic())

    def _retry_waiting(self) -> Iterator[Outcome]:
        for _ in range(len(self._waiting)):
            number, path, since = self._waiting.popleft()
            yield from self._begin(number, path, since=since)

    def _begin(self, number: int, path: Path, *, since: float) -> Iterator[Outcome]:
        """Open an article, or put it off while somebody else has its PO file."""
        run = ArticleRun(path, self._settings, patience=0)
        stack = ExitStack()
        try:
            po = run.po
            # Two articles may want one PO file, until it exists and says whose it is; the earlier one gets it.
            if any(one.po == po for one in self._open.values()):
                self._waiting.append((number, path, since))
                return
            stack.enter_context(run)
        except BusyError:
            if time.monotonic() - since < _PATIENCE:
                self._waiting.append((number, path, since))
            else:
                yield self._outcome(number, path, error=f"{path}: another process has been writing {po} for 10 minutes")
            return
        except YakubunError as error:
            yield self._outcome(number, path, error=str(error))
            return
        article = self._open[number] = _Open(number, run, stack, po)
        try:
            if run.remember():
                tasks = [Task(number, chunk) for chunk in run.chunks(self._pool.identity())]
                self._ready.extend(tasks)
                article.left = len(tasks)
                self._known += run.todo
        except ClusterError:
            raise
        except YakubunError as error:  # a journal or a memory that cannot be read
            yield self._close(article, error)
            return
        self._tell()
        if not article.left:
            yield self._close(article)

    def _wait(self) -> list[Done]:
        if not self._flying and self._waiting:
            time.sleep(_POLL)  # for another process
            return []
        done = self._pool.wait(_POLL if self._waiting else 60.0)
        self._flying -= len(done)
        return done

    def _receive(self, done: Done) -> Iterator[Outcome]:
        article = self._open[done.task.article]
        if done.failed:
            self._again(article, done)
        else:
            self._in_a_row = 0
            article.run.take(done.proposals)
            article.left -= 1
            self._segments += len(done.proposals)
            self._tell()
        if not article.left:
            yield self._close(article)

    def _again(self, article: _Open, done: Done) -> None:
        """Put a task that failed back to the front, in parts if it has failed before."""
        self.retries += 1
        task = replace(done.task, failures=done.task.failures + done.blamed)
        self._in_a_row += done.blamed
        if self._in_a_row > 4 * self._pool.size + 4 * TRIES:
            raise ClusterError(
                f"{self._in_a_row} tasks in a row failed, the last one in {article.run.path}: {done.reason}; "
                "what is finished is kept, mend that and run again to go on"
            )
        alone = len(task.chunk.texts) == 1
        if task.failures < (2 * TRIES if alone else TRIES):
            self._ready.appendleft(task)
        elif alone:
            article.given_up.append((task.chunk.texts[0], done.reason))
            article.left -= 1
        else:
            parts = [replace(task, chunk=chunk) for chunk in task.chunk.singles()]
            self._ready.extendleft(reversed(parts))
            article.left += len(parts) - 1

    def _close(self, article: _Open, error: YakubunError | None = None) -> Outcome:
        """Write an article's PO file, and report."""
        del self._open[article.number]
        if article.given_up:
            error = _given_up(article)
        try:
            article.stack.__exit__(type(error) if error else None, error, None)
        except YakubunError as raised:
            error = raised
        done = article.run.report() if article.run.plan.po.is_file() else None
        return self._outcome(article.number, article.run.path, done, str(error or ""))

    def _outcome(self, number: int, path: Path, report: ArticleReport | None = None, error: str = "") -> Outcome:
        self._finished += 1
        self._tell()
        return Outcome(number, path, report, error)

    def _tell(self) -> None:
        self._progress("Articles", self._finished, self._articles)
        if self._known:
            self._progress("Segments", self._segments, self._known)

    def _salvage(self, error: BaseException) -> None:
        """Keep what the workers have finished by now, and write every open article."""
        try:
            if self._flying and not isinstance(error, ClusterError):
                with suppress(ClusterError):  # what ends the run now is the error that came first
                    for done in self._pool.wait(0):
                        if not done.failed:
                            self._open[done.task.article].run.take(done.proposals)
        finally:
            for article in self._open.values():
                with suppress(YakubunError):  # what cannot be written now is in the journal
                    article.stack.__exit__(type(error), error, error.__traceback__)


def _given_up(article: _Open) -> ClusterError:
    texts = ", ".join(f"「{text if len(text) <= 30 else text[:29] + '…'}」" for text, _ in article.given_up)
    return ClusterError(
        f"{article.run.path}: {len(article.given_up)} of {article.run.todo} segments failed on {2 * TRIES} workers and "
        f"stay untranslated: {texts}; the last reason: {article.given_up[-1][1]}; the others are kept, run again to "
        "try these"
    )
