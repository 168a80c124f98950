"""Reading one glossary file, with a message for everything that can be wrong in it.

The format is described in ``glossary``; here stand its checks. Every message names ``file:line`` and the remedy.
"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from translate.errors import GlossaryError
from translate.glossary import Case, Kind, Mode, Term, key

COLUMNS = ("source", "target", "aliases", "variants", "forbidden", "kind", "mode", "case", "note")
_LONGEST = 500  # code points of one value; a longer one is a quote that was never closed
_JAPANESE = re.compile("[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")

_Choice = TypeVar("_Choice", bound=StrEnum)


def read(path: Path) -> list[Term]:
    """Read the entries of one file.

    Raises:
        GlossaryError: If the file cannot be read, is malformed, or gives one surface two meanings.
    """
    rows = _rows(path, _decode(path))
    line, header = next(rows, (1, []))
    columns = _columns(f"{path}:{line}", header)
    terms: dict[str, Term] = {}
    claimed: dict[str, Term] = {}
    for line, row in rows:
        where = f"{path}:{line}"
        if len(row) > len(columns) and any(value.strip() for value in row[len(columns) :]):
            raise GlossaryError(
                f"{where}: {len(row)} values for {len(columns)} columns: put a value with a comma in double quotes"
            )
        term = _term(where, {name: value.strip() for name, value in zip(columns, row, strict=False)})
        known = terms.get(key(term.source))
        if known and known.content == term.content:
            continue
        for surface in term.surfaces:
            other = claimed.get(key(surface))
            if other:
                raise GlossaryError(
                    f"{where}: {surface!r} already means {_meaning(other)} at {other.origin}, here {_meaning(term)}: "
                    "keep one of the two, or put one into a second file, which then wins"
                )
        terms[key(term.source)] = term
        claimed.update((key(surface), term) for surface in term.surfaces)
    return list(terms.values())


def _decode(path: Path) -> str:
    """Return the file's text without its byte order mark."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GlossaryError(f"{path}: cannot read the glossary: {error.strerror or error}") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise GlossaryError(f"{path}: the file is UTF-16: save it as CSV in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GlossaryError(
            f"{path}:{line}: byte 0x{data[error.start]:02x} is not UTF-8: save the file as CSV in UTF-8 "
            "(spreadsheets on Japanese systems write Shift_JIS unless told)"
        ) from error
    nul = text.find("\0")
    if nul >= 0:
        raise GlossaryError(
            f"{path}:{text.count(chr(10), 0, nul) + 1}: a NUL character: the file is damaged, save it anew"
        )
    return text


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line it starts on."""
    # ``splitlines`` would also cut at U+2028 and form feeds; the csv module knows line ends alone.
    reader = csv.reader(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text), strict=True)
    line = 1
    try:
        for row in reader:
            for value in row:
                if len(value) > _LONGEST:
                    raise GlossaryError(
                        f"{path}:{line}: a value of {len(value)} characters, {_LONGEST} at most: look for an open quote"
                    )
            if any(value.strip() for value in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise GlossaryError(f"{path}:{line}: not CSV: {error}: look for an open or stray double quote") from error


def _columns(where: str, header: list[str]) -> list[str]:
    """Check the header and return its names."""
    names = [name.strip().lower() for name in header]
    if len(names) == 1 and re.search("[;\t]", names[0]):
        raise GlossaryError(f"{where}: the columns are separated by tabs or semicolons: save the file with commas")
    if "source" not in names or "target" not in names:
        if not set(names) & set(COLUMNS):
            raise GlossaryError(
                f"{where}: no header: the first line must read {','.join(COLUMNS)} (the first two suffice)"
            )
        missing = "source" if "source" not in names else "target"
        raise GlossaryError(f"{where}: the header lacks the column {missing!r}")
    for index, name in enumerate(names):
        if name not in COLUMNS:
            raise GlossaryError(f"{where}: unknown column {name!r}{_nearest(name, COLUMNS)}")
        if name in names[:index]:
            raise GlossaryError(f"{where}: the column {name!r} stands twice: delete one")
    return names


def _term(where: str, row: dict[str, str]) -> Term:
    """Check one record and make it a term."""
    source, target = row.get("source", ""), row.get("target", "")
    if not any(char.isalnum() for char in source):
        raise GlossaryError(f"{where}: the source is empty: write the Japanese term or delete the line")
    kind = _choose(where, "kind", row.get("kind", ""), Kind, Kind.TERM)
    mode = _choose(where, "mode", row.get("mode", ""), Mode, Mode.HARD)
    case = _choose(where, "case", row.get("case", ""), Case, Case.AUTO)
    own = key(source)
    aliases = tuple({key(alias): alias for alias in _several(row, "aliases") if key(alias) != own}.values())
    variants = tuple(form for form in dict.fromkeys(_several(row, "variants")) if form != target)
    forbidden = tuple(dict.fromkeys(_several(row, "forbidden")))
    for value in (source, *aliases, target, *variants, *forbidden):
        if any(unicodedata.category(char) == "Cc" for char in value):
            raise GlossaryError(f"{where}: {value!r} holds a line break or control character: take it out")
    for alias in aliases:
        if not any(char.isalnum() for char in alias):
            raise GlossaryError(f"{where}: the alias {alias!r} holds no letter: take it out")
    if kind is Kind.BLOCKER:
        if target or variants or forbidden:
            raise GlossaryError(
                f"{where}: the blocker {source!r} has English: empty target, variants and forbidden, or change its kind"
            )
        return Term(source, "", aliases, kind=kind, mode=mode, case=case, note=row.get("note", ""), origin=where)
    if mode is Mode.DNT:
        if _JAPANESE.search(source):
            raise GlossaryError(
                f"{where}: {source!r} is dnt (copied as it is) but Japanese: use its Latin name, or mode hard"
            )
        if target and key(target) != own:
            raise GlossaryError(
                f"{where}: {source!r} is dnt (copied as it is) but its target is {target!r}: empty the target"
            )
        target = source
    if not any(char.isalnum() for char in target):
        raise GlossaryError(f"{where}: {source!r} has no target: write its English, or make its kind blocker")
    for form in (target, *variants, *forbidden):
        if _JAPANESE.search(form):
            raise GlossaryError(
                f"{where}: the English form {form!r} of {source!r} holds Japanese: are columns swapped?"
            )
        if form in forbidden and form in (target, *variants):
            raise GlossaryError(f"{where}: {form!r} is both right and forbidden for {source!r}: decide")
    return Term(source, target, aliases, variants, forbidden, kind, mode, case, row.get("note", ""), where)


def _several(row: dict[str, str], column: str) -> list[str]:
    """Return the values of a column that holds several."""
    return [value.strip() for value in row.get(column, "").split("|") if value.strip()]


def _choose(where: str, column: str, value: str, choices: type[_Choice], default: _Choice) -> _Choice:
    """Return the choice that ``value`` names, or the default if it is empty."""
    try:
        return choices(value.lower()) if value else default
    except ValueError:
        names = [choice.value for choice in choices if choice.value]
        raise GlossaryError(f"{where}: unknown {column} {value!r}{_nearest(value.lower(), names)}") from None


def _nearest(value: str, choices: tuple[str, ...] | list[str]) -> str:
    """Return the end of a message that offers the nearest choice, or all of them."""
    near = difflib.get_close_matches(value, choices, n=1)
    return f": did you mean {near[0]!r}?" if near else f": choose one of {', '.join(choices)}"


def _meaning(term: Term) -> str:
    """Name what a term stands for in a message."""
    return "a blocker" if term.is_blocker else repr(term.target)
