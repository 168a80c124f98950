"""An adapter's factors come back as they were stored, in float16 or in int8 with a scale a row."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from safetensors.numpy import save

from translate.engines.adapter_file import FILE, read_factors, to_bytes
from translate.errors import EngineError

FACTOR = np.array([[12.7, -6.35, 0.0], [0.0, 0.0, 0.0], [-2.54, 1.27, 0.04]], np.float32)


def stored(folder: Path, content: bytes) -> Path:
    (folder / FILE).write_bytes(content)
    return folder


def test_int8_holds_each_row_in_steps_of_its_own_127th(tmp_path: Path) -> None:
    (name, back), *more = read_factors(stored(tmp_path, to_bytes({"a.weight": FACTOR}, small=True))).items()

    assert (name, more) == ("a.weight", [])
    # Steps of 0.1 and 0.02: -6.35 is 63.5 steps, rounded to the even 64, and 0.04 is 2.
    assert np.allclose(back, [[12.7, -6.4, 0.0], [0.0, 0.0, 0.0], [-2.54, 1.28, 0.04]], atol=1e-6)


def test_float16_is_the_format_of_peft(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    folder = stored(tmp_path, to_bytes({"a.weight": FACTOR}, small=False))
    assert {name: value.dtype for name, value in load_file(folder / FILE).items()} == {"a.weight": np.float16}
    assert np.array_equal(read_factors(folder)["a.weight"], FACTOR.astype(np.float16).astype(np.float32))


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2), elements=st.floats(-60000, 60000, width=32)))
def test_rounding_is_at_most_half_a_step(factor: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        back = read_factors(stored(Path(folder), to_bytes({"a": factor}, small=True)))["a"]
    assert (np.abs(back - factor) <= np.abs(factor).max(axis=1, keepdims=True) * (0.5 / 127 + 1e-5) + 1e-30).all()


@pytest.mark.parametrize(
    ("tensors", "problem"),
    [
        ({"a": np.zeros((2, 2), np.int8)}, "a is int8 without one scale a row"),
        ({"a": np.zeros((2, 2), np.int8), "a.scale": np.zeros(3, np.float32)}, "a is int8 without one scale a row"),
        ({"a": np.zeros((2, 2), np.int32)}, "a is int32; save the adapter in float16 or float32"),
    ],
)
def test_what_is_no_adapter_is_refused(
    tmp_path: Path, tensors: "dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]", problem: str
) -> None:
    with pytest.raises(EngineError, match=problem):
        read_factors(stored(tmp_path, save(tensors)))


def test_a_damaged_or_missing_file_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        read_factors(tmp_path)
    with pytest.raises(EngineError, match="cannot be read"):
        read_factors(stored(tmp_path, b"no tensors"))


def test_what_left_the_range_of_float16_is_never_stored() -> None:
    with pytest.raises(EngineError, match="training diverged"):
        to_bytes({"a": np.array([[1e6]], np.float32)}, small=True)
