"""Enforcement: a required term arrives by the cheapest stage that can place it, or its absence is plain to see."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest

from translate.candidates import Candidate, Job, Stage
from translate.enforcement import SegmentResult, required_terms, translate_segments
from translate.engines import create
from translate.engines.base import Engine, Hypothesis, MarkedText
from translate.glossary import Glossary, Kind, Mode, Term, satisfied
from translate.matching import find_terms

KEEPER = Term("灯台守", "lighthouse keeper", variants=("keeper of the light",), forbidden=("lightman",))
OMORI = Term("大森町", "Ōmori")
MISAKI = Term("岬町", "Misaki")
GLOSSARY = Glossary((KEEPER, OMORI, MISAKI))

Answer = Callable[[MarkedText, str, int], Sequence[Hypothesis]]


class Scripted(Engine):
    """Answers as a test says, and notes what it was asked."""

    name, revision = "scripted", "1"

    def __init__(self, answer: Answer, *, marks: bool = True, prefixes: bool = True) -> None:
        self.answer = answer
        self.supports_marks, self.supports_prefix = marks, prefixes
        self.asked: list[tuple[MarkedText, str]] = []

    def translate(
        self, sources: Sequence[MarkedText], *, prefixes: Sequence[str] | None = None, num_hypotheses: int = 1
    ) -> list[list[Hypothesis]]:
        starts = prefixes or [""] * len(sources)
        self.asked += zip(sources, starts, strict=True)
        return [list(self.answer(*pair, num_hypotheses)) for pair in zip(sources, starts, strict=True)]


def texts(*answers: str | tuple[str, float]) -> Answer:
    """Answer any source with these texts, each scored a little worse than the one before."""
    made = [
        Hypothesis(*one) if isinstance(one, tuple) else Hypothesis(one, -0.1 * rank)
        for rank, one in enumerate(answers, 1)
    ]
    return lambda _source, _prefix, count: made[:count]


def enforce(source: str, engine: Engine | str, glossary: Glossary = GLOSSARY) -> SegmentResult:
    engine = create(engine) if isinstance(engine, str) else engine
    (result,) = translate_segments([source], [find_terms(source, glossary)], engine)
    return result


def verdict(result: SegmentResult) -> tuple[str, str, list[str]]:
    return result.english, str(result.stage), [term.source for term in result.missing]


SOURCE = "灯台守は眠った。"


def test_a_segment_without_terms_is_plain() -> None:
    assert verdict(enforce("海は静かだ。", Scripted(texts("The sea is calm.")))) == ("The sea is calm.", "plain", [])


def test_the_first_hypothesis_of_the_marked_source_is_enough() -> None:
    engine = Scripted(texts("The lighthouse keeper slept.", "A lighthouse keeper slept."))
    assert verdict(enforce(SOURCE, engine)) == ("The lighthouse keeper slept.", "marked", [])
    assert [(text.text, [mark.target for mark in text.marks]) for text, _ in engine.asked] == [
        (SOURCE, ["lighthouse keeper"])
    ]


def test_a_variant_counts_as_the_term() -> None:
    assert enforce(SOURCE, Scripted(texts("The keeper of the light slept."))).stage is Stage.MARKED


def test_the_best_further_hypothesis_that_holds_the_term_is_taken() -> None:
    engine = Scripted(
        texts("The man slept.", "The guard slept.", "The lighthouse keeper slept.", "A lighthouse keeper.")
    )
    result = enforce(SOURCE, engine)
    assert verdict(result) == ("The lighthouse keeper slept.", "nbest", [])
    assert [one.text for one in result.candidates] == [
        *("The man slept.", "The guard slept.", "The lighthouse keeper slept."),
    ]
    assert len(engine.asked) == 1


def test_the_english_term_in_the_source_is_the_next_resort() -> None:
    def answer(source: MarkedText, prefix: str, count: int) -> list[Hypothesis]:
        return [Hypothesis("The lighthouse keeper slept." if "keeper" in source.text else "The man slept.", -0.5)]

    engine = Scripted(answer)
    assert verdict(enforce(SOURCE, engine)) == ("The lighthouse keeper slept.", "switched", [])
    assert [text for text, _ in engine.asked] == [
        *(engine.asked[0][0], MarkedText(" lighthouse keeper は眠った。", again=True)),
    ]


def test_only_the_missing_term_is_switched() -> None:
    def answer(source: MarkedText, prefix: str, count: int) -> list[Hypothesis]:
        return [Hypothesis("Misaki has a man." + " lighthouse keeper" * ("keeper" in source.text), -0.5)]

    engine = Scripted(answer)
    enforce("岬町の灯台守。", engine)
    assert engine.asked[1][0] == MarkedText("岬町の lighthouse keeper 。", again=True)


def test_a_forced_start_is_the_resort_after_that() -> None:
    def answer(source: MarkedText, prefix: str, count: int) -> list[Hypothesis]:
        return [Hypothesis(f"{prefix} dozed." if prefix else "Old men slept.", -0.5)]

    result = enforce(SOURCE, Scripted(answer))
    assert (result.stage, result.missing) == (Stage.PREFIX, ())
    assert "lighthouse keeper" in result.english.lower()
    forced = [one.text for one in result.candidates if one.stage is Stage.PREFIX]
    assert forced
    assert all(text.endswith("dozed.") for text in forced)


def test_of_a_concurrent_engine_a_segment_in_trouble_waits_for_no_other() -> None:
    moved_on = threading.Event()

    def answer(source: MarkedText, prefix: str, count: int) -> list[Hypothesis]:
        if "海" in source.text:
            assert moved_on.wait(20), "the other segment waits for this one"
            return [Hypothesis("The sea is calm.", -0.5)]
        if source.again:
            moved_on.set()
        return [Hypothesis("The lighthouse keeper slept." if source.again else "The man slept.", -0.5)]

    engine = Scripted(answer)
    engine.concurrent = True
    sources = ["海は静かだ。", SOURCE]
    results = translate_segments(sources, [find_terms(one, GLOSSARY) for one in sources], engine)
    assert [verdict(one)[:2] for one in results] == [
        ("The sea is calm.", "plain"),
        ("The lighthouse keeper slept.", "switched"),
    ]


def test_without_prefixes_that_resort_is_passed_over() -> None:
    engine = Scripted(texts("The man slept."), prefixes=False)
    result = enforce(SOURCE, engine)
    assert verdict(result) == ("The man slept.", "failed", ["灯台守"])
    assert {prefix for _, prefix in engine.asked} == {""}
    assert [finding.check for finding in result.findings] == ["glossary"]


def test_two_missing_terms_are_both_forced() -> None:
    def answer(source: MarkedText, prefix: str, count: int) -> list[Hypothesis]:
        return [Hypothesis(f"{prefix} slept." if prefix else "They slept.", -0.5)]

    result = enforce("岬町の灯台守は眠った。", Scripted(answer))
    assert (result.stage, result.missing) == (Stage.PREFIX, ())


def test_a_term_that_no_decoding_places_is_written_in_and_told() -> None:
    result = enforce("岬町の灯台守は眠った。", Scripted(texts("They slept well.")))  # whatever start it is given
    assert (result.stage, result.missing) == (Stage.INSERTED, ())
    assert "They" in result.english
    assert all(satisfied(term, result.english) for term in result.required)
    assert [term.target for term in result.required] == ["Misaki", "lighthouse keeper"]
    (finding,) = result.findings
    assert (finding.check, finding.severity) == ("glossary", "warning")
    assert "read the sentence" in finding.message


def test_a_loop_gets_no_term_written_in() -> None:
    result = enforce(SOURCE, Scripted(texts("slept " * 60)))
    assert (result.english, str(result.stage)) == ("", "degenerate")


@pytest.mark.parametrize(
    ("spec", "stages"),
    [
        ("fake", ["plain", "marked", "marked", "marked"]),
        ("fake:deaf", ["plain", "switched", "switched", "prefix"]),
        ("fake:stubborn", ["plain", "switched", "switched", "failed"]),
    ],
)
def test_the_fakes_take_every_stage(spec: str, stages: list[str]) -> None:
    sources = ["海は静かだ。", "灯台守は眠った。", "岬町の灯台守は眠った。", "大森町は眠った。"]
    results = translate_segments(sources, [find_terms(source, GLOSSARY) for source in sources], create(spec))
    assert [result.stage for result in results] == stages
    assert [len(result.required) for result in results] == [0, 1, 2, 1]
    assert [result.missing for result in results] == [(), (), (), (OMORI,) if spec == "fake:stubborn" else ()]
    assert [result.source for result in results] == sources


def test_a_failure_keeps_the_best_draft_and_everything_that_was_tried() -> None:
    result = enforce("大森町は眠った。", "fake:stubborn")
    assert result.english
    assert result.english in {one.text for one in result.candidates}
    assert {one.missing for one in result.candidates} == {(OMORI,)}
    assert {Stage.PLAIN, Stage.SWITCHED} <= {one.stage for one in result.candidates}


# Degenerate output

LOOP = "The town of the town of the town of the town of the town of the town of the"


def test_a_loop_is_never_returned() -> None:
    result = enforce("海は静かだ。", Scripted(texts(LOOP)))
    assert verdict(result) == ("", "degenerate", [])
    assert [finding.check for finding in result.findings] == ["repetition"]
    assert result.candidates[0].flaws[-1] == "degenerate"


def test_an_empty_output_is_never_returned_as_a_translation() -> None:
    assert enforce("海は静かだ。", Scripted(texts(""))).stage is Stage.DEGENERATE


def test_a_loop_lacks_all_terms() -> None:
    result = enforce(SOURCE, Scripted(texts(LOOP)))
    assert (result.english, result.missing) == ("", (KEEPER,))


def test_a_hypothesis_behind_the_loop_is_taken() -> None:
    result = enforce("海は静かだ。", Scripted(texts(LOOP, "The sea is calm.")))
    assert verdict(result) == ("The sea is calm.", "nbest", [])


def test_a_looping_segment_is_translated_in_parts() -> None:
    def answer(source: MarkedText, prefix: str, count: int) -> list[Hypothesis]:
        parts = {"朝になると、": "In the morning,", "海は静かだ。": "The sea is calm."}
        return [Hypothesis(parts.get(source.text, LOOP), -0.5)]

    result = enforce("朝になると、海は静かだ。", Scripted(answer))
    assert verdict(result) == ("In the morning, the sea is calm.", "split", [])


def test_marks_move_with_their_part() -> None:
    def answer(source: MarkedText, prefix: str, count: int) -> list[Hypothesis]:
        if "、" in source.text[:-1]:
            return [Hypothesis(LOOP, -0.5)]
        return [Hypothesis(" ".join(["It", *(mark.target for mark in source.marks), "rest?"]), -0.5)]

    engine = Scripted(answer, prefixes=False)
    result = enforce("朝になると、灯台守は眠るか？", engine)
    assert verdict(result) == ("It rest, it lighthouse keeper rest?", "split", [])
    (mark,) = engine.asked[-1][0].marks
    assert engine.asked[-1][0].text[mark.start : mark.end] == "灯台守"


def test_a_term_is_never_cut_in_two() -> None:
    glossary = Glossary((Term("灯台、港", "Light and Port"),))
    engine = Scripted(texts(LOOP), marks=False, prefixes=False)
    assert enforce("灯台、港が好きだ。", engine, glossary).stage is Stage.DEGENERATE
    assert {text.text for text, _ in engine.asked} == {"灯台、港が好きだ。", " Light and Port が好きだ。"}


def test_the_degenerate_fake_is_left_untranslated_and_flagged() -> None:
    result = enforce("船は7隻だ。", "fake:degenerate")
    assert (result.english, result.stage, result.findings[0].severity) == ("", Stage.DEGENERATE, "error")
    whole = enforce("船は多い。", "fake:degenerate")
    assert (bool(whole.english), whole.stage) == (True, Stage.PLAIN)


def test_the_degenerate_fake_gets_through_in_parts_that_hold_no_figure() -> None:
    sources = ["朝、船は7隻が出た。"]
    (result,) = translate_segments(sources, [[]], create("fake:degenerate"))
    assert result.english == ""  # the part with the figure loops still
    assert {one.stage for one in result.candidates} >= {Stage.PLAIN, Stage.SPLIT}


def test_a_cut_off_translation_is_told() -> None:
    engine = Scripted(lambda *_: [Hypothesis("The sea is", -0.1, 3, finished=False)])
    result = enforce("海は静かだ。", engine)
    assert (result.english, [finding.check for finding in result.findings]) == ("The sea is", ["length"])


# The one rule


def job(*candidates: Candidate) -> Job:
    return Job(SOURCE, [], (KEEPER, OMORI), (KEEPER, OMORI), list(candidates))


def candidate(text: str, score: float = 0.0, missing: Sequence[Term] = (), flaws: Sequence[str] = ()) -> Candidate:
    return Candidate(text, Stage.PLAIN, score, tuple(missing), tuple(flaws))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (candidate("a", -9, [KEEPER, OMORI], ["cut", "japanese"]), candidate("b", -1, [], ["degenerate"])),
        (candidate("a", -9, [KEEPER], ["doubled"]), candidate("b", -1, [KEEPER, OMORI])),
        (candidate("a", -9), candidate("b", -1, [KEEPER])),
        (candidate("a", -9, [], ["cut"]), candidate("b", -1, [], ["cut", "japanese"])),
        (candidate("a", -1), candidate("b", -9)),
        (candidate("a", -1), candidate("b", -1)),
    ],
    ids=["no loop", "fewer missing", "none missing", "fewer flaws", "score", "text, so that order does not matter"],
)  # fmt: skip
def test_the_rule_that_chooses(better: Candidate, worse: Candidate) -> None:
    assert job(better, worse).best == job(worse, better).best == better


def test_a_forbidden_form_is_a_flaw() -> None:
    engine = Scripted(texts("The lighthouse keeper, a lightman, slept.", "The lighthouse keeper slept."))
    result = enforce(SOURCE, engine)
    assert verdict(result) == ("The lighthouse keeper slept.", "nbest", [])
    assert result.candidates[0].flaws == ("forbidden",)


def test_japanese_in_the_output_is_a_flaw() -> None:
    result = enforce("海は静かだ。", Scripted(texts("The 海 is calm.", "The sea is calm.")))
    assert verdict(result) == ("The sea is calm.", "nbest", [])


# What is required


def test_soft_terms_and_blockers_are_not_required() -> None:
    glossary = Glossary((
        Term("灯台守", "keeper", mode=Mode.SOFT),
        Term("港", "", kind=Kind.BLOCKER),
        Term("Kirin", "Kirin", mode=Mode.DNT),
    ))  # fmt: skip
    source = "灯台守は港でKirinを飲んだ。"
    assert [term.source for term in required_terms(find_terms(source, glossary))] == ["Kirin"]
    assert enforce(source, Scripted(texts("He drank Kirin.")), glossary).stage is Stage.MARKED


def test_a_term_that_stands_twice_is_required_and_marked_once() -> None:
    engine = Scripted(texts("The lighthouse keeper met one."))
    result = enforce("灯台守は灯台守に会った。", engine)
    assert (result.required, len(engine.asked[0][0].marks), engine.asked[0][0].marks[0].start) == ((KEEPER,), 1, 0)


def test_texts_are_repaired_before_they_are_judged() -> None:
    engine = Scripted(texts("the the lighthouse keeper lighthouse keeper slept 。"))
    assert verdict(enforce(SOURCE, engine)) == ("The lighthouse keeper slept.", "marked", [])


def test_results_do_not_depend_on_the_other_segments() -> None:
    sources = ["灯台守は眠った。", "大森町は眠った。", "海は静かだ。", "朝、船は7隻が出た。"]
    matches = [find_terms(source, GLOSSARY) for source in sources]
    for spec in ("fake", "fake:deaf", "fake:stubborn", "fake:degenerate"):
        together = translate_segments(sources, matches, create(spec))
        alone = [translate_segments([s], [m], create(spec))[0] for s, m in zip(sources, matches, strict=True)]
        assert together == alone


def test_nothing_to_translate_is_nothing() -> None:
    assert translate_segments([], [], create("fake")) == []
