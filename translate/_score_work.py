"""The work file of a long translation run: what is done stays done when the run is interrupted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from translate import jsonlines
from translate.errors import InputError


class WorkFile:
    """Translated lines on the disk, a JSON object for each chunk, behind a first line that says of which run.

    Attributes:
        path: The file.
        done: Number of a line → its English and its enforcement stage.
        seconds: How long the translation of these took, over all runs.
    """

    def __init__(self, path: Path, lines: Sequence[str], engine: str, glossary: str) -> None:
        """Read the file if it exists.

        Args:
            path: Where it lies or shall lie.
            lines: The Japanese that is translated.
            engine: ``name@revision``.
            glossary: Hash of the glossary.

        Raises:
            InputError: It belongs to a run with other lines, engine or glossary, or is damaged.
        """
        self.path = path
        self.done: dict[int, tuple[str, str]] = {}
        self.seconds = 0.0
        text = "\n".join(lines).encode("utf-8", "surrogatepass")
        self._identity = {"engine": engine, "glossary": glossary, "source": hashlib.sha256(text).hexdigest()[:16]}
        self._lines = len(lines)
        self._begun = False
        for number, record in jsonlines.read(path, dict, "delete the line or restore the file"):
            if not self._begun:
                self._require_mine(record)
                self._begun = True
            else:
                self._take(record, number)

    def add(self, chunk: Mapping[int, tuple[str, str]], seconds: float) -> None:
        """Keep a chunk of translated lines; it is on the disk when this returns.

        Raises:
            InputError: The file cannot be written.
        """
        record = {"lines": [[number, *result] for number, result in chunk.items()], "seconds": round(seconds, 3)}
        records = [record] if self._begun else [self._identity, record]
        jsonlines.append(self.path, [json.dumps(one).encode("ascii") + b"\n" for one in records], dict)
        self._begun = True
        self.done.update(chunk)
        self.seconds += seconds

    def _require_mine(self, record: Mapping[str, Any]) -> None:
        other = [name for name, value in self._identity.items() if record.get(name) != value]
        if other:
            raise InputError(
                f"{self.path}: holds the work of another run (its {' and '.join(other)} differ); "
                "delete it to start over, or choose another --save"
            )

    def _take(self, record: Mapping[str, Any], number: int) -> None:
        lines, seconds = record.get("lines"), record.get("seconds")
        if not isinstance(lines, list) or not isinstance(seconds, (int, float)):
            raise InputError(f"{self.path}:{number}: not a chunk of translated lines; delete the line")
        for line in lines:
            fine = isinstance(line, list) and [type(value) for value in line] == [int, str, str]
            if not fine or not 0 <= line[0] < self._lines:
                raise InputError(f"{self.path}:{number}: {str(line)[:60]} is no translated line; delete the line")
            self.done[line[0]] = (line[1], line[2])
        self.seconds += seconds
