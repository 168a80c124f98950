"""Examples as one table of token ids: what stands where, who may see whom, and which position predicts which token.

A list of translations follows its source once, not once for each: every translation sees the source and itself alone,
and is counted on from the source's end, so that the model computes for it what it would if nothing else stood there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from translate.adapt.tokens import Example


@dataclass(frozen=True)
class Layout:
    """A batch for the model.

    Attributes:
        inputs: What the model takes: ids (b, l), and where a list is among the examples, positions and masks.
        places: (n) positions of the flattened table that predict a token.
        targets: (n) tokens that they predict.
        texts: (n) which text a token is of; texts are numbered through, an example's reference first.
        references: (b) which text is the reference of an example.
    """

    inputs: dict[str, Any]
    places: Any
    targets: Any
    texts: Any
    references: Any


def lay_out(batch: Sequence[Example], device: Any) -> Layout:
    """Return a batch as tensors, padded on the right.

    Without lists no mask is given: under the model's own, causal one nothing that counts sees the padding.
    """
    import torch

    length = max(len(example) for example in batch)
    ids, owners, positions = [], [], []
    places: list[int] = []
    targets: list[int] = []
    texts: list[int] = []
    references = []
    text = -1
    for number, example in enumerate(batch):
        row, owner = list(example.prompt), [0] * len(example.prompt)
        place = list(range(len(row)))
        last = number * length + len(row) - 1  # the prompt's last position predicts the first token of each text
        references.append(text + 1)
        for own, tokens in enumerate((example.target, *example.others), 1):
            text += 1
            first = number * length + len(row)
            places += [last, *range(first, first + len(tokens) - 1)]
            targets += tokens
            texts += [text] * len(tokens)
            row += tokens
            owner += [own] * len(tokens)
            place += range(len(example.prompt), len(example.prompt) + len(tokens))
        empty = length - len(row)
        ids.append(row + [0] * empty)
        owners.append(owner + [-1] * empty)
        positions.append(place + [0] * empty)
    inputs: dict[str, Any] = {"input_ids": torch.tensor(ids, device=device)}
    if any(example.others for example in batch):
        owned = torch.tensor(owners, device=device)
        seen = (owned[:, None, :] == 0) | (owned[:, None, :] == owned[:, :, None])
        mask = (seen & torch.ones(length, length, dtype=torch.bool, device=device).tril())[:, None]
        # No text with its source is longer than the window of the layers that see no further.
        inputs |= {
            "attention_mask": {"full_attention": mask, "sliding_attention": mask},
            "position_ids": torch.tensor(positions, device=device),
        }
    found = [torch.tensor(values, device=device) for values in (places, targets, texts, references)]
    return Layout(inputs, *found)
