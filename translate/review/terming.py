"""A new glossary term at the desk: which segments it would touch, and adding it."""

from __future__ import annotations

from collections.abc import Sequence

from translate.errors import GlossaryError
from translate.glossary import Case, Glossary, Kind, Mode, Term, key
from translate.glossary_diff import Segment, touched
from translate.interchange.exchanged import unit_key
from translate.markup import bare
from translate.review.article import Article
from translate.review.glossaries import changed_surfaces, holds
from translate.review.library import Library
from translate.review.outcomes import TermAdded, TermOutcome, TermRefused, Touched
from translate.review.rows import pieces
from translate.terms import segment_matches


def touched_by(library: Library, term: Term) -> tuple[Touched, ...]:
    """Return the segments of all articles whose terms would change if this were an entry of the project's own file."""
    old, new = library.glossaries.current, library.glossaries.stacked_with(term)
    surfaces = changed_surfaces(old, new)
    found: list[Touched] = []
    for name in library.paths():
        article = library.known(name)
        with article.lock:
            msgids = [one for one in article.entries if surfaces is None or holds(bare(one), surfaces)]
            found += _touched(article, msgids, old, new, term)
    return tuple(found)


def add_term(library: Library, term: Term, *, create: bool = False) -> TermOutcome:
    """Add a term to the project's own glossary file; see ``Desk.add_term``."""
    known = library.glossaries.current.by_source(term.source)
    if library.glossaries.own is None and not create:
        offer = library.glossaries.offer
        return TermRefused(
            f"the project has no glossary of its own, and the shipped one is never changed; make {offer.name}, or name "
            'one in yakubun.toml: glossaries = ["default", "terms.csv"]',
            offer,
        )
    touching = touched_by(library, term)
    made = library.glossaries.own is None
    try:
        path, line = library.glossaries.add(term, create=create)
    except GlossaryError as error:
        return TermRefused(str(error))
    note = f'add it to yakubun.toml for all commands: glossaries = ["default", "{path.name}"]' if made else ""
    return TermAdded(path, line, touching, known.target if known and known.target != term.target else "", note)


def term_of(source: str, target: str, **further: str) -> Term:
    """Make a term of what a form holds: values as in the glossary's columns, several separated by ``|``.

    Raises:
        GlossaryError: A kind, mode or case does not exist.
    """
    try:
        return Term(
            source.strip(),
            target.strip(),
            _several(further.get("aliases", "")),
            _several(further.get("variants", "")),
            _several(further.get("forbidden", "")),
            Kind(further.get("kind") or "term"),
            Mode(further.get("mode") or "hard"),
            Case(further.get("case", "")),
            " ".join(further.get("note", "").split()),
        )
    except ValueError as error:
        raise GlossaryError(f"the term {source[:40]!r}: {error}; choose one of the list") from error


def _touched(article: Article, msgids: Sequence[str], old: Glossary, new: Glossary, term: Term) -> list[Touched]:
    segments = [
        Segment(
            article.key,
            article.numbers[msgid],
            msgid,
            article.entries[msgid].msgstr,
            str(article.entries[msgid].state),
            frozenset(key(waiver.subject) for waiver in article.entries[msgid].waivers),
        )
        for msgid in msgids
    ]
    return [
        Touched(
            key=article.key,
            title=article.name,
            id=unit_key(one.segment.msgid),
            number=one.segment.line,
            source=pieces(
                one.segment.msgid,
                [
                    ((match.start, match.end), 0)
                    for match in segment_matches(bare(one.segment.msgid), new)
                    if key(match.term.source) == key(term.source)
                ],
            ),
            english=one.segment.msgstr,
            state=one.segment.state,
            lacking=bool(one.missing),
            loses=tuple(gone.target for gone in one.before),
        )
        for one in touched(segments, old, new)
    ]


def _several(text: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in text.split("|") if value.strip())
