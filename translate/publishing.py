"""From a reviewed PO file to the English article, in the structure of its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from translate.bilingual import bilingual
from translate.catalog import Catalog, Entry, State
from translate.document import Document
from translate.errors import CatalogError
from translate.formats import reader_for
from translate.glossary import Glossary, Kind
from translate.housestyle import HouseStyle, apply
from translate.markup import between

_KANJI_NAME = re.compile(r"[\u3400-\u9fff々]+")


class Fuzzy(StrEnum):
    """What to publish for a translation that nobody approved."""

    FAIL = "fail"
    INCLUDE = "include"
    SOURCE = "source"


@dataclass(frozen=True)
class Published:
    """An English article.

    Attributes:
        data: The file's bytes; None where ``Fuzzy.FAIL`` forbids it.
        unapproved: Entries that no person approved, in reading order.
        untranslated: Entries without any English; their Japanese stands in the article.
        bilingual: A page with the source beside its translation, if it was asked for; it may show what is unapproved.
        english: All English of the article in house style by msgid, what is unapproved, too; empty if nothing was made.
    """

    data: bytes | None
    unapproved: tuple[Entry, ...]
    untranslated: tuple[Entry, ...]
    bilingual: bytes | None = None
    english: Mapping[str, str] = field(default_factory=dict)


def publish(
    document: Document,
    catalog: Catalog,
    *,
    fuzzy: Fuzzy = Fuzzy.FAIL,
    style: HouseStyle | None = None,
    glossary: Glossary | None = None,
    keep_boilerplate: bool = False,
    beside: bool = False,
) -> Published:
    """Render the English article.

    Args:
        document: The article as it is now.
        catalog: Its PO file.
        fuzzy: What to do with what is not approved.
        style: The house style; the default one if omitted.
        glossary: Keeps its targets as they are in headings, and knows the names of Japanese people.
        keep_boilerplate: Whether boilerplate lines stay, translated where the catalog has them.
        beside: Whether to make the bilingual page, too; it is made even if ``fuzzy`` forbids the article.

    Raises:
        CatalogError: The PO file lacks segments of the article: it changed since it was translated.
    """
    roles = {
        segment.plain: block.role for block, segment in reversed(list(document.segments(boilerplate=keep_boilerplate)))
    }
    entries = {entry.msgid: entry for entry in catalog if entry.msgid in roles}
    stale = [text for text in dict.fromkeys(segment.plain for _, segment in document.segments()) if text not in entries]
    if stale:
        raise CatalogError(
            f"{document.path}: {len(stale)} segments are not in the PO file, the first is {stale[0][:40]!r}: "
            "the article changed since; run `translate` on it, then publish again"
        )
    in_order = [
        entries[text]
        for text in dict.fromkeys(s.plain for _, s in document.segments(boilerplate=keep_boilerplate))
        if text in entries
    ]
    unapproved = tuple(entry for entry in in_order if entry.state is not State.APPROVED)
    untranslated = tuple(entry for entry in unapproved if not entry.msgstr)
    refused = fuzzy is Fuzzy.FAIL and bool(unapproved)
    if refused and not beside:
        return Published(None, unapproved, untranslated)
    fixed, names = _fixed(glossary), _japanese_names(glossary)
    english = {
        entry.msgid: between(
            entry.msgstr,
            partial(apply, role=roles[entry.msgid], style=style or HouseStyle(), names=names, fixed=fixed),
        )
        for entry in in_order
        if entry.msgstr
    }
    page = bilingual(document, catalog, english) if beside else None
    if refused:
        return Published(None, unapproved, untranslated, page, english)
    translations = {
        entry.msgid: english[entry.msgid]
        for entry in in_order
        if entry.msgstr and (fuzzy is Fuzzy.INCLUDE or entry.state is State.APPROVED)
    }
    data = reader_for(document.path).render(document, translations, keep_boilerplate=keep_boilerplate)
    return Published(data, unapproved, untranslated, page, english)


def _fixed(glossary: Glossary | None) -> Iterable[str]:
    return tuple(term.target for term in glossary if term.target) if glossary else ()


def _japanese_names(glossary: Glossary | None) -> Iterable[str]:
    """Return full names, in western order, of the people whom the glossary spells in kanji and notes as Japanese."""
    return tuple(
        term.target
        for term in glossary or ()
        if term.kind is Kind.PERSON
        and _KANJI_NAME.fullmatch(term.source)
        and "Japan" in term.note
        and len(term.target.split()) == 2
    )
