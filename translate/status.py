"""How far each article is: who stands behind its segments, whether it changed since, and what to look at first."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from translate.catalog import Catalog, Entry, State
from translate.errors import InputError
from translate.pipeline import Settings, read_article, recorded_article


@dataclass(frozen=True)
class ArticleStatus:
    """One article.

    Attributes:
        article: Its path, as the PO file knows it.
        po: Its PO file.
        segments: Live entries.
        states: Entries by state.
        obsolete: Entries whose text is no longer in the article.
        stale: Segments of the article, as it is now, that the PO file lacks; None if the article is not there.
        worst: Entries that no person approved yet, the least confident first, as many as were asked for; those without
            confidence come last.
    """

    article: str
    po: Path
    segments: int
    states: Mapping[State, int]
    obsolete: int
    stale: int | None
    worst: tuple[Entry, ...]

    @property
    def fuzzy(self) -> int:
        """Entries that have English which no person approved."""
        return self.states.get(State.MACHINE, 0) + self.states.get(State.EDITED, 0)


def article_status(po: Path, settings: Settings, *, worst: int | None = None) -> ArticleStatus:
    """Read a PO file and, if it is still there, its article.

    Args:
        po: The PO file.
        settings: How articles are read.
        worst: How many of the least certain entries are wanted; all by default.

    Raises:
        CatalogError: The PO file cannot be read.
    """
    catalog = Catalog.read(po)
    states = Counter(entry.state for entry in catalog)
    open_entries = [entry for entry in catalog if entry.state in (State.MACHINE, State.EDITED)]
    return ArticleStatus(
        article=catalog.source_path,
        po=po,
        segments=len(catalog),
        states=states,
        obsolete=len(catalog.obsolete),
        stale=_stale(catalog, settings),
        worst=tuple(
            sorted(open_entries, key=lambda entry: (confidence(entry) is None, confidence(entry) or 0.0))[:worst]
        ),
    )


def confidence(entry: Entry) -> float | None:
    """Return the machine's estimate of its translation's quality, 0 to 1, if it gave one."""
    value = dict(entry.provenance.extra).get("conf", "") if entry.provenance else ""
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return None


def _stale(catalog: Catalog, settings: Settings) -> int | None:
    try:
        document = read_article(recorded_article(catalog, settings), settings)
    except InputError:
        return None
    digest = hashlib.sha256(document.source.encode("utf-8", "surrogatepass")).hexdigest()
    if digest == catalog.headers.get("X-Source-Sha256"):
        return 0
    known = {entry.msgid for entry in catalog}
    return len({segment.plain for _, segment in document.segments()} - known)
