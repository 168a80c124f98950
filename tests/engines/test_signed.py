"""Signed weights: where they are used, and that nothing but their form changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from translate.engines import signed
from translate.engines.gemma_onnx import _Graph

INNER, OUT = 256, 48


def cut_off(states: NDArray[np.uint8], weights: NDArray[np.int8]) -> NDArray[np.int64]:
    """Multiply as AVX2 does: sums of two neighbours are cut off at 16 bits."""
    pairs = states.astype(np.int64)[:, :, None] * weights.astype(np.int64)
    summed = pairs[:, 0::2] + pairs[:, 1::2]
    return np.asarray(summed.clip(-(2**15), 2**15 - 1).sum(1) - 128 * weights.astype(np.int64).sum(0))


@pytest.mark.parametrize(("cuts", "expected"), [(False, True), (True, False)])
def test_it_is_found_out_by_trying(monkeypatch: pytest.MonkeyPatch, cuts: bool, expected: bool) -> None:
    class Session:
        def __init__(self, graph: bytes, *_: object, **__: object) -> None:
            model = onnx.load_model_from_string(graph)
            self.weights = onnx.numpy_helper.to_array(model.graph.initializer[0])

        def run(self, _: object, feeds: dict[str, Any]) -> list[NDArray[np.int64]]:
            if cuts:
                return [cut_off(feeds["states"], self.weights)]
            return [(feeds["states"].astype(np.int64) - 128) @ self.weights.astype(np.int64)]

    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    signed.is_exact.cache_clear()
    assert signed.is_exact() is expected
    monkeypatch.undo()
    signed.is_exact.cache_clear()


def test_a_graph_computes_the_same_with_signed_weights(tmp_path: Path) -> None:
    if not signed.is_exact():
        pytest.skip("this processor cuts sums off, so signed weights are never made on it")
    random = np.random.default_rng(3)
    graph = _Graph("int8")
    table = random.normal(size=(7, INNER)).astype(np.float32)
    state = graph.embedding(table)  # its bytes are looked up, not multiplied: they stay as they are
    weight = (8 * random.normal(size=(OUT, INNER)) * random.integers(0, 2, (OUT, INNER))).astype(np.float32)
    graph.op("Identity", graph.product(state, weight, "one"), out=("result",))
    made = helper.make_model(
        helper.make_graph(
            graph._nodes, "test", [helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", "length"])],
            [helper.make_tensor_value_info("result", TensorProto.FLOAT, ["rows", "length", OUT])],
            list(graph._constants.values()),
        ),
        opset_imports=[helper.make_opsetid("", 20)],
    )  # fmt: skip
    made.ir_version = 9
    path = tmp_path / "model.onnx"
    onnx.save_model(made, str(path), save_as_external_data=True, location="model.onnx.data", size_threshold=1024)
    ids = np.array([[0, 1, 2], [6, 5, 4]], np.int64)
    before, data = run(path, ids), (tmp_path / "model.onnx.data").read_bytes()
    signed.make_signed(path)
    assert np.array_equal(run(path, ids), before)
    changed = np.frombuffer(data, np.uint8) ^ np.frombuffer((tmp_path / "model.onnx.data").read_bytes(), np.uint8)
    assert (changed == 128).sum() == OUT * INNER
    assert (changed == 0).sum() == len(data) - OUT * INNER


def run(path: Path, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"ids": ids})[0])
