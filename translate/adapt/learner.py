"""One step of training: forward, loss, backward, AdamW on float32 master weights that the working weights round.

Padding stands on the right and no attention mask is given: under a causal mask nothing that counts sees it.
AdamW: Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101. A blend of what was and what was learned: Wortsman
et al. 2022, https://arxiv.org/abs/2109.01903.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import mul
from typing import Any

from translate.adapt.loss import cross_entropy
from translate.adapt.tokens import Example

_BETAS, _EPSILON, _CLIP = (0.9, 0.98), 1e-8, 1.0


class Learner:
    """The model and its optimizer.

    Args:
        body: The model, see ``model.build``.
        trained: The parameters to train, by name.
        writable: How many rows of the embedding may be written.
        blend: What is kept lies this share of the way from the parameters as given to what was learned.
    """

    def __init__(self, body: Any, trained: Mapping[str, Any], writable: int, *, blend: float = 1.0) -> None:
        import torch

        self.body = body
        self.names = sorted(trained)
        self._working = [trained[name] for name in self.names]
        self._master = [weight.detach().float().clone().requires_grad_() for weight in self._working]
        self._blend = blend
        self._start = [master.detach().clone() for master in self._master] if blend < 1 else []
        self._optimizer = torch.optim.AdamW(self._master, lr=0.0, betas=_BETAS, eps=_EPSILON, weight_decay=0.0)
        self.table = body.embed_tokens.weight.detach()[:writable]
        self._device = body.embed_tokens.weight.device

    def step(self, batch: Sequence[Example], rate: float) -> float:
        """Learn from a batch and return its mean loss, a token."""
        import torch

        self.body.train()
        loss = self._forward(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._working, _CLIP)
        for working, master in zip(self._working, self._master, strict=True):
            master.grad = working.grad.float()
            working.grad = None
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.step()
        self._round()
        return float(loss.detach())

    def loss(self, batches: Sequence[Sequence[Example]]) -> float:
        """Return the mean loss of batches, a token, without learning from them."""
        import torch

        self.body.eval()
        sizes = [sum(len(example.target) for example in batch) for batch in batches]
        with torch.no_grad():
            losses = [float(self._forward(batch)) for batch in batches]
        return float(sum(map(mul, losses, sizes)) / sum(sizes))

    def _forward(self, batch: Sequence[Example]) -> Any:
        import torch

        length = max(len(example) for example in batch)
        rows = [[*example.prompt, *example.target] for example in batch]
        ids = torch.tensor([row + [0] * (length - len(row)) for row in rows], device=self._device)
        places: list[int] = []
        targets: list[int] = []
        for number, example in enumerate(batch):
            first = number * length + len(example.prompt) - 1  # the prompt's last position predicts the first token
            places += range(first, first + len(example.target))
            targets += example.target
        hidden = self.body(input_ids=ids, use_cache=False).last_hidden_state
        chosen = hidden.flatten(0, 1).index_select(0, torch.tensor(places, device=self._device))
        return cross_entropy(chosen, self.table, torch.tensor(targets, device=self._device))

    def weights(self) -> dict[str, Any]:
        """Return what is to be kept, by name: the master weights, or their blend with the start."""
        import torch

        if not self._start:
            return self._masters()
        pairs = zip(self._start, self._masters().items(), strict=True)
        return {name: torch.lerp(start, master, self._blend) for start, (name, master) in pairs}

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Have the model compute with what ``weights`` returns."""
        import torch

        if not self._start:
            yield
            return
        with torch.no_grad():
            torch._foreach_copy_(self._working, list(self.weights().values()))
        try:
            yield
        finally:
            self._round()

    def _masters(self) -> dict[str, Any]:
        return {name: master.detach() for name, master in zip(self.names, self._master, strict=True)}

    def state(self) -> dict[str, Any]:
        """Return all tensors that a resumed run needs: master weights, moments and the optimizer's step counts."""
        tensors = {f"master {name}": weight for name, weight in self._masters().items()}
        for name, master in zip(self.names, self._master, strict=True):
            tensors |= {f"{kind} {name}": value for kind, value in self._optimizer.state.get(master, {}).items()}
        return tensors

    def restore(self, tensors: Mapping[str, Any]) -> None:
        """Put back what ``state`` returned.

        Raises:
            KeyError: A weight is missing.
            RuntimeError: A weight has another shape.
        """
        import torch

        with torch.no_grad():
            for name, master in zip(self.names, self._master, strict=True):
                master.copy_(tensors[f"master {name}"])
                moments = {
                    kind: tensors[f"{kind} {name}"].clone()
                    for kind in ("step", "exp_avg", "exp_avg_sq")
                    if f"{kind} {name}" in tensors
                }
                if moments:
                    self._optimizer.state[master] = {
                        kind: value if kind == "step" else value.to(master.device) for kind, value in moments.items()
                    }
        self._round()

    def _round(self) -> None:
        import torch

        with torch.no_grad():
            torch._foreach_copy_(self._working, self._master)  # one call for hundreds of matrices
