"""The shipped model on transformers and torch: the same merged weights, prompts, search and output tokens."""

from __future__ import annotations

from typing import Any

from translate.bench.contestants import First, Job
from translate.bench.weights import Weights, batches, merged_weights, prompts
from translate.engines.gemma import END

_BATCH = 8


class Torch:
    """``generate`` in float32, eight sentences of neighbouring length a batch, padded on the left.

    transformers has no int8 for processors; float32 is what it runs in where bfloat16 is emulated.
    """

    precision = "float32"

    def __init__(self, job: Job) -> None:
        """Build the model and translate one sentence."""
        import torch

        torch.set_num_threads(job.threads)
        self.beam = job.beam
        weights = merged_weights(job)
        self._end = weights.pieces.index(END)
        self._model = _model(weights)
        self._batches = batches(prompts(job), _BATCH)
        self._translate(self._batches[-1][-1:])

    def run(self, first: First) -> tuple[int, int]:
        """See ``Contestant.run``."""
        segments = tokens = 0
        for number, batch in enumerate(self._batches):
            tokens += self._translate(batch)
            segments += len(batch)
            if not number:
                first()
        return segments, tokens

    def _translate(self, batch: Any) -> int:
        import torch

        longest = max(len(one.ids) for one in batch)
        padding = [longest - len(one.ids) for one in batch]
        ids = torch.tensor([[0] * pad + one.ids for pad, one in zip(padding, batch, strict=True)])
        mask = torch.tensor([[0] * pad + [1] * len(one.ids) for pad, one in zip(padding, batch, strict=True)])
        with torch.inference_mode():
            out = self._model.generate(
                input_ids=ids, attention_mask=mask, max_new_tokens=max(one.limit for one in batch),
                do_sample=False, num_beams=self.beam, num_return_sequences=self.beam, length_penalty=1.0,
                eos_token_id=self._end, pad_token_id=0,
            )  # fmt: skip
        return int((out[:, longest:] != 0).sum())


def _model(weights: Weights) -> Any:
    import torch
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    readable, writable = len(weights.vocabulary.rows), weights.vocabulary.writable
    layers = 1 + max(int(name.split(".")[1]) for name in weights.merged if name.startswith("blk."))
    config = Gemma3TextConfig(
        vocab_size=readable, hidden_size=640, intermediate_size=2048, num_hidden_layers=layers, num_attention_heads=4,
        num_key_value_heads=1, head_dim=256, sliding_window=512, query_pre_attn_scalar=256, tie_word_embeddings=False,
        layer_types=["sliding_attention" if (index + 1) % 6 else "full_attention" for index in range(layers)],
        eos_token_id=None, bos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    model = Gemma3ForCausalLM(config)
    model.lm_head = torch.nn.Linear(640, writable, bias=False)  # the output mask: only these rows may be written
    model.load_state_dict(_state(weights, layers), strict=False)
    return model.eval()


_PARTS = {
    "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def _state(weights: Weights, layers: int) -> dict[str, Any]:
    """Return the weights under transformers' names; a GGUF holds a norm's weight as 1 + w."""
    import numpy as np
    import torch

    table = weights.merged["token_embd.weight"][np.array(weights.vocabulary.rows)]
    state = {
        "model.embed_tokens.weight": torch.from_numpy(table),
        "lm_head.weight": torch.from_numpy(table[: weights.vocabulary.writable].copy()),
        "model.norm.weight": torch.from_numpy(weights.merged["output_norm.weight"] - 1),
    }
    for layer in range(layers):
        for ours, theirs in _PARTS.items():
            found = weights.merged[f"blk.{layer}.{ours}.weight"]
            state[f"model.layers.{layer}.{theirs}.weight"] = torch.from_numpy(found - 1 if "norm" in ours else found)
    return state
