"""A Gemma 3 of two tiny layers with a tokenizer of its own, for tests of training; run as a script, it trains."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece

from translate.adapt.data import Pair
from translate.adapt.options import Options
from translate.engines.gemma import BOS, END, MARK_CLOSE, MARK_OPEN, MARK_TARGET, TURN, Base, Floats

HIDDEN, HEADS, HEAD, FFN, LAYERS = 32, 2, 16, 64, 2
SENTENCES = [
    Pair(*line.split("\t")[:2])
    for line in (Path(__file__).parents[1] / "quality" / "sentences.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


SHORT = sorted(SENTENCES, key=lambda pair: len(pair.ja))[:24]


def base() -> Base:
    """Return the model; the same one in every process."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([side for pair in SENTENCES for side in pair]), model_writer=written, model_type="bpe",
        vocab_size=1400, byte_fallback=True, add_dummy_prefix=False, normalization_rule_name="identity",
        remove_extra_whitespaces=False, minloglevel=2, hard_vocab_limit=False, pad_id=0, eos_id=1, bos_id=2, unk_id=3,
        control_symbols=[TURN, END, MARK_OPEN, MARK_TARGET, MARK_CLOSE], num_threads=1, character_coverage=1.0,
        pad_piece="<pad>", eos_piece="<eos>", bos_piece=BOS, unk_piece="<unk>",
    )  # fmt: skip
    processor = sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())
    ids = range(processor.get_piece_size())
    pieces = [processor.id_to_piece(index) for index in ids]
    assert pieces[2] == BOS
    kinds = [
        2 if processor.is_unknown(index) else 3 if processor.is_control(index) else 6 if processor.is_byte(index) else 1
        for index in ids
    ]
    return Base(pieces, [processor.get_score(index) for index in ids], kinds, weights(len(pieces)))


def weights(vocabulary: int) -> dict[str, Floats]:
    random = np.random.default_rng(5)

    def matrix(rows: int, columns: int) -> Floats:
        return random.normal(0, columns**-0.5, (rows, columns)).astype(np.float32)

    def norm(size: int) -> Floats:
        return (1 + random.normal(0, 0.02, size)).astype(np.float32)

    made = {"token_embd.weight": matrix(vocabulary, HIDDEN), "output_norm.weight": norm(HIDDEN)}
    for layer in range(LAYERS):
        parts = {
            "attn_q": matrix(HEADS * HEAD, HIDDEN), "attn_k": matrix(HEAD, HIDDEN), "attn_v": matrix(HEAD, HIDDEN),
            "attn_output": matrix(HIDDEN, HEADS * HEAD), "ffn_gate": matrix(FFN, HIDDEN),
            "ffn_up": matrix(FFN, HIDDEN), "ffn_down": matrix(HIDDEN, FFN),
            "attn_q_norm": norm(HEAD), "attn_k_norm": norm(HEAD),
        }  # fmt: skip
        for name in ("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"):
            parts[name] = norm(HIDDEN)
        made |= {f"blk.{layer}.{name}.weight": value for name, value in parts.items()}
    return made


def start_folder(folder: Path, model: Base, rank: int = 4) -> Path:
    """Write an adapter folder to begin with: small random weights, and no English word of two pieces or more."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    english = [
        i for i, piece in enumerate(model.pieces) if piece.isascii() or (piece[0] == "▁" and piece[1:].isascii())
    ]
    output = [index for index in english if len(model.pieces[index].strip("▁")) <= 2 or model.types[index] != 1]
    (folder / "output_tokens.json").write_text(json.dumps(output))
    kept = [index for index in range(len(model.pieces)) if index in set(output) or index not in set(english)]
    (folder / "kept_tokens.json").write_text(json.dumps(kept))
    (folder / "adapter_config.json").write_text(json.dumps({"r": rank, "lora_alpha": 2 * rank}))
    random, tensors = np.random.default_rng(9), {}
    shapes = {
        "self_attn.q_proj": (HEADS * HEAD, HIDDEN), "self_attn.k_proj": (HEAD, HIDDEN),
        "self_attn.v_proj": (HEAD, HIDDEN), "self_attn.o_proj": (HIDDEN, HEADS * HEAD),
        "mlp.gate_proj": (FFN, HIDDEN), "mlp.up_proj": (FFN, HIDDEN), "mlp.down_proj": (HIDDEN, FFN),
    }  # fmt: skip
    for layer in range(LAYERS):
        for name, (high, low) in shapes.items():
            place = f"base_model.model.model.layers.{layer}.{name}"
            tensors[f"{place}.lora_A.weight"] = random.normal(0, 0.1, (rank, low)).astype(np.float16)
            tensors[f"{place}.lora_B.weight"] = random.normal(0, 0.1, (high, rank)).astype(np.float16)
    save_file(tensors, folder / "adapter_model.safetensors")
    return folder


def write_pairs(path: Path, pairs: Sequence[Pair]) -> Path:
    path.write_text("".join(f"{ja}\t{en}\n" for ja, en in pairs), "utf-8")
    return path


def train(options: Options, **hooks: Any) -> dict[str, Any]:
    """Run ``adapt`` on the tiny model."""
    from translate.adapt.run import adapt

    quiet = {"telling": lambda *_: None, "report": lambda _: None, "note": lambda _: None}
    return adapt(options, base=base(), **{**quiet, **hooks})


def log_of(output: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (output / "training.jsonl").read_text().splitlines()]


def fingerprint(folder: Path) -> str:
    return hashlib.sha256((folder / "adapter_model.safetensors").read_bytes()).hexdigest()


if __name__ == "__main__":
    output, start, pairs, steps = sys.argv[1:]
    facts = train(
        Options(
            Path(output), Path(start), pairs=(Path(pairs),), steps=int(steps), learning_rate=5e-3, batch_tokens=600,
            held_out=0.1, evaluate_lines=1, threads=1, seed=3, save_every=1e-9,
        )
    )  # fmt: skip
    sys.exit(0 if facts["finished"] else 130)
