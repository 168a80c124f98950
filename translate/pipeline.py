"""From an article to its PO file: the only place that knows the order of the steps.

read → match terms → merge with the PO → translate what is pending → journal → propose → write. Whatever can be wrong
with the input is found before anything is written, and the engine is opened only if something is pending, so that a
run with nothing to do never loads a model.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from translate.catalog import Catalog, Entry, State, merge, po_path
from translate.document import Document
from translate.enforcement import SegmentResult, translate_segments
from translate.engines.base import Engine, Progress
from translate.errors import EngineError, InputError
from translate.formats import reader_for
from translate.formats.boilerplate import Boilerplate
from translate.glossary import Glossary, Term, terms_hash
from translate.matching import Match, find_terms
from translate.proposals import Journal, Proposal
from translate.provenance import Provenance, text_sha
from translate.reporting import ArticleReport, distinct, report, segment_terms
from translate.resources import lock_for

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
        text: [f"term: {match.surface} → {match.term.target}" for match in distinct(found)]
        for text, found in matches.items()
    }
    merged = merge(document, existing, extracted, keep_boilerplate=settings.keep_boilerplate)
    plan = Plan(document, po, merged, matches, (), changed=True)
    pending = [entry.msgid for entry in merged if entry.msgid in matches and _is_pending(entry, matches, settings)]
    given_up = _given_up(plan, settings.engine) if pending and not settings.retranslate else {}
    for text in pending:
        if text in given_up:  # the PO file may be older than the journal, if that run was killed
            _propose(merged, given_up[text])
    changed = existing is None or merged.to_bytes() != po.read_bytes()
    return replace(plan, pending=tuple(text for text in pending if text not in given_up), changed=changed)


def _is_pending(entry: Entry, matches: Mapping[str, Sequence[Match]], settings: Settings) -> bool:
    if entry.state is State.UNTRANSLATED:
        return True
    if entry.state is not State.MACHINE or entry.provenance is None:
        return False
    return settings.retranslate or entry.provenance.terms != terms_hash(segment_terms(matches[entry.msgid]))


def _given_up(plan: Plan, engine: str) -> dict[str, Proposal]:
    """Return the segments for which this engine last found nothing fit to show, with the terms they have now."""
    hashes = {text: terms_hash(segment_terms(found)) for text, found in plan.matches.items()}
    latest = {
        one.msgid: one
        for one in Journal(plan.journal)
        if one.terms == hashes.get(one.msgid) and _is_engine(one.engine.rpartition("@")[0], engine)
    }
    return {text: one for text, one in latest.items() if not one.english}


def _is_engine(name: str, spec: str) -> bool:
    """Tell whether an engine's name is that of a specification, whose argument may be a longer path."""
    (family, _, argument), (wanted, _, path) = name.partition(":"), spec.partition(":")
    return (family, PurePath(argument).name) == (wanted, PurePath(path).name)


def translate_article(path: Path, settings: Settings, open_engine: OpenEngine, progress: Progress) -> ArticleReport:
    """Translate what is pending in an article and write its PO file.

    An interruption (``KeyboardInterrupt`` or any error) keeps every finished segment: they are in the journal as soon
    as their chunk is done, and the PO file is written with them on the way out.

    Raises:
        InputError, CatalogError, EngineError: With the PO file as it was or with finished segments added.
    """
    started = time.monotonic()
    with lock_for(plan_article(path, settings).po, timeout=600):
        plan = plan_article(path, settings)  # another run may have written since
        translated = finished = 0
        try:
            if plan.pending:
                for proposal, new in _proposals(plan, open_engine(), progress, afresh=settings.retranslate):
                    _propose(plan.catalog, proposal)
                    finished += 1
                    translated += new and bool(proposal.english)
        except BaseException:
            if finished:  # a run that achieved nothing leaves nothing behind
                plan.catalog.write(plan.po)
            raise
        plan.catalog.write(plan.po)
    return report(
        plan.document.path,
        plan.po,
        plan.matches,
        translated=translated,
        seconds=time.monotonic() - started,
    )


def _proposals(plan: Plan, engine: Engine, progress: Progress, *, afresh: bool) -> Iterator[tuple[Proposal, bool]]:
    """Yield a proposal and whether it is new, for each pending msgid; journal new ones first."""
    journal = Journal(plan.journal).load()
    name = f"{engine.name}@{engine.revision}"
    todo = []
    for text in plan.pending:
        known = journal.lookup(text, name, terms_hash(segment_terms(plan.matches[text])))
        if known is not None and not afresh:
            yield known, False
        else:
            todo.append(text)
    # Texts of one length decode together, so neighbours in a chunk should be alike.
    todo.sort(key=len, reverse=True)
    for at in range(0, len(todo), CHUNK):
        progress(f"Translating {plan.document.path}", at, len(todo))
        chunk = todo[at : at + CHUNK]
        try:
            results = translate_segments(chunk, [plan.matches[text] for text in chunk], engine)
        except EngineError as error:
            raise EngineError(f"{error}; {at} of {len(todo)} segments are done and kept, run again to go on") from error
        proposals = [_proposal(result, name, segment_terms(plan.matches[result.source])) for result in results]
        journal.append(proposals)
        for proposal in proposals:
            yield proposal, True
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
        findings=_notes(result),
    )


def _notes(result: SegmentResult) -> tuple[str, ...]:
    """Return what a translator should read in the PO file about how this translation came about."""
    missing = tuple(
        f"missing term: {term.source} → {term.target} (not placed by any of {len(result.candidates)} candidates)"
        for term in result.missing
    )
    told = {"glossary"} if missing else set()
    return missing + tuple(f"{one.check}: {one.message}" for one in result.findings if one.check not in told)


def _propose(catalog: Catalog, proposal: Proposal) -> None:
    """Write a proposal into the catalog: all that a PO file shows is in it, so that a resumed run writes the same."""
    if not proposal.english:
        catalog.withdraw(proposal.msgid, proposal.findings)
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
    catalog.propose(proposal.msgid, proposal.english, provenance, proposal.findings)
