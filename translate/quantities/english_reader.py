"""Reading the numbers, dates and times of English text, in figures and in words, for comparison with the source.

Generous where ``english_forms`` is strict: what a translator wrote in a way that no list foresaw shall still be
understood (forty-three billion U.S. dollars, 12th of July).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from translate.quantities.calendar_words import MONTHS, WEEKDAYS, exists
from translate.quantities.english_words import ABBREVIATED, ONES, SCALES, TENS, ordinal_words
from translate.quantities.model import Clock, Day, Sort, Value
from translate.quantities.units import BY_CODE


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, date or time of an English text; ``unit`` as in ``Quantity``, empty where nothing is said."""

    sort: Sort
    value: Value
    unit: str
    start: int
    end: int


_PLAIN = str.maketrans("‐‑‒–−’", "-----'")
_SIZES = SCALES | {short: SCALES[name] for name, shorts in ABBREVIATED.items() for short in shorts}
_WORDS = {word: value for value, word in enumerate(ONES)} | {word: 10 * at for at, word in enumerate(TENS) if word}
_ORDINALS = {ordinal_words(number): number for number in range(1, 32)}
_SIGNS = {sign: code for code, currency in reversed(BY_CODE.items()) for sign in currency.signs} | {"¥": "JPY"}
_NOUNS = {
    noun: code
    for code, currency in BY_CODE.items()
    for name in (currency.name, *currency.names, code)
    for noun in (name.lower(), f"{name.lower()}s")
}


def _any(names: object) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))  # type: ignore[call-overload]


_MONTH_WORDS = {form: at for at, name in enumerate(MONTHS, 1) for form in (name, name[:3], "Sept" if at == 9 else name)}
_MONTH = rf"(?P<month>{_any(_MONTH_WORDS)})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_DATES = (
    re.compile(rf"\b{_MONTH}\s+{_DAY}(?![:%]|\.\d)(?:,?\s+(?P<year>\d{{4}})\b(?!,\d))?"),
    re.compile(rf"\b(?:{_DAY}(?:\s+day)?(?:\s+of)?\s+){_MONTH}(?:,?\s+(?P<year>\d{{4}})\b)?"),
    re.compile(rf"\b{_MONTH},?\s+(?:of\s+)?(?P<year>\d{{4}})\b(?P<day>)"),
    re.compile(r"\b(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})\b"),
    re.compile(rf"\b{_MONTH}(?P<year>)(?P<day>)"),
)
_YEAR = re.compile(
    r"(?<![\w,.$€£¥-])(?:FY\s?)?(?P<year>1[6-9]\d\d|20\d\d|21\d\d)(?:[-/](?P<more>\d\d(?:\d\d)?))?(?![\w,%]|\.\d)(?!,\d)"
)
_DECADE = re.compile(r"(?<![\w])(\d{4})'?s\b")
_TIME = re.compile(
    r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap])\.?m\b\.?|\b(?P<hour24>\d{1,2}):(?P<minute24>\d\d)\b",
    re.IGNORECASE,
)
_NOON = re.compile(r"\b(noon|midday|midnight)\b", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b({_any(WEEKDAYS)})s?\b")

_SCALE = rf"(?:{_any(SCALES)})s?(?![a-z])"
_SHORT_SCALES = _any(short for shorts in ABBREVIATED.values() for short in shorts)
_NUMERAL = re.compile(
    rf"(?P<sign>{_any(_SIGNS)})?\s?(?<![\w.,])"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<half>\s(?:and a half|1/2)|-and-a-half)?"
    rf"(?:[\s-]?(?P<scale>(?i:{_SCALE})|(?:{_SHORT_SCALES})(?!\w)))?"
)
_WORD = rf"(?:{_any(_WORDS)}|hundred|{_any(SCALES)})s?"
_SPELLED = re.compile(
    rf"(?<!\w)(?:(?P<half>half[\s-](?:a[\s-])?)(?P<of>{_any(SCALES)})"
    rf"|(?P<dozen>(?:{_any(_WORDS)}|a|half a)\s+dozen)"
    rf"|(?P<words>(?:an?[\s-](?=hundred|{_any(SCALES)})|(?:{_any(_WORDS)})(?!\w))"
    rf"(?:[\s-]?(?:and[\s-])?(?:a half[\s-])?{_WORD}(?!\w))*))(?!\w)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    rf"[\s-]?(?:(?P<percent>%|per\s?cent\b|pct\b)|(?P<point>(?:percentage[\s-])?points?\b)|(?P<money>{_any(_NOUNS)})\b)",
    re.IGNORECASE,
)
_POINTS = re.compile(r"\s?percentage[\s-]points?", re.IGNORECASE)
_ORDINAL = re.compile(rf"\b(?:(\d{{1,4}})(?:st|nd|rd|th)|({_any(_ORDINALS)}))\b", re.IGNORECASE)
_HALF = re.compile(r"\bhalf\b", re.IGNORECASE)


def read_english(text: str) -> list[Figure]:
    """Return what the English says in numbers, by start; dates and times take their figures with them.

    >>> [(one.sort.value, str(one.value), one.unit) for one in read_english("US$43 billion, thirty percent, a dozen")]
    [('currency', '43000000000', 'USD'), ('percent', '30', ''), ('number', '12', '')]
    """
    plain = text.translate(_PLAIN)
    if not plain.isascii():
        plain = "".join(narrow if len(narrow := unicodedata.normalize("NFKC", char)) == 1 else char for char in plain)
    found: list[Figure] = []
    taken = bytearray(len(plain))
    for reader in (_dates, _times, _decades, _numerals, _spelled, _ordinals, _years):
        for figure in reader(plain):
            # A year may be a plain figure, too: "2,024" is not, "2024" may be either.
            if reader is _years or not any(taken[figure.start : figure.end]):
                found.append(figure)
                if reader is not _years:
                    taken[figure.start : figure.end] = b"\x01" * (figure.end - figure.start)
    return sorted(found, key=lambda one: (one.start, one.end))


def _dates(text: str) -> Iterator[Figure]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            written = groups["month"]
            month = int(written) if written.isdigit() else _MONTH_WORDS[written]
            day, year = (int(groups[name]) if groups[name] else None for name in ("day", "year"))
            if exists(year, month, day):
                yield Figure(Sort.DATE, Day(year, month, day), "", *match.span())
    for match in _WEEKDAY.finditer(text):
        yield Figure(Sort.WEEKDAY, WEEKDAYS.index(match[1]), "", *match.span())


def _times(text: str) -> Iterator[Figure]:
    for match in _TIME.finditer(text):
        hour, minute = int(match["hour"] or match["hour24"]), int(match["minute"] or match["minute24"] or 0)
        if match["half"] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
        if hour <= 24 and minute < 60:
            yield Figure(Sort.TIME, Clock(hour, minute), "", *match.span())
    for match in _NOON.finditer(text):
        yield Figure(Sort.TIME, Clock(0 if match[1].lower() == "midnight" else 12), "", *match.span())


def _decades(text: str) -> Iterator[Figure]:
    for match in _DECADE.finditer(text):
        yield Figure(Sort.DECADE, int(match[1]), "", *match.span())


def _years(text: str) -> Iterator[Figure]:
    for match in _YEAR.finditer(text):
        year = int(match["year"])
        yield Figure(Sort.DATE, Day(year), "", *match.span("year"))
        if match["more"]:
            more = match["more"]
            yield Figure(
                Sort.DATE, Day(int(more) if len(more) == 4 else year // 100 * 100 + int(more)), "", *match.span("more")
            )


def _numerals(text: str) -> Iterator[Figure]:
    for match in _NUMERAL.finditer(text):
        value = Decimal(match["digits"].replace(",", "")[:40])
        value += Decimal("0.5") if match["half"] else 0
        if match["scale"]:
            value *= _size(match["scale"])
        yield _with_unit(text, match, value, _SIGNS.get(match["sign"] or "", ""))


def _spelled(text: str) -> Iterator[Figure]:
    for match in _SPELLED.finditer(text):
        value: Decimal | None
        if match["half"]:
            value = Decimal(SCALES[match["of"].lower()]) / 2
        elif match["dozen"]:
            first = match["dozen"].lower().rsplit(None, 1)[0]
            value = Decimal(6 if first == "half a" else 12 * _WORDS.get(first, 1))
        else:
            value = _value(match["words"].lower())
        if value is not None:
            yield _with_unit(text, match, value, "")
    for match in _HALF.finditer(text):
        yield Figure(Sort.PERCENT, 50, "half", *match.span())


def _ordinals(text: str) -> Iterator[Figure]:
    for match in _ORDINAL.finditer(text):
        value = int(match[1]) if match[1] else _ORDINALS[match[2].lower()]
        yield Figure(Sort.ORDINAL, value, "", *match.span())


def _with_unit(text: str, match: re.Match[str], value: Decimal, unit: str) -> Figure:
    number = int(value) if value == int(value) else value
    if unit:
        return Figure(Sort.CURRENCY, number, unit, *match.span())
    points = _POINTS.match(text, match.end())
    behind = _UNIT.match(text, match.end())
    if points or (behind and behind["point"]):
        return Figure(Sort.PERCENT, number, "point", match.start(), (points or behind).end())  # type: ignore[union-attr]
    if behind and behind["percent"]:
        return Figure(Sort.PERCENT, number, "", match.start(), behind.end())
    if behind:
        return Figure(Sort.CURRENCY, number, _NOUNS[behind["money"].lower()], match.start(), behind.end())
    return Figure(Sort.NUMBER, number, "", *match.span())


def _size(scale: str) -> int:
    """Return what a scale or its abbreviation multiplies by; B is a billion, b nothing."""
    return _SIZES.get(scale) or _SIZES[scale.lower().rstrip("s")]


def _value(spelled: str) -> Decimal | None:
    """Add up number words; None for what is a list of figures (one two)."""
    total, group, last = Decimal(0), Decimal(0), 1000
    half = " half" in spelled or "-half" in spelled
    for word in re.findall("[a-z]+", spelled):
        word = word if word in _WORDS or word in SCALES else word.rstrip("s")
        if word in ("a", "an"):
            group = Decimal(1)
        elif word in _WORDS:
            digit = _WORDS[word]
            if group and (digit >= last or digit >= 100):
                return None
            group, last = group + digit, digit if digit >= 20 else 1
        elif word == "hundred":
            group, last = (group or Decimal(1)) * 100, 100
        elif word in SCALES:
            total, group, last, half = (
                total + ((group or Decimal(1)) + Decimal("0.5") * half) * SCALES[word],
                Decimal(0),
                1000,
                False,
            )
    return total + group + (Decimal("0.5") if half else 0)
