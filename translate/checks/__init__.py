"""Checks: what can be said of one translated segment without a reference.

A check is a function ``(source, target, terms) -> list of Finding``; the first line of its docstring is what a user
reads about it. A new one is one file with that function and one line in ``SEGMENT_CHECKS``. Checks of whole catalogs
have a signature, and a dict, of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from translate.checks.finding import Finding, Severity

if TYPE_CHECKING:
    from translate.glossary import Term

__all__ = ["SEGMENT_CHECKS", "Finding", "SegmentCheck", "Severity", "description", "run_checks", "segment_check"]

SegmentCheck = Callable[[str, str, "Sequence[Term]"], list[Finding]]

SEGMENT_CHECKS: dict[str, str] = {
    "empty": "translate.checks.segment:empty",
    "glossary": "translate.checks.segment:glossary",
    "japanese": "translate.checks.segment:japanese",
    "markup": "translate.checks.segment:markup",
    "urls": "translate.checks.segment:urls",
    "repetition": "translate.checks.segment:repetition",
    "length": "translate.checks.segment:length",
    "doubled": "translate.checks.doubled:doubled",
    "quotes": "translate.checks.quotes:quotes",
}
"""Name to ``module:function``, in the order in which findings are reported; imported when first used."""


@cache
def segment_check(name: str) -> SegmentCheck:
    """Return a check by its name in ``SEGMENT_CHECKS``."""
    module, _, function = SEGMENT_CHECKS[name].partition(":")
    check: SegmentCheck = getattr(import_module(module), function)
    return check


def description(name: str) -> str:
    """Return the line that tells a user what a check is about.

    Example:
        >>> description("empty")
        'Nothing is translated.'
    """
    return (segment_check(name).__doc__ or "").strip().partition("\n")[0]


def run_checks(source: str, target: str, terms: Sequence[Term], *, skip: Collection[str] = ()) -> list[Finding]:
    """Run the segment checks.

    Args:
        source: The Japanese segment, without markup.
        target: Its English.
        terms: The glossary terms found in the source; a waived one is left out by the caller.
        skip: Names of checks that are waived or switched off; names of other things are ignored.

    Returns:
        The findings, in the order of ``SEGMENT_CHECKS``. Of an empty target only that it is empty.
    """
    if not target.strip():
        return [] if "empty" in skip else segment_check("empty")(source, target, terms)
    return [
        finding for name in SEGMENT_CHECKS if name not in skip for finding in segment_check(name)(source, target, terms)
    ]
