"""Pairs as token ids: the tokenizer that the shipped model has, its kept rows, and those that new text needs.

An id here is a row of the reduced vocabulary (``gemma.Vocabulary``), writable rows first, so that the loss normalises
over a contiguous part of the embedding, which is the output projection of the built model as well.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translate.adapt.data import Pair
from translate.adapt.marks import MarkedPair
from translate.engines.base import MarkedText
from translate.engines.codec import Codec
from translate.engines.gemma import BOS, END, MARK_CLOSE, MARK_OPEN, TURN, Base, Vocabulary, write_tokenizer

MAX_TOKENS = 256
"""Longest training sequence, source and target together."""

_WRITABLE = re.compile(r"▁*[\x21-\x7e\u00a1-\u017f\u2010-\u2027\u20ac€£¥°%]+")
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")
# A whole word is worth a row sooner than a piece of one.
_FEWEST_WORD, _FEWEST_PIECE, _FEWEST_READ, _FEWEST_BACK = 4, 8, 4, 2
_MOST_NEW = 20_000


@dataclass(frozen=True)
class Example:
    """A prompt and what shall be written, as rows; the target ends with the end token."""

    prompt: tuple[int, ...]
    target: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.target)


class Tokens:
    """Encode pairs and prompts, decode outputs.

    Args:
        base: The base model's tokenizer.
        vocabulary: The rows that the model has.
    """

    def __init__(self, base: Base, vocabulary: Vocabulary) -> None:
        self._pieces = [base.pieces[row] for row in vocabulary.rows]
        self._rows = {piece: index for index, piece in enumerate(self._pieces)}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "spm.model"
            write_tokenizer(base, path)
            self._codec = Codec(path, self._pieces, self._pieces[: vocabulary.writable])
        self.writable = vocabulary.writable
        self.end = self._rows[END]

    def example(self, pair: MarkedPair) -> Example | None:
        """Return a pair's rows, or None if it is too long."""
        prompt = self._codec.prompt(pair.source)
        target, at = [], 0
        for start, end in pair.spans:
            target += self._codec.encode_target(pair.target[at:start])
            target += [MARK_OPEN, *self._codec.encode_target(pair.target[start:end]), MARK_CLOSE]
            at = end
        target += [*self._codec.encode_target(pair.target[at:]), END]
        if len(prompt) + len(target) > MAX_TOKENS:
            return None
        return Example(tuple(self._rows[piece] for piece in prompt), tuple(self._rows[piece] for piece in target))

    def prompt(self, text: str) -> list[int]:
        """Return the rows that the engine would have the model read for a plain text."""
        return [self._rows[piece] for piece in self._codec.prompt(MarkedText(text))]

    def decode(self, rows: Sequence[int]) -> str:
        """Return the text of written rows, without marks."""
        return self._codec.decode([self._pieces[row] for row in rows])


def widen(base: Base, vocabulary: Vocabulary, pairs: Iterable[Pair]) -> Vocabulary:
    """Return the vocabulary with the rows that the pairs need: words and pieces that occur often enough.

    What the model reads and what it may write grow separately; no Japanese becomes writable, since the output mask is
    what keeps Japanese out of the English. At most 20,000 rows are added, the most frequent first.
    """
    processor = _processor(base)
    read: Counter[int] = Counter()
    written: Counter[int] = Counter()
    for pair in pairs:
        read.update(processor.encode(pair.ja))
        written.update(processor.encode(pair.en))
    output = set(vocabulary.rows[: vocabulary.writable])
    kept = set(vocabulary.rows)

    def wanted(row: int) -> bool:
        piece = base.pieces[row]
        enough = written[row] >= (_FEWEST_WORD if piece.startswith("▁") else _FEWEST_PIECE)
        return row not in output and enough and base.types[row] == 1 and bool(_WRITABLE.fullmatch(piece))

    new = sorted(filter(wanted, written), key=lambda row: (-written[row], row))[:_MOST_NEW]
    readable = (row for row in read if row not in kept and read[row] >= _FEWEST_READ and base.types[row] == 1)
    more = sorted(readable, key=lambda row: (-read[row], row))[: _MOST_NEW - len(new)]
    output.update(new)
    return Vocabulary(tuple(sorted(output)) + tuple(sorted((kept | set(more)) - output)), len(output))


def backwards(base: Base, vocabulary: Vocabulary, pairs: Iterable[Pair]) -> Vocabulary:
    """Return the vocabulary of the other direction: it reads what a model may write, and writes what sources need.

    Of the rows that the model reads, those become writable that the pairs' Japanese has twice, and all bytes, with
    which everything else can be spelled.
    """
    processor = _processor(base)
    seen: Counter[int] = Counter()
    for pair in pairs:
        seen.update(processor.encode(pair.ja))
    kept = set(vocabulary.rows)
    output = {row for row in kept if seen[row] >= _FEWEST_BACK or _BYTE.fullmatch(base.pieces[row])}
    output.add(base.pieces.index(END))
    read = {*vocabulary.rows[: vocabulary.writable], base.pieces.index(BOS), base.pieces.index(TURN)}
    return Vocabulary(tuple(sorted(output)) + tuple(sorted(read - output)), len(output))


def _processor(base: Base) -> Any:
    """Return the base's tokenizer."""
    import sentencepiece

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spm.model"
        write_tokenizer(base, path)
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
