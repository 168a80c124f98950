"""``glossary convert``: from and to the glossary files of other programs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from translate.atomic import write_bytes
from translate.cli import EXIT_FINE, EXIT_USAGE
from translate.cli.common import add_json, emit_json, existing_file, shown
from translate.errors import InputError
from translate.glossary_formats import FORMATS, format_name, read, render


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("input", metavar="IN", help="glossary file to read")
    parser.add_argument("output", metavar="OUT", help="glossary file to write")
    formats = "; ".join(f"{name}: {entry.summary} ({' '.join(entry.suffixes) or 'no suffix'})"
                        for name, entry in FORMATS.items())  # fmt: skip
    parser.add_argument(
        "--from", dest="given", choices=FORMATS, help=f"format of IN (default: by its suffix). {formats}"
    )
    parser.add_argument("--to", dest="wanted", choices=FORMATS, help="format of OUT (default: by its suffix)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Convert a file; with something wrong in it nothing is written, and everything wrong is listed."""
    source, output = existing_file(args.input), Path(args.output)
    given, wanted = format_name(source, args.given), format_name(output, args.wanted)
    if output.exists() and output.samefile(source):
        raise InputError(f"{output}: IN and OUT are one file; name another one to write")
    reading, unread = read(source, given)
    for problem in reading.problems:
        print(f"yakubun: error: {shown(str(problem))}", file=sys.stderr)
    if reading.problems:
        return EXIT_USAGE
    data, unwritten = render(reading.terms, wanted)
    write_bytes(output, data)
    for path, losses in ((source, unread), (output, unwritten)):
        for what, count in losses.items():
            field, _, fate = what.partition(": ")
            print(f"yakubun: warning: {shown(f'{path}: {field}')}: {_entries(count)}, {fate}", file=sys.stderr)
    if args.json:
        emit_json(
            {"entries": len(reading.terms), "from": given, "to": wanted, "output": str(output)}
            | {"not_read": unread, "not_written": unwritten},
            args.json,
        )
    if args.json != "-":
        print(f"{shown(str(output))}: {_entries(len(reading.terms))}, {given} → {wanted}")
    return EXIT_FINE


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
