"""What a project has decided once: ``yakubun.toml``, or ``[tool.yakubun]`` in ``pyproject.toml``.

The nearest file counts, looked for from the folder where the command runs upwards, to the repository's top. A setting
that does not exist is an error, not a silent no-op. Command-line flags override what the file says. A whole file::

    engine = "embedded"                     # or ct2:FOLDER, hf:FOLDER, chat:URL#MODEL
    glossaries = ["default", "terms.csv"]   # later ones win; "none" for no glossary
    boilerplate = ["our-footers.txt"]       # more patterns of lines that are not the article
    locales = "locales"
    output = "articles/en"
    beam_size = 4
    threads = 2
    similarity = 75                         # percent; what an edited sentence must share with its old self
    pot = true                              # write a gettext template for each article

    ledger = "scores/ledger.jsonl"          # history of the scores
    numbers = true                          # numbers and dates are terms, too, wherever there is a glossary

    [style]                                 # see housestyle.py
    headings = "title"

    [checks]                                # error, warning or off; `yakubun check --list` shows their names
    length = "off"
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from translate import bounded
from translate.checks import CATALOG_CHECKS, LEVELS, SEGMENT_CHECKS
from translate.errors import InputError
from translate.housestyle import HouseStyle
from translate.resources import shipped

FILE_NAME = "yakubun.toml"
SHIPPED_GLOSSARY, NO_GLOSSARY = "default", "none"

_EXPECTED = {
    "engine": 'a string such as "embedded" or "ct2:FOLDER"',
    "glossaries": 'a list of files such as ["default", "terms.csv"], or ["none"]',
    "locales": 'a folder such as "locales"',
    "boilerplate": 'a list of pattern files such as ["our-footers.txt"]',
    "output": 'a folder such as "articles/en"',
    "beam_size": "a whole number from 1 on",
    "threads": "a whole number from 1 on",
    "similarity": "a whole number from 1 to 100",
    "pot": "true or false",
    "numbers": "true or false",
    "ledger": 'a file such as "scores/ledger.jsonl"',
    "checks": 'a table such as [checks] with length = "off"',
    "style": 'a table such as [style] with headings = "title"',
}
_LONGEST = 1000  # characters of a path or name
_LISTS, _COUNTS = {"glossaries", "boilerplate"}, {"beam_size", "threads", "similarity"}
_TABLES, _SWITCHES = {"style", "checks"}, {"pot", "numbers"}


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a run. Paths are ready for use from the current folder; those of a file got its folder in front.

    Attributes:
        engine: The engine's name, with its argument if it takes one, see ``engines.create``.
        glossaries: Glossary files, later ones win; ``default`` is the shipped one, ``none`` alone means no glossary.
        locales: Folder of the PO files.
        boilerplate: Pattern files beside the shipped one, see ``formats.boilerplate``.
        output: Folder that published articles go to.
        beam_size: Hypotheses that an engine keeps while it searches; None leaves it to the engine.
        threads: CPU threads of an engine; None leaves it to the engine.
        similarity: Likeness in percent from which on a new segment counts as an edit of an old one.
        pot: Whether ``translate`` writes a gettext template for each article.
        numbers: Whether numbers and dates are terms, too; without a glossary they never are.
        ledger: The history of scores that ``score`` appends to and ``report`` shows; None for none.
        checks: Name of a check → ``error``, ``warning`` or ``off``, where it shall not be the check's own severity.
        style: The house style of published English.
        root: The folder of the file that was read, or where the search began.

    Raises:
        InputError: ``none`` stands beside other glossaries.
    """

    engine: str = "embedded"
    glossaries: tuple[str, ...] = (SHIPPED_GLOSSARY,)
    locales: str = "locales"
    boilerplate: tuple[str, ...] = ()
    output: str = "articles/en"
    beam_size: int | None = None
    threads: int | None = None
    similarity: int = 75
    pot: bool = False
    numbers: bool = True
    ledger: str | None = None
    checks: Mapping[str, str] = field(default_factory=dict)
    style: HouseStyle = field(default_factory=HouseStyle)
    root: Path = Path()

    def __post_init__(self) -> None:
        if NO_GLOSSARY in self.glossaries and len(self.glossaries) > 1:
            raise InputError(f"glossaries: {NO_GLOSSARY!r} stands beside others; give either it or the others")

    @property
    def glossary_paths(self) -> tuple[Path, ...]:
        """The glossary files to stack, in order, with ``default`` and ``none`` resolved."""
        names = (name for name in self.glossaries if name != NO_GLOSSARY)
        return tuple(shipped("glossaries", "ja-en.csv") if name == SHIPPED_GLOSSARY else Path(name) for name in names)

    def replace(self, **overrides: Any) -> Config:
        """Return the settings with those that the command line gave; None stands for a flag that was not given.

        Example:
            >>> Config(threads=2).replace(engine="fake", threads=None).threads
            2
        """
        given = {key: value for key, value in overrides.items() if value is not None}
        given.update({key: tuple(given[key]) for key in _LISTS & given.keys()})
        return dataclasses.replace(self, **given)


def load(start: Path) -> Config:
    """Read the nearest configuration file of ``start`` or a folder above it, up to a repository's top.

    Args:
        start: Where the search begins, usually the current folder, ``Path()``.

    Returns:
        The settings; the defaults if there is no file.

    Raises:
        InputError: The file is not TOML, or one of its settings is unknown or has a value that makes no sense.
    """
    for folder in _upwards(start):
        for path, keys in ((folder / FILE_NAME, ()), (folder / "pyproject.toml", ("tool", "yakubun"))):
            table: Any = _parse(path) if path.is_file() else None
            for key in keys:
                table = table.get(key) if isinstance(table, dict) else None
            if table is None:
                continue
            where = f"{path}: [{'.'.join(keys)}]" if keys else str(path)
            if not isinstance(table, dict):
                raise InputError(f"{where} is {table!r}; make it a table of settings")
            return _config(table, where, folder)
    return _located(Config(root=start), start)


def _upwards(start: Path) -> Iterator[Path]:
    """Yield ``start`` and the folders above it, written relative to the current folder if ``start`` is."""
    absolute = start.resolve()
    for folder in (absolute, *absolute.parents):
        yield start if folder == absolute else folder if start.is_absolute() else Path(os.path.relpath(folder))
        if (folder / ".git").exists():  # a file in worktrees and submodules
            return


def _parse(path: Path) -> dict[str, Any]:
    try:
        data = bounded.read(path, bounded.SETTINGS)
        return tomllib.loads(data.decode("utf-8-sig"))  # some editors of Windows write a byte order mark
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8, as TOML demands") from error
    except ValueError as error:  # TOML's own message ends with line and column; Python's is of a number without end
        raise InputError(f"{path}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise InputError(f"{path}: tables or lists nested too deep; write them flat") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error


def _config(table: Mapping[str, Any], where: str, folder: Path) -> Config:
    _require_known(table, _EXPECTED, where)
    values = {key: _value(key, value, where) for key, value in table.items()}
    style = values.pop("style", {})
    _require_known(style, [setting.name for setting in dataclasses.fields(HouseStyle)], f"{where}: style")
    _check_levels(values.get("checks", {}), f"{where}: checks")
    try:
        config = Config(**values, style=HouseStyle(**style), root=folder)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    return _located(config, folder)


def _check_levels(levels: Mapping[str, Any], where: str) -> None:
    _require_known(levels, (*SEGMENT_CHECKS, *CATALOG_CHECKS), where)
    for name, level in levels.items():
        if level not in LEVELS:
            raise InputError(f"{where}: {name} = {level!r}; write one of {', '.join(LEVELS)}")


def _require_known(table: Iterable[str], valid: Iterable[str], where: str) -> None:
    for key in table:
        if key not in valid:
            from rapidfuzz import process  # only a mistake pays for the import

            nearest = process.extractOne(key, list(valid), score_cutoff=60)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"there are: {', '.join(valid)}"
            raise InputError(f"{where}: unknown key {key!r}; {hint}")


def _value(key: str, value: Any, where: str) -> Any:
    """Check a value's type; lists come back as tuples."""
    if key in _COUNTS:
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        fits = fits and (key != "similarity" or value <= 100)
    elif key in _SWITCHES:
        fits = isinstance(value, bool)
    elif key in _LISTS:
        fits = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    elif key in _TABLES:
        fits = isinstance(value, dict)
    else:
        fits = isinstance(value, str) and bool(value)
    if not fits:
        raise InputError(f"{where}: {key} = {value!r}; write {_EXPECTED[key]}")
    for text in value if key in _LISTS else (value,):
        if isinstance(text, str) and (len(text) > _LONGEST or "\0" in text):
            raise InputError(f"{where}: {key} is {len(text)} characters long or holds a NUL; write {_EXPECTED[key]}")
    return tuple(value) if key in _LISTS else value


def _located(config: Config, folder: Path) -> Config:
    """Put the folder in front of relative paths, so that a command gives the same result from any folder below."""
    engine, colon, argument = config.engine.partition(":")
    if argument and _is_folder(folder / argument):  # what is no folder is a hub id or an address
        argument = str(folder / argument)
    reserved = {SHIPPED_GLOSSARY, NO_GLOSSARY}
    return config.replace(
        engine=f"{engine}{colon}{argument}",
        glossaries=[name if name in reserved else str(folder / name) for name in config.glossaries],
        boilerplate=[str(folder / name) for name in config.boilerplate],
        locales=str(folder / config.locales),
        output=str(folder / config.output),
        ledger=None if config.ledger is None else str(folder / config.ledger),
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a name that no file system takes
        return False
