"""Engines of the fault tests, which no installation knows: one that keeps an account, and ones that misbehave."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from translate.engines import ENGINES
from translate.engines.base import Hypothesis, MarkedText
from translate.engines.fake import FakeEngine

_WRITE, _OPEN = os.write, os.open  # as they are before a fault layer takes their place


class CountedEngine(FakeEngine):
    """The fake, which writes down each source that it is asked for and takes its time.

    ``COUNTED_LOG`` names the file, ``COUNTED_PAUSE`` the seconds that a segment takes.
    """

    def __init__(self, argument: str = "") -> None:
        super().__init__(argument)
        self.name = "counted"
        self._log = _OPEN(os.environ["COUNTED_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._pause = float(os.environ.get("COUNTED_PAUSE", "0"))

    def translate(
        self, sources: Sequence[MarkedText], *, prefixes: Sequence[str] | None = None, num_hypotheses: int = 1
    ) -> list[list[Hypothesis]]:
        for source in sources:
            _WRITE(self._log, json.dumps(source.text).encode() + b"\n")
            time.sleep(self._pause)
        return super().translate(sources, prefixes=prefixes, num_hypotheses=num_hypotheses)


def _raise(error: BaseException) -> Callable[[Any], Any]:
    def act(_found: Any) -> Any:
        raise error

    return act


def _texts(text: Any) -> Callable[[list[list[Hypothesis]]], Any]:
    return lambda found: [[Hypothesis(text, one[0].score)] for one in found]


def _scores(score: Any) -> Callable[[list[list[Hypothesis]]], Any]:
    return lambda found: [[Hypothesis(one[0].text, score)] for one in found]


MISDEEDS: dict[str, Callable[[list[list[Hypothesis]]], Any]] = {
    "timeout": _raise(TimeoutError("no answer within 60 s")),
    "memory": _raise(MemoryError()),
    "allocation": _raise(RuntimeError("std::bad_alloc")),
    "fewer": lambda found: found[:-1],
    "more": lambda found: [*found, *found[:1]],
    "none": lambda _found: None,
    "no hypotheses": lambda found: [[] for _ in found],
    "strings": lambda found: [one[0].text for one in found],
    "number as text": _texts(42),
    "no text": _texts(None),
    "empty": _texts(""),
    "blank": _texts(" \n\u3000"),
    "endless": _texts("and so on and so forth " * 200_000),
    "endless word": _texts("a" * 3_000_000),
    "surrogate": _texts("A bell \ud83d rang."),
    "null": _texts("A bell\x00 rang."),
    "controls": _texts("\x1b[31m A bell rang.\x07"),
    "nan": _scores(math.nan),
    "infinite": _scores(math.inf),
    "minus infinity": _scores(-math.inf),
    "score as text": _scores("-0.5"),
}
"""What an engine may do wrong → what it makes of sound hypotheses."""


class OddEngine(FakeEngine):
    """The fake, which does one thing wrong from its ``sound``-th call on."""

    def __init__(self, misdeed: str, sound: int = 0) -> None:
        super().__init__()
        self.name, self._misdeed, self._sound = f"odd:{misdeed}", MISDEEDS[misdeed], sound

    def translate(self, *args: Any, **kwargs: Any) -> list[list[Hypothesis]]:
        found = super().translate(*args, **kwargs)
        self._sound -= 1
        return found if self._sound >= 0 else self._misdeed(found)


def register() -> None:
    """Make ``--engine counted`` known in this process."""
    ENGINES["counted"] = "fault_engine:CountedEngine"
