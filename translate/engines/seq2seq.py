"""Encoder-decoder checkpoints through transformers: Marian, NLLB, M2M100, mBART, T5 and their kin.

A result depends on nothing but its source: a batch holds only sources with the same output limit and equally long
forced prefixes (padding inside a decoder prefix would be read as text), and padding behind a source is masked. In
float32 the text is the same for every batch; in bfloat16 on a GPU the last bits of a sum may still tip a close race
between two beams.

MarianTokenizer turns Latin letters (and rare kanji) that its SentencePiece model lacks into ``<unk>``. That is
reported once and left as it is: a made-up replacement would hide that the model never saw the word.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from translate.engines.base import Engine, Hypothesis, MarkedText, Progress
from translate.engines.batching import batches, continued, output_limit
from translate.engines.checkpoint import checkpoint_name, decoder_start, digest_of, load
from translate.errors import EngineError

_LOG = logging.getLogger(__name__)
_BEAMS, _BATCH_TOKENS = 4, {"cpu": 2048, "cuda": 16384}
_SCORED_CELLS = 2**27  # logits held at once while scoring: half a gigabyte in float32

INSTRUCTIONS = {"t5": "translate Japanese to English: "}
"""``model_type`` → what is written ahead of each source."""


class _Job(NamedTuple):
    at: int  # which source
    source: list[int]
    cut: bool  # the source was too long for the encoder
    prefix: str
    forced: list[int]
    limit: int  # of new tokens


class _Draft(NamedTuple):
    job: _Job
    tokens: list[int]  # behind the start, the forced prefix included
    finished: bool


class Seq2SeqEngine(Engine):
    """Translates with one encoder-decoder checkpoint; a score is the mean over all tokens, forced ones included.

    Attributes:
        beams: Width of the beam search; more hypotheses than that widen it for their call.
    """

    supports_prefix = True

    def __init__(self, argument: str, *, beams: int, batch_tokens: int | None) -> None:
        place = Path(argument).expanduser()
        folder = place if argument and place.is_dir() else None
        self._torch, self._tokenizer, self._model = load(argument, folder)
        self.beams = self.width = beams
        device, config = self._model.device.type, self._model.config
        self.name = f"hf:{checkpoint_name(argument, folder)}"
        identity = digest_of(folder) if folder else str(config._commit_hash)[:12]
        self.revision = f"{identity}-{str(self._model.dtype).removeprefix('torch.')}-beam{beams}"
        self._budget = batch_tokens or _BATCH_TOKENS[device]
        self._instruction = INSTRUCTIONS.get(config.model_type, "")
        limits = (getattr(config, "max_position_embeddings", None), self._tokenizer.model_max_length)
        self._positions: int = min((n for n in limits if n and n < 100_000), default=512)
        self._reported = False
        self._start = decoder_start(self._tokenizer, self._model)
        ends = self._model.generation_config.eos_token_id
        self._ends: list[int] = ends if isinstance(ends, list) else [ends]

    @classmethod
    def open(
        cls,
        argument: str,
        *,
        progress: Progress | None = None,
        beam_size: int | None = None,
        threads: int | None = None,
        batch_tokens: int | None = None,
    ) -> Seq2SeqEngine:
        """Load a checkpoint.

        Args:
            argument: A local folder, or the id of a model on the hub.
            progress: Told when loading begins and ends.
            beam_size: Width of the beam search, 4 by default.
            threads: CPU threads of torch in this process.
            batch_tokens: Padded source tokens times beams in a batch.

        Raises:
            EngineError: torch is missing, or the checkpoint cannot be found, read or used.
        """
        for option, value in (("beam_size", beam_size), ("threads", threads), ("batch_tokens", batch_tokens)):
            if value is not None and value < 1:
                raise EngineError(f"engine hf:{argument}: {option} is {value}; give 1 or more")
        if progress:
            progress(f"loading hf:{argument}", 0, 1)
        engine = cls(argument, beams=beam_size or _BEAMS, batch_tokens=batch_tokens)
        if threads:
            engine._torch.set_num_threads(threads)
        if progress:
            progress(f"loading hf:{argument}", 1, 1)
        return engine

    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        """Translate the plain text of each source; see ``Engine.translate``.

        A source beyond the encoder's limit is cut there, and its hypotheses are marked as not finished.
        """
        starts = prefixes if prefixes is not None else [""] * len(sources)
        texts = [(source.text.strip(), start) for source, start in zip(sources, starts, strict=True)]
        jobs = [self._job(i, *pair) for i, pair in enumerate(texts) if pair[0]]
        self._report_unknown(jobs, [text for text, _ in texts])
        beams = max(self.beams, num_hypotheses)
        alike = batches(
            jobs, lambda job: (len(job.forced), job.limit), lambda job: len(job.source), self._budget // beams
        )
        drafts = [draft for batch in alike for draft in self._search(batch, beams, num_hypotheses)]
        scores = self._mean_log_probs([(draft.job.source, draft.tokens) for draft in drafts])
        found: list[list[Hypothesis]] = [[] if text else [Hypothesis(start)] for text, start in texts]
        for draft, score in sorted(zip(drafts, scores, strict=True), key=lambda pair: -pair[1]):
            text = self._text(draft)
            best_first = found[draft.job.at]
            if all(text != hypothesis.text for hypothesis in best_first):  # two spellings of one text in pieces
                best_first.append(Hypothesis(text, score, len(draft.tokens), draft.finished))
        return found

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Return the mean log-probability of a token of each target, its end included, given its source."""
        pairs = [
            (
                self._encode(source.strip())[0],
                [*self._encode_target(target)[: self._positions - len(self._start)], self._ends[0]],
            )
            for source, target in zip(sources, targets, strict=True)
        ]
        return self._mean_log_probs(pairs)

    def close(self) -> None:
        """Release the weights."""
        self._model = None
        if self._torch.cuda.is_available():
            self._torch.cuda.empty_cache()

    def _job(self, index: int, text: str, prefix: str) -> _Job:
        source, cut = self._encode(text)
        # An absurdly long prefix loses its oldest tokens, so that there is always room to go on.
        forced = self._encode_target(prefix)[-(self._positions // 2) :] if prefix.strip() else []
        room = self._positions - len(self._start) - len(forced)
        return _Job(index, source, cut, prefix, forced, min(output_limit(len(source)), room))

    def _encode(self, text: str) -> tuple[list[int], bool]:
        text = self._instruction + text
        tokens: list[int] = self._tokenizer(text, truncation=True, max_length=self._positions)["input_ids"]
        full = len(tokens) == self._positions and len(self._tokenizer(text, verbose=False)["input_ids"])
        return tokens, full > self._positions

    def _encode_target(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer(text_target=text, add_special_tokens=False, verbose=False)["input_ids"]
        return tokens

    def _report_unknown(self, jobs: Sequence[_Job], texts: Sequence[str]) -> None:
        unknown = self._tokenizer.unk_token_id
        hit = [job for job in jobs if unknown in job.source]
        if hit and not self._reported:
            self._reported = True  # once: every stage would say it again
            message = "%s: %d of %d sources hold characters that the checkpoint does not know (<unk>); the first is %r"
            _LOG.warning(message, self.name, len(hit), len(jobs), texts[hit[0].at][:40])

    def _search(self, batch: Sequence[_Job], beams: int, num_hypotheses: int) -> Iterator[_Draft]:
        inputs, mask = self._padded([job.source for job in batch])
        with self._torch.inference_mode():
            rows = self._model.generate(
                inputs,
                attention_mask=mask,
                decoder_input_ids=self._tensor([[*self._start, *job.forced] for job in batch]),
                max_new_tokens=batch[0].limit,
                num_beams=beams,
                num_return_sequences=num_hypotheses,
            ).tolist()
        for number, row in enumerate(rows):
            job = batch[number // num_hypotheses]
            tokens = row[len(self._start) :]
            ends = (at for at in range(len(job.forced), len(tokens)) if tokens[at] in self._ends)
            end = next(ends, None)
            finished = end is not None and not job.cut
            yield _Draft(job, tokens if end is None else tokens[: end + 1], finished)

    def _text(self, draft: _Draft) -> str:
        return continued(draft.job.prefix, draft.job.forced, draft.tokens, self._decode)

    def _decode(self, tokens: Sequence[int]) -> str:
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _mean_log_probs(self, pairs: Sequence[tuple[list[int], list[int]]]) -> list[float]:
        """Score targets (tokens behind the decoder's start) by teacher forcing.

        The scores of the search itself would leave out a forced prefix and hold what the checkpoint's settings do to
        the logits; these compare hypotheses with each other and with ``score``.
        """
        scores = [0.0] * len(pairs)
        budget = min(self._budget, _SCORED_CELLS // self._model.config.vocab_size)
        for batch in batches(range(len(pairs)), lambda _: 0, lambda i: max(map(len, pairs[i])), budget):
            for index, mean in zip(batch, self._score_batch([pairs[i] for i in batch]), strict=True):
                scores[index] = mean
        return scores

    def _score_batch(self, batch: Sequence[tuple[list[int], list[int]]]) -> list[float]:
        inputs, mask = self._padded([source for source, _ in batch])
        rows, given = self._padded([[*self._start, *target] for _, target in batch])
        at = len(self._start)
        with self._torch.inference_mode():
            logits = (
                self._model(
                    input_ids=inputs,
                    attention_mask=mask,
                    decoder_input_ids=rows[:, :-1],
                    decoder_attention_mask=given[:, :-1],
                    use_cache=False,
                )
                .logits[:, at - 1 :]
                .float()
            )
            log_probs = logits.gather(-1, rows[:, at:, None]).squeeze(-1) - logits.logsumexp(-1)
            means: list[float] = ((log_probs * given[:, at:]).sum(-1) / given[:, at:].sum(-1).clamp(min=1)).tolist()
        return means

    def _padded(self, rows: Sequence[list[int]]) -> tuple[Any, Any]:
        width = max(map(len, rows))
        pad = self._tokenizer.pad_token_id
        tokens = self._tensor([row + [pad] * (width - len(row)) for row in rows])
        return tokens, self._tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])

    def _tensor(self, rows: Sequence[list[int]]) -> Any:
        return self._torch.tensor(rows, dtype=self._torch.long, device=self._model.device)
