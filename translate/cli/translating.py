"""``translate``: articles into PO files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from translate.cli import EXIT_FINDINGS, EXIT_FINE, EXIT_TERMS, EXIT_WOULD_CHANGE
from translate.cli.common import (
    add_engine,
    add_glossary,
    add_json,
    add_locales,
    emit_json,
    progress_bar,
    read_glossary,
    settings,
    shown,
)
from translate.cli.publishing import patterns, write_article
from translate.config import Config
from translate.engines import create, require_known
from translate.engines.base import Engine
from translate.pipeline import Settings, plan_article, translate_article
from translate.publishing import Fuzzy
from translate.reporting import ArticleReport, TermCount


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("articles", nargs="+", metavar="ARTICLE", help="a Japanese article (.txt)")
    add_engine(parser)
    add_glossary(parser)
    add_locales(parser)
    parser.add_argument("--strict", action="store_true", help="exit 4 if a hard term is missing from a saved PO file")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 3 if something would change")
    parser.add_argument("--keep-boilerplate", action="store_true", help="translate promotion and trailer lines, too")
    parser.add_argument("--retranslate", action="store_true", help="redo machine translations that nobody has touched")
    parser.add_argument("--publish", metavar="DIR", help="also write an English draft of each article into DIR")
    add_json(parser)


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
    configuration = settings(args)
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
    )
    paths = [Path(name) for name in args.articles]
    plans = [plan_article(path, shared) for path in paths]  # so that a bad article is told before a good one is begun
    if args.check:
        stale = [plan for plan in plans if plan.pending or plan.changed]
        for plan in stale:
            change = f"would change {shown(str(plan.po))}, {len(plan.pending)} segments to translate"
            print(f"{shown(plan.document.path)}: {change}", file=sys.stderr if args.json == "-" else sys.stdout)
        if args.json:
            rows = [
                {
                    "path": plan.document.path,
                    "po": str(plan.po),
                    "pending": len(plan.pending),
                    "changed": bool(plan.pending) or plan.changed,
                }
                for plan in plans
            ]
            emit_json({"engine": configuration.engine, "glossary": glossary.hash, "articles": rows}, args.json)
        return EXIT_WOULD_CHANGE if stale else EXIT_FINE
    with progress_bar() as progress:
        opener = _Opener(configuration, progress)
        reports = [translate_article(path, shared, opener, progress) for path in paths]
    engine = opener.engine
    if args.json:
        emit_json(_as_json(configuration, engine, glossary.hash, reports), args.json)
    if args.json != "-":
        for report in reports:
            _print(report)
    if args.publish:
        for report in reports:
            out = write_article(
                Path(report.po),
                configuration.replace(output=args.publish),
                Fuzzy.INCLUDE,
                glossary,
                args.keep_boilerplate,
            )
            if args.json != "-":
                print(f"  English draft: {shown(str(out[0]))}")
    total = sum((report.terms for report in reports), TermCount())
    if args.strict and total.missing:
        return EXIT_TERMS
    return (
        EXIT_FINDINGS if any(report.segments > report.translated + report.reused for report in reports) else EXIT_FINE
    )


def _print(report: ArticleReport) -> None:
    terms = report.terms
    left = report.segments - report.translated - report.reused
    print(f"{shown(report.path)}")
    print(f"  po: {shown(report.po)}")
    parts = f"{report.translated} translated now, {report.reused} reused, {left} untranslated"
    print(f"  segments: {report.segments} ({parts})")
    waived = f", {terms.waived} waived" if terms.waived else ""
    print(f"  glossary: {terms.satisfied} of {terms.matched} hard terms in place{waived}")
    if report.stages:
        print(
            "  stages: "
            + ", ".join(f"{name} {count}" for name, count in sorted(report.stages.items(), key=lambda one: -one[1]))
        )
    errors = [one for one in report.findings if one[2].severity == "error"]
    for line, msgid, finding in errors[:20]:
        print(f"  {shown(report.po)}:{line}: {finding.check}: {shown(finding.message)} [{shown(msgid, 30)}]")
    if len(errors) > 20:
        print(f"  … and {len(errors) - 20} more: yakubun check {shown(report.po)}")
    print(f"  time: {report.seconds:.1f} s")


def _as_json(
    configuration: Config, engine: Engine | None, glossary: str, reports: list[ArticleReport]
) -> dict[str, Any]:
    return {
        "engine": engine.name if engine else configuration.engine,
        "revision": engine.revision if engine else None,
        "glossary": glossary,
        "articles": [
            {
                "path": report.path,
                "po": report.po,
                "segments": report.segments,
                "translated": report.translated,
                "reused": report.reused,
                "terms": {
                    "matched": report.terms.matched,
                    "satisfied": report.terms.satisfied,
                    "waived": report.terms.waived,
                },
                "stages": dict(report.stages),
                "findings": [
                    {"line": line, "msgid": msgid, "check": one.check, "severity": one.severity, "message": one.message}
                    for line, msgid, one in report.findings
                ],
                "seconds": round(report.seconds, 3),
            }
            for report in reports
        ],
    }
