"""The shipped model for CTranslate2: the same merged weights in int8, laid out for that library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from translate.bench.weights import Weights
from translate.engines.gemma import BOS, END, HEAD_DIM, HEADS, LAYERS, WINDOW, Floats, is_full, rotary_base


def write_model(found: Weights, out: Path) -> None:
    """Write the model for ``ctranslate2.Generator`` into the folder ``out``; layout: ``ctranslate2.specs``.

    The model has one key and value head for four query heads. CTranslate2 keeps a cache of that one head alone
    (``multi_query``) only where the hidden state is as wide as all query heads together, so the state is filled up
    from 640 to 1,024 with zeros: larger matrices, a quarter of the cache to copy when the beams are reordered.
    """
    from ctranslate2.converters import utils
    from ctranslate2.specs import common_spec, transformer_spec

    weights, rows = found.merged, np.array(found.vocabulary.rows)
    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        LAYERS, HEADS, activation=common_spec.Activation.GELUTanh, pre_norm=True, ffn_glu=True, rms_norm=True,
        rotary_dim=HEAD_DIM, rotary_interleave=False, rotary_base=rotary_base(0), multi_query_attention=True,
        head_dim=HEAD_DIM, sliding_window=WINDOW, pre_post_layer_norm=True, qk_norm=True,
    )  # fmt: skip
    decoder = spec.decoder
    decoder.scale_embeddings, decoder.start_from_zero_embedding = True, False
    table = weights["token_embd.weight"]
    width = HEADS * HEAD_DIM
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

    decoder.embeddings.weight = wide(shrink * table[rows])
    decoder.projection.weight = wide(table[rows[: found.vocabulary.writable]])
    norm(decoder.layer_norm, "output_norm")
    for index, layer in enumerate(decoder.layer):
        attention, ffn, block = layer.self_attention, layer.ffn, f"blk.{index}."
        attention.__dict__["multi_query"] = np.int8(1)  # a setting of the library that its specification does not offer
        attention.rotary_base = np.float32(rotary_base(index))
        attention.sliding_window = np.int32(0 if is_full(index) else WINDOW)
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
    spec.register_vocabulary(found.pieces)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = BOS, END, "<unk>"
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(out))
