"""``translate --cluster``: the same articles, results and exit codes, with the engines on a Ray cluster."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack, closing, redirect_stdout
from pathlib import Path

from translate.cli import EXIT_FINDINGS, EXIT_FINE, EXIT_TERMS
from translate.cli.article_output import Results
from translate.cli.common import count, progress_bar, shown
from translate.cli.publishing import write_article
from translate.config import Config
from translate.errors import ClusterError, InputError, YakubunError
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
    with tempfile.TemporaryFile() as file:
        results = Results(file, with_json=bool(args.json))
        with (
            progress_bar() as progress,
            redirect_stdout(sys.stderr),  # Ray prints what befalls its nodes; standard output is for results
            RayPool(args.cluster, spec, workers=args.workers, gpus=args.worker_gpus, progress=progress) as pool,
            ExitStack() as stack,
        ):
            driver = Driver(paths, settings, pool, progress)
            outcomes = stack.enter_context(closing(driver.outcomes()))  # before the pool, whatever interrupts
            for outcome in outcomes:
                report, error = outcome.report, outcome.error
                if report:
                    drafts, failed = _published(report, args, configuration, settings) if args.publish else ("", "")
                    error = error or failed
                    results.add(outcome.number, report, [drafts])
                    untranslated += report.segments - report.translated - report.reused
                    missing += report.terms.missing
                if error:
                    errors.append(error)
                    print(f"yakubun: {error}", file=sys.stderr)
            told = {"address": args.cluster or "local", "workers": pool.workers(), "retries": driver.retries}
        head = {
            "engine": pool.name or configuration.engine,
            "revision": pool.revision or None,
            "glossary": settings.glossary.hash,
            "cluster": told,
            "failed": errors,
        }
        if args.json:
            results.emit_json(head, args.json)
        if args.json != "-":
            results.write_text(sys.stdout)
    if errors:
        more = f" (and {len(errors) - 1} more, see above)" if len(errors) > 1 else ""
        raise ClusterError(f"{errors[-1]}{more}")
    if args.strict and missing:
        return EXIT_TERMS
    return EXIT_FINDINGS if untranslated else EXIT_FINE


def _published(
    report: ArticleReport, args: argparse.Namespace, configuration: Config, settings: Settings
) -> tuple[str, str]:
    """Write an article's English draft; return the line to show, or why there is none."""
    place = configuration.replace(output=args.publish)
    try:
        source = configuration.root / report.path
        out = write_article(Path(report.po), source, place, Fuzzy.INCLUDE, settings.glossary, args.keep_boilerplate)
    except YakubunError as error:
        return "", str(error)
    return f"  English draft: {shown(str(out[0]))}\n", ""
