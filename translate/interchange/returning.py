"""Bring what people did in another tool back into a catalog: a three-way merge that never overwrites anybody.

Base is what the export held, theirs what the file holds now, ours what the catalog holds now.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from translate._human import write_human
from translate.catalog import Catalog, Entry, State
from translate.interchange.exchanged import Exchanged, cleaned, unit_key

_RANK = {State.UNTRANSLATED: 0, State.MACHINE: 1, State.EDITED: 2, State.APPROVED: 3}


class Outcome(StrEnum):
    """What became of a unit."""

    UNCHANGED = "unchanged"
    EDITED = "edited"
    APPROVED = "approved"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Returned:
    """One unit of a file, and what became of it.

    Attributes:
        outcome: What was done; nothing was for ``CONFLICT`` and ``UNKNOWN``.
        unit: The unit.
        ours: The catalog's entry before, if there is one.
        reason: Why it is in conflict or unknown.
    """

    outcome: Outcome
    unit: Exchanged
    ours: Entry | None = None
    reason: str = ""


def bring_back(catalog: Catalog, units: Sequence[Exchanged]) -> list[Returned]:
    """Write people's work into a catalog, in memory, and tell for each unit what became of it."""
    by_key = {unit_key(entry.msgid): entry.msgid for entry in catalog}
    by_text = {_normal(entry.msgid): entry.msgid for entry in catalog}
    return [_bring(catalog, unit, by_key, by_text) for unit in units]


def _bring(catalog: Catalog, unit: Exchanged, by_key: dict[str, str], by_text: dict[str, str]) -> Returned:
    msgid = by_key.get(unit.key) or by_text.get(_normal(unit.source))
    entry = catalog.entry(msgid) if msgid else None
    if entry is None:
        return Returned(Outcome.UNKNOWN, unit, reason="the article no longer holds this segment")
    if _normal(entry.msgid) != _normal(unit.source):
        return Returned(Outcome.UNKNOWN, unit, entry, "the Japanese differs from the segment of this id")
    outcome, reason = decide(unit, entry)
    if outcome in (Outcome.EDITED, Outcome.APPROVED):
        write_human(catalog, entry.msgid, unit.target, approved=outcome is Outcome.APPROVED)
    return Returned(outcome, unit, entry, reason)


def decide(unit: Exchanged, ours: Entry) -> tuple[Outcome, str]:
    """Say what shall become of a unit, given the catalog's entry as it stands now."""
    wanted = Outcome.APPROVED if unit.state is State.APPROVED else Outcome.EDITED
    same_as_ours = _normal(unit.target) == _normal(ours.msgstr)
    if not _touched(unit) or (same_as_ours and _RANK[ours.state] >= _RANK[State(wanted)]):
        return Outcome.UNCHANGED, ""
    if same_as_ours:
        return wanted, ""
    if unit.base is None or unit.base_state is None:
        if ours.state in (State.EDITED, State.APPROVED):
            return Outcome.CONFLICT, f"the PO file holds another {ours.state} text, and the file does not say its base"
    elif _normal(ours.msgstr) != _normal(unit.base) or ours.state is not unit.base_state:
        return Outcome.CONFLICT, f"the PO file's text was changed after the export and is now {ours.state}"
    return wanted, ""


def _touched(unit: Exchanged) -> bool:
    """Tell whether a person did something to a unit; an emptied one counts as not done, for nothing is ever erased."""
    if not unit.target.strip():
        return False
    if unit.base is None or unit.base_state is None:
        return unit.state is not State.MACHINE
    if _normal(unit.target) != _normal(unit.base):
        return True
    # Tools that know no states drop them, which says nothing; only a step forward is somebody's word.
    return unit.state is not None and _RANK[unit.state] > _RANK[unit.base_state]


def _normal(text: str) -> str:
    """Return a text without what a tool may change unasked: ends, line breaks, composition, control characters."""
    return unicodedata.normalize("NFC", cleaned(text).replace("\r\n", "\n").replace("\r", "\n")).strip()
