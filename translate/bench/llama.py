"""The shipped model on llama.cpp (package ``xllamacpp``): the same merged weights as Q8_0, greedy search.

Q8_0 is eight bits with one scale for each 32 weights; ours is eight bits with one scale a row. llama.cpp has one
vocabulary for reading and writing, so it also computes the rows that ours only reads.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from translate.bench.contestants import First, Job
from translate.bench.weights import Prompt, Weights, merged_weights, prompts
from translate.engines.gemma import BOS, END
from translate.errors import EngineError

_PARALLEL, _CONTEXT = 8, 1536


class Llama:
    """llama.cpp's own server code with continuous batching: eight sentences are decoded together."""

    precision, beam = "Q8_0", 1

    def __init__(self, job: Job) -> None:
        """Write the GGUF file, load it and translate one sentence."""
        import xllamacpp

        path = job.folder / "merged-q8_0.gguf"
        write_gguf(merged_weights(job), path)
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = job.threads
        params.n_parallel, params.n_ctx, params.warmup = _PARALLEL, _PARALLEL * _CONTEXT, False
        params.cache_prompt, params.cache_ram_mib, params.verbosity = False, 0, -1
        self._server = xllamacpp.Server(params)
        self._prompts = prompts(job)
        self._complete(self._prompts[-1])

    def run(self, first: First) -> tuple[int, int]:
        """See ``Contestant.run``."""
        tokens, told = 0, False
        with ThreadPoolExecutor(_PARALLEL) as pool:  # each waits for one sentence; llama.cpp does the work
            for written in pool.map(self._complete, self._prompts):
                tokens += written
                if not told:
                    first()
                    told = True
        return len(self._prompts), tokens

    def _complete(self, prompt: Prompt) -> int:
        answer: dict[str, Any] = self._server.handle_completions(
            {"prompt": prompt.ids, "max_tokens": prompt.limit, "temperature": 0, "cache_prompt": False}
        )
        if "usage" not in answer:
            raise EngineError(f"llama.cpp gave no completion: {answer}")
        return int(answer["usage"]["completion_tokens"])


def write_gguf(weights: Weights, path: Path) -> None:
    """Write merged weights and kept vocabulary as a GGUF file in Q8_0, norms in float32."""
    import gguf
    import numpy as np

    writer = gguf.GGUFWriter(path, "gemma3")
    layers = 1 + max(int(name.split(".")[1]) for name in weights.merged if name.startswith("blk."))
    writer.add_context_length(32768)
    writer.add_embedding_length(640)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(2048)
    writer.add_head_count(4)
    writer.add_head_count_kv(1)
    writer.add_key_length(256)
    writer.add_value_length(256)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_sliding_window(512)
    rows = np.array(weights.vocabulary.rows)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(weights.pieces)
    writer.add_token_scores([float(weights.base.scores[row]) for row in rows])
    writer.add_token_types([int(weights.base.types[row]) for row in rows])
    writer.add_bos_token_id(weights.pieces.index(BOS))
    writer.add_eos_token_id(weights.pieces.index(END))
    writer.add_add_bos_token(False)
    for name, found in weights.merged.items():
        kept = found[rows] if name == "token_embd.weight" else found
        if kept.ndim == 1:
            writer.add_tensor(name, np.ascontiguousarray(kept, dtype=np.float32))
        else:
            packed = gguf.quants.quantize(np.ascontiguousarray(kept, dtype=np.float32), gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(name, packed, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
