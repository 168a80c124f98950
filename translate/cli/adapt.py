"""``adapt``: train the shipped model further on parallel text."""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from translate.cli import EXIT_FINE, EXIT_INTERRUPTED
from translate.cli.common import add_json, count, emit_json, existing_file, shown
from translate.errors import InputError

if TYPE_CHECKING:
    from translate.adapt.options import Options
    from translate.adapt.trainer import Report

Value = TypeVar("Value")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    data = parser.add_argument_group("data")
    data.add_argument("--pairs", nargs="+", action="extend", metavar="TSV", help="lines of Japanese TAB English (.gz)")
    data.add_argument("--po", nargs="+", action="extend", metavar="PO", help="PO files; approved entries are taken")
    data.add_argument(
        "--held-out", nargs="+", default=["0.05"], metavar="FILE",
        help="FILE.ja FILE.en to evaluate on, or the share of the pairs to hold out (default: 0.05; 0 for none)",
    )  # fmt: skip
    data.add_argument(
        "--exclude", nargs="+", default=[], metavar="FILE", help="test sets whose lines must not be trained on"
    )
    data.add_argument(
        "--select", action="append", default=[], metavar="FILE=N",
        help="of this file, keep the N pairs nearest to --near; repeat for more files",
    )  # fmt: skip
    data.add_argument("--near", metavar="FILE", help="Japanese lines (or pairs) of the domain to be near to")
    data.add_argument(
        "--repeat", action="append", default=[], metavar="FILE=N", help="this file's pairs come N times in a pass"
    )
    data.add_argument(
        "--licence",
        action="append",
        default=[],
        metavar="[FILE=]NAME",
        help="licence of a file, or of all, for the card",
    )
    data.add_argument(
        "--list", nargs="+", default=[], metavar="TSV", help="word lists, Japanese TAB English, for marks"
    )
    data.add_argument("--marked", type=_share, metavar="SHARE", help="part of the pairs to put marks in (default: 0.5)")
    model = parser.add_argument_group("model")
    model.add_argument("--output", required=True, metavar="FOLDER", help="folder to write, such as models/NAME")
    model.add_argument(
        "--from", dest="start", default="", metavar="FOLDER", help="model to begin with (default: the shipped one)"
    )
    model.add_argument(
        "--fresh", action="store_true", help="begin with a new adapter; take only the token lists of --from"
    )
    model.add_argument(
        "--reverse", action="store_true",
        help="train what judges the translations of --from, for --quality best; belongs into its folder as `reverse`",
    )  # fmt: skip
    model.add_argument(
        "--rank", type=count, metavar="N", help="rank (default: that of --from; 12 if --reverse begins anew)"
    )
    training = parser.add_argument_group("training")
    length = training.add_mutually_exclusive_group()
    length.add_argument(
        "--minutes", type=_positive, metavar="N", help="time to take, evaluations included (default: 20)"
    )
    length.add_argument("--steps", type=count, metavar="N", help="steps to take instead")
    training.add_argument(
        "--learning-rate", type=_positive, metavar="RATE", help="highest learning rate (default: 3e-4)"
    )
    training.add_argument(
        "--decay", type=_share, metavar="SHARE", help="part of the steps over which the rate falls (default: 0.4)"
    )
    training.add_argument(
        "--blend", type=_share, metavar="SHARE",
        help="keep what lies so far on the way from the model to begin with to what was learned: less forgets less "
        "(default: 1)",
    )  # fmt: skip
    training.add_argument(
        "--eval-every", type=_positive, metavar="MIN", help="minutes between evaluations (default: 20)"
    )
    training.add_argument("--eval-lines", type=count, metavar="N", help="lines to translate then (default: 100)")
    training.add_argument(
        "--save-every", type=_positive, metavar="MIN", help="minutes between saved states (default: 3)"
    )
    training.add_argument("--batch-tokens", type=count, metavar="N", help="tokens of a batch (default: 2600)")
    training.add_argument("--threads", type=count, metavar="N", help="processor threads (all by default)")
    training.add_argument(
        "--workers", type=count, metavar="N", help="processes that make batches for a GPU (default: one a core but one)"
    )
    training.add_argument("--seed", type=int, metavar="N", help="decides order, marks, held-out sentences (default: 0)")
    training.add_argument("--device", choices=("auto", "cpu", "cuda"), help="where to train (default: auto)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Train, and print the scores; a run that was stopped exits with 130 and goes on when it is typed again."""
    from translate.adapt.direction import told
    from translate.adapt.run import adapt

    options = _options(args)
    with _bar() as (telling, report):
        facts = adapt(options, telling=telling, report=report, note=_note)
    if args.json:
        emit_json({"output": str(options.output), **facts}, args.json)
    if args.json != "-":
        for score in facts["scores"]:
            kept = " (kept)" if score["step"] == facts["best_step"] else ""
            words = ", ".join(f"{name} {figure}" for name, figure in told(score).items())
            print(f"step {score['step']:.0f}: {words}{kept}")
        print(f"{options.output}: {facts['done']} of {facts['steps'] or '?'} steps, {facts['tokens_seen']:,} tokens")
    if facts["finished"]:
        return EXIT_FINE
    _note(f"stopped after step {facts['done']}; run the same command again to go on")
    return EXIT_INTERRUPTED


def _options(args: argparse.Namespace) -> Options:
    from translate.adapt.options import Options
    from translate.engines.embedded_model import adapter_folder

    if not args.pairs and not args.po:
        raise InputError("adapt: no data; give --pairs FILE.tsv… or --po FILE.po…")
    if bool(args.select) != bool(args.near):
        raise InputError("adapt: --select FILE=N and --near FILE belong together; give both or neither")
    if args.blend == 0:
        raise InputError("adapt: --blend 0 would keep nothing of what was learned; give a share above 0")
    given = {
        "minutes": args.minutes, "blend": args.blend, "learning_rate": args.learning_rate, "decay": args.decay,
        "seed": args.seed, "save_every": args.save_every, "evaluate_every": args.eval_every,
        "evaluate_lines": args.eval_lines, "batch_tokens": args.batch_tokens, "device": args.device,
        "marked": args.marked, "near": existing_file(args.near) if args.near else None,
    }  # fmt: skip
    return Options(
        output=Path(args.output),
        start=adapter_folder(args.start),
        pairs=_files(args.pairs or []),
        po=_files(args.po or []),
        fresh=args.fresh,
        reverse=args.reverse,
        steps=args.steps,
        rank=args.rank,
        held_out=_held_out(args.held_out),
        exclude=_files(args.exclude),
        select=_by_file(args.select, "--select", count),
        repeat=_by_file(args.repeat, "--repeat", count),
        licences=_by_file(args.licence, "--licence", str, nameless=True),
        lists=_files(args.list),
        threads=args.threads,
        workers=args.workers,
        command=shlex.join(["yakubun", *sys.argv[1:]]),
        **{name: value for name, value in given.items() if value is not None},
    )


def _files(names: list[str]) -> tuple[Path, ...]:
    return tuple(existing_file(name) for name in names)


def _held_out(words: list[str]) -> tuple[Path, Path] | float:
    if len(words) == 2:
        return existing_file(words[0]), existing_file(words[1])
    try:
        return _share(words[0])
    except argparse.ArgumentTypeError as error:
        message = f"--held-out {' '.join(words)}: give FILE.ja FILE.en, or a share from 0 to 1"
        raise InputError(message) from error


def _by_file(
    words: list[str], option: str, convert: Callable[[str], Value], *, nameless: bool = False
) -> dict[str, Value]:
    """Read ``FILE=VALUE`` words into a mapping by the file's name; without FILE the value is for all."""
    found = {}
    for word in words:
        name, equals, value = word.rpartition("=")
        if not equals and not nameless:
            raise InputError(f"adapt: {option} {word}: write FILE={word}, with the name of one of the data files")
        try:
            found[Path(name).name if name else ""] = convert(value)
        except argparse.ArgumentTypeError as error:
            raise InputError(f"adapt: {option} {word}: {error}") from error
    return found


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return number


def _positive(text: str) -> float:
    number = _number(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    return number


def _share(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1")
    return number


def _note(text: str) -> None:
    print(f"yakubun: {shown(text)}", file=sys.stderr)


@contextmanager
def _bar() -> Iterator[tuple[Callable[[str, int, int], None], Callable[[Report], None]]]:
    """Yield what is told of the preparation and of the training; both are silent where there is no terminal."""
    if not sys.stderr.isatty():
        yield (lambda _what, _done, _total: None), (lambda _report: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def telling(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        def report(now: Report) -> None:
            bar.update(task, description=describe(now), completed=now.step, total=now.total or None)

        yield telling, report


def describe(now: Report) -> str:
    """Return what the bar says: loss, tokens per second, and how long it will take.

    >>> from translate.adapt.trainer import Report
    >>> describe(Report(step=20, total=100, loss=1.5, tokens_per_second=310.4, left=3700))
    'training, loss 1.50, 310 tokens/s, 1:01:40 left'
    """
    parts = [now.what]
    if math.isfinite(now.loss):
        parts.append(f"loss {now.loss:.2f}")
    if math.isfinite(now.tokens_per_second):
        parts.append(f"{now.tokens_per_second:.0f} tokens/s")
    if math.isfinite(now.left):
        parts.append(f"{timedelta(seconds=round(now.left))} left")
    return ", ".join(parts)
