"""The history of scores: ``scores/ledger.jsonl``, one record a run, only ever appended to.

The hypotheses of a run are stored beside it as ``<id>.jsonl.gz``, one object a segment with its text and its TER counts
(the one metric that is slow), so that a later run can be compared with it segment by segment without translating again.
Sources and references are not stored: whoever compares has them, and their hash stands in the record.
"""

from __future__ import annotations

import gzip
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from translate import bounded, jsonlines
from translate.atomic import write_bytes
from translate.errors import InputError
from translate.git import look

_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
MAX_FILE, MAX_LINE = 256 * 1024 * 1024, 4 * 1024 * 1024
"""Bytes that are read of a ledger and of a line: far beyond any real one, short of exhausting the memory."""

_MAX_STORED = 512 * 1024 * 1024  # bytes of a file of hypotheses, unpacked


@dataclass(frozen=True)
class Record:
    """One run of ``score``.

    Attributes:
        test_set: What was tested: ``name``, and ``hash`` of its sources and references.
        segments: How many segments were scored.
        signature: sacrebleu's signature of each metric.
        scores: Metric → ``score`` and the ends of its 95 % interval, ``low`` and ``high``.
        id: Time and a random part; names the file of hypotheses, too. Made by ``new_id``.
        time: When it was written (ISO 8601, UTC).
        commit: The commit of the project that was checked out, or None.
        dirty: Whether tracked files differed from it, or None.
        engine: ``name@revision`` of what translated, if known.
        decoding: Settings of the engine that were given.
        glossary: Hash of the glossary that terms were counted with.
        terms: Term figures, as ``score --json`` has them.
        stages: Enforcement stage → segments.
        articles: Article → metric → score, where there is more than one.
        seconds: Time of translating; 0 if the hypotheses were given.
        options: Which inputs the run was given, for people.
        gate: What the gate said: ``passed``, ``failed``, or None if it was not asked.
    """

    test_set: Mapping[str, str]
    segments: int
    signature: Mapping[str, str]
    scores: Mapping[str, Mapping[str, float]]
    id: str = ""
    time: str = ""
    commit: str | None = None
    dirty: bool | None = None
    engine: str | None = None
    decoding: Mapping[str, Any] = field(default_factory=dict)
    glossary: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)
    stages: Mapping[str, int] = field(default_factory=dict)
    articles: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    seconds: float = 0.0
    options: Mapping[str, Any] = field(default_factory=dict)
    gate: str | None = None


_KINDS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("test_set", "signature", "scores", "decoding", "terms", "stages", "articles", "options"), dict),
    **dict.fromkeys(("id", "time", "glossary"), str),
    **dict.fromkeys(("commit", "engine", "gate"), (str, type(None))),
    "segments": int,
    "dirty": (bool, type(None)),
    "seconds": (int, float),
}
_REQUIRED = ("test_set", "segments", "signature", "scores", "id")


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a segment.

    Attributes:
        hypothesis: The English.
        ter: Its TER counts, edits and mean reference length; they hold for the record's test set and signature.
    """

    hypothesis: str
    ter: tuple[float, float] | None = None


class Ledger:
    """A ledger file. Nothing is read or created before it is needed."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self.path = path

    def records(self) -> list[Record]:
        """Return all records, oldest first.

        Raises:
            InputError: The file cannot be read, or a line is malformed; a torn last line is only a warning.
        """
        remedy = "delete the line or restore the file"
        lines = jsonlines.read(self.path, _record, remedy, max_bytes=MAX_FILE, max_line=MAX_LINE)
        return [record for _, record in lines]

    def latest(self, test_set: str) -> Record | None:
        """Return the last record of a test set, by its name, that no gate failed; None if there is none.

        A run that failed its gate is no baseline: the next one would pass just by being as bad.
        """
        found = [record for record in self.records() if record.test_set["name"] == test_set and record.gate != "failed"]
        return found[-1] if found else None

    def find(self, identifier: str) -> Record:
        """Return the record whose id begins so.

        Raises:
            InputError: There is none, or more than one.
        """
        found = [record for record in self.records() if record.id.startswith(identifier)]
        if len(found) != 1:
            what = f"{len(found)} records whose id begins" if found else "no record whose id begins"
            raise InputError(f"{self.path}: {what} with {identifier!r}; give a whole id of the ledger, or 'latest'")
        return found[0]

    def append(self, record: Record, stored: Sequence[Stored]) -> None:
        """Store the hypotheses, then the record. Several processes may do so at once.

        Raises:
            InputError: Something cannot be written.
        """
        lines = "".join(json.dumps(asdict(segment), ensure_ascii=True) + "\n" for segment in stored)
        # Without name and time inside, equal hypotheses make equal files.
        write_bytes(self.stored_path(record), gzip.compress(lines.encode("ascii"), mtime=0))
        line = json.dumps(asdict(record), allow_nan=False).encode("ascii") + b"\n"
        jsonlines.append(self.path, [line], _record)

    def stored_path(self, record: Record) -> Path:
        """Return the file of a record's hypotheses."""
        return self.path.with_name(f"{record.id}.jsonl.gz")

    def stored(self, record: Record) -> list[Stored]:
        """Return what is stored of each segment of a record.

        Raises:
            InputError: The file is missing, damaged, or does not hold as many segments as the record says.
        """
        path = self.stored_path(record)
        try:
            found = [_stored(json.loads(line)) for line in bounded.unpacked(path, _MAX_STORED).splitlines()]
            if len(found) != record.segments:
                raise ValueError(f"it holds {len(found)} segments, the record has {record.segments}")
        except FileNotFoundError as error:
            raise InputError(
                f"{path}: the hypotheses of {record.id} are missing; keep the files beside the ledger, "
                "or name another --baseline"
            ) from error
        except (OSError, ValueError, RecursionError) as error:
            raise InputError(f"{path}: cannot be read: {error}; restore it, or name another --baseline") from error
        return found


def new_id(now: datetime | None = None) -> tuple[str, str]:
    """Return a new record's id and time."""
    now = now or datetime.now(UTC)
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}", now.isoformat(timespec="seconds")


def commit(folder: Path, ledger: Path | None = None) -> tuple[str | None, bool | None]:
    """Return the commit that is checked out in a folder, and whether tracked files differ from it.

    The ledger itself does not count as a difference. Both are None outside a repository and without git.
    """
    head = _git(folder, "rev-parse", "--verify", "HEAD")
    status = _git(folder, "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
    root = _git(folder, "rev-parse", "--show-toplevel")
    if head is None or status is None or root is None:
        return None, None
    changed = {(Path(root.strip()) / entry[3:]).resolve() for entry in status.split("\0") if entry}
    return head.strip(), bool(changed - ({ledger.resolve()} if ledger else set()))


def _git(folder: Path, *words: str) -> str | None:
    printed = look(folder, *words)
    return None if printed is None else printed.decode("utf-8", "replace")


def _record(value: Mapping[str, Any]) -> Record:
    problem = next((f"no {name}" for name in _REQUIRED if name not in value), "")
    known = {one.name: value[one.name] for one in fields(Record) if one.name in value}  # a later version may write more
    for name, content in known.items():
        if not isinstance(content, _KINDS[name]):
            problem = problem or f"{name} is of the wrong type"
    if not problem and not _ID.fullmatch(known["id"]):  # it names a file
        problem = "id is malformed"
    if not problem and not all(isinstance(known["test_set"].get(key), str) for key in ("name", "hash")):
        problem = "test_set has no name or hash"
    numbers = (one.get("score") if isinstance(one, dict) else None for one in known.get("scores", {}).values())
    if not problem and not all(isinstance(number, (int, float)) for number in numbers):
        problem = "scores hold something else than numbers"
    if problem:
        raise ValueError(f"not a record of scores ({problem})")
    return Record(**known)


def _stored(value: Any) -> Stored:
    hypothesis, ter = (value.get("hypothesis"), value.get("ter")) if isinstance(value, dict) else (None, None)
    counts = isinstance(ter, list) and len(ter) == 2 and all(isinstance(number, (int, float)) for number in ter)
    if not isinstance(hypothesis, str) or not (ter is None or counts):
        raise ValueError("a line is not a stored segment")
    return Stored(hypothesis, (ter[0], ter[1]) if isinstance(ter, list) else None)
