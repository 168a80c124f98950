"""What the desk hands out as whole pages: the list of articles, an article, its preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from translate.document import Role
from translate.markup import bare
from translate.review.html import STATES, bar, language, moment, page
from translate.review.model import ArticleRow, Sheet
from translate.review.outcomes import PreviewBlock
from translate.review.segments import row_html

_GROUP, _IN_SIGHT = 20, 25
"""Rows of a group, and those that may be in sight when a page opens."""
_TAGS = {"title": "h1", "heading": "h2", "list": "li"}


def article_page(sheet: Sheet, **context: Any) -> str:
    """Return the review page of an article."""
    rows = sheet.rows
    checks = dict.fromkeys(finding.check for row in rows for finding in row.findings)
    terms = dict.fromkeys(use.source for row in rows for use in row.terms)
    title = next((bare(row.japanese) for row in rows if row.role is Role.TITLE), sheet.article.title)
    stale = sheet.article.stale
    problem = (
        f"The article has {stale} segments that its PO file lacks: run `yakubun translate` on it."
        if stale
        else "The Japanese article is not where its PO file says; segments stand in the order of the file."
        if stale is None
        else ""
    )
    return page(
        "article.html",
        key=sheet.article.key,
        title=title,
        language=language(title),
        stamp=sheet.stamp,
        bar=bar(dict(sheet.article.states)),
        sections=_sections(sheet),
        checks=sorted(checks),
        terms=sorted(terms),
        states=[str(state) for state in STATES],
        kinds=("term", "person", "org", "place", "office"),
        problem=problem,
        **context,
    )


def prepare(sheet: Sheet) -> None:
    """Work out the rows of an article before somebody asks for them: of a long one they take most of the time."""
    _sections(sheet)


def _sections(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the sections with their rows in groups, which a browser may leave out of its work until they come near.

    Those that may be in sight when the page opens are laid out at once: of the others a height is guessed, and
    what is in sight must not move when the guess is mended.
    """
    shown, before = [], 0
    for section in sheet.sections:
        groups = []
        for start in range(0, len(section.rows), _GROUP):
            rows = section.rows[start : start + _GROUP]
            groups.append({"early": before < _IN_SIGHT, "rows": Markup("".join(map(row_html, rows)))})  # noqa: S704
            before += len(rows)
        shown.append({"title": section.title, "groups": groups})
    return shown


def list_page(articles: Sequence[ArticleRow], **context: Any) -> str:
    """Return the list of articles."""
    shown = []
    for article in articles:
        found = [
            f"{count} {name}{'' if count == 1 else 's'}"
            for count, name in ((article.errors, "error"), (article.warnings, "warning"))
            if count
        ]
        stale = [f"{article.stale} stale"] if article.stale else []
        counted = "none" if article.errors is not None else "not counted yet"
        shown.append(
            {
                "key": article.key,
                "title": article.title or article.source_path or article.po,
                "language": language(article.title),
                "path": article.source_path or article.po,
                "problem": article.problem,
                "bar": bar(dict(article.states)),
                "open": article.segments - article.approved,
                "errors": article.errors or 0,
                "findings": ", ".join(found + stale) or counted,
                "updated": article.updated,
                "moment": moment(article.updated),
            }
        )
    return page("articles.html", articles=shown, **context)


def blocks(found: Iterable[PreviewBlock]) -> list[dict[str, Any]]:
    """Return the blocks of a preview as the template takes them."""
    return [
        {"tag": _TAGS.get(block.role, "p"), "role": block.role, "pieces": block.pieces}
        for block in found
        if block.pieces
    ]
