"""Signed weights, for processors that multiply them by unsigned bytes exactly.

A byte of a weight may stand for 0 to 255 around 128, or for −128 to 127 around 0: the product is the same integer.
With VNNI the second is multiplied 2.5 times as fast. AVX2 has an instruction for it that cuts the sum of two products
off at 16 bits, which is why the first is what ``gemma_onnx`` writes. Which of the two a machine has is not looked up
but tried, on numbers that would be cut off.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

_ROWS, _INNER, _COLUMNS = (1, 2, 3, 8, 33, 64), 320, 100  # a single row and what is left over go other ways


@cache
def is_exact() -> bool:
    """Tell whether ONNX Runtime multiplies unsigned by signed bytes here without cutting anything off."""
    import onnxruntime

    random = np.random.default_rng(0)
    weights = random.choice(np.array([-127, 127, 126], np.int8), (_INNER, _COLUMNS))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(_product(weights), options, providers=["CPUExecutionProvider"])
    for rows in _ROWS:
        states = random.choice(np.array([0, 254, 255], np.uint8), (rows, _INNER))
        (found,) = session.run(None, {"states": states})
        if not np.array_equal(found, (states.astype(np.int64) - 128) @ weights.astype(np.int64)):
            return False
    return True


def _product(weights: np.ndarray[Any, np.dtype[np.int8]]) -> bytes:
    """Return a graph that multiplies rows of bytes around 128 with a matrix."""
    from onnx import TensorProto, helper, numpy_helper

    constants = {"weights": weights, "center": np.array(128, np.uint8), "zero": np.array(0, np.int8)}
    node = helper.make_node("MatMulInteger", ["states", "weights", "center", "zero"], ["products"])
    graph = helper.make_graph(
        [node], "probe",
        [helper.make_tensor_value_info("states", TensorProto.UINT8, ["rows", _INNER])],
        [helper.make_tensor_value_info("products", TensorProto.INT32, ["rows", _COLUMNS])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 9
    return bytes(model.SerializeToString())


def make_signed(path: Path) -> None:
    """Turn the weights of a graph's products into signed bytes, in their file; all it computes stays the same.

    Args:
        path: The graph, its data beside it in ``path`` + ``.data``.
    """
    import onnx
    from onnx import TensorProto, numpy_helper

    model = onnx.load_model(str(path), load_external_data=False)
    products = [node for node in model.graph.node if node.op_type == "MatMulInteger"]
    weights = {node.input[1] for node in products}
    data = np.memmap(path.with_name(f"{path.name}.data"), np.uint8, "r+")
    for one in model.graph.initializer:
        if one.name in weights:
            place = {entry.key: entry.value for entry in one.external_data}
            start = int(place["offset"])
            data[start : start + int(place["length"])] ^= 128  # 128 less, modulo 256
            one.data_type = TensorProto.INT8
    data.flush()
    model.graph.initializer.append(numpy_helper.from_array(np.array(0, np.int8), "zero.signed"))
    for node in products:
        node.input[3] = "zero.signed"
    path.write_bytes(model.SerializeToString())
