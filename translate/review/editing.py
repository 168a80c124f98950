"""Actions on one segment: into the PO file at once, under the article's lock, and never over anybody's work.

A page hands back the version of the row that the person saw. Only what has happened to that entry since matters: a
change of another entry, of comments, or of a machine's proposal is no conflict; another text or another decision of a
person is, and is shown with both texts.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress

from translate._entry import state_of
from translate._human import cleaned, doubt, put_back, reject, standing, write_human
from translate._message import Message
from translate.catalog import Entry, State, Waiver
from translate.checks import Finding
from translate.errors import BusyError, CatalogError
from translate.reporting import waiver_subject
from translate.resources import lock_for
from translate.review.article import Article
from translate.review.library import Library
from translate.review.model import Row
from translate.review.outcomes import Conflict, Outcome, Refused, Saved
from translate.review.rows import is_text_of, judged, version_of
from translate.review.session import Session
from translate.review.sheets import Sheets

PATIENCE = 1.0
"""Seconds to wait for the lock of another program that is at work on the PO file."""
LONGEST = 30.0
"""Seconds to wait for the other people at work on it."""
APPROVED, EDITED = "approved", "edited"
_TRIES = 3  # programs that know no locks may write at any moment

_Change = Callable[[Article, Entry], Outcome | None]
"""Changes the catalog in memory and returns None, or says why not."""


class Editing:
    """What people do to segments."""

    def __init__(self, library: Library, session: Session, sheets: Sheets) -> None:
        """Work on these articles, and remember in ``session`` what was done."""
        self._library = library
        self._session = session
        self._sheets = sheets

    def save(self, key: str, id_: str, version: str, english: str, *, approve: bool, actor: str) -> Outcome:
        """Write a person's English, and approve it if it passes the checks; see ``Desk.save``."""
        refusal: list[Finding] = []
        note: list[str] = []

        def change(article: Article, entry: Entry) -> Outcome | None:
            text = cleaned(entry.msgid, english)
            if not text.strip():
                why = "the English is empty; reject the segment if it shall be translated anew"
                return Refused(why, row=self._row(article, entry.msgid), mine=english)
            theirs = _theirs(entry, version, text)
            if theirs == "conflict":
                return Conflict(self._row(article, entry.msgid), english)
            if theirs:
                note.append(theirs)
            refusal[:] = self._against(article, entry, text) if approve else ()
            approved = approve and not refusal
            if text == entry.msgstr and (not approved or entry.state is State.APPROVED):
                return None  # as it stands; looking at a machine's text makes it nobody's
            if not approve and is_text_of(version, text):
                return None  # the person changed nothing, and a machine's new proposal is no worse than its old one
            write_human(article.held, entry.msgid, text, approved=approved)
            return None

        outcome = self._act(key, id_, actor, APPROVED if approve else EDITED, change, mine=english)
        if refusal and isinstance(outcome, Saved):
            return Refused(
                "not approved: mend what the checks found, or waive it with a reason",
                tuple(refusal),
                outcome.row,
                english,
                kept=outcome.row.state is State.EDITED,
            )
        return _noted(outcome, note)

    def reject(self, key: str, id_: str, version: str, *, actor: str) -> Outcome:
        """Clear a segment, so that it counts as untranslated."""

        def change(article: Article, entry: Entry) -> Outcome | None:
            if _decided_anew(entry, version):
                return Conflict(self._row(article, entry.msgid), "")
            reject(article.held, entry.msgid)
            return None

        return self._act(key, id_, actor, "rejected", change)

    def unapprove(self, key: str, id_: str, version: str, *, actor: str) -> Outcome:
        """Take an approval back; the English stays a person's."""

        def change(article: Article, entry: Entry) -> Outcome | None:
            if _decided_anew(entry, version):
                return Conflict(self._row(article, entry.msgid), "")
            doubt(article.held, entry.msgid)
            return None

        return self._act(key, id_, actor, "unapproved", change)

    def waive(self, key: str, id_: str, subject: str, reason: str, *, actor: str) -> Outcome:
        """Write down that a check or a term does not apply here; an empty reason takes the waiver back."""

        def change(article: Article, entry: Entry) -> Outcome | None:
            known = [one.subject for one in entry.waivers]
            wanted = subject if subject in known else waiver_subject(article.matches(entry.msgid), subject)
            if wanted is None:
                why = f"{subject[:60]!r} is neither a check nor a term of this segment"
                return Refused(why, row=self._row(article, entry.msgid))
            if reason.strip():
                article.held.waive(entry.msgid, Waiver(wanted, " ".join(reason.split())))
            else:
                article.held.unwaive(entry.msgid, wanted)
            return None

        what = f"waived {subject[:60]}" if reason.strip() else f"took back the waiver of {subject[:60]}"
        return self._act(key, id_, actor, what, change)

    def undo(self, key: str, *, actor: str) -> Outcome:
        """Put back what somebody's last action on an article changed, unless the entry changed again since."""
        last = self._session.last(key, actor)
        if last is None:
            return Refused("nothing to undo: since this page was opened, you changed nothing here")
        msgid = last.after.msgid

        def change(article: Article, entry: Entry) -> Outcome | None:
            now = standing(article.held, entry.msgid)
            if now is None or not _alike(now, last.after):
                self._session.drop(last)
                why = "not undone: somebody changed the segment since; its history shows what stood there"
                return Refused(why, row=self._row(article, entry.msgid))
            put_back(article.held, last.before)
            return None

        with self._library.opened(key) as article:
            found = [id_ for id_, text in article.ids.items() if text == msgid]
        if not found:
            self._session.drop(last)
            return Refused("not undone: the article does not have this segment any more", mine=last.before.msgstr)
        outcome = self._act(key, found[0], actor, f"undid: {last.what}", change, undoable=False)
        if isinstance(outcome, Saved):
            self._session.drop(last)
        return outcome

    def _act(
        self, key: str, id_: str, actor: str, what: str, change: _Change, *, mine: str = "", undoable: bool = True
    ) -> Outcome:
        article = self._library.known(key)
        desks = article.path.with_name(f"{article.path.name}.review")  # names a lock, and is no file
        with ExitStack() as locks:
            # Locks of files first: whoever only reads need not wait while another program is at work.
            try:
                locks.enter_context(lock_for(desks, timeout=LONGEST))
            except BusyError:
                why = f"{article.path.name}: others have been saving for {LONGEST:.0f} s; try again in a moment"
                return Refused(why, mine=mine, busy=True)
            # `translate` may hold its lock for minutes, and takes in what the file holds when it writes: it need not
            # be waited for. A look at the file just before it is replaced keeps either from overwriting the other.
            with suppress(BusyError):
                locks.enter_context(lock_for(article.path, timeout=PATIENCE))
            with article.lock:
                return self._locked(article, id_, actor, what, change, mine, undoable)

    def _locked(
        self, article: Article, id_: str, actor: str, what: str, change: _Change, mine: str, undoable: bool
    ) -> Outcome:
        for tries in range(_TRIES):
            self._library.renew(article, sure=True)
            msgid = article.ids.get(id_)
            if msgid is None:
                return Refused("the article does not have this segment any more; your text is not lost", mine=mine)
            entry = article.entries[msgid]
            if entry.plural:
                return Refused("the entry has plural forms; edit it in a PO editor", mine=mine)
            before = standing(article.held, msgid)
            try:
                refused = change(article, entry)
                if refused is not None:
                    return refused
                after = standing(article.held, msgid)
                if before is None or after is None or _alike(before, after):
                    return Saved(self._row(article, msgid), self._sheets.next_open(article, msgid), changed=False)
                article.held.write(article.path)
            except CatalogError:
                article.forget()
                if tries + 1 < _TRIES and not self._is_current(article):
                    continue
                raise
            except BaseException:
                article.forget()
                raise
            if what == APPROVED and state_of(after) is not State.APPROVED:
                what = EDITED  # the checks were against it
            self._session.note(article.key, actor, what, before, after, undoable=undoable)
            return self._told(article, msgid)
        raise AssertionError("unreachable")

    def _is_current(self, article: Article) -> bool:
        return article.catalog is not None and article.catalog.is_current(article.path)

    def _told(self, article: Article, msgid: str) -> Saved:
        article.written(msgid)
        affected = self._library.together.put(article.name, msgid, article.translated(msgid))
        also = [other for po, other in affected if po == article.name and other in article.entries]
        return Saved(
            self._row(article, msgid),
            self._sheets.next_open(article, msgid),
            also=tuple(self._row(article, other) for other in also),
        )

    def _against(self, article: Article, entry: Entry, english: str) -> list[Finding]:
        """Return what stands against approving this English."""
        found = judged(entry, english, article.matches(entry.msgid))[1]
        return [one for one in self._library.at_levels(found) if one.severity == "error"]

    def _row(self, article: Article, msgid: str) -> Row:
        return self._library.row(article, msgid)


def _theirs(entry: Entry, version: str, mine: str) -> str:
    """Tell what happened to an entry since a version: ``conflict``, something to be told, or nothing of interest."""
    now = version_of(entry)
    if now == version or entry.msgstr == mine:
        return ""
    seen, current = version.rsplit("-", 2), now.rsplit("-", 2)
    if seen[:2] == current[:2]:
        return ""  # only comments changed
    if entry.state in (State.UNTRANSLATED, State.MACHINE):
        was = State.APPROVED in seen or State.EDITED in seen
        if was and entry.state is State.UNTRANSLATED:
            return "conflict"  # somebody rejected it meanwhile
        return f"meanwhile a machine proposed: {entry.msgstr}" if entry.msgstr else ""
    return "conflict"


def _decided_anew(entry: Entry, version: str) -> bool:
    """Tell whether the text or its state is not what the person saw."""
    return version_of(entry).rsplit("-", 1)[0] != version.rsplit("-", 1)[0]


def _alike(one: Message, other: Message) -> bool:
    fields = ("msgstr", "msgstr_plural", "flags", "comments", "previous")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _noted(outcome: Outcome, note: list[str]) -> Outcome:
    if note and isinstance(outcome, Saved):
        return Saved(outcome.row, outcome.next_id, outcome.changed, note[0], outcome.also)
    return outcome
