"""Encoder-decoder checkpoints: find one, load it, set its languages, and tell it from every other.

Only safetensors weights are read and no code of a checkpoint runs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from translate.engines.folders import digest
from translate.errors import EngineError

_EXAMPLE = "Helsinki-NLP/opus-mt-ja-en"
_IDENTITY = ("*.json", "*.model", "*.safetensors", "*.spm", "*.txt")  # what decides a local checkpoint's output

LANGUAGES = {
    "jpn_Jpan": ("jpn_Jpan", "eng_Latn", "eng_Latn"),  # NLLB
    "ja_XX": ("ja_XX", "en_XX", "en_XX"),  # mBART
    "__ja__": ("ja", "en", "__en__"),  # M2M100
}
"""Vocabulary entry that tells a multilingual family → its codes of Japanese and English, its entry for English."""


def load(argument: str, folder: Path | None) -> tuple[Any, Any, Any]:
    """Return torch, the tokenizer (set to Japanese) and the model, ready to translate."""
    try:
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
    except ImportError as error:
        raise EngineError(f'engine hf needs torch and transformers ({error}): pip install "yakubun[hf]"') from error
    check_place(f"engine hf:{argument}", argument, folder)
    device, dtype = precision(torch)
    options: dict[str, Any] = {"local_files_only": folder is not None, "trust_remote_code": False}
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder or argument, **options)
            model, info = AutoModelForSeq2SeqLM.from_pretrained(
                folder or argument, use_safetensors=True, dtype=dtype, output_loading_info=True, **options
            )
    except (ImportError, KeyError, OSError, RuntimeError, SafetensorError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:300]
        fix = (
            "check that it is a whole encoder-decoder checkpoint with its tokenizer; "
            "a decoder runs as ct2: after `yakubun models convert`"
        )
        raise EngineError(f"engine hf:{argument}: {reason}. {fix if folder else hub_fix(argument)}") from error
    if info["missing_keys"]:
        missing = ", ".join(sorted(info["missing_keys"])[:3])
        raise EngineError(f"engine hf:{argument}: the weights lack {missing}: download or save the checkpoint again")
    # The search is ours to define; what a checkpoint says of vocabulary (bad words, ends) stays.
    fixed = {"max_length": None, "do_sample": False, "length_penalty": 1.0}
    model.generation_config.update(**fixed, forced_bos_token_id=None, forced_eos_token_id=None)
    return torch, tokenizer, model.eval().to(device)


def precision(torch: Any) -> tuple[str, Any]:
    """Return the device to run on, and the type of its numbers: bfloat16 on a GPU that has it in hardware.

    Older GPUs only emulate it. On a processor float32 is as fast or much faster (docs/engines.md), and only with it
    does a result not depend on the batch.
    """
    if not torch.cuda.is_available():
        return "cpu", torch.float32
    native = torch.cuda.is_bf16_supported(including_emulation=False)
    return "cuda", torch.bfloat16 if native else torch.float32


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from drawing progress bars of its own, and from recommending what it then never calls."""
    from transformers import utils

    logging: Any = utils.logging  # its functions carry no types
    drawing = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
            yield
    finally:
        if drawing:
            logging.enable_progress_bar()


def check_place(where: str, argument: str, folder: Path | None) -> None:
    """Raise ``EngineError`` if there is no checkpoint with safetensors in the folder, or no id to ask the Hub for."""
    if folder is None:
        if not argument or argument[0] in "./~" or argument.count("/") > 1 or "\\" in argument:
            what = "no such folder" if argument else "no model given"
            raise EngineError(f"{where}: {what}; give a folder with a checkpoint, or a hub id such as {_EXAMPLE}")
    elif not (folder / "config.json").is_file():
        raise EngineError(f"{where}: the folder has no config.json; give the folder that save_pretrained wrote")
    elif not any(folder.glob("*.safetensors")):
        raise EngineError(
            f"{where}: the folder has no safetensors weights, and pickled ones can run code. {_convert(argument)}"
        )


def hub_fix(argument: str) -> str:
    """Say what to do about a checkpoint that the Hub does not give."""
    offline = f"without a network, fetch it elsewhere with: hf download {argument} --local-dir FOLDER"
    return f"Check the id; {offline} and use hf:FOLDER; if it holds pickled weights only: {_convert(argument)}"


def _convert(argument: str) -> str:
    classes = "AutoModelForSeq2SeqLM, AutoTokenizer"
    both = f"[c.from_pretrained({argument!r}).save_pretrained('FOLDER') for c in ({classes})]"
    return f'Convert it once, if you trust it: python -c "from transformers import {classes}; {both}" and use hf:FOLDER'


def decoder_start(tokenizer: Any, model: Any) -> list[int]:
    """Set the tokenizer to Japanese; return what opens English: the start and, if there is one, the language."""
    start = model.generation_config.decoder_start_token_id
    for known, (japanese, english, entry) in LANGUAGES.items():
        if tokenizer.convert_tokens_to_ids(known) not in (None, tokenizer.unk_token_id):
            tokenizer.src_lang, tokenizer.tgt_lang = japanese, english
            language: int = tokenizer.convert_tokens_to_ids(entry)
            if start in (None, language):  # the first mBART starts with the language itself
                model.generation_config.decoder_start_token_id = language
                return [language]
            return [start, language]
    if start is None:
        start = model.generation_config.decoder_start_token_id = tokenizer.pad_token_id
    return [start]


def digest_of(folder: Path) -> str:
    """Return 12 hex digits over everything in a checkpoint's folder that decides the output."""
    return digest(folder, _IDENTITY)


def checkpoint_name(argument: str, folder: Path | None) -> str:
    """Return what provenance calls a checkpoint: a local path says something about one machine only."""
    return "_".join((folder.resolve().name if folder else argument).replace("@", "_").split())
