"""The shipped model on transformers and torch: the same merged weights, prompts, search and output tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from translate.adapt.model import build
from translate.bench.contestants import First, Job
from translate.bench.weights import Weights, batches, forget_peak, merged_weights, prompts
from translate.engines.gemma import END

_BATCH = 8


class Torch:
    """``generate``, eight sentences of neighbouring length a batch, padded on the left.

    transformers has no int8 for processors; float32 is what it runs in where bfloat16 is emulated.
    """

    precision: str = "float32"

    def __init__(self, job: Job) -> None:
        """Build the model and translate one sentence."""
        import torch

        torch.set_num_threads(job.threads)
        self.beam = job.beam
        weights = merged_weights(job)
        self._end = weights.pieces.index(END)
        self._model = _model(weights, self.precision)
        del weights
        forget_peak()  # what the conversion needed is not what torch needs
        self._batches = batches(prompts(job), _BATCH)
        self._translate(self._batches[-1][-1:])

    def run(self, first: First) -> tuple[int, int]:
        """See ``Contestant.run``."""
        segments = tokens = 0
        for number, batch in enumerate(self._batches):
            tokens += self._translate(batch)
            segments += len(batch)
            if not number:
                first()
        return segments, tokens

    def _translate(self, batch: Any) -> int:
        import torch

        longest = max(len(one.ids) for one in batch)
        padding = [longest - len(one.ids) for one in batch]
        ids = torch.tensor([[0] * pad + one.ids for pad, one in zip(padding, batch, strict=True)])
        mask = torch.tensor([[0] * pad + [1] * len(one.ids) for pad, one in zip(padding, batch, strict=True)])
        with torch.inference_mode():
            out = self._model.generate(
                input_ids=ids, attention_mask=mask, max_new_tokens=max(one.limit for one in batch),
                do_sample=False, num_beams=self.beam, num_return_sequences=self.beam, length_penalty=1.0,
                eos_token_id=self._end, pad_token_id=0,
            )  # fmt: skip
        return int((out[:, longest:] != 0).sum())


class TorchBfloat16(Torch):
    """The same in bfloat16, for processors that compute with it (AVX512_BF16, AMX)."""

    precision = "bfloat16"


def _model(weights: Weights, precision: str) -> Any:
    import torch
    import transformers

    body = build(replace(weights.base, weights=weights.merged), weights.vocabulary, precision, "cpu")
    body.config.use_cache = True
    with torch.device("meta"):  # all its weights are put in its place below
        model: Any = transformers.Gemma3ForCausalLM(body.config)
    model.model = body
    table = body.embed_tokens.weight[: weights.vocabulary.writable]  # the output mask: only these rows may be written
    rows, width = table.shape
    model.lm_head = torch.nn.Linear(width, rows, bias=False, device="meta")
    model.lm_head.weight = torch.nn.Parameter(table, requires_grad=False)
    return model.eval()
