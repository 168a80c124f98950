"""Any model that was converted to CTranslate2: Marian, NLLB, M2M100, mBART-50 and T5; decoders are ``ct2_decoder``'s.

A result depends on nothing but its source. A batch holds only sources of one length with forced starts of one length:
CTranslate2 masks padding, but a matrix of another width is summed in another order, and a forced start that is shorter
than its neighbour's is fed token by token; either can tip a close race between two beams (docs/engines.md has the
measurement). Each batch runs in one thread.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from translate.engines.base import Engine, Hypothesis, MarkedText, Progress
from translate.engines.batching import batches, continued, output_limit
from translate.engines.ct2_folder import Ct2Folder, find_model
from translate.engines.model_file import DECODER
from translate.engines.pieces import pieces_of
from translate.errors import EngineError

_LOG = logging.getLogger(__name__)
BEAM, BATCH_TOKENS = 4, 2048
DECODING = 1
"""Raise this when a change of the prompts, batches or search changes what the same weights write."""

_POSITIONS = 512  # of a model that does not say

LANGUAGES = {
    "jpn_Jpan": ("jpn_Jpan", "eng_Latn"),  # NLLB
    "__ja__": ("__ja__", "__en__"),  # M2M100
    "ja_XX": ("ja_XX", "en_XX"),  # mBART-50
}
"""Vocabulary entry that tells a multilingual family → its entries of Japanese and English."""

INSTRUCTIONS = {"t5": "translate Japanese to English: "}
"""``model_type`` in the manifest → what is written ahead of each source."""


class _Job(NamedTuple):
    at: int  # which source
    source: list[str]
    prefix: str
    forced: list[str]  # the language and the prefix


class Ct2Engine(Engine):
    """Translates with one encoder-decoder model on CTranslate2.

    A score is the mean log-probability of the tokens that the model wrote itself, the end included.

    Args:
        found: The folder, its name and its identity.
        beam_size: Width of the beam search; more hypotheses than that widen it for their call.
        threads: Batches decoded side by side on a processor; None takes every core.
        batch_tokens: Bound on the source tokens of one batch times the beam.
    """

    supports_prefix = True

    def __init__(self, found: Ct2Folder, *, beam_size: int, threads: int | None, batch_tokens: int) -> None:
        folder = found.path
        self._pieces = pieces_of(folder)
        self._readable = found.readable
        self._model = found.load("Translator", threads)
        self.name = found.name
        self.revision = f"{found.identity}-d{DECODING}-{self._model.compute_type}-beam{beam_size}"
        self.width = beam_size
        self._budget = batch_tokens
        self._positions = found.positions or _POSITIONS
        self._reported = False
        self._instruction = INSTRUCTIONS.get(found.family, "")
        family = next((one for known, one in LANGUAGES.items() if known in found.readable), None)
        self._opening = [family[0]] if family else []
        self._language = [family[1]] if family else []

    @classmethod
    def open(
        cls,
        argument: str,
        *,
        progress: Progress | None = None,
        beam_size: int | None = None,
        threads: int | None = None,
        batch_tokens: int | None = None,
    ) -> Engine:
        """Open a folder, or what ``models convert`` put into the cache; a decoder opens as ``Ct2Decoder``.

        Raises:
            EngineError: There is no such model, a file of it is damaged, or it cannot be used.
        """
        for option, value in (("beam_size", beam_size), ("threads", threads), ("batch_tokens", batch_tokens)):
            if value is not None and value < 1:
                raise EngineError(f"engine ct2:{argument}: {option} is {value}; give 1 or more")
        if progress:
            progress(f"loading ct2:{argument}", 0, 1)
        found = find_model(argument)
        opened: Engine
        if found.kind == DECODER:
            from translate.engines.ct2_decoder import Ct2Decoder

            opened = Ct2Decoder(
                found, beam_size=beam_size or BEAM, threads=threads, batch_tokens=batch_tokens or BATCH_TOKENS
            )
        else:
            opened = cls(found, beam_size=beam_size or BEAM, threads=threads, batch_tokens=batch_tokens or BATCH_TOKENS)
        if progress:
            progress(f"loading ct2:{argument}", 1, 1)
        return opened

    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        """Translate the plain text of each source; see ``Engine.translate``.

        A source that exceeds what the model can read comes back empty and unfinished: to translate its beginning only
        would look like a translation. The caller can split it.
        """
        starts = prefixes if prefixes is not None else [""] * len(sources)
        texts = [(source.text.strip(), start) for source, start in zip(sources, starts, strict=True)]
        jobs = [self._job(at, *pair) for at, pair in enumerate(texts) if pair[0]]
        self._report_unknown(jobs, [text for text, _ in texts])
        results = [[Hypothesis("" if text else start, finished=not text)] for text, start in texts]
        beam = max(self.width, num_hypotheses)
        fitting = [job for job in jobs if len(job.source) <= self._positions]
        alike = batches(
            fitting,
            lambda job: (-len(job.source), len(job.forced)),  # the long ones first: no thread is left with one
            lambda job: len(job.source) + len(job.forced),
            max(1, self._budget // beam),
        )
        running = [(batch, self._submit(batch, beam, num_hypotheses)) for batch in alike]
        for batch, futures in running:
            for job, future in zip(batch, futures, strict=True):
                results[job.at] = self._hypotheses(job, future.result())
        return results

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Return the mean log-probability of a token of each target, its end included, given its source.

        Of a target that exceeds what the model can write, the tokens inside count; 0 where the source exceeds it.
        """
        room = self._positions - len(self._language) - 1
        pairs = [
            (self._source(source.strip()), [*self._language, *self._pieces.encode_target(target)[:room]])
            for source, target in zip(sources, targets, strict=True)
        ]
        scores = [0.0] * len(pairs)
        alike = batches(
            [at for at, (source, _) in enumerate(pairs) if len(source) <= self._positions],
            lambda at: (len(pairs[at][0]), len(pairs[at][1])),
            lambda at: len(pairs[at][0]) + len(pairs[at][1]),
            self._budget,
        )
        running = [
            (
                batch,
                self._model.score_batch(
                    [pairs[at][0] for at in batch],
                    [pairs[at][1] for at in batch],
                    max_input_length=0,
                    offset=len(self._language),
                    asynchronous=True,
                ),
            )
            for batch in alike
        ]
        for batch, futures in running:
            for at, future in zip(batch, futures, strict=True):
                found = future.result().log_probs
                scores[at] = min(0.0, sum(found) / len(found)) if found else 0.0
        return scores

    def close(self) -> None:
        """Unload the model."""
        self._model.unload_model()

    def _source(self, text: str) -> list[str]:
        return [*self._opening, *self._pieces.encode(self._instruction + text), "</s>"]

    def _job(self, at: int, text: str, prefix: str) -> _Job:
        # An absurdly long prefix loses its oldest tokens, so that there is always room to go on.
        start = self._pieces.encode_target(prefix)[-(self._positions // 2) :] if prefix.strip() else []
        return _Job(at, self._source(text), prefix, [*self._language, *start])

    def _report_unknown(self, jobs: Sequence[_Job], texts: Sequence[str]) -> None:
        hit = [job for job in jobs if not self._readable.issuperset(job.source)]
        if hit and not self._reported:
            self._reported = True  # once: every stage would say it again
            message = "%s: %d of %d sources hold characters that the model does not know (<unk>); the first is %r"
            _LOG.warning(message, self.name, len(hit), len(jobs), texts[hit[0].at][:40])

    def _submit(self, batch: Sequence[_Job], beam: int, num_hypotheses: int) -> list[Any]:
        first = batch[0]
        futures: list[Any] = self._model.translate_batch(
            [job.source for job in batch],
            [job.forced for job in batch] if first.forced else None,
            asynchronous=True,
            beam_size=beam,
            num_hypotheses=num_hypotheses,
            length_penalty=1,
            max_input_length=0,
            max_decoding_length=min(output_limit(len(first.source)) + len(first.forced), self._positions - 1),
            disable_unk=True,
            return_scores=True,
            return_end_token=True,
        )
        return futures

    def _hypotheses(self, job: _Job, result: Any) -> list[Hypothesis]:
        skip = len(self._language)
        found: list[Hypothesis] = []
        for tokens, score in zip(result.hypotheses, result.scores, strict=True):
            finished = bool(tokens) and tokens[-1] == "</s>"
            text = continued(job.prefix, job.forced[skip:], tokens[skip:], self._decode)
            if all(text != one.text for one in found):  # two spellings of one text in pieces
                # The search leaves forced tokens out of the sum, but counts them in the length that it divides by.
                mean = float(score) * len(tokens) / max(1, len(tokens) - len(job.forced))
                found.append(Hypothesis(text, min(0.0, mean), len(tokens) - skip, finished))
        return sorted(found, key=lambda one: -one.score)

    def _decode(self, tokens: Sequence[str]) -> str:
        return self._pieces.decode([token for token in tokens if token not in {"</s>", "<s>", "<pad>", "<unk>"}])
