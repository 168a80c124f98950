"""The tiny model, a folder to begin with, and options of a short run."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from tiny import SHORT, write_pairs

from translate import dictionary
from translate.adapt.options import Options
from translate.engines.gemma import Base


@pytest.fixture(scope="session")
def base() -> Base:
    return tiny.base()


@pytest.fixture(scope="session")
def start(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.start_folder(tmp_path_factory.mktemp("models") / "start", base)


@pytest.fixture
def options(start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Options:
    monkeypatch.setattr(dictionary, "find", lambda: None)
    pairs = write_pairs(tmp_path / "pairs.tsv", SHORT)
    return Options(
        tmp_path / "model", start, pairs=(pairs,), steps=6, batch_tokens=400, held_out=0.1, evaluate_lines=2,
        learning_rate=5e-3, threads=1, licences={"": "CC0"},
    )  # fmt: skip
