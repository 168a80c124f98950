"""Months, weekdays, eras: the words of both languages, and what makes a date exist."""

from __future__ import annotations

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# The Associated Press shortens these before a day, and never March to July.
_SHORT = {"January": "Jan.", "February": "Feb.", "August": "Aug.", "September": "Sept.", "October": "Oct."}
_SHORT |= {"November": "Nov.", "December": "Dec."}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

ERAS = {"令和": (2018, 99), "平成": (1988, 31), "昭和": (1925, 64), "大正": (1911, 15), "明治": (1867, 45)}
"""The year before each era's first, and its last year; an open one runs as long as two digits do."""
ERA_NAMES = {"令和": "Reiwa", "平成": "Heisei", "昭和": "Showa", "大正": "Taisho", "明治": "Meiji"}
GREGORIAN = 1873
"""From this year on month and day of the Japanese calendar are those of the Gregorian."""

_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_names(month: int) -> list[str]:
    """Return the names of a month, the one that news puts before a day first.

    >>> month_names(9), month_names(5)
    (['Sept.', 'September', 'Sept', 'Sep.', 'Sep'], ['May'])
    """
    full = MONTHS[month - 1]
    if full == "May":
        return [full]
    short = _SHORT.get(full)
    rest = [f"{full[:3]}.", full[:3]]
    if short is None:
        return [full, *rest]
    return list(dict.fromkeys([short, full, short.rstrip("."), *rest]))


def exists(year: int | None, month: int | None, day: int | None) -> bool:
    """Tell whether there is such a date; what is None may be anything.

    >>> exists(2024, 2, 29), exists(2023, 2, 29), exists(None, 2, 29), exists(None, 13, None)
    (True, False, True, False)
    """
    if month is not None and not 1 <= month <= 12:
        return False
    if day is None:
        return True
    if not 1 <= day <= (_LENGTHS[month - 1] if month else 31):
        return False
    leap = year is None or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return leap or (month, day) != (2, 29)
