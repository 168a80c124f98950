"""Reading and writing one glossary file, with a message for everything that can be wrong in it; of ``glossary``.

The format is described in ``glossary``. Here stands what concerns the file as CSV, in ``_glossary_rows`` what concerns
its records. Every message names ``file:line`` and the remedy.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from translate import bounded
from translate._glossary_rows import COLUMNS, LONGEST, SPARE, Reading, RefusedError, gather, nearest
from translate.errors import InputError
from translate.formulas import neutral, plain
from translate.glossary import Mode, Term

__all__ = ["COLUMNS", "cells", "decode", "parse", "path_bytes", "read", "records", "render"]


def read(path: Path) -> list[Term]:
    """Read the entries of one file.

    Raises:
        GlossaryError: If the file cannot be read, is malformed, or gives one surface two meanings.
    """
    reading = parse(path)
    if reading.problems:
        raise reading.problems[0]
    return reading.terms


def parse(path: Path) -> Reading:
    """Read one file to its end, whatever is wrong in it."""
    return gather(str(path), lambda: records(path_bytes(path), path))


def render(terms: Iterable[Term]) -> bytes:
    """Return the file that holds the terms, all columns, in order; no spreadsheet takes a value for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for term in terms:
        lists = ("|".join(values) for values in (term.aliases, term.variants, term.forbidden))
        mode = "" if term.is_blocker and term.mode is Mode.HARD else term.mode  # a blocker demands nothing
        row = [term.source, term.target, *lists, term.kind, mode, term.case, term.note]
        writer.writerow([neutral(value) for value in row])
    return text.getvalue().encode()


def records(data: bytes, path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the place and the columns of each record of a CSV file."""
    rows = cells(path, decode(path, data))
    line, header = next(rows, (1, []))
    columns = _columns(f"{path}:{line}", header)
    for line, row in rows:
        if len(row) > len(columns) and any(value.strip() for value in row[len(columns) :]):
            yield f"{path}:{line}", {SPARE: f"{len(row)} values for {len(columns)} columns"}
        else:
            yield f"{path}:{line}", {name: plain(value.strip()) for name, value in zip(columns, row, strict=False)}


def path_bytes(path: Path) -> bytes:
    """Return a file's bytes, or refuse it."""
    try:
        return bounded.read(path, bounded.TABLE)
    except InputError as error:
        raise RefusedError(str(path), str(error).removeprefix(f"{path}: ")) from error
    except OSError as error:
        raise RefusedError(str(path), f"cannot read the glossary: {error.strerror or error}") from error


def decode(path: Path, data: bytes) -> str:
    """Return a UTF-8 file's text without its byte order mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError(str(path), "the file is UTF-16: save it in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RefusedError(
            f"{path}:{line}",
            f"byte 0x{data[error.start]:02x} is not UTF-8: save the file in UTF-8 "
            "(spreadsheets on Japanese systems write Shift_JIS unless told)",
        ) from error
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise RefusedError(f"{path}:{line}", "a NUL character: the file is damaged, save it anew")
    return text


def cells(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line it starts on."""
    # ``splitlines`` would also cut at U+2028 and form feeds; the csv module knows line ends alone.
    reader = csv.reader(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text), strict=True)
    line = 1
    try:
        for row in reader:
            for value in row:
                if len(value) > LONGEST:
                    raise RefusedError(
                        f"{path}:{line}",
                        f"a value of {len(value)} characters, {LONGEST} at most: look for an open quote",
                    )
            if any(value.strip() for value in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise RefusedError(f"{path}:{line}", f"not CSV: {error}: look for an open or stray double quote") from error


def _columns(where: str, header: list[str]) -> list[str]:
    """Check the header and return its names."""
    names = [name.strip().lower() for name in header]
    if len(names) == 1 and re.search("[;\t]", names[0]):
        raise RefusedError(where, "the columns are separated by tabs or semicolons: save the file with commas")
    if "source" not in names or "target" not in names:
        if not set(names) & set(COLUMNS):
            raise RefusedError(
                where, f"no header: the first line must read {','.join(COLUMNS)} (the first two suffice)"
            )
        missing = "source" if "source" not in names else "target"
        raise RefusedError(where, f"the header lacks the column {missing!r}")
    for index, name in enumerate(names):
        if name not in COLUMNS:
            raise RefusedError(where, f"unknown column {name!r}{nearest(name, COLUMNS)}")
        if name in names[:index]:
            raise RefusedError(where, f"the column {name!r} stands twice: delete one")
    return names
