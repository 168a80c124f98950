"""Cross-entropy over the writable rows, in pieces, with the gradient computed on the way.

The table of all positions by 40,000 tokens would be the largest thing in memory and the slowest to write. Here each
piece of it lives for a moment: the gradient of the loss by the hidden states needs no more than its softmax.
"""

from __future__ import annotations

from typing import Any

_PIECE = {"cpu": 256, "cuda": 8192}


def cross_entropy(hidden: Any, table: Any, targets: Any) -> Any:
    """Return the mean loss as a tensor that can be differentiated by ``hidden`` alone.

    Args:
        hidden: (n, d) states of the positions that predict a token.
        table: (v, d) rows of the output projection, fixed.
        targets: (n) rows that shall be written.
    """
    return _function().apply(hidden, table, targets)


_classes: dict[str, Any] = {}


def _function() -> Any:
    """Return the autograd function, made when it is first needed: its base class is torch's."""
    if "loss" in _classes:
        return _classes["loss"]
    import torch

    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, hidden: Any, table: Any, targets: Any) -> Any:
            count, piece = hidden.shape[0], _PIECE.get(hidden.device.type, 256)
            gradient = torch.empty_like(hidden)
            total = torch.zeros((), device=hidden.device)  # there, so that a GPU is not waited for
            for at in range(0, count, piece):
                states, wanted = hidden[at : at + piece], targets[at : at + piece, None]
                scores = (states @ table.T).float()
                scores.sub_(scores.max(1, keepdim=True).values)
                right = scores.gather(1, wanted)
                scores.exp_()
                norm = scores.sum(1, keepdim=True)
                total += (norm.log() - right).sum()
                scores.div_(norm)
                scores.scatter_add_(1, wanted, torch.full_like(right, -1.0))
                gradient[at : at + piece] = (scores.to(table.dtype) @ table) / count
            context.save_for_backward(gradient)
            return total / count

        @staticmethod
        def backward(context: Any, outer: Any) -> Any:
            (gradient,) = context.saved_tensors
            return gradient * outer.to(gradient.dtype), None, None

    _classes["loss"] = Loss
    return Loss
