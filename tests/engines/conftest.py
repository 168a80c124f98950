"""Checkpoints small enough to build in a second: random seeded weights, own vocabularies, safetensors."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

WHO = ["三毛猫", "灯台守", "郵便係", "見習い大工", "隣の双子", "駅長"]
WHAT = ["古い楽譜", "赤い風車", "割れた茶碗", "青い雨傘", "銅の鍵", "短い手紙"]
DID = ["を磨いた。", "を隠した。", "をなくした。", "を探している。", "を２個買った！", "を見たか？"]
ENGLISH_WHO = ["The tabby", "A lighthouse keeper", "The postal clerk", "A young carpenter", "The twins", "A porter"]
ENGLISH_DID = ["polished", "hid", "lost", "looks for", "bought 2 of", "saw"]
ENGLISH_WHAT = ["old scores", "red windmills", "broken bowls", "blue umbrellas", "copper keys", "short letters"]

POSITIONS = 64  # tokens that a checkpoint takes: few, so that its limits are quick to reach
SEED, END_BIAS = 3, 4.0  # with these, outputs differ by source, and some end while others run into their limit
NEEDS_TORCH = 'the hf engine needs torch: pip install "yakubun[hf]"'


def japanese() -> list[str]:
    return [f"{who}が{what}{did}" for who, what, did in product(WHO, WHAT, DID)][::2]


def english() -> list[str]:
    return [" ".join(parts) + "." for parts in product(ENGLISH_WHO, ENGLISH_DID, ENGLISH_WHAT)][::2]


def train_pieces(path: Path) -> list[str]:
    """Train a SentencePiece model on both languages into ``path``; returns its pieces."""
    import sentencepiece

    with path.open("wb") as stream:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter([*japanese(), *english()]),
            model_writer=stream,
            vocab_size=180,
            hard_vocab_limit=False,
            character_coverage=1.0,
            minloglevel=2,
            num_threads=1,
        )
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [model.id_to_piece(i) for i in range(3, model.get_piece_size())]  # the first three are <unk>, <s>, </s>


def save_model(folder: Path, architecture: str, end_bias: float = 0.0, **settings: Any) -> None:
    """Write a seeded random model of a transformers architecture, such as ``Marian`` with its ``MTModel``."""
    torch = pytest.importorskip("torch", reason=NEEDS_TORCH)
    import transformers

    family, _, head = architecture.partition(":")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        config = getattr(transformers, f"{family}Config")(**settings)
        model = getattr(transformers, family + (head or "ForConditionalGeneration"))(config)
    if end_bias:
        model.final_logits_bias[0, settings["eos_token_id"]] = end_bias
        model.generation_config.bad_words_ids = [[settings["pad_token_id"]]]
    model.save_pretrained(folder)


def bart_like(vocabulary: int) -> dict[str, Any]:
    sides = {f"{side}_{what}": 2 for side in ("encoder", "decoder") for what in ("layers", "attention_heads")}
    width = {"d_model": 24, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "init_std": 0.6}
    return {"vocab_size": vocabulary, "max_position_embeddings": POSITIONS, **width, **sides}


def build_marian(folder: Path) -> None:
    pieces = ["</s>", "<unk>", *train_pieces(folder / "source.spm"), "<pad>"]
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    (folder / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(pieces)}), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "MarianTokenizer", "model_max_length": 512}')
    pad = len(pieces) - 1
    special = {"pad_token_id": pad, "eos_token_id": 0, "forced_eos_token_id": 0, "decoder_start_token_id": pad}
    save_model(folder, "Marian:MTModel", END_BIAS, **bart_like(len(pieces)), **special)


def build_m2m100(folder: Path) -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *train_pieces(folder / "sentencepiece.bpe.model")]
    (folder / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(pieces)}), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "M2M100Tokenizer"}')
    save_model(folder, "M2M100", **bart_like(len(pieces) + 108))


def build_nllb(folder: Path) -> None:
    from transformers import NllbTokenizer

    letters = sorted({letter for text in [*japanese(), *english()] for letter in text} | {"▁"})
    vocabulary = {piece: i for i, piece in enumerate(["<s>", "<pad>", "</s>", "<unk>", *letters])}
    tokenizer = NllbTokenizer(vocab=vocabulary, merges=[])
    tokenizer.save_pretrained(folder)
    save_model(folder, "M2M100", **bart_like(len(tokenizer)))


def build_mbart50(folder: Path) -> None:
    from transformers import MBart50Tokenizer

    pieces = train_pieces(folder / "pieces.model")
    scored = [(p, 0.0) for p in ("<unk>", "<s>", "</s>")] + [(p, -float(i)) for i, p in enumerate(pieces)]
    tokenizer = MBart50Tokenizer(vocab=scored)
    tokenizer.save_pretrained(folder)
    save_model(folder, "MBart", **bart_like(len(tokenizer)), decoder_start_token_id=2)


def build_t5(folder: Path) -> None:
    from transformers import T5Tokenizer

    pieces = train_pieces(folder / "pieces.model")
    scored = [(p, 0.0) for p in ("<pad>", "</s>", "<unk>")] + [(p, -float(i)) for i, p in enumerate(pieces)]
    tokenizer = T5Tokenizer(vocab=scored, extra_ids=0, additional_special_tokens=[])
    tokenizer.save_pretrained(folder)
    save_model(folder, "T5", vocab_size=len(tokenizer), d_model=24, d_kv=12, d_ff=48, num_layers=2, num_heads=2,
               decoder_start_token_id=0)  # fmt: skip


TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def build_llama(folder: Path, *, template: str | None = TEMPLATE) -> None:
    """A decoder with a byte-level vocabulary and, unless told otherwise, a chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*japanese(), *english()], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="<|end|>", unk_token=None)
    fast.chat_template = template
    fast.save_pretrained(folder)
    end = fast.convert_tokens_to_ids("<|end|>")
    save_model(
        folder, "Llama:ForCausalLM", vocab_size=len(fast), hidden_size=24, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=512, initializer_range=0.6,
        bos_token_id=0, eos_token_id=end, tie_word_embeddings=False,
    )  # fmt: skip


BUILDERS: dict[str, Callable[[Path], None]] = {
    "marian": build_marian,
    "m2m100": build_m2m100,
    "nllb": build_nllb,
    "mbart50": build_mbart50,
    "t5": build_t5,
    "llama": build_llama,
}


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function from a family's name to the folder of its tiny checkpoint, built once."""
    built: dict[str, Path] = {}

    def get(family: str) -> Path:
        pytest.importorskip("torch", reason=NEEDS_TORCH)
        if family not in built:
            folder = tmp_path_factory.mktemp("checkpoints") / f"tiny-{family}"
            folder.mkdir()
            BUILDERS[family](folder)
            built[family] = folder
        return built[family]

    return get


@pytest.fixture(scope="session")
def converted(checkpoint: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function from a family's name to the folder of its tiny checkpoint in CTranslate2's format, float32."""
    built: dict[str, Path] = {}

    def get(family: str) -> Path:
        from translate.engines.conversion import convert

        if family not in built:
            output = tmp_path_factory.mktemp("converted") / f"ct2-{family}"
            built[family] = convert(str(checkpoint(family)), lambda *_: None, output=output, quantization="float32")
        return built[family]

    return get


@pytest.fixture(scope="session")
def marian(checkpoint: Callable[[str], Path]) -> Path:
    """The folder of the tiny Marian checkpoint."""
    return checkpoint("marian")
