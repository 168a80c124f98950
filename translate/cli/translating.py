"""``translate``: articles into PO files."""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import cache, partial
from pathlib import Path
from typing import Any

from translate.catalog import FuzzyMatching
from translate.cli import EXIT_FINDINGS, EXIT_FINE, EXIT_TERMS, EXIT_WOULD_CHANGE, clustering
from translate.cli.article_output import Results
from translate.cli.common import (
    add_engine,
    add_glossary,
    add_json,
    add_locales,
    progress_bar,
    read_glossary,
    settings,
    shown,
)
from translate.cli.planning import show_plans
from translate.cli.publishing import write_article
from translate.config import Config
from translate.edition import patterns
from translate.engines import create, require_known
from translate.engines.base import Engine
from translate.errors import InputError
from translate.memory import Memory
from translate.pipeline import Plan, Settings, each_article, plan_article, translate_article
from translate.publishing import Fuzzy
from translate.reporting import ArticleReport, TermCount


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("articles", nargs="+", metavar="ARTICLE", help="a Japanese article (.txt, .md or .html)")
    add_engine(parser)
    add_glossary(parser)
    add_locales(parser)
    parser.add_argument("--strict", action="store_true", help="exit 4 if a hard term is missing from a saved PO file")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 3 if something would change")
    parser.add_argument(
        "--dry-run", action="store_true", help="write nothing; show what would change, segment by segment"
    )
    matching = parser.add_mutually_exclusive_group()
    matching.add_argument(
        "--keep-fuzzy", action="store_true",
        help="keep what people wrote for the old text of an edited segment, fuzzy, instead of translating it anew",
    )  # fmt: skip
    matching.add_argument("--no-fuzzy-matching", action="store_true", help="treat every edited segment as a new one")
    parser.add_argument(
        "--similarity", type=_percentage, metavar="N",
        help="likeness in percent from which on a new segment counts as an edit of an old one (default: 75)",
    )  # fmt: skip
    parser.add_argument("--no-memory", action="store_true", help="do not reuse what people approved elsewhere")
    parser.add_argument(
        "--trust-memory", action="store_true",
        help="what was approved for the same text, role and terms counts as approved; otherwise it is fuzzy",
    )  # fmt: skip
    parser.add_argument("--pot", action="store_true", help="also write a gettext template, LOCALES/ARTICLE.pot")
    parser.add_argument("--keep-boilerplate", action="store_true", help="translate promotion and trailer lines, too")
    parser.add_argument("--retranslate", action="store_true", help="redo machine translations that nobody has touched")
    parser.add_argument("--publish", metavar="DIR", help="also write an English draft of each article into DIR")
    clustering.add_arguments(parser)
    add_json(parser)


def _percentage(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100")
    return int(text)


class _Opener:
    """Opens the engine when it is first asked for, once for all articles."""

    def __init__(self, configuration: Config, progress: Any) -> None:
        self.engine: Engine | None = None
        self._configuration = configuration
        self._progress = progress

    def __call__(self) -> Engine:
        if self.engine is None:
            one = self._configuration
            self.engine = create(one.engine, progress=self._progress, beam_size=one.beam_size, threads=one.threads)
        return self.engine


def run(args: argparse.Namespace) -> int:
    """Translate the articles, one after the other; a broken one stops the run before anything of it is written."""
    configuration = settings(args).replace(similarity=args.similarity, pot=args.pot or None)
    require_known(configuration.engine)
    glossary = read_glossary(configuration)
    shared = Settings(
        glossary=glossary,
        locales=Path(configuration.locales),
        root=configuration.root,
        boilerplate=patterns(configuration),
        keep_boilerplate=args.keep_boilerplate,
        retranslate=args.retranslate,
        engine=configuration.engine,
        fuzzy=None if args.no_fuzzy_matching else FuzzyMatching(configuration.similarity, keep=args.keep_fuzzy),
        template=configuration.pot,
        memory=None if args.no_memory else cache(partial(Memory.open, Path(configuration.locales))),
        trust_memory=args.trust_memory,
        similarity=configuration.similarity,
    )
    if args.cluster is None and (args.workers or args.worker_gpus):
        raise InputError("--workers and --worker-gpus are for clusters: add --cluster ray, or leave them out")
    if args.cluster is not None and not (args.check or args.dry_run):
        return clustering.run(args, configuration, shared)
    paths = [Path(name) for name in args.articles]
    if args.check or args.dry_run:
        common = {"engine": configuration.engine, "glossary": glossary.hash}
        plans = (plan_article(path, shared) for path in paths)
        stale = show_plans(plans, common, args.json, detailed=args.dry_run)
        return EXIT_WOULD_CHANGE if stale and args.check else EXIT_FINE
    pos: dict[int, Path] = {}
    untranslated, terms = 0, TermCount()
    with tempfile.TemporaryFile() as file:
        results = Results(file, with_json=bool(args.json))
        with progress_bar() as progress:
            opener = _Opener(configuration, progress)

            def translated(path: Path, plan: Plan | None) -> ArticleReport:
                return translate_article(path, shared, opener, progress, plan=plan)

            for number, report in each_article(paths, shared, translated):
                results.add(number, report)
                pos[number] = Path(report.po)
                untranslated += report.segments - report.translated - report.reused
                terms += report.terms
        if args.json:
            head = {
                "engine": opener.engine.name if opener.engine else configuration.engine,
                "revision": opener.engine.revision if opener.engine else None,
                "glossary": glossary.hash,
            }
            results.emit_json(head, args.json)
        if args.json != "-":
            results.write_text(sys.stdout)
    for number in sorted(pos) if args.publish else ():
        place = configuration.replace(output=args.publish)
        out = write_article(pos[number], place, Fuzzy.INCLUDE, glossary, args.keep_boilerplate)
        if args.json != "-":
            print(f"  English draft: {shown(str(out[0]))}")
    if args.strict and terms.missing:
        return EXIT_TERMS
    return EXIT_FINDINGS if untranslated else EXIT_FINE
