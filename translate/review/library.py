"""The articles at the desk, each opened under its lock and up to date with its file, glossary and neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from translate.catalog import State
from translate.checks import Finding, at_levels
from translate.config import Config
from translate.document import Document, Role
from translate.edition import patterns
from translate.markup import bare
from translate.pipeline import Settings
from translate.reading import article_of, role_of
from translate.review.article import Article, Stamp, stamp_of
from translate.review.glossaries import Glossaries
from translate.review.model import ArticleRow, Row
from translate.review.shelf import UnknownError, listed
from translate.review.together import Together

Mark = tuple[Stamp, str, str]


class Library:
    """The articles of a project. Several threads may use it."""

    def __init__(self, configuration: Config) -> None:
        """Read the glossary; PO files are read when they are asked for.

        Raises:
            GlossaryError: A glossary file is malformed.
            InputError: A file of boilerplate patterns is.
        """
        self.configuration = configuration
        self.locales = Path(configuration.locales)
        self.glossaries = Glossaries(configuration)
        self.together = Together()
        self._boilerplate = patterns(configuration)
        self._lock = Lock()
        self._articles: dict[str, Article] = {}
        self._lines: dict[str, tuple[object, ArticleRow]] = {}
        self._documents: dict[str, tuple[Mark, Document | None]] = {}

    @property
    def settings(self) -> Settings:
        """What reading an article needs."""
        root = self.configuration.root
        return Settings(self.glossaries.current, self.locales, root, self._boilerplate)

    def paths(self) -> dict[str, Path]:
        """Return the PO files that there are, by key."""
        found = listed(self.locales)
        with self._lock:
            gone = [key for key in self._articles if key not in found]
            for key in gone:
                self.together.replace(self._articles.pop(key).name, {})
        return found

    def known(self, key: str) -> Article:
        """Return an article without a look at its file, which may have changed; hold its lock to read in it.

        Raises:
            UnknownError: There is no such PO file.
        """
        path = self.paths().get(key)
        if path is None:
            raise UnknownError(f"no article {key[:80]!r}; the list of articles shows what there is")
        with self._lock:
            article = self._articles.get(key)
            if article is None or article.path != path:
                article = self._articles[key] = Article(key, path)
            return article

    def generations(self) -> tuple[tuple[str, int], ...]:
        """Return what changes whenever an entry of any article does."""
        with self._lock:
            return tuple((key, article.generation) for key, article in self._articles.items())

    @contextmanager
    def opened(self, key: str, *, sure: bool = False) -> Iterator[Article]:
        """Open an article under its lock, as its file and the glossary are now.

        Args:
            key: Its key.
            sure: Whether to compare the file's bytes, whatever its dates say.

        Raises:
            UnknownError: There is no such PO file.
            CatalogError: It cannot be read.
        """
        article = self.known(key)
        with article.lock:
            self.renew(article, sure=sure)
            yield article

    def renew(self, article: Article, *, sure: bool = False) -> None:
        """Bring an article, whose lock is held, up to date with its file and the glossary."""
        if article.refresh(self.locales, sure=sure):
            entries = {msgid: one for msgid in article.entries if (one := article.translated(msgid)) is not None}
            self.together.replace(article.name, entries)
        article.learn(self.glossaries.current)

    def row(self, article: Article, msgid: str) -> Row:
        """Return the row of an entry with all its findings, at the project's severities."""
        row = article.row(msgid)
        found = (*row.findings, *self.together.findings(article.name, msgid))
        return replace(row, findings=self.at_levels(found)) if found else row

    def at_levels(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Return findings at the project's severities."""
        levels = self.configuration.checks
        return tuple(at_levels(findings, levels)) if levels else findings

    def document(self, article: Article) -> Document | None:
        """Return the article itself, if it is there and in the project."""
        catalog = article.held
        if not catalog.source_path:
            return None
        mark = self.mark(article)
        known = self._documents.get(article.key)
        if known is None or known[0] != mark:
            known = self._documents[article.key] = (mark, article_of(catalog, self.settings))
        return known[1]

    def mark(self, article: Article) -> Mark:
        """Return what changes whenever the article itself, the Japanese file, may read otherwise."""
        source = article.held.source_path
        return stamp_of(self.configuration.root / source), source, self.glossaries.current.hash

    def line(self, article: Article, *, count: bool = True) -> ArticleRow:
        """Return an article's line in the list.

        Args:
            article: The article, whose lock is held.
            count: Whether to count findings, which takes a second for a thousand segments seen for the first time.
        """
        mark = (article.generation, self.together.generation, self.mark(article), count)
        known = self._lines.get(article.key)
        if known is None or known[0] != mark:
            known = self._lines[article.key] = (mark, self._line(article, count=count))
        return known[1]

    def _line(self, article: Article, *, count: bool) -> ArticleRow:
        found = Counter[str]()
        if count:
            found.update(one.severity for msgid in article.entries for one in self.row(article, msgid).findings)
        return ArticleRow(
            key=article.key,
            title=_title(article),
            source_path=article.held.source_path,
            po=article.path.name,
            states=Counter(entry.state for entry in article.entries.values()),
            segments=len(article.entries),
            errors=found["error"] if count else None,
            warnings=found["warning"] if count else None,
            stale=self._stale(article),
            updated=datetime.fromtimestamp(article.updated, UTC).isoformat(timespec="seconds"),
        )

    def _stale(self, article: Article) -> int | None:
        document = self.document(article)
        if document is None:
            return None
        return len({segment.plain for _, segment in document.segments()} - article.entries.keys())


def _title(article: Article) -> str:
    for msgid, entry in article.entries.items():
        if role_of(entry) is Role.TITLE:
            return bare(entry.msgstr if entry.state is State.APPROVED else msgid)
    return article.held.source_path or article.name
