"""Proposals for what is pending in an article: from the memory, from the journal of an earlier run, from an engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from translate import markup
from translate._planning import Plan, Settings
from translate.catalog import Catalog
from translate.enforcement import SegmentResult, required_terms, translate_segments
from translate.engines.base import Context, Engine
from translate.glossary import Term, satisfied, terms_hash
from translate.matching import Match
from translate.memory import STAGE, Memory, MemoryHit, near_notes, suggest
from translate.proposals import Proposal
from translate.provenance import Provenance, text_sha
from translate.reporting import segment_terms

CHUNK = 24
"""Segments that go to the engine at once: what a killed run can lose at most."""

OpenEngine = Callable[[], Engine]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Segments that go to an engine at once, with all that their translation depends on, wherever the engine runs.

    Attributes:
        texts: Different msgids of one article.
        matches: The glossary matches of each that no person waived.
        contexts: The neighbours of each in the article, for engines that read them.
    """

    texts: tuple[str, ...]
    matches: tuple[tuple[Match, ...], ...]
    contexts: tuple[Context, ...]

    def singles(self) -> list[Chunk]:
        """Return a chunk for each segment; a result does not depend on what else is in its chunk."""
        rows = zip(self.texts, self.matches, self.contexts, strict=True)
        return [Chunk((text,), (found,), (context,)) for text, found, context in rows]


def chunks(
    texts: Sequence[str], matches: Mapping[str, Sequence[Match]], contexts: Mapping[str, Context]
) -> list[Chunk]:
    """Divide msgids into chunks; texts of one length decode together, so neighbours in a chunk should be alike."""
    ordered = sorted(texts, key=len, reverse=True)
    groups = [tuple(ordered[at : at + CHUNK]) for at in range(0, len(ordered), CHUNK)]
    return [
        Chunk(group, tuple(tuple(matches[text]) for text in group), tuple(contexts[text] for text in group))
        for group in groups
    ]


def identity(engine: Engine) -> str:
    """Return the engine as journals and PO files name it."""
    return f"{engine.name}@{engine.revision}"


def translate_chunk(chunk: Chunk, engine: Engine) -> list[Proposal]:
    """Have an engine translate a chunk; nothing is read or written.

    Raises:
        EngineError: The engine failed.
    """
    name = identity(engine)
    return [
        _proposal(text, result, name, segment_terms(found), problems)
        for text, found, (result, problems) in zip(chunk.texts, chunk.matches, _results(chunk, engine), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the memory knows of a segment.

    Attributes:
        proposal: An approved translation that can be proposed as it is, if there is one.
        trusted: Whether it may count as approved: an approved translation of the same text, role and terms.
        notes: What a translator should read beside another translation.
    """

    proposal: Proposal | None = None
    trusted: bool = False
    notes: tuple[str, ...] = ()


def recall(memory: Memory, text: str, plan: Plan, settings: Settings) -> Recalled:
    """Ask the memory for one pending msgid."""
    hit = _exact(memory, plan, text)
    if hit and _is_reusable(hit, plan, text):
        return Recalled(_remembered(hit, text, plan), trusted=settings.trust_memory and hit.trusted)
    near = near_notes(memory, text, similarity=settings.similarity)
    return Recalled(notes=((hit.note, *hit.notes) if hit else ()) + near)


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


def _results(chunk: Chunk, engine: Engine) -> list[tuple[SegmentResult, Sequence[str]]]:
    """Translate msgids without their tags, put the tags in, and say where their places are guesses."""
    plain = [markup.strip(text) for text in chunk.texts]
    results = translate_segments([one.text for one in plain], chunk.matches, engine, contexts=chunk.contexts)

    def pieces(texts: Sequence[str]) -> list[str]:
        return [one.english for one in translate_segments(texts, [()] * len(texts), engine)]

    placed = markup.place_all(plain, [one.english for one in results], chunk.matches, pieces)
    return [
        (result if one.text == result.english else replace(result, english=one.text), one.problems)
        if result.english
        else (result, ())
        for result, one in zip(results, placed, strict=True)
    ]


def _proposal(
    msgid: str, result: SegmentResult, engine: str, terms: tuple[Term, ...], problems: Sequence[str]
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
        findings=(*_findings(result), *problems),
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
