"""``score --post-edit``: how far people went from what the machine proposed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from translate.cli import EXIT_FINE
from translate.cli.common import emit_json, existing_file, settings, shown, table
from translate.errors import InputError
from translate.postedit import Group, PostEdit, grouped, measured, post_edits

_FARTHEST = 10


def run(args: argparse.Namespace) -> int:
    """Measure the PO files given, or all of the locales folder."""
    folder = Path(settings(args).locales) / "en" / "LC_MESSAGES"
    files = [existing_file(name) for name in args.po] if args.po else sorted(folder.glob("*.po"))
    if not files:
        raise InputError(f"score --post-edit: no PO files in {folder}; name them with --po")
    edits = [edit for path in files for edit in post_edits(path)]
    figures = measured(edits)
    groups = grouped(edits, figures)
    order = sorted(range(len(edits)), key=lambda number: -figures.segment_score("ter", number))
    farthest = [(edits[number], figures.segment_score("ter", number)) for number in order[:_FARTHEST]]
    if args.json:
        emit_json(_as_json(groups, farthest, figures.signature), args.json)
    if args.json != "-":
        _print(groups, farthest)
    return EXIT_FINE


def _as_json(
    groups: Mapping[str, Sequence[Group]],
    farthest: Sequence[tuple[PostEdit, float]],
    signature: Mapping[str, str],
) -> dict[str, object]:
    return {
        "post_edit": {name: [asdict(one) for one in several] for name, several in groups.items()},
        "farthest": [asdict(edit) | {"hter": score} for edit, score in farthest],
        "signature": dict(signature),
    }


def _print(groups: Mapping[str, Sequence[Group]], farthest: Sequence[tuple[PostEdit, float]]) -> None:
    for dimension, several in groups.items():
        rows = [
            [one.name, str(one.segments), f"{one.hter:.1f}", f"{one.chrf:.1f}", f"{100 * one.untouched:.0f} %"]
            for one in several
        ]
        table("", [dimension, "segments", "HTER", "chrF2", "approved as it was"], rows)
    if any(score for _, score in farthest):
        print("Changed most:")
    for edit, score in farthest:
        if score:
            print(f"  HTER {score:5.1f}  {shown(edit.article)}, entry in line {edit.line}: {shown(edit.source, 40)}")
            print(f"    machine:  {shown(edit.machine, 110)}")
            print(f"    approved: {shown(edit.approved, 110)}")
