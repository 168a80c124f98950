"""Engines that misbehave: one clear error, or a segment left to a person; what was finished stays."""

from __future__ import annotations

import json
from pathlib import Path

import fault_project
import pytest
from fault_engine import MISDEEDS, OddEngine

from translate.catalog import Catalog, State
from translate.engines import create
from translate.engines.base import Engine, Hypothesis, MarkedText
from translate.engines.fake import FakeEngine
from translate.engines.guarded import FACTOR, LONGEST, GuardedEngine
from translate.errors import EngineError
from translate.glossary import load
from translate.pipeline import CHUNK, Settings, translate_article

REFUSED = {
    "timeout": "failed with TimeoutError: no answer within 60 s; try another --engine",
    "memory": "failed with MemoryError; end other programs, or try --quality fast",
    "allocation": r"failed with RuntimeError: std::bad_alloc; end other programs",
    "fewer": "returned 23 results for 24 segments",
    "more": "returned 25 results for 24 segments",
    "none": "returned a value of type NoneType for 24 segments",
    "no hypotheses": "returned 0 results as hypotheses of a segment",
    "strings": "returned a value of type str where a translation was due",
    "number as text": "returned a value of type int where a translation was due",
    "no text": "returned a value of type NoneType where a translation was due",
    "nan": "returned the score nan, which is no finite number",
    "infinite": "returned the score inf, which",
    "minus infinity": "returned the score -inf, which",
    "score as text": "returned the score '-0.5', which",
}
LEFT = ("empty", "blank", "endless", "endless word", "surrogate", "null")
CLEANED = ("controls",)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / ".cache"))
    fault_project.fresh(tmp_path)
    return tmp_path


def translate(engine: Engine) -> None:
    glossary = load([Path("terms.csv")])
    settings = Settings(glossary, Path("locales"), Path(), engine=engine.name)
    translate_article(Path("articles/ja/harbour.txt"), settings, lambda: engine, lambda *_: None)


def states() -> list[State]:
    return [entry.state for entry in Catalog.read(Path("locales/en/LC_MESSAGES/harbour.po"))]


def journal() -> list[dict[str, object]]:
    path = Path("locales/en/proposals/harbour.jsonl")
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def test_every_misdeed_has_its_place_here() -> None:
    assert sorted((*REFUSED, *LEFT, *CLEANED)) == sorted(MISDEEDS)


@pytest.mark.parametrize("misdeed", REFUSED)
def test_what_breaks_the_protocol_is_one_error_and_what_was_finished_is_kept(folder: Path, misdeed: str) -> None:
    with pytest.raises(EngineError, match=f"odd:{misdeed}@1 {REFUSED[misdeed]}"):
        translate(OddEngine(misdeed))
    assert journal() == []
    assert not Path("locales").exists()
    with pytest.raises(EngineError, match=rf"{CHUNK} of 59 segments are done and kept, run again to go on"):
        translate(OddEngine(misdeed, sound=1))
    assert len(journal()) == CHUNK
    assert states().count(State.MACHINE) == CHUNK
    translate(OddEngine(misdeed, sound=100))  # the same engine, in a better mood: nothing bad was remembered
    assert set(states()) == {State.MACHINE}
    assert len(journal()) == 59
    assert all(one["english"] for one in journal())


@pytest.mark.parametrize("misdeed", LEFT)
def test_a_text_that_nobody_can_use_is_left_to_a_person(folder: Path, misdeed: str) -> None:
    translate(OddEngine(misdeed))
    assert set(states()) == {State.UNTRANSLATED}
    assert all(one["english"] == "" and one["stage"] == "degenerate" for one in journal())
    assert Path("locales/en/proposals/harbour.jsonl").stat().st_size < 100_000
    translate(create("fake"))
    assert set(states()) == {State.MACHINE}


def test_control_characters_do_not_reach_the_file(folder: Path) -> None:
    translate(OddEngine("controls"))
    data = Path("locales/en/LC_MESSAGES/harbour.po").read_bytes()
    assert b"\x1b" not in data
    assert set(states()) == {State.MACHINE}


def test_sound_answers_pass_untouched() -> None:
    sources = [MarkedText("岬町の灯台。"), MarkedText("")]
    engine = FakeEngine()
    guarded = GuardedEngine(engine)
    assert guarded.translate(sources, num_hypotheses=3) == engine.translate(sources, num_hypotheses=3)
    assert guarded.score(["灯台"], ["Baki"]) == engine.score(["灯台"], ["Baki"])
    assert (guarded.name, guarded.revision, guarded.width) == (engine.name, engine.revision, engine.width)


@pytest.mark.parametrize(("length", "kept"), [(LONGEST + 2 * FACTOR, True), (LONGEST + 2 * FACTOR + 1, False)])
def test_how_long_a_translation_may_be(length: int, kept: bool) -> None:
    class Long(FakeEngine):
        def translate(self, *args: object, **kwargs: object) -> list[list[Hypothesis]]:
            return [[Hypothesis("a" * length)]]

    assert bool(GuardedEngine(Long()).translate([MarkedText("灯台")])[0][0].text) == kept


@pytest.mark.parametrize(
    ("scores", "message"), [([], "returned 0 results as scores of 1 texts"), ([float("nan")], "nan")]
)
def test_scores_that_are_none_are_an_error(scores: list[float], message: str) -> None:
    class Odd(FakeEngine):
        def score(self, *args: object) -> list[float]:
            return scores

    with pytest.raises(EngineError, match=message):
        GuardedEngine(Odd()).score(["灯台"], ["Baki"])
