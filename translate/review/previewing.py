"""The English article before it is published: what stands where, in house style, and what nobody has approved."""

from __future__ import annotations

from dataclasses import replace

from translate.atomic import write_bytes
from translate.catalog import State
from translate.document import Document, Role
from translate.edition import edition
from translate.errors import YakubunError
from translate.interchange.exchanged import unit_key
from translate.markup import bare
from translate.publishing import Fuzzy, styled
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
    document = library.document(article)
    if document is None:
        where = article.held.source_path or "the article (no X-Source-Path header)"
        return Preview(problem=f"{where} cannot be read inside the project; put it back, then publish")
    problem, text = "", ""
    try:
        made = edition(article.path, library.configuration, fuzzy, library.glossaries.current)
        text = (made.result.data or b"").decode(document.encoding, "replace")
    except YakubunError as error:
        problem = str(error)
    states = [entry.state for entry in article.entries.values()]
    return Preview(
        _blocks(library, article, document, fuzzy),
        text,
        sum(state is not State.APPROVED for state in states),
        sum(state is State.UNTRANSLATED for state in states),
        problem,
    )


def publish_to_output(library: Library, article: Article, fuzzy: Fuzzy) -> PublishOutcome:
    """Write the English article of an article whose lock is held, under the rules of ``publish``."""
    if library.document(article) is None:
        return PublishOutcome(None, why=preview_of(library, article, fuzzy).problem)
    try:
        made = edition(article.path, library.configuration, fuzzy, library.glossaries.current)
        waiting = tuple(unit_key(entry.msgid) for entry in made.result.unapproved)
        if made.result.data is None:
            why = f"{len(waiting)} segments are not approved; approve them, or publish a draft with them"
            return PublishOutcome(None, waiting, len(made.result.untranslated), why)
        write_bytes(made.path, made.result.data)
    except YakubunError as error:
        return PublishOutcome(None, why=str(error))
    return PublishOutcome(made.path, waiting, len(made.result.untranslated))


def _blocks(library: Library, article: Article, document: Document, fuzzy: Fuzzy) -> tuple[PreviewBlock, ...]:
    roles: dict[str, Role] = {}
    shown = [block for block in document.blocks if block.role is not Role.BOILERPLATE]
    for block in shown:
        for segment in block.segments:
            roles.setdefault(segment.plain, block.role)
    wanted = [
        (entry, roles[msgid])
        for msgid, entry in article.entries.items()
        if msgid in roles and (fuzzy is not Fuzzy.SOURCE or entry.state is State.APPROVED)
    ]
    english = styled(wanted, library.configuration.style, library.glossaries.current)
    return tuple(
        PreviewBlock(
            str(block.role),
            str(block.section),
            tuple(_piece(article, segment.plain, english.get(segment.plain, "")) for segment in block.segments),
        )
        for block in shown
    )


def _piece(article: Article, msgid: str, english: str) -> PreviewPiece:
    entry = article.entries.get(msgid)
    piece = PreviewPiece(unit_key(msgid), bare(english), str(entry.state) if entry else "", "en")
    return piece if english else replace(piece, text=bare(msgid), language="ja")
