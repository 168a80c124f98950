"""What several commands share: settings, glossary, engine, progress, JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from translate import config
from translate.atomic import write_bytes
from translate.cli.json_text import written
from translate.cli.terminal import shown as shown
from translate.cli.terminal import visible as visible
from translate.config import Config
from translate.engines import QUALITIES
from translate.engines.base import Progress
from translate.errors import InputError
from translate.glossary import Glossary, load

_INPUTS = frozenset(
    {".po", ".pot", ".txt", ".csv", ".tsv", ".toml", ".jsonl", ".md", ".html", ".htm", ".tmx", ".tbx", ".xlf", ".xliff"}
)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json [PATH]``."""
    parser.add_argument(
        "--json",
        nargs="?",
        const="-",
        type=_json_path,
        metavar="PATH",
        help="write the result as JSON (to standard output without PATH)",
    )


def _json_path(name: str) -> str:
    """Refuse what is more likely the next argument than the option's: `--json x.po` would overwrite a PO file."""
    if Path(name).suffix.lower() in _INPUTS:
        raise argparse.ArgumentTypeError(f"{name}: would be overwritten; name a .json file, or put --json last")
    return name


def add_glossary(parser: argparse.ArgumentParser) -> None:
    """Add ``--glossary FILE|default|none``, which may be repeated."""
    parser.add_argument(
        "--glossary", action="append", metavar="FILE",
        help="glossary CSV; repeat to stack; 'default' is the shipped one, 'none' turns it off",
    )  # fmt: skip


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose and steer an engine."""
    parser.add_argument(
        "--engine",
        metavar="NAME",
        help="embedded (default), embedded:FOLDER, ct2:FOLDER-OR-NAME, hf:HUB-ID-OR-FOLDER, chat:URL#MODEL, fake",
    )
    width = parser.add_mutually_exclusive_group()
    width.add_argument(
        "--quality", choices=tuple(QUALITIES), help="a third of the time, or three times the time and a better choice"
    )
    width.add_argument("--beam-size", type=count, metavar="N", help="width of the search; 1 is fastest, 4 the default")
    parser.add_argument(
        "--threads", type=count, metavar="N", help="processor threads (all by default), or requests at once to a server"
    )


def add_locales(parser: argparse.ArgumentParser) -> None:
    """Add ``--locales DIR``."""
    parser.add_argument("--locales", metavar="DIR", help="folder of the PO files (default: locales)")


def count(text: str) -> int:
    """Read a whole number from 1 on, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def settings(args: argparse.Namespace) -> Config:
    """Return the configuration with the command line's flags on top."""
    flags = {
        name: getattr(args, option, None)
        for name, option in {
            "engine": "engine", "glossaries": "glossary", "locales": "locales", "beam_size": "beam_size",
            "threads": "threads", "output": "output",
        }.items()
    }  # fmt: skip
    quality = getattr(args, "quality", None)
    if quality:
        flags["beam_size"] = QUALITIES[quality]
    return config.load(Path()).replace(**flags)


def read_glossary(configuration: Config) -> Glossary:
    """Load the glossary files of the configuration; with one, numbers and dates are terms unless it says otherwise."""
    paths = configuration.glossary_paths
    return replace(load(paths), numbers=configuration.numbers and bool(paths))


def emit_json(value: Any, path: str) -> None:
    """Write a result as JSON to standard output (``-``) or to a file."""
    text = written(value) + "\n"
    if path == "-":
        # A lone surrogate of a broken source has no UTF-8 form; JSON can spell it.
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode())
    else:
        write_bytes(Path(path), text.encode("utf-8", "backslashreplace"))


def existing_file(name: str) -> Path:
    """Return the path of a file that must be there.

    Raises:
        InputError: It is missing or a folder.
    """
    path = Path(name)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file")
    if not path.exists():
        raise InputError(f"{path}: no such file; check the path")
    return path


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a progress function that draws a bar on standard error; silent where that is no terminal."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(shown(what, 60))
            bar.update(tasks[what], completed=done, total=total)

        yield advance


def table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print a table on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=Text(shown(title)) if title else None, title_justify="left")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(shown(cell)) for cell in row))

    class Output(Console):
        def on_broken_pipe(self) -> None:  # rich would exit with 1; `main` knows better
            raise BrokenPipeError

    Output(width=None if sys.stdout.isatty() else 140).print(grid)
