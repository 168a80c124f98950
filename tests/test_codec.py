"""Tokens of a model that kept only some rows: every text can be read, spelled by the longest pieces there are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.engines.base import Mark, MarkedText
from translate.engines.codec import Codec

BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [
        "the semiconductor plant opens",
        "a semiconductor maker",
        "the plant of the maker",
        "工場は半導体を作る",
    ] * 20
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, model_type="bpe", vocab_size=400, byte_fallback=True,
        add_dummy_prefix=False, normalization_rule_name="identity", remove_extra_whitespaces=False, minloglevel=2,
        hard_vocab_limit=False,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("codec") / "spm.model"
    path.write_bytes(model.getvalue())
    return path


def codec(tokenizer: Path, *, without: tuple[str, ...] = (), writable: tuple[str, ...] = ()) -> Codec:
    processor = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
    pieces = [processor.id_to_piece(index) for index in range(processor.get_piece_size())]
    kept = [piece for piece in pieces if piece not in without] + BYTES
    return Codec(tokenizer, kept, [*writable, *BYTES] if writable else kept)


def test_a_piece_that_was_not_kept_is_spelled_by_the_longest_pieces_that_were(tokenizer: Path) -> None:
    assert "▁semiconductor" in codec(tokenizer).encode("a semiconductor")
    small = codec(tokenizer, writable=("▁semi", "▁se", "conduct", "con", "or", "o", "r"))
    assert small.encode_target(" semiconductor") == ["▁semi", "conduct", "or"]


def test_a_character_without_a_row_is_spelled_by_its_bytes(tokenizer: Path) -> None:
    assert codec(tokenizer).encode("鯨") == ["<0xE9>", "<0xAF>", "<0xA8>"]


def test_a_marked_target_is_spelled_as_it_can_be_written(tokenizer: Path) -> None:
    letters = tuple("semiconductor")
    tokens = codec(tokenizer, writable=letters).prompt(MarkedText("半導体", (Mark(0, 3, "semiconductor"),)))
    assert tokens[0] == "<bos>"
    assert tokens[tokens.index("<unused1>") :] == ["<unused1>", *letters, "<unused2>", "<start_of_turn>"]


@settings(deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="▁"), max_size=40)
)
def test_what_was_encoded_decodes_to_the_same_text(tokenizer: Path, text: str) -> None:
    assert codec(tokenizer).decode(codec(tokenizer).encode(text)) == text
    assert (
        codec(tokenizer, writable=("a", "th")).decode(codec(tokenizer, writable=("a", "th")).encode_target(text))
        == text
    )
