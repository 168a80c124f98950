"""``status``: how far each article is."""

from __future__ import annotations

import argparse
from pathlib import Path

from translate.catalog import State
from translate.cli import EXIT_FINE
from translate.cli.common import add_glossary, add_json, add_locales, count, emit_json, read_glossary, settings, shown
from translate.cli.common import table as print_table
from translate.edition import patterns
from translate.pipeline import Settings
from translate.status import ArticleStatus, article_status, confidence

_COLUMNS = ("article", "segments", "approved", "fuzzy", "untranslated", "stale", "obsolete")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--worst", type=count, default=0, metavar="N",
        help="also list the N segments of each article that the machine is least sure of and nobody approved",
    )  # fmt: skip
    add_locales(parser)
    add_glossary(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Show a line for each article: fuzzy is English that nobody approved, stale what changed in the article since."""
    configuration = settings(args)
    locales = Path(configuration.locales)
    shared = Settings(read_glossary(configuration), locales, configuration.root, patterns(configuration))
    found = [
        article_status(po, shared, worst=args.worst) for po in sorted((locales / "en" / "LC_MESSAGES").glob("*.po"))
    ]
    if args.json:
        emit_json({"articles": [_as_json(one, args.worst) for one in found]}, args.json)
    if args.json != "-":
        _print(found, args.worst, locales)
    return EXIT_FINE


def _as_json(one: ArticleStatus, worst: int) -> dict[str, object]:
    states = {str(state): one.states.get(state, 0) for state in State}
    return {
        "article": one.article,
        "po": str(one.po),
        "segments": one.segments,
        **states,
        "fuzzy": one.fuzzy,
        "stale": one.stale,
        "obsolete": one.obsolete,
        "worst": [
            {"line": entry.line, "msgid": entry.msgid, "msgstr": entry.msgstr, "confidence": confidence(entry)}
            for entry in one.worst[:worst]
        ],
    }


def _print(found: list[ArticleStatus], worst: int, locales: Path) -> None:
    if not found:
        print(f"no PO files in {shown(str(locales))}; `yakubun translate ARTICLE` makes them")
        return
    rows = []
    for one in found:
        counts = (one.segments, one.states.get(State.APPROVED, 0), one.fuzzy, one.states.get(State.UNTRANSLATED, 0))
        rows.append([one.article, *counts, "no article" if one.stale is None else one.stale, one.obsolete])
    print_table("", list(_COLUMNS), [[str(cell) for cell in row] for row in rows])
    for one in found:
        for entry in one.worst[:worst]:
            sure = confidence(entry)
            estimate = "  –  " if sure is None else f"{sure:5.2f}"
            print(f"{estimate}  {shown(str(one.po))}:{entry.line}: {shown(entry.msgstr, 90)}")
