"""The comment that says which machine wrote a translation, and proves whether anybody has touched it since.

It is a translator comment (``# mt: …``), because tools regenerate extracted ones (``#.``), and stays after approval::

    # mt: embedded:jaen-base@3f2a terms:2/2#0a1b2c3d sha:89abcdef stage:marked conf:0.83
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_LINE = re.compile(
    r"\s*mt:\s+(?P<engine>\S+)\s+terms:(?P<satisfied>\d{1,9})/(?P<matched>\d{1,9})#(?P<terms>\S*)\s+sha:(?P<sha>[0-9a-f]{8})"
    r"(?P<pairs>(?:\s+[^\s:]+:\S*)*)\s*"
)
_REST = re.compile(r"(?:(?:terms|sha|stage|score|conf|tried|confirmed):\S+\s*)+")
_PIECES = 8  # lines that a narrow tool makes of one provenance
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Provenance:
    """Where a machine translation came from.

    Attributes:
        engine: The engine as ``name@revision``.
        matched: Distinct hard glossary terms in the source.
        satisfied: How many of them the translation holds.
        terms: Hash (8 digits) of the segment's terms.
        sha: Hash of the proposed English, see ``text_sha``.
        stage: Enforcement stage that produced it, or empty.
        extra: Further ``key: value`` pairs, in order; unknown ones are kept.
    """

    engine: str
    matched: int
    satisfied: int
    terms: str
    sha: str
    stage: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def render(self) -> str:
        """Return the comment's text, without the ``# `` before it.

        >>> Provenance("fake@1", 2, 2, "0a1b2c3d", "89abcdef", "marked", (("conf", "0.83"),)).render()
        'mt: fake@1 terms:2/2#0a1b2c3d sha:89abcdef stage:marked conf:0.83'
        """
        pairs = (("stage", self.stage), *self.extra) if self.stage else self.extra
        further = "".join(f" {_solid(key)}:{_solid(value)}" for key, value in pairs)
        terms = f"terms:{self.satisfied}/{self.matched}#{_solid(self.terms)}"
        return f"mt: {_solid(self.engine)} {terms} sha:{self.sha}{further}"


@lru_cache(maxsize=32768)
def parse(comment_line: str) -> Provenance | None:
    """Read a translator comment; None if it is not a provenance.

    >>> parse("mt: fake@1 terms:1/2#0a1b2c3d sha:89abcdef colour:blue").extra
    (('colour', 'blue'),)
    >>> parse("mt: a note by a person")
    """
    match = _LINE.fullmatch(comment_line) if "mt:" in comment_line else None
    if match is None:
        return None
    engine, satisfied, matched, terms, sha, rest = match.groups()
    pairs = [(key, value) for key, _, value in [pair.partition(":") for pair in rest.split()]]
    stages = [value for key, value in pairs if key == "stage"]
    extra = tuple([pair for pair in pairs if pair[0] != "stage"])
    return Provenance(engine, int(matched), int(satisfied), terms, sha, stages[0] if stages else "", extra)


def unwrapped(comments: Sequence[str]) -> list[str]:
    """Put a provenance together again that a tool broke into lines, as polib does with what is longer than 78.

    >>> unwrapped(["a note", "mt: fake@1", "terms:0/0#e3b0c442", "sha:89abcdef stage:plain", "score:-0.25", "mt: b"])
    ['a note', 'mt: fake@1 terms:0/0#e3b0c442 sha:89abcdef stage:plain score:-0.25', 'mt: b']
    """
    lines, at = [], 0
    while at < len(comments):
        end = at + 1
        if comments[at].startswith("mt:"):
            last = end + (comments[at] == "mt:")  # the engine's name may be longer than a line
            while last < min(at + _PIECES, len(comments)) and _REST.fullmatch(comments[last]):
                last += 1
                if parse(" ".join(comments[at:last])):
                    end = last
        lines.append(" ".join(comments[at:end]))
        at = end
    return lines


def text_sha(msgstr: str) -> str:
    r"""Return the first 8 hexadecimal digits of the SHA-256 of a text in NFC, which editors may change silently.

    >>> text_sha("caf\u00e9") == text_sha("cafe\u0301")
    True
    """
    normal = unicodedata.normalize("NFC", msgstr)
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _solid(value: str) -> str:
    """Keep a value in one piece: the line is split at spaces."""
    return _SPACE.sub("_", value) if _SPACE.search(value) else value
