"""From an article to its PO file: the only place that knows the order of the steps.

read → match terms → merge with the PO → translate what is pending → journal → propose → write. Whatever can be wrong
with the input is found before anything is written, and the engine is opened only if something is pending, so that a
run with nothing to do never loads a model.
"""

from __future__ import annotations

import hashlib
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock

from translate.catalog import Catalog, Entry, State, merge, po_path
from translate.checks import Finding, run_checks
from translate.document import Document
from translate.enforcement import SegmentResult, required_terms, translate_segments
from translate.engines.base import Engine, Progress
from translate.errors import EngineError, InputError, YakubunError
from translate.formats import reader_for
from translate.formats.boilerplate import Boilerplate
from translate.glossary import Glossary, Mode, Term, satisfied, terms_hash
from translate.matching import Match, find_terms
from translate.proposals import Journal, Proposal
from translate.provenance import Provenance, text_sha
from translate.resources import cache_dir

CHUNK = 24
"""Segments that go to the engine at once: what a killed run can lose at most."""

OpenEngine = Callable[[], Engine]


@dataclass(frozen=True)
class Settings:
    """What the translation of every article of a run shares.

    Attributes:
        glossary: The terms to enforce.
        locales: Folder of the PO files.
        root: Folder that article paths in PO files are relative to.
        boilerplate: Patterns of lines to leave out; None for the shipped ones.
        keep_boilerplate: Whether those lines are translated after all.
        retranslate: Whether machine translations that nobody touched are made anew.
        engine: The engine's specification, to recognise in the journal what it gave up on.
    """

    glossary: Glossary
    locales: Path
    root: Path
    boilerplate: Boilerplate | None = None
    keep_boilerplate: bool = False
    retranslate: bool = False
    engine: str = "embedded"


@dataclass(frozen=True)
class Plan:
    """One article, read and merged: what would be done, before anything is.

    Attributes:
        document: The article.
        po: Its PO file.
        catalog: The merged catalog, not yet written.
        matches: Glossary matches of each msgid.
        pending: The msgids that a machine may and should translate, in reading order.
        changed: Whether writing the catalog as it stands would change the file.
    """

    document: Document
    po: Path
    catalog: Catalog
    matches: Mapping[str, Sequence[Match]]
    pending: tuple[str, ...]
    changed: bool

    @property
    def journal(self) -> Path:
        """Where the proposals for this article are kept."""
        return self.po.parent.parent / "proposals" / f"{self.po.stem}.jsonl"


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


def article_name(path: Path, root: Path) -> str:
    """Return an article's path as PO files show it: relative to ``root``, with forward slashes."""
    return Path(os.path.relpath(path, root)).as_posix()


def read_article(path: Path, settings: Settings) -> Document:
    """Read an article through its format.

    Raises:
        InputError: There is no such file, it is a folder, no format reads it, or its bytes make no article.
    """
    reader = reader_for(str(path)) if not path.is_dir() else None
    if reader is None:
        raise InputError(f"{path}: is a folder; name the article files in it, for example {path}/*.txt")
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    name = article_name(path, settings.root)
    return reader.read(data, name, protected=protected_names(settings.glossary), boilerplate=settings.boilerplate)


def protected_names(glossary: Glossary) -> list[str]:
    """Return the names that segmentation must not split: every surface but the blockers'."""
    return [surface for term in glossary if not term.is_blocker for surface in term.surfaces]


def plan_article(path: Path, settings: Settings) -> Plan:
    """Read an article and merge it with its PO file, in memory."""
    document = read_article(path, settings)
    po = po_path(settings.locales, document.path)
    existing = Catalog.read(po) if po.exists() else None
    texts = dict.fromkeys(segment.plain for _, segment in document.segments(boilerplate=settings.keep_boilerplate))
    if not texts:
        raise InputError(
            f"{path}: holds nothing to translate; everything in it is boilerplate or blank (--keep-boilerplate?)"
        )
    matches = {text: find_terms(text, settings.glossary) for text in texts}
    extracted = {
        text: [f"term: {match.surface} → {match.term.target}" for match in _distinct(found)]
        for text, found in matches.items()
    }
    merged = merge(document, existing, extracted, keep_boilerplate=settings.keep_boilerplate)
    plan = Plan(document, po, merged, matches, (), existing is None or merged.to_bytes() != po.read_bytes())
    given_up = _given_up(plan, settings.engine) if not settings.retranslate else set()
    pending = tuple(
        entry.msgid
        for entry in merged
        if entry.msgid in matches and _is_pending(entry, matches, settings) and entry.msgid not in given_up
    )
    return replace(plan, pending=pending)


def _distinct(matches: Sequence[Match]) -> list[Match]:
    return list({match.term: match for match in reversed(matches)}.values())[::-1]


def segment_terms(matches: Sequence[Match]) -> tuple[Term, ...]:
    """Return the distinct terms of a segment, in the order of the source."""
    return tuple(match.term for match in _distinct(matches))


def _is_pending(entry: Entry, matches: Mapping[str, Sequence[Match]], settings: Settings) -> bool:
    if entry.state is State.UNTRANSLATED:
        return True
    if entry.state is not State.MACHINE or entry.provenance is None:
        return False
    return settings.retranslate or entry.provenance.terms != terms_hash(segment_terms(matches[entry.msgid]))


def _given_up(plan: Plan, engine: str) -> set[str]:
    """Return the msgids for which this engine found nothing fit to show, with the terms they have now."""
    empty = {
        (one.msgid, one.terms)
        for one in Journal(plan.journal)
        if not one.english and one.engine.partition("@")[0] == engine
    }
    return {text for text, found in plan.matches.items() if empty and (text, terms_hash(segment_terms(found))) in empty}


def translate_article(path: Path, settings: Settings, open_engine: OpenEngine, progress: Progress) -> ArticleReport:
    """Translate what is pending in an article and write its PO file.

    An interruption (``KeyboardInterrupt`` or any error) keeps every finished segment: they are in the journal as soon
    as their chunk is done, and the PO file is written with them on the way out.

    Raises:
        InputError, CatalogError, EngineError: With the PO file as it was or with finished segments added.
    """
    started = time.monotonic()
    with _lock(plan_article(path, settings).po):
        plan = plan_article(path, settings)  # another run may have written since
        translated = 0
        try:
            if plan.pending:
                for proposal, notes, new in _proposals(plan, open_engine(), progress):
                    _propose(plan.catalog, proposal, notes)
                    translated += new and bool(proposal.english)
        finally:
            plan.catalog.write(plan.po)
    return report(plan, Catalog.read(plan.po), translated, time.monotonic() - started)


def _lock(po: Path) -> FileLock:
    folder = cache_dir() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{hashlib.sha256(str(po.resolve()).encode()).hexdigest()[:24]}.lock", timeout=600)


def _proposals(plan: Plan, engine: Engine, progress: Progress) -> Iterator[tuple[Proposal, tuple[str, ...], bool]]:
    """Yield a proposal, notes for people and whether it is new, for each pending msgid; journal new ones first."""
    journal = Journal(plan.journal).load()
    name = f"{engine.name}@{engine.revision}"
    todo = []
    for text in plan.pending:
        known = journal.lookup(text, name, terms_hash(segment_terms(plan.matches[text])))
        if known is not None:
            yield known, (), False
        else:
            todo.append(text)
    # Texts of one length decode together, so neighbours in a chunk should be alike.
    todo.sort(key=len, reverse=True)
    for at in range(0, len(todo), CHUNK):
        progress(f"Translating {plan.document.path}", at, len(todo))
        chunk = todo[at : at + CHUNK]
        try:
            results = translate_segments(chunk, [plan.matches[text] for text in chunk], engine)
        except YakubunError:
            raise
        except Exception as error:  # an engine is somebody else's code: whatever it raises must not lose what is done
            raise EngineError(
                f"{name} failed with {type(error).__name__}: {error}; {at} of {len(todo)} segments are done and kept, "
                "run again to go on, or try another --engine"
            ) from error
        proposals = [_proposal(result, name, segment_terms(plan.matches[result.source])) for result in results]
        journal.append(proposals)
        for proposal, result in zip(proposals, results, strict=True):
            yield proposal, _notes(result), True
    progress(f"Translating {plan.document.path}", len(todo), len(todo))


def _proposal(result: SegmentResult, engine: str, terms: tuple[Term, ...]) -> Proposal:
    return Proposal(
        msgid=result.source,
        english=result.english,
        engine=engine,
        terms=terms_hash(terms),
        stage=str(result.stage),
        matched=len(result.required),
        satisfied=len(result.required) - len(result.missing),
        score=round(result.score, 4) if math.isfinite(result.score) else None,
        findings=tuple(f"{finding.check}: {finding.message}" for finding in result.findings),
    )


def _notes(result: SegmentResult) -> tuple[str, ...]:
    """Return what a translator should read in the PO file about how this translation came about."""
    missing = tuple(
        f"missing term: {term.source} → {term.target} (not placed by any of {len(result.candidates)} candidates)"
        for term in result.missing
    )
    return missing + tuple(f"{one.check}: {one.message}" for one in result.findings if one.check != "glossary")


def _propose(catalog: Catalog, proposal: Proposal, notes: tuple[str, ...]) -> None:
    if not proposal.english:
        catalog.withdraw(proposal.msgid, notes or proposal.findings)
        return
    score = () if proposal.score is None else (("score", f"{proposal.score:.2f}"),)
    provenance = Provenance(
        proposal.engine,
        proposal.matched,
        proposal.satisfied,
        proposal.terms,
        text_sha(proposal.english),
        proposal.stage,
        score,
    )
    catalog.propose(proposal.msgid, proposal.english, provenance, notes or proposal.findings)


def report(plan: Plan, saved: Catalog, translated: int, seconds: float) -> ArticleReport:
    """Return what the PO file holds, counted on the file as saved."""
    live = [entry for entry in saved if entry.msgid in plan.matches]
    terms, stages, findings = TermCount(), Counter[str](), []
    for entry in live:
        count, found = review_entry(entry, plan.matches[entry.msgid])
        terms += count
        findings += [(entry.line, entry.msgid, finding) for finding in found]
        if entry.provenance and entry.state in (State.MACHINE, State.APPROVED) and entry.provenance.stage:
            stages[entry.provenance.stage] += 1
    done = sum(1 for entry in live if entry.msgstr)
    return ArticleReport(
        plan.document.path,
        str(plan.po),
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
    terms = [term for term in segment_terms(matches) if not waived.intersection(term.surfaces)]
    required = [term for term in terms if term.mode is not Mode.SOFT]
    all_required = required_terms(matches)
    held = sum(satisfied(term, entry.msgstr) for term in required)
    return (
        TermCount(len(all_required), held, len(all_required) - len(required)),
        run_checks(entry.msgid, entry.msgstr, terms, skip=waived),
    )
