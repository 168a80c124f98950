"""The model in torch: base weights from the GGUF, reduced to the kept rows, and a low-rank adapter in every layer.

Only the rows that the built model has are kept, so the embedding takes a third of the memory, and its first rows are
the output projection as they stand. The weights go straight from the GGUF reader of ``engines/gemma.py`` into
transformers' model, which is exact (the tests compare it with transformers' own reader) and takes a few seconds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from translate.engines.adapter_file import FILE, read_factors
from translate.engines.gemma import Base, Vocabulary
from translate.errors import EngineError

# As in engines/gemma.py: every sixth layer attends to everything.
_WINDOW, _FULL_EVERY, _ROTARY_FULL, _ROTARY_LOCAL = 512, 6, 1_000_000.0, 10_000.0
_NORMS = {
    "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
}
_LINEAR = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
ALPHA = 2
"""An adapter's scale, alpha / r: the same at every rank, so that an adapter can be continued at a higher one."""

_PREFIX = "base_model.model.model."


def require_torch() -> None:
    """Raise an error with the line that installs what training needs, if it is not there."""
    try:
        import peft
        import torch

        del peft, torch
    except ImportError as error:
        raise EngineError(f'adapt needs torch and peft ({error}): pip install "yakubun[train]"') from error


def choose_device(wanted: str) -> str:
    """Return ``cpu`` or ``cuda`` for ``auto``, ``cpu`` or ``cuda``.

    Raises:
        EngineError: There is no GPU that torch can use.
    """
    import torch

    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise EngineError(
            "--device cuda: torch finds no GPU; install a torch build for your CUDA version, or use --device cpu"
        )
    return "cuda" if there and wanted != "cpu" else "cpu"


def choose_precision(device: str) -> str:
    """Return ``bfloat16`` where the processor computes with it, else ``float32``."""
    import torch

    if device == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    quick = (
        getattr(torch.cpu, "_is_avx512_bf16_supported", bool)() or getattr(torch.cpu, "_is_amx_tile_supported", bool)()
    )
    return "bfloat16" if quick else "float32"


def build(base: Base, vocabulary: Vocabulary, precision: str, device: str) -> Any:
    """Return the base model's body with the kept rows, its weights fixed.

    Args:
        base: Weights and tokenizer; the sizes follow from the weights' shapes.
        vocabulary: The rows to keep.
        precision: ``bfloat16`` or ``float32``.
        device: ``cpu`` or ``cuda``.
    """
    import torch
    import transformers

    library: Any = transformers
    weights, dtype = base.weights, getattr(torch, precision)
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("blk."))
    head = weights["blk.0.attn_q_norm.weight"].shape[0]
    config = library.Gemma3TextConfig(
        vocab_size=len(vocabulary.rows),
        hidden_size=weights["token_embd.weight"].shape[1],
        intermediate_size=weights["blk.0.ffn_gate.weight"].shape[0],
        num_hidden_layers=layers,
        num_attention_heads=weights["blk.0.attn_q.weight"].shape[0] // head,
        num_key_value_heads=weights["blk.0.attn_k.weight"].shape[0] // head,
        head_dim=head,
        query_pre_attn_scalar=head,
        sliding_window=_WINDOW,
        layer_types=["sliding_attention" if (at + 1) % _FULL_EVERY else "full_attention" for at in range(layers)],
        rope_parameters={
            "full_attention": {"rope_type": "default", "rope_theta": _ROTARY_FULL},
            "sliding_attention": {"rope_type": "default", "rope_theta": _ROTARY_LOCAL},
        },
        pad_token_id=None,
        attn_implementation="sdpa",
        use_cache=False,
        dtype=dtype,
    )
    state = {"embed_tokens.weight": weights["token_embd.weight"][np.array(vocabulary.rows)]}
    # A GGUF holds the norm's weight as 1 + w, transformers adds the 1 itself.
    state["norm.weight"] = weights["output_norm.weight"] - 1
    for at in range(layers):
        for ours, theirs in _NORMS.items():
            state[f"layers.{at}.{theirs}.weight"] = weights[f"blk.{at}.{ours}.weight"] - 1
        for ours, theirs in _LINEAR.items():
            state[f"layers.{at}.{theirs}.weight"] = weights[f"blk.{at}.{ours}.weight"]
    with torch.device("meta"):
        body = library.Gemma3TextModel(config)
    body.rotary_emb = type(body.rotary_emb)(config=config)  # not a weight: nothing below would fill it
    tensors = {name: torch.from_numpy(np.ascontiguousarray(value)).to(dtype) for name, value in state.items()}
    body.load_state_dict(tensors, strict=True, assign=True)
    body.embed_tokens.embed_scale = torch.tensor(config.hidden_size**0.5)
    body.requires_grad_(requires_grad=False)
    return body.to(device)


def add_adapter(body: Any, rank: int, seed: int, initial: Path | None) -> dict[str, Any]:
    """Put a low-rank adapter into every linear layer and return its parameters, by the names that they are saved under.

    Args:
        body: What ``build`` returned; it is changed.
        rank: The adapter's rank.
        seed: Decides where a new adapter, or the part that a larger rank adds, begins.
        initial: Folder of an adapter to continue, or None for a new one, which changes nothing yet.

    Raises:
        EngineError: The adapter has a higher rank, another scale or other layers.
    """
    import peft
    import torch

    torch.manual_seed(seed)
    device, dtype = body.embed_tokens.weight.device, body.embed_tokens.weight.dtype
    layers = [name.rpartition(".")[2] for name in _LINEAR.values()]
    # Made in float32 on the processor, so that the seed gives one start everywhere.
    config = peft.LoraConfig(r=rank, lora_alpha=ALPHA * rank, target_modules=layers, lora_dropout=0.0)
    peft.inject_adapter_in_model(config, body)
    trained = {}
    for name, parameter in body.named_parameters():
        parameter.requires_grad_("lora_" in name)
        if "lora_" in name:
            parameter.data = parameter.data.to(device=device, dtype=dtype)
            trained[_PREFIX + name.replace(".default.", ".")] = parameter
    if initial is not None:
        _load(trained, rank, initial)
    return trained


def _load(trained: dict[str, Any], rank: int, folder: Path) -> None:
    import torch

    config = json.loads((folder / "adapter_config.json").read_text())
    old = int(config["r"])
    if old > rank or config["lora_alpha"] != ALPHA * old or config.get("use_rslora") or config.get("use_dora"):
        raise EngineError(
            f"{folder}: an adapter of rank {old} and alpha {config['lora_alpha']} cannot be continued at rank {rank}; "
            f"give --rank {old} or more (alpha must be {ALPHA} times the rank), or --fresh for a new one"
        )
    saved = {name: torch.from_numpy(factor) for name, factor in read_factors(folder).items()}
    if set(saved) != set(trained):
        raise EngineError(f"{folder / FILE}: its layers are not those of the base model")
    with torch.no_grad():
        for name, parameter in trained.items():
            # The added part of B is zero: the larger adapter says just what the smaller one said.
            if name.endswith("lora_B.weight"):
                parameter.zero_()
                parameter[:, :old].copy_(saved[name])
            else:
                parameter[:old].copy_(saved[name])


def adapter_config(rank: int) -> dict[str, Any]:
    """Return the content of ``adapter_config.json``, in PEFT's format."""
    return {
        "base_model_name_or_path": "google/gemma-3-270m",
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "lora_alpha": ALPHA * rank,
        "lora_dropout": 0.0,
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": rank,
        "target_modules": sorted(name.rpartition(".")[2] for name in _LINEAR.values()),
        "task_type": None,
        "use_dora": False,
        "use_rslora": False,
    }


def rank_of(folder: Path) -> int:
    """Return the rank of an adapter folder."""
    return int(json.loads((folder / "adapter_config.json").read_text())["r"])
