"""What the lints of a glossary share: the findings they make and the files they look at; of ``glossary_lint``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from translate._glossary_rows import Reading
from translate.glossary import Glossary


class Severity(StrEnum):
    """How much a finding matters."""

    REFUSED = "refused"  # no command works with the file
    ERROR = "error"  # the entry cannot do what it says
    WARNING = "warning"  # it can, and yet looks wrong
    NOTE = "note"  # worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one line of a glossary file.

    Attributes:
        file: The file.
        line: The line, 0 for the file as a whole.
        severity: How much it matters.
        lint: The lint's name.
        message: What is wrong and how to mend it.
        source: The entry's source, if the line is an entry.
    """

    file: str
    line: int
    severity: Severity
    lint: str
    message: str
    source: str = ""


@dataclass(frozen=True)
class Stack:
    """The files of a glossary, lower ones first.

    Attributes:
        readings: What each file holds.
        glossary: All of them, stacked.
        texts: Japanese segments in which every entry should be of use; None if that is not asked.
    """

    readings: Sequence[Reading]
    glossary: Glossary
    texts: Sequence[str] | None = None


def finding(where: str, severity: Severity, lint: str, message: str, source: str = "") -> Finding:
    """Make a finding of a place ``file:line`` or ``file``."""
    file, colon, line = where.rpartition(":")
    if colon and line.isdecimal():
        return Finding(file, int(line), severity, lint, message, source)
    return Finding(where, 0, severity, lint, message, source)
