"""How English writes a quantity: the form that news prefers, and the forms that a careful writer may use instead.

The target follows the Associated Press: $43 billion, 120 million yen, Sept. 12, 2024, 3 p.m., 30%. What counts as
right is decided by ``glossary.satisfied`` alone, so that every form stands in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache

from translate.glossary import Mode
from translate.quantities.calendar_words import ERA_NAMES, MONTHS, WEEKDAYS, month_names
from translate.quantities.english_words import amounts, digits, ordinal, ordinal_words, words
from translate.quantities.model import Clock, Day, Quantity, Sort
from translate.quantities.units import BY_CODE

Forms = list[str]
Number = int | Decimal

_SMALL = 10  # a count below this stands in words
_HALVES = ("half of", "half the", "half a", "by half", "in half", "half its", "half their", "one half")


def english_forms(quantity: Quantity) -> tuple[str, tuple[str, ...], Mode]:
    """Return target, variants and mode of a quantity; hard only for what is certain.

    >>> from translate.quantities.finding import find_quantities
    >>> [english_forms(one)[0] for one in find_quantities("令和6年9月3日午後3時、430億ドルの3割")]
    ['Sept. 3, 2024', '3 p.m.', '$43 billion', '30%']
    """
    target, *variants = _forms(quantity.sort, quantity.value, quantity.unit, quantity.last)
    return target, tuple(variants), Mode.HARD if quantity.certain else Mode.SOFT


@lru_cache(maxsize=4096)
def _forms(sort: Sort, value: object, unit: str, last: object) -> tuple[str, ...]:
    forms = _range(sort, value, last, unit) if last is not None else _WRITERS[sort](value, unit)  # type: ignore[arg-type]
    return tuple(dict.fromkeys(forms))


def _range(sort: Sort, low: Number | Day, high: Number | Day, unit: str) -> Forms:
    """Write 3 to 5 and 3-5, with the unit behind the second and behind both."""
    if isinstance(low, Day) or isinstance(high, Day):
        ends = list(zip(*(_date(one, "") for one in (low, high) if isinstance(one, Day)), strict=False))
        # Months as they are; of days "12 to 14" before "12th to 14th", which stand the other way round.
        ends = ends if isinstance(low, Day) and low.month else ends[::-1]
        return [f"{first}{joint}{second}" for joint in (" to ", "-", " and ", " through ") for first, second in ends]
    if sort is Sort.CURRENCY:
        currency = BY_CODE[unit]
        pairs = [f"{amounts(low)[0]} to {amounts(high)[0]}", f"{_bare(low, high)}-{amounts(high)[0]}"]
        sign = currency.signs[0]
        signed = [f"{sign}{amounts(low)[0]} to {sign}{amounts(high)[0]}", f"{sign}{pairs[1]}"]
        named = [f"{pair} {_noun(currency.name, currency.uninflected)}" for pair in pairs]
        return [*signed, *named] if currency.sign_first else [*named, *signed]
    if sort is Sort.PERCENT:
        first, second = digits(low), digits(high)
        return [
            f"{first}% to {second}%", f"{first}%-{second}%", f"{first}-{second}%", f"{first} to {second}%",
            f"{first} to {second} percent", f"{first}-{second} percent", f"{first} to {second} per cent",
            f"{first}% and {second}%", f"{first} and {second} percent",
        ]  # fmt: skip
    figures = [(amounts(low)[0], amounts(high)[0]), (_bare(low, high), amounts(high)[0])]
    if high < _SMALL and isinstance(low, int) and isinstance(high, int):
        figures.insert(0, (words(low), words(high)))
    return [f"{first}{joint}{second}" for joint in (" to ", "-", " and ") for first, second in figures]


def _bare(low: Number, high: Number) -> str:
    """Return the lower figure without its scale if the upper one has the same: 1-2 million."""
    first, second = amounts(low)[0].split(), amounts(high)[0].split()
    return first[0] if first[1:] == second[1:] else amounts(low)[0]


def _number(value: Number, unit: str) -> Forms:
    forms = amounts(value)
    if isinstance(value, int):
        if value < _SMALL:
            forms.insert(0, words(value))
        if value == 12:
            forms.append("a dozen")
        if value == 2:
            forms += ["both", "couple", "pair", "double", "twice"]
        if unit in ("分", "分間") and value == 30:
            forms += ["half an hour", "half hour"]
        if unit.startswith("年") and value in (10, 100):
            forms += ["a decade", "one decade"] if value == 10 else ["a century", "one century"]
        if not unit and 1000 <= value < 10**4:
            forms.reverse()  # a bare figure of four digits is as often a year or a name
            forms.sort(key=lambda form: not form.isdigit())
    return forms


def _age(value: Number, unit: str) -> Forms:
    del unit
    return [digits(value), *([words(value)] if isinstance(value, int) else [])]


def _ordinal(value: int, unit: str) -> Forms:
    del unit
    forms = [ordinal(value), *([ordinal_words(value)] if value < 100 else []), f"No. {value}"]
    return [forms[1], forms[0], *forms[2:]] if value < _SMALL else forms


def _noun(name: str, uninflected: bool) -> str:
    if uninflected or name in ("renminbi", "RMB"):
        return name
    head, of, rest = name.partition(" sterling")
    return f"{head}s{of}{rest}"


def _currency(value: Number, code: str) -> Forms:
    currency = BY_CODE[code]
    figures = amounts(value)
    if isinstance(value, Decimal) and value < 1000:
        figures.insert(0, f"{value:.2f}")  # $1.50
    in_digits = [form for form in figures if form[0].isdigit() and " 1/2" not in form]
    first, *rest = currency.signs
    signed = [f"{first}{' ' * first.isalpha()}{form}" for form in in_digits]
    signed += [f"{sign}{' ' * sign.isalpha()}{form}" for form in in_digits[:2] for sign in (*rest, code)]
    named = [f"{form} {_noun(currency.name, currency.uninflected)}" for form in figures]
    if not currency.uninflected:
        named += [f"{form} {currency.name}" for form in figures]  # a 43 billion dollar plan
    named += [f"{form} {_noun(name, currency.uninflected)}" for form in figures[:3] for name in currency.names]
    named += [f"{form} {code}" for form in in_digits[:2]]
    return signed + named if currency.sign_first else named + signed


def _percent(value: Number, unit: str) -> Forms:
    figures = list(dict.fromkeys([digits(value), digits(value, grouped=False)]))
    spelled = [words(value)] if isinstance(value, int) and value < 1000 else []
    if value < 1 and isinstance(value, Decimal):
        figures.append(digits(value)[1:])  # .5%
    if unit == "point":
        nouns = ["percentage point", "percentage points", "point", "points"]
        nouns = nouns if value == 1 else [nouns[1], nouns[0], nouns[3], nouns[2]]
        return [f"{figure} {noun}" for figure in figures + spelled for noun in nouns]
    forms = [f"{figure}%" for figure in figures] + [
        f"{figure} {noun}" for figure in figures + spelled for noun in ("percent", "per cent", "pct")
    ]
    if value == 50:
        forms += _HALVES
    if value == Decimal("0.5"):
        forms += ["half a percent", "half percent", "half a percentage point"]
    if value in (25, 75):
        forms += ["one quarter", "a quarter"] if value == 25 else ["three quarters"]
    return forms


def _fraction(value: int, unit: str) -> Forms:
    over = int(unit)
    figures = f"{value}/{over}"
    names = [ordinal_words(over)] if over > 2 else ["half"]
    names = ["quarter", "fourth"] if over == 4 else names
    if value == 1:
        return [*(f"{one} {name}" for name in names for one in ("one", "a")), figures, f"1 in {over}"]
    more = [f"{words(value)} {name}s" for name in names]
    return [form.replace(" ", "-") for form in more] + [figures, f"{words(value)} in {words(over)}"]


def _date(value: Day, unit: str) -> Forms:
    year, month, day = value.year, value.month, value.day
    if month is None:
        if day is not None:
            return [ordinal(day), ordinal_words(day), str(day)]
        return [str(year), *_era(unit)]
    names = month_names(month)
    if day is None:
        full = MONTHS[month - 1]
        names = [full, *(name for name in names if name != full)]
        if year is None:
            return names
        return [form for name in names for form in (f"{name} {year}", f"{name}, {year}", f"{name} of {year}")]
    if year is None:
        forms = [f"{name} {day}" for name in names] + [f"{day} {name}" for name in names]
        full, nth = MONTHS[month - 1], ordinal(day)
        return [*forms, f"{full} {nth}", f"{nth} {full}", f"{nth} of {full}"]
    days = [str(day), ordinal(day)]
    return [
        *(f"{name} {one}, {year}" for one in days for name in names),
        *(form for one in days for name in names for form in (f"{one} {name} {year}", f"{one} {name}, {year}")),
        *(f"{name} {day} {year}" for name in names),
        *(f"{days[1]} of {name}, {year}" for name in names if not name.endswith(".")),
        f"{year}-{month:02}-{day:02}",
        f"{year}/{month}/{day}",
    ]


def _era(unit: str) -> Forms:
    if not unit:
        return []
    name, count = ERA_NAMES[unit[:2]], int(unit[2:])
    return [f"{name} {count}", *([f"{ordinal_words(count)} year of {name}"] if count < 100 else [])]


def _fiscal_year(year: int, unit: str) -> Forms:
    forms = [f"fiscal {year}", f"fiscal year {year}", f"FY{year}", f"FY {year}", str(year), f"FY{year % 100:02}"]
    return [*forms, *_era(unit)]


def _decade(year: int, unit: str) -> Forms:
    del unit
    short = year % 100
    forms = [f"{year}s", f"{year}'s", f"'{short:02}s", f"{short:02}s"]
    plural = words(short)[:-1] + "ies" if short >= 20 else ""
    return [*forms, *([plural] if plural else [])]


def _century(value: int, unit: str) -> Forms:
    del unit
    return [f"{ordinal(value)} century", f"{ordinal_words(value)} century", f"{ordinal(value)} c."]


def _generation(value: int, unit: str) -> Forms:
    del unit
    if value == 10:
        return ["teens", "teenage", "teenager", "teenaged"]
    return [f"{value}s", words(value)[:-1] + "ies", f"{value}-something", f"{words(value)}-something"]


def _weekday(value: int, unit: str) -> Forms:
    del unit
    name = WEEKDAYS[value]
    shorter = {"Tuesday": "Tues.", "Thursday": "Thurs."}.get(name)
    return [name, f"{name[:3]}.", *([shorter] if shorter else [])]


def _time(value: Clock, unit: str) -> Forms:
    del unit
    hour, minute = value.hour, value.minute
    padded = [f"{hour:02}:{minute:02}"]
    if value.open:
        bare = f"{hour}:{minute:02}" if minute else f"{hour} o'clock"
        return [bare, *padded, *_with_half(hour, minute, ("a.m.", "p.m."))]
    half = "a.m." if hour % 24 < 12 else "p.m."
    twelve = hour % 12 or 12
    forms = [*_with_half(twelve, minute, (half,)), *padded]
    if not minute and hour in (0, 12, 24):
        named = ["noon", "midday"] if hour == 12 else ["midnight"]
        return [*named, *forms, *(["0 a.m.", "00:00"] if hour != 12 else [])]
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    clock = f"{twelve}" if not minute else f"{twelve}:{minute:02}"
    clocks = [clock] if minute else [clock, words(twelve), f"{clock} o'clock", f"{words(twelve)} o'clock"]
    forms += [f"{one} in the {part}" for one in clocks]
    if hour == 0:
        forms += [f"0:{minute:02} a.m."]
    if minute == 30:
        forms += [f"half past {twelve}", f"half past {words(twelve)}"]
    return forms


def _with_half(hour: int, minute: int, halves: Iterable[str]) -> Forms:
    clocks = [f"{hour}:{minute:02}", f"{hour}.{minute:02}"] if minute else [f"{hour}", f"{hour}:00", f"{hour}.00"]
    marks = [form for half in halves for form in (half, half.replace(".", ""))]
    return [f"{clock} {mark}" for mark in marks for clock in clocks] + [
        f"{clock}{mark}" for mark in marks for clock in clocks
    ]


_WRITERS: dict[Sort, Callable[..., Forms]] = {
    Sort.NUMBER: _number,
    Sort.ORDINAL: _ordinal,
    Sort.CURRENCY: _currency,
    Sort.PERCENT: _percent,
    Sort.FRACTION: _fraction,
    Sort.AGE: _age,
    Sort.DATE: _date,
    Sort.FISCAL_YEAR: _fiscal_year,
    Sort.DECADE: _decade,
    Sort.CENTURY: _century,
    Sort.GENERATION: _generation,
    Sort.WEEKDAY: _weekday,
    Sort.TIME: _time,
}
