"""Gemma 3 from a GGUF file plus a low-rank adapter, written as a CTranslate2 model; no torch anywhere.

The GGUF holds the quantized base weights and the tokenizer; the adapter is a PEFT folder
(``adapter_config.json``, ``adapter_model.safetensors``, see ``adapter_file.py``). Merging is ``W + alpha/r * B @ A``
(LoRA, Hu et al. 2021, https://arxiv.org/abs/2106.09685). Layout of the target: ``ctranslate2.specs``.
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
_LAYERS, _HEADS, _HEAD_DIM, _WINDOW = 18, 4, 256, 512
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
    scale = np.float32(config["lora_alpha"] / (config["r"] ** 0.5 if config.get("use_rslora") else config["r"]))
    delta = read_factors(folder)
    weights, used = dict(base.weights), 0
    for layer in range(_LAYERS):
        for ours, theirs in _PARTS.items():
            key = f"base_model.model.model.layers.{layer}.{theirs}"
            if f"{key}.lora_A.weight" in delta:
                low, high = (delta[f"{key}.lora_{part}.weight"] for part in "AB")
                name = f"blk.{layer}.{ours}.weight"
                weights[name] = weights[name] + scale * (high @ low)
                used += 2
    if used != len(delta):
        strange = f"{len(delta) - used} of {len(delta)} tensors do not fit Gemma 3 270M"
        raise EngineError(f"{folder / FILE}: {strange}")
    return weights


def write_model(
    base: Base, weights: Mapping[str, Floats], vocabulary: Vocabulary, out: Path, quantization: str
) -> None:
    """Write ``model.bin``, ``config.json`` and ``vocabulary.json`` for ``ctranslate2.Generator`` into ``out``.

    The model has one key and value head for four query heads. CTranslate2 keeps a cache of that one head alone
    (``multi_query``) only where the hidden state is as wide as all query heads together, so the state is filled up
    from 640 to 1,024 with zeros: larger matrices, a quarter of the cache to copy when the beams are reordered.

    Args:
        base: Where the pieces' spellings come from.
        weights: Merged weights in float32, by their GGUF names.
        vocabulary: The rows to keep.
        out: An existing folder.
        quantization: ``int8``, ``int16`` or ``float32``.
    """
    from ctranslate2.converters import utils
    from ctranslate2.specs import common_spec, transformer_spec

    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        _LAYERS, _HEADS, activation=common_spec.Activation.GELUTanh, pre_norm=True, ffn_glu=True, rms_norm=True,
        rotary_dim=_HEAD_DIM, rotary_interleave=False, rotary_base=_ROTARY_LOCAL, multi_query_attention=True,
        head_dim=_HEAD_DIM, sliding_window=_WINDOW, pre_post_layer_norm=True, qk_norm=True,
    )  # fmt: skip
    decoder = spec.decoder
    decoder.scale_embeddings, decoder.start_from_zero_embedding = True, False
    table = weights["token_embd.weight"]
    width = _HEADS * _HEAD_DIM
    extra = width - table.shape[1]
    shrink = np.float32((table.shape[1] / width) ** 0.5)  # undoes the mean over zeros, and the scale by sqrt(width)

    def wide(weight: Floats) -> Floats:
        """Return rows that read the wider state, of which they ignore the end."""
        return np.pad(weight, ((0, 0), (0, extra)))

    def tall(weight: Floats) -> Floats:
        """Return the matrix with rows that leave the end of the state at zero."""
        return np.pad(weight, ((0, extra), (0, 0)))

    def norm(target: Any, name: str) -> None:
        # A GGUF holds the norm's weight as 1 + w, CTranslate2 adds the 1 itself.
        weight = weights[f"{name}.weight"]
        if len(weight) == table.shape[1]:
            weight = np.pad(shrink * weight, (0, extra))
        target.gamma, target.layer_norm_use_residual = weight - 1, True

    decoder.embeddings.weight = wide(shrink * table[np.array(vocabulary.rows)])
    decoder.projection.weight = wide(table[np.array(vocabulary.rows[: vocabulary.writable])])

    norm(decoder.layer_norm, "output_norm")
    for index, layer in enumerate(decoder.layer):
        full = (index + 1) % _FULL_EVERY == 0
        attention, ffn, block = layer.self_attention, layer.ffn, f"blk.{index}."
        attention.__dict__["multi_query"] = np.int8(1)  # a setting of the library that its specification does not offer
        attention.rotary_base = np.float32(_ROTARY_FULL if full else _ROTARY_LOCAL)
        attention.sliding_window = np.int32(0 if full else _WINDOW)
        norm(layer.input_layer_norm, block + "attn_norm")
        norm(layer.post_attention_layer_norm, block + "post_attention_norm")
        norm(layer.pre_feedforward_layer_norm, block + "ffn_norm")
        norm(layer.post_feedforward_layer_norm, block + "post_ffw_norm")
        norm(attention.q_norm, block + "attn_q_norm")
        norm(attention.k_norm, block + "attn_k_norm")
        split = [common_spec.LinearSpec() for _ in range(3)]
        for part, letter in zip(split, "qkv", strict=True):
            part.weight = wide(weights[f"{block}attn_{letter}.weight"])
        utils.fuse_linear(attention.linear[0], split)
        attention.linear[1].weight = tall(weights[block + "attn_output.weight"])
        ffn.linear_0.weight = wide(weights[block + "ffn_gate.weight"])
        ffn.linear_0_noact.weight = wide(weights[block + "ffn_up.weight"])
        ffn.linear_1.weight = tall(weights[block + "ffn_down.weight"])
    spec.register_vocabulary([base.pieces[row] for row in vocabulary.rows])
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = BOS, END, "<unk>"
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    spec.save(str(out))
