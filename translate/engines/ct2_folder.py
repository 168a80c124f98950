"""Which folder ``ct2:ARGUMENT`` means, whether it is whole, and what identifies it.

A folder that ``models convert`` wrote has a manifest, and every file is compared with it. Any other folder is
identified by a hash over its files.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translate.engines.folders import MANIFEST, damaged, digest, manifest
from translate.engines.model_file import DECODER, ENCODER_DECODER, read_head
from translate.engines.pieces import TOKENIZER_FILES, vocabulary_of
from translate.errors import EngineError
from translate.resources import cache_dir

QUANTIZATIONS = ("int8", "int8_float16", "int8_bfloat16", "int16", "float16", "bfloat16", "float32")
"""How CTranslate2 can store weights."""

_IDENTITY = ("model.bin", "*vocabulary.*", "config.json", "*.jinja", "tokenizer_config.json", *TOKENIZER_FILES)


@dataclass(frozen=True)
class Ct2Folder:
    """A converted model, found and checked.

    Attributes:
        path: The folder.
        name: How provenance calls the engine; a local path says something about one machine only.
        identity: 12 hex digits over the files that decide the output.
        kind: ``model_file.ENCODER_DECODER`` or ``DECODER``.
        positions: How many tokens it takes; None where nobody knows.
        family: The checkpoint's ``model_type``, empty where nobody wrote it down.
        readable: The tokens that it reads.
        ends: The token that ends a text.
    """

    path: Path
    name: str
    identity: str
    kind: str
    positions: int | None
    family: str
    readable: frozenset[str]
    ends: tuple[str, ...]

    def load(self, cls: str, threads: int | None) -> Any:
        """Load it as ``ctranslate2.Translator`` or ``Generator``, on a CUDA device if CTranslate2 finds one."""
        import ctranslate2

        cuda = ctranslate2.get_cuda_device_count() > 0
        try:
            return getattr(ctranslate2, cls)(
                str(self.path),
                device="cuda" if cuda else "cpu",
                compute_type="default",
                # One thread a batch: two threads on one batch spend a third of their time waiting for each other.
                inter_threads=1 if cuda else threads or os.cpu_count() or 1,
                intra_threads=1,
                max_queued_batches=-1,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineError(
                f"{self.path}: CTranslate2 cannot load this model ({error}); convert it again, with this version"
            ) from error


def converted_models() -> list[Path]:
    """Return the folders in the cache that ``models convert`` wrote, by name."""
    return sorted(
        path.parent for path in (cache_dir() / "converted").glob(f"*/{MANIFEST}") if path.parent.name[0] != "."
    )


def find_model(argument: str) -> Ct2Folder:
    """Return the model that ``ct2:ARGUMENT`` means: a folder, or one in the cache by its name or that of its origin.

    Raises:
        EngineError: There is none or more than one, a file is missing or damaged, or it is no text model.
    """
    path = _place(argument)
    head = read_head(path / "model.bin")
    if head.kind not in (ENCODER_DECODER, DECODER):
        raise EngineError(
            f"{path}: holds a {head.kind}, which translates no text; give a Marian, NLLB, M2M100 or decoder model"
        )
    if wrong := damaged(path):
        raise EngineError(
            f"{path}: {', '.join(wrong[:3])} differs from the manifest: damaged, or changed by hand; "
            "delete the folder and run `yakubun models convert` again"
        )
    facts = manifest(path)
    stated = facts.get("positions")
    typed = path.resolve().name if Path(argument).expanduser().is_dir() else argument
    return Ct2Folder(
        path=path,
        name="ct2:" + "_".join(typed.replace("@", "_").split()),
        identity=digest(path, _IDENTITY),
        kind=head.kind,
        positions=head.positions or (stated if isinstance(stated, int) else None),
        family=str(facts.get("model_type", "")),
        readable=vocabulary_of(path),
        ends=_ends(path),
    )


def _ends(path: Path) -> tuple[str, ...]:
    try:
        end = json.loads((path / "config.json").read_text("utf-8")).get("eos_token")
    except (OSError, ValueError, AttributeError):
        return ()
    return (end,) if isinstance(end, str) and end else ()


def _place(argument: str) -> Path:
    path = Path(argument).expanduser()
    if argument and path.is_dir():
        return path
    known = converted_models()
    found = [one for one in known if one.name == argument] or [
        one for one in known if argument and manifest(one).get("name") == argument
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in found or known) or "nothing yet"
    if found:
        raise EngineError(f"engine ct2:{argument}: converted more than once; choose one of {names}")
    what = "no such folder, and nothing converted has that name" if argument else "no model given"
    raise EngineError(
        f"engine ct2:{argument}: {what}; give a folder, or run `yakubun models convert`. Converted: {names}"
    )
