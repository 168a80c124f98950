"""From an article to its PO file: the only place that knows the order of the steps.

read → match terms → merge with the PO → remember or translate what is pending → journal → propose → write. Whatever can
be wrong with the input is found before anything is written, and the engine is opened only if something is pending, so
that a run with nothing to do never loads a model.
"""

from __future__ import annotations

import time
from pathlib import Path

from translate._human import write_human
from translate._planning import Plan, Settings, article_name, plan_article, protected_names, read_article
from translate._proposing import CHUNK, OpenEngine, offers, put
from translate.atomic import write_bytes
from translate.catalog import po_path
from translate.engines.base import Progress
from translate.reporting import ArticleReport, report
from translate.resources import lock_for

__all__ = [
    "CHUNK",
    "OpenEngine",
    "Plan",
    "Settings",
    "article_name",
    "plan_article",
    "protected_names",
    "read_article",
    "translate_article",
]


def translate_article(
    path: Path,
    settings: Settings,
    open_engine: OpenEngine,
    progress: Progress,
    *,
    plan: Plan | None = None,
) -> ArticleReport:
    """Translate what is pending in an article and write its PO file.

    An interruption (``KeyboardInterrupt`` or any error) keeps every finished segment: they are in the journal as soon
    as their chunk is done, and the PO file is written with them on the way out.

    Args:
        path: The article.
        settings: What the run's articles share.
        open_engine: Called when something is pending.
        progress: Told of every chunk.
        plan: What ``plan_article`` returned for the article; it is made anew if a file has changed since.

    Raises:
        InputError, CatalogError, EngineError: With the PO file as it was or with finished segments added.
    """
    started = time.monotonic()
    with lock_for(po_path(settings.locales, article_name(path, settings.root)), timeout=600):
        if plan is None or not plan.still_holds(path):  # another run may have written since
            plan = plan_article(path, settings)
        translated = finished = retranslated = 0
        try:
            if plan.pending:
                for offer in offers(plan, settings, open_engine, progress):
                    put(plan.catalog, offer.proposal)
                    if offer.trusted:
                        write_human(plan.catalog, offer.proposal.msgid, offer.proposal.english, approved=True)
                    finished += 1
                    translated += offer.new and bool(offer.proposal.english)
                    retranslated += offer.proposal.msgid in plan.retranslated
        except BaseException:
            if finished:  # a run that achieved nothing leaves nothing behind
                plan.catalog.write(plan.po)
            raise
        plan.catalog.write(plan.po)
        if plan.template:
            write_bytes(plan.template, plan.catalog.to_template())
    return report(
        plan.document.path,
        plan.po,
        plan.catalog,
        plan.matches,
        translated=translated,
        retranslated=retranslated,
        seconds=time.monotonic() - started,
    )
