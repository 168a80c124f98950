"""An engine whose answers are what the protocol promises: somebody else's code is believed nothing.

What breaks the protocol is an ``EngineError``, so that nothing of it is remembered. A text that no PO file can hold, or
that is out of all proportion, is an empty hypothesis: enforcement tries its other stages, and at last leaves the
segment to a person.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from translate.engines.base import Engine, Hypothesis, MarkedText
from translate.errors import EngineError

LONGEST, FACTOR = 4000, 40
"""Characters that a translation may have anyway, and for each character of its source."""

_UNFIT = re.compile("[\x00\ud800-\udfff]")


class GuardedEngine(Engine):
    """Passes every call on to an engine and looks at what comes back.

    Args:
        engine: The engine.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name, self.revision = engine.name, engine.revision
        self.supports_marks, self.supports_prefix = engine.supports_marks, engine.supports_prefix
        self.supports_context = engine.supports_context
        self.width, self.calibration, self.concurrent = engine.width, engine.calibration, engine.concurrent

    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        """Translate; see ``Engine.translate``.

        Raises:
            EngineError: The engine returned something else than hypotheses for each source.
        """
        found: object = self._engine.translate(sources, prefixes=prefixes, num_hypotheses=num_hypotheses)
        if not isinstance(found, Sequence) or len(found) != len(sources):
            raise self._error(f"returned {_counted(found)} for {len(sources)} segments")
        return [self._checked(one, source.text) for one, source in zip(found, sources, strict=True)]

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Score; see ``Engine.score``.

        Raises:
            EngineError: The engine returned something else than a number for each pair.
        """
        found: object = self._engine.score(sources, targets)
        if not isinstance(found, Sequence) or len(found) != len(sources):
            raise self._error(f"returned {_counted(found)} as scores of {len(sources)} texts")
        for score in found:
            self._require_number(score)
        return list(found)

    def close(self) -> None:
        """Release what the engine holds."""
        self._engine.close()

    def _checked(self, hypotheses: object, source: str) -> list[Hypothesis]:
        if not isinstance(hypotheses, Sequence) or not hypotheses:
            raise self._error(f"returned {_counted(hypotheses)} as hypotheses of a segment")
        return [self._fit(one, source) for one in hypotheses]

    def _fit(self, one: object, source: str) -> Hypothesis:
        if not isinstance(one, Hypothesis) or not isinstance(one.text, str):
            what = type(one.text if isinstance(one, Hypothesis) else one).__name__
            raise self._error(f"returned a value of type {what} where a translation was due")
        self._require_number(one.score)
        if len(one.text) > LONGEST + FACTOR * len(source) or _UNFIT.search(one.text):
            return replace(one, text="", finished=False)
        return one if one.text.strip() else replace(one, text="")

    def _require_number(self, score: object) -> None:
        if not isinstance(score, (int, float)) or not math.isfinite(score):
            raise self._error(f"returned the score {score!r}, which is no finite number")

    def _error(self, what: str) -> EngineError:
        return EngineError(
            f"{self.name}@{self.revision} {what}; try another --engine, or fewer --threads if memory is short"
        )


def _counted(found: object) -> str:
    return f"{len(found)} results" if isinstance(found, Sequence) else f"a value of type {type(found).__name__}"
