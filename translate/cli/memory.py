"""``memory``: bring segments into the translation memory, take them out, and search it."""

from __future__ import annotations

import argparse
from pathlib import Path

from translate import interchange
from translate.atomic import write_bytes
from translate.catalog import State
from translate.cli import EXIT_FINE
from translate.cli.common import add_json, add_locales, emit_json, existing_file, settings, shown
from translate.interchange import FORMATS, Exchanged, Part
from translate.memory import SIMILARITY, Memory, Unit, add_imported, difference


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    actions = parser.add_subparsers(dest="action", metavar="import|export|search", required=True)
    summary = "add the approved segments of TMX, XLIFF or CSV files to the memory"
    bring = actions.add_parser("import", help=summary, description=summary[:1].upper() + summary[1:] + ".")
    bring.add_argument("files", nargs="+", metavar="FILE", help=".tmx, .xlf, .xliff, .csv or .tsv")
    add_locales(bring)
    add_json(bring)
    summary = "write the whole memory: approved segments of all PO files, and what was imported"
    take = actions.add_parser("export", help=summary, description=summary[:1].upper() + summary[1:] + ".")
    take.add_argument("file", metavar="FILE", help="the suffix says the format: .tmx, .xlf or .csv")
    add_locales(take)
    search = actions.add_parser("search", help="look a text up", description="Look a text up in the memory.")
    search.add_argument("text", metavar="TEXT", help="Japanese text")
    search.add_argument(
        "--similarity", type=_percent, default=SIMILARITY, metavar="N", help=f"least likeness in percent ({SIMILARITY})"
    )
    search.add_argument("--limit", type=_limit, default=5, metavar="N", help="near matches to show (5)")
    add_locales(search)
    add_json(search)


def run(args: argparse.Namespace) -> int:
    """Run the chosen action."""
    locales = Path(settings(args).locales)
    if args.action == "import":
        return _import(args, locales)
    return _export(args, locales) if args.action == "export" else _search(args, locales)


def _import(args: argparse.Namespace, locales: Path) -> int:
    # All are read before any is added, so that a broken one leaves nothing behind.
    files = [(path, interchange.read_file(path)) for path in map(existing_file, args.files)]
    rows = []
    for path, parts in files:
        exchanged = [unit for part in parts for unit in part.units]
        # XLIFF says who approved what, so that silence means nobody; a memory or a table of two columns cannot say it.
        is_xliff = path.suffix.lower() in FORMATS["xliff12"].suffixes
        welcome = {State.APPROVED} if is_xliff else {State.APPROVED, None}
        taken = [unit for unit in exchanged if unit.target and unit.state in welcome]
        added = add_imported(locales, path.stem, [_unit(unit, path) for unit in taken])
        rows.append(
            {"file": str(path), "added": added, "known": len(taken) - added, "skipped": len(exchanged) - len(taken)}
        )
    if args.json:
        emit_json({"files": rows}, args.json)
    if args.json != "-":
        for row in rows:
            counts = f"{row['added']} added, {row['known']} known already, {row['skipped']} not approved"
            print(f"{shown(str(row['file']))}: {counts}")
    return EXIT_FINE


def _unit(unit: Exchanged, path: Path) -> Unit:
    return Unit(
        source=unit.source,
        target=unit.target,
        origin=unit.origin or path.name,
        role=unit.role,
        terms=unit.terms,
        approved_by=unit.by,
        date=unit.date,
    )


def _export(args: argparse.Namespace, locales: Path) -> int:
    writer = interchange.writer_for(args.file)
    units = tuple(_exchanged(unit) for unit in Memory.open(locales))
    write_bytes(Path(args.file), writer.write([Part("", units)]))
    print(f"{shown(args.file)}: {len(units)} segments")
    return EXIT_FINE


def _exchanged(unit: Unit) -> Exchanged:
    return Exchanged(
        source=unit.source,
        target=unit.target,
        state=State.APPROVED,
        key=unit.digest,  # a source may have several targets, so that its own key does not name the unit
        notes=(("role", unit.role),) if unit.role else (),
        role=unit.role,
        terms=unit.terms,
        origin=unit.origin,
        by=unit.approved_by,
        date=unit.date,
    )


def _search(args: argparse.Namespace, locales: Path) -> int:
    memory = Memory.open(locales)
    hits = [(unit, 100.0) for unit in memory.exact(args.text)]
    hits += memory.near(args.text, similarity=args.similarity, limit=args.limit)
    if args.json:
        rows = [
            {"similarity": round(percent, 1), "source": unit.source, "target": unit.target, "origin": unit.origin}
            | {"role": unit.role, "count": unit.count, "difference": difference(unit.source, args.text)}
            for unit, percent in hits
        ]
        emit_json({"segments": len(memory), "hits": rows}, args.json)
    if args.json != "-":
        for unit, percent in hits:
            print(f"{int(percent)}%  {shown(_marked(unit.source, args.text))}")
            print(f"      {shown(unit.target)}  ({shown(unit.origin)})")
        if not hits:
            print(f"nothing alike among {len(memory)} segments")
    return EXIT_FINE


def _marked(old: str, new: str) -> str:
    """Show the old source with what the new text lacks in [-…-] and what it adds in {+…+}."""
    marks = {"keep": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(marks[operation].format(text) for operation, text in difference(old, new))


def _percent(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 < value <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage from 1 to 100")
    return value


def _limit(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)
