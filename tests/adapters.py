"""Adapters for tests: a copy that PEFT can read, whichever way ours is stored."""

import shutil
from pathlib import Path

from safetensors.numpy import save_file

from translate.engines.adapter_file import FILE, read_factors


def peft_copy(folder: Path, to: Path) -> Path:
    to.mkdir()
    shutil.copy(folder / "adapter_config.json", to)
    save_file(read_factors(folder), to / FILE)  # in float32: rounded again, close calls would fall otherwise
    return to
