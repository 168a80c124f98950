"""What every engine promises, whichever it is: one class, run over the registry."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from chat_double import ChatDouble, served
from conftest import japanese

from translate.engines import ENGINES, create
from translate.engines.base import Engine, Hypothesis, Mark, MarkedText
from translate.engines.consensus import consensus
from translate.errors import EngineError

TEXTS = [*japanese()[::7], "灯台", "（おわり）", "駅長は「鍵がない。」と言って、三毛猫と赤い風車のある丘まで走った。"]
SOURCES = [MarkedText(text) for text in TEXTS]
PREFIX = "The twins"
SLOW = {"embedded"}
KINDS = {"ct2": ("ct2:marian", "ct2:nllb", "ct2:m2m100", "ct2:llama")}
"""An engine that is several → what stands for each."""
ASKED = {"ct2:ct2-llama"}
"""Names of those that are told of marks, but whose random weights have not learned to obey."""


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(spec, marks=[pytest.mark.slow] if spec in SLOW else [])
        for name in ENGINES
        for spec in KINDS.get(name, (name,))
    ],
)
def engine(
    request: pytest.FixtureRequest, checkpoint: Callable[[str], Path], converted: Callable[[str], Path]
) -> Iterator[Engine]:
    with ExitStack() as stack:
        spec = request.param
        if spec == "hf":
            spec = f"hf:{checkpoint('marian')}"
        elif spec.startswith("ct2:"):
            spec = f"ct2:{converted(spec[4:])}"
        elif spec == "chat":
            spec = stack.enter_context(served(ChatDouble())).spec
        opened = create(spec, threads=1)
        yield opened
        opened.close()


def best(hypotheses: list[list[Hypothesis]]) -> list[str]:
    return [found[0].text for found in hypotheses]


class TestEngine:
    """The contract of ``translate.engines.base.Engine``."""

    def test_name_and_revision_fit_into_a_provenance_comment(self, engine: Engine) -> None:
        for value in (engine.name, engine.revision):
            assert value
            assert not any(character.isspace() or character == "@" for character in value)

    def test_each_source_gets_its_hypotheses(self, engine: Engine) -> None:
        found = engine.translate(SOURCES)
        assert [len(hypotheses) for hypotheses in found] == [1] * len(SOURCES)
        assert all(math.isfinite(h.score) and h.score <= 0 and h.tokens >= 0 for hs in found for h in hs)

    def test_different_sources_get_different_translations(self, engine: Engine) -> None:
        assert len(set(best(engine.translate(SOURCES)))) > len(SOURCES) / 3

    def test_no_sources_give_no_results(self, engine: Engine) -> None:
        assert engine.translate([]) == []
        assert engine.translate([], prefixes=[]) == []
        assert engine.score([], []) == []

    def test_an_empty_source_stays_empty_among_others(self, engine: Engine) -> None:
        found = best(engine.translate([MarkedText(""), SOURCES[0], MarkedText("")], num_hypotheses=2))
        assert found == ["", found[1], ""]

    def test_a_second_run_gives_the_same(self, engine: Engine) -> None:
        assert engine.translate(SOURCES) == engine.translate(SOURCES)

    @pytest.mark.parametrize("size", [1, 3, len(SOURCES)])
    def test_batch_size_and_order_change_nothing(self, engine: Engine, size: int) -> None:
        alone = {source.text: text for source, text in zip(SOURCES, best(engine.translate(SOURCES)), strict=True)}
        shuffled = random.Random(size).sample(SOURCES, len(SOURCES))
        for at in range(0, len(shuffled), size):
            part = shuffled[at : at + size]
            assert best(engine.translate(part)) == [alone[source.text] for source in part]

    def test_prefixes_open_the_text_or_do_nothing(self, engine: Engine) -> None:
        prefixes = [PREFIX if number % 2 else "" for number in range(len(SOURCES))]
        free, forced = best(engine.translate(SOURCES)), best(engine.translate(SOURCES, prefixes=prefixes))
        for prefix, before, after in zip(prefixes, free, forced, strict=True):
            if prefix and engine.supports_prefix:
                assert after.startswith(prefix)
            else:
                assert after == before

    def test_prefixes_of_different_length_do_not_disturb_each_other(self, engine: Engine) -> None:
        prefixes = ["A", "A young carpenter hid", "", "The postal clerk lost copper keys."]
        together = best(engine.translate(SOURCES[:4], prefixes=prefixes))
        alone = [
            best(engine.translate([source], prefixes=[prefix]))[0]
            for source, prefix in zip(SOURCES[:4], prefixes, strict=True)
        ]
        assert together == alone

    def test_prefixes_must_be_as_many_as_sources(self, engine: Engine) -> None:
        with pytest.raises((ValueError, EngineError)):
            engine.translate(SOURCES[:2], prefixes=[PREFIX])

    def test_hypotheses_are_distinct_and_best_first(self, engine: Engine) -> None:
        for found in engine.translate(SOURCES, num_hypotheses=3):
            assert 1 <= len(found) <= 3
            assert len({hypothesis.text for hypothesis in found}) == len(found)
            scores = [hypothesis.score for hypothesis in found]
            if found[0].agreement is None:
                assert scores == sorted(scores, reverse=True)
            else:  # ranked by what the hypotheses have in common, see engines.consensus
                assert list(consensus([one.text for one in found], scores).order) == list(range(len(found)))

    def test_marks_reach_the_text_or_do_nothing(self, engine: Engine) -> None:
        text = "駅長は灯台で待つ。"
        marked = MarkedText(text, (Mark(0, 2, "stationmaster"), Mark(3, 5, "Old Light")))
        with_marks, without = best(engine.translate([marked, MarkedText(text)]))
        if engine.supports_marks and engine.name in ASKED:
            assert with_marks != without
        elif engine.supports_marks:
            assert "stationmaster" in with_marks
            assert "Old Light" in with_marks
        else:
            assert with_marks == without

    def test_a_very_long_source_comes_back(self, engine: Engine) -> None:
        found = engine.translate([MarkedText("".join(japanese()[:60])), SOURCES[0]])
        assert isinstance(found[0][0].text, str)
        assert found[1][0].text == best(engine.translate(SOURCES[:1]))[0]

    def test_scores_are_one_log_probability_a_pair(self, engine: Engine) -> None:
        scores = engine.score(TEXTS[:3], ["The porter hid old scores.", "", PREFIX])
        assert len(scores) == 3
        assert all(math.isfinite(score) and score <= 0 for score in scores)


def test_an_unknown_engine_names_the_nearest_one_and_all() -> None:
    with pytest.raises(EngineError, match=r"'embeded': did you mean 'embedded'\? There are: .*fake.*hf"):
        create("embeded:models/x")


def test_importing_the_registry_imports_nothing_heavy() -> None:
    code = (
        "import sys, translate.engines as e; e.create('fake');"
        "heavy = ('torch', 'transformers', 'ctranslate2', 'numpy', 'rapidfuzz', 'httpx2', 'tokenizers', 'jinja2');"
        "print([m for m in heavy if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
