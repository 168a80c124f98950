"""What a check reports."""

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
