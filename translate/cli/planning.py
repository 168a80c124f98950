"""What ``translate --check`` and ``--dry-run`` show: the plan of a run, as text and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from translate.cli.common import emit_json, shown
from translate.pipeline import Plan

_LISTED = 20


def show_plans(plans: Sequence[Plan], common: dict[str, Any], json: str | None, *, detailed: bool) -> bool:
    """Show what would change.

    Args:
        plans: One for each article.
        common: What the JSON says of the whole run.
        json: Where the JSON goes, if anywhere; the text goes to standard error if it is standard output.
        detailed: Whether the text names every segment, and articles that stay as they are.

    Returns:
        Whether anything would change.
    """
    stream = sys.stderr if json == "-" else sys.stdout
    for plan in plans:
        if detailed:
            print("\n".join(_lines(plan)), file=stream)
        elif _changes(plan):
            change = f"would change {shown(str(plan.po))}, {len(plan.pending)} segments to translate"
            print(f"{shown(plan.document.path)}: {change}", file=stream)
    if json:
        emit_json({**common, "articles": [_row(plan) for plan in plans]}, json)
    return any(map(_changes, plans))


def _changes(plan: Plan) -> bool:
    return bool(plan.pending) or plan.changed


def _lines(plan: Plan) -> list[str]:
    if not _changes(plan):
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
        "changed": _changes(plan),
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
