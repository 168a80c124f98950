"""The glossary at the desk: read anew when a file of it changes, and one term added to the project's own file."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

from translate._glossary_csv import COLUMNS, decode, path_bytes, records
from translate._glossary_rows import gather
from translate.atomic import write_bytes
from translate.config import NO_GLOSSARY, Config
from translate.errors import GlossaryError
from translate.glossary import Glossary, Term, key, load, stack
from translate.normalization import normalize
from translate.resources import lock_for, shipped

OWN = Path("glossaries/project.csv")
"""The glossary file that is offered to a project without one of its own, below the project's folder."""

_MANY = 200  # changed surfaces from which on looking for them takes longer than matching anew


class Glossaries:
    """The stacked glossary files of a project. Several threads may use it."""

    def __init__(self, configuration: Config) -> None:
        """Read the files.

        Raises:
            GlossaryError: One cannot be read or contradicts itself.
        """
        self._numbers = configuration.numbers
        self._names = configuration.glossaries
        self._paths = list(configuration.glossary_paths)
        self._root = configuration.root
        self._lock = Lock()
        self._seen = self._stamps()
        self._glossary = self._load()
        self.problem = ""

    @property
    def current(self) -> Glossary:
        """The glossary as the files have it now; the last good one, and a ``problem``, while a file is broken."""
        with self._lock:
            seen = self._stamps()
            if seen != self._seen:
                self._seen = seen
                try:
                    fresh = self._load()
                    if fresh != self._glossary:
                        self._glossary = fresh
                    self.problem = ""
                except GlossaryError as error:
                    self.problem = str(error)
            return self._glossary

    @property
    def own(self) -> Path | None:
        """The file that a new term goes to: the last one that does not ship with Yakubun."""
        home = shipped("glossaries").resolve()
        return next((path for path in reversed(self._paths) if not path.resolve().is_relative_to(home)), None)

    @property
    def offer(self) -> Path:
        """The file that could be made for a project without one of its own."""
        return self._root / OWN

    def listed_with(self, path: Path) -> str:
        """Return what the setting ``glossaries`` is to be, so that one more file counts, too."""
        known = [name for name in self._names if name != NO_GLOSSARY]
        names = [Path(os.path.relpath(name, self._root)).as_posix() if Path(name).is_file() else name for name in known]
        return "[" + ", ".join(f'"{name}"' for name in (*names, path.as_posix())) + "]"

    def stacked_with(self, term: Term) -> Glossary:
        """Return the glossary as it would be with one more term in the project's own file."""
        glossary = self.current
        return replace(stack(glossary, Glossary((term,))), numbers=self._numbers)

    def add(self, term: Term, *, create: bool = False) -> tuple[Path, int]:
        """Write a term behind the last one of the project's own file, whole or not at all.

        Args:
            term: The new entry.
            create: Whether to make ``offer`` if the project has no file of its own.

        Returns:
            The file and the line of the entry.

        Raises:
            GlossaryError: The file or the term does not pass what every glossary must, or there is no file.
            InputError: The file cannot be written; it is as it was.
        """
        path = self.own
        if path is None:
            if not create:
                raise GlossaryError("the project has no glossary of its own, and the shipped one is never changed")
            path = self.offer
            if not path.resolve().is_relative_to(self._root.resolve()):
                raise GlossaryError(f"{path}: is a link that leads out of the project; delete the link")
        with lock_for(path, timeout=60):
            old = path_bytes(path) if path.exists() else ",".join(COLUMNS).encode() + b"\n"
            new = appended(path, old, term)
            reading = gather(str(path), lambda: records(new, path))
            if reading.problems:
                raise reading.problems[0]
            write_bytes(path, new)
        with self._lock:
            if path not in self._paths:
                self._paths.append(path)
        line = next(row.where for row in reversed(reading.rows) if key(row.term.source) == key(term.source))
        return path, int(line.rpartition(":")[2])

    def _load(self) -> Glossary:
        return replace(load(self._paths), numbers=self._numbers and bool(self._paths))

    def _stamps(self) -> tuple[object, ...]:
        return tuple(_stamp(path) for path in self._paths)


def appended(path: Path, data: bytes, term: Term) -> bytes:
    """Return a glossary file with one more record; all that stands in it stays, byte for byte, but for new columns.

    A column that the term needs and the file has not is added to the header, where records may leave it out.
    """
    text = decode(path, data)
    newline = "\r\n" if "\r\n" in text else "\n"
    header, separator, body = text.partition(newline)
    names = [name.strip().lower() for name in next(csv.reader([header]), [])]
    lists = {name: "|".join(getattr(term, name)) for name in ("aliases", "variants", "forbidden")}
    values = {"source": term.source, "target": term.target, **lists, "kind": str(term.kind), "mode": str(term.mode)}
    values |= {"case": str(term.case), "note": term.note}
    usual = {"kind": "term", "mode": "hard"}
    added = [name for name in COLUMNS if name not in names and values[name] != usual.get(name, "")]
    record = io.StringIO(newline="")
    csv.writer(record, lineterminator=newline).writerow([values.get(name, "") for name in (*names, *added)])
    header = ",".join([header, *added])
    body = body if not body or body.endswith(("\n", "\r")) else body + newline
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return mark + f"{header}{separator or newline}{body}{record.getvalue()}".encode()


def changed_surfaces(old: Glossary, new: Glossary) -> frozenset[str] | None:
    """Return the spellings of the entries in which two glossaries differ; None if they are many."""
    before, after = set(old), set(new)
    surfaces = {key(surface) for term in before ^ after for surface in term.surfaces}
    return frozenset(surfaces) if len(surfaces) <= _MANY and old.numbers == new.numbers else None


def holds(text: str, surfaces: Sequence[str] | frozenset[str]) -> bool:
    """Tell whether a Japanese text holds one of these spellings anywhere, in any width."""
    plain = normalize(text).text
    return any(surface in plain for surface in surfaces)


def _stamp(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
