"""What runs on a node: one engine, opened once. It sees text and terms, and no file of the project."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import dataclass
from pathlib import Path

import translate
from translate.engines import create
from translate.engines.base import Engine
from translate.errors import YakubunError
from translate.pipeline import Chunk, translate_chunk
from translate.proposals import Proposal


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """How every worker opens its engine.

    Attributes:
        spec: What ``engines.create`` takes.
        beam_size: Width of the search; None leaves it to the engine.
        threads: Threads of each worker.
    """

    spec: str
    beam_size: int | None = None
    threads: int = 1

    def located(self) -> EngineSpec:
        """Return the specification with a folder of this machine as a full path: workers start in other folders."""
        name, colon, argument = self.spec.partition(":")
        folder = Path(argument)
        found = bool(argument) and folder.is_dir()
        return EngineSpec(f"{name}{colon}{folder.resolve() if found else argument}", self.beam_size, self.threads)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says when it was asked to do something.

    Attributes:
        proposals: One for each segment of a chunk.
        name: The engine's name, once it is open.
        revision: Its revision.
        error: Why nothing came of it, for people; empty if all is well.
    """

    proposals: tuple[Proposal, ...] = ()
    name: str = ""
    revision: str = ""
    error: str = ""


class Worker:
    """One engine in a process of its own. Errors come back as text: their classes need not exist elsewhere."""

    def __init__(self) -> None:
        self._engine: Engine | None = None

    def hello(self) -> tuple[str, str, str]:
        """Return version, ``code`` and host in plain strings, which any version of the other side can read."""
        return translate.__version__, code(), platform.node()

    def open(self, spec: EngineSpec) -> Answer:
        """Open the engine."""
        try:
            self._engine = create(spec.spec, beam_size=spec.beam_size, threads=spec.threads)
        except YakubunError as error:
            return Answer(error=str(error))
        return Answer(name=self._engine.name, revision=self._engine.revision)

    def translate(self, chunk: Chunk) -> Answer:
        """Translate a chunk with the engine that ``open`` has opened."""
        if self._engine is None:
            return Answer(error="the worker was given work before an engine")
        try:
            return Answer(tuple(translate_chunk(chunk, self._engine)))
        except YakubunError as error:
            return Answer(error=str(error))


def code() -> str:
    """Return twelve hex digits of this package's source: one version may exist with different changes."""
    root = Path(translate.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py"), key=lambda one: one.relative_to(root).as_posix()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
