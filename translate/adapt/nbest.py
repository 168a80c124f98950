"""Lists of translations to learn from: what the model to begin with finds for pairs of the data, kept until the end.

The search takes a good part of the run's time, so every finished batch goes to a journal in the output folder, and a
run that was killed goes on behind it. The lists hold sentences of the data: they go when the run is finished.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from translate import jsonlines
from translate.adapt.data import Pair
from translate.engines.base import Engine, MarkedText
from translate.engines.base import Progress as Telling
from translate.errors import InputError

FILE = "nbest.jsonl"
SIZE = 8
"""Translations that are searched for, and the width of the search."""

_KEPT, _LEAST_SPREAD, _BATCH = 4, 0.03, 64
_LONGEST_JA, _LONGEST_EN = 110, 230
# Longer sentences cost more than they teach: a list is as long as five of them.


class Nbest(NamedTuple):
    """Translations of one sentence and what each costs, 0 for the reference itself to 1."""

    texts: tuple[str, ...]
    costs: tuple[float, ...]


def choose_pairs(pairs: Sequence[Pair], order: Sequence[int], count: int, seed: int) -> list[int]:
    """Return the indices of ``count`` pairs to search for, or of all if there are no more, drawn by the seed.

    Args:
        pairs: The data.
        order: Indices of one pass; one that comes more often is drawn sooner.
        count: How many to draw.
        seed: Decides which.
    """
    usable = [at for at in order if len(pairs[at].ja) <= _LONGEST_JA and len(pairs[at].en) <= _LONGEST_EN]
    random.Random(f"lists {seed}").shuffle(usable)  # noqa: S311 - a choice, no secret
    return list(dict.fromkeys(usable))[:count]


def search(
    path: Path, identity: Mapping[str, Any], pairs: Sequence[Pair], chosen: Sequence[int],
    opened: Callable[[], Engine], telling: Telling, stopping: Callable[[], bool],
) -> dict[int, list[str]]:  # fmt: skip
    """Return the translations of the chosen pairs' Japanese, best first; those of the journal need not be searched for.

    Args:
        path: The journal.
        identity: What the lists depend on; a journal that has another one belongs to another run.
        pairs: The data.
        chosen: Indices of the pairs.
        opened: Opens the engine, if it is needed.
        telling: Told how many lists there are.
        stopping: Asked after each batch; True returns what there is.

    Raises:
        InputError: The journal is that of another run.
    """
    lines = [line for _, line in jsonlines.read(path, dict, "delete the file and run again")]
    if lines and lines[0] != {"lists": dict(identity)}:
        raise InputError(f"{path}: the lists of another run; delete the file, or name another --output")
    if not lines:
        _append(path, [{"lists": dict(identity)}])
    found: dict[int, list[str]] = {line["pair"]: line["texts"] for line in lines[1:]}
    left = [index for index in chosen if index not in found]
    if not left:
        return found
    with closing(opened()) as engine:
        for at in range(0, len(left), _BATCH):
            telling("Searching for translations", len(chosen) - len(left) + at, len(chosen))
            batch = left[at : at + _BATCH]
            results = engine.translate([MarkedText(pairs[index].ja) for index in batch], num_hypotheses=SIZE)
            texts = [[one.text for one in result if one.text.strip()] for result in results]
            found |= zip(batch, texts, strict=True)
            _append(path, [{"pair": index, "texts": found[index]} for index in batch])
            if stopping():
                return found
    telling("Searching for translations", len(chosen), len(chosen))
    return found


def _append(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    jsonlines.append(path, [json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines], dict)


def judge(pairs: Sequence[Pair], found: Mapping[int, Sequence[str]]) -> dict[int, Nbest]:
    """Return what there is to learn from: of each list the first, the best, the worst and one more, with their costs.

    A cost is 1 less the mean of sentence BLEU and chrF2. Lists whose members are all about as good are left out.
    """
    from translate.metrics import measure

    rows = [(index, text) for index, texts in found.items() for text in texts]
    measured = measure([text for _, text in rows], [[pairs[index].en for index, _ in rows]], metrics=("bleu", "chrf"))
    costs: dict[int, list[float]] = {}
    for number, (index, _) in enumerate(rows):
        worth = measured.segment_score("bleu", number) + measured.segment_score("chrf", number)
        costs.setdefault(index, []).append(1 - worth / 200)
    return {
        index: chosen
        for index, own in costs.items()
        if max(own) - min(own) >= _LEAST_SPREAD and (chosen := _choose(found[index], own))
    }


def _choose(texts: Sequence[str], costs: Sequence[float]) -> Nbest:
    ranked = sorted(range(len(texts)), key=lambda at: costs[at])
    places = list(dict.fromkeys([0, ranked[0], ranked[-1], *range(len(texts))]))[:_KEPT]
    return Nbest(tuple(texts[at] for at in places), tuple(costs[at] for at in places))
