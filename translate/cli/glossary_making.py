"""``glossary suggest`` and ``glossary mine``: first drafts of a glossary, for a person to correct."""

from __future__ import annotations

import argparse
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from translate import bounded, dictionary
from translate.atomic import write_bytes
from translate.catalog import Catalog
from translate.cli import EXIT_FINE
from translate.cli.common import add_glossary, add_json, count, emit_json, existing_file, read_glossary, settings, table
from translate.config import Config
from translate.dictionary import Dictionary
from translate.edition import patterns
from translate.encoding import decode
from translate.errors import InputError
from translate.formulas import neutral
from translate.glossary import Glossary
from translate.mining import MinedPair, mine, read_bilingual
from translate.pipeline import Settings, read_article
from translate.suggesting import Suggestion, suggest

_COLUMNS = ("source", "target", "aliases", "variants", "forbidden", "kind", "mode", "case", "note")
_SHOWN = 40  # rows of a table; the file and the JSON hold all
_NOTE = 300  # characters of a note: a glossary's value has 500 at most


def _csv_path(name: str) -> Path:
    """Refuse an output that is more likely an input: ``suggest --output x.po`` would overwrite a PO file."""
    path = Path(name)
    if path.suffix.lower() != ".csv":
        raise argparse.ArgumentTypeError(f"{name}: name a .csv file")
    return path


def _add_dictionary(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dictionary", choices=("auto", "jmdict", "none"), default="auto",
        help="JMdict and JMnedict: where installed (auto), required (jmdict), or not at all",
    )  # fmt: skip


def _dictionary(args: argparse.Namespace) -> Dictionary | None:
    if args.dictionary == "jmdict":
        return dictionary.require()
    return dictionary.find() if args.dictionary == "auto" else None


def add_suggest_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``glossary suggest``."""
    parser.add_argument("files", nargs="+", metavar="PO|ARTICLE", help="PO files or articles")
    parser.add_argument(
        "--min-count", type=count, metavar="N", help="least number of occurrences (default: 1 for names, 2 for others)"
    )
    parser.add_argument(
        "--output", dest="csv", type=_csv_path, metavar="FILE",
        help="write a glossary CSV to review: correct the targets, fill the empty ones, delete what is no term",
    )  # fmt: skip
    _add_dictionary(parser)
    add_glossary(parser)
    add_json(parser)


def run_suggest(args: argparse.Namespace) -> int:
    """List what the glossary lacks."""
    configuration = settings(args)
    glossary = read_glossary(configuration)
    texts = list(_texts(args.files, configuration, glossary))
    found = suggest(texts, glossary, dictionary=_dictionary(args), min_count=args.min_count)
    if args.csv:
        write_bytes(args.csv, _review_file(found))
    if args.json:
        emit_json({"suggestions": [_suggestion_json(one) for one in found]}, args.json)
    if args.json != "-":
        table("", ["source", "proposed", "from", "kind", "count", "context"], [
            [one.source, one.target, str(one.basis), str(one.kind), str(one.count), one.context]
            for one in found[:_SHOWN]
        ])  # fmt: skip
        print(_rest(len(found), "suggestions", args.csv))
        empty = sum(not one.target for one in found)
        if args.csv and empty:
            print(f"{empty} have no target yet: glossary check {args.csv} names them")
    return EXIT_FINE


def _texts(files: Iterable[str], configuration: Config, glossary: Glossary) -> Iterator[str]:
    """Yield the Japanese of PO files and articles, each file's segments once."""
    shared = Settings(glossary, Path(configuration.locales), configuration.root, patterns(configuration))
    for name in files:
        path = existing_file(name)
        if path.suffix.lower() == ".po":
            yield from (entry.msgid for entry in Catalog.read(path))
        else:
            yield from (segment.plain for _, segment in read_article(path, shared).segments())


def _review_file(found: Sequence[Suggestion]) -> bytes:
    """Return suggestions as a glossary file; the byte order mark tells spreadsheets that it is UTF-8."""
    rows = [
        {
            "source": one.source,
            "target": one.target,
            "kind": str(one.kind),
            "note": f"{one.count}× · {one.basis or 'no proposal'} · {one.context}"[:_NOTE],
        }
        for one in found
    ]
    return b"\xef\xbb\xbf" + _csv(rows)


def _suggestion_json(one: Suggestion) -> dict[str, object]:
    return {
        "source": one.source, "target": one.target, "basis": str(one.basis), "kind": str(one.kind), "count": one.count,
        "context": one.context, "score": one.score,
    }  # fmt: skip


def add_mine_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``glossary mine``."""
    parser.add_argument("--source", required=True, metavar="FILE", help="Japanese, a sentence a line")
    parser.add_argument("--reference", required=True, metavar="FILE", help="its English, line by line")
    parser.add_argument("--list", metavar="FILE", help="terms to look for: a glossary CSV, or Japanese TAB English")
    parser.add_argument("--random", action="store_true", help="draw ordinary words instead of names and terms")
    parser.add_argument(
        "--output", dest="csv", type=_csv_path, metavar="FILE", help="write the pairs as a glossary CSV"
    )
    _add_dictionary(parser)
    add_json(parser)


def run_mine(args: argparse.Namespace) -> int:
    """Find the term pairs of a text and its translation."""
    bilingual = read_bilingual(existing_file(args.list)) if args.list else None
    lookup = _dictionary(args)
    if args.random and not (bilingual or lookup):
        raise InputError(
            "--random draws its words from a bilingual list or from JMdict, and neither is there: "
            "add --list FILE, or install the dictionary with: pip install 'yakubun[dict]'"
        )
    pairs = mine(
        _lines(args.source), _lines(args.reference), bilingual=bilingual, dictionary=lookup, randomly=args.random
    )
    if args.csv:
        write_bytes(args.csv, _csv(_pair_row(one) for one in pairs))
    if args.json:
        counts = Counter(str(one.how) for one in pairs)
        occurrences = sum(len(one.lines) for one in pairs)
        rows = [_pair_json(one) for one in pairs]
        emit_json({"entries": len(pairs), "occurrences": occurrences, "how": counts, "pairs": rows}, args.json)
    if args.json != "-":
        table("", ["source", "target", "how", "lines", "variants"], [
            [one.source, one.target, str(one.how), f"{len(one.lines)} of {one.count}", " | ".join(one.variants)]
            for one in sorted(pairs, key=lambda one: (-len(one.lines), one.source))[:_SHOWN]
        ])  # fmt: skip
        print(_rest(len(pairs), "pairs", args.csv) + f", {sum(len(one.lines) for one in pairs)} occurrences")
    return EXIT_FINE


def _lines(name: str) -> list[str]:
    """Return the lines of a text file."""
    path = existing_file(name)
    text = decode(bounded.read(path, bounded.TABLE), name).text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n").split("\n") if text else []


def _pair_row(one: MinedPair) -> dict[str, str]:
    note = f"{one.how} {len(one.lines)} of {one.count}"
    return {"source": one.source, "target": one.target, "variants": "|".join(one.variants), "note": note}


def _pair_json(one: MinedPair) -> dict[str, object]:
    return {
        "source": one.source, "target": one.target, "how": str(one.how), "lines": list(one.lines), "count": one.count,
        "variants": list(one.variants),
    }  # fmt: skip


def _csv(rows: Iterable[dict[str, str]]) -> bytes:
    """Return rows as a glossary file."""
    page = io.StringIO()
    writer = csv.DictWriter(page, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: neutral(value) for name, value in row.items()} for row in rows)
    return page.getvalue().encode("utf-8", "replace")


def _rest(total: int, what: str, output: Path | None) -> str:
    """Say how many there are, and where."""
    more = f", the first {_SHOWN} shown" if total > _SHOWN else ""
    return f"{total} {what}{more}" + (f", written to {output}" if output else "")
