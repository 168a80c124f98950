"""The folder that a run writes: adapter, token lists, sums, card, the terms of the base model.

It is complete after every evaluation that was the best so far, so that a run can be tried, or ended, at any time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from translate.adapt import card, model
from translate.adapt.data import Source
from translate.adapt.state import FILE, Progress
from translate.atomic import is_temporary, make_folders, write_bytes
from translate.engines import adapter_file
from translate.engines.embedded_model import BASE_SHA256, REVERSE, has_reverse
from translate.engines.gemma import Vocabulary
from translate.errors import InputError
from translate.resources import sha256, shipped

FACTS = "training.json"
MAX_BYTES = 40_000_000
"""Bound of what a folder may hold: an adapter is to stay small enough for a repository."""

_SUMMED = (adapter_file.FILE, "adapter_config.json", "kept_tokens.json", "output_tokens.json")
_TERMS = ("GEMMA_NOTICE", "GEMMA_TERMS.txt")


def facts_of(folder: Path) -> dict[str, Any] | None:
    """Return what ``adapt`` wrote about a model, or None if it did not make it."""
    try:
        content = json.loads((folder / FACTS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def require_same(folder: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Raise ``InputError`` unless a run that was found in the folder is the one that is wanted."""
    differing = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
    if differing:
        shown = "; ".join(f"{name}: {found.get(name)} there, {wanted.get(name)} here" for name in differing)
        raise InputError(
            f"{folder}: holds another run ({shown}); run the command that began it to go on with that one, "
            "or name another --output"
        )


def require_usable(folder: Path) -> None:
    """Raise ``InputError`` if a folder holds something that no run of ``adapt`` left there."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder}: is a file; name a folder for --output")
    if not (folder / FACTS).is_file() and not all(map(is_temporary, folder.iterdir())):
        raise InputError(f"{folder}: is not empty, and no run of adapt began it; name another --output")


def remove_state(folder: Path) -> None:
    """Remove the state of a run that is finished, which may have been killed just before it could."""
    (folder / FILE).unlink(missing_ok=True)


class Folder:
    """What stands in the output folder.

    Args:
        path: The folder.
        start: Folder of the model that the run began with.
        fresh: Whether only its token lists were taken.
        reverse: Whether what is trained judges the start's translations.
        rank: Rank of the adapter.
        vocabulary: Rows that the model keeps.
        sources: The data.
        facts: What to record of the run: configuration, command, machine, sizes of the sets.
    """

    def __init__(
        self,
        path: Path,
        *,
        start: Path,
        fresh: bool,
        reverse: bool,
        rank: int,
        vocabulary: Vocabulary,
        sources: Sequence[Source],
        facts: Mapping[str, Any],
    ) -> None:
        self.path = path
        self._rank, self._vocabulary, self._reverse = rank, vocabulary, reverse
        before = facts_of(start) or {}
        lineage = [] if fresh and not reverse else [*before.get("lineage", []), _ancestor(start, before)]
        self._facts = {
            **facts,
            "base_sha256": BASE_SHA256,
            "rank": rank,
            "kept_tokens": len(vocabulary.rows),
            "output_tokens": vocabulary.writable,
            "data": [_described(source) for source in sources],
            "lineage": lineage,
        }
        # What judges the translations of the start judges those of a model that is not far from it.
        self._judge = start / REVERSE if has_reverse(start) and not (fresh or reverse) else None
        self._beside = sum(path.stat().st_size for path in self._judge.iterdir()) if self._judge else 0
        self._terms = start if all((start / name).is_file() for name in _TERMS) else shipped("models", "jaen-base")

    def begin(self, progress: Progress) -> None:
        """Create the folder with what is known before the first step.

        Raises:
            InputError: It cannot be written.
        """
        make_folders(self.path)
        self.describe(
            progress
        )  # first, since it says whose folder this is: a run that is killed now can be gone on with
        rows, writable = self._vocabulary.rows, self._vocabulary.writable
        for name, ids in (("kept_tokens.json", rows), ("output_tokens.json", rows[:writable])):
            write_bytes(self.path / name, json.dumps(sorted(ids), separators=(",", ":")).encode())
        for name in _TERMS:
            write_bytes(self.path / name, (self._terms / name).read_bytes())
        if self._judge is not None:
            make_folders(self.path / REVERSE)
            for path in sorted(self._judge.iterdir()):
                if path.is_file():
                    write_bytes(self.path / REVERSE / path.name, path.read_bytes())

    def keep(self, weights: Mapping[str, Any], progress: Progress) -> None:
        """Write the adapter, in float16 or, where that would be too large, in int8, and all that goes with it.

        Raises:
            EngineError: A weight does not fit into float16.
        """
        factors = {name: weight.detach().float().cpu().numpy() for name, weight in weights.items()}
        count = sum(factor.size for factor in factors.values())
        # What judges shares the bound with the model that it lies in.
        small = self._reverse or _size(count, self._vocabulary, small=False) + self._beside > MAX_BYTES
        self._facts["stored"] = "int8" if small else "float16"
        write_bytes(self.path / adapter_file.FILE, adapter_file.to_bytes(factors, small=small))
        config = json.dumps(model.adapter_config(self._rank), indent=2)
        write_bytes(self.path / "adapter_config.json", config.encode() + b"\n")
        sums = "".join(f"{sha256(self.path / name)}  {name}\n" for name in _SUMMED)
        write_bytes(self.path / "SHA256SUMS", sums.encode())
        self.describe(progress)

    def describe(self, progress: Progress) -> dict[str, Any]:
        """Write the facts and the card as they stand, and return the facts."""
        facts = {
            **self._facts,
            "finished": progress.done,
            "steps": progress.schedule.total,
            "done": progress.step,
            "pairs_seen": progress.pairs,
            "tokens_seen": progress.tokens,
            "seconds": round(progress.seconds),
            "starts": progress.starts,
            "scores": progress.scores,
            "best_step": progress.best if progress.scores else progress.step,
        }
        write_bytes(self.path / FACTS, (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode())
        write_bytes(self.path / "README.md", card.render(self.path.resolve().name, facts).encode())
        return facts

    def finish(self, progress: Progress) -> dict[str, Any]:
        """Describe the finished run and remove its state; return the facts."""
        facts = self.describe(progress)
        remove_state(self.path)
        return facts


def check_size(parameters: int, vocabulary: Vocabulary) -> None:
    """Raise ``InputError`` if an adapter of so many parameters would make a folder larger than it may be."""
    size = _size(parameters, vocabulary, small=True)
    if size > MAX_BYTES:
        raise InputError(f"the adapter would take {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f}; lower --rank")


def _size(parameters: int, vocabulary: Vocabulary, *, small: bool) -> float:
    """Return the bytes of adapter and token lists: int8 has a scale of four bytes a row of some hundred."""
    return (1.04 if small else 2) * parameters + 7 * (len(vocabulary.rows) + vocabulary.writable)


def _described(source: Source) -> dict[str, Any]:
    return {
        "file": source.path.name,
        "licence": source.licence,
        "sha256": source.sha256,
        "read": source.read,
        "used": len(source.pairs),
        "repeat": source.repeat,
        "dropped": dict(sorted(source.dropped.items())),
    }


def _ancestor(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": folder.resolve().name,
        "adapter_sha256": sha256(folder / adapter_file.FILE),
        "data": facts.get("data", []),
    }
