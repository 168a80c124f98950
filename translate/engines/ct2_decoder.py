"""Decoders on CTranslate2 (Llama, Qwen, Gemma, GPT-2 and their kin), asked as ``instruction`` says.

A batch holds only prompts of one length: CTranslate2 feeds the tail of a longer prompt token by token, which lets a
sentence's neighbours change its translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from translate.engines.base import Engine, Hypothesis, MarkedText
from translate.engines.batching import batches, continued, output_limit
from translate.engines.ct2_folder import Ct2Folder
from translate.engines.instruction import INSTRUCTION, Instruction
from translate.engines.pieces import FastPieces
from translate.errors import EngineError

DECODING = 1
"""Raise this when a change of batches or search changes what the same weights write."""

_POSITIONS = 2048  # of a model that does not say
_ENDS = ("</s>", "<eos>", "<end_of_turn>", "<|im_end|>", "<|eot_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>")


class _Job(NamedTuple):
    at: int  # which source
    prompt: list[str]
    prefix: str
    forced: list[str]
    limit: int  # of new tokens


class Ct2Decoder(Engine):
    """Translates with one decoder; a score is the mean log-probability of the tokens that it wrote itself.

    Args:
        found: The folder, its name and its identity.
        beam_size: Width of the beam search; more hypotheses than that widen it for their call.
        threads: Batches decoded side by side on a processor; None takes every core.
        batch_tokens: Bound on the prompt tokens of one batch times the beam.
    """

    supports_prefix = True

    def __init__(self, found: Ct2Folder, *, beam_size: int, threads: int | None, batch_tokens: int) -> None:
        path = found.path / "tokenizer.json"
        if not path.is_file():
            raise EngineError(f"{found.path}: a decoder needs its tokenizer.json beside model.bin; copy it there")
        self._pieces = FastPieces(path)
        self._instruction = Instruction(found.path, self._pieces.special)
        self._ends = [token for token in dict.fromkeys((*found.ends, *_ENDS)) if token in found.readable]
        if not self._ends:
            raise EngineError(f"{found.path}: has no token that ends a text; convert it again, with its tokenizer")
        self._model = found.load("Generator", threads)
        self.supports_marks = self._instruction.is_chat
        self.name = found.name
        decoding = f"d{DECODING}.{INSTRUCTION}"
        self.revision = f"{found.identity}-{decoding}-{self._model.compute_type}-beam{beam_size}"
        self.width = beam_size
        self._budget = batch_tokens
        self._positions = found.positions or _POSITIONS

    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        """Translate each source; see ``Engine.translate``. One that is too long comes back empty and unfinished."""
        starts = prefixes if prefixes is not None else [""] * len(sources)
        results = [
            [Hypothesis("" if source.text.strip() else start, finished=not source.text.strip())]
            for source, start in zip(sources, starts, strict=True)
        ]
        jobs = [self._job(at, source, starts[at]) for at, source in enumerate(sources) if source.text.strip()]
        beam = max(self.width, num_hypotheses)
        alike = batches(
            [job for job in jobs if len(job.prompt) + len(job.forced) + job.limit <= self._positions],
            lambda job: (-len(job.prompt) - len(job.forced), job.limit),  # the long ones first
            lambda job: len(job.prompt) + len(job.forced),
            max(1, self._budget // beam),
        )
        running = [(batch, self._submit(batch, beam, num_hypotheses)) for batch in alike]
        for batch, futures in running:
            for job, future in zip(batch, futures, strict=True):
                results[job.at] = self._hypotheses(job, future.result())
        return results

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Return the mean log-probability of a token of each target, its end included; 0 where it is too long."""
        rows = []
        for source, target in zip(sources, targets, strict=True):
            given = self._encode(self._instruction.prompt(MarkedText(source)))
            rows.append(([*given, *self._written(target)], len(given)))
        scores = [0.0] * len(rows)
        alike = batches(
            [at for at, (tokens, _) in enumerate(rows) if len(tokens) < self._positions],
            lambda at: len(rows[at][0]),
            lambda at: len(rows[at][0]),
            self._budget,
        )
        running = [
            (
                batch,
                self._model.score_batch(
                    [[*rows[at][0], self._ends[0]] for at in batch], max_input_length=0, asynchronous=True
                ),
            )
            for batch in alike
        ]
        for batch, futures in running:
            for at, future in zip(batch, futures, strict=True):
                tokens, opening = rows[at]
                written = future.result().log_probs[-(len(tokens) - opening + 1) :]
                scores[at] = min(0.0, sum(written) / len(written))
        return scores

    def close(self) -> None:
        """Unload the model."""
        self._model.unload_model()

    def _encode(self, prompt: str) -> list[str]:
        return self._pieces.encode(prompt, parse_special=True, opened=not self._instruction.is_chat)

    def _written(self, text: str) -> list[str]:
        """Return the tokens of English behind a prompt."""
        return self._pieces.encode(text if self._instruction.is_chat or not text else f" {text}")

    def _job(self, at: int, source: MarkedText, prefix: str) -> _Job:
        given = self._encode(self._instruction.prompt(source))
        forced = self._written(prefix.rstrip()) if prefix.strip() else []
        return _Job(at, given, prefix, forced, output_limit(len(self._pieces.encode(source.text))))

    def _submit(self, batch: Sequence[_Job], beam: int, num_hypotheses: int) -> list[Any]:
        futures: list[Any] = self._model.generate_batch(
            [[*job.prompt, *job.forced] for job in batch],
            asynchronous=True,
            beam_size=beam,
            num_hypotheses=num_hypotheses,
            length_penalty=1,
            max_length=batch[0].limit,
            include_prompt_in_result=False,
            return_scores=True,
            return_end_token=True,
            end_token=self._ends,
        )
        return futures

    def _hypotheses(self, job: _Job, result: Any) -> list[Hypothesis]:
        found: list[Hypothesis] = []
        for tokens, score in zip(result.sequences, result.scores, strict=True):
            finished = bool(tokens) and tokens[-1] in self._ends
            text = continued(job.prefix, job.forced, [*job.forced, *tokens], self._decode)
            if not self._instruction.is_chat:  # it would go on with the next line of Japanese
                text, line, _ = text.partition("\n")
                finished = finished or bool(line)
            text = " ".join(text.split())
            if all(text != one.text for one in found):
                found.append(Hypothesis(text, min(0.0, float(score)), len(job.forced) + len(tokens), finished))
        return sorted(found, key=lambda one: -one.score)

    def _decode(self, tokens: Sequence[str]) -> str:
        return self._pieces.decode([token for token in tokens if token not in self._ends])
