"""``segment``: show how a text is split."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from translate.cli import EXIT_FINE
from translate.cli.common import add_glossary, add_json, emit_json, existing_file, read_glossary, settings, shown, table
from translate.document import Block, Document, Role, Segment
from translate.edition import patterns
from translate.encoding import decode
from translate.pipeline import Settings, protected_names, read_article
from translate.segmentation import split


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("file", metavar="FILE", help="an article, or - for standard input as one plain body")
    add_glossary(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the segments."""
    configuration = settings(args)
    glossary = read_glossary(configuration)
    if args.file == "-":
        text = decode(sys.stdin.buffer.read(), "standard input").text
        spans = split(text, protected=protected_names(glossary))
        segments = tuple(Segment(text[start:end], start, end) for start, end in spans)
        document = Document("-", text, (Block(Role.BODY, segments, 0, 1),))
    else:
        shared = Settings(glossary, Path(configuration.locales), configuration.root, patterns(configuration))
        document = read_article(existing_file(args.file), shared)
    found = list(document.segments(boilerplate=True))
    if args.json:
        rows = [
            {"text": one.text, "start": one.start, "end": one.end, "role": str(block.role), "section": block.section}
            for block, one in found
        ]
        emit_json({"segments": rows}, args.json)
    if args.json != "-":
        table("", ["line", "section", "role", "segment"], [
            [str(document.line_of(one.start)), str(block.section), str(block.role), shown(one.plain)]
            for block, one in found
        ])  # fmt: skip
    return EXIT_FINE
