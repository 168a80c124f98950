"""``adapter_model.safetensors``: the factors of a low-rank adapter, in PEFT's names.

PEFT's own format is one floating-point tensor a factor. A large adapter is stored at half that size: each factor as
int8 and, as ``NAME.scale``, one float32 for each of its rows, so that row ``i`` is ``scale[i] * NAME[i]`` (symmetric,
the row's largest magnitude at 127). The rounding is some hundredth of a factor's spread; the built model rounds the sum
of base and adapter to int8 as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from translate.errors import EngineError

FILE = "adapter_model.safetensors"

_SCALE = ".scale"
_TOP = 127


def read_factors(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Return an adapter's factors by name, whichever way they are stored.

    Raises:
        EngineError: The file cannot be read, or holds a type that is not float16, float32 or int8 with its scales.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = folder / FILE
    try:
        stored = load_file(path)
    except TypeError as error:  # numpy knows no bfloat16
        raise EngineError(f"{path}: {error}; save the adapter in float16 or float32") from error
    except (OSError, SafetensorError) as error:
        raise EngineError(f"{path}: cannot be read ({error}); fetch the model folder again") from error
    factors = {}
    for name, tensor in stored.items():
        if name.endswith(_SCALE) and name.removesuffix(_SCALE) in stored:
            continue
        if tensor.dtype == np.int8:
            scale = stored.get(name + _SCALE)
            if scale is None or tensor.ndim != 2 or scale.shape != (len(tensor),):
                raise EngineError(f"{path}: {name} is int8 without one scale a row; fetch the model folder again")
            factors[name] = tensor.astype(np.float32) * scale.astype(np.float32)[:, None]
        elif tensor.dtype in (np.float16, np.float32):
            factors[name] = tensor.astype(np.float32)
        else:
            raise EngineError(f"{path}: {name} is {tensor.dtype}; save the adapter in float16 or float32")
    return factors


def to_bytes(factors: Mapping[str, NDArray[np.float32]], *, small: bool) -> bytes:
    """Return the content of the file.

    Args:
        factors: Matrices by name.
        small: As int8 with scales; otherwise in float16.

    Raises:
        EngineError: A factor is no finite number, or leaves the range of float16.
    """
    from safetensors.numpy import save

    stored: dict[str, NDArray[np.generic]] = {}
    for name, factor in factors.items():
        with np.errstate(over="ignore"):
            half = factor.astype(np.float16)
        if not np.isfinite(half).all():
            raise EngineError("a weight left the range of float16: training diverged; lower --learning-rate")
        if small:
            scale = np.maximum(np.abs(factor).max(axis=1), np.finfo(np.float32).tiny * _TOP).astype(np.float32) / _TOP
            stored[name] = np.rint(factor / scale[:, None]).astype(np.int8)
            stored[name + _SCALE] = scale
        else:
            stored[name] = np.ascontiguousarray(half)
    return save(stored, {"format": "pt"})
