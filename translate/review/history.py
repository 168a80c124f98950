"""What happened to a segment: machines' proposals from the journal, actions at this desk, commits of its PO file."""

from __future__ import annotations

from collections.abc import Iterator

from translate._entry import state_of
from translate.errors import YakubunError
from translate.proposals import Journal
from translate.review.article import Article
from translate.review.outcomes import HistoryItem
from translate.review.repository import versions
from translate.review.session import Session

MOST_BYTES = 64 * 2**20
"""Bytes of the largest journal that is read for a history."""


def history_of(article: Article, session: Session, msgid: str) -> list[HistoryItem]:
    """Return what is known of a segment, the latest first: this session, then commits, then machines."""
    return [*_session(session, article.key, msgid), *versions(article.path, msgid), *_machines(article, msgid)]


def _session(session: Session, key: str, msgid: str) -> Iterator[HistoryItem]:
    for one in session.of(key, msgid):
        state = str(state_of(one.after))
        yield HistoryItem("session", one.time, one.actor, one.what, one.after.msgstr, state)
        if one.before.msgstr != one.after.msgstr:
            yield HistoryItem(
                "session", one.time, one.actor, "before that", one.before.msgstr, str(state_of(one.before))
            )


def _machines(article: Article, msgid: str) -> list[HistoryItem]:
    journal = article.path.parent.parent / "proposals" / f"{article.path.stem}.jsonl"
    items: list[HistoryItem] = []
    try:
        if journal.is_file() and journal.stat().st_size > MOST_BYTES:
            return [HistoryItem("problem", "", journal.name, "the journal is too large to be searched here")]
        for one in Journal(journal):
            if one.msgid == msgid:
                what = one.stage if one.english else "; ".join(one.findings) or "nothing fit to show"
                items.append(HistoryItem("machine", one.time, one.engine, what, one.english))
    except (YakubunError, OSError) as error:
        items.append(HistoryItem("problem", "", journal.name, str(error)))
    return items[::-1]
