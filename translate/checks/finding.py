"""What checks report, and what checks of whole catalogs read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    Attributes:
        check: Name of the check, as it stands in its registry and in a waiver.
        severity: ``error`` for what must not be published, ``warning`` for what a person should look at.
        message: What is wrong and, where it is not obvious, how to mend it.
    """

    check: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Translated:
    """A translated entry as checks of whole catalogs see it.

    Attributes:
        po: The PO file, as messages name it.
        line: Line of the msgid in it.
        msgid: The Japanese.
        msgstr: Its English, not empty.
        waived: Names of checks that a person waived for it.
    """

    po: str
    line: int
    msgid: str
    msgstr: str
    waived: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Located:
    """A finding and the entry that it is about."""

    entry: Translated
    finding: Finding
