"""Neighbours reach the engines that read them, at every stage, and no other engine ever sees any."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from translate.enforcement import translate_segments
from translate.engines.base import Context, Hypothesis, MarkedText
from translate.engines.fake import FakeEngine
from translate.glossary import Glossary, Term
from translate.matching import find_terms

NEAR = Context(("朝が来た。",), ("夜になった。",))
TEXT = "駅長は、港の灯台で待つ。"


class Watching(FakeEngine):
    """Notes what it is asked, and leaves every term out."""

    def __init__(self, supports_context: bool) -> None:
        super().__init__("stubborn")
        self.supports_context = supports_context
        self.seen: list[MarkedText] = []

    def translate(
        self, sources: Sequence[MarkedText], *, prefixes: Sequence[str] | None = None, num_hypotheses: int = 1
    ) -> list[list[Hypothesis]]:
        self.seen += sources
        return super().translate([MarkedText("港") for _ in sources], prefixes=prefixes, num_hypotheses=num_hypotheses)


@pytest.mark.parametrize("supports", [True, False])
def test_neighbours_are_for_engines_that_read_them(supports: bool) -> None:
    engine = Watching(supports)
    matches = find_terms(TEXT, Glossary([Term("灯台", "Old Light")]))
    translate_segments([TEXT], [matches], engine, contexts=[NEAR])
    assert len(engine.seen) > 3  # the first draft, the term in the source, the parts
    assert {source.context for source in engine.seen} == {NEAR if supports else Context()}


def test_without_neighbours_nothing_is_made_up() -> None:
    engine = Watching(supports_context=True)
    translate_segments([TEXT], [()], engine)
    assert {source.context for source in engine.seen} == {Context()}
