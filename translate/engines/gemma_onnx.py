"""Gemma 3 as an ONNX graph for ONNX Runtime: 8-bit products that do not depend on what else is in the batch.

Every row of activations is quantized by its own largest value and every weight by that of its output, and products are
summed in integers, so that a row's result is the same in any company. Both sides are unsigned bytes: where a processor
has nothing newer than AVX2, its instruction for a signed and an unsigned byte would cut sums off.

A few activations of each row are far larger than the others, so that a scale for all of them would leave little of the
rest. Each row is therefore turned by a Hadamard matrix, 128 values at a time, and the weights with it, which changes no
product and makes the values alike (QuaRot, Ashkboos et al. 2024, arXiv:2404.00456).

One graph serves reading a prompt, writing a token for many hypotheses, and scoring: the rows whose next token matters
are chosen by ``select``. Attention is ONNX Runtime's ``GroupQueryAttention`` with a cache that it writes in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from translate.engines.gemma import HEAD_DIM, HEADS, LAYERS, WINDOW, Floats, Vocabulary, is_full, rotary_base

ROOM = 1024
"""Positions of a hypothesis, prompt and output together."""

TOP = 16
"""Next tokens that the graph returns for a row: twice the widest search."""

_EPSILON, _BOUND, _ZERO, _TURNED = 1e-6, 127, 128, 128


def write_graph(weights: Mapping[str, Floats], vocabulary: Vocabulary, path: Path, quantization: str) -> None:
    """Write the model: the graph to ``path``, its weights beside it in ``path`` + ``.data``.

    The graph's inputs: ``ids`` int64 [rows, length]; ``seqlens`` int32 [rows], the last position of each; ``total``
    int32, the longest of them plus one; ``select`` int64 [n], places in the flattened rows; ``targets`` int64 [n], a
    token for each; ``k0``… and ``v0``… float32 [rows, 1, ROOM, 256], the cache.
    Its outputs: ``scores`` float32 and ``tokens`` int64 [n, TOP], the likeliest tokens with their log-probabilities;
    ``given`` float32 [n], those of ``targets``; ``K0``… and ``V0``…, the cache, which belongs into the same memory.

    Args:
        weights: Merged weights by their GGUF names.
        vocabulary: The rows to keep.
        path: The file to write.
        quantization: ``int8``, or ``float32`` for comparisons.
    """
    import onnx

    graph = _Graph(quantization)
    out = vocabulary.rows[: vocabulary.writable]
    table = weights["token_embd.weight"]
    state = graph.embedding(table[np.array(vocabulary.rows)])
    for layer in range(LAYERS):
        state = _layer(graph, weights, layer, state)
    state = graph.op("Reshape", state, graph.ints(-1, table.shape[1]))
    state = graph.norm(graph.op("Gather", state, "select"), weights["output_norm.weight"])
    chances = graph.op("LogSoftmax", graph.product(state, table[np.array(out)], "head", turned=False), axis=-1)
    graph.op("TopK", chances, graph.ints(TOP), out=("scores", "tokens"), axis=-1)
    given = graph.op("GatherElements", chances, graph.op("Unsqueeze", "targets", graph.ints(-1)), axis=1)
    graph.op("Squeeze", given, graph.ints(-1), out=("given",))
    onnx.save_model(
        graph.model(), str(path), save_as_external_data=True, location=f"{path.name}.data", size_threshold=1024
    )


def _layer(graph: _Graph, weights: Mapping[str, Floats], layer: int, state: str) -> str:
    def weight(name: str) -> Floats:
        return weights[f"blk.{layer}.{name}.weight"]

    inner = graph.norm(state, weight("attn_norm"))
    joined = np.concatenate([weight("attn_q"), weight("attn_k"), weight("attn_v")])
    q, k, v = graph.split(graph.product(inner, joined, f"qkv{layer}"), HEADS * HEAD_DIM, HEAD_DIM, HEAD_DIM)
    heads = graph.norm(graph.op("Reshape", q, graph.ints(0, 0, HEADS, HEAD_DIM)), weight("attn_q_norm"))
    q = graph.op("Reshape", heads, graph.ints(0, 0, HEADS * HEAD_DIM))
    k = graph.norm(k, weight("attn_k_norm"))
    seen = graph.attention(layer, q, k, v, rotary_base(layer), -1 if is_full(layer) else WINDOW - 1)
    seen = graph.norm(graph.product(seen, weight("attn_output"), f"out{layer}"), weight("post_attention_norm"))
    state = graph.op("Add", state, seen)
    inner = graph.norm(state, weight("ffn_norm"))
    both = graph.product(inner, np.concatenate([weight("ffn_gate"), weight("ffn_up")]), f"gate{layer}")
    gate, up = graph.split(both, len(weight("ffn_gate")), len(weight("ffn_up")))
    inner = graph.op("Mul", graph.op("Gelu", gate, approximate="tanh"), up)
    inner = graph.norm(graph.product(inner, weight("ffn_down"), f"down{layer}"), weight("post_ffw_norm"))
    return graph.op("Add", state, inner)


def hadamard(size: int) -> NDArray[np.float64]:
    """Return the symmetric orthogonal matrix of ones and minus ones, divided by the root of its size, a power of two.

    >>> (2 * hadamard(4)).astype(int).tolist()
    [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]
    """
    matrix: NDArray[np.float64] = np.ones((1, 1))
    while len(matrix) < size:
        matrix = np.concatenate([np.hstack([matrix, matrix]), np.hstack([matrix, -matrix])])
    return np.asarray(matrix / np.sqrt(size))


def _quantized(matrix: NDArray[np.floating[Any]]) -> tuple[NDArray[np.uint8], Floats]:
    """Return a matrix in bytes around 128, and a scale for each of its rows."""
    scales = np.maximum(np.abs(matrix).max(axis=1), 1e-12).astype(np.float32) / np.float32(_BOUND)
    return (np.rint(matrix / scales[:, None]) + _ZERO).astype(np.uint8), scales


class _Graph:
    """Nodes and constants under construction; operations return the name of what they give."""

    def __init__(self, quantization: str) -> None:
        self._exact = quantization == "float32"
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}
        self._rotations: dict[int, tuple[str, str]] = {}

    def const(self, array: NDArray[Any], name: str) -> str:
        from onnx import numpy_helper

        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def ints(self, *values: int) -> str:
        return self.const(np.array(values, np.int64), "i" + "_".join(map(str, values)))

    def op(self, kind: str, *inputs: str, out: tuple[str, ...] = (), domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        names = out or (f"n{len(self._nodes)}",)
        self._nodes.append(helper.make_node(kind, list(inputs), list(names), domain=domain, **attributes))
        return names[0]

    def split(self, name: str, *sizes: int) -> list[str]:
        names = tuple(f"n{len(self._nodes)}_{number}" for number in range(len(sizes)))
        self.op("Split", name, self.ints(*sizes), out=names, axis=-1)
        return list(names)

    def norm(self, name: str, weight: Floats) -> str:
        """Divide by the root mean square; a GGUF holds 1 + w."""
        scale = self.const(weight.astype(np.float32), f"w{len(self._nodes)}")
        return self.op("SimplifiedLayerNormalization", name, scale, axis=-1, epsilon=_EPSILON, stash_type=1)

    def embedding(self, table: Floats) -> str:
        """Look tokens up, as long as Gemma wants them."""
        length = np.float32(table.shape[1] ** 0.5)
        if self._exact:
            return self.op("Gather", self.const(length * table, "table"), "ids")
        whole, scales = _quantized(table)
        found = self.op("Gather", self.const(whole, "table"), "ids")
        scale = self.op("Gather", self.const(length * scales, "table.scale"), "ids")
        zero = self.const(np.array(_ZERO, np.uint8), "zero")
        found = self.op("DequantizeLinear", found, self.const(np.array(1, np.float32), "one"), zero)
        return self.op("Mul", found, self.op("Unsqueeze", scale, self.ints(-1)))

    def product(self, name: str, weight: Floats, label: str, *, turned: bool = True) -> str:
        """Multiply rows with a matrix [out, in]."""
        from onnx import TensorProto

        if self._exact:
            return self.op("MatMul", name, self.const(weight.T, f"{label}.weight"))
        rows: NDArray[np.floating[Any]] = weight
        if turned:
            matrix, width = hadamard(_TURNED), weight.shape[1]
            # In float64, so that every machine comes to the same bytes in whatever order its library sums.
            rows = (weight.astype(np.float64).reshape(-1, _TURNED) @ matrix).reshape(weight.shape)
            parts = self.op("Reshape", name, self.ints(0, 0, width // _TURNED, _TURNED))
            parts = self.op("MatMul", parts, self.const(matrix.astype(np.float32), "hadamard"))
            name = self.op("Reshape", parts, self.ints(0, 0, width))
        whole, scales = _quantized(rows)
        most = self.op("ReduceMax", self.op("Abs", name), self.ints(-1), keepdims=1)
        least = self.const(np.array(1e-20, np.float32), "least")
        unit = self.op("Mul", self.op("Max", most, least), self.const(np.array(1 / _BOUND, np.float32), "unit"))
        zero = self.const(np.array(_ZERO, np.uint8), "zero")
        left = self.op("QuantizeLinear", self.op("Div", name, unit), self.const(np.array(1, np.float32), "one"), zero)
        total = self.op("MatMulInteger", left, self.const(whole.T, f"{label}.weight"), zero, zero)
        total = self.op("Mul", self.op("Cast", total, to=TensorProto.FLOAT), unit)
        return self.op("Mul", total, self.const(scales, f"{label}.scale"))

    def attention(self, layer: int, q: str, k: str, v: str, base: int, window: int) -> str:
        """Attend to all positions, or to so many before the own one; q and k are turned on the way."""
        if base not in self._rotations:
            angles = np.outer(np.arange(ROOM), 1 / base ** (np.arange(0, HEAD_DIM, 2) / HEAD_DIM))
            self._rotations[base] = (
                self.const(np.cos(angles).astype(np.float32), f"cos{base}"),
                self.const(np.sin(angles).astype(np.float32), f"sin{base}"),
            )
        name = f"n{len(self._nodes)}"
        return self.op(
            "GroupQueryAttention", q, k, v, f"k{layer}", f"v{layer}", "seqlens", "total", *self._rotations[base],
            out=(name, f"K{layer}", f"V{layer}"), domain="com.microsoft", num_heads=HEADS, kv_num_heads=1,
            scale=HEAD_DIM**-0.5, do_rotary=1, rotary_interleaved=0, local_window_size=window,
        )  # fmt: skip

    def model(self) -> Any:
        from onnx import TensorProto, helper

        def value(name: str, kind: int, *shape: int | str) -> Any:
            return helper.make_tensor_value_info(name, kind, shape)

        whole, real = TensorProto.INT64, TensorProto.FLOAT
        cache = [f"{letter}{layer}" for layer in range(LAYERS) for letter in "kv"]
        inputs = [
            value("ids", whole, "rows", "length"), value("seqlens", TensorProto.INT32, "rows"),
            value("total", TensorProto.INT32), value("select", whole, "n"), value("targets", whole, "n"),
            *(value(name, real, "rows", 1, "room", HEAD_DIM) for name in cache),
        ]  # fmt: skip
        outputs = [
            value("scores", real, "n", TOP), value("tokens", whole, "n", TOP), value("given", real, "n"),
            *(value(name.upper(), real, "rows", 1, "room", HEAD_DIM) for name in cache),
        ]  # fmt: skip
        graph = helper.make_graph(self._nodes, "gemma3", inputs, outputs, list(self._constants.values()))
        versions = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        made = helper.make_model(graph, opset_imports=versions)
        made.ir_version = 9
        return made
