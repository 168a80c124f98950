"""Text to tokens and back with the tokenizer files that lie beside a converted model; no torch, no transformers.

Control tokens spelled out in an article stay text: SentencePiece never parses them; ``tokenizers`` may even if told not
to (a Unigram model simply has them in its vocabulary), so they are broken up before it sees them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from translate.errors import EngineError

SENTENCEPIECE = ("sentencepiece.bpe.model", "sentencepiece.model", "spiece.model", "spm.model", "tokenizer.model")
"""Names under which checkpoints and packages keep one SentencePiece model for both languages."""

TOKENIZER_FILES = (*SENTENCEPIECE, "source.spm", "target.spm", "tokenizer.json")
"""All files that ``pieces_of`` can read."""


class Pieces(Protocol):
    """Turns text into the tokens of a model's vocabulary, and tokens into text."""

    def encode(self, text: str) -> list[str]:
        """Return the tokens of a source."""

    def encode_target(self, text: str) -> list[str]:
        """Return the tokens of a target."""

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of a target's tokens; control tokens must be taken out before."""


class SentencePieces:
    """SentencePiece models, one for each language or one for both."""

    def __init__(self, source: Path, target: Path) -> None:
        import sentencepiece

        def read(path: Path) -> Any:
            try:
                return sentencepiece.SentencePieceProcessor(model_file=str(path))
            except (OSError, RuntimeError) as error:
                raise EngineError(f"{path}: is no SentencePiece model ({error}); convert the model again") from error

        self._source = read(source)
        self._target = self._source if target == source else read(target)

    def encode(self, text: str) -> list[str]:
        """See ``Pieces``."""
        pieces: list[str] = self._source.encode(_sound(text), out_type=str)
        return pieces

    def encode_target(self, text: str) -> list[str]:
        """See ``Pieces``."""
        pieces: list[str] = self._target.encode(_sound(text), out_type=str)
        return pieces

    def decode(self, tokens: Sequence[str]) -> str:
        """See ``Pieces``."""
        return str(self._target.decode(list(tokens)))


class FastPieces:
    """A ``tokenizer.json``.

    Attributes:
        special: Its control tokens, the longest first.
    """

    def __init__(self, path: Path) -> None:
        import tokenizers

        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain Exception
            raise EngineError(f"{path}: is no tokenizer ({error}); convert the model again") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        added = self._tokenizer.get_added_tokens_decoder().values()
        self.special = tuple(sorted({one.content for one in added if one.special and one.content}, key=len)[::-1])

    def encode(self, text: str, *, parse_special: bool = False, opened: bool = False) -> list[str]:
        """See ``Pieces``.

        Args:
            text: The text.
            parse_special: Whether control tokens in it count as such.
            opened: Whether the tokenizer puts its own control tokens around it.
        """
        text = _sound(text if parse_special else disarmed(text, self.special))
        tokens: list[str] = self._tokenizer.encode(text, add_special_tokens=opened).tokens
        return tokens

    def encode_target(self, text: str) -> list[str]:
        """See ``Pieces``."""
        return self.encode(text)

    def decode(self, tokens: Sequence[str]) -> str:
        """See ``Pieces``."""
        ids = [self._tokenizer.token_to_id(token) for token in tokens]
        return str(self._tokenizer.decode([one for one in ids if one is not None]))


def disarmed(text: str, special: Iterable[str]) -> str:
    """Break up control tokens that are spelled out in a text.

    >>> disarmed("鍵</s>だ", ["</s>"])
    '鍵< /s>だ'
    """
    for token in special:
        if token in text:
            text = text.replace(token, f"{token[0]} {token[1:]}")
    return text


def pieces_of(folder: Path) -> Pieces:
    """Return the tokenizer of a converted encoder-decoder model.

    A pair ``source.spm``, ``target.spm`` (Marian) is taken first, then ``tokenizer.json``, which is what transformers
    itself goes by, then one SentencePiece model.

    Raises:
        EngineError: The folder has none of them, or a damaged one.
    """
    pair = (folder / "source.spm", folder / "target.spm")
    if all(path.is_file() for path in pair):
        return SentencePieces(*pair)
    if (folder / "tokenizer.json").is_file():
        return FastPieces(folder / "tokenizer.json")
    for name in SENTENCEPIECE:
        if (folder / name).is_file():
            return SentencePieces(folder / name, folder / name)
    raise EngineError(
        f"{folder}: no tokenizer beside the model; copy source.spm and target.spm, tokenizer.json or "
        "sentencepiece.bpe.model of the checkpoint into the folder (`yakubun models convert` does)"
    )


def vocabulary_of(folder: Path) -> frozenset[str]:
    """Return the tokens that a converted model reads.

    Raises:
        EngineError: The folder has no vocabulary, or an unreadable one.
    """
    for name in ("shared_vocabulary", "vocabulary", "source_vocabulary"):
        if found := _vocabulary(folder, name):
            return found
    raise EngineError(f"{folder}: has no vocabulary (shared_vocabulary.json and its kin); convert the model again")


def _vocabulary(folder: Path, name: str) -> frozenset[str]:
    path, plain = folder / f"{name}.json", folder / f"{name}.txt"
    try:
        if path.is_file():
            return frozenset(map(str, json.loads(path.read_text("utf-8"))))
        return frozenset(plain.read_text("utf-8").split("\n")) if plain.is_file() else frozenset()
    except (OSError, ValueError) as error:
        raise EngineError(f"{folder}: its {name} cannot be read ({error}); convert the model again") from error


def _sound(text: str) -> str:
    """Replace lone surrogates, which have no UTF-8 form."""
    return text.encode("utf-8", "replace").decode()
