"""What the PO files hold: the terms of each entry counted, its findings, and the report on a whole article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from translate.catalog import Catalog, Entry, State
from translate.checks import Finding, run_checks
from translate.enforcement import required_terms
from translate.glossary import Mode, Term, satisfied
from translate.matching import Match


@dataclass(frozen=True)
class TermCount:
    """Distinct hard terms per segment: found in the source, held by the English, waived by a person."""

    matched: int = 0
    satisfied: int = 0
    waived: int = 0

    def __add__(self, other: TermCount) -> TermCount:
        return TermCount(self.matched + other.matched, self.satisfied + other.satisfied, self.waived + other.waived)

    @property
    def missing(self) -> int:
        """Terms that are neither held nor waived."""
        return self.matched - self.satisfied - self.waived


@dataclass(frozen=True)
class ArticleReport:
    """What a run did to one article, and what its PO file holds now.

    Attributes:
        path: The article.
        po: The PO file.
        segments: Live entries of the PO file.
        translated: Entries that this run translated.
        reused: Entries that it took over from the PO file or the journal.
        terms: Counted on the PO file as saved.
        stages: Enforcement stage of each machine translation in the PO file → how many.
        findings: ``(line of the entry, msgid, finding)``.
        seconds: Wall time.
    """

    path: str
    po: str
    segments: int
    translated: int
    reused: int
    terms: TermCount
    stages: Mapping[str, int]
    findings: Sequence[tuple[int, str, Finding]] = field(default=())
    seconds: float = 0.0


def distinct(matches: Sequence[Match]) -> list[Match]:
    """Return one match of each term, its first."""
    first: dict[Term, Match] = {}
    for match in matches:
        first.setdefault(match.term, match)
    return list(first.values())


def segment_terms(matches: Sequence[Match]) -> tuple[Term, ...]:
    """Return the distinct terms of a segment, in the order of the source."""
    return tuple(match.term for match in distinct(matches))


def report(
    path: str, po: Path, matches: Mapping[str, Sequence[Match]], *, translated: int, seconds: float
) -> ArticleReport:
    """Return what a PO file holds now, counted on the file as saved.

    Args:
        path: The article, as PO files show it.
        po: Its PO file.
        matches: The glossary matches of each msgid of the article.
        translated: Entries that this run translated.
        seconds: Wall time of the run.
    """
    live = [entry for entry in Catalog.read(po) if entry.msgid in matches]
    terms, stages, findings = TermCount(), Counter[str](), []
    for entry in live:
        count, found = review_entry(entry, matches[entry.msgid])
        terms += count
        findings += [(entry.line, entry.msgid, finding) for finding in found]
        if entry.provenance and entry.state in (State.MACHINE, State.APPROVED) and entry.provenance.stage:
            stages[entry.provenance.stage] += 1
    done = sum(1 for entry in live if entry.msgstr)
    return ArticleReport(
        path,
        str(po),
        len(live),
        translated,
        done - translated,
        terms,
        dict(stages),
        findings,
        seconds,
    )


def review_entry(entry: Entry, matches: Sequence[Match]) -> tuple[TermCount, list[Finding]]:
    """Return the term count and the findings of one entry; what a person waived is counted apart and not found."""
    waived = {waiver.subject for waiver in entry.waivers}
    every = "glossary" in waived
    terms = [term for term in segment_terms(matches) if not every and not waived.intersection(term.surfaces)]
    required = [term for term in terms if term.mode is not Mode.SOFT]
    all_required = required_terms(matches)
    held = sum(satisfied(term, entry.msgstr) for term in required)
    return (
        TermCount(len(all_required), held, len(all_required) - len(required)),
        run_checks(entry.msgid, entry.msgstr, terms, skip=waived),
    )
