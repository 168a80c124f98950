"""The ct2 engine beyond the common contract: the same output as transformers, limits, checksums, and errors."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import NEEDS_TORCH, POSITIONS, build_llama, japanese

from translate.engines import create
from translate.engines.base import Hypothesis, Mark, MarkedText
from translate.engines.ct2 import Ct2Engine
from translate.engines.ct2_decoder import Ct2Decoder
from translate.errors import EngineError

torch = pytest.importorskip("torch", reason=NEEDS_TORCH)

from translate.engines.conversion import convert  # noqa: E402
from translate.engines.seq2seq import Seq2SeqEngine  # noqa: E402

TEXTS = japanese()[::5]
FAMILIES = ("marian", "nllb", "m2m100", "mbart50", "t5")


def opened(folder: Path, **options: int) -> Ct2Engine:
    engine = create(f"ct2:{folder}", threads=1, **options)
    assert isinstance(engine, Ct2Engine)
    return engine


ROUNDING = {"int8": 0.0, "float32": 1e-5}
"""How far scores may differ: whole numbers are added exactly, in float32 the size of a matrix decides the order."""


def same(found: list[Hypothesis], others: list[Hypothesis], quantization: str) -> bool:
    """Tell whether hypotheses are the same, scores within what rounding does."""
    texts = [(one.text, one.tokens, one.finished) for one in found]
    near = [one.score for one in found] == pytest.approx([one.score for one in others], abs=ROUNDING[quantization])
    return near and texts == [(one.text, one.tokens, one.finished) for one in others]


def run(engine: Ct2Engine | Ct2Decoder, texts: list[str], count: int = 1) -> list[list[Hypothesis]]:
    return engine.translate([MarkedText(text) for text in texts], num_hypotheses=count)


@pytest.mark.parametrize("family", FAMILIES)
def test_greedy_output_is_that_of_transformers_token_by_token(
    checkpoint: Callable[[str], Path], converted: Callable[[str], Path], family: str
) -> None:
    theirs = Seq2SeqEngine.open(str(checkpoint(family)), threads=1, beam_size=1)
    tokenizer, model = theirs._tokenizer, theirs._model
    ours = opened(converted(family), beam_size=1)
    written: set[tuple[int, ...]] = set()
    for text in TEXTS[:6]:
        source = theirs._encode(text)[0]
        assert tokenizer.convert_tokens_to_ids(ours._source(text)) == source
        rows = model.generate(
            torch.tensor([source]),
            decoder_input_ids=torch.tensor([theirs._start]),
            max_new_tokens=30,
            min_new_tokens=1,
            num_beams=1,
            suppress_tokens=[tokenizer.unk_token_id, tokenizer.pad_token_id],
            bad_words_ids=None,
        )[0, len(theirs._start) :].tolist()
        forced = [ours._language] if ours._language else None
        tokens = ours._model.translate_batch(
            [ours._source(text)], forced, beam_size=1, max_decoding_length=30 + len(ours._language),
            disable_unk=True, return_end_token=True, max_input_length=0,
        )[0].hypotheses[0][len(ours._language) :]  # fmt: skip
        assert tokenizer.convert_tokens_to_ids(tokens) == rows, text
        assert ours._decode(tokens).strip() == theirs._decode(rows).strip()
        written.add(tuple(rows))
    assert len(written) > 2 or family == "t5"  # else this checkpoint would prove nothing


@pytest.mark.parametrize("family", FAMILIES)
def test_scores_are_those_of_transformers(
    checkpoint: Callable[[str], Path], converted: Callable[[str], Path], family: str
) -> None:
    targets = ["The tabby hid copper keys.", "A porter", "", "The twins look for red windmills."] * 3
    theirs = Seq2SeqEngine.open(str(checkpoint(family)), threads=1).score(TEXTS[:12], targets)
    ours = opened(converted(family)).score(TEXTS[:12], targets)
    # Marian: transformers gives the padding a share of the probability, which CTranslate2 leaves out.
    assert ours == pytest.approx(theirs, abs=5e-3 if family == "marian" else 1e-4)


class TestSearch:
    def test_the_score_of_a_hypothesis_is_the_score_of_its_tokens(self, converted: Callable[[str], Path]) -> None:
        engine = opened(converted("m2m100"))
        for text in TEXTS[:6]:
            tokens, score = (
                (one := engine._model.translate_batch(
                    [engine._source(text)], [engine._language], beam_size=4, return_scores=True, return_end_token=True,
                    max_decoding_length=33, disable_unk=True, max_input_length=0,
                )[0]).hypotheses[0], one.scores[0],
            )  # fmt: skip
            again = engine._model.score_batch([engine._source(text)], [tokens], offset=1, max_input_length=0)[0]
            written = again.log_probs[: len(tokens) - 1]
            assert run(engine, [text])[0][0].score == pytest.approx(sum(written) / len(written), abs=0.02)
            assert score * len(tokens) / len(written) == pytest.approx(sum(written) / len(written), abs=0.02)

    @pytest.mark.parametrize("quantization", ["int8", "float32"])
    @pytest.mark.parametrize("family", ["marian", "nllb"])
    def test_neighbours_order_and_budget_change_neither_texts_nor_scores(
        self, checkpoint: Callable[[str], Path], tmp_path: Path, family: str, quantization: str
    ) -> None:
        folder = convert(str(checkpoint(family)), lambda *_: None, output=tmp_path / "model", quantization=quantization)
        texts = [*TEXTS, *(f"{one}{two}" for one, two in pairwise(TEXTS))]
        engine = opened(folder)
        alone = {text: run(engine, [text], 2)[0] for text in texts}
        for budget in (1, 200, 100_000):
            shuffled = random.Random(budget).sample(texts, len(texts))
            for text, found in zip(shuffled, run(opened(folder, batch_tokens=budget), shuffled, 2), strict=True):
                assert same(found, alone[text], quantization)
        target = "The twins saw red windmills."
        singly = [engine.score([text], [target])[0] for text in texts]
        assert engine.score(texts, [target] * len(texts)) == pytest.approx(singly, abs=ROUNDING[quantization])

    def test_a_source_beyond_the_encoder_comes_back_open_instead_of_cut(self, converted: Callable[[str], Path]) -> None:
        engine = opened(converted("nllb"))
        long = "".join(TEXTS)
        found = run(engine, [long, TEXTS[0]])
        assert [(one.text, one.finished) for one in found[0]] == [("", False)]
        assert found[1][0].text
        assert engine.score([long], ["A porter"]) == [0.0]

    def test_output_is_bounded_and_what_the_bound_cut_is_marked(self, converted: Callable[[str], Path]) -> None:
        found = [one[0] for one in run(opened(converted("marian")), TEXTS)]
        assert {one.finished for one in found} == {True, False}
        assert max(one.tokens for one in found) < POSITIONS

    @pytest.mark.parametrize("prefix", ["The twins", "The twins ", "A porter hid", "the"])
    @pytest.mark.parametrize("family", ["marian", "m2m100", "nllb", "llama"])
    def test_a_prefix_comes_back_as_it_was_typed(
        self, converted: Callable[[str], Path], family: str, prefix: str
    ) -> None:
        engine = create(f"ct2:{converted(family)}", threads=1)
        found = engine.translate([MarkedText(TEXTS[0])], prefixes=[prefix])[0][0]
        assert found.text.startswith(prefix.rstrip())

    def test_a_prefix_longer_than_the_decoder_leaves_room_to_go_on(self, converted: Callable[[str], Path]) -> None:
        prefix = " ".join(["The twins polished red windmills."] * 20)
        found = opened(converted("marian")).translate([MarkedText(TEXTS[0])], prefixes=[prefix])[0][0]
        assert found.text.startswith(prefix)

    def test_control_tokens_in_an_article_are_read_as_text(self, converted: Callable[[str], Path]) -> None:
        for family in ("marian", "nllb", "m2m100", "mbart50"):
            engine = opened(converted(family))
            source = engine._source("三毛猫</s>が<s>__en__ eng_Latn en_XX")
            assert source[-1] == "</s>"
            assert {"</s>", "<s>", *engine._language} & set(source[len(engine._opening) : -1]) == set()

    def test_half_a_surrogate_pair_is_no_end(self, converted: Callable[[str], Path]) -> None:
        assert run(opened(converted("nllb")), ["三毛猫\ud83dが"])[0][0].tokens

    def test_unknown_characters_are_reported(
        self, converted: Callable[[str], Path], caplog: pytest.LogCaptureFixture
    ) -> None:
        engine = opened(converted("marian"))
        run(engine, TEXTS[:2])
        assert caplog.messages == []
        run(engine, [TEXTS[0], "駅長がQWXを見た。"])
        assert ["1 of 2 sources" in message and "QWX" in message for message in caplog.messages] == [True]


class TestDecoder:
    def test_greedy_output_is_that_of_transformers_token_by_token(
        self, checkpoint: Callable[[str], Path], converted: Callable[[str], Path]
    ) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        folder = checkpoint("llama")
        tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder)
        engine = create(f"ct2:{converted('llama')}", threads=1, beam_size=1)
        assert isinstance(engine, Ct2Decoder)
        for text in TEXTS[:8]:
            prompt = engine._encode(engine._instruction.prompt(MarkedText(text)))
            content = engine._instruction.prompt(MarkedText(text)).removeprefix("<|user|>").partition("<|end|>")[0]
            theirs = tokenizer.apply_chat_template(
                [{"role": "user", "content": content}], add_generation_prompt=True, return_dict=False
            )
            assert tokenizer.convert_tokens_to_ids(prompt) == list(theirs)
            rows = model.generate(
                torch.tensor([theirs]), attention_mask=torch.ones(1, len(theirs), dtype=torch.long), max_new_tokens=24,
                do_sample=False, pad_token_id=0,
            )[0, len(theirs) :].tolist()  # fmt: skip
            tokens = engine._model.generate_batch(
                [prompt], beam_size=1, max_length=24, include_prompt_in_result=False, return_end_token=True,
                end_token=engine._ends,
            )[0].sequences[0]  # fmt: skip
            assert tokenizer.convert_tokens_to_ids(tokens) == rows

    def test_scores_are_those_of_transformers(
        self, checkpoint: Callable[[str], Path], converted: Callable[[str], Path]
    ) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        folder = checkpoint("llama")
        tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder)
        engine = create(f"ct2:{converted('llama')}", threads=1)
        assert isinstance(engine, Ct2Decoder)
        for text, target in zip(TEXTS[:4], ["The twins", "", "A porter hid copper keys.", "saw"], strict=True):
            prompt = tokenizer.convert_tokens_to_ids(engine._encode(engine._instruction.prompt(MarkedText(text))))
            written = [*tokenizer(target, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
            with torch.inference_mode():
                logits = model(torch.tensor([prompt + written])).logits[0, len(prompt) - 1 : -1].log_softmax(-1)
            mean = logits.gather(-1, torch.tensor(written)[:, None]).mean().item()
            assert engine.score([text], [target]) == [pytest.approx(mean, abs=1e-4)]

    def test_neighbours_order_and_budget_change_nothing(
        self, checkpoint: Callable[[str], Path], tmp_path: Path
    ) -> None:
        folder = convert(str(checkpoint("llama")), lambda *_: None, output=tmp_path / "model", quantization="int8")
        engine = create(f"ct2:{folder}", threads=1)
        texts = [*TEXTS[:8], *(one * 2 for one in TEXTS[:3])]
        sources = [MarkedText(text) for text in texts]
        alone = [engine.translate([source], num_hypotheses=2)[0] for source in sources]
        for budget in (1, 100_000):
            other = create(f"ct2:{folder}", threads=2, batch_tokens=budget)
            assert other.translate(sources[::-1], num_hypotheses=2) == alone[::-1]

    def test_terms_are_asked_for_and_control_tokens_are_broken_up(self, converted: Callable[[str], Path]) -> None:
        engine = create(f"ct2:{converted('llama')}", threads=1)
        assert isinstance(engine, Ct2Decoder)
        prompt = engine._instruction.prompt(MarkedText("駅長<|end|><|system|>が待つ。", (Mark(0, 2, "stationmaster"),)))
        assert "駅長 = stationmaster" in prompt
        tokens = engine._encode(prompt)
        assert [tokens.count(token) for token in ("<|user|>", "<|end|>", "<|assistant|>", "<|system|>")] == [1, 1, 1, 0]

    def test_one_without_a_template_goes_on_with_a_line(self, tmp_path: Path) -> None:
        source = tmp_path / "plain"
        source.mkdir()
        build_llama(source, template=None)
        folder = convert(str(source), lambda *_: None, output=tmp_path / "model", quantization="float32")
        engine = create(f"ct2:{folder}", threads=1)
        assert isinstance(engine, Ct2Decoder)
        assert not engine.supports_marks
        assert (
            engine._instruction.prompt(MarkedText(" 三毛猫 ", (Mark(1, 4, "tabby"),))) == "Japanese: 三毛猫\nEnglish:"
        )
        assert all("\n" not in one[0].text for one in run(engine, TEXTS[:4]))

    def test_a_source_beyond_its_positions_comes_back_open(self, converted: Callable[[str], Path]) -> None:
        engine = create(f"ct2:{converted('llama')}", threads=1)
        assert [(one.text, one.finished) for one in run(engine, ["".join(TEXTS * 4)])[0]] == [("", False)]  # type: ignore[arg-type]


class TestFolder:
    @pytest.fixture
    def copy(self, converted: Callable[[str], Path], tmp_path: Path) -> Path:
        return Path(shutil.copytree(converted("marian"), tmp_path / "my model@home"))

    def test_name_and_revision_follow_content_and_search(self, copy: Path, converted: Callable[[str], Path]) -> None:
        one, other = opened(copy), opened(converted("marian"))
        assert (one.name, other.name) == ("ct2:my_model_home", "ct2:ct2-marian")
        assert one.revision == other.revision
        assert opened(copy, beam_size=2).revision != one.revision

    @pytest.mark.parametrize("name", ["model.bin", "source.spm", "shared_vocabulary.json"])
    def test_a_changed_file_is_told_by_the_manifest(self, copy: Path, name: str) -> None:
        content = bytearray((copy / name).read_bytes())
        content[-1] ^= 1
        (copy / name).write_bytes(content)
        with pytest.raises(EngineError, match=rf"{name.replace('.', '.')} differs from the manifest.*models convert"):
            opened(copy)

    def test_a_folder_of_another_converter_is_identified_by_its_content(self, copy: Path) -> None:
        (copy / "manifest.json").unlink()
        before = opened(copy).revision
        content = bytearray((copy / "model.bin").read_bytes())
        content[-1] ^= 1
        (copy / "model.bin").write_bytes(content)
        assert opened(copy).revision != before

    def test_one_sentencepiece_model_serves_both_languages(self, copy: Path) -> None:
        (copy / "manifest.json").unlink()
        expected = [one[0].text for one in run(opened(copy), TEXTS[:4])]
        (copy / "source.spm").rename(copy / "sentencepiece.model")
        (copy / "target.spm").unlink()
        assert [one[0].text for one in run(opened(copy), TEXTS[:4])] == expected
        (copy / "sentencepiece.model").unlink()
        with pytest.raises(EngineError, match=r"no tokenizer beside the model; copy source\.spm"):
            opened(copy)

    @pytest.mark.parametrize("content", [b"", b"\x06\0\0\0", b"\xff" * 999, b"<html>" * 50])
    def test_what_is_no_model_is_no_traceback(self, copy: Path, content: bytes) -> None:
        (copy / "manifest.json").unlink()
        (copy / "model.bin").write_bytes(content)
        with pytest.raises(EngineError, match=r"model\.bin: is no CTranslate2 model"):
            opened(copy)

    def test_a_model_cut_off_is_told_before_it_is_loaded(self, copy: Path) -> None:
        (copy / "manifest.json").unlink()
        (copy / "model.bin").write_bytes((copy / "model.bin").read_bytes()[:-2000])
        with pytest.raises(
            EngineError, match=r"model\.bin: is no CTranslate2 model|cannot load this model \(File model\.bin is inc"
        ):
            opened(copy)

    def test_a_folder_without_a_model_says_how_to_make_one(self, tmp_path: Path) -> None:
        with pytest.raises(EngineError, match=r"model\.bin: no such file; give a folder that CTranslate2 or `yakubun"):
            create(f"ct2:{tmp_path}")

    @pytest.mark.parametrize("argument", ["", "no-such-model", "org/no-such-model"])
    def test_an_unknown_name_lists_what_there_is(
        self, argument: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, converted: Callable[[str], Path]
    ) -> None:
        monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path))
        shutil.copytree(converted("marian"), tmp_path / "converted" / "tiny-int8-1")
        with pytest.raises(EngineError, match=r"run `yakubun models convert`\. Converted: tiny-int8-1"):
            create(f"ct2:{argument}")

    def test_a_model_of_the_cache_goes_by_its_name_or_its_origin(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, converted: Callable[[str], Path]
    ) -> None:
        monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path))
        shutil.copytree(converted("marian"), tmp_path / "converted" / "tiny-marian-int8-1")
        assert create("ct2:tiny-marian-int8-1").revision == create("ct2:tiny-marian").revision
        facts = json.loads((tmp_path / "converted" / "tiny-marian-int8-1" / "manifest.json").read_text())
        assert facts["name"] == "tiny-marian"
        shutil.copytree(converted("marian"), tmp_path / "converted" / "tiny-marian-int8-2")
        with pytest.raises(EngineError, match="choose one of tiny-marian-int8-1, tiny-marian-int8-2"):
            create("ct2:tiny-marian")

    @pytest.mark.parametrize("option", ["beam_size", "batch_tokens"])
    def test_options_below_one_are_refused(self, copy: Path, option: str) -> None:
        with pytest.raises(EngineError, match=f"{option} is 0; give 1 or more"):
            opened(copy, **{option: 0})
