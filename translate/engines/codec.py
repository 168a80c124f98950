"""Text to tokens and back for a model that kept only some rows of its vocabulary.

Text is tokenized with the full vocabulary, as in training; a piece whose row was not kept is spelled by its
characters, and a character without a row by its UTF-8 bytes, so that every text can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from translate.engines.base import MarkedText
from translate.engines.gemma import BOS, MARK_CLOSE, MARK_OPEN, MARK_TARGET, TURN

_SPACE = "▁"
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")
_CONTROL = frozenset({BOS, TURN, MARK_OPEN, MARK_TARGET, MARK_CLOSE, "<end_of_turn>", "<eos>", "<pad>", "<unk>"})


class Codec:
    """Encode prompts and decode outputs.

    Args:
        tokenizer: SentencePiece model with the full vocabulary.
        kept: Spellings of the pieces that the model can read.
    """

    def __init__(self, tokenizer: Path, kept: Iterable[str]) -> None:
        import sentencepiece

        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
        self._kept = frozenset(kept)

    def encode(self, text: str) -> list[str]:
        """Return the tokens of plain text; control tokens spelled out in it stay text."""
        tokens: list[str] = []
        for piece in self._processor.encode(text, out_type=str):
            if piece in self._kept and piece not in _CONTROL:
                tokens.append(piece)
            else:
                for character in piece:
                    tokens.extend(self._spell(character))
        return tokens

    def _spell(self, character: str) -> list[str]:
        if character in self._kept:
            return [character]
        text = " " if character == _SPACE else character
        return [f"<0x{byte:02X}>" for byte in text.encode("utf-8", "replace")]

    def prompt(self, source: MarkedText) -> list[str]:
        """Return ``<bos> SOURCE <start_of_turn>``, each mark as ``<unused0> text <unused1> target <unused2>``."""
        tokens, at = [BOS], 0
        for mark in source.marks:
            tokens += self.encode(source.text[at : mark.start])
            tokens += [MARK_OPEN, *self.encode(source.text[mark.start : mark.end]), MARK_TARGET]
            tokens += [*self.encode(mark.target), MARK_CLOSE]
            at = mark.end
        return [*tokens, *self.encode(source.text[at:]), TURN]

    def prefix(self, text: str, targets: Sequence[str]) -> list[str]:
        """Return the tokens of a forced start of the English, its marked terms wrapped as in training."""
        if not targets or not text:
            return self.encode(text)
        pattern = "|".join(re.escape(target) for target in sorted(set(targets), key=len, reverse=True))
        tokens: list[str] = []
        for index, part in enumerate(re.split(rf"(?<!\w)({pattern})(?!\w)", text)):
            tokens += [MARK_OPEN, *self.encode(part), MARK_CLOSE] if index % 2 else self.encode(part)
        return tokens

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of output tokens, without marks and control tokens."""
        out = bytearray()
        for token in tokens:
            if token in _CONTROL:
                continue
            byte = _BYTE.fullmatch(token)
            out += bytes([int(byte[1], 16)]) if byte else token.replace(_SPACE, " ").encode()
        return re.sub(r"\s+", " ", out.decode("utf-8", "replace")).strip()
