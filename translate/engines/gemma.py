"""Gemma 3 from a GGUF file plus a low-rank adapter, as arrays; no torch anywhere.

The GGUF holds the quantized base weights and the tokenizer; the adapter is a PEFT folder
(``adapter_config.json``, ``adapter_model.safetensors``, see ``adapter_file.py``). Merging is ``W + alpha/r * B @ A``
(LoRA, Hu et al. 2021, https://arxiv.org/abs/2106.09685). ``gemma_onnx`` makes a program of the result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from translate.engines.adapter_file import FILE, read_factors
from translate.engines.base import Progress
from translate.errors import EngineError

Floats = NDArray[np.float32]

BOS, TURN, END = "<bos>", "<start_of_turn>", "<end_of_turn>"
MARK_OPEN, MARK_TARGET, MARK_CLOSE = "<unused0>", "<unused1>", "<unused2>"

# Gemma 3 270M: every sixth layer attends to everything, the others to the last 512 tokens.
LAYERS, HEADS, HEAD_DIM, WINDOW = 18, 4, 256, 512
_FULL_EVERY, _ROTARY_FULL, _ROTARY_LOCAL = 6, 1_000_000, 10_000
_PARTS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def is_full(layer: int) -> bool:
    """Tell whether a layer attends to everything, not just to the last ``WINDOW`` tokens."""
    return (layer + 1) % _FULL_EVERY == 0


def rotary_base(layer: int) -> int:
    """Return the base of a layer's rotary positions."""
    return _ROTARY_FULL if is_full(layer) else _ROTARY_LOCAL


@dataclass(frozen=True)
class Base:
    """The base model: its tokenizer's pieces and its weights in float32, by their GGUF names."""

    pieces: Sequence[str]
    scores: Sequence[float]
    types: Sequence[int]
    weights: Mapping[str, Floats]


@dataclass(frozen=True)
class Vocabulary:
    """Which rows of the base vocabulary a model keeps, by id: all it can read, and the first ``writable`` it can write.

    Rows that can be written come first, so that the output projection is simply the shorter matrix: a token
    outside it cannot be produced at all, which is the output mask that training assumed.
    """

    rows: tuple[int, ...]
    writable: int


def read_vocabulary(folder: Path) -> Vocabulary:
    """Read ``kept_tokens.json`` and ``output_tokens.json`` of an adapter folder.

    Raises:
        EngineError: A list is missing or the lists contradict each other.
    """
    try:
        kept = json.loads((folder / "kept_tokens.json").read_text())
        output = json.loads((folder / "output_tokens.json").read_text())
    except (OSError, ValueError) as error:
        raise EngineError(
            f"{folder}: the token lists of this model cannot be read ({error}); fetch the folder again"
        ) from error
    missing = set(output) - set(kept)
    if missing:
        raise EngineError(f"{folder}: output_tokens.json names {len(missing)} ids that kept_tokens.json lacks")
    return Vocabulary(tuple(output) + tuple(sorted(set(kept) - set(output))), len(output))


def read_base(path: Path, progress: Progress) -> Base:
    """Read a Gemma 3 GGUF file and dequantize its weights to float32."""
    import gguf

    progress("Reading the base model", 0, 1)
    reader = gguf.GGUFReader(str(path))

    def column(name: str) -> list[Any]:
        field = reader.fields[f"tokenizer.ggml.{name}"]
        return [field.parts[index] for index in field.data]

    weights: dict[str, Floats] = {}
    for done, tensor in enumerate(reader.tensors):
        progress("Unpacking the weights", done, len(reader.tensors))
        weights[tensor.name] = np.asarray(gguf.quants.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
    return Base(
        pieces=[bytes(part).decode() for part in column("tokens")],
        scores=[float(part[0]) for part in column("scores")],
        types=[int(part[0]) for part in column("token_type")],
        weights=weights,
    )


def write_tokenizer(base: Base, path: Path) -> None:
    """Write the base's tokenizer as a SentencePiece model (BPE, byte fallback, identity normalizer)."""
    from sentencepiece import sentencepiece_model_pb2

    schema: Any = sentencepiece_model_pb2  # generated while it is imported: its classes have no types
    proto = schema.ModelProto()
    for piece, score, kind in zip(base.pieces, base.scores, base.types, strict=True):
        # A GGUF calls all that is no text a control token; SentencePiece before 0.2.3 reads no model without an <unk>.
        proto.pieces.add(piece=piece, score=score, type=proto.SentencePiece.UNKNOWN if piece == "<unk>" else kind)
    trainer = proto.trainer_spec
    trainer.model_type, trainer.byte_fallback, trainer.vocab_size = 2, True, len(base.pieces)
    trainer.pad_id, trainer.eos_id, trainer.bos_id, trainer.unk_id = 0, 1, 2, 3
    trainer.pad_piece, trainer.eos_piece, trainer.bos_piece, trainer.unk_piece = "<pad>", "<eos>", "<bos>", "<unk>"
    normalizer = proto.normalizer_spec
    normalizer.name, normalizer.add_dummy_prefix = "identity", False
    normalizer.remove_extra_whitespaces, normalizer.escape_whitespaces = False, True
    path.write_bytes(proto.SerializeToString())


def merge_adapter(base: Base, folder: Path) -> Mapping[str, Floats]:
    """Return the base's weights with the adapter of ``folder`` added."""
    config = json.loads((folder / "adapter_config.json").read_text())
    if config.get("use_dora") or config.get("modules_to_save") or config.get("bias", "none") != "none":
        raise EngineError(f"{folder / 'adapter_config.json'}: only plain low-rank adapters can be merged")
    scale = float(config["lora_alpha"] / (config["r"] ** 0.5 if config.get("use_rslora") else config["r"]))
    delta = read_factors(folder)
    weights, used = dict(base.weights), 0
    for layer in range(LAYERS):
        for ours, theirs in _PARTS.items():
            key = f"base_model.model.model.layers.{layer}.{theirs}"
            if f"{key}.lora_A.weight" in delta:
                low, high = (delta[f"{key}.lora_{part}.weight"] for part in "AB")
                name = f"blk.{layer}.{ours}.weight"
                # In float64, so that the order in which a machine's library sums is lost in the rounding.
                change = scale * (high.astype(np.float64) @ low.astype(np.float64))
                weights[name] = (weights[name] + change).astype(np.float32)
                used += 2
    if used != len(delta):
        strange = f"{len(delta) - used} of {len(delta)} tensors do not fit Gemma 3 270M"
        raise EngineError(f"{folder / FILE}: {strange}")
    return weights
