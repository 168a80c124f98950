"""What becomes of an action: saved, refused with the reason, or in conflict with what somebody else wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from translate.checks import Finding
from translate.review.model import Piece, Row


@dataclass(frozen=True, slots=True)
class Saved:
    """The PO file on the disk says what the person wanted.

    Attributes:
        row: The segment as it stands now.
        next_id: The next segment that nobody has approved, in reading order and round again; None if all are approved.
        changed: Whether anything was written: it may have stood there already.
        note: What the person should know, such as a machine's proposal that came meanwhile and was set aside.
        also: Other rows of the article whose findings changed with it.
    """

    row: Row
    next_id: str | None = None
    changed: bool = True
    note: str = ""
    also: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """What was asked for was not done.

    Attributes:
        why: Where, what, and how to mend it.
        findings: The findings that stand against an approval.
        row: The segment as it stands now; None if the PO file does not have it (any more).
        mine: The person's text, so that no page can lose it.
        kept: Whether that text is in the PO file all the same, not approved.
        busy: Whether trying again in a moment may help: another program is at work on the file.
    """

    why: str
    findings: tuple[Finding, ...] = ()
    row: Row | None = None
    mine: str = ""
    kept: bool = False
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the segment meanwhile, and both texts differ; nothing was written.

    Attributes:
        theirs: The segment as it stands now. Saving with its version decides the conflict.
        mine: The person's text.
    """

    theirs: Row
    mine: str


Outcome = Saved | Refused | Conflict


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """Something that happened to a segment.

    Attributes:
        kind: ``machine`` (a proposal), ``session`` (an action at this desk), ``git`` (a commit), ``problem``.
        time: When (ISO 8601), or empty.
        who: The engine, the person, or the commit's author.
        what: What it was: the stage, the action, the commit's subject.
        english: The English after it.
        state: The state after it, or empty.
        commit: The commit's hash, for ``git``.
    """

    kind: str
    time: str
    who: str
    what: str
    english: str = ""
    state: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """A segment that a glossary term touches.

    Attributes:
        key: Its article.
        title: The article's title.
        id: The segment.
        number: Its number in the PO file.
        source: Its Japanese; pieces of the term have ``term`` 0.
        english: Its English.
        state: Who stands behind it.
        lacking: Whether the English lacks what the term would demand.
        loses: English of terms that no longer stand there.
    """

    key: str
    title: str
    id: str
    number: int
    source: tuple[Piece, ...]
    english: str
    state: str
    lacking: bool
    loses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TermAdded:
    """The glossary has the term.

    Attributes:
        path: The glossary file.
        line: The line of the entry.
        touched: The segments whose terms changed.
        replaces: The English that the stacked glossaries had for it before, or empty.
        note: What is left to do, such as naming a new file in ``yakubun.toml``; or empty.
    """

    path: Path
    line: int
    touched: tuple[Touched, ...]
    replaces: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TermRefused:
    """The term was not added.

    Attributes:
        why: What is wrong with it, and how to mend it.
        offer: A glossary file that could be made for it; None if there is a file already.
    """

    why: str
    offer: Path | None = None


TermOutcome = TermAdded | TermRefused


@dataclass(frozen=True, slots=True)
class PreviewPiece:
    """A segment as it would be published.

    Attributes:
        id: The segment.
        text: The English in house style without markup, or the Japanese where there is none.
        state: Who stands behind it; empty for a segment that the PO file does not have yet.
        language: ``en`` or ``ja``.
    """

    id: str
    text: str
    state: str
    language: str


@dataclass(frozen=True, slots=True)
class PreviewBlock:
    """A title, heading, paragraph or list item."""

    role: str
    section: str
    pieces: tuple[PreviewPiece, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The English article before it is published.

    Attributes:
        blocks: Its blocks in reading order.
        text: The very file that would be written with everything that has English, decoded.
        unapproved: Segments that nobody approved.
        untranslated: Segments without English.
        problem: Why it could not be published at all (the article changed, is not there); blocks may be empty then.
    """

    blocks: tuple[PreviewBlock, ...] = ()
    text: str = ""
    unapproved: int = 0
    untranslated: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """What became of publishing.

    Attributes:
        path: The English article; None if it was not written.
        unapproved: Ids of the segments that nobody approved, in reading order.
        untranslated: Segments without English.
        why: Why it was refused; empty if it was written.
    """

    path: Path | None
    unapproved: tuple[str, ...] = ()
    untranslated: int = 0
    why: str = ""
