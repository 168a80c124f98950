"""``glossary check``: everything that is wrong, or looks wrong, in glossary files, in one run.

``glossary.load`` refuses what contradicts itself, at the first place. Here every such place is listed, and beside it
what ``load`` accepts and a careful editor would not. A lint is a function from the stack of files to findings, and a
line in ``LINTS``; those that look at English stand in ``_lint_english``, those at Japanese in ``_lint_japanese``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate import _lint_english, _lint_japanese
from translate._glossary_csv import parse
from translate._lint_base import Finding, Severity, Stack, finding
from translate.glossary import Glossary, stack

__all__ = ["LINTS", "Finding", "Report", "Severity", "Stack", "lint"]


def refused(stack: Stack) -> Iterator[Finding]:
    """What ``load`` refuses: a malformed file or record, a missing target, two meanings of one spelling."""
    for reading in stack.readings:
        for problem in reading.problems:
            yield finding(problem.where, Severity.REFUSED, "refused", problem.message)


LINTS: dict[str, Callable[[Stack], Iterator[Finding]]] = {
    "refused": refused,
    "repeated": _lint_japanese.repeated,
    "replaced": _lint_japanese.replaced,
    "aliases": _lint_japanese.aliases,
    "unreachable": _lint_japanese.unreachable,
    "blockers": _lint_japanese.blockers,
    "spelling": _lint_english.spelling,
    "brackets": _lint_english.brackets,
    "forbidden": _lint_english.forbidden,
    "variants": _lint_english.variants,
    "dnt": _lint_english.dnt,
    "unused": _lint_japanese.unused,
}
"""Name → lint, in the order of a report on one line."""


@dataclass(frozen=True)
class Report:
    """What ``lint`` found.

    Attributes:
        glossary: The valid entries of all files, stacked.
        findings: In the order of the files and their lines.
    """

    glossary: Glossary
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """Return how many findings matter that much."""
        return sum(one.severity is severity for one in self.findings)


def lint(paths: Sequence[Path], texts: Sequence[str] | None = None) -> Report:
    """Look through glossary files, stacked in order.

    Args:
        paths: The files; one that cannot be read is a finding, too.
        texts: Japanese segments; entries that stand in none of them are reported. None if that is not asked.
    """
    readings = [parse(path) for path in paths]
    glossary = Glossary()
    for reading in readings:
        glossary = stack(glossary, Glossary(tuple(reading.terms)))
    whole = Stack(readings, glossary, texts)
    order = {str(path): number for number, path in reversed(list(enumerate(paths)))}
    found = [one for function in LINTS.values() for one in function(whole)]
    return Report(glossary, tuple(sorted(found, key=lambda one: (order.get(one.file, -1), one.line))))
