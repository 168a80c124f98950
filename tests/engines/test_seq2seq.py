"""The hf engine beyond the common contract: exact scores, limits, language codes, and errors that say what to do."""

from __future__ import annotations

import logging
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NEEDS_TORCH, POSITIONS, japanese

from translate.engines import create
from translate.engines.base import Hypothesis, MarkedText
from translate.errors import EngineError

torch = pytest.importorskip("torch", reason=NEEDS_TORCH)

from translate.engines.checkpoint import precision  # noqa: E402
from translate.engines.seq2seq import Seq2SeqEngine  # noqa: E402

TEXTS = japanese()[::4]


def opened(folder: Path, **options: int) -> Seq2SeqEngine:
    return Seq2SeqEngine.open(str(folder), threads=1, **options)


def run(engine: Seq2SeqEngine, texts: list[str], count: int = 1) -> dict[str, list[Hypothesis]]:
    found = engine.translate([MarkedText(text) for text in texts], num_hypotheses=count)
    return dict(zip(texts, found, strict=True))


@pytest.fixture(scope="module")
def engine(marian: Path) -> Seq2SeqEngine:
    return opened(marian)


@pytest.fixture(scope="module")
def expected(engine: Seq2SeqEngine) -> dict[str, list[Hypothesis]]:
    """Every text translated by itself."""
    return {text: run(engine, [text], 2)[text] for text in TEXTS}


class TestSearch:
    @pytest.mark.parametrize("budget", [1, 300, 100_000])
    def test_padding_changes_neither_texts_nor_scores(
        self, marian: Path, expected: dict[str, list[Hypothesis]], budget: int
    ) -> None:
        shuffled = random.Random(budget).sample(TEXTS, len(TEXTS))
        for text, found in run(opened(marian, batch_tokens=budget), shuffled, 2).items():
            assert [h.text for h in found] == [h.text for h in expected[text]]
            assert [h.score for h in found] == pytest.approx([h.score for h in expected[text]], abs=1e-4)
            assert [h.finished for h in found] == [h.finished for h in expected[text]]

    def test_outputs_end_by_themselves_or_are_marked_as_cut(self, engine: Seq2SeqEngine) -> None:
        found = [hypotheses[0] for hypotheses in run(engine, TEXTS).values()]
        assert {h.finished for h in found} == {True, False}  # else this checkpoint would prove nothing
        assert {h.tokens for h in found if not h.finished} <= {32, POSITIONS - 1}

    def test_score_is_the_mean_log_probability_that_the_search_found(self, engine: Seq2SeqEngine) -> None:
        for text in TEXTS[:8]:
            inputs, mask = engine._padded([engine._encode(text)[0]])
            found = engine._model.generate(
                inputs, attention_mask=mask, num_beams=4, max_new_tokens=32, output_scores=True,
                return_dict_in_generate=True, bad_words_ids=None,
            )  # fmt: skip
            assert run(engine, [text])[text][0].score == pytest.approx(found.sequences_scores[0].item(), abs=1e-4)

    def test_score_does_not_depend_on_its_neighbours(self, engine: Seq2SeqEngine) -> None:
        targets = ["The tabby hid copper keys.", "A porter", "", "The twins looks for red windmills."] * 3
        together = engine.score(TEXTS[:12], targets)
        alone = [engine.score([text], [target])[0] for text, target in zip(TEXTS, targets, strict=False)]
        assert together == pytest.approx(alone, abs=1e-4)
        assert len(set(alone)) == 12

    @pytest.mark.parametrize("prefix", ["The twins", "The twins ", "Café ☂ ", "A porter hid “", "the"])
    def test_a_prefix_comes_back_as_it_was_typed(self, engine: Seq2SeqEngine, prefix: str) -> None:
        found = engine.translate([MarkedText(TEXTS[0])], prefixes=[prefix])[0][0]
        assert found.text.startswith(prefix.rstrip())
        assert found.text == prefix.rstrip() or found.text.startswith(prefix)

    def test_a_prefix_longer_than_the_decoder_leaves_room_to_go_on(self, engine: Seq2SeqEngine) -> None:
        prefix = " ".join(["The twins polished red windmills."] * 20)
        found = engine.translate([MarkedText(TEXTS[0])], prefixes=[prefix])[0][0]
        assert found.text.startswith(prefix)
        assert 0 < found.tokens < POSITIONS

    def test_a_source_beyond_the_encoder_is_cut_and_never_called_finished(self, engine: Seq2SeqEngine) -> None:
        found = run(engine, ["".join(TEXTS), TEXTS[0]])
        assert not found["".join(TEXTS)][0].finished
        assert len(engine._encode("".join(TEXTS))[0]) == POSITIONS

    def test_more_hypotheses_than_beams_widen_the_search(self, marian: Path) -> None:
        assert len(run(opened(marian, beam_size=1), TEXTS[:1], 6)[TEXTS[0]]) > 1

    def test_unknown_characters_are_reported_and_left(
        self, engine: Seq2SeqEngine, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING, "translate.engines.seq2seq"):
            run(engine, TEXTS[:2])
            assert caplog.messages == []
            run(engine, [TEXTS[0], "駅長がQWXを見た。"])
        assert len(caplog.messages) == 1
        assert "1 of 2 sources" in caplog.messages[0]
        assert "QWX" in caplog.messages[0]


@pytest.mark.parametrize(
    ("family", "source_opens", "target_opens"),
    [
        ("marian", None, ["<pad>"]),
        ("nllb", "jpn_Jpan", ["</s>", "eng_Latn"]),
        ("m2m100", "__ja__", ["</s>", "__en__"]),
        ("mbart50", "ja_XX", ["</s>", "en_XX"]),
        ("t5", None, ["<pad>"]),
    ],
)
def test_each_family_gets_its_language_codes(
    checkpoint: Callable[[str], Path], family: str, source_opens: str | None, target_opens: list[str]
) -> None:
    engine = opened(checkpoint(family), beam_size=2)
    names = engine._tokenizer.convert_ids_to_tokens
    first = names(engine._encode("三毛猫")[0])[0]
    assert first == source_opens if source_opens else not first.startswith(("__", "ja"))
    assert names(engine._start) == target_opens
    together = engine.translate([MarkedText(text) for text in TEXTS[:4]], prefixes=["", "The twins", "", "A porter"])
    alone = engine.translate([MarkedText(TEXTS[1])], prefixes=["The twins"])
    assert together[1][0].text == alone[0][0].text
    assert together[1][0].text.startswith("The twins")


def test_t5_is_told_what_to_do(checkpoint: Callable[[str], Path], marian: Path) -> None:
    assert opened(checkpoint("t5"))._instruction == "translate Japanese to English: "
    assert opened(marian)._instruction == ""


class TestIdentity:
    def test_revision_follows_weights_and_beams_but_not_the_place(self, marian: Path, tmp_path: Path) -> None:
        copy = Path(shutil.copytree(marian, tmp_path / "other name"))
        assert opened(copy).revision == opened(marian).revision
        assert opened(marian, beam_size=2).revision != opened(marian).revision
        weights = copy / "model.safetensors"
        content = bytearray(weights.read_bytes())
        content[len(content) // 2] ^= 1  # one bit in the middle of the weights
        weights.write_bytes(content)
        assert opened(copy).revision != opened(marian).revision

    def test_the_name_of_a_local_checkpoint_does_not_tell_where_it_lies(self, marian: Path) -> None:
        assert opened(marian).name == "hf:tiny-marian"

    def test_progress_begins_and_ends(self, marian: Path) -> None:
        seen: list[tuple[int, int]] = []
        create(f"hf:{marian}", progress=lambda _what, done, total: seen.append((done, total)))
        assert seen == [(0, 1), (1, 1)]


@pytest.mark.parametrize(
    ("cuda", "native", "expected"),
    [
        (False, False, ("cpu", torch.float32)),
        (True, True, ("cuda", torch.bfloat16)),
        (True, False, ("cuda", torch.float32)),  # torch would emulate it on the older ones
    ],
)
def test_bfloat16_is_for_gpus_that_have_it(
    cuda: bool, native: bool, expected: tuple[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: native or including_emulation)
    assert precision(torch) == expected


class TestErrors:
    def test_pickled_weights_are_refused_with_the_way_to_convert_them(self, marian: Path, tmp_path: Path) -> None:
        folder = Path(shutil.copytree(marian, tmp_path / "pickled"))
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
        with pytest.raises(EngineError, match=r"no safetensors weights.*save_pretrained.*hf:FOLDER"):
            opened(folder)

    @pytest.mark.parametrize("place", ["./no/such/folder", "/no/such/folder", "a/b/c", ""])
    def test_an_unknown_folder_is_not_sought_on_the_hub(self, place: str) -> None:
        with pytest.raises(EngineError, match=r"(no such folder|no model given); give a folder"):
            create(f"hf:{place}")

    def test_a_folder_without_a_checkpoint_says_what_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(EngineError, match=r"no config\.json"):
            opened(tmp_path)

    def test_a_hub_model_out_of_reach_says_how_to_bring_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
        with pytest.raises(EngineError, match=r"hf download nobody/no-such-model --local-dir"):
            create("hf:nobody/no-such-model")

    @pytest.mark.parametrize("module", ["torch", "transformers"])
    def test_a_missing_library_gives_the_pip_line(
        self, marian: Path, monkeypatch: pytest.MonkeyPatch, module: str
    ) -> None:
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(EngineError, match=r'pip install "yakubun\[hf\]"'):
            opened(marian)

    def test_damaged_weights_are_no_traceback(self, marian: Path, tmp_path: Path) -> None:
        folder = Path(shutil.copytree(marian, tmp_path / "damaged"))
        (folder / "model.safetensors").write_bytes(b"\0" * 100)
        with pytest.raises(EngineError, match="damaged"):
            opened(folder)

    def test_weights_with_holes_are_refused_instead_of_filled_at_random(self, marian: Path, tmp_path: Path) -> None:
        from safetensors.torch import load_file, save_file

        folder = Path(shutil.copytree(marian, tmp_path / "holes"))
        weights = load_file(folder / "model.safetensors")
        del weights["model.decoder.layers.1.fc1.weight"]
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(EngineError, match=r"the weights lack model\.decoder\.layers\.1\.fc1\.weight"):
            opened(folder)

    def test_a_model_without_an_encoder_is_refused(self, marian: Path, tmp_path: Path) -> None:
        from transformers import GPT2Config

        folder = Path(shutil.copytree(marian, tmp_path / "decoder-only"))
        GPT2Config(n_layer=1, n_embd=8, n_head=1, vocab_size=50).save_pretrained(folder)
        with pytest.raises(EngineError, match="whole encoder-decoder checkpoint"):
            opened(folder)

    @pytest.mark.parametrize("option", ["beam_size", "batch_tokens"])
    def test_options_below_one_are_refused(self, marian: Path, option: str) -> None:
        with pytest.raises(EngineError, match=f"{option} is 0; give 1 or more"):
            opened(marian, **{option: 0})
