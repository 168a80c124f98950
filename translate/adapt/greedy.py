"""Held-out scores during training: greedy translation with the model as it stands, BLEU and chrF2.

Building the int8 model for each evaluation would decode faster, but keep another copy of the base weights in memory and
spend more than it saves on a hundred lines.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from translate.adapt.data import Pair
from translate.adapt.tokens import Tokens
from translate.metrics import corpus_scores

_MAX_PROMPT, _SLACK = 448, 24
_ROWS = {"cpu": 32, "cuda": 256}


def translate_lines(body: Any, table: Any, tokens: Tokens, lines: Sequence[str]) -> list[str]:
    """Translate plain lines greedily, in batches of like length, padded on the left.

    Args:
        body: The model.
        table: Rows of the output projection.
        tokens: Encodes and decodes.
        lines: Japanese; a line over the model's window comes back empty.
    """
    import torch

    body.eval()
    prompts = [tokens.prompt(line) for line in lines]
    order = sorted((len(prompt), index) for index, prompt in enumerate(prompts) if len(prompt) <= _MAX_PROMPT)
    results = [""] * len(lines)
    rows = _ROWS[table.device.type]
    with torch.inference_mode():
        for at in range(0, len(order), rows):
            batch = [index for _, index in order[at : at + rows]]
            written = _written(body, table, tokens.end, [prompts[index] for index in batch])
            for index, output in zip(batch, written, strict=True):
                results[index] = tokens.decode(output)
    return results


def _written(body: Any, table: Any, end: int, prompts: list[list[int]]) -> list[list[int]]:
    """Return the rows that the model writes behind each prompt, the end left out."""
    import torch
    import transformers

    library: Any = transformers
    cache = library.DynamicCache(config=body.config)
    # transformers 5 renamed the argument on its way and will drop the old name in 5.40.
    argument = "cache" if "cache" in inspect.signature(body.forward).parameters else "past_key_values"
    length = max(map(len, prompts))
    ids = torch.tensor([[0] * (length - len(prompt)) + prompt for prompt in prompts], device=table.device)
    mask = torch.tensor([[0] * (length - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=table.device)
    places = (mask.cumsum(1) - 1).clamp(min=0)
    written: list[list[int]] = [[] for _ in prompts]
    limits = [_SLACK + 2 * len(prompt) for prompt in prompts]
    running = list(range(len(prompts)))
    while True:
        out = body(input_ids=ids, attention_mask=mask, position_ids=places, use_cache=True, **{argument: cache})
        best = (out.last_hidden_state[:, -1] @ table.T).argmax(1)
        going = []
        for place, (index, token) in enumerate(zip(running, best.tolist(), strict=True)):
            if token != end:
                written[index].append(token)
                if len(written[index]) < limits[index]:
                    going.append(place)
        if not going:
            return written
        if len(going) < len(running):  # what has ended need not be computed on
            keep = torch.tensor(going, device=table.device)
            cache.batch_select_indices(keep)
            best, mask, places = best[keep], mask[keep], places[keep]
            running = [running[place] for place in going]
        ids, places = best[:, None], places[:, -1:] + 1
        mask = torch.cat([mask, mask.new_ones(len(running), 1)], 1)


def evaluate(body: Any, table: Any, tokens: Tokens, pairs: Sequence[Pair]) -> dict[str, float]:
    """Return BLEU and chrF2 of the model on pairs."""
    hypotheses = translate_lines(body, table, tokens, [pair.ja for pair in pairs])
    scores = corpus_scores(hypotheses, [[pair.en for pair in pairs]])
    return {"bleu": round(scores.bleu, 2), "chrf": round(scores.chrf, 2)}
