"""The desk at which a person reviews: everything the page can show and do, without HTTP and without HTML.

PO files stay the truth. Reading is answered from memory as long as a file has not changed; every action reads the file
anew if it has, changes one entry, and writes it whole before it returns. Several threads may use one desk.
"""

from __future__ import annotations

from collections.abc import Callable

from translate.checks import Finding
from translate.config import Config
from translate.errors import YakubunError
from translate.publishing import Fuzzy
from translate.review.editing import Editing
from translate.review.history import history_of
from translate.review.library import Library
from translate.review.model import ArticleRow, Row, Sheet, Suggestion, TermUse
from translate.review.outcomes import HistoryItem, Outcome, Preview, PublishOutcome, TermOutcome, TermRefused, Touched
from translate.review.previewing import preview_of, publish_to_output
from translate.review.remembering import Remembering
from translate.review.rows import judged
from translate.review.session import Session
from translate.review.sheets import Sheets
from translate.review.terming import add_term, term_of, touched_by


class Desk:
    """A project's articles under review.

    Example:
        desk = Desk(config.load(Path()))
        sheet = desk.open("harbour")
        row = sheet.rows[0]
        desk.save("harbour", row.id, row.version, "The harbor", approve=True, actor="aya")
    """

    def __init__(self, configuration: Config) -> None:
        """Read the glossary; PO files are read when they are asked for.

        Raises:
            GlossaryError: A glossary file is malformed.
            InputError: A file of boilerplate patterns is.
        """
        self._library = Library(configuration)
        self._session = Session()
        self._sheets = Sheets(self._library)
        self._editing = Editing(self._library, self._session, self._sheets)
        self._memory = Remembering(self._library, configuration.similarity)

    def warm(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Work everything out that a page may ask for, article by article, until ``stop`` says so."""
        for key in self._library.paths():
            if stop():
                return
            try:
                with self._library.opened(key) as article:
                    self._library.line(article)
            except YakubunError:
                continue  # the list of articles shows what is wrong with it

    @property
    def problem(self) -> str:
        """What is wrong with the project as a whole: a glossary file that broke meanwhile; or empty."""
        return self._library.glossaries.problem

    def articles(self, *, count: bool = True) -> list[ArticleRow]:
        """Return the articles by name; one that cannot be opened is there with its ``problem``.

        Args:
            count: Whether to count findings.
        """
        found = []
        for key, path in self._library.paths().items():
            try:
                with self._library.opened(key) as article:
                    found.append(self._library.line(article, count=count))
            except YakubunError as error:
                found.append(ArticleRow(key, path.stem, "", path.name, problem=str(error)))
        return found

    def open(self, key: str) -> Sheet:
        """Return a whole article in reading order, without suggestions.

        Raises:
            UnknownError: There is no such article.
            CatalogError: Its PO file cannot be read.
        """
        with self._library.opened(key) as article:
            return self._sheets.sheet(article)

    def row(self, key: str, id_: str) -> Row:
        """Return one segment as it stands now.

        Raises:
            UnknownError: There is no such article or segment.
            CatalogError: The PO file cannot be read.
        """
        with self._library.opened(key) as article:
            return self._library.row(article, article.msgid(id_))

    def stamp(self, key: str) -> str:
        """Return what ``Sheet.stamp`` would be now: it changes whenever something in the sheet may have."""
        with self._library.opened(key) as article:
            return self._sheets.stamp(article)

    def suggestions(self, key: str, id_: str) -> tuple[Suggestion, ...]:
        """Return what the translation memory has for a segment, the best first."""
        with self._library.opened(key) as article:
            return self._memory.suggestions(article, article.msgid(id_))

    def check(self, key: str, id_: str, english: str) -> tuple[tuple[Finding, ...], tuple[TermUse, ...]]:
        """Return what the checks would find, and what would become of the terms, if the English were this.

        Takes milliseconds: for a text that is being typed.
        """
        with self._library.opened(key) as article:
            msgid = article.msgid(id_)
            uses, findings = judged(article.entries[msgid], english, article.matches(msgid))
            return self._library.at_levels(findings), uses

    def save(self, key: str, id_: str, version: str, english: str, *, approve: bool, actor: str) -> Outcome:
        """Write a person's English into the PO file, and approve it if it passes the checks.

        Args:
            key: The article.
            id_: The segment.
            version: The version of the row that the person saw.
            english: The English, with the source's tags.
            approve: Whether the person stands behind it; otherwise it is kept fuzzy.
            actor: Who it is, for undo and history.

        Returns:
            ``Saved``; ``Refused`` with the findings if it must not be approved, and then the text is kept, fuzzy;
            ``Conflict`` if a person changed text or state meanwhile, and then nothing is written.

        Raises:
            UnknownError: There is no such article.
            CatalogError, InputError: The PO file cannot be read or written; it is as it was.
        """
        return self._editing.save(key, id_, version, english, approve=approve, actor=actor)

    def reject(self, key: str, id_: str, version: str, *, actor: str) -> Outcome:
        """Clear a segment's English: it counts as untranslated, and a machine may fill it again."""
        return self._editing.reject(key, id_, version, actor=actor)

    def unapprove(self, key: str, id_: str, version: str, *, actor: str) -> Outcome:
        """Take an approval back; the English stays, fuzzy, and no machine changes it."""
        return self._editing.unapprove(key, id_, version, actor=actor)

    def waive(self, key: str, id_: str, version: str, subject: str, reason: str, *, actor: str) -> Outcome:
        """Write down why a check or a term does not apply to a segment; an empty reason takes that back."""
        del version  # a waiver changes no text: it fits whatever stands there
        return self._editing.waive(key, id_, subject, reason, actor=actor)

    def undo(self, key: str, *, actor: str) -> Outcome:
        """Put back exactly what somebody's last action on an article changed, unless it changed again since."""
        return self._editing.undo(key, actor=actor)

    def history(self, key: str, id_: str) -> list[HistoryItem]:
        """Return what happened to a segment: actions of this session, commits, machines' proposals."""
        with self._library.opened(key) as article:
            msgid = article.msgid(id_)
        return history_of(article, self._session, msgid)

    def preview(self, key: str, *, fuzzy: Fuzzy = Fuzzy.INCLUDE) -> Preview:
        """Return the English article as it would be published, with what nobody approved told apart."""
        with self._library.opened(key) as article:
            return preview_of(self._library, article, fuzzy)

    def publish(self, key: str, *, fuzzy: Fuzzy = Fuzzy.FAIL) -> PublishOutcome:
        """Write the English article into the configured folder, under the rules of ``publish``."""
        with self._library.opened(key, sure=True) as article:
            return publish_to_output(self._library, article, fuzzy)

    def touched_by(self, source: str, target: str, **columns: str) -> tuple[Touched, ...]:
        """Return the segments of all articles that a new glossary term would touch.

        Args:
            source: The Japanese.
            target: Its English.
            columns: Further columns of the glossary, as text.

        Raises:
            GlossaryError: It is no term.
        """
        self.articles(count=False)  # reads what is not read yet
        return touched_by(self._library, term_of(source, target, **columns))

    def add_term(self, source: str, target: str, *, actor: str, create: bool = False, **columns: str) -> TermOutcome:
        """Add a term to the project's own glossary file, and return the segments that it touches.

        Args:
            source: The Japanese.
            target: Its English.
            actor: Who it is.
            create: Whether to make a file if the project has none of its own.
            columns: Further columns of the glossary, as text.

        Raises:
            InputError: The file cannot be written; it is as it was.
        """
        del actor
        self.articles(count=False)
        try:
            term = term_of(source, target, **columns)
        except YakubunError as error:
            return TermRefused(str(error))
        return add_term(self._library, term, create=create)
