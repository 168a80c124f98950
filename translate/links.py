"""Symbolic links that lead out of a project: a repository can bring them, and then whoever works in it would pay.

An article that links to a private file would be published, an output that links to a shell's start-up file would
overwrite it. Links that stay inside the project are followed as everywhere.
"""

from __future__ import annotations

import os
from pathlib import Path

from translate.errors import InputError

_TOPS = (".git", "yakubun.toml")


def followed(path: Path) -> Path:
    """Return the file that a path's symbolic links lead to.

    Args:
        path: A file, which need not exist.

    Raises:
        InputError: They lead out of the project: the nearest folder above that holds a repository or ``yakubun.toml``,
            otherwise the folder that the path names; or into ``.git``, or in a circle.
    """
    named = Path(os.path.abspath(path))  # noqa: PTH100 - as it is written, links not followed
    if not any(one.is_symlink() for one in (named, *named.parents)) and ".." not in path.parts:
        return path
    top = next((folder for folder in named.parents if any((folder / one).exists() for one in _TOPS)), named.parent)
    try:
        real, root = Path(path).resolve(), top.resolve()
    except (OSError, RuntimeError) as error:
        raise InputError(f"{path}: its symbolic links lead in a circle; remove them") from error
    if not real.is_relative_to(root) or (".git" in real.relative_to(root).parts and ".git" not in named.parts):
        raise InputError(
            f"{path}: a symbolic link leads to {real}, out of {root}; if that is meant, name {real} itself "
            "on the command line or in yakubun.toml"
        )
    return real
