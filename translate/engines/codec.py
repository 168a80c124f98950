"""Text to tokens and back for a model that kept only some rows of its vocabulary.

Text is tokenized with the full vocabulary, as in training; a piece whose row was not kept is spelled by the longest
kept pieces that make it up, and a character without a row by its UTF-8 bytes, so that every text can be read.
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
        readable: Spellings of the pieces that the model can read.
        writable: Those that it can also write.
    """

    def __init__(self, tokenizer: Path, readable: Iterable[str], writable: Iterable[str]) -> None:
        import sentencepiece

        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
        self._readable = frozenset(readable) - _CONTROL
        self._writable = frozenset(writable) - _CONTROL

    def encode(self, text: str) -> list[str]:
        """Return the tokens of plain text to read; control tokens spelled out in it stay text."""
        return self._encode(text, self._readable)

    def encode_target(self, text: str) -> list[str]:
        """Return the tokens of plain text as the model would write it."""
        return self._encode(text, self._writable)

    def _encode(self, text: str, allowed: frozenset[str]) -> list[str]:
        tokens: list[str] = []
        # A lone surrogate has no UTF-8 form, so it could be neither tokenized nor spelled.
        for piece in self._processor.encode(text.encode("utf-8", "replace").decode(), out_type=str):
            tokens.extend([piece] if piece in allowed else _spelled(piece, allowed))
        return tokens

    def prompt(self, source: MarkedText) -> list[str]:
        """Return ``<bos> SOURCE <start_of_turn>``, each mark as ``<unused0> text <unused1> target <unused2>``.

        A mark's target is spelled as the model would have to write it, so that it can be copied token by token.
        """
        tokens, at = [BOS], 0
        for mark in source.marks:
            tokens += self.encode(source.text[at : mark.start])
            tokens += [MARK_OPEN, *self.encode(source.text[mark.start : mark.end]), MARK_TARGET]
            tokens += [*self.encode_target(mark.target), MARK_CLOSE]
            at = mark.end
        return [*tokens, *self.encode(source.text[at:]), TURN]

    def prefix(self, text: str, targets: Sequence[str]) -> list[str]:
        """Return the tokens of a forced start of the English, its marked terms wrapped as in training."""
        if not targets or not text:
            return self.encode_target(text)
        pattern = "|".join(re.escape(target) for target in sorted(set(targets), key=len, reverse=True))
        tokens: list[str] = []
        for index, part in enumerate(re.split(rf"(?<!\w)({pattern})(?!\w)", text)):
            tokens += [MARK_OPEN, *self.encode_target(part), MARK_CLOSE] if index % 2 else self.encode_target(part)
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


def _spelled(piece: str, allowed: frozenset[str]) -> list[str]:
    """Return the longest allowed pieces that make up ``piece``, from the left; bytes where there is none."""
    tokens, at = [], 0
    while at < len(piece):
        end = next((end for end in range(len(piece), at, -1) if piece[at:end] in allowed), None)
        tokens += [piece[at:end]] if end else _bytes(piece[at])
        at = end or at + 1
    return tokens


def _bytes(character: str) -> list[str]:
    return [f"<0x{byte:02X}>" for byte in (" " if character == _SPACE else character).encode()]
