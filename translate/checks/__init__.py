"""Checks: what can be said of one translated segment without a reference.

A check is a function ``(source, target, terms) -> list of Finding``; the first line of its docstring is what a user
reads about it. A new one is one file with that function and one line in ``SEGMENT_CHECKS``. Checks of whole catalogs
see all entries side by side: ``(entries) -> list of Located``, one line in ``CATALOG_CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_args

from translate.checks.finding import Finding, Located, Severity, Translated
from translate.markup import bare

if TYPE_CHECKING:
    from translate.glossary import Term

__all__ = [
    "CATALOG_CHECKS",
    "CATALOG_KEYS",
    "LEVELS",
    "SEGMENT_CHECKS",
    "CatalogCheck",
    "Finding",
    "Located",
    "SegmentCheck",
    "Severity",
    "Translated",
    "at_levels",
    "catalog_check",
    "catalog_key",
    "description",
    "run_catalog_checks",
    "run_checks",
    "segment_check",
]

SegmentCheck = Callable[[str, str, "Sequence[Term]"], list[Finding]]
CatalogCheck = Callable[[Sequence[Translated]], list[Located]]

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
    "numbers": "translate.checks.numbers:numbers",
    "hidden": "translate.checks.hidden:hidden",
}
"""Name to ``module:function``, in the order in which findings are reported; imported when first used."""

CATALOG_CHECKS: dict[str, str] = {
    "inconsistent": "translate.checks.consistency:inconsistent",
    "copied": "translate.checks.consistency:copied",
}
"""The same for checks of all entries of all files at once."""

CATALOG_KEYS: dict[str, str] = {
    "inconsistent": "translate.checks.consistency:source_key",
    "copied": "translate.checks.consistency:target_key",
}
"""For each of them what it compares entries by: a function of an entry whose result two entries share that can give a
finding together, or None for an entry that gives none. A page that is open need not compare everything anew."""

_SEE_TAGS = frozenset({"markup"})  # to all others a tag inside a term would be in the way

LEVELS = ("error", "warning", "off")
"""What a project may make of a check's findings."""


@cache
def segment_check(name: str) -> SegmentCheck:
    """Return a check by its name in ``SEGMENT_CHECKS``."""
    check: SegmentCheck = _imported(SEGMENT_CHECKS[name])
    return check


@cache
def catalog_check(name: str) -> CatalogCheck:
    """Return a check by its name in ``CATALOG_CHECKS``."""
    check: CatalogCheck = _imported(CATALOG_CHECKS[name])
    return check


@cache
def catalog_key(name: str) -> Callable[[Translated], str | None]:
    """Return what a check of ``CATALOG_CHECKS`` compares entries by."""
    function: Callable[[Translated], str | None] = _imported(CATALOG_KEYS[name])
    return function


def _imported(place: str) -> Any:
    module, _, function = place.partition(":")
    return getattr(import_module(module), function)


def description(name: str) -> str:
    """Return the line that tells a user what a check is about.

    Example:
        >>> description("empty")
        'Nothing is translated.'
    """
    check = catalog_check(name) if name in CATALOG_CHECKS else segment_check(name)
    return (check.__doc__ or "").strip().partition("\n")[0]


def run_checks(
    source: str, target: str, terms: Sequence[Term], *, skip: Collection[str] = (), waived: Sequence[Term] = ()
) -> list[Finding]:
    """Run the segment checks.

    Args:
        source: The Japanese segment; numbered tags may stand in it.
        target: Its English.
        terms: The glossary terms found in the source; a waived one is left out by the caller.
        waived: Terms that a person waived: their numbers are not asked for either.
        skip: Names of checks that are waived or switched off; names of other things are ignored.

    Returns:
        The findings, in the order of ``SEGMENT_CHECKS``. Of an empty target only that it is empty.
    """
    if not target.strip():
        return [] if "empty" in skip else segment_check("empty")(source, target, terms)
    return list(_findings(source, target, tuple(terms), tuple(waived), frozenset(skip)))


@lru_cache(maxsize=16384)
def _findings(
    source: str, target: str, terms: tuple[Term, ...], waived: tuple[Term, ...], skip: frozenset[str]
) -> tuple[Finding, ...]:
    """Run the checks once for a candidate, for the result that it becomes, and for the report on its entry."""
    plain_source, plain_target = bare(source), bare(target)
    found: list[Finding] = []
    for name in SEGMENT_CHECKS:
        if name in skip:
            continue
        check = segment_check(name)
        if name in _SEE_TAGS:
            found += check(source, target, terms)
        else:
            found += check(plain_source, plain_target, (*terms, *waived) if name == "numbers" else terms)
    return tuple(found)


def run_catalog_checks(entries: Sequence[Translated]) -> list[Located]:
    """Run the checks of whole catalogs.

    Args:
        entries: The translated entries of all files, in order.

    Returns:
        The findings that no person waived, check by check.
    """
    return [
        found for name in CATALOG_CHECKS for found in catalog_check(name)(entries) if name not in found.entry.waived
    ]


def at_levels(findings: Iterable[Finding], levels: Mapping[str, str]) -> list[Finding]:
    """Return findings with the severities that a project has chosen, without those of checks that it switched off.

    >>> at_levels([Finding("length", "warning", "short"), Finding("quotes", "warning", "odd")], {"length": "off"})
    [Finding(check='quotes', severity='warning', message='odd')]
    """
    return [
        one if severity == one.severity else Finding(one.check, severity, one.message)
        for one in findings
        for severity in get_args(Severity)
        if levels.get(one.check, one.severity) == severity
    ]
