"""What a number, date or time of the Japanese text says, apart from how either language writes it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Sort(StrEnum):
    """What kind of thing is said."""

    NUMBER = "number"  # with or without a counter, which is no part of the span
    ORDINAL = "ordinal"  # 第3回, 3位
    CURRENCY = "currency"
    PERCENT = "percent"
    FRACTION = "fraction"  # 3分の2: value 2, unit "3"
    AGE = "age"  # 歳 is no part of the span
    DATE = "date"  # any of year, month and day
    FISCAL_YEAR = "fiscal year"
    DECADE = "decade"
    CENTURY = "century"
    GENERATION = "generation"  # 30代
    WEEKDAY = "weekday"  # 0 is Monday
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date, or what is said of one."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day.

    Attributes:
        hour: 0 to 24; 1 to 12 where ``open``.
        minute: 0 to 59.
        open: Whether nothing says if it is before or after noon.
    """

    hour: int
    minute: int = 0
    open: bool = False


Value = int | Decimal | Day | Clock


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a text.

    Attributes:
        sort: What kind of thing it is.
        value: What it says: a number (``int`` where whole), a ``Day`` or a ``Clock``.
        unit: An ISO 4217 code (currency), the counter (number), ``point`` (percentage points), the denominator
            (fraction), the era and its year (``令和6``); else empty.
        start: Offset of its first code point.
        end: Offset behind its last.
        text: Its surface, ``source[start:end]``.
        certain: Whether it means this whatever the context.
        last: The upper end if it is a range.
    """

    sort: Sort
    value: Value
    unit: str
    start: int
    end: int
    text: str
    certain: bool
    last: Value | None = None
