"""CSV with a header: ``source,target`` and, in our own files, state, notes and what the export began with.

What a spreadsheet would run as a formula is written with an apostrophe in front, see ``formulas``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from translate.catalog import State
from translate.encoding import decode
from translate.errors import InputError
from translate.formulas import neutral, plain
from translate.interchange.exchanged import Exchanged, Part, state_named

COLUMNS = ("article", "id", "state", "source", "target", "notes", "role", "terms", "by", "date", "base_state", "base")


def recognises(head: str) -> bool:  # noqa: ARG001 - there is one version
    """Tell nothing: every CSV file is tried."""
    return True


def write(parts: Sequence[Part]) -> bytes:
    """Return a CSV file in UTF-8 with the byte order mark that spreadsheets want."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for part in parts:
        for unit in part.units:
            cells = (
                unit.origin or part.article,
                unit.key,
                str(unit.state or ""),
                unit.source,
                unit.target,
                "\n".join(f"{category}: {note}" for category, note in unit.notes),
                unit.role,
                unit.terms,
                unit.by,
                unit.date,
                str(unit.base_state or ""),
                unit.base or "",
            )
            rows.writerow([neutral(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig", "replace")


def read(data: bytes, name: str) -> list[Part]:
    """Read a CSV or TSV file; the separator is the one that the header uses.

    Raises:
        InputError: It is no text, lacks a column, or a row does not fit the header.
    """
    text = decode(data, name).text
    first = text.lstrip("\r\n").splitlines()[0]
    separator = max(",\t;", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [column.strip().lower() for column in reader.fieldnames or ()]
        reader.fieldnames = header
        for needed in ("source", "target"):
            if header.count(needed) != 1:
                raise InputError(
                    f"{name}:1: needs one column {needed!r}; the first line names the columns: source,target"
                )
        parts: dict[str, list[Exchanged]] = {}
        for row in reader:
            if None in row or None in row.values():
                raise InputError(
                    f"{name}:{reader.line_num}: {'more' if None in row else 'fewer'} cells than columns; "
                    "put cells that hold a separator in quotes"
                )
            unit = _unit(row, name, reader.line_num)
            if unit.source.strip():
                parts.setdefault(plain(row.get("article", "")), []).append(unit)
    except csv.Error as error:
        raise InputError(f"{name}:{reader.reader.line_num}: not CSV: {error}; save the table again") from error
    return [Part(article, tuple(units)) for article, units in parts.items()]


def _unit(row: Mapping[str, str], name: str, line: int) -> Exchanged:
    cells = {column: plain(cell) for column, cell in row.items()}
    named = cells.get("state", "").strip().lower()
    state, base_state = state_named(named), state_named(cells.get("base_state"))
    if named and state is None:
        raise InputError(f"{name}:{line}: unknown state {named!r}; write one of: {', '.join(State)}")
    if not cells["target"].strip():
        state = State.UNTRANSLATED
    elif state is State.UNTRANSLATED:  # somebody filled the cell in and left its neighbour
        state = None
    notes = [note.partition(": ") for note in cells.get("notes", "").splitlines()]
    return Exchanged(
        source=cells["source"],
        target=cells["target"],
        state=state,
        key=cells.get("id", "").strip(),
        base=cells.get("base", "") if base_state else None,
        base_state=base_state,
        notes=tuple((category, note) for category, _, note in notes),
        line=line,
        role=cells.get("role", ""),
        terms=cells.get("terms", ""),
        by=cells.get("by", ""),
        date=cells.get("date", ""),
    )
