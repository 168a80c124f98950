"""Numbers of Japanese text in NFKC with what stands behind them: money, percentages, fractions, ages, counts."""

from __future__ import annotations

import re
from decimal import Decimal

from translate.quantities.dates import Found
from translate.quantities.model import Sort
from translate.quantities.numerals import BIG, RUN, read_number
from translate.quantities.units import (
    COUNTED,
    CURRENCIES,
    CURRENCY,
    LASTING,
    MEASURED,
    NAMED,
    ORDERED,
    ORDINAL,
    PERCENT,
    SIGNS,
)

_SIGN = re.compile(r"(?:US)?[$¥€£]\s?(?=\d)")
_TENTH = re.compile(r"割(?:(?P<hundredth>[1-9一二三四五六七八九])分)?(?![合烹り当高安])")
_FRACTION = re.compile(rf"分の(?P<over>{RUN.pattern})")
_AGE = re.compile("[歳才](?!月|能|代|入|出)")
_BOUND = re.compile("以上|以下|未満|以降|前後|児|ごろ|頃|まで|から|過ぎ|すぎ|を超")
_RANGE = re.compile(rf"(?:{RUN.pattern})[~〜](?P<last>{RUN.pattern})")
# Before a number these make it an approximation, a name, or part of something longer.
_VAGUE, _NAMES = "数何幾第", re.compile(r"[A-Za-z][-_.&/:]?\Z|[0-9][-/:~〜.,]\Z|[#@_/\\^*=+]\Z")
_MORE = re.compile(r"[-/:][0-9A-Za-z]|[A-Za-z_~〜×対]|\.[0-9A-Za-z]|[数余]|半(?![島数分])")
_CUT, _SPACED = (
    re.compile(r"[0-9〇零一二三四五六七八九十百千万億兆京]\s\Z"),
    re.compile(r"\s+[十百千万億兆京]|(?<=[万億兆京])\s+[0-9]"),
)
_LIST = re.compile("[一二三四五六七八九]\\Z")
_PLENTY = 13  # of a smaller number English may say "a dozen", "a couple", "the five"
_HOMELY = re.compile("[\u30a0-\u30ff]")


def read_amount(text: str, at: int) -> Found | None:
    """Read the number at a place together with its unit.

    Returns:
        What stands there; None if it is not worth a word, and then nothing inside the run is.
    """
    sign = _SIGN.match(text, at)
    run = RUN.match(text, sign.end() if sign else at)
    if not run or _is_part(text, at, run):
        return None
    ranged = _RANGE.match(text, run.start())
    if ranged:
        return _ranged(text, at, ranged, run[0], SIGNS.get(sign[0].strip()) if sign else None)
    value, end = read_number(run[0]), run.end()
    if value is None:
        return None
    if sign:
        return Found(Sort.CURRENCY, value, SIGNS[sign[0].strip()], at, end, value > 1)
    found = _with_unit(text, at, end, value)
    if found is None and "・" not in run[0]:
        found = _plain(text, at, end, value)
    return found


def read_ordinal(text: str, at: int) -> Found | None:
    """Read 第3回: 第 and digits, not 第三者 or 第二次世界大戦."""
    match = re.compile(r"第(\d{1,3})(?!\d)").match(text, at)
    behind = ORDERED.match(text, match.end()) if match else None
    if not match or not behind or not int(match[1]) or behind[0].startswith("号"):
        return None
    # 第1四半期 is "the first quarter": 四半期 stays for the translator.
    end = match.end() if behind[0].startswith("四半期") else behind.end()
    return Found(Sort.ORDINAL, int(match[1]), "", at, end, False)


def _is_part(text: str, at: int, run: re.Match[str]) -> bool:
    """Tell whether the run only looks like a number: 数十万, 十数人, F-35, 3-2, 三年半."""
    before = text[max(0, at - 2) : at]
    if _SPACED.match(text, run.end()) or _CUT.match(before):
        return True  # 1 億 4 千万: no part of it is the number
    if (before[-1:] and before[-1] in _VAGUE) or _NAMES.search(before):
        return True
    if before.endswith(("、", "・")) and _LIST.search(before[:-1]) and not run[0][0].isascii():
        return True  # 二、三人 and 二・二六事件
    if text[run.end() : run.end() + 1] == "、" and len(run[0]) == 1:
        following = RUN.match(text, run.end() + 1)
        if following and len(following[0]) == 1:
            return True  # 2、3人: two or three
    if before.endswith("、") and len(run[0]) == 1 and before[:1].isdecimal():
        return True
    more = _MORE.match(text, run.end())
    if not more:
        return False
    # A unit in Latin letters (km, kg) is no name, and a range is read as one.
    return not (MEASURED.match(text, run.end()) or _RANGE.match(text, run.start()))


def _with_unit(text: str, at: int, end: int, value: int | Decimal) -> Found | None:
    """Read a number whose unit belongs to the term."""
    percent = PERCENT.match(text, end)
    if percent:
        return Found(Sort.PERCENT, value, (percent["point"] and "point") or "", at, percent.end(), value != 100)
    tenth = _TENTH.match(text, end)
    if tenth and value <= 10:
        more = read_number(tenth["hundredth"]) if tenth["hundredth"] else 0
        return Found(Sort.PERCENT, value * 10 + (more or 0), "", at, tenth.end(), False)
    fraction = _FRACTION.match(text, end)
    if fraction:
        over = read_number(fraction["over"])
        if isinstance(over, int) and isinstance(value, int) and 0 < over < value <= 100:
            return Found(Sort.FRACTION, over, str(value), at, fraction.end(), False)
        return Found(None, 0, "", at, fraction.end(), False)
    money = CURRENCY.match(text, end)
    if money:
        return _money(text, at, money, value)
    ordinal = ORDINAL.match(text, end)
    if ordinal and isinstance(value, int) and 0 < value < 1000 and text[at].isascii():
        return Found(Sort.ORDINAL, value, "", at, ordinal.end(), False)
    return None


def _money(text: str, at: int, money: re.Match[str], value: int | Decimal) -> Found | None:
    currency, written = CURRENCIES[money["currency"]], text[at : money.start()]
    kanji, big = not written[0].isascii(), any(char in BIG for char in written)
    if money["currency"] == "元" and not big and (kanji or _is_han(text, money.end())):
        return None  # 一元化, 2元首
    if kanji and written == "一":
        return None  # 関東一円
    if money["cents"]:
        value = value + Decimal(money["cents"]) / 100
        value = int(value) if value == int(value) else value
    # "The dollar stood at 150 yen" says 1ドル; 0円 is free.
    certain = value > 1 and not (kanji and big and len(written) == 1)
    return Found(Sort.CURRENCY, value, currency.code, at, money.end(), certain)


def _plain(text: str, at: int, end: int, value: int | Decimal) -> Found | None:
    """Read a number whose counter is the translator's."""
    written = text[at:end]
    ascii_only, big = written[0].isascii(), value >= 10**4 and any(char in BIG for char in written)
    whole = isinstance(value, int)
    age = _AGE.match(text, end)
    if age:
        sure = ascii_only and whole and value >= 10 and not _BOUND.match(text, age.end())
        return Found(Sort.AGE, value, "", at, end, sure) if value <= 130 else None
    measured, lasting = MEASURED.match(text, end), LASTING.match(text, end)
    counted = COUNTED.match(text, end)
    if measured or lasting or counted:
        unit = (measured or lasting or counted or [""])[0].strip()
        behind = (measured or lasting or counted).end()  # type: ignore[union-attr]
        if not ascii_only and not big and (_is_idiom(written, unit) or (len(written) == 1 and _is_han(text, behind))):
            return None  # 三本木, 三社祭, 千人力
        if (whole and value < 2) or value == 0:
            return None
        if lasting and not whole and text.startswith("半", lasting.end()):
            return None
        # 二千人 and 十五人 are rarely names, yet 千本桜 is one: kanji are hints unless 万 makes them figures.
        plenty = big or (ascii_only and value >= _PLENTY)
        return Found(Sort.NUMBER, value, unit, at, end, bool(counted) and not (measured or lasting) and plenty)
    if text.startswith(("年", "月", "日", "時", "円", "元", "代"), end):
        return None  # what the readers of dates and money have refused
    if big and not (not ascii_only and _is_han(text, end)):
        return Found(Sort.NUMBER, value, "", at, end, len(written) > 2 or ascii_only)
    if not ascii_only or value < 100 or NAMED.match(text, end) or _HOMELY.match(text[at - 1 : at]):
        return None
    return Found(Sort.NUMBER, value, "", at, end, False)


def _ranged(text: str, at: int, ranged: re.Match[str], first: str, sign: str | None) -> Found | None:
    """Read 3～5%, 100万～200万円: the unit stands once, behind the second number."""
    low, high = read_number(first), read_number(ranged["last"])
    if low is None or high is None or low >= high or _MORE.match(text, ranged.end()):
        return None
    found = _with_unit(text, at, ranged.end(), high) or _plain(text, at, ranged.end(), high)
    if sign:
        found = Found(Sort.CURRENCY, high, sign, at, ranged.end(), False)
    if found is None or found.sort in (None, Sort.FRACTION, Sort.ORDINAL):
        return found
    return found._replace(value=low, last=found.value, certain=False)


def _is_idiom(written: str, unit: str) -> bool:
    """Tell whether kanji and counter are a word: 一人, 一件, 百人一首, 三枚目."""
    return written in ("一", "〇") or (written + unit) in {
        "百人",
        "千人",
        "千本",
        "百本",
        "三度",
        "二度",
        "十分",
        "八方",
    }


def _is_han(text: str, at: int) -> bool:
    return "\u3400" <= text[at : at + 1] <= "\u9fff"
