"""``adapt``: from pairs and a model to a better one; the order of the steps, and what makes a run itself."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from random import Random
from typing import Any

from translate.adapt import ahead, batches, data, direction, folder, marks, model, schedule, state
from translate.adapt.learner import Learner
from translate.adapt.options import Options
from translate.adapt.sets import read_sets
from translate.adapt.tokens import Example, Tokens
from translate.adapt.trainer import Report, Trainer
from translate.engines import embedded_model, gemma
from translate.engines.base import Progress as Telling
from translate.resources import sha256


def adapt(
    options: Options,
    *,
    telling: Telling,
    report: Callable[[Report], None],
    note: Callable[[str], None],
    base: gemma.Base | None = None,
) -> dict[str, Any]:
    """Train, or go on with a run that was interrupted.

    Args:
        options: What to do.
        telling: Told how the preparation goes.
        report: Told after each step.
        note: Told in words what a user should know.
        base: The base model; the installed one by default.

    Returns:
        The facts of ``training.json``; ``finished`` is False if the run was asked to stop.

    Raises:
        YakubunError: Something is missing, or the output folder holds another run.
    """
    direction.require_clear(options)
    model.require_torch()
    folder.require_usable(options.output)
    with contextlib.ExitStack() as leaving:
        return _adapt(options, telling, report, note, base, leaving)


def _adapt(
    options: Options,
    telling: Telling,
    report: Callable[[Report], None],
    note: Callable[[str], None],
    base: gemma.Base | None,
    leaving: contextlib.ExitStack,
) -> dict[str, Any]:
    import torch

    sets = read_sets(options)
    glosses = marks.read_glosses(options.lists)
    device = model.choose_device(options.device)
    sums = embedded_model.check_inputs(options.start)
    initial, rank = direction.initial(options), direction.rank_of(options)
    precision = model.choose_precision(device)
    configuration = {
        "data": data.digest(sets.train),
        "order": hashlib.sha256(json.dumps(sets.order).encode()).hexdigest()[:16],
        "held_out": data.digest(sets.held_out),
        "start": embedded_model.check_inputs(initial)["adapter_model.safetensors"][:16] if initial else None,
        "upon": sums["adapter_model.safetensors"][:16] if options.reverse else None,
        "tokens": (sums["kept_tokens.json"] + sums["output_tokens.json"])[48:80],
        "lists": [sha256(path)[:16] for path in options.lists],
        "dictionary": _dictionary(),
        "rank": rank,
        "learning_rate": options.learning_rate,
        "decay": options.decay,
        "minutes": None if options.steps else options.minutes,
        "steps": options.steps,
        "evaluate_every": options.evaluate_every,
        "marked": options.marked,
        "blend": None if options.blend == 1 else options.blend,
        "batch_tokens": options.batch_tokens,
        "seed": options.seed,
        "threads": options.threads,
        "device": device,
        "precision": precision,
    }
    facts = folder.facts_of(options.output)
    if facts is not None:
        folder.require_same(options.output, facts["configuration"], configuration)
        if facts["finished"]:
            folder.remove_state(options.output)
            note(f"{options.output}: this run is finished already; nothing to do")
            return facts
    torch.set_num_threads(options.threads or os.cpu_count() or 1)
    base = direction.base_of(options, base or _installed(telling))
    way = (
        direction.judging(options, base, sets.train)
        if options.reverse
        else direction.translating(options, base, sets.train, glosses)
    )
    tokens = Tokens(base, way.vocabulary)

    def make(index: int, rng: Random) -> Example | None:
        return way.example(tokens, sets.train[index], rng)

    chunks = batches.Chunks(sets.order, make, seed=options.seed, tokens=options.batch_tokens)
    maker = leaving.enter_context(ahead.maker(chunks, ahead.workers_for(device, options.workers)))
    telling("Building the model", 0, 1)
    body = model.build(base, way.vocabulary, precision, device)
    del base  # a gigabyte
    trained = model.add_adapter(body, rank, options.seed, initial)
    folder.check_size(sum(weight.numel() for weight in trained.values()), way.vocabulary)
    telling("Building the model", 1, 1)
    learner = Learner(body, trained, tokens.writable, blend=options.blend)

    def evaluate() -> dict[str, float]:
        with learner.shown():
            return way.evaluate(learner, tokens, sets.held_out)

    output = folder.Folder(
        options.output, start=options.start, fresh=options.fresh, reverse=options.reverse, rank=rank,
        vocabulary=way.vocabulary, sources=sets.sources,
        facts={
            "configuration": configuration,
            "command": options.command,
            "device": _machine(device),
            "threads": torch.get_num_threads(),
            "held_out": {"name": sets.held_out_name, "used": len(sets.held_out)},
        },
    )  # fmt: skip
    tensors = None
    if (options.output / state.FILE).is_file():
        progress, _, tensors = state.load(options.output / state.FILE)
        progress.starts += 1
        note(f"{options.output}: goes on after step {progress.step} of {progress.schedule.total or '?'}")
    else:
        progress = state.Progress(_schedule(options))
        if initial:
            note(f"{initial}: begins with this adapter alone; the optimizer begins anew")
    output.begin(progress)
    with _stopping() as stopping:
        trainer = Trainer(
            learner=learner,
            stream=lambda at: batches.batches(maker(at), at),
            folder=options.output,
            configuration=configuration,
            budget=None if options.steps else 60 * (options.minutes or 0),
            interval=60 * options.evaluate_every,
            evaluate=evaluate if sets.held_out else None,
            worth=direction.worth,
            keep=lambda now: output.keep(learner.weights(), now),
            report=report,
            stopping=stopping,
            save_seconds=60 * options.save_every,
        )
        progress = trainer.run(progress, tensors)
    return output.finish(progress) if progress.done else output.describe(progress)


def _schedule(options: Options) -> schedule.Schedule:
    if options.steps:
        return schedule.for_steps(options.learning_rate, options.steps, options.decay)
    return schedule.Schedule(options.learning_rate, decay=options.decay)


def _installed(telling: Telling) -> gemma.Base:
    """Return the installed base model."""
    with tempfile.TemporaryDirectory(prefix="yakubun-") as place:
        path = Path(place) / "base.gguf"
        embedded_model._assemble(path, telling)
        return gemma.read_base(path, telling)


def _dictionary() -> str | None:
    """Return the version of the dictionary that marks are mined with, if it is installed."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version("jamdict-data")
    return None


def _machine(device: str) -> str:
    import torch

    return str(torch.cuda.get_device_name()) if device == "cuda" else f"a processor ({platform.machine()})"


@contextlib.contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Turn the first SIGINT or SIGTERM into a wish to stop after the step at hand; a second one acts as ever."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    # Whoever started the run with a signal ignored (a shell's background job) meant it.
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}

    def ask(number: int, _frame: object) -> None:
        asked.set()
        signal.signal(number, before[number])

    for number in before:
        signal.signal(number, ask)
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
