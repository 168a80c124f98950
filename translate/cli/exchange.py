"""``exchange``: PO files out to CAT tools, and what people did there back in."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from translate import interchange
from translate.atomic import write_bytes
from translate.catalog import Catalog, State, po_path
from translate.cli import EXIT_FINDINGS, EXIT_FINE
from translate.cli.common import add_json, add_locales, emit_json, existing_file, settings, shown
from translate.errors import InputError
from translate.interchange import FORMATS, Part, part_of
from translate.interchange.returning import Outcome, Returned, bring_back
from translate.resources import lock_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    actions = parser.add_subparsers(dest="action", metavar="export|import", required=True)
    out = actions.add_parser(
        "export", help="write PO files for another tool", description="Write PO files for another translation tool."
    )
    out.add_argument("files", nargs="+", metavar="PO", help="PO files")
    out.add_argument(
        "--output", required=True, metavar="FILE|DIR",
        help="one file for all (its suffix says the format), or a folder for one file each",
    )  # fmt: skip
    out.add_argument("--format", choices=list(FORMATS), help="the format (in a folder: xliff12 by default)")
    back = actions.add_parser(
        "import",
        help="bring people's work back into the PO files",
        description="Bring people's work back into the PO files: a three-way merge that overwrites nobody.",
    )
    back.add_argument("files", nargs="+", metavar="FILE", help=".xlf, .xliff, .csv or .tsv")
    back.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    add_locales(back)
    add_json(back)


def run(args: argparse.Namespace) -> int:
    """Run the chosen action."""
    return _export(args) if args.action == "export" else _import(args)


def _export(args: argparse.Namespace) -> int:
    parts = [(path, part_of(Catalog.read(path), path.name)) for path in map(existing_file, args.files)]
    output = Path(args.output)
    if output.suffix.lower() in {suffix for known in FORMATS.values() for suffix in known.suffixes}:
        name = args.format
        if name and output.suffix.lower() not in FORMATS[name].suffixes:
            wanted = " or ".join(FORMATS[name].suffixes)
            raise InputError(f"{output}: --format {name} is written to files named {wanted}; change one of the two")
        writer = interchange.format_named(name) if name else interchange.writer_for(str(output))
        files = [(output, [part for _, part in parts])]
    elif output.suffix and not output.is_dir():
        raise InputError(f"{output}: no exchange format has this suffix; name a .xlf, .tmx or .csv file, or a folder")
    else:
        name = args.format or "xliff12"
        writer, suffix = interchange.format_named(name), FORMATS[name].suffixes[0]
        files = [(output / f"{path.stem}{suffix}", [part]) for path, part in parts]
        twice = [str(path) for path, times in Counter(path for path, _ in files).items() if times > 1]
        if twice:
            raise InputError(f"{twice[0]}: two PO files of one name would be written here; export them apart")
    for path, content in files:
        write_bytes(path, writer.write(content))
        print(f"{shown(str(path))}: {_counted(path, content)}")
    return EXIT_FINE


def _counted(path: Path, parts: Sequence[Part]) -> str:
    """Say how many segments a file holds; a memory leaves out what is not approved."""
    units = [unit for part in parts for unit in part.units]
    approved = sum(1 for unit in units if unit.state is State.APPROVED)
    if approved == len(units) or interchange.carries_states(str(path)):
        return f"{len(units)} segments"
    return f"{approved} of {len(units)} segments; a memory holds the approved ones only"


def _import(args: argparse.Namespace) -> int:
    locales = Path(settings(args).locales)
    work: list[tuple[Path, Part, Path | None]] = []
    for path in map(existing_file, args.files):
        if not interchange.carries_states(str(path)):
            raise InputError(
                f"{path}: a translation memory does not say which article a segment is from; bring back XLIFF or CSV, "
                f"or fill the memory with it: yakubun memory import {path}"
            )
        parts = interchange.read_file(path)
        work += [(path, part, _po_of(part, locales)) for part in parts if part.units]
    results: list[tuple[Path, Path | None, Returned]] = []
    with ExitStack() as locks:
        # In one order everywhere, so that two imports never wait for each other; all are merged before any is written.
        owned = sorted({po for _, _, po in work if po is not None})
        for owner in owned if not args.dry_run else ():
            locks.enter_context(lock_for(owner))
        catalogs = {owner: Catalog.read(owner) for owner in owned}
        for path, part, po in work:
            if po is None:
                reason = f"no PO file of {part.article or 'an article without a name'} in {locales}"
                results += [(path, None, Returned(Outcome.UNKNOWN, unit, reason=reason)) for unit in part.units]
            else:
                results += [(path, po, one) for one in bring_back(catalogs[po], part.units)]
        for owner, catalog in catalogs.items() if not args.dry_run else ():
            catalog.write(owner)
    return _told(args, results)


def _po_of(part: Part, locales: Path) -> Path | None:
    """Return the PO file whose header names this article (or no article, and the names agree), if there is one."""
    path = po_path(locales, part.article) if part.article else None
    return path if path is not None and path.is_file() else None


def _told(args: argparse.Namespace, results: list[tuple[Path, Path | None, Returned]]) -> int:
    counts = Counter(one.outcome for _, _, one in results)
    listed = [row for row in results if row[2].outcome in (Outcome.CONFLICT, Outcome.UNKNOWN)]
    if args.json:
        rows = [
            {"file": str(path), "line": one.unit.line, "po": po and str(po), "outcome": str(one.outcome)}
            | {"reason": one.reason, "id": one.unit.key, "source": one.unit.source, "base": one.unit.base}
            | {"theirs": one.unit.target, "ours": one.ours and one.ours.msgstr}
            for path, po, one in listed
        ]
        emit_json({"counts": {str(kind): counts[kind] for kind in Outcome}, "listed": rows}, args.json)
    stream = sys.stderr if args.json == "-" else sys.stdout
    for path, po, one in listed:
        print(f"{shown(str(path))}:{one.unit.line}: {one.outcome}: {shown(one.reason)}", file=stream)
        print(f"  {shown(one.unit.source, 60)}", file=stream)
        if one.outcome is Outcome.CONFLICT and one.ours:
            print(f"  the file: {shown(one.unit.target, 100)}", file=stream)
            print(f"  {shown(str(po))}:{one.ours.line}: {shown(one.ours.msgstr, 100)}", file=stream)
    would = "would be " if args.dry_run else ""
    print(
        f"{counts[Outcome.APPROVED]} {would}approved, {counts[Outcome.EDITED]} {would}edited, "
        f"{counts[Outcome.UNCHANGED]} unchanged, {counts[Outcome.CONFLICT]} conflicts, "
        f"{counts[Outcome.UNKNOWN]} unknown",
        file=stream,
    )
    return EXIT_FINDINGS if listed else EXIT_FINE
