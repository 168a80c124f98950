"""What people made of machine translations: the distance from each proposal to what was approved.

Everything comes from the PO files, the journals of proposals beside them, and git: an approved entry keeps the hash of
the proposal that it grew out of in its provenance, the journal has the proposal itself, and ``git blame`` knows when
the lines of its msgstr were written. The distance is HTER (Snover et al. 2006, A Study of Translation Edit Rate with
Targeted Human Annotation): TER of the machine's English with the approved English as the reference.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from translate.catalog import Catalog, Entry, State
from translate.errors import ScoreError
from translate.git import look
from translate.metrics import Measured, measure
from translate.proposals import Journal, Proposal
from translate.provenance import text_sha

_UNCOMMITTED = "not committed"


@dataclass(frozen=True, slots=True)
class PostEdit:
    """One approved entry and the machine translation that it grew out of.

    Attributes:
        article: The article's path.
        line: Line of the entry in its PO file.
        engine: The machine, as ``name@revision``.
        role: The block's role: title, heading, body and so on.
        month: When its English was written, as ``2026-11``: by the person who changed it, or by the machine whose text
            was approved as it stood. ``not committed`` where git does not know yet.
        source: The Japanese.
        machine: What the machine proposed.
        approved: What a person approved.
    """

    article: str
    line: int
    engine: str
    role: str
    month: str
    source: str
    machine: str
    approved: str

    @property
    def untouched(self) -> bool:
        """Whether the person approved the machine's English as it stood."""
        return self.machine.split() == self.approved.split()


@dataclass(frozen=True, slots=True)
class Group:
    """Figures of some post-edits.

    Attributes:
        name: What they have in common.
        segments: How many they are.
        hter: Edits for 100 words of the approved English; 0 where nothing was changed.
        chrf: chrF2 of the machine's English against the approved one, 0 to 100.
        untouched: Share approved without a change, 0 to 1: the approval rate.
    """

    name: str
    segments: int
    hter: float
    chrf: float
    untouched: float


DIMENSIONS: dict[str, Callable[[PostEdit], str]] = {
    "engine": lambda edit: edit.engine,
    "article": lambda edit: edit.article,
    "role": lambda edit: edit.role,
    "month": lambda edit: edit.month,
}
"""What post-edits are grouped by."""


def post_edits(po: Path) -> list[PostEdit]:
    """Return the approved entries of a PO file that grew out of a proposal in its journal, in the file's order.

    Raises:
        CatalogError, InputError: The PO file or its journal cannot be read.
    """
    catalog = Catalog.read(po)
    proposals: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in Journal(po.parent.parent / "proposals" / f"{po.stem}.jsonl"):
        if proposal.english:
            proposals[proposal.msgid].append(proposal)
    approved = [entry for entry in catalog if entry.state is State.APPROVED and entry.msgid in proposals]
    months = _months(po) if approved else {}
    lines = po.read_bytes().split(b"\n") if months else []
    found = []
    for entry in approved:
        origin = _origin(entry, proposals[entry.msgid])
        if origin is not None:
            month = max((months.get(line, _UNCOMMITTED) for line in _msgstr_lines(entry, lines)), default=_UNCOMMITTED)
            place = (catalog.source_path or str(po), entry.line, origin.engine, entry.role or "unknown", month)
            found.append(PostEdit(*place, entry.msgid, origin.english, entry.msgstr))
    return found


def measured(edits: Sequence[PostEdit]) -> Measured:
    """Measure the machine's English against what was approved, once for all groups.

    Raises:
        ScoreError: There is nothing to measure.
    """
    if not edits:
        raise ScoreError(
            "no approved entry grew out of a journalled proposal: approve some entries, and keep locales/en/proposals "
            "beside the PO files (and in git)"
        )
    return measure([edit.machine for edit in edits], [[edit.approved for edit in edits]], metrics=("chrf", "ter"))


def grouped(edits: Sequence[PostEdit], figures: Measured) -> dict[str, list[Group]]:
    """Return the figures of all edits (``all``) and by each of ``DIMENSIONS``, the largest group first."""
    result = {"all": [_group("all", range(len(edits)), edits, figures)]}
    for dimension, key in DIMENSIONS.items():
        members: dict[str, list[int]] = defaultdict(list)
        for number, edit in enumerate(edits):
            members[key(edit)].append(number)
        groups = [_group(name, numbers, edits, figures) for name, numbers in members.items()]
        result[dimension] = sorted(groups, key=lambda one: (-one.segments, one.name))
    result["month"].sort(key=lambda one: one.name)
    return result


def _group(name: str, numbers: Sequence[int], edits: Sequence[PostEdit], figures: Measured) -> Group:
    untouched = sum(edits[number].untouched for number in numbers) / len(numbers)
    return Group(name, len(numbers), figures.score("ter", numbers), figures.score("chrf", numbers), untouched)


def _origin(entry: Entry, proposals: Sequence[Proposal]) -> Proposal | None:
    """Return the proposal that the entry's provenance fingerprints; None if the journal lacks it."""
    if entry.provenance is None:
        return None
    # The catalog cleans a proposal before it fingerprints it; spaces at the ends are what that mostly changes.
    same = (one for one in reversed(proposals) if entry.provenance.sha in _fingerprints(one.english, entry.msgid))
    return next(same, None)


def _fingerprints(english: str, msgid: str) -> Iterator[str]:
    yield text_sha(english)
    lines = english.strip()
    yield text_sha(("\n" if msgid.startswith("\n") else "") + lines + ("\n" if msgid.endswith("\n") else ""))


def _msgstr_lines(entry: Entry, lines: Sequence[bytes]) -> Iterator[int]:
    """Yield the numbers of the lines that an entry's msgstr takes up; editors wrap long ones."""
    numbers = iter(range(entry.line, len(lines) + 1))
    start = next((number for number in numbers if lines[number - 1].lstrip().startswith(b"msgstr")), None)
    if start is not None:
        yield start
        for number in numbers:
            if not lines[number - 1].lstrip().startswith(b'"'):
                return
            yield number


def _months(po: Path) -> Mapping[int, str]:
    """Return the month in which each line of a file came to be what it is, by ``git blame``; empty without git."""
    printed = look(po.resolve().parent, "blame", "--porcelain", "--no-textconv", "--", po.name, seconds=120)
    if printed is None:
        return {}
    times: dict[str, str] = {}
    commits: dict[int, str] = {}
    commit = ""
    for raw in printed.split(b"\n"):
        line = raw.decode("utf-8", "replace")
        head = re.match(r"([0-9a-f]{40}) \d+ (\d+)", line)
        if head:
            commit = head[1]
            commits[int(head[2])] = commit
        elif line.startswith("author-time "):
            moment = datetime.fromtimestamp(int(line.split()[1]), UTC)
            times[commit] = f"{moment:%Y-%m}"
    return {number: times.get(commit, _UNCOMMITTED) for number, commit in commits.items() if commit.strip("0")}
