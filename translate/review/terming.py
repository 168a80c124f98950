"""A new glossary term at the desk: which segments it would touch, and adding it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from translate.errors import GlossaryError
from translate.glossary import Case, Glossary, Kind, Mode, Term, key
from translate.glossary_diff import Segment, touched
from translate.interchange.exchanged import unit_key
from translate.markup import bare
from translate.review.article import Article
from translate.review.glossaries import OWN, changed_surfaces, holds
from translate.review.library import Library
from translate.review.outcomes import TermAdded, TermOutcome, TermRefused, Touched
from translate.review.rows import pieces
from translate.terms import segment_matches


def touched_by(library: Library, term: Term) -> tuple[Touched, ...]:
    """Return the segments of all articles whose terms would change if this were an entry of the project's own file.

    Without a target nothing is lacking: the person has not written it yet.
    """
    if not any(map(str.isalnum, term.source)):
        return ()
    sought = term if term.target or term.is_blocker else replace(term, target=term.source)
    found = _between(library, library.glossaries.current, library.glossaries.stacked_with(sought), sought)
    return found if sought is term else tuple(replace(one, lacking=False) for one in found)


def add_term(library: Library, term: Term, *, create: bool = False) -> TermOutcome:
    """Add a term to the project's own glossary file; see ``Desk.add_term``."""
    glossaries = library.glossaries
    before = glossaries.current
    known = before.by_source(term.source)
    made = glossaries.own is None
    if made and not create:
        return TermRefused(
            "the project has no glossary of its own, and the shipped one is never changed; make "
            f"{OWN.as_posix()}, or name a file of yours in yakubun.toml: glossaries = {glossaries.listed_with(OWN)}",
            glossaries.offer,
        )
    try:
        path, line = glossaries.add(term, create=create)
    except GlossaryError as error:
        return TermRefused(str(error))
    after = glossaries.current
    now = after.by_source(term.source)
    notes = (
        [f"for all other commands write into yakubun.toml: glossaries = {glossaries.listed_with(OWN)}"] if made else []
    )
    if now is not None and now.target != term.target:
        notes.append(f"a glossary that is stacked above says {now.target!r}, and that counts")
    replaces = known.target if known and known.target != term.target else ""
    return TermAdded(path, line, _between(library, before, after, term), replaces, "; ".join(notes))


def _between(library: Library, old: Glossary, new: Glossary, term: Term) -> tuple[Touched, ...]:
    surfaces = changed_surfaces(old, new)
    found: list[Touched] = []
    for name in library.paths():
        article = library.known(name)
        with article.lock:
            msgids = [one for one in article.entries if surfaces is None or holds(bare(one), surfaces)]
            found += _touched(article, msgids, old, new, term)
    return tuple(found)


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
