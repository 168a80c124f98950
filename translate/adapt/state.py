"""Where a run stands, on the disk: one safetensors file with weights, optimizer and, as metadata, everything else.

It is replaced whole, never pickled, and carries the run's configuration, so that a run is only resumed as itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from translate.adapt.batches import Position
from translate.adapt.schedule import Schedule
from translate.atomic import write_bytes
from translate.errors import EngineError

FILE = "training.state"
LOG = "training.jsonl"


@dataclass
class Progress:
    """How far a run has come.

    Attributes:
        schedule: Its rates and, once measured, its length.
        step: Steps taken.
        position: The next batch.
        pairs: Pairs seen, repetitions counted.
        tokens: Tokens seen, prompts included, without padding.
        seconds: Time spent, evaluations included, over all its starts.
        loss: Sum of the losses since the last line of the log.
        since: Number of steps since that line.
        scores: The evaluations: step, and bleu and chrf or cross_entropy.
        best: Step of the best one, or None.
        starts: How often it was started.
    """

    schedule: Schedule
    step: int = 0
    position: Position = field(default_factory=Position)
    pairs: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loss: float = 0.0
    since: int = 0
    scores: list[dict[str, float]] = field(default_factory=list)
    best: int | None = None
    starts: int = 1

    @property
    def done(self) -> bool:
        """Whether all steps are taken."""
        return self.schedule.total is not None and self.step >= self.schedule.total


def save(path: Path, progress: Progress, configuration: Mapping[str, Any], tensors: Mapping[str, Any]) -> None:
    """Write a state in one step.

    Raises:
        InputError: It cannot be written; the last one is as it was.
    """
    from safetensors.torch import save as to_bytes

    content = {"configuration": dict(configuration), "progress": asdict(progress)}
    data = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_bytes(path, to_bytes(data, {"state": json.dumps(content)}))


def load(path: Path) -> tuple[Progress, dict[str, Any], dict[str, Any]]:
    """Return the progress, configuration and tensors of a state file.

    Raises:
        EngineError: It is not one that ``save`` wrote.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), "pt") as file:
            content = json.loads(file.metadata()["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        fields = dict(content["progress"])
        fields["schedule"] = Schedule(**fields["schedule"])
        fields["position"] = Position(*fields["position"])
        return Progress(**fields), dict(content["configuration"]), tensors
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise EngineError(f"{path}: not a state of training ({error}); remove the folder to begin anew") from error


def trim_log(path: Path, step: int) -> None:
    """Drop the lines of the log that a run wrote after the state it is resumed from, and a torn last one."""
    if not path.is_file():
        return
    kept = []
    for line in path.read_bytes().splitlines(keepends=True):
        try:
            if line.endswith(b"\n") and json.loads(line)["step"] <= step:
                kept.append(line)
        except (ValueError, KeyError, TypeError):
            continue
    write_bytes(path, b"".join(kept))
