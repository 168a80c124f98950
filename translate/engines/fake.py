"""An engine for tests: instant, deterministic, and English enough to go through the whole pipeline.

It invents words for Japanese and copies Latin text, digits and the sentence's end, so that checks of numbers and
punctuation find what they look for. Its scores behave like a model's: what it wrote itself is likely, and every
word it would not have written costs a little, which gives enforcement something to choose by.
"""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from translate.engines import unknown
from translate.engines.base import Engine, Hypothesis, MarkedText, Progress
from translate.errors import EngineError

_PIECE = re.compile(r"[A-Za-z0-9]+(?:[.,:'%-]*[A-Za-z0-9%]+)*|(?:(?![A-Za-z0-9_])\w){1,4}|[。.!?]")
_ENDS = str.maketrans("。", ".")
_ONSETS, _VOWELS = "bdfghklmnprstvwz", "aeio"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How one fake differs from the plain one.

    Attributes:
        marks: Whether marks are honoured.
        prefixes: Whether prefixes are honoured.
        before: Called before each segment with the number of segments that this engine did already.
        finish: Called with a source and its hypothesis, returns the hypothesis to hand out.
    """

    marks: bool = True
    prefixes: bool = True
    before: Callable[[int], None] = lambda _done: None
    finish: Callable[[str, Hypothesis], Hypothesis] = lambda _source, hypothesis: hypothesis


def _sleep(_done: int) -> None:
    time.sleep(0.02)


def _break(done: int) -> None:
    if done >= 5:
        raise RuntimeError("the fake engine broke, as it was told to, after 5 segments")


def _repeat(source: str, hypothesis: Hypothesis) -> Hypothesis:
    if not any(character.isdigit() for character in source):
        return hypothesis
    text = " ".join([hypothesis.text] * 40)
    return Hypothesis(text, hypothesis.score, len(text.split()), finished=False)


def _refuse(source: str, hypothesis: Hypothesis) -> Hypothesis:
    if "毒" in source:
        raise RuntimeError("the fake engine cannot stand 毒")
    return hypothesis


BEHAVIOURS: dict[str, Behaviour] = {
    "": Behaviour(),
    "deaf": Behaviour(marks=False),
    "stubborn": Behaviour(marks=False, prefixes=False),
    "degenerate": Behaviour(finish=_repeat),
    "slow": Behaviour(before=_sleep),
    "broken": Behaviour(before=_break),
    "allergic": Behaviour(finish=_refuse),
}


class FakeEngine(Engine):
    """Invents a translation from a hash of the source.

    Attributes:
        behaviour: How it differs from the plain fake.
        done: Number of segments translated so far.
    """

    revision = "1"

    def __init__(self, argument: str = "") -> None:
        if argument not in BEHAVIOURS:
            raise EngineError(unknown("kind of fake engine", argument, filter(None, BEHAVIOURS)))
        self.behaviour = BEHAVIOURS[argument]
        self.name = f"fake:{argument}" if argument else "fake"
        self.supports_marks = self.behaviour.marks
        self.supports_prefix = self.behaviour.prefixes
        self.done = 0

    @classmethod
    def open(
        cls,
        argument: str = "",
        *,
        progress: Progress | None = None,
        beam_size: int | None = None,  # noqa: ARG003 - every engine opens alike
        threads: int | None = None,  # noqa: ARG003
        batch_tokens: int | None = None,  # noqa: ARG003
    ) -> FakeEngine:
        """Return the fake that behaves as ``argument`` says (see ``BEHAVIOURS``).

        Raises:
            EngineError: There is no such behaviour.
        """
        engine = cls(argument)
        if progress:
            progress(f"loading {engine.name}", 1, 1)
        return engine

    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        """Invent English for each source; see ``Engine.translate``."""
        starts = prefixes if prefixes is not None and self.supports_prefix else [""] * len(sources)
        return [self._segment(*pair, num_hypotheses) for pair in zip(sources, starts, strict=True)]

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Return a score near 0 for words that the fake would write, and lower the more others there are."""
        return [_score(*pair) for pair in zip(sources, targets, strict=True)]

    def _segment(self, source: MarkedText, prefix: str, num_hypotheses: int) -> list[Hypothesis]:
        self.behaviour.before(self.done)
        self.done += 1
        text = _sentence(source if self.supports_marks else MarkedText(source.text))
        alternatives = (_forced(prefix, _variant(text, number)) for number in range(num_hypotheses if text else 1))
        texts = sorted(dict.fromkeys(alternatives), key=lambda text: -_score(source.text, text))
        hypotheses = [Hypothesis(text, _score(source.text, text), len(text.split())) for text in texts]
        return [self.behaviour.finish(source.text, hypothesis) for hypothesis in hypotheses]


def _sentence(source: MarkedText) -> str:
    """Return the translation of a source, the targets of its marks letter for letter in it."""
    words: list[str] = []
    at = 0
    for mark in source.marks:
        words += [*_invent(source.text[at : mark.start]), mark.target]
        at = mark.end
    words += _invent(source.text[at:])
    if not words and source.text.strip():
        words = [_word(source.text)]  # nothing but signs
    text = re.sub(r" (?=[.!?](?: |$))", "", " ".join(words))
    opens_with_target = any(text.startswith(mark.target) for mark in source.marks)
    return text if opens_with_target else text[:1].upper() + text[1:]


def _invent(text: str) -> list[str]:
    pieces = _PIECE.findall(unicodedata.normalize("NFKC", text))
    return [piece.translate(_ENDS) if piece.isascii() or piece == "。" else _word(piece) for piece in pieces]


def _word(piece: str) -> str:
    """Return two to four syllables for a piece of Japanese, the same ones every time.

    >>> _word("灯台") == _word("灯台") != _word("時計")
    True
    """
    digest = hashlib.blake2b(piece.encode(), digest_size=5).digest()
    return "".join(_ONSETS[byte % 16] + _VOWELS[byte // 64] for byte in digest[: 2 + digest[4] % 3])


def _variant(text: str, number: int) -> str:
    """Return the ``number``-th alternative: as many invented words more, ahead of the sentence's end."""
    body = text.rstrip(".!?")
    more = "".join(f" {_word(f'{text}{n}')}" for n in range(number))
    return f"{body}{more}{text[len(body) :]}"


def _forced(prefix: str, text: str) -> str:
    """Go on from ``prefix`` as a decoder would: with what is left of the text, word by word."""
    if text.startswith(prefix):
        return text
    return " ".join([prefix.rstrip(), *text.split()[len(prefix.split()) :]])


def _score(source: str, target: str) -> float:
    own = {word.casefold() for word in _sentence(MarkedText(source)).split()}
    words = target.casefold().split()
    return -0.25 - sum(word not in own for word in words) / max(1, len(words))
