"""Proposals for what is pending in an article: from the memory, from the journal of an earlier run, from the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from translate import markup
from translate._planning import Plan, Settings
from translate.catalog import Catalog
from translate.enforcement import SegmentResult, required_terms, translate_segments
from translate.engines.base import Engine, Progress
from translate.errors import EngineError
from translate.glossary import Term, satisfied, terms_hash
from translate.matching import Match
from translate.memory import STAGE, Memory, MemoryHit, near_notes, suggest
from translate.proposals import Journal, Proposal
from translate.provenance import Provenance, text_sha
from translate.reporting import segment_terms

CHUNK = 24
"""Segments that go to the engine at once: what a killed run can lose at most."""

OpenEngine = Callable[[], Engine]


@dataclass(frozen=True)
class Offer:
    """A proposal on its way into the catalog.

    Attributes:
        proposal: What is proposed.
        new: Whether this run made it, rather than one before.
        trusted: Whether it may count as approved: an approved translation of the same text, role and terms.
    """

    proposal: Proposal
    new: bool
    trusted: bool = False


def offers(plan: Plan, settings: Settings, open_engine: OpenEngine, progress: Progress) -> Iterator[Offer]:
    """Yield an offer for each pending msgid; new proposals are in the journal before they are yielded."""
    journal = Journal(plan.journal).load()
    memory = settings.memory() if settings.memory else None
    todo, notes = [], {}
    for text in plan.pending:
        hit = _exact(memory, plan, text) if memory else None
        if hit and _is_reusable(hit, plan, text):
            proposal = _remembered(hit, text, plan)
            journal.append([proposal])
            yield Offer(proposal, new=True, trusted=settings.trust_memory and hit.trusted)
        else:
            todo.append(text)
            near = near_notes(memory, text, similarity=settings.similarity) if memory else ()
            notes[text] = ((hit.note, *hit.notes) if hit else ()) + near
    if todo:
        yield from _translated(plan, todo, notes, journal, open_engine(), progress, afresh=settings.retranslate)


def put(catalog: Catalog, proposal: Proposal) -> None:
    """Write a proposal into the catalog: all that a PO file shows is in it, so that a resumed run writes the same."""
    if not proposal.english:
        catalog.withdraw(proposal.msgid, proposal.findings)
        return
    evidence = {
        # Tools such as msgmerge move a translation to another msgid; then it is nobody's translation of that.
        "src": text_sha(proposal.msgid),
        "score": None if proposal.score is None else f"{proposal.score:.2f}",
        "conf": None if proposal.confidence is None else f"{proposal.confidence:.2f}",
        "tried": str(proposal.tried) if proposal.tried > 1 else None,
    }
    provenance = Provenance(
        proposal.engine,
        proposal.matched,
        proposal.satisfied,
        proposal.terms,
        text_sha(proposal.english),
        proposal.stage,
        tuple((name, value) for name, value in evidence.items() if value is not None),
    )
    catalog.propose(proposal.msgid, proposal.english, provenance, proposal.findings)


def _exact(memory: Memory, plan: Plan, text: str) -> MemoryHit | None:
    entry = plan.catalog.entry(text)
    return suggest(memory, text, role=entry.role if entry else "", terms=plan.terms(text))


def _is_reusable(hit: MemoryHit, plan: Plan, text: str) -> bool:
    """Tell whether a hit holds every term and tag; one that does not is for the translator to read only."""
    english = markup.bare(hit.english)
    held = all(satisfied(term, english) for term in required_terms(plan.enforced[text]))
    return held and not markup.problems(text, hit.english)


def _remembered(hit: MemoryHit, text: str, plan: Plan) -> Proposal:
    required = len(required_terms(plan.enforced[text]))
    return Proposal(
        msgid=text,
        english=hit.english,
        engine=hit.engine,
        terms=plan.terms(text),
        stage=STAGE,
        matched=required,
        satisfied=required,
        findings=hit.notes,
    )


def _translated(
    plan: Plan,
    pending: Sequence[str],
    notes: dict[str, tuple[str, ...]],
    journal: Journal,
    engine: Engine,
    progress: Progress,
    *,
    afresh: bool,
) -> Iterator[Offer]:
    name = f"{engine.name}@{engine.revision}"
    todo = []
    for text in pending:
        known = journal.lookup(text, name, plan.terms(text))
        if known is not None and not afresh:
            yield Offer(known, new=False)
        else:
            todo.append(text)
    # Texts of one length decode together, so neighbours in a chunk should be alike.
    todo.sort(key=len, reverse=True)
    for at in range(0, len(todo), CHUNK):
        progress(f"Translating {plan.document.path}", at, len(todo))
        chunk = todo[at : at + CHUNK]
        try:
            results = _results(chunk, [plan.enforced[text] for text in chunk], engine)
        except EngineError as error:
            raise EngineError(f"{error}; {at} of {len(todo)} segments are done and kept, run again to go on") from error
        proposals = [
            _proposal(text, result, name, segment_terms(plan.enforced[text]), (*problems, *notes[text]))
            for text, (result, problems) in zip(chunk, results, strict=True)
        ]
        journal.append(proposals)
        for proposal in proposals:
            yield Offer(proposal, new=True)
    progress(f"Translating {plan.document.path}", len(todo), len(todo))


def _results(
    chunk: Sequence[str], matches: Sequence[Sequence[Match]], engine: Engine
) -> list[tuple[SegmentResult, Sequence[str]]]:
    """Translate msgids without their tags, put the tags in, and say where their places are guesses."""
    plain = [markup.strip(text) for text in chunk]
    results = translate_segments([one.text for one in plain], matches, engine)

    def pieces(texts: Sequence[str]) -> list[str]:
        return [one.english for one in translate_segments(texts, [()] * len(texts), engine)]

    placed = markup.place_all(plain, [one.english for one in results], matches, pieces)
    return [
        (replace(result, english=one.text if result.english else ""), one.problems if result.english else ())
        for result, one in zip(results, placed, strict=True)
    ]


def _proposal(
    msgid: str, result: SegmentResult, engine: str, terms: tuple[Term, ...], notes: tuple[str, ...]
) -> Proposal:
    return Proposal(
        msgid=msgid,
        english=result.english,
        engine=engine,
        terms=terms_hash(terms),
        stage=str(result.stage),
        matched=len(result.required),
        satisfied=len(result.required) - len(result.missing),
        score=round(result.score, 4) if math.isfinite(result.score) else None,
        findings=(*_findings(result), *notes),
        tried=len(result.candidates),
        confidence=None if result.confidence is None else round(result.confidence, 3),
    )


def _findings(result: SegmentResult) -> tuple[str, ...]:
    """Return what a translator should read in the PO file about how this translation came about."""
    missing = tuple(
        f"missing term: {term.source} → {term.target} (not placed by any of {len(result.candidates)} candidates)"
        for term in result.missing
    )
    told = {"glossary"} if missing else set()
    return missing + tuple(f"{one.check}: {one.message}" for one in result.findings if one.check not in told)
