"""Why Ray lost a worker, in a line for people."""

from __future__ import annotations

import translate
from translate.errors import ClusterError


def require_installed(error: BaseException) -> None:
    """Raise ``ClusterError`` if a worker could not even be imported where it was to start."""
    if any(sign in str(error) for sign in ("ModuleNotFoundError", "ImportError", "AttributeError")):
        raise ClusterError(
            "a machine of the cluster has no yakubun, another version, or another package named translate: "
            f"pip install 'yakubun[cluster]=={translate.__version__}' there ({_last_line(error)})"
        ) from error


def first_sentence(error: BaseException) -> str:
    """Return the first sentence of Ray's last line; more of them say what might have been the cause."""
    sentence = _last_line(error).partition(". ")[0]
    return sentence if len(sentence) <= 200 else f"{sentence[:199]}…"


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else ""
