"""An article as the page shows it: how far it is, and its segments beside their English in reading order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from translate.catalog import Catalog, State
from translate.checks import Finding, Translated, at_levels, run_catalog_checks
from translate.engines.base import Progress
from translate.glossary import Mode, Term, satisfied
from translate.markup import bare
from translate.matching import Match
from translate.pipeline import Settings
from translate.reading import article_of, places
from translate.report.segments import Piece, Row, row
from translate.reporting import TermCount, review_entry, segment_terms
from translate.status import ArticleStatus, article_status
from translate.terms import segment_matches

MOST_SEGMENTS = 20_000
"""Segments that a page shows of all articles together."""


@dataclass(frozen=True, slots=True)
class TermUse:
    """A glossary term in an article: in how many segments it stands, and how many of them hold its English."""

    term: Term
    segments: int
    held: int


@dataclass(frozen=True)
class Article:
    """An article with its PO file.

    Attributes:
        status: Its states, counted.
        po: The PO file as the page names it.
        sections: Its segments, a list for each section, in reading order.
        hidden: Segments that were left out, since the page would be too large.
        count: Hard terms, per segment.
        terms: Its terms, those first that most segments have.
        findings: Severity → findings in the PO file.
    """

    status: ArticleStatus
    po: str
    sections: Sequence[Sequence[Row]]
    hidden: int
    count: TermCount
    terms: Sequence[TermUse]
    findings: Mapping[str, int]


@dataclass
class _Reviewed:
    """A PO file, its entries checked one by one."""

    po: Path
    catalog: Catalog
    matches: dict[str, list[Match]] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    count: TermCount = field(default_factory=TermCount)


def articles(
    files: Sequence[Path],
    settings: Settings,
    levels: Mapping[str, str] | None = None,
    *,
    most: int = MOST_SEGMENTS,
    progress: Progress = lambda *_: None,
) -> list[Article]:
    """Read PO files and their articles.

    Args:
        files: The PO files.
        settings: Glossary and folders.
        levels: Name of a check → ``error``, ``warning`` or ``off``, where it shall not be the check's own severity.
        most: How many segments to show, of all articles together.
        progress: Told of every PO file.

    Raises:
        CatalogError: A PO file cannot be read.
    """
    reviewed = []
    for number, po in enumerate(files):
        progress("Reviewing PO files", number, len(files))
        reviewed.append(_review(po, settings))
    progress("Reviewing PO files", len(files), len(files))
    _check_together(reviewed)
    found = []
    for one in reviewed:
        one.findings = {msgid: at_levels(these, levels or {}) for msgid, these in one.findings.items()}
        sections, hidden = _sections(one, settings, most)
        most -= sum(map(len, sections))
        name = one.po.relative_to(settings.locales) if one.po.is_relative_to(settings.locales) else one.po
        status = article_status(one.po, settings)
        severities = Counter(str(finding.severity) for findings in one.findings.values() for finding in findings)
        found.append(Article(status, name.as_posix(), sections, hidden, one.count, _term_uses(one), severities))
    return found


def _review(po: Path, settings: Settings) -> _Reviewed:
    reviewed = _Reviewed(po, Catalog.read(po))
    for entry in reviewed.catalog:
        reviewed.matches[entry.msgid] = matches = segment_matches(bare(entry.msgid), settings.glossary)
        if entry.state is not State.UNTRANSLATED:
            count, findings = review_entry(entry, matches)
            reviewed.count += count
            reviewed.findings[entry.msgid] = findings
    return reviewed


def _check_together(reviewed: Sequence[_Reviewed]) -> None:
    """Add what is only seen when all PO files lie side by side."""
    by_po = {one.po.name: one for one in reviewed}
    entries = [
        Translated(
            one.po.name, entry.line, entry.msgid, entry.msgstr, frozenset(waiver.subject for waiver in entry.waivers)
        )
        for one in reviewed
        for entry in one.catalog
        if entry.state is not State.UNTRANSLATED
    ]
    for located in run_catalog_checks(entries):
        by_po[located.entry.po].findings[located.entry.msgid].append(located.finding)


def _sections(one: _Reviewed, settings: Settings, most: int) -> tuple[list[list[Row]], int]:
    sections: list[list[Row]] = []
    latest: str | None = None
    shown = hidden = 0
    for place in places(one.catalog, article_of(one.catalog, settings)):
        if shown >= most:
            hidden += 1
            continue
        shown += 1
        entry = one.catalog.entry(place.text)
        made = (
            row(place.role, entry, one.matches[place.text], one.findings.get(place.text, ()))
            if entry
            else Row(place.role, (Piece(bare(place.text)),))  # the article changed since
        )
        if place.section != latest:
            sections.append([])
            latest = place.section
        sections[-1].append(made)
    return sections, hidden


def _term_uses(one: _Reviewed) -> list[TermUse]:
    uses: dict[Term, list[bool]] = {}
    for entry in one.catalog:
        for term in segment_terms(one.matches[entry.msgid]):
            if term.mode is not Mode.SOFT:
                uses.setdefault(term, []).append(bool(entry.msgstr) and satisfied(term, entry.msgstr))
    found = [TermUse(term, len(held), sum(held)) for term, held in uses.items()]
    return sorted(found, key=lambda use: (-use.segments, use.term.source))
