"""The candidate generators of glossary enforcement: each adds candidates to the segments it is given.

A generator is a function ``(jobs, engine)``; the order in which they run is ``enforcement``'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from translate.candidates import Job, Stage
from translate.engines.base import Engine, Hypothesis, Mark, MarkedText
from translate.english import capitalize, repair
from translate.glossary import Kind, Mode, Term, occurrences, satisfied
from translate.matching import Match

WIDE = 8
"""Hypotheses of the wider search."""

_SCORED_CUTS, _DECODED_CUTS = 16, 3
_ABBREVIATION = re.compile(r"\b[ap]\.m\.\Z")
_OPENER = re.compile(r"(?:The|An?|In|On|At|It|He|She|They|We|This|That|But|And|However|After|When|As|There|With)\b")


def marked(jobs: Sequence[Job], engine: Engine) -> None:
    """Translate with the terms marked; its further hypotheses are the ``nbest`` stage."""
    marked = engine.supports_marks
    texts = [MarkedText(job.source, _marks(job.matches) if marked else (), job.context) for job in jobs]
    for job, text, hypotheses in zip(jobs, texts, engine.translate(texts, num_hypotheses=engine.width), strict=True):
        first = Stage.MARKED if text.marks else Stage.PLAIN
        job.agreement = hypotheses[0].agreement
        for rank, hypothesis in enumerate(hypotheses):
            if rank and job.best.fine:
                break  # a further hypothesis is only asked for what the first one lacks
            job.add(hypothesis.text, Stage.NBEST if rank else first, hypothesis.score, finished=hypothesis.finished)


def _marks(matches: Sequence[Match]) -> tuple[Mark, ...]:
    """Mark the first occurrence of each term: a mark asks for the term once, a second one would ask twice.

    A soft number is not marked: its form depends on the sentence (12日 is the 12th or twelve days), and a mark would
    decide for one.
    """
    first = {
        match.term: match
        for match in reversed(matches)
        if match.term.kind is not Kind.NUMBER or match.term.mode is not Mode.SOFT
    }
    return tuple(
        Mark(match.start, match.end, match.term.target) for match in sorted(first.values(), key=lambda one: one.start)
    )


def switched(jobs: Sequence[Job], engine: Engine) -> None:
    """Put the English terms into the Japanese source (code switching, Song et al. 2019, arXiv:1904.09107)."""
    jobs = [job for job in jobs if job.best.missing]
    texts = []
    for job in jobs:
        missing, text = job.best.missing, job.source
        for match in reversed(job.matches):
            if match.term in missing:
                text = f"{text[: match.start]} {match.term.target} {text[match.end :]}"
        texts.append(MarkedText(text, context=job.context, again=True))
    _collect(jobs, Stage.SWITCHED, engine, texts)


def prefixed(jobs: Sequence[Job], engine: Engine) -> None:
    """Decode again from the best draft's start plus a missing term, round by round.

    Where the term fits is asked of the model first: reading ``y[:p] + term + y[p:]`` for every cut ``p`` costs a
    fraction of decoding from it, so that only the best cuts are decoded. A further round cuts behind what was forced
    before: a placed term stays, each round places one more, and after as many rounds as there are terms all stand.
    """
    if not engine.supports_prefix:
        return
    drafts = [_Draft(job, job.best.text, 0, job.best.missing) for job in jobs if job.best.missing]
    for _ in range(max((len(draft.job.required) for draft in drafts), default=0)):
        asked = [(draft, cut) for draft in drafts for cut in draft.cuts()]
        scores = engine.score([draft.job.source for draft, _ in asked], [draft.inserted(cut) for draft, cut in asked])
        ranked = sorted(zip(scores, asked, strict=True), key=lambda one: (-one[0], one[1][1]))
        drafts = _continued_drafts(
            [(one, [cut for _, (draft, cut) in ranked if draft is one]) for one in drafts], engine
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A text on the way to hold all terms; what stands before ``floor`` is settled."""

    job: Job
    text: str
    floor: int
    missing: tuple[Term, ...]

    def cuts(self) -> list[int]:
        """Return the places where the next term could stand, evenly thinned out in a long draft."""
        ends = (match.end() for match in re.finditer(r"\s+|$", self.text))
        cuts = ([] if self.floor else [0]) + [end for end in ends if end > self.floor]
        cuts = cuts or [len(self.text)]
        if len(cuts) <= _SCORED_CUTS:
            return cuts
        return sorted({cuts[round(index * (len(cuts) - 1) / (_SCORED_CUTS - 1))] for index in range(_SCORED_CUTS)})

    def prefix(self, cut: int) -> str:
        """Return the start to force: the draft up to the cut, and the next term."""
        term = self.missing[0]
        start = self.text[:cut].rstrip()
        if cut == len(self.text) and not _ABBREVIATION.search(start):
            start = start.rstrip(" .!?")
        return f"{start} {term.target}" if start else capitalize(term.target, [term])

    def inserted(self, cut: int) -> str:
        """Return the whole draft with the next term put in at the cut."""
        return f"{self.prefix(cut)} {self.text[cut:]}".strip()


def _continued_drafts(ranked: Sequence[tuple[_Draft, list[int]]], engine: Engine) -> list[_Draft]:
    """Decode from the best cuts of each draft; return the drafts whose segment is still not settled."""
    chosen = [(draft, draft.prefix(cut)) for draft, cuts in ranked for cut in cuts[:_DECODED_CUTS]]
    texts = [
        MarkedText(draft.job.source, _marks(draft.job.matches), draft.job.context, again=True) for draft, _ in chosen
    ]
    outputs = [one[0] for one in engine.translate(texts, prefixes=[prefix for _, prefix in chosen])]
    scores = engine.score([draft.job.source for draft, _ in chosen], [one.text for one in outputs])
    following: dict[int, list[tuple[int, float, _Draft]]] = {}
    for (draft, prefix), output, score in zip(chosen, outputs, scores, strict=True):
        candidate = draft.job.add(output.text, Stage.PREFIX, score or output.score, finished=output.finished)
        after = _Draft(draft.job, output.text, len(prefix), candidate.missing)
        following.setdefault(id(draft.job), []).append((len(candidate.missing), -score, after))
    best = [min(options, key=lambda one: one[:2])[2] for options in following.values()]
    return [draft for draft in best if draft.missing and draft.job.best.missing]


def inserted(jobs: Sequence[Job], engine: Engine) -> None:
    """Write each term that is still missing into the best draft, where the model finds it least surprising.

    Nothing is decoded again, so the term stands there whatever the model would have made of it; the sentence may
    suffer, and a finding says so. A looping draft gets no term: it is left for a person as it is. An engine that cannot
    force a start cannot tell where a term fits either.
    """
    if not engine.supports_prefix:
        return
    drafts = [
        _Draft(job, job.best.text, 0, job.best.missing)
        for job in jobs
        if job.best.missing and "degenerate" not in job.best.flaws
    ]
    while drafts:
        asked = [(draft, cut) for draft in drafts for cut in _outside_terms(draft)]
        scores = engine.score([draft.job.source for draft, _ in asked], [draft.inserted(cut) for draft, cut in asked])
        following = []
        for draft in drafts:
            own = [(score, cut) for score, (owner, cut) in zip(scores, asked, strict=True) if owner is draft]
            score, cut = max(own, key=lambda one: (one[0], -one[1]))
            text = draft.inserted(cut)
            left = tuple(term for term in draft.missing[1:] if not satisfied(term, text))
            if left:
                following.append(_Draft(draft.job, text, 0, left))
            else:
                draft.job.add(text, Stage.INSERTED, score)
        drafts = following


def _outside_terms(draft: _Draft) -> list[int]:
    """Return the cuts of a draft that lie in no term; the ends of the text always do."""
    spans = [span for term in draft.job.required for span in occurrences(term, draft.text)]
    cuts = [cut for cut in draft.cuts() if not any(start < cut < end for start, end in spans)]
    return cuts or [0]


def wider(jobs: Sequence[Job], engine: Engine) -> None:
    """Decode again without marks and with a wider search: another path out of a loop or a flaw.

    A draft that only lacks a term gains nothing from a search that knows nothing of terms.
    """
    jobs = [job for job in jobs if job.best.flaws]
    texts = [MarkedText(job.source, context=job.context, again=True) for job in jobs]
    _collect(jobs, Stage.NBEST, engine, texts, hypotheses=WIDE)


def split(jobs: Sequence[Job], engine: Engine) -> None:
    """Translate the parts between 、 alone and join them; a short part is easier to get right."""
    jobs = [job for job in jobs if _parts(job)]
    pieces = [(job, start, end) for job in jobs for start, end in _parts(job)]
    found = [
        [
            replace(one, start=one.start - start, end=one.end - start)
            for one in job.matches
            if start <= one.start and one.end <= end
        ]
        for job, start, end in pieces
    ]
    texts = [
        MarkedText(job.source[start:end], _marks(inside) if engine.supports_marks else (), job.context, again=True)
        for (job, start, end), inside in zip(pieces, found, strict=True)
    ]
    outputs = engine.translate(texts) if texts else []
    for job in jobs:
        own = [
            (job.source[end - 1], output[0])
            for (owner, _, end), output in zip(pieces, outputs, strict=True)
            if owner is job
        ]
        finished = all(one.finished for _, one in own)
        job.add(_joined(own), Stage.SPLIT, min(one.score for _, one in own), finished=finished)


def _joined(parts: Sequence[tuple[str, Hypothesis]]) -> str:
    """Join translated parts; each comes with the character that ends it in the source."""
    text, joint = "", ""
    for ending, hypothesis in parts:
        part = hypothesis.text.rstrip(" .,;:?!")
        if part:
            text += joint + (_continued(part) if joint == ", " else part)
            joint = ": " if ending in ":：" else "; " if ending in ";；" else ", "
    last = parts[-1][1].text
    return text + last[len(last.rstrip(" .,;:?!")) :].strip()


def _parts(job: Job) -> list[tuple[int, int]]:
    cuts = [match.end() for match in re.finditer("[、，,;；：:]", job.source)]
    cuts = [cut for cut in cuts if not any(one.start < cut < one.end for one in job.matches) and cut < len(job.source)]
    edges = [0, *cuts, len(job.source)]
    return list(pairwise(edges)) if cuts else []


def _continued(part: str) -> str:
    """Lower the capital that a part has only because it was translated alone."""
    return part[:1].lower() + part[1:] if _OPENER.match(part) else part


def _collect(
    jobs: Sequence[Job],
    stage: Stage,
    engine: Engine,
    texts: Sequence[MarkedText],
    hypotheses: int = 1,
) -> None:
    """Translate, then score each new text against the plain source, so that stages can be compared."""
    if not jobs:
        return
    outputs: list[list[Hypothesis]] = engine.translate(texts, num_hypotheses=hypotheses)
    flat = [(job, hypothesis) for job, output in zip(jobs, outputs, strict=True) for hypothesis in output]
    known = {id(job): {one.text for one in job.tried} for job in jobs}
    fresh = [(job, one) for job, one in flat if repair(one.text, job.terms) not in known[id(job)]]
    scores = engine.score([job.source for job, _ in fresh], [one.text for _, one in fresh])
    for (job, hypothesis), score in zip(fresh, scores, strict=True):
        job.add(hypothesis.text, stage, score or hypothesis.score, finished=hypothesis.finished)
