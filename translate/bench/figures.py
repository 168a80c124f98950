"""What a contest measured, and the ratios that follow from it: plain arithmetic, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of one contestant over the whole text.

    Attributes:
        seconds: From being asked to the last segment.
        cpu: Processor seconds of the process and its threads in that time.
        first: Seconds to the first segment that could be shown.
        segments: Segments that were translated.
        tokens: English tokens that were written, all hypotheses; 0 where nobody counts them.
    """

    seconds: float
    cpu: float
    first: float
    segments: int
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is known of one contestant.

    Attributes:
        name: As in ``CONTESTANTS``.
        precision: In what numbers it computes.
        beam: Width of its search.
        load: Seconds from the start of the process until it could be asked.
        peak: Largest resident memory of the process, MB (2**20 bytes).
        characters: Length of the Japanese that a turn translates.
        turns: The runs, in order.
    """

    name: str
    precision: str
    beam: int
    load: float
    peak: float
    characters: int
    turns: tuple[Turn, ...]

    @property
    def seconds(self) -> float:
        """Return the median over the turns."""
        return median(one.seconds for one in self.turns)

    @property
    def cpu(self) -> float:
        """Return the median processor time of a turn, which other programs on the machine disturb less."""
        return median(one.cpu for one in self.turns)

    @property
    def spread(self) -> float:
        """Return how far the turns lie apart: longest minus shortest, as a part of the median."""
        times = [one.seconds for one in self.turns]
        return (max(times) - min(times)) / self.seconds if self.seconds else 0.0

    @property
    def first(self) -> float:
        """Return the median time to the first result."""
        return median(one.first for one in self.turns)

    @property
    def segments_per_second(self) -> float:
        """Return segments a second in the median turn."""
        return self.turns[0].segments / self.seconds if self.seconds else 0.0

    @property
    def characters_per_second(self) -> float:
        """Return Japanese characters a second in the median turn."""
        return self.characters / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as fast one contestant is as another.

    Attributes:
        fast: The one.
        slow: The other.
        wall: Median over the turns of the other's seconds by the one's in the same round: what slows a whole round
            down cancels out.
        cpu: The same of processor seconds.
    """

    fast: str
    slow: str
    wall: float
    cpu: float


def ratio(one: Figures, other: Figures) -> Ratio:
    """Compare two contestants turn by turn.

    Example:
        >>> fast = Turn(2.0, 4.0, 0.5, 10), Turn(3.0, 4.0, 0.5, 10)
        >>> slow = Turn(6.0, 10.0, 0.5, 10), Turn(6.0, 6.0, 0.5, 10)
        >>> a, b = (Figures(name, "int8", 4, 1.0, 300.0, 100, found) for name, found in zip("ab", (fast, slow)))
        >>> ratio(a, b).wall, ratio(a, b).cpu
        (2.5, 2.0)
    """
    rounds = list(zip(one.turns, other.turns, strict=True))
    return Ratio(
        one.name,
        other.name,
        median(theirs.seconds / mine.seconds if mine.seconds else 0.0 for mine, theirs in rounds),
        median(theirs.cpu / mine.cpu if mine.cpu else 0.0 for mine, theirs in rounds),
    )


def as_json(found: Sequence[Figures], ratios: Sequence[Ratio]) -> dict[str, object]:
    """Return the JSON shape of a contest."""
    return {
        "contestants": [
            {
                "name": one.name,
                "precision": one.precision,
                "beam": one.beam,
                "load_seconds": round(one.load, 3),
                "peak_mb": round(one.peak, 1),
                "segments": one.turns[0].segments,
                "characters": one.characters,
                "seconds": round(one.seconds, 4),
                "cpu_seconds": round(one.cpu, 4),
                "spread": round(one.spread, 4),
                "first_seconds": round(one.first, 4),
                "segments_per_second": round(one.segments_per_second, 3),
                "characters_per_second": round(one.characters_per_second, 2),
                "turns": [
                    {
                        "seconds": round(turn.seconds, 4),
                        "cpu_seconds": round(turn.cpu, 4),
                        "first_seconds": round(turn.first, 4),
                        "tokens": turn.tokens,
                    }
                    for turn in one.turns
                ],
            }
            for one in found
        ],
        "ratios": [
            {"fast": one.fast, "slow": one.slow, "wall": round(one.wall, 4), "cpu": round(one.cpu, 4)} for one in ratios
        ],
    }
