"""What the desk hands out, as HTML: labels, tips and fragments, escaped by construction.

Whatever is shown loses its control and bidirectional characters (``translate.page.harmless``). Only what goes back to
the file, the text of an editor, is handed out as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from translate.catalog import State
from translate.checks import Finding
from translate.document import Role
from translate.markup import bare
from translate.page import environment
from translate.review.model import ArticleRow, Former, Piece, Row, Sheet, Step, Suggestion, TermUse
from translate.review.outcomes import HistoryItem, PreviewBlock, Touched

if TYPE_CHECKING:
    from jinja2 import Template

STATES = (State.APPROVED, State.EDITED, State.MACHINE, State.UNTRANSLATED)
MODES = {"hard": "required", "soft": "hint", "dnt": "copied as it is"}
_GROUP, _IN_SIGHT = 20, 25
"""Rows of a group, and those that may be in sight when a page opens."""
_TAGS = {"title": "h1", "heading": "h2", "list": "li"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text as the page marks it; ``tip`` is what the glossary says of it."""

    text: str
    tag: bool = False
    use: int = -1
    term: str = ""
    fate: str = ""
    tip: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a progress bar, in percent of its length."""

    state: str
    segments: int
    start: float
    length: float


def page(name: str, **context: Any) -> str:
    """Return a page or a fragment.

    Args:
        name: Its template.
        context: What the template shows.
    """
    return _template(name).render(context, raw=raw)


@cache
def _template(name: str) -> Template:
    return environment("translate.review").get_template(name)


def raw(text: str) -> Markup:
    r"""Return text as HTML that a browser reads as just that text, hidden characters and line ends included.

    >>> print(raw('a\r"<b>\u202e'))
    a&#13;&#34;&lt;b&gt;‮
    """
    return Markup(str(escape(text)).replace("\r", "&#13;").replace("\n", "&#10;"))  # noqa: S704 - escaped just here


def state_name(state: State | None) -> str:
    """Return the word for a state.

    >>> state_name(None)
    'new'
    """
    return "new" if state is None else str(state)


def bar(states: dict[State, int]) -> list[Bar]:
    """Return the parts of an article's progress, approved first.

    >>> [(part.state, part.start, part.length) for part in bar({State.MACHINE: 3, State.APPROVED: 1})]
    [('approved', 0.0, 25.0), ('machine', 25.0, 75.0)]
    """
    total = sum(states.values())
    parts, at = [], 0.0
    for state in STATES:
        count = states.get(state, 0)
        if count:
            length = 100 * count / total
            parts.append(Bar(str(state), count, round(at, 3), round(length, 3)))
            at += length
    return parts


def language(text: str) -> str:
    """Return which of the two languages a title is in.

    >>> language("港の船"), language("Boats in the harbor")
    ('ja', 'en')
    """
    return "ja" if re.search("[\u3040-\u30ff\u3400-\u9fff]", text) else "en"


def progress(states: dict[State, int]) -> str:
    """Return the progress bar of an article as HTML."""
    return page("progress.html", bar=bar(states))


def row_html(row: Row) -> str:
    """Return one row as HTML."""
    return _html(row)


@lru_cache(maxsize=8192)
def _html(row: Row) -> str:
    return _template("row.html").render(row=_row(row), raw=raw)


def _row(row: Row) -> dict[str, Any]:
    errors = len(row.errors)
    faults = [f"{errors} error{'' if errors == 1 else 's'}"] if errors else []
    return {
        "anchor": f"s-{row.id}" + (f".{row.repeat}" if row.repeat else ""),
        "id": row.id,
        "version": row.version,
        "number": row.number or "new",
        "repeat": row.repeat,
        "role": str(row.role),
        "state": state_name(row.state),
        "label": ", ".join([f"Segment {row.number or 'new'}", state_name(row.state), *faults]),
        "checks": " ".join(dict.fromkeys(finding.check for finding in row.findings)),
        "errors": errors,
        "locked": row.locked,
        "confidence": row.confidence,
        "source": stretches(row.source, row),
        "target": stretches(row.target, row, english=True),
        "english": row.english,
        "findings": row.findings,
        "remarks": [f"waived: {waiver.subject}: {waiver.reason}" for waiver in row.waivers]
        + ([row.locked] if row.locked else []),
    }


def stretches(pieces: Sequence[Piece], row: Row, *, english: bool = False) -> list[Stretch]:
    """Return the pieces of a text with what the glossary says of each."""
    shown = []
    for piece in pieces:
        if piece.term is None:
            shown.append(Stretch(piece.text, piece.tag))
        else:
            use = row.terms[piece.term]
            fate = "held" if english else use.fate
            shown.append(Stretch(piece.text, False, piece.term, use.source, fate, tip(use, row), use.target))
    return shown


def tip(use: TermUse, row: Row) -> str:
    """Return what is told of a term: entry, mode, stage and note, a line each."""
    lines = [f"{use.source} → {use.target or 'no target'}", about(use)]
    if use.fate:
        lines.append(
            {"missing": "The English lacks it.", "held": "The English has it.", "waived": "Waived here."}[use.fate]
        )
    if row.provenance and row.provenance.stage:
        lines.append(f"stage: {row.provenance.stage}" + ("" if row.provenance.untouched else ", edited since"))
    return "\n".join([*lines, *([use.note] if use.note else [])])


def about(use: TermUse) -> str:
    """Return mode, kind, variants, forbidden forms and origin of a term in one line."""
    parts = [f"{MODES.get(use.mode, use.mode)}, {use.kind}"]
    parts += [f"also: {', '.join(use.variants)}"] if use.variants else []
    parts += [f"never: {', '.join(use.forbidden)}"] if use.forbidden else []
    parts += [use.origin] if use.origin else []
    return "; ".join(parts)


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
            groups.append({"early": before < _IN_SIGHT, "rows": Markup("".join(map(_html, rows)))})  # noqa: S704
            before += len(rows)
        shown.append({"title": section.title, "groups": groups})
    return shown


def panel(row: Row, suggestions: Sequence[Suggestion]) -> str:
    """Return the details of a segment as HTML."""
    return page(
        "panel.html",
        row=row,
        former=_former(row.former),
        terms=[
            {"source": use.source, "target": use.target, "fate": use.fate, "about": about(use), "note": use.note}
            for use in row.terms
        ],
        suggestions=[
            {
                "english": one.english,
                "likeness": one.likeness,
                "note": " · ".join(filter(None, (one.origin, one.note))),
                "difference": steps(one.steps) if one.likeness < 100 else (),
            }
            for one in suggestions
        ],
        notes=(*row.notes, *row.remarks),
        machine=_machine(row),
    )


def _former(former: Former | None) -> dict[str, Any] | None:
    if former is None:
        return None
    return {"steps": steps(former.steps), "english": former.english, "remark": former.remark}


def _machine(row: Row) -> str:
    machine = row.provenance
    if machine is None:
        return ""
    parts = [machine.engine, *([f"stage {machine.stage}"] if machine.stage else [])]
    parts += [f"{machine.satisfied} of {machine.matched} required terms in place"] if machine.matched else []
    parts += [f"{machine.tried} candidates"] if machine.tried > 1 else []
    parts += [] if machine.untouched else ["a person changed the text since"]
    return " · ".join(parts)


def steps(found: Iterable[Step]) -> list[tuple[str, str]]:
    """Return the steps of a comparison as the templates take them."""
    return [(step.operation, step.text) for step in found]


def history(items: Sequence[HistoryItem], actor: str) -> str:
    """Return the history of a segment as HTML; the reader's own actions are called theirs."""
    shown = [
        {
            "kind": item.kind,
            "what": item.what,
            "who": _who(item, actor),
            "time": item.time,
            "moment": moment(item.time),
            "english": item.english,
            "state": item.state,
            "commit": item.commit[:10],
        }
        for item in items
    ]
    return page("history.html", items=shown)


def moment(time: str) -> str:
    """Return an ISO 8601 time as people here read it, in the server's time zone, to the minute; other text as it is."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return time


def _who(item: HistoryItem, actor: str) -> str:
    if item.kind != "session":
        return item.who
    return "you" if item.who == actor else "another browser"


def findings(found: Sequence[Finding]) -> str:
    """Return findings as HTML list items."""
    return page("findings.html", found=found)


def touched(found: Sequence[Touched], key: str) -> str:
    """Return the segments that a term touches as HTML."""
    return page("touched.html", touched=found[:50], more=max(0, len(found) - 50), total=len(found), key=key)


def versus(theirs: str, mine: str) -> tuple[str, str]:
    """Return two English texts as HTML, each with what the other one lacks marked.

    >>> versus("The port opened.", "The port closed.")
    ('The port <del>opened</del>.', 'The port <ins>closed</ins>.')
    """
    old, new = _words(theirs), _words(mine)
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for tag, start, end, other_start, other_end in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        same = tag == "equal"
        left.append(("keep" if same else "delete", "".join(old[start:end])))
        right.append(("keep" if same else "insert", "".join(new[other_start:other_end])))
    shown = [page("compared.html", steps=[step for step in side if step[1]]) for side in (left, right)]
    return shown[0], shown[1]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text[:20_000])


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
