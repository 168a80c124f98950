"""One segment as the page shows it: both texts with their terms marked, who stands behind it, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from translate.catalog import NOTE_PREFIX, Entry, State
from translate.checks import Finding
from translate.glossary import Mode, Term, occurrences
from translate.marking import MISSING, cut, fate
from translate.markup import bare
from translate.matching import Match
from translate.reporting import segment_terms, unwaived
from translate.status import confidence

LONGEST = 4000
"""Characters of a text that a page shows."""

_MODES = {Mode.HARD: "required", Mode.SOFT: "hint", Mode.DNT: "not translated"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``term`` tells of the glossary entry that it stands for, ``missing`` that English lacks it."""

    text: str
    term: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A segment beside its English.

    Attributes:
        role: What the segment is in its article.
        source: The Japanese, without markup.
        target: The English, without markup.
        state: Who stands behind it: a ``State``, or ``new`` if the PO file does not know the segment.
        details: Line in the PO file, stage, confidence, as far as they are known.
        findings: What is wrong.
        remarks: What people waived, and why a machine gave up.
    """

    role: str
    source: tuple[Piece, ...]
    target: tuple[Piece, ...] = ()
    state: str = "new"
    details: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()


Span = tuple[int, int, str, bool]
"""Start, end, what is told of it, whether English lacks it."""


def row(role: str, entry: Entry, matches: Sequence[Match], findings: Iterable[Finding]) -> Row:
    """Return a row.

    Args:
        role: What the segment is in its article.
        entry: Its PO entry.
        matches: The terms in its Japanese without markup.
        findings: What the checks found in it.
    """
    english = bare(entry.msgstr)
    asked = set(segment_terms(unwaived(matches, entry)))
    stage = entry.provenance.stage if entry.provenance else ""
    source: list[Span] = []
    for match in matches:
        what = fate(match.term, entry.msgstr, waived=match.term not in asked)
        source.append((match.start, match.end, _told(match.term, what), what == MISSING))
    by = f"stage {stage}" if stage and entry.state in (State.MACHINE, State.APPROVED) else ""
    target = [
        (start, end, _told(term, by), False)
        for term in segment_terms(matches)
        for start, end in occurrences(term, english)
    ]
    return Row(
        role,
        marked(bare(entry.msgid), source),
        marked(english, target),
        str(entry.state),
        _details(entry, stage),
        tuple(findings),
        _remarks(entry),
    )


def marked(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Return a text in pieces, its end left out if it is long; see ``cut`` for spans that overlap.

    >>> [piece.text for piece in marked("the port of call", [(4, 8, "港", False), (4, 16, "寄港地", False)])]
    ['the ', 'port of call']
    """
    shown, rest = text[:LONGEST], text[LONGEST:]
    listed = list(spans)
    pieces = [
        Piece(part) if index is None else Piece(part, listed[index][2], listed[index][3])
        for part, index in cut(shown, [span[:2] for span in listed])
    ]
    return (*pieces, Piece(f" … ({len(rest):,} more characters)")) if rest else tuple(pieces)


def _told(term: Term, what: str) -> str:
    return f"{term.source} → {term.target} ({_MODES[term.mode]}{', ' if what else ''}{what})"


def _details(entry: Entry, stage: str) -> tuple[str, ...]:
    sure = confidence(entry)
    details = [f"line {entry.line}"] if entry.line else []
    details += [f"stage {stage}"] if stage else []
    details += [f"confidence {sure:.2f}"] if sure is not None else []
    return tuple(details)


def _remarks(entry: Entry) -> tuple[str, ...]:
    waived = [f"waived: {waiver.subject}: {waiver.reason}" for waiver in entry.waivers]
    given_up = [] if entry.msgstr else [note for note in entry.notes if note.startswith(NOTE_PREFIX)]
    return (*waived, *given_up)
