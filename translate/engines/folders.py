"""Model folders: what identifies one, and how a finished one comes into its place, with a checksum of each file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from translate.resources import sha256

MANIFEST = "manifest.json"


def digest(folder: Path, patterns: Iterable[str]) -> str:
    """Return 12 hex digits over the names and contents of the files that match."""
    total = hashlib.sha256()
    for file in sorted({file for pattern in patterns for file in folder.glob(pattern)}):
        total.update(f"{file.name}:{sha256(file)}\n".encode())
    return total.hexdigest()[:12]


def manifest(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest; empty where it has none or one that cannot be read."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) and isinstance(content.get("files"), dict) else {}


def damaged(folder: Path) -> list[str]:
    """Return the files of a manifest that are missing or not what it says."""
    files = manifest(folder).get("files", {})
    return [name for name, stated in sorted(files.items()) if not _is(folder / Path(name).name, stated)]


def _is(file: Path, stated: object) -> bool:
    try:
        return sha256(file) == stated
    except OSError:
        return False


def seal(work: Path, target: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest of a finished folder, force all of it to the disk, and put it in the place of ``target``.

    Args:
        work: The folder, on the file system of ``target``.
        target: Where it shall be; what stands there goes.
        facts: What the manifest says besides ``files``.
    """
    files = {path.name: sha256(path) for path in sorted(work.iterdir())}
    (work / MANIFEST).write_text(json.dumps({"files": files, **facts}, indent=1, ensure_ascii=False), "utf-8")
    for path in work.iterdir():
        sync(path)
    if target.exists():
        shutil.rmtree(target)
    work.rename(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Force a file or a folder's entries to the disk; folders cannot be opened for that on every system."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
