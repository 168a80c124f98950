"""``translate --cluster``: the same articles, results and exit codes, with the engines on a Ray cluster."""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from translate.atomic import write_bytes
from translate.cli import EXIT_FINDINGS, EXIT_FINE, EXIT_TERMS
from translate.cli.article_output import as_json, print_report
from translate.cli.common import count, progress_bar, shown
from translate.cli.publishing import write_article
from translate.config import Config
from translate.errors import ClusterError, InputError
from translate.formats import reader_for
from translate.pipeline import Settings
from translate.publishing import Fuzzy
from translate.reporting import ArticleReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of clusters."""
    parser.add_argument(
        "--cluster", type=_cluster, metavar="ray[:ADDRESS]",
        help="run engines on Ray: `ray` on this machine, `ray:auto` or `ray:HOST:PORT` on a cluster that it is part of",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=count, metavar="N", help="engines on the cluster (default: as many as it has processors for)"
    )
    parser.add_argument(
        "--worker-gpus",
        type=_share,
        default=0.0,
        metavar="X",
        help="GPUs of each worker, such as 1 or 0.5 (default: 0)",
    )


def _cluster(text: str) -> str:
    """Return the address in ``ray[:ADDRESS]``, empty for a cluster of this machine's own."""
    kind, _, address = text.partition(":")
    host, _, port = address.rpartition(":")
    if kind != "ray" or text == "ray:" or (address not in ("", "auto") and not (host and port.isdecimal())):
        raise argparse.ArgumentTypeError(f"{text!r} is not ray, ray:auto or ray:HOST:PORT")
    return address


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of GPUs such as 1 or 0.5")
    return value


def run(args: argparse.Namespace, configuration: Config, settings: Settings) -> int:
    """Translate the articles on a cluster; one that fails does not stop the others, and is told at the end."""
    from translate.cluster.driver import Driver
    from translate.cluster.ray_pool import RayPool
    from translate.cluster.worker import EngineSpec

    paths = [Path(name) for name in args.articles]
    for path in paths:
        reader_for(str(path))
        if not path.is_file():
            raise InputError(f"{path}: is a folder or does not exist; nothing was begun, check the path")
    spec = EngineSpec(configuration.engine, configuration.beam_size, configuration.threads or 1)
    errors: list[str] = []
    untranslated = missing = 0
    with tempfile.TemporaryFile() as file, progress_bar() as progress:
        results = _Results(file)
        with RayPool(
            args.cluster, spec, workers=args.workers, gpus=args.worker_gpus, progress=progress
        ) as pool:  # fmt: skip
            driver = Driver(paths, settings, pool, progress)
            for outcome in driver.outcomes():
                if outcome.error:
                    errors.append(outcome.error)
                    print(f"yakubun: {outcome.error}", file=sys.stderr)
                if outcome.report:
                    drafts = [_published(outcome.report, args, configuration, settings)] if args.publish else []
                    results.add(outcome.number, outcome.report, drafts)
                    untranslated += outcome.report.segments - outcome.report.translated - outcome.report.reused
                    missing += outcome.report.terms.missing
            told = {"address": args.cluster or "local", "workers": pool.workers(), "retries": driver.retries}
        head = {
            "engine": pool.name or configuration.engine,
            "revision": pool.revision or None,
            "glossary": settings.glossary.hash,
            "cluster": told,
            "failed": errors,
        }
        if args.json == "-":
            results.write_json(head, sys.stdout)
        elif args.json:
            text = io.StringIO()
            results.write_json(head, text)
            write_bytes(Path(args.json), text.getvalue().encode("utf-8", "backslashreplace"))
        if args.json != "-":
            results.write_text(sys.stdout)
    if errors:
        more = f" (and {len(errors) - 1} other articles, see above)" if len(errors) > 1 else ""
        raise ClusterError(f"{errors[-1]}{more}")
    if args.strict and missing:
        return EXIT_TERMS
    return EXIT_FINDINGS if untranslated else EXIT_FINE


def _published(report: ArticleReport, args: argparse.Namespace, configuration: Config, settings: Settings) -> str:
    place = configuration.replace(output=args.publish)
    out = write_article(Path(report.po), place, Fuzzy.INCLUDE, settings.glossary, args.keep_boilerplate)
    return f"  English draft: {shown(str(out[0]))}\n"


class _Results:
    """What is to be shown of each article, kept in a file until the order is known: a million do not fit in memory."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._places: dict[int, tuple[int, int, int]] = {}  # number of the article → offset, lengths of text and JSON

    def add(self, number: int, report: ArticleReport, lines: Iterable[str]) -> None:
        """Note an article's lines and JSON."""
        text = io.StringIO()
        with redirect_stdout(text):
            print_report(report)
        shown_lines = (text.getvalue() + "".join(lines)).encode("utf-8", "backslashreplace")
        record = json.dumps(as_json(report), ensure_ascii=False, indent=1, allow_nan=False)
        record_lines = record.encode("utf-8", "backslashreplace")
        offset = self._file.seek(0, io.SEEK_END)
        self._file.write(shown_lines + record_lines)
        self._places[number] = (offset, len(shown_lines), len(record_lines))

    def write_text(self, stream: Any) -> None:
        """Write the lines of all articles, in the order of the command line."""
        for number in sorted(self._places):
            offset, length, _ = self._places[number]
            stream.write(self._read(offset, length))

    def write_json(self, head: dict[str, Any], stream: Any) -> None:
        """Write one JSON object with ``articles`` as its last member."""
        stream.write(json.dumps(head, ensure_ascii=False, indent=1, allow_nan=False).removesuffix("\n}"))
        stream.write(',\n "articles": [')
        for at, number in enumerate(sorted(self._places)):
            offset, length, more = self._places[number]
            stream.write(("," if at else "") + "\n" + self._read(offset + length, more))
        stream.write("\n ]\n}\n")

    def _read(self, offset: int, length: int) -> str:
        self._file.seek(offset)
        return str(self._file.read(length), "utf-8")
