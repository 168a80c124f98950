"""An article as the page shows it: how far it is, and its segments beside their English in reading order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from translate.catalog import Catalog, Entry, State
from translate.checks import Finding, Severity, Translated, run_catalog_checks
from translate.document import Document, Role
from translate.engines.base import Progress
from translate.errors import InputError
from translate.glossary import Mode, Term, satisfied
from translate.markup import bare
from translate.matching import Match
from translate.pipeline import Settings, read_article
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
        _set_levels(one.findings, levels or {})
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


def _set_levels(findings: dict[str, list[Finding]], levels: Mapping[str, str]) -> None:
    for msgid, found in findings.items():
        kept = [(one, levels.get(one.check, one.severity)) for one in found]
        findings[msgid] = [
            Finding(one.check, severity, one.message)
            for one, level in kept
            for severity in get_args(Severity)
            if level == severity
        ]


def _sections(one: _Reviewed, settings: Settings, most: int) -> tuple[list[list[Row]], int]:
    sections: list[list[Row]] = []
    latest: str | None = None
    shown = hidden = 0
    for section, role, text in _reading_order(one.catalog, settings):
        if shown >= most:
            hidden += 1
            continue
        shown += 1
        entry = one.catalog.entry(text)
        made = (
            row(role, entry, one.matches[text], one.findings.get(text, ()))
            if entry
            else Row(role, (Piece(bare(text)),))  # the article changed since
        )
        if section != latest:
            sections.append([])
            latest = section
        sections[-1].append(made)
    return sections, hidden


def _reading_order(catalog: Catalog, settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield section, role and msgid of each segment: of the article, or of the PO file if there is no article."""
    document = _document(catalog, settings)
    if document is None:
        for entry in catalog:
            role = _noted(entry, "role")
            yield _noted(entry, "section"), role if role in set(Role) else Role.BODY, entry.msgid
        return
    for block, segment in document.segments():
        yield str(block.section), str(block.role), segment.plain


def _document(catalog: Catalog, settings: Settings) -> Document | None:
    """Return a PO file's article, if it is there; what lies outside the project is none of this page's business."""
    path = settings.root / catalog.source_path
    if not catalog.source_path or not path.resolve().is_relative_to(settings.root.resolve()):
        return None
    try:
        return read_article(path, settings)
    except InputError:
        return None


def _noted(entry: Entry, name: str) -> str:
    """Return what a PO file's own comment says of an entry."""
    return next((line[len(name) + 1 :].strip() for line in entry.extracted if line.startswith(f"{name}:")), "")


def _term_uses(one: _Reviewed) -> list[TermUse]:
    uses: dict[Term, list[bool]] = {}
    for entry in one.catalog:
        for term in segment_terms(one.matches[entry.msgid]):
            if term.mode is not Mode.SOFT:
                uses.setdefault(term, []).append(bool(entry.msgstr) and satisfied(term, entry.msgstr))
    found = [TermUse(term, len(held), sum(held)) for term, held in uses.items()]
    return sorted(found, key=lambda use: (-use.segments, use.term.source))
