"""What a run of ``adapt`` is: the options, with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from translate.adapt.marks import MARKED_SHARE


@dataclass(frozen=True)
class Options:
    """What a run is.

    Attributes:
        output: Folder to write.
        start: Folder of the model to begin with.
        pairs: Tab-separated files.
        po: PO files, of which the approved entries are taken.
        fresh: Begin with a new adapter; of ``start`` only the token lists are taken.
        reverse: Train what judges the translations of ``start``, an adapter upon its own.
        minutes: Time to take, evaluations included; or
        steps: steps to take.
        rank: Rank of the adapter; None for that of ``start``.
        learning_rate: The highest rate.
        decay: Part of the steps over which the rate falls.
        blend: What is kept lies this share of the way from the model to begin with to what was learned.
        held_out: Two files of lines, or the share of the pairs to hold out.
        exclude: Further test sets, no line of which may be trained on.
        evaluate_every: Minutes between evaluations.
        evaluate_lines: Most held-out lines to translate.
        select: File name → how many pairs of it to keep, nearest to ``near``.
        near: Japanese lines or pairs of the domain to be near to.
        repeat: File name → how often its pairs come in a pass.
        licences: File name → licence; the empty name stands for all others.
        lists: Tab-separated word lists for marks.
        marked: Part of the pairs that get marks.
        batch_tokens: Tokens of a batch, padding included.
        threads: Processor threads; None for all.
        seed: Decides order, marks and the held-out sentences.
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Processes that make batches beside a GPU; None for one a processor but one.
        save_every: Minutes between saved states.
        command: The command line, for the card.
    """

    output: Path
    start: Path
    pairs: tuple[Path, ...] = ()
    po: tuple[Path, ...] = ()
    fresh: bool = False
    reverse: bool = False
    minutes: float | None = 20.0
    steps: int | None = None
    rank: int | None = None
    learning_rate: float = 3e-4
    decay: float = 0.4
    blend: float = 1.0
    held_out: tuple[Path, Path] | float = 0.05
    exclude: tuple[Path, ...] = ()
    evaluate_every: float = 20.0
    evaluate_lines: int = 100
    select: Mapping[str, int] = field(default_factory=dict)
    near: Path | None = None
    repeat: Mapping[str, int] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    lists: tuple[Path, ...] = ()
    marked: float = MARKED_SHARE
    batch_tokens: int = 2600
    threads: int | None = None
    seed: int = 0
    device: str = "auto"
    workers: int | None = None
    save_every: float = 3.0
    command: str = ""
