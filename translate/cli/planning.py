"""What ``translate --check`` and ``--dry-run`` show: the plan of a run, as text and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from translate.cli.common import emit_json, shown
from translate.pipeline import Plan

_LISTED = 20


def show_plans(plans: Iterable[Plan], common: dict[str, Any], json: str | None, *, detailed: bool) -> bool:
    """Show what would change.

    Args:
        plans: One for each article; each is looked at once, and nothing is shown before all were.
        common: What the JSON says of the whole run.
        json: Where the JSON goes, if anywhere; the text goes to standard error if it is standard output.
        detailed: Whether the text names every segment, and articles that stay as they are.

    Returns:
        Whether anything would change.
    """
    lines: list[str] = []
    rows = []
    stale = False
    for plan in plans:
        stale |= plan.has_work
        if detailed:
            lines += _lines(plan)
        elif plan.has_work:
            change = f"would change {shown(str(plan.po))}, {len(plan.pending)} segments to translate"
            lines.append(f"{shown(plan.document.path)}: {change}")
        if json:
            rows.append(_row(plan))
    for line in lines:
        print(line, file=sys.stderr if json == "-" else sys.stdout)
    if json:
        emit_json({**common, "articles": rows}, json)
    return stale


def _lines(plan: Plan) -> list[str]:
    if not plan.has_work:
        return [f"{shown(plan.document.path)}: nothing to do"]
    lines = [f"{shown(plan.document.path)}: would change {shown(str(plan.po))}"]
    edited = [
        f"{shown(one.msgid, 60)}\n            {one.similarity:3.0f} % {shown(one.previous, 60)}"
        for one in plan.changes.edited
    ]
    lists = {
        "new": [shown(text, 60) for text in plan.changes.new],
        "edited": edited,
        "moved": [shown(text, 60) for text in plan.changes.moved],
        "removed": [shown(text, 60) for text in plan.changes.removed],
        "returning": [shown(text, 60) for text in plan.changes.returning],
    }
    for name, texts in lists.items():
        lines += [f"  {name:9} {text}" for text in texts[:_LISTED]]
        if len(texts) > _LISTED:
            lines.append(f"  {name:9} … and {len(texts) - _LISTED} more; --json lists all")
    again = f", {len(plan.retranslated)} of them again" if plan.retranslated else ""
    return [*lines, f"  {len(plan.pending)} segments to translate{again}"]


def _row(plan: Plan) -> dict[str, Any]:
    return {
        "path": plan.document.path,
        "po": str(plan.po),
        "pending": len(plan.pending),
        "retranslated": len(plan.retranslated),
        "changed": plan.has_work,
        "changes": {
            "new": list(plan.changes.new),
            "edited": [
                {"msgid": one.msgid, "previous": one.previous, "similarity": round(one.similarity, 1)}
                for one in plan.changes.edited
            ],
            "moved": list(plan.changes.moved),
            "removed": list(plan.changes.removed),
            "returning": list(plan.changes.returning),
        },
    }
