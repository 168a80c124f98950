"""The English article before it is published: what stands where, in house style, and what nobody has approved."""

from __future__ import annotations

from dataclasses import replace

from translate.atomic import write_bytes
from translate.catalog import State
from translate.document import Document, Role
from translate.edition import Edition, edition_of
from translate.errors import YakubunError
from translate.interchange.exchanged import unit_key
from translate.markup import bare
from translate.publishing import Fuzzy
from translate.review.article import Article
from translate.review.library import Library
from translate.review.outcomes import Preview, PreviewBlock, PreviewPiece, PublishOutcome


def preview_of(library: Library, article: Article, fuzzy: Fuzzy) -> Preview:
    """Return what publishing an article, whose lock is held, would come to.

    Args:
        library: Where the article is from.
        article: The article.
        fuzzy: What becomes of translations that nobody approved: ``INCLUDE`` or ``SOURCE`` (their Japanese).
    """
    document, problem = _document(library, article)
    if document is None:
        return Preview(problem=problem)
    try:
        made = _edition(library, article, document, fuzzy).result
    except YakubunError as error:
        return Preview(problem=str(error))
    shown = {
        msgid: english
        for msgid, english in made.english.items()
        if fuzzy is Fuzzy.INCLUDE or article.entries[msgid].state is State.APPROVED
    }
    blocks = tuple(
        PreviewBlock(
            str(block.role),
            str(block.section),
            tuple(_piece(article, segment.plain, shown.get(segment.plain, "")) for segment in block.segments),
        )
        for block in document.blocks
        if block.role is not Role.BOILERPLATE
    )
    text = (made.data or b"").decode(document.encoding, "replace")
    return Preview(blocks, text, len(made.unapproved), len(made.untranslated))


def publish_to_output(library: Library, article: Article, fuzzy: Fuzzy) -> PublishOutcome:
    """Write the English article of an article whose lock is held, under the rules of ``publish``."""
    document, problem = _document(library, article)
    if document is None:
        return PublishOutcome(None, why=problem)
    try:
        made = _edition(library, article, document, fuzzy)
        waiting = tuple(unit_key(entry.msgid) for entry in made.result.unapproved)
        if made.result.data is None:
            why = f"{len(waiting)} segments are not approved; approve them, or publish a draft with them"
            return PublishOutcome(None, waiting, len(made.result.untranslated), why)
        if not made.path.resolve().is_relative_to(made.path.parent.resolve()):
            return PublishOutcome(None, why=f"{made.path}: is a link that leads out of its folder; delete the link")
        write_bytes(made.path, made.result.data)
    except YakubunError as error:
        return PublishOutcome(None, why=str(error))
    return PublishOutcome(made.path, waiting, len(made.result.untranslated))


def _document(library: Library, article: Article) -> tuple[Document | None, str]:
    document = library.document(article)
    where = article.held.source_path or "the article (the PO file has no X-Source-Path header)"
    return document, "" if document else f"{where}: cannot be read inside the project; put it back, then publish"


def _edition(library: Library, article: Article, document: Document, fuzzy: Fuzzy) -> Edition:
    glossary = library.glossaries.current
    return edition_of(article.path, article.held, document, library.configuration, fuzzy, glossary)


def _piece(article: Article, msgid: str, english: str) -> PreviewPiece:
    entry = article.entries.get(msgid)
    piece = PreviewPiece(unit_key(msgid), bare(english), str(entry.state) if entry else "", "en")
    return piece if english else replace(piece, text=bare(msgid), language="ja")
