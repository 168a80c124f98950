"""The engines by name; adding one is a module beside this file and a line in ``ENGINES``.

Nothing is imported before an engine is asked for, so that the core needs neither torch nor a model.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import cast

from translate.engines.base import Engine, Progress
from translate.errors import EngineError

ENGINES: dict[str, str] = {
    "embedded": "translate.engines.embedded:EmbeddedEngine",
    "ct2": "translate.engines.ct2:Ct2Engine",
    "hf": "translate.engines.seq2seq:Seq2SeqEngine",
    "chat": "translate.engines.chat:ChatEngine",
    "fake": "translate.engines.fake:FakeEngine",
}
"""Name → ``module:Class``. A class has ``open(argument, *, progress, beam_size, threads, batch_tokens)``."""

QUALITIES: dict[str, int] = {"fast": 1, "best": 8}
"""Two named points of the trade between time and quality → width of the search; docs/model.md has their figures."""


def create(spec: str, *, progress: Progress | None = None, **options: int | None) -> Engine:
    """Open the engine that ``spec`` names.

    Args:
        spec: ``name`` or ``name:argument``, such as ``embedded``, ``embedded:models/NAME`` or ``hf:folder``.
        progress: Told what the engine does while it gets ready.
        options: ``beam_size``, ``threads`` and ``batch_tokens``; None leaves the choice to the engine.

    Raises:
        EngineError: The name is unknown, or the engine cannot be opened.

    Example:
        >>> create("fake").supports_marks
        True
    """
    require_known(spec)
    name, _, argument = spec.partition(":")
    module, _, cls = ENGINES[name].partition(":")
    return cast(Engine, getattr(import_module(module), cls).open(argument, progress=progress, **options))


def require_known(spec: str) -> None:
    """Raise ``EngineError`` if no engine has the name in ``spec``; nothing is opened."""
    name = spec.partition(":")[0]
    if name not in ENGINES:
        raise EngineError(unknown("engine", name, ENGINES))


def unknown(what: str, name: str, valid: Iterable[str]) -> str:
    """Return the message for a name that does not exist: the nearest one that does, and all of them.

    >>> unknown("engine", "fak", ["fake", "hf"])
    "unknown engine 'fak': did you mean 'fake'? There are: fake, hf"
    """
    from rapidfuzz import process  # only a mistake pays for the import

    names = sorted(valid)
    nearest = process.extractOne(name, names, score_cutoff=60)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    return f"unknown {what} {name!r}: {hint}There are: {', '.join(names)}"
