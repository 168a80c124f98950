"""Which lines of an article are not the article: promotion, "related articles", share buttons.

Only patterns decide, never statistics: a line that merely repeats may be a refrain or a heading. The shipped patterns
are ``glossaries/boilerplate.txt``; its head explains the file format to those who extend it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from translate import bounded
from translate.errors import InputError
from translate.resources import shipped

_LONGEST = 200
"""Longer lines are paragraphs, whatever they contain."""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Patterns of boilerplate lines; without arguments, no line is one.

    Attributes:
        literals: Whole lines, normalised.
        patterns: Regular expressions searched for in the normalised line.
    """

    literals: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def parse(cls, text: str, where: str) -> Boilerplate:
        r"""Read a pattern file: ``/regular expression/`` or a literal line, one each; ``#`` starts a comment line.

        Raises:
            InputError: A regular expression is malformed, or would match any line.

        Example:
            >>> Boilerplate.parse("# ours\nこの記事を共有\n/^PR[:]/", "mine.txt").matches("ＰＲ：新しい鍋")
            True
        """
        literals, patterns = set(), []
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if not (line.startswith("/") and line.endswith("/") and len(line) > 1):
                literals.add(_normalise(line))
                continue
            try:
                pattern = re.compile(line[1:-1], re.IGNORECASE)
            except (re.error, OverflowError, RecursionError) as error:  # a{1,99999999999}, ((((…
                raise InputError(
                    f"{where}:{number}: {error} in the regular expression {line}; mend or remove it"
                ) from None
            if pattern.search(""):
                raise InputError(f"{where}:{number}: {line} matches every line; make it say more")
            patterns.append(pattern)
        return cls(frozenset(literals), tuple(patterns))

    @classmethod
    def load(cls, paths: Iterable[Path]) -> Boilerplate:
        """Read and stack pattern files.

        Raises:
            InputError: A file cannot be read, is not UTF-8, or holds a malformed pattern.
        """
        stacked = cls()
        for path in paths:
            try:
                text = bounded.read(path, bounded.SETTINGS).decode("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise InputError(f"{path}: cannot read boilerplate patterns as UTF-8 text: {error}") from error
            stacked = stacked | cls.parse(text, str(path))
        return stacked

    def __or__(self, other: Boilerplate) -> Boilerplate:
        """Return the patterns of both."""
        return Boilerplate(self.literals | other.literals, self.patterns + other.patterns)

    def matches(self, line: str) -> bool:
        """Tell whether a line, taken alone, is boilerplate (widths and spaces do not matter)."""
        if len(line) > _LONGEST:
            return False
        line = _normalise(line)
        return line in self.literals or any(pattern.search(line) for pattern in self.patterns)


@cache
def shipped_boilerplate() -> Boilerplate:
    """Return the patterns that come with Yakubun."""
    return Boilerplate.load([shipped("glossaries", "boilerplate.txt")])


def _normalise(line: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", line).split())
