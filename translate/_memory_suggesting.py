"""What the memory proposes for a segment: an exact hit as its translation, near ones for the translator to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from translate._memory_unit import Unit
from translate.catalog import NOTE_PREFIX

STAGE = "memory"
"""The stage of a translation from the memory, in its provenance."""

_LONGEST = 200  # characters of a source or target in a note


class Lookup(Protocol):
    """What a suggestion needs of a memory."""

    def exact(self, text: str) -> list[Unit]:
        """Return the known units of a text, the best first."""

    def near(self, text: str, *, similarity: float = ..., limit: int = ...) -> list[tuple[Unit, float]]:
        """Return units with a source like a text, the nearest first."""


@dataclass(frozen=True)
class MemoryHit:
    """An exact hit: the English to reuse.

    Attributes:
        unit: The best unit.
        trusted: Whether its source, role and terms all agree with the segment's, and no other English does as well:
            only then may ``--trust-memory`` clear the fuzzy flag.
        others: Units with other English for the same source.
    """

    unit: Unit
    trusted: bool
    others: tuple[Unit, ...] = ()

    @property
    def english(self) -> str:
        """The English to propose."""
        return self.unit.target

    @property
    def engine(self) -> str:
        """The name that stands in the provenance as the engine."""
        return f"memory@{self.unit.digest}"

    @property
    def note(self) -> str:
        """The comment line for the best unit itself, where it cannot be reused."""
        return _note(100, self.unit)

    @property
    def notes(self) -> tuple[str, ...]:
        """Comment lines for the other translations, which a reviewer may like better."""
        return tuple(_note(100, other) for other in self.others)


def suggest(memory: Lookup, text: str, *, role: str, terms: str) -> MemoryHit | None:
    """Return what the memory holds for a text, or None.

    A unit of the very same source goes before one of another width, then one with the same terms, then one of the same
    role; then the memory's own order decides.

    Args:
        memory: Where to look.
        text: The segment.
        role: Role of its block.
        terms: Hash of its glossary terms.
    """
    units = memory.exact(text)
    if not units:
        return None
    best, *others = sorted(
        units, key=lambda unit: (unit.source == text, unit.terms == terms, unit.role == role), reverse=True
    )
    rivals = [unit for unit in others if _agrees(unit, text, role, terms)]
    return MemoryHit(best, trusted=_agrees(best, text, role, terms) and not rivals, others=tuple(others))


def near_notes(memory: Lookup, text: str, *, similarity: float = 75, limit: int = 3) -> tuple[str, ...]:
    """Return a comment line for each near match: ``yakubun: memory 87%: <source> → <target> (<origin>)``."""
    near: Sequence[tuple[Unit, float]] = memory.near(text, similarity=similarity, limit=limit)
    return tuple(_note(percent, unit) for unit, percent in near)


def _agrees(unit: Unit, text: str, role: str, terms: str) -> bool:
    return unit.source == text and bool(role and terms) and (unit.role, unit.terms) == (role, terms)


def _note(percent: float, unit: Unit) -> str:
    # Rounded down, so that no text that differs reads 100 %.
    texts = f"{_short(unit.source)} → {_short(unit.target)} ({_short(unit.origin)})"
    return f"{NOTE_PREFIX}memory {int(percent)}%: {texts}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
