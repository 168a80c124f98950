"""What a CTranslate2 ``model.bin`` says of itself ahead of its weights: its kind, and how long a text it takes.

The format is that of ``ctranslate2.specs.model_spec.ModelSpec.save``: version, name and revision of the specification,
then each variable with its name, shape and bytes. Weights are skipped, not read.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from translate.errors import EngineError

ENCODER_DECODER, DECODER = "TransformerSpec", "TransformerDecoderSpec"
_POSITIONS = "position_encodings/encodings"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """The head of a model.

    Attributes:
        kind: Name of its specification, ``TransformerSpec`` for an encoder with a decoder.
        positions: Tokens that its tables of positions hold; None for a model that works positions out.
    """

    kind: str
    positions: int | None


def read_head(path: Path) -> ModelFile:
    """Read what a ``model.bin`` is.

    Raises:
        EngineError: It is missing, cut off, or no such file.
    """
    try:
        with path.open("rb") as file:
            return _head(file, path.stat().st_size)
    except FileNotFoundError as error:
        raise EngineError(
            f"{path}: no such file; give a folder that CTranslate2 or `yakubun models convert` wrote"
        ) from error
    except (OSError, struct.error, UnicodeDecodeError, ValueError) as error:
        raise EngineError(f"{path}: is no CTranslate2 model, or a damaged one ({error}); convert it again") from error


def _head(file: BinaryIO, size: int) -> ModelFile:
    (version,) = _numbers(file, "I")
    if not 4 <= version <= 100:
        raise ValueError(f"format version {version}")
    kind = _text(file)
    _revision, variables = _numbers(file, "II")
    positions: list[int] = []
    for _ in range(variables):
        name = _text(file)
        (rank,) = _numbers(file, "B")
        shape = _numbers(file, f"{rank}I")
        _type, length = _numbers(file, "BI")
        if file.seek(length, os.SEEK_CUR) > size:
            raise ValueError("it ends early")
        if name.endswith(_POSITIONS) and shape:
            positions.append(shape[0])
    return ModelFile(kind, min(positions, default=None))


def _numbers(file: BinaryIO, form: str) -> tuple[int, ...]:
    form = f"<{form}"
    return struct.unpack(form, file.read(struct.calcsize(form)))


def _text(file: BinaryIO) -> str:
    (length,) = _numbers(file, "H")
    return file.read(length).rstrip(b"\0").decode("utf-8")
