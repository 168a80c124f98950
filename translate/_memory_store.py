"""Where the units of the memory lie: in the PO files of all articles, and in files of imported units.

``locales/en/memory/<name>.jsonl`` holds a JSON object a line: ``source`` and ``target``, and what else a ``Unit`` has.
Such files merge well in version control, and lines may be added by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from translate import bounded
from translate._memory_suggesting import STAGE
from translate._memory_unit import Unit
from translate.atomic import write_bytes
from translate.catalog import Catalog, State
from translate.errors import InputError
from translate.provenance import text_sha
from translate.resources import lock_for

_FIELDS = ("source", "target", "origin", "role", "terms", "approved_by", "date")
_NOBODY = {"", "Automatically generated", "FULL NAME <EMAIL@ADDRESS>"}


def approved_units(locales: Path) -> Iterator[Unit]:
    """Yield every approved entry of every PO file, obsolete ones too: the article forgot them, people need not.

    Raises:
        CatalogError: A PO file cannot be read.
    """
    for path in sorted((locales / "en" / "LC_MESSAGES").glob("*.po")):
        catalog = Catalog.read(path)
        translator = catalog.headers.get("Last-Translator", "")
        by = "" if translator in _NOBODY else translator
        date = _iso(catalog.headers.get("PO-Revision-Date", ""))
        for entry in (*catalog, *catalog.obsolete):
            if entry.state is State.APPROVED:
                made = entry.provenance
                yield Unit(
                    copy=made is not None and made.stage == STAGE and made.sha == text_sha(entry.msgstr),
                    source=entry.msgid,
                    target=entry.msgstr,
                    origin=path.as_posix(),
                    role=entry.role,
                    terms=made.terms if made else "",
                    approved_by=by,
                    date=date,
                )


def imported_units(locales: Path) -> Iterator[Unit]:
    """Yield every imported unit, in the order of the files' names.

    Raises:
        InputError: A file cannot be read, or a line is no unit.
    """
    for path in sorted(_folder(locales).glob("*.jsonl")):
        try:
            data = bounded.read(path, bounded.CATALOG)
        except OSError as error:
            raise InputError(f"{path}: cannot read: {error.strerror}; check the file's permissions") from error
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.strip():
                yield _unit(line, f"{path}:{number}", path.stem)


def add_imported(locales: Path, name: str, units: Iterable[Unit]) -> int:
    """Add units to the memory's file of this name; what is in any of its files already is left out.

    The file is written whole or not at all, and several processes may add at once.

    Args:
        locales: The folder of all catalogs.
        name: What the units come from, such as the name of a TMX file without its suffix.
        units: What to add; those with a blank source or target are left out.

    Returns:
        How many units were added.

    Raises:
        InputError: A file of the memory cannot be read or written; it is as it was.
    """
    folder = _folder(locales)
    path = folder / f"{name}.jsonl"
    with lock_for(folder):
        known = {(unit.source, unit.target) for unit in imported_units(locales)}
        lines = []
        for unit in units:
            pair = unit.source, unit.target
            if pair not in known and unit.source.strip() and unit.target.strip():
                known.add(pair)
                lines.append(_line(unit))
        if lines:
            old = path.read_bytes() if path.exists() else b""
            if old and not old.endswith(b"\n"):
                old += b"\n"
            write_bytes(path, old + b"".join(lines))
    return len(lines)


def _folder(locales: Path) -> Path:
    return locales / "en" / "memory"


def _line(unit: Unit) -> bytes:
    record = {name: value for name in _FIELDS if (value := getattr(unit, name))}
    try:
        return json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair; JSON has an escape for it
        return json.dumps(record).encode("ascii") + b"\n"


def _unit(line: bytes, where: str, name: str) -> Unit:
    try:
        record: Any = json.loads(line)
        if not isinstance(record, dict):
            raise ValueError("no JSON object")
        known = {field: record[field] for field in _FIELDS if field in record}
        wrong = [field for field in ("source", "target") if not known.get(field)]
        wrong += [field for field, value in known.items() if not isinstance(value, str)]
        if wrong:
            raise ValueError(f"{wrong[0]!r} is missing or no text")
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: not a unit of the memory ({error}); mend the line or delete it") from error
    return Unit(**{"origin": name, **known})


def _iso(date: str) -> str:
    """Read the date of a PO header; empty if it is none."""
    try:
        return datetime.strptime(date, "%Y-%m-%d %H:%M%z").astimezone(UTC).isoformat()
    except ValueError:
        return ""
