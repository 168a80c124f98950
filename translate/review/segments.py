"""A segment as HTML: its row, and what the panel, the history and a conflict tell of it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from translate.catalog import State
from translate.checks import Finding
from translate.review.html import moment, page
from translate.review.model import Former, Piece, Row, Step, Suggestion, TermUse
from translate.review.outcomes import HistoryItem, Touched

MODES = {"hard": "required", "soft": "hint", "dnt": "copied as it is"}


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


def state_name(state: State | None) -> str:
    """Return the word for a state.

    >>> state_name(None)
    'new'
    """
    return "new" if state is None else str(state)


@lru_cache(maxsize=8192)
def row_html(row: Row) -> str:
    """Return a row as HTML; of a long article most stand as they stood."""
    return page("row.html", row=_row(row))


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
