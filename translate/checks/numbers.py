"""The check for numbers, dates and times that the English lacks or gets wrong.

It looks only at what is certain in the Japanese (``Quantity.certain``), and reads the English generously: a form that
no list foresaw, a rounded amount and a year left out of a date are fine. One place of truth: where numbers are terms of
the segment (``Glossary.numbers``), the *glossary* check reports what is missing, and this one keeps silent about every
quantity that is such a term, or stands inside a glossary term.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from translate.checks.finding import Finding
from translate.glossary import Kind, Term, satisfied
from translate.quantities import Clock, Day, Figure, Quantity, Sort, english_forms, find_quantities, read_english

_SCALES = [Decimal(10) ** power for power in range(-8, 9) if power]
_LARGE = 10_000  # from here on a wrong number of zeros is a slip of 万 and 億, not another number
_EXACT = 3  # significant digits up to which no amount is rounded


def numbers(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """A number, date or time is missing or wrong."""
    every = find_quantities(source)
    asked = [one for one in every if one.certain and not _is_settled(one, terms)]
    if not asked:
        return []
    figures = read_english(target)
    # What stands for another quantity of the source cannot be the wrong form of this one.
    spare = [figure for figure in figures if not any(_agree(one, figure) for one in every)]
    findings: dict[Finding, None] = {}
    for one in asked:
        if any(_agree(one, figure) for figure in figures) or _is_held(one, target):
            continue
        wrong = next((figure for figure in spare if _is_wrong(one, figure, spare, figures)), None)
        expected = english_forms(one)[0]
        if wrong is None:
            message = f"{one.text} ({expected}) is missing; write it, or waive the check if it is said otherwise"
            findings[Finding("numbers", "warning", message)] = None
            continue
        written = target[wrong.start : wrong.end].strip()
        what = "another year" if one.sort is Sort.DATE else "off by a power of ten"
        findings[Finding("numbers", "error", f"{one.text} is {expected}, but {written!r} is {what}")] = None
    return list(findings)


def _is_settled(quantity: Quantity, terms: Sequence[Term]) -> bool:
    """Tell whether the glossary check answers for a quantity."""
    return any(
        term.source == quantity.text if term.kind is Kind.NUMBER else quantity.text in surface
        for term in terms
        for surface in term.surfaces
    )


def _is_held(quantity: Quantity, target: str) -> bool:
    """Ask the listed forms, the one test of terms; the dearer of the two, and rarely needed."""
    english, variants, mode = english_forms(quantity)
    return satisfied(Term(quantity.text, english, variants=variants, kind=Kind.NUMBER, mode=mode), target)


def _agree(quantity: Quantity, figure: Figure) -> bool:
    """Tell whether an English figure says what the quantity says."""
    here, there = quantity.value, figure.value
    if isinstance(here, Day):
        return isinstance(there, Day) and _same_day(here, there)
    if isinstance(here, Clock):
        return isinstance(there, Clock) and (here.hour % 24, here.minute) == (there.hour % 24, there.minute)
    if isinstance(there, Clock):
        return False
    if isinstance(there, Day):
        return quantity.sort is Sort.FISCAL_YEAR and there.year == here
    if quantity.sort in (Sort.WEEKDAY, Sort.DECADE) or figure.sort in (Sort.WEEKDAY, Sort.DECADE):
        return quantity.sort.value == figure.sort.value and here == there
    if figure.unit == "half" and here != 50:
        return False
    if quantity.sort is Sort.CURRENCY and figure.unit and (figure.sort, figure.unit) != (Sort.CURRENCY, quantity.unit):
        return False
    values = [value for value in (here, quantity.last) if isinstance(value, int | Decimal)]
    return any(_same_amount(Decimal(value), Decimal(there)) for value in values)


def _same_day(here: Day, there: Day) -> bool:
    """Compare what the source says of a date; the year may be left out where month and day are written."""
    if here.month is None and here.day is None:
        return here.year == there.year
    same = here.month in (None, there.month) and here.day in (None, there.day)
    return same and (None in (here.year, there.year) or here.year == there.year)


def _same_amount(here: Decimal, there: Decimal) -> bool:
    """Allow an amount that is rounded to two digits or more: 12億3456万 may be "1.2 billion"."""
    if here == there:
        return True
    if here < _LARGE or len(here.normalize().as_tuple().digits) <= _EXACT:
        return False
    rounded = there.normalize().as_tuple()
    last_place = Decimal(1).scaleb(int(rounded.exponent))
    return len(rounded.digits) > 1 and abs(here - there) < last_place


def _is_wrong(quantity: Quantity, figure: Figure, spare: Sequence[Figure], figures: Sequence[Figure]) -> bool:
    """Tell whether a figure is the quantity with another magnitude, or in another year."""
    here, there = quantity.value, figure.value
    if isinstance(here, Day) and here.year is not None:
        years = {one.value.year for one in spare if isinstance(one.value, Day) and one.value.year}
        written = {one.value.year for one in figures if isinstance(one.value, Day)}
        return isinstance(there, Day) and years == {there.year} and here.year not in written
    if isinstance(here, Day | Clock) or isinstance(there, Day | Clock):
        return False
    if quantity.sort is Sort.CURRENCY:
        if figure.sort not in (Sort.CURRENCY, Sort.NUMBER) or figure.unit not in ("", quantity.unit):
            return False
    elif quantity.sort is Sort.NUMBER:
        if figure.sort is not Sort.NUMBER or max(Decimal(here), Decimal(there)) < _LARGE:
            return False
    elif quantity.sort is Sort.PERCENT:
        if figure.sort is not Sort.PERCENT or figure.unit == "half":
            return False
    else:
        return False
    return any(_same_amount(Decimal(here) * scale, Decimal(there)) for scale in _SCALES)
