"""From an article to its PO file: the only place that knows the order of the steps.

read → match terms → merge with the PO → remember or translate what is pending → journal → propose → write. Whatever can
be wrong with the input is found before anything is written, and the engine is opened only if something is pending, so
that a run with nothing to do never loads a model.

Where the engine runs is the caller's affair: ``ArticleRun`` hands out chunks and takes proposals. ``translate_article``
has them made by an engine of this process, ``cluster`` by those of many machines.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from translate._human import write_human
from translate._neighbours import neighbours
from translate._planning import (
    Plan,
    Settings,
    article_name,
    plan_article,
    protected_names,
    read_article,
    recorded_article,
)
from translate._proposing import CHUNK, Chunk, OpenEngine, chunks, identity, put, recall, translate_chunk
from translate._running import each_article
from translate.atomic import write_bytes
from translate.catalog import po_path
from translate.engines.base import Progress
from translate.errors import CatalogError, EngineError
from translate.overlap import overlapped
from translate.proposals import Journal, Proposal
from translate.reporting import ArticleReport, report
from translate.resources import lock_for

__all__ = [
    "CHUNK",
    "ArticleRun",
    "Chunk",
    "OpenEngine",
    "Plan",
    "Settings",
    "article_name",
    "each_article",
    "identity",
    "plan_article",
    "protected_names",
    "read_article",
    "recorded_article",
    "translate_article",
    "translate_chunk",
]

_TRIES = 3  # editors that know no locks may save at any moment


class ArticleRun:
    """One article on its way into its PO file.

    A context: entering locks the PO file and plans, leaving writes it. An interruption (``KeyboardInterrupt`` or any
    error) keeps every finished segment: they are in the journal as soon as they were taken, and the PO file is written
    with them on the way out. What people save into it meanwhile, in a PO editor or on the review page, stays: the
    finished segments then join what the file holds, where it still wants them.

    Args:
        path: The article.
        settings: What the run's articles share.
        plan: What ``plan_article`` returned for the article; it is made anew if a file has changed since.
        patience: Seconds to wait for another writer of the PO file.

    Attributes:
        plan: What is to be done; there from entering on.
        done: Segments that came from an engine in this run.
        todo: Segments that an engine must translate, known from ``chunks`` on.

    Example:
        with ArticleRun(path, settings) as run:
            if run.remember():
                for chunk in run.chunks(identity(engine)):
                    run.take(translate_chunk(chunk, engine))
        run.report()
    """

    plan: Plan

    def __init__(self, path: Path, settings: Settings, *, plan: Plan | None = None, patience: float = 600) -> None:
        self.path = path
        self.done = self.todo = 0
        self._settings = settings
        self._made = plan
        self._patience = patience
        self._started = time.monotonic()
        self._pending: list[str] = []
        self._notes: dict[str, tuple[str, ...]] = {}
        self._kept: list[tuple[Proposal, bool, bool]] = []  # with: is it new, is it trusted
        self._translated = self._finished = self._retranslated = 0

    def __enter__(self) -> Self:
        """Lock and plan.

        Raises:
            BusyError: Another writer held the PO file all the while.
            InputError, CatalogError: Article or PO file cannot be read.
        """
        with ExitStack() as stack:
            stack.enter_context(self._lock())
            made = self._made  # another run may have written since
            self.plan = made if made and made.still_holds(self.path) else plan_article(self.path, self._settings)
            self._journal = Journal(self.plan.journal)
            self._locked = stack.pop_all()
        return self

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Lock the PO file that is the article's, whichever that turns out to be.

        While this run waits, another one may take the plain name for an article of the same name in another folder.
        """
        while True:
            with lock_for(po := self.po, timeout=self._patience):
                if po == self.po:
                    yield
                    return

    @property
    def po(self) -> Path:
        """The PO file that is the article's as things stand; it may become another one until entering."""
        return po_path(self._settings.locales, article_name(self.path, self._settings.root))

    def remember(self) -> bool:
        """Take what the memory knows; tell whether anything is left for the journal or an engine."""
        if self.plan.pending:
            self._journal.load()
        memory = self._settings.memory() if self._settings.memory and self.plan.pending else None
        recalled = {text: recall(memory, text, self.plan, self._settings) for text in self.plan.pending if memory}
        known = [one.proposal for one in recalled.values() if one.proposal]
        self._journal.append(known)
        for proposal in known:
            self._put(proposal, new=True, trusted=recalled[proposal.msgid].trusted)
        self._notes = {text: one.notes for text, one in recalled.items()}
        answered = {proposal.msgid for proposal in known}
        self._pending = [text for text in self.plan.pending if text not in answered]
        return bool(self._pending)

    def chunks(self, engine: str) -> list[Chunk]:
        """Take what the journal knows of an engine, and return what that engine must still translate.

        Args:
            engine: The engine's ``identity``.
        """
        todo = []
        for text in self._pending:
            known = self._journal.lookup(text, engine, self.plan.terms(text))
            if known is not None and not self._settings.retranslate:
                self._put(known, new=False)
            else:
                todo.append(text)
        self.todo = len(todo)
        near = neighbours(self.plan.document, boilerplate=self._settings.keep_boilerplate) if todo else {}
        return chunks(todo, self.plan.enforced, near)

    def take(self, proposals: Sequence[Proposal]) -> None:
        """Keep an engine's proposals for segments of a chunk: written down before they are in the catalog."""
        noted = [
            replace(one, findings=(*one.findings, *notes)) if (notes := self._notes.get(one.msgid)) else one
            for one in proposals
        ]
        self._journal.append(noted)
        for proposal in noted:
            self._put(proposal, new=True)
        self.done += len(noted)

    def _put(self, proposal: Proposal, *, new: bool, trusted: bool = False) -> None:
        put(self.plan.catalog, proposal)
        if trusted:
            write_human(self.plan.catalog, proposal.msgid, proposal.english, approved=True)
        self._kept.append((proposal, new, trusted))
        self._finished += 1
        self._translated += new and bool(proposal.english)
        self._retranslated += proposal.msgid in self.plan.retranslated

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the PO file, and release it."""
        with self._locked:
            if kind is None or self._finished:  # a run that achieved nothing leaves nothing behind
                self._journal.sync()
                self._write()
            if kind is None and self.plan.template:
                write_bytes(self.plan.template, self.plan.catalog.to_template())

    def _write(self) -> None:
        for tries in range(_TRIES):
            if not self.plan.catalog.is_current(self.plan.po):
                self._join()
            try:
                self.plan.catalog.write(self.plan.po)
            except CatalogError:
                if tries + 1 == _TRIES or self.plan.catalog.is_current(self.plan.po):
                    raise
            else:
                return

    def _join(self) -> None:
        """Read the PO file again, which somebody changed, and put in what still belongs there."""
        self.plan = plan_article(self.path, self._settings)
        kept, self._kept = self._kept, []
        self._translated = self._finished = self._retranslated = 0
        wanted = set(self.plan.pending)
        for proposal, new, trusted in kept:
            if proposal.msgid in wanted and proposal.terms == self.plan.terms(proposal.msgid):
                self._put(proposal, new=new, trusted=trusted)

    def report(self) -> ArticleReport:
        """Return what the PO file holds now."""
        return report(
            self.plan.document.path,
            self.plan.po,
            self.plan.catalog,
            self.plan.matches,
            translated=self._translated,
            retranslated=self._retranslated,
            seconds=time.monotonic() - self._started,
        )


def translate_article(
    path: Path,
    settings: Settings,
    open_engine: OpenEngine,
    progress: Progress,
    *,
    plan: Plan | None = None,
) -> ArticleReport:
    """Translate what is pending in an article and write its PO file.

    Args:
        path: The article.
        settings: What the run's articles share.
        open_engine: Called when something is pending.
        progress: Told of every chunk.
        plan: What ``plan_article`` returned for the article; it is made anew if a file has changed since.

    Raises:
        InputError, CatalogError, EngineError: With the PO file as it was or with finished segments added.
    """
    with ArticleRun(path, settings, plan=plan) as run:
        if run.remember():
            engine = open_engine()
            work = [partial(translate_chunk, chunk, engine) for chunk in run.chunks(identity(engine))]
            what = f"Translating {run.plan.document.path}"
            progress(what, 0, run.todo)
            try:
                for proposals in overlapped(work, concurrent=engine.concurrent):
                    run.take(proposals)
                    progress(what, run.done, run.todo)
            except EngineError as error:
                raise EngineError(
                    f"{error}; {run.done} of {run.todo} segments are done and kept, run again to go on"
                ) from error
    return run.report()
