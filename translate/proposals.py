"""What machines proposed, one JSON object a line, only ever appended to: ``locales/en/proposals/<stem>.jsonl``.

The journal lets a killed run go on where it stopped, saves translating a segment again, and keeps what the machine
said for comparison with what people made of it. A line is on the disk when ``append`` returns; one that a crash tore is
dropped, and cut off before anything is written behind it.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from translate import jsonlines

_PAUSE = 0.2  # seconds
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_REMEDY = "delete the line, its segment is translated again"


@dataclass(frozen=True)
class Proposal:
    """One machine translation.

    Attributes:
        msgid: The Japanese segment.
        english: What the machine made of it.
        engine: The engine as ``name@revision``.
        terms: Hash of the segment's glossary terms; the proposal holds for just these.
        stage: Enforcement stage that produced it.
        matched: Distinct hard terms in the source.
        satisfied: How many of them the translation holds.
        score: The engine's score, if it gives one.
        findings: What the checks found.
        time: When it was written down (ISO 8601, UTC); filled in by ``Journal.append``.
        tried: How many candidates were considered.
        confidence: The expected chrF2 of the translation, 0 to 1, if the engine is calibrated.
        key: Further cache key of the caller's, such as a hash of the engine's settings.
    """

    msgid: str
    english: str
    engine: str
    terms: str
    stage: str = ""
    matched: int = 0
    satisfied: int = 0
    score: float | None = None
    findings: tuple[str, ...] = ()
    time: str = ""
    key: str = ""
    tried: int = 0
    confidence: float | None = None


_KINDS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("msgid", "english", "engine", "terms", "stage", "time", "key"), str),
    **dict.fromkeys(("matched", "satisfied", "tried"), int),
    **dict.fromkeys(("score", "confidence"), (int, float, type(None))),
    "findings": list,
}
_NAMES = [field.name for field in fields(Proposal)]
_REQUIRED = ("msgid", "english", "engine", "terms")


class Journal:
    """The proposals for one article. Nothing is read or created before it is needed.

    Example:
        journal = Journal(path).load()
        known = journal.lookup(msgid, "fake@1", terms_hash)
    """

    def __init__(self, path: Path) -> None:
        """Name the journal's file; ``load`` reads it."""
        self.path = path
        self._latest: dict[tuple[str, str, str], Proposal] = {}
        self._synced = -math.inf  # when, by the monotonic clock
        self._behind = False

    def load(self) -> Journal:
        """Read the journal, which need not exist, and return it.

        Raises:
            InputError: It cannot be read, or a line other than a torn last one is malformed.
        """
        self._latest = {_key(proposal): proposal for proposal in self}
        return self

    def __iter__(self) -> Iterator[Proposal]:
        """Stream every proposal from the file, oldest first."""
        return (proposal for _, proposal in jsonlines.read(self.path, _proposal, _REMEDY))

    def __len__(self) -> int:
        """Return the number of proposals that ``lookup`` can find."""
        return len(self._latest)

    def lookup(self, msgid: str, engine: str, terms: str) -> Proposal | None:
        """Return the latest proposal for a segment by this engine with these terms, among those loaded or appended."""
        return self._latest.get((msgid, engine, terms))

    def append(self, records: Iterable[Proposal]) -> int:
        """Write proposals down; a killed process loses none of them.

        Against a power cut they are forced to the disk if that was not done in the last fifth of a second: an engine
        of any weight takes longer, and behind a quicker one the disk would take most of the time. ``sync`` does the
        rest. A proposal that only repeats the latest one is left out. Several processes may append at once.

        Returns:
            How many proposals were written.

        Raises:
            InputError: The file cannot be written; it is as it was.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        new: dict[tuple[str, str, str], Proposal] = {}
        lines = []
        for record in records:
            score, key = _finite(record.score), _key(record)
            changed = not record.time or score != record.score
            stamped = replace(record, time=record.time or now, score=score) if changed else record
            known = new.get(key) or self._latest.get(key)
            if known is None or replace(known, time=stamped.time) != stamped:
                new[key] = stamped
                lines.append(_line(stamped))
        if lines:
            self._behind = time.monotonic() < self._synced + _PAUSE
            jsonlines.append(self.path, lines, _proposal, sync=not self._behind)
            self._synced = self._synced if self._behind else time.monotonic()
            self._latest.update(new)
        return len(lines)

    def sync(self) -> None:
        """Force to the disk what is not there yet.

        Raises:
            InputError: The disk failed.
        """
        if self._behind:
            jsonlines.force(self.path)
            self._synced, self._behind = time.monotonic(), False


def _key(proposal: Proposal) -> tuple[str, str, str]:
    return proposal.msgid, proposal.engine, proposal.terms


def _finite(score: float | None) -> float | None:
    return score if score is not None and math.isfinite(score) else None  # JSON has no infinity


def _line(proposal: Proposal) -> bytes:
    record = {name: getattr(proposal, name) for name in _NAMES}  # asdict would copy the values
    try:
        return _ENCODER.encode(record).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair; JSON has an escape for it
        return json.dumps(record).encode("ascii") + b"\n"


def _proposal(record: dict[str, Any]) -> Proposal:
    absent = [name for name in _REQUIRED if name not in record]
    if absent:
        raise ValueError(f"not a proposal (no {absent[0]})")
    known = {name: record[name] for name in _NAMES if name in record}  # a later version may write more
    wrong = [name for name, value in known.items() if not isinstance(value, _KINDS[name])]
    if wrong:
        raise ValueError(f"not a proposal ({wrong[0]} is of the wrong type)")
    known["findings"] = tuple(map(str, known.get("findings", ())))
    return Proposal(**known)
