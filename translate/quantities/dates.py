"""Dates, times and weekdays of Japanese text in NFKC.

Each reader looks at one place and returns what stands there, without the text around: offsets are the copy's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from translate.quantities.calendar_words import ERAS, GREGORIAN, exists
from translate.quantities.model import Clock, Day, Sort, Value
from translate.quantities.numerals import DIGITS, read_number


class Found(NamedTuple):
    """A quantity in the normalised copy; ``sort`` is None for what is recognised and must be left alone."""

    sort: Sort | None
    value: Value
    unit: str
    start: int
    end: int
    certain: bool
    last: Value | None = None


_KANJI = DIGITS[2:]
_TWO = rf"(?:\d{{1,2}}|[{_KANJI}]?十[{_KANJI}]?|[一二三四五六][{DIGITS}]|[{DIGITS}])"
_ERA = "|".join(ERAS)
_YEAR = rf"(?:西暦)?(?P<year>\d{{4}}|[一二][{DIGITS}]{{3}}|(?:千[{_KANJI}十百]{{1,7}}|二千[{_KANJI}十]{{0,4}}))年"
_DATE = re.compile(
    rf"(?:(?P<era>{_ERA})\s?(?P<count>元|{_TWO})年|{_YEAR}|(?P<short>\d\d)年(?=\d{{1,2}}月))?"
    rf"(?:(?P<month>{_TWO})月(?:(?P<day>{_TWO})日)?)?"
)
_SLASHED = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})(?![A-Za-z0-9_/.-])")
_STRETCH = re.compile(r"(?P<low>\d{1,2})(?P<unit>[月日])?[~〜](?P<high>\d{1,2})(?P<last>[月日])(?!間)")
_DAY = re.compile(
    rf"(?P<day>{_TWO})日"
    "(?!間|目|連続|ぶり|以[上内]|前|後|分|余|ほど|程度|当|未満|かけ|あたり|につき|本|おき|ごと|弱|強|市|町|月|付加|給|程|数)"
)
_SCHOOL_YEAR = re.compile(rf"(?:(?P<era>{_ERA})(?P<count>元|{_TWO})|(?P<year>\d{{4}}|[一二][{DIGITS}]{{3}}))年度")
_SHORT_SCHOOL_YEAR = re.compile(r"(\d\d)年度")
_DECADE = re.compile(rf"(?:西暦)?(?P<year>\d{{4}}|[一二][{DIGITS}]{{3}}|\d\d)年代")
_CENTURY = re.compile(rf"(?:紀元前)?({_TWO})世紀")
_GENERATION = re.compile(rf"({_TWO})(?:歳)?代(?![表理替金償目名])")
_TIME = re.compile(
    rf"(?P<half>午前|午後|朝|夜|夕方|深夜|未明)?\s?(?P<hour>{_TWO})時(?:(?P<thirty>半)|(?P<minute>{_TWO})分)?"
    "(?![間代期給速刻差価])"
)
_COLON = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?![\d:])")
_NOON = re.compile("正午")
_WEEKDAY = re.compile("(?P<day>[月火水木金土日])曜(?P<full>日)?(?![大版])")
_OTHER_ERA = re.compile(f"[0-9{DIGITS}十元]年\\Z")
_LUNAR = re.compile(r"[\s_]?\((?:旧暦|陰暦)")
_LOOSE_YEAR = re.compile("年?(?:前|後|以[上内]|余|間|ぶり|近く|もの|にわた|の歴史|の時|の歳月)")


def read_date(text: str, at: int) -> Found | None:
    """Read a date with a year or a month, a fiscal year or a decade."""
    for read in (_slashed, _stretch, _school_year, _decade, _century, _date, _generation):
        found = read(text, at)
        if found:
            return found
    return None


def read_time(text: str, at: int) -> Found | None:
    """Read a time of day."""
    if _NOON.match(text, at):
        return Found(Sort.TIME, Clock(12), "", at, at + 2, True)
    match = _COLON.match(text, at)
    if match:
        clock = Clock(int(match["hour"]), int(match["minute"]), open=0 < int(match["hour"]) < 13)
        fits = clock.hour < 24 and clock.minute < 60
        return Found(Sort.TIME if fits else None, clock, "", at, match.end(), False)
    match = _TIME.match(text, at)
    hour, minute = (small(match["hour"]), small(match["minute"] or "")) if match else (None, None)
    if not match or hour is None or hour > 24 or (minute or 0) > 59:
        return None
    half, minute = match["half"], 30 if match["thirty"] else minute or 0
    if half is None and not match["hour"].isascii():
        return None  # 一時 is "for a while"
    certain = half in ("午前", "午後") or (half is None and 13 <= hour < 24)
    if half in ("午後", "夜", "夕方") and hour < 12 and not (half == "夜" and hour < 5):
        hour += 12
    elif half in ("午前", "午後") and hour >= 12:
        certain = False  # 午前12時 may be midnight or noon; 午後13時 is a slip
        hour = hour if half == "午後" else 0
    is_open = half is None and not certain and 0 < hour < 13
    return Found(Sort.TIME, Clock(hour, minute, is_open), "", at, match.end(), certain)


def read_weekday(text: str, at: int) -> Found | None:
    """Read a weekday, 0 for Monday."""
    match = _WEEKDAY.match(text, at)
    if not match:
        return None
    return Found(Sort.WEEKDAY, "月火水木金土日".index(match["day"]), "", at, match.end(), bool(match["full"]))


def read_day(text: str, at: int) -> Found | None:
    """Read a day without a month: soft, since 12日 may also be twelve days."""
    match = _DAY.match(text, at)
    day = small(match["day"]) if match else None
    if not match or day is None or not 2 <= day <= 31:
        return None
    written = match["day"]
    if not written.isascii() and (len(written) == 1 or _is_han(text, match.end())):
        return None  # 二日, 三日 are durations and parts of names, 四日市 is a town
    return Found(Sort.DATE, Day(day=day), "", at, match.end(), False)


def small(digits: str) -> int | None:
    """Read a number below 100; 二三 is 23 here, where 二、三 months or days would not make sense."""
    if digits.isascii():
        return int(digits) if digits else None
    value = read_number(digits, pairs=True)
    return value if isinstance(value, int) else None


def _date(text: str, at: int) -> Found | None:
    match = _DATE.match(text, at)
    if not match or match.end() == at:
        return None
    year, unit, certain = _year_of(match)
    month, day = small(match["month"] or ""), small(match["day"] or "")
    # 宝暦7年12月: an era that is not read; its months are those of the lunar calendar.
    foreign = year is None and _OTHER_ERA.search(text[max(0, at - 2) : at])
    if (match["era"] and year is None) or foreign or not exists(year, month, day):
        return Found(None, 0, "", at, match.end(), False)
    end = match.end()
    if match["short"]:
        certain = False
    if month is not None and year is not None and year < GREGORIAN:
        certain = False  # the lunar calendar
    certain = certain and not _LUNAR.match(text, end)
    if month is not None and day is None and text.startswith("期", end):
        certain = False  # 3月期: the business year that ends in March
    if month is not None and day is None and year is None and not match["month"].isascii():
        if _is_han(text, end):
            return Found(None, 0, "", at, end, False)  # 五月雨, 二月堂
        certain = False  # 一月 may be one month
    if year is not None and month is None:
        # 2000年 is a year or a stretch of two thousand.
        certain = (
            certain and (bool(unit) or (1600 <= year < 2200 and year != 2000)) and not _LOOSE_YEAR.match(text, end)
        )
        if text.startswith(("間", "代"), end):  # 昭和60年代 is no decade of the other calendar
            return Found(None, 0, "", at, end, False)
    return Found(Sort.DATE, Day(year, month, day), unit, at, end, certain)


def _year_of(match: re.Match[str]) -> tuple[int | None, str, bool]:
    """Return year, era and count, and whether the year is what it seems."""
    groups = match.groupdict()
    if groups.get("era"):
        before, length = ERAS[groups["era"]]
        count = 1 if groups["count"] == "元" else small(groups["count"])
        fits = count is not None and 1 <= count <= length
        return (before + count, f"{groups['era']}{count}", True) if fits and count else (None, "", False)
    if groups.get("year"):
        value = read_number(groups["year"], pairs=True)
        return (value, "", True) if isinstance(value, int) else (None, "", False)
    if groups.get("short"):
        two = int(groups["short"])
        return (2000 + two if two < 50 else 1900 + two), "", False
    return None, "", True


def _slashed(text: str, at: int) -> Found | None:
    match = _SLASHED.match(text, at)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    fits = 1600 <= year < 2200 and exists(year, month, day)
    return Found(Sort.DATE if fits else None, Day(year, month, day), "", at, match.end(), True)


def _stretch(text: str, at: int) -> Found | None:
    """Read 7～9月 and 12～14日."""
    match = _STRETCH.match(text, at)
    if not match or match["unit"] not in (None, match["last"]):
        return None
    low, high = (
        (Day(month=n) if match["last"] == "月" else Day(day=n)) for n in (int(match["low"]), int(match["high"]))
    )
    fits = exists(None, low.month, low.day) and exists(None, high.month, high.day)
    return Found(Sort.DATE if fits else None, low, "", at, match.end(), False, high)


def _school_year(text: str, at: int) -> Found | None:
    match = _SCHOOL_YEAR.match(text, at)
    if match:
        year, unit, certain = _year_of(match)
        return Found(Sort.FISCAL_YEAR if year else None, year or 0, unit, at, match.end(), certain)
    match = _SHORT_SCHOOL_YEAR.match(text, at)
    return Found(Sort.FISCAL_YEAR, 2000 + int(match[1]), "", at, match.end(), False) if match else None


def _decade(text: str, at: int) -> Found | None:
    match = _DECADE.match(text, at)
    if not match:
        return None
    year = small(match["year"]) if len(match["year"]) == 2 else read_number(match["year"], pairs=True)
    if not isinstance(year, int) or year % 10 or (year < 100 and year < 30):
        return Found(None, 0, "", at, match.end(), False)
    return Found(Sort.DECADE, year + 1900 if year < 100 else year, "", at, match.end(), year > 100 and year % 100 != 0)


def _century(text: str, at: int) -> Found | None:
    match = _CENTURY.match(text, at)
    value = small(match[1]) if match else None
    if not match or not value:
        return None
    return Found(Sort.CENTURY, value, "", at, match.end(), 15 <= value <= 22 and match[1].isascii())


def _generation(text: str, at: int) -> Found | None:
    match = _GENERATION.match(text, at)
    value = small(match[1]) if match else None
    if not match or not value or value % 10 or value > 90:
        return None
    return Found(Sort.GENERATION, value, "", at, match.end(), False)


def _is_han(text: str, at: int) -> bool:
    return "\u3400" <= text[at : at + 1] <= "\u9fff"


READERS: tuple[Callable[[str, int], Found | None], ...] = (read_date, read_time, read_weekday, read_day)
"""In the order in which they are asked."""
