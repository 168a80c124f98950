"""What the PO files hold: the terms of each entry counted, its findings, and the report on a whole article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from translate.catalog import Catalog, Entry, State
from translate.checks import CATALOG_CHECKS, SEGMENT_CHECKS, Finding, run_checks
from translate.enforcement import required_terms
from translate.glossary import Mode, Term, forbidden_in, key, occurrences, satisfied, terms_hash
from translate.markup import bare
from translate.matching import Match


@dataclass(frozen=True)
class TermCount:
    """Hard terms, each counted once a segment, and how often they are mentioned.

    Attributes:
        matched: Distinct hard terms found in the source.
        satisfied: Those that the English holds.
        waived: Those that a person waived.
        mentions: How often the source mentions the terms that are not waived.
        repeated: How many of these mentions the English has, too; the others became pronouns or were dropped.
    """

    matched: int = 0
    satisfied: int = 0
    waived: int = 0
    mentions: int = 0
    repeated: int = 0

    def __add__(self, other: TermCount) -> TermCount:
        return TermCount(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @classmethod
    def total(cls, counts: Iterable[TermCount]) -> TermCount:
        """Add up any number of counts."""
        rows = [(one.matched, one.satisfied, one.waived, one.mentions, one.repeated) for one in counts]
        return cls(*map(sum, zip(*rows, strict=True)))

    @property
    def missing(self) -> int:
        """Terms that are neither held nor waived."""
        return self.matched - self.satisfied - self.waived


@dataclass(frozen=True)
class Outdated:
    """An entry that a person stands behind and that the glossary, as it is now, would have otherwise.

    Attributes:
        line: Its line in the PO file.
        msgid: The segment.
        state: Approved or edited.
        terms: The terms that its English lacks, or writes as they must not be written.
        changed: Whether the segment's terms are others than when a machine translated it.
    """

    line: int
    msgid: str
    state: State
    terms: tuple[Term, ...]
    changed: bool


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
        retranslated: Machine translations that this run replaced: their terms had changed, or it was asked to.
        outdated: Entries that people stand behind and that do not hold the terms of today; no machine touches them.
        evidence: The machine translations in the PO file with what their provenance says of how they came about.
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
    retranslated: int = 0
    outdated: Sequence[Outdated] = field(default=())
    evidence: Sequence[Entry] = field(default=())


def distinct(matches: Sequence[Match]) -> list[Match]:
    """Return one match of each term, its first."""
    if len(matches) < 2:
        return list(matches)
    first: dict[Term, Match] = {}
    for match in matches:
        first.setdefault(match.term, match)
    return list(first.values())


def segment_terms(matches: Sequence[Match]) -> tuple[Term, ...]:
    """Return the distinct terms of a segment, in the order of the source."""
    return tuple(match.term for match in distinct(matches))


def unwaived(matches: Sequence[Match], entry: Entry) -> list[Match]:
    """Return the matches of those terms that no person waived on an entry."""
    if not entry.waivers:
        return list(matches)
    subjects = {key(waiver.subject) for waiver in entry.waivers}
    if "glossary" in subjects:
        return []
    return [match for match in matches if not subjects.intersection(map(key, match.term.surfaces))]


def waiver_subject(matches: Sequence[Match], wanted: str) -> str | None:
    """Return what a person may waive by this name: a check, or the entry of a term of the segment; None if neither.

    Args:
        matches: The terms of the segment.
        wanted: Name of a check, or any spelling of a term.
    """
    if wanted in (*SEGMENT_CHECKS, *CATALOG_CHECKS):
        return wanted
    return next((one.term.source for one in matches if key(wanted) in map(key, one.term.surfaces)), None)


def report(
    path: str,
    po: Path,
    catalog: Catalog,
    matches: Mapping[str, Sequence[Match]],
    *,
    translated: int,
    retranslated: int = 0,
    seconds: float = 0.0,
) -> ArticleReport:
    """Return what a PO file holds now.

    Args:
        path: The article, as PO files show it.
        po: Its PO file.
        catalog: What was written into it.
        matches: The glossary matches of each msgid of the article.
        translated: Entries that this run translated.
        retranslated: Machine translations that it replaced.
        seconds: Wall time of the run.
    """
    live = [entry for entry in catalog if entry.msgid in matches]
    stages, findings, outdated = Counter[str](), [], []
    counts = []
    for entry in live:
        count, found = review_entry(entry, matches[entry.msgid])
        counts.append(count)
        findings += [(entry.line, entry.msgid, finding) for finding in found]
        lacking = outdated_entry(entry, matches[entry.msgid])
        outdated += [lacking] if lacking else []
        if entry.provenance and entry.state in (State.MACHINE, State.APPROVED) and entry.provenance.stage:
            stages[entry.provenance.stage] += 1
    done = sum(1 for entry in live if entry.msgstr)
    return ArticleReport(
        path,
        str(po),
        len(live),
        translated,
        done - translated,
        TermCount.total(counts),
        dict(stages),
        findings,
        seconds,
        retranslated,
        outdated,
        [entry for entry in live if entry.provenance],
    )


def review_entry(entry: Entry, matches: Sequence[Match]) -> tuple[TermCount, list[Finding]]:
    """Return the term count and the findings of one entry; what a person waived is counted apart and not found."""
    waivers = {waiver.subject for waiver in entry.waivers}
    if not matches:
        return TermCount(), run_checks(entry.msgid, entry.msgstr, (), skip=waivers)
    counted = unwaived(matches, entry)
    terms = segment_terms(counted)
    required = [term for term in terms if term.mode is not Mode.SOFT]
    all_required = required_terms(matches) if entry.waivers else required
    english = bare(entry.msgstr)
    mentions = Counter(match.term for match in counted)
    found = {term: len(occurrences(term, english)) for term in required}
    count = TermCount(
        matched=len(all_required),
        satisfied=sum(term.is_blocker or found[term] > 0 for term in required),
        waived=len(all_required) - len(required),
        mentions=sum(mentions[term] for term in required),
        repeated=sum(min(mentions[term], found[term]) for term in required),
    )
    dropped = [term for term in segment_terms(matches) if term not in terms] if waivers else []
    return count, run_checks(entry.msgid, entry.msgstr, terms, skip=waivers, waived=dropped)


def outdated_entry(entry: Entry, matches: Sequence[Match]) -> Outdated | None:
    """Tell how the English of an approved or edited entry differs from what the glossary demands now, if it does.

    A soft term counts only if the glossary changed since the machine's proposal: before, the person decided on it.
    An entry whose English holds all terms is never outdated, whatever its provenance says: nobody has to look at it.
    """
    if entry.state not in (State.APPROVED, State.EDITED):
        return None
    terms = segment_terms(unwaived(matches, entry))
    english = bare(entry.msgstr)
    changed = entry.provenance is not None and entry.provenance.terms != terms_hash(terms)
    lacking = tuple(
        term
        for term in terms
        if ((changed or term.mode is not Mode.SOFT) and not satisfied(term, english))
        or forbidden_in(term, english, others=terms)
    )
    return Outdated(entry.line, entry.msgid, entry.state, lacking, changed) if lacking else None
