"""``models convert``: a checkpoint of the Hub, or a folder with one, becomes a CTranslate2 model in the cache.

This is the only place that needs torch for ``ct2:``; what it writes needs none. Only safetensors weights are read and
no code of a checkpoint runs. A conversion is written beside its final place and renamed into it, under a lock.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from translate.atomic import write_error
from translate.engines.base import Progress
from translate.engines.checkpoint import check_place, checkpoint_name, digest_of, hub_fix, quiet
from translate.engines.folders import damaged, manifest, seal
from translate.engines.pieces import TOKENIZER_FILES
from translate.errors import EngineError
from translate.resources import cache_dir

CONVERTER = 1
"""Raise this when a change here changes what is written."""

_FETCHED = ("*.json", "*.safetensors", "*.spm", "*.model", "*.txt", "*.jinja", "LICENSE*", "README.md")
_COPIED = (*TOKENIZER_FILES, "tokenizer_config.json", "special_tokens_map.json", "*.jinja", "LICENSE*")


def convert(
    argument: str,
    progress: Progress,
    *,
    output: Path | None = None,
    quantization: str = "int8",
    revision: str | None = None,
) -> Path:
    """Return the folder of the converted model; nothing is done where it is there and whole.

    Args:
        argument: A local folder, or the id of a model on the Hub.
        progress: Told what is being done.
        output: Where the model shall be; in the cache by default.
        quantization: One of ``ct2_folder.QUANTIZATIONS``.
        revision: Branch, tag or commit on the Hub.

    Raises:
        EngineError: torch is missing, the checkpoint cannot be fetched, read or converted, or ``output`` is something
            else already.
    """
    place = Path(argument).expanduser()
    folder = place if argument and place.is_dir() else None
    check_place(f"models convert {argument}", argument, folder)
    progress("Reading the checkpoint", 0, 3)
    local = folder or _fetched(argument, revision)
    name = checkpoint_name(argument, folder)
    recipe = json.dumps([CONVERTER, _library(argument).__version__, quantization, digest_of(local)])
    key = hashlib.sha256(recipe.encode()).hexdigest()[:8]
    slug = re.sub(r"[^\w.-]+", "-", name.rpartition("/")[2]).strip(".-") or "model"
    target = output or cache_dir() / "converted" / f"{slug}-{quantization}-{key}"
    facts = {"name": name, "quantization": quantization, "recipe": key, **_described(local)}
    if _is_done(target, key):
        return target
    if target.exists() and not manifest(target) and (not target.is_dir() or any(target.iterdir())):
        raise EngineError(f"{target}: is there already and no converted model; name a new folder")
    from filelock import FileLock, Timeout

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(str(target.parent / f".{target.name}.lock"), timeout=900):
            if not _is_done(target, key):  # another process may have converted it while this one waited
                _convert(local, argument, target, quantization, facts, progress)
    except Timeout as error:
        raise EngineError(
            f"{target}: another process has been converting for 15 minutes; end it and run again"
        ) from error
    except OSError as error:
        raise EngineError(str(write_error(target, error))) from error
    progress("Reading the checkpoint", 3, 3)
    return target


def _is_done(target: Path, key: str) -> bool:
    return manifest(target).get("recipe") == key and not damaged(target)


def _library(argument: str) -> Any:
    try:
        import ctranslate2
        import torch
        import transformers
    except ImportError as error:
        raise EngineError(
            f'models convert {argument}: needs torch and transformers ({error}): pip install "yakubun[hf]"; '
            "the converted model needs neither and can be copied to other machines"
        ) from error
    del torch, transformers
    return ctranslate2


def _fetched(argument: str, revision: str | None) -> Path:
    """Return the folder of a Hub model's files; pickled weights and code are not among them."""
    import huggingface_hub

    try:
        path = Path(huggingface_hub.snapshot_download(argument, revision=revision, allow_patterns=list(_FETCHED)))
    except Exception as error:  # its errors share no base with what requests and the file system raise
        reason = " ".join(str(error).split())[:300]
        raise EngineError(f"models convert {argument}: {reason}. {hub_fix(argument)}") from error
    check_place(f"models convert {argument}", argument, path)
    return path


def _described(folder: Path) -> dict[str, Any]:
    """Return what the checkpoint says of itself that the converted model does not."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        positions = config.get("max_position_embeddings")
        return {"model_type": str(config.get("model_type", "")), "positions": positions}
    except (OSError, ValueError, AttributeError) as error:
        raise EngineError(f"{folder}/config.json: is no configuration of a model ({error}); fetch it again") from error


def _convert(
    folder: Path, argument: str, target: Path, quantization: str, facts: dict[str, Any], progress: Progress
) -> None:
    for abandoned in target.parent.glob(f".{target.name}-*"):  # by a conversion that was killed: the lock is ours
        shutil.rmtree(abandoned, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        progress("Reading the checkpoint", 1, 3)
        built = work / "model"
        try:
            with quiet():
                _converter(folder).convert(str(built), quantization=quantization)
        except EngineError:
            raise
        except Exception as error:  # three libraries read the checkpoint, each with errors of its own
            reason = " ".join(str(error).split())[:300]
            raise EngineError(
                f"models convert {argument}: cannot be converted ({type(error).__name__}: {reason}); "
                "check that it is a whole checkpoint with its tokenizer, or use it with hf:"
            ) from error
        progress("Reading the checkpoint", 2, 3)
        for pattern in _COPIED:
            for file in folder.glob(pattern):
                shutil.copyfile(file, built / file.name)
        if not any((built / name).is_file() for name in TOKENIZER_FILES):
            raise EngineError(
                f"models convert {argument}: no tokenizer in the checkpoint (looked for {', '.join(TOKENIZER_FILES)})"
            )
        seal(built, target, facts)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _converter(folder: Path) -> Any:
    """Return CTranslate2's converter, held to safetensors and whole checkpoints, and mended for transformers 5."""
    from ctranslate2.converters import transformers as library

    class Converter(library.TransformersConverter):  # type: ignore[misc]
        def _load(self) -> Any:
            spec = super()._load()
            for name in ("bos_token", "unk_token"):  # null would not be read back
                if getattr(spec.config, name, "") is None:
                    setattr(spec.config, name, "")
            return spec

        def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
            model, info = model_class.from_pretrained(
                model_name_or_path, use_safetensors=True, local_files_only=True, trust_remote_code=False,
                output_loading_info=True, **kwargs,
            )  # fmt: skip
            if info["missing_keys"]:
                missing = ", ".join(sorted(info["missing_keys"])[:3])
                raise EngineError(f"{folder}: the weights lack {missing}: download or save the checkpoint again")
            return model

        def load_tokenizer(self, tokenizer_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
            return tokenizer_class.from_pretrained(
                model_name_or_path, local_files_only=True, trust_remote_code=False, **kwargs
            )

    @library.register_loader("M2M100Config")
    class M2M100(library.M2M100Loader):  # type: ignore[misc]
        def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
            """Return the token of each row; the original asks version 5 for its language tokens in vain."""
            tokens: dict[str, int] = {}
            for row in range(model.config.vocab_size):
                token = tokenizer.convert_ids_to_tokens(row)
                unknown = token == tokenizer.unk_token and row != tokenizer.unk_token_id
                tokens[f"madeupword{row}" if token is None or token in tokens or unknown else token] = row
            return list(tokens)

    @library.register_loader("MBartConfig")
    class MBart(library.MBartLoader):  # type: ignore[misc]
        def get_model_spec(self, model: Any) -> Any:
            # What MBartConfig no longer says in version 5, and what the original asks it for.
            model.config.normalize_before = model.config.normalize_embedding = True
            return super().get_model_spec(model)

        def set_config(self, config: Any, model: Any, tokenizer: Any) -> None:  # noqa: ARG002 - the original's
            if "af_ZA" not in tokenizer.get_vocab():
                raise EngineError(f"{folder}: the first mBART opens texts with their language; use it with hf:")
            config.bos_token, config.unk_token = tokenizer.bos_token or tokenizer.cls_token, tokenizer.unk_token
            config.eos_token = config.decoder_start_token = tokenizer.eos_token

    return Converter(str(folder))
