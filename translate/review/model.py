"""What the desk hands out: articles, segments and outcomes as plain data, for any page to show.

All text comes from articles and PO files: it is untrusted, and nothing in it is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from translate.catalog import State, Waiver
from translate.checks import Finding
from translate.document import Role


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text.

    Attributes:
        text: The stretch.
        term: Index of the term in the row's ``terms`` that it stands for, or None.
        tag: Whether it is a numbered tag such as ``<1>``, which stands for markup.
    """

    text: str
    term: int | None = None
    tag: bool = False


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term of a segment.

    Attributes:
        source: The glossary's entry.
        surface: Its spelling in this segment.
        target: Its English.
        variants: Other English forms that count as right (of a number the first few).
        forbidden: English that must not stand for it.
        kind: ``person``, ``org``, ``place``, ``office``, ``term`` or ``number``.
        mode: ``hard`` (must be there), ``soft`` (a hint), ``dnt`` (copied as it is).
        note: The glossary's remark.
        origin: Where the entry stands, as file name and line; empty for a number.
        fate: ``held``, ``missing``, ``waived``, or empty where there is no English or only a hint.
    """

    source: str
    surface: str
    target: str
    variants: tuple[str, ...]
    forbidden: tuple[str, ...]
    kind: str
    mode: str
    note: str
    origin: str
    fate: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Which machine proposed the English, and how.

    Attributes:
        engine: Engine as ``name@revision``.
        stage: The stage of enforcement that placed the terms (``plain``, ``marked``, …, ``memory``), or empty.
        matched: Hard terms of the source then.
        satisfied: How many of them the proposal held.
        tried: Candidates that were considered.
        untouched: Whether the English is still the machine's own.
    """

    engine: str
    stage: str
    matched: int
    satisfied: int
    tried: int
    untouched: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a comparison: ``keep``, ``delete`` or ``insert`` this text."""

    operation: str
    text: str


@dataclass(frozen=True, slots=True)
class Former:
    """What a segment was edited from.

    Attributes:
        source: The old Japanese.
        steps: From the old Japanese to the new.
        english: The English of the old Japanese, or empty.
        remark: Who stood behind that English, and how alike the texts are, as the PO file says it.
    """

    source: str
    steps: tuple[Step, ...]
    english: str
    remark: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """English from the translation memory.

    Attributes:
        english: The English.
        source: The Japanese that it was approved for.
        likeness: Percent, rounded down; 100 only for the same text.
        steps: From the memory's Japanese to the segment's.
        origin: The article or import that it comes from.
        note: Who approved it and when, as far as that is known.
    """

    english: str
    source: str
    likeness: int
    steps: tuple[Step, ...]
    origin: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A segment.

    Attributes:
        id: Its name, made from its Japanese: the same in every article and for ever.
        version: What stood there when the row was made; every action hands it back.
        number: Its place in the PO file, from 1: what messages call it. 0 if the PO file does not know the segment.
        repeat: How many times the text stood in the article before this place; all of them are one entry.
        role: What it is in its article.
        section: Number of its section.
        state: Who stands behind the English; None for a segment that the PO file does not have yet.
        japanese: The source, with its tags.
        english: The English, with its tags; what an editor's field holds.
        source: The Japanese in pieces, which join to ``japanese``.
        target: The English in pieces, which join to ``english``.
        terms: Its terms, in the order of the source.
        findings: What the checks found, with the project's severities.
        waivers: What people waived.
        confidence: The machine's estimate of its translation, 0 to 1, if it gave one.
        provenance: Which machine proposed the English, if one did.
        notes: Comments of people.
        remarks: What machines noted: near matches, why they gave up.
        former: What it was edited from, if it was.
        locked: Why the page cannot edit it (plural forms, not in the PO file yet); empty if it can.
    """

    id: str
    version: str
    number: int
    repeat: int
    role: Role
    section: str
    state: State | None
    japanese: str
    english: str
    source: tuple[Piece, ...]
    target: tuple[Piece, ...] = ()
    terms: tuple[TermUse, ...] = ()
    findings: tuple[Finding, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    confidence: float | None = None
    provenance: Origin | None = None
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    former: Former | None = None
    locked: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has approved it yet."""
        return self.state is not State.APPROVED and not self.locked

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stand against approval."""
        return tuple(one for one in self.findings if one.severity == "error")


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its number, its heading in Japanese (empty before the first), and its rows."""

    number: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in the list.

    Attributes:
        key: Its name in addresses: letters, digits and ``-_.~`` only.
        title: Its title, in English where that is approved, else in Japanese; its path if it has none.
        source_path: The article, as the PO file names it.
        po: Name of the PO file.
        states: Segments by state.
        segments: Segments of the PO file.
        errors: Findings that stand against approval; None if nobody has counted yet.
        warnings: Other findings; None if nobody has counted yet.
        stale: Segments of the article, as it is now, that the PO file lacks; None if the article is not there.
        updated: When the file was last changed (ISO 8601, UTC).
        problem: Why the article cannot be opened; all else is empty then.
    """

    key: str
    title: str
    source_path: str
    po: str
    states: Mapping[State, int] = field(default_factory=dict)
    segments: int = 0
    errors: int | None = None
    warnings: int | None = None
    stale: int | None = None
    updated: str = ""
    problem: str = ""

    @property
    def approved(self) -> int:
        """Segments that somebody approved."""
        return self.states.get(State.APPROVED, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole article, in reading order.

    Attributes:
        article: Its line in the list.
        sections: Its sections.
        stamp: Changes whenever anything in the sheet does.
    """

    article: ArticleRow
    sections: tuple[Section, ...]
    stamp: str

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows in reading order."""
        return tuple(row for section in self.sections for row in section.rows)
