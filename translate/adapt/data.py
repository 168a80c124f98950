"""Sentence pairs: read from tab-separated files and approved PO entries, cleaned, and split without a leak.

What is held out is recognised by a key that ignores width, case, spaces and punctuation, on either side: a sentence
that comes back with another comma, or a translation that comes back under another source, is no new sentence.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from translate.bounded import allowance
from translate.errors import InputError

MAX_CHARACTERS = 400
"""Longest side of a pair; with marks and fillers, more would not fit into a training sequence anyway."""

_MAX_LINES, _MAX_LINE = 20_000_000, 100_000
_JAPANESE = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")
_TAG = re.compile(r"</?\d{1,3}/?>")
_BREAKS = re.compile(r"[\r\n\t\v\f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")
# English takes two to four characters for a Japanese one; a short heading may take a few more.
_SHORTEST, _LONGEST, _SLACK = 0.8, 6.0, 12


class Pair(NamedTuple):
    """A Japanese sentence and its English."""

    ja: str
    en: str


@dataclass
class Source:
    """What a file gave.

    Attributes:
        path: The file.
        licence: Its licence as the user stated it.
        pairs: The pairs that are left after cleaning.
        read: How many pairs the file holds.
        dropped: Reason → how many were dropped for it.
        sha256: Hash of the file.
        repeat: How often the pairs come in one pass over the data.
    """

    path: Path
    licence: str = "not stated"
    pairs: list[Pair] = field(default_factory=list)
    read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    sha256: str = ""
    repeat: int = 1


def key(text: str) -> str:
    """Return what identifies a sentence, whatever its width, case, spaces and punctuation.

    >>> key("ＡＢＣ 社は、") == key("abc社は")
    True
    """
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in normal if character.isalnum()) or normal.strip()


def flaw(ja: str, en: str) -> str:
    """Return why a pair is no good for training, or an empty string.

    >>> flaw("会議は延期された。", "The meeting was postponed.")
    ''
    >>> flaw("会議は延期された。", "The 会議 was postponed.")
    'Japanese in the English'
    """
    if not ja or not en:
        return "empty"
    if _CONTROL.search(ja) or _CONTROL.search(en):
        return "control characters"
    if not _JAPANESE.search(ja):
        return "no Japanese"
    if _JAPANESE.search(en):
        return "Japanese in the English"
    if not any(character.isalnum() for character in en):
        return "no English"
    if max(len(ja), len(en)) > MAX_CHARACTERS:
        return "too long"
    if not _SHORTEST * len(ja) <= len(en) <= _LONGEST * len(ja) + _SLACK:
        return "length ratio"
    return ""


def read_tsv(path: Path, licence: str = "not stated", repeat: int = 1) -> Source:
    """Read ``Japanese TAB English`` lines, gzipped if the name ends in ``.gz``, and drop what cannot be used.

    Raises:
        InputError: The file cannot be read, is not UTF-8, or most of its lines are not two columns.
    """
    source = Source(path, licence, repeat=repeat)
    columns: list[list[str]] = []
    first_bad = 0
    try:
        for number, line in enumerate(lines_of(path), 1):
            if not line:
                continue
            cells = line.split("\t")
            if len(cells) != 2:
                source.dropped["not two columns"] += 1
                first_bad = first_bad or number
                continue
            columns.append(cells)
        source.sha256 = _file_hash(path)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error.reason}); convert it, with iconv for example") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: damaged gzip file ({error}); fetch it again") from error
    except OSError as error:
        raise InputError(f"{path}: cannot read: {error.strerror or error}; check the path") from error
    bad = source.dropped["not two columns"]
    if bad > len(columns):
        raise InputError(
            f"{path}:{first_bad}: {bad} of {bad + len(columns)} lines are not two columns; "
            "write Japanese, a tab, English"
        )
    source.read = len(columns) + bad
    _clean(source, columns)
    return source


def read_po(path: Path, licence: str = "not stated", repeat: int = 1) -> Source:
    """Read the entries of a PO file that a person approved; numbered tags of inline markup are taken out.

    Raises:
        CatalogError: The file cannot be read.
    """
    from translate.catalog import Catalog, State

    source = Source(path, licence, repeat=repeat)
    approved = []
    for entry in Catalog.read(path):
        source.read += 1
        if entry.state is State.APPROVED:
            approved.append([_TAG.sub("", entry.msgid), _TAG.sub("", entry.msgstr)])
        else:
            source.dropped["not approved"] += 1
    source.sha256 = _file_hash(path)
    _clean(source, approved)
    return source


def _clean(source: Source, rows: Iterable[Sequence[str]]) -> None:
    seen: set[Pair] = set()
    for ja, en in rows:
        pair = Pair(_BREAKS.sub(" ", ja).strip(), _BREAKS.sub(" ", en).strip())
        reason = flaw(*pair) or ("duplicate" if pair in seen else "")
        if reason:
            source.dropped[reason] += 1
        else:
            seen.add(pair)
            source.pairs.append(pair)


def lines_of(path: Path) -> Iterator[str]:
    """Yield a file's lines without their ends; a file that unpacks without end is cut off with an error."""
    packed = path.suffix == ".gz"
    left = allowance(path) if packed else math.inf
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        for number in range(_MAX_LINES + 1):
            line = file.readline(_MAX_LINE + 1)
            if not line:
                return
            left -= len(line)
            if left < 0:
                raise InputError(f"{path}:{number + 1}: unpacks to far more than text does; it is no file of pairs")
            if number == _MAX_LINES or len(line) > _MAX_LINE:
                raise InputError(f"{path}:{number + 1}: more than {_MAX_LINES} lines or a line over {_MAX_LINE} bytes")
            yield line.decode("utf-8-sig" if number == 0 else "utf-8").rstrip("\r\n")


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lines(ja: Path, en: Path) -> list[Pair]:
    """Read a test set from two files of lines; empty lines are left out.

    Raises:
        InputError: A file cannot be read, or they differ in length.
    """
    try:
        sides = [path.read_text("utf-8-sig").splitlines() for path in (ja, en)]
    except UnicodeDecodeError as error:
        raise InputError(f"{ja}, {en}: not UTF-8; convert them") from error
    except OSError as error:
        raise InputError(f"{error.filename}: cannot read: {error.strerror}; check the path") from error
    if len(sides[0]) != len(sides[1]):
        raise InputError(f"{ja} has {len(sides[0])} lines, {en} has {len(sides[1])}; give one line a segment in both")
    return [Pair(a.strip(), b.strip()) for a, b in zip(*sides, strict=True) if a.strip() and b.strip()]


def hold_out(pairs: Iterable[Pair], share: float, most: int, seed: int) -> list[Pair]:
    """Choose a held-out set from the pairs: which sentences depends on their text and the seed, not on their order.

    Args:
        pairs: What there is.
        share: Part of the different sources to hold out, rounded up.
        most: At most so many.
        seed: Another seed, another set.
    """
    first: dict[str, Pair] = {}
    for pair in pairs:
        known = first.setdefault(key(pair.ja), pair)
        first[key(pair.ja)] = min(known, pair)
    count = min(most, math.ceil(share * len(first)))
    ranked: Callable[[str], str] = lambda name: hashlib.sha256(f"{seed}\t{name}".encode()).hexdigest()  # noqa: E731
    return [first[name] for name in sorted(first, key=ranked)[:count]]


def without(pairs: Iterable[Pair], keys: set[str]) -> list[Pair]:
    """Return the pairs of which neither side has a key in ``keys``."""
    return [pair for pair in pairs if key(pair.ja) not in keys and key(pair.en) not in keys]


def keys_of(pairs: Iterable[Pair]) -> set[str]:
    """Return the keys of both sides of the pairs."""
    return {key(side) for pair in pairs for side in pair}


def digest(pairs: Iterable[Pair]) -> str:
    """Return 16 hexadecimal digits that identify pairs and their order."""
    total = hashlib.sha256()
    for pair in pairs:
        total.update(f"{pair.ja}\t{pair.en}\n".encode("utf-8", "surrogatepass"))
    return total.hexdigest()[:16]
