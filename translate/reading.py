"""The segments of a PO file in reading order: as its article has them, or as the PO file's own comments say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from translate.catalog import Catalog, Entry
from translate.document import Document, Role
from translate.errors import InputError
from translate.pipeline import Settings, read_article, recorded_article


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands.

    Attributes:
        section: Number of its section, or empty if nobody knows.
        role: The role of its block.
        text: The segment, as a msgid.
    """

    section: str
    role: Role
    text: str


def places(catalog: Catalog, document: Document | None) -> Iterator[Place]:
    """Yield each segment in reading order; the same text as often as the article has it, boilerplate if it has entries.

    Args:
        catalog: The PO file.
        document: Its article; without it the PO file's order counts, which has every text once.
    """
    if document is not None:
        for block, segment in document.segments(boilerplate=True):
            if block.role is not Role.BOILERPLATE or catalog.entry(segment.plain) is not None:
                yield Place(str(block.section), block.role, segment.plain)
        return
    for entry in catalog:
        yield Place(noted(entry, "section").partition(" ")[0], role_of(entry), entry.msgid)


def article_of(catalog: Catalog, settings: Settings) -> Document | None:
    """Return a PO file's article, if it is there; what lies outside the project is nobody's business."""
    try:
        return read_article(recorded_article(catalog, settings), settings)
    except InputError:
        return None


def role_of(entry: Entry) -> Role:
    """Return the role that the last merge found, or that of running text."""
    return Role(entry.role) if entry.role in set(Role) else Role.BODY


def noted(entry: Entry, name: str) -> str:
    """Return what a PO file's own comment says of an entry."""
    return next((line[len(name) + 1 :].strip() for line in entry.extracted if line.startswith(f"{name}:")), "")
