"""What every engine speaks: marked text in, scored hypotheses out.

Engines know nothing of glossaries or documents; a term reaches them as a primitive mark on the plain text.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, steps done, steps in all) while an engine prepares itself."""


@dataclass(frozen=True, slots=True)
class Mark:
    """``text[start:end]`` shall come out as ``target``."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Context:
    """The neighbours of a text in its document, in reading order: to be understood by, not to be translated."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Plain source text and the marks on it (in order, without overlap).

    Attributes:
        text: What to translate.
        marks: What shall become what.
        context: Its neighbours; empty for an engine that does not read them (``supports_context``).
        again: Whether the segment was tried before: an engine that can choose takes it first, since more may follow.

    Raises:
        ValueError: A mark overlaps another, is empty or lies outside the text.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    context: Context = Context()
    again: bool = False

    def __post_init__(self) -> None:
        at = 0
        for mark in self.marks:
            if not at <= mark.start < mark.end <= len(self.text):
                raise ValueError(f"mark {mark} overlaps another or lies outside a text of {len(self.text)} characters")
            at = mark.end


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation.

    Attributes:
        text: Plain English, free of marks.
        score: Mean log-probability of a token, natural logarithm; 0 where the engine has none.
        tokens: Number of tokens that the engine wrote; 0 where it does not count.
        finished: False when the length limit cut the output off.
        agreement: How far the other hypotheses of its search agree with it, 0 to 1; None where nobody compared them.
    """

    text: str
    score: float = 0.0
    tokens: int = 0
    finished: bool = True
    agreement: float | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """How an engine's own figures become an estimate of quality: a linear fit of chrF against references.

    Attributes:
        intercept: The estimate where all else is zero.
        score: Weight of the mean log-probability of a token.
        agreement: Weight of the agreement among hypotheses, 0 to 1.
        length: Weight of the natural logarithm of the source's length in characters plus one.
    """

    intercept: float
    score: float
    agreement: float
    length: float

    def confidence(self, score: float, agreement: float, source: str) -> float:
        """Return the expected segment chrF2 of a translation, from 0 to 1.

        >>> Calibration(0.5, 0.1, 0.2, 0.0).confidence(-1.0, 0.5, "駅")
        0.5
        """
        length = math.log(len(source) + 1)
        estimate = self.intercept + self.score * score + self.agreement * agreement + self.length * length
        return min(1.0, max(0.0, estimate)) if math.isfinite(estimate) else 0.0


class Engine(ABC):
    """A translation engine. One abstract method; batching, order and limits are its own affair.

    Attributes:
        name: What the user typed, such as ``embedded``.
        revision: Identity of weights and decoding; goes into provenance, cache keys and score signatures.
        supports_marks: Whether marks on the text have an effect; otherwise the plain text is read.
        supports_prefix: Whether ``prefixes`` have an effect; otherwise they are ignored.
        supports_context: Whether a source's neighbours are read; otherwise none are given.
        concurrent: Whether ``translate`` and ``score`` may be called by two threads at once, to the engine's advantage.
        width: Hypotheses that one ordinary search yields anyway; asking for more makes the search wider and slower.
        calibration: How its figures become an estimate of quality; None where nobody has measured that.
    """

    name: str
    revision: str
    supports_marks: bool = False
    supports_prefix: bool = False
    supports_context: bool = False
    concurrent: bool = False
    width: int = 4
    calibration: Calibration | None = None

    @abstractmethod
    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        """Translate each source, independent of the others and of their order.

        Args:
            sources: What to translate.
            prefixes: The start of the English for each source, empty for none.
            num_hypotheses: How many hypotheses to return at most for each, best first by the engine's own judgment: the
                score, or the agreement with the others. At least one comes back.

        Returns:
            For each source its hypotheses, best first. A forced prefix is part of the text.
        """

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Return the mean log-probability of a token of each target given its source (0 where unknown)."""
        del targets
        return [0.0] * len(sources)

    def close(self) -> None:  # noqa: B027 - most engines hold nothing
        """Release what the engine holds; the default holds nothing."""
