"""A segment as the desk shows it: both texts cut at their terms and tags, who stands behind it, what is wrong."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from translate.catalog import NOTE_PREFIX, WAS_PREFIX, Entry, State
from translate.checks import Finding
from translate.glossary import Kind, Term, occurrences
from translate.interchange.exchanged import unit_key
from translate.marking import cut, fate
from translate.markup import bare, tags
from translate.matching import Match
from translate.memory import difference
from translate.provenance import Provenance
from translate.reading import noted, role_of
from translate.reporting import distinct, review_entry, segment_terms, unwaived
from translate.review.model import Former, Origin, Piece, Row, Step, TermUse
from translate.status import confidence

FORMS = 3
"""Forms of a number that are shown; it has dozens."""


def version_of(entry: Entry) -> str:
    """Return what an action hands back to say what the person saw: text, state and comments, each apart.

    >>> version_of(Entry("橋", "Bridge", State.APPROVED)).split("-")[1]
    'approved'
    """
    comments = "\0".join((*entry.notes, entry.provenance.render() if entry.provenance else ""))
    return f"{_short_hash(entry.msgstr)}-{entry.state}-{_short_hash(comments)}"


def is_text_of(version: str, english: str) -> bool:
    """Tell whether the English is the one that a version stands for."""
    return version.partition("-")[0] == _short_hash(english)


def row_of(entry: Entry, number: int, matches: Sequence[Match]) -> Row:
    """Return the row of an entry, with the findings that concern it alone.

    Args:
        entry: The PO entry.
        number: Its place in the PO file.
        matches: The terms in its Japanese without tags.
    """
    found = distinct(matches)
    places = {match.term: index for index, match in enumerate(found)}
    asked = set(segment_terms(unwaived(matches, entry)))
    english = bare(entry.msgstr)
    held = [(span, places[term]) for term in places for span in occurrences(term, english)]
    plural = "the entry has plural forms; edit it in a PO editor" if entry.plural else ""
    return Row(
        id=unit_key(entry.msgid),
        version=version_of(entry),
        number=number,
        repeat=0,
        role=role_of(entry),
        section=noted(entry, "section").partition(" ")[0],
        state=entry.state,
        japanese=entry.msgid,
        english=entry.msgstr,
        source=pieces(entry.msgid, [((match.start, match.end), places[match.term]) for match in matches]),
        target=pieces(entry.msgstr, held),
        terms=tuple(_use(match, fate(match.term, english, waived=match.term not in asked)) for match in found),
        findings=findings_of(entry, matches),
        waivers=entry.waivers,
        confidence=confidence(entry),
        provenance=_origin(entry.provenance, entry.state) if entry.provenance else None,
        notes=tuple(note for note in entry.notes if note.strip() and not note.startswith(NOTE_PREFIX.strip())),
        remarks=tuple(
            note.removeprefix(NOTE_PREFIX)
            for note in entry.notes
            if note.startswith(NOTE_PREFIX) and not note.startswith(WAS_PREFIX)
        ),
        former=_former(entry),
        locked=plural,
    )


def findings_of(entry: Entry, matches: Sequence[Match]) -> tuple[Finding, ...]:
    """Return what the segment checks find; nothing where nothing is translated."""
    return tuple(review_entry(entry, matches)[1]) if entry.state is not State.UNTRANSLATED else ()


def judged(entry: Entry, english: str, matches: Sequence[Match]) -> tuple[tuple[TermUse, ...], tuple[Finding, ...]]:
    """Return what would become of the terms, and what the segment checks would find, if the English were this."""
    asked = set(segment_terms(unwaived(matches, entry)))
    plain = bare(english)
    uses = tuple(_use(match, fate(match.term, plain, waived=match.term not in asked)) for match in distinct(matches))
    return uses, tuple(review_entry(replace(entry, msgstr=english), matches)[1])


def new_row(text: str, matches: Sequence[Match]) -> Row:
    """Return the row of a segment that the article has and the PO file has not."""
    places = {match.term: index for index, match in enumerate(distinct(matches))}
    empty = Entry(text, "", State.UNTRANSLATED)
    return replace(
        row_of(empty, 0, ()),
        state=None,
        source=pieces(text, [((match.start, match.end), places[match.term]) for match in matches]),
        terms=tuple(_use(match, "") for match in distinct(matches)),
        locked="the article has changed since it was translated; run `translate` on it to edit this segment",
    )


def pieces(text: str, spans: Sequence[tuple[tuple[int, int], int]]) -> tuple[Piece, ...]:
    """Cut a text at its terms and tags.

    Args:
        text: A msgid or a msgstr.
        spans: Where a term stands in the text without its tags, and the term's index.

    >>> [piece.text for piece in pieces("the <1>port</1>", [((4, 8), 0)])]
    ['the ', '<1>', 'port', '</1>']
    """
    parts = [
        (part, None if index is None else spans[index][1]) for part, index in cut(bare(text), [s[0] for s in spans])
    ]
    return tuple(_with_tags(text, parts))


def _with_tags(text: str, parts: Sequence[tuple[str, int | None]]) -> Iterator[Piece]:
    waiting = deque(tags(text))
    at = 0  # in the text with its tags
    for part, term in parts:
        while part:
            while waiting and waiting[0].start == at:
                tag = waiting.popleft()
                yield Piece(text[tag.start : tag.end], tag=True)
                at = tag.end
            length = min(len(part), waiting[0].start - at) if waiting else len(part)
            yield Piece(part[:length], term)
            part, at = part[length:], at + length
    for tag in waiting:
        yield Piece(text[tag.start : tag.end], tag=True)


def _use(match: Match, what: str) -> TermUse:
    term: Term = match.term
    number = term.kind is Kind.NUMBER
    return TermUse(
        source=term.source,
        surface=match.surface,
        target=term.target,
        variants=term.variants[:FORMS] if number else term.variants,
        forbidden=term.forbidden,
        kind=str(term.kind),
        mode=str(term.mode),
        note=term.note,
        origin=PurePath(term.origin).name,
        fate=what,
    )


def _origin(provenance: Provenance, state: State) -> Origin:
    tried = dict(provenance.extra).get("tried", "")
    return Origin(
        provenance.engine,
        provenance.stage,
        provenance.matched,
        provenance.satisfied,
        int(tried) if tried.isdecimal() and len(tried) < 7 else 1,
        state is State.MACHINE,
    )


def _former(entry: Entry) -> Former | None:
    if not entry.previous:
        return None
    was = next((note.removeprefix(WAS_PREFIX) for note in entry.notes if note.startswith(WAS_PREFIX)), "")
    english, bracket, remark = was.rpartition(" [")
    steps = tuple(Step(*step) for step in difference(entry.previous, entry.msgid))
    return Former(entry.previous, steps, english if bracket else was, remark.removesuffix("]") if bracket else "")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
