"""``publish``: PO files into English articles."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TextIO

from translate.atomic import write_bytes
from translate.cli import EXIT_FINDINGS, EXIT_FINE
from translate.cli.common import add_glossary, add_json, emit_json, existing_file, read_glossary, settings, shown
from translate.config import Config
from translate.edition import edition
from translate.glossary import Glossary
from translate.publishing import Fuzzy, Published


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("files", nargs="+", metavar="PO", help="PO files that `translate` wrote")
    parser.add_argument(
        "--fuzzy", choices=[str(one) for one in Fuzzy], default="fail",
        help="unapproved translations: refuse (fail, the default), publish them (include), "
        "or publish the Japanese (source)",
    )  # fmt: skip
    parser.add_argument("--output", metavar="DIR", help="folder of the English articles (default: articles/en)")
    parser.add_argument("--keep-boilerplate", action="store_true", help="keep promotion and trailer lines")
    parser.add_argument(
        "--bilingual", action="store_true",
        help="also write NAME.bilingual.html, the source beside its translation with what is not approved marked",
    )  # fmt: skip
    add_glossary(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Publish each file; with ``--fuzzy fail`` nothing is written for one that holds unapproved entries."""
    configuration = settings(args)
    glossary = read_glossary(configuration)
    rows, code = [], EXIT_FINE
    files = [existing_file(name) for name in args.files]
    # All are rendered before any is written, so that a stale one leaves no half of them behind.
    articles = [
        edition(
            po,
            configuration,
            Fuzzy(args.fuzzy),
            glossary,
            keep_boilerplate=args.keep_boilerplate,
            beside=args.bilingual,
        )
        for po in files
    ]
    for po, article in zip(files, articles, strict=True):
        path, result = article.path, article.result
        if result.data is not None:
            write_bytes(path, result.data)
        page = path.with_name(f"{path.stem}.bilingual.html")
        if result.bilingual is not None:
            write_bytes(page, result.bilingual)
        if result.data is None or result.untranslated:
            code = EXIT_FINDINGS
        rows.append(
            {
                "po": str(po),
                "output": None if result.data is None else str(path),
                "bilingual": None if result.bilingual is None else str(page),
                "unapproved": [
                    {"line": entry.line, "msgid": entry.msgid, "state": str(entry.state)} for entry in result.unapproved
                ],
                "untranslated": len(result.untranslated),
            }
        )
        _print(po, path, result, sys.stderr if args.json == "-" else sys.stdout)
    if args.json:
        emit_json({"articles": rows}, args.json)
    return code


def _print(po: Path, path: Path, result: Published, stream: TextIO) -> None:
    if result.data is None:
        print(f"{shown(str(po))}: not published, {len(result.unapproved)} entries are not approved:", file=stream)
    else:
        open_entries = f", {len(result.unapproved)} entries not approved" if result.unapproved else ""
        print(f"{shown(str(path))}{open_entries}", file=stream)
    if result.bilingual is not None:
        print(f"  source beside target: {shown(str(path.with_name(f'{path.stem}.bilingual.html')))}", file=stream)
    listed = result.unapproved if result.data is None else result.untranslated
    for entry in listed[:10]:
        print(f"  {shown(str(po))}:{entry.line}: {entry.state}: {shown(entry.msgid, 60)}", file=stream)
    if len(listed) > 10:
        print(f"  … and {len(listed) - 10} more", file=stream)


def write_article(
    po: Path, source: Path, configuration: Config, fuzzy: Fuzzy, glossary: Glossary, keep_boilerplate: bool
) -> tuple[Path, Published]:
    """Publish the PO file of an article that the user named; return the English one's path and what was published.

    Raises:
        CatalogError: The article has changed since.
    """
    article = edition(po, configuration, fuzzy, glossary, keep_boilerplate=keep_boilerplate, article=source)
    if article.result.data is not None:
        write_bytes(article.path, article.result.data)
    return article.path, article.result
