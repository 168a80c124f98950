"""What changes between two versions of a glossary: entries, and the segments of PO files that they touch.

A segment is touched if its terms demand something else than before, by the same hash that makes ``translate`` look at a
segment again. An entry that only changed its note, or that no segment holds, touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from translate._glossary_rows import COLUMNS
from translate.glossary import Glossary, Mode, Term, key, satisfied, terms_hash
from translate.markup import bare
from translate.terms import segment_matches


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that both versions have, and the columns in which they differ."""

    old: Term
    new: Term
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version has and the other has not, in the order of the files.

    Attributes:
        added: Entries of the new version only.
        removed: Entries of the old version only.
        changed: Entries of both that differ.
    """

    added: tuple[Term, ...] = ()
    removed: tuple[Term, ...] = ()
    changed: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a PO file.

    Attributes:
        po: The file.
        line: Line of its msgid.
        msgid: The Japanese.
        msgstr: The English.
        state: ``untranslated``, ``machine``, ``edited`` or ``approved``.
        waived: What a person waived on it, see ``glossary.key``.
    """

    po: str
    line: int
    msgid: str
    msgstr: str
    state: str
    waived: frozenset[str] = frozenset()

    @property
    def is_kept(self) -> bool:
        """Whether a person stands behind the English, which no machine changes."""
        return self.state in ("edited", "approved")


@dataclass(frozen=True, slots=True)
class Touched:
    """A segment whose terms change.

    Attributes:
        segment: The segment.
        before: Terms that it had, and has no longer or differently.
        after: Terms that it has now, and had not or differently.
        missing: Of those of ``after`` that must be in the English, the ones that are not in the present one.
    """

    segment: Segment
    before: tuple[Term, ...]
    after: tuple[Term, ...]
    missing: tuple[Term, ...]


def compare(old: Glossary, new: Glossary) -> Difference:
    """Return which entries were added, removed and changed; an entry is known by its source in any width.

    >>> difference = compare(Glossary((Term("港", "port"),)), Glossary((Term("港", "harbor"), Term("船", "ship"))))
    >>> [change.columns for change in difference.changed], [term.source for term in difference.added]
    ([('target',)], ['船'])
    """
    before = {key(term.source): term for term in old}
    after = {key(term.source): term for term in new}
    pairs = [
        (before[source], term, _columns(before[source], term)) for source, term in after.items() if source in before
    ]
    return Difference(
        tuple(term for source, term in after.items() if source not in before),
        tuple(term for source, term in before.items() if source not in after),
        tuple(Change(*pair) for pair in pairs if pair[2]),
    )


def touched(segments: Iterable[Segment], old: Glossary, new: Glossary) -> list[Touched]:
    """Return the segments whose terms demand something else in the new version, in order."""
    found = []
    for segment in segments:
        before = _terms(segment, old)
        after = _terms(segment, new)
        if terms_hash(before.values()) == terms_hash(after.values()):
            continue
        gone = tuple(term for source, term in before.items() if _differs(term, after.get(source)))
        come = tuple(term for source, term in after.items() if _differs(term, before.get(source)))
        demanded = (term for term in come if term.mode is not Mode.SOFT)
        missing = tuple(term for term in demanded if not satisfied(term, segment.msgstr))
        found.append(Touched(segment, gone, come, missing))
    return found


def _terms(segment: Segment, glossary: Glossary) -> dict[str, Term]:
    if "glossary" in segment.waived:
        return {}
    return {
        key(match.term.source): match.term
        for match in segment_matches(bare(segment.msgid), glossary)
        if not segment.waived.intersection(map(key, match.term.surfaces))
    }


def _differs(term: Term, other: Term | None) -> bool:
    return other is None or terms_hash([term]) != terms_hash([other])


def _columns(old: Term, new: Term) -> tuple[str, ...]:
    """Return the columns in which two entries of one source differ; the order of values is no difference."""

    def value(term: Term, column: str) -> object:
        held = getattr(term, column)
        return (
            frozenset(map(key, held)) if column == "aliases" else frozenset(held) if isinstance(held, tuple) else held
        )

    return tuple(column for column in COLUMNS if value(old, column) != value(new, column))
