"""The sets of a run: files read, cleaned, selected, and what is held out kept out of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from translate.adapt import data, selection
from translate.adapt.data import Pair, Source
from translate.adapt.options import Options
from translate.errors import InputError


@dataclass(frozen=True)
class Sets:
    """The data of a run, ready for use.

    Attributes:
        sources: What each file gave, after selection and without what is held out.
        train: All pairs to train on.
        order: Indices of one pass, repetitions included.
        held_out: Pairs to evaluate on.
        held_out_name: What a card calls them.
    """

    sources: list[Source]
    train: list[Pair]
    order: list[int]
    held_out: list[Pair]
    held_out_name: str


def read_sets(options: Options) -> Sets:
    """Read, clean, select and split the data.

    Raises:
        YakubunError: A file cannot be read, or no pair is left.
    """
    by_name = {"repeat": options.repeat, "select": options.select, "licence": options.licences}
    names = {path.name for path in (*options.pairs, *options.po)}
    for option, values in by_name.items():
        for name in values:
            if name and name not in names:
                raise InputError(f"--{option} {name}=…: no such file among the data: {', '.join(sorted(names))}")
    sources = []
    for read, paths in ((data.read_tsv, options.pairs), (data.read_po, options.po)):
        for path in paths:
            licence = options.licences.get(path.name, options.licences.get("", "not stated"))
            sources.append(read(path, licence, options.repeat.get(path.name, 1)))
    if isinstance(options.held_out, tuple):
        held_out, name = data.read_lines(*options.held_out), options.held_out[0].stem
    else:
        everything = [pair for source in sources for pair in source.pairs]
        held_out = data.hold_out(everything, options.held_out, options.evaluate_lines, options.seed)
        name = "drawn from the data"
    secret = data.keys_of(held_out) | {data.key(line) for path in options.exclude for line in _any_lines(path)}
    near = [*_any_lines(options.near, japanese=True)] if options.near else []
    for source in sources:
        left = data.without(source.pairs, secret)
        source.dropped["held out"] += len(source.pairs) - len(left)
        count = options.select.get(source.path.name)
        source.pairs = left if count is None else selection.nearest(left, near, count, options.seed)
        source.dropped["not selected"] += len(left) - len(source.pairs)
        source.dropped = +source.dropped
    train = [pair for source in sources for pair in source.pairs]
    if not train:
        dropped = ", ".join(f"{n} {reason}" for source in sources for reason, n in source.dropped.items())
        raise InputError(f"no pairs to train on ({dropped or 'the files are empty'}); see docs on what adapt reads")
    order, first = [], 0
    for source in sources:
        order += [*range(first, first + len(source.pairs))] * source.repeat
        first += len(source.pairs)
    step = max(1, len(held_out) // max(1, options.evaluate_lines))
    return Sets(sources, train, order, held_out[::step][: options.evaluate_lines], name)


def _any_lines(path: Path, *, japanese: bool = False) -> Iterator[str]:
    """Yield the cells of a tab-separated file, or only the first, Japanese ones; or the lines of a plain one."""
    try:
        for line in data.lines_of(path):
            cells = line.split("\t", 1)[:1] if japanese else line.split("\t")
            yield from (cell.strip() for cell in cells if cell.strip())
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error.reason}); convert it, with iconv for example") from error
    except OSError as error:
        raise InputError(f"{path}: cannot read: {error.strerror or error}; check the path") from error
