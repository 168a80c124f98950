"""Finding the quantities of a Japanese text: the scan, what it passes over, and what neighbours do to each other."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from translate.normalization import normalize
from translate.quantities.amounts import read_amount, read_ordinal
from translate.quantities.dates import READERS, Found
from translate.quantities.model import Clock, Day, Quantity, Sort
from translate.quantities.numerals import RUN

_ANY = re.compile("[0-9０-９〇零一二三四五六七八九十百千㋿㍻-㍾]|正午|元年|曜")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_WIDE = re.compile("[\uff01-\uff5e]+")
_START = re.compile(
    "[0-9〇零一二三四五六七八九十百千]|令和|平成|昭和|大正|明治|西暦|午[前後]|[朝夜夕深未](?=方?夜?明?\\s?[0-9一二三四五六七八九十])"
    r"|正午|[月火水木金土日]曜|(?:US)?[$¥€£]|第"
)
# Tags of inline markup, addresses, code: digits in them count nothing.
_OPAQUE = re.compile(
    r"</?\d{1,6}/?>|\b[a-z][a-z0-9+.-]{1,20}://[!-~]+|\bwww\.[!-~]+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+|`[^`\n]*`|<[A-Za-z/][^<>\n]*>",
    re.IGNORECASE | re.ASCII,
)
_IN_OPAQUE = re.compile("[<@`]|://|www", re.IGNORECASE)  # one of which each of them holds
_TAG = re.compile(r"</?\d{1,6}/?>")
_CUT = re.compile(r"(.)</?\d{1,6}/?>\Z")
_GOES_ON = re.compile(r"[0-9〇零一二三四五六七八九十百千万億兆京数.,・%割円元ドルユポウ年月日時分歳]")
# Digits that are drawn as something else: ①, ², ½, ㈰, Ⅻ keep their meaning to themselves.
_DRAWN = re.compile("[²³¹¼-¾⁰-₉⅐-↋①-⓿❶-➓㈠-㉿㊀-㊿㋀-㋋㍘-㍰㏠-㏾]")
# What joins two quantities of one kind so that English may say their unit, or their year, once.
_JOINER = re.compile(
    r"(?:から|まで|より|[~〜～–—―-]|と|や|か|に|、|,|・|および|及び|または|又は|あるいは|or|→|\s){0,3}"
)
_DATED = frozenset("年月日時代世歳/:-~〜")  # what stands behind the figure that a date or time begins with
_BEFORE_CHRIST = re.compile("(?:紀元前|(?<![午以年])前)\\Z")


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a Japanese text, in order and without overlaps.

    >>> [(one.text, str(one.value), one.unit) for one in find_quantities("５月に４億3000万円、三菱は一部の2割。")]
    [('５月', 'Day(year=None, month=5, day=None)', ''), ('４億3000万円', '430000000', 'JPY'), ('2割', '20', '')]
    """
    return list(_quantities(text))


@lru_cache(maxsize=16384)
def _quantities(text: str) -> tuple[Quantity, ...]:
    """Do what ``find_quantities`` says; terms and checks ask for the same segments, the checks of an article later."""
    if not _ANY.search(text) and not any(sign in text for sign in "$¥€£＄￥￡"):
        return ()
    # One to one, so that most texts need no more.
    copy = normalize(_WIDE.sub(lambda match: match[0].translate(_NARROW), text))
    found = list(_alone(copy.text, _scan(copy.text)))
    drawn = {match.start() for match in _DRAWN.finditer(text)}
    quantities = []
    for one in found:
        if one.sort is None or not (copy.is_edge(one.start) and copy.is_edge(one.end)):
            continue
        start, end = copy.original(one.start, one.end)
        if drawn and not drawn.isdisjoint(range(start - 1, end + 1)):
            continue
        quantities.append(Quantity(one.sort, one.value, one.unit, start, end, text[start:end], one.certain, one.last))
    return tuple(_softened(text, quantities))


def _scan(text: str) -> Iterator[Found]:
    """Yield what the readers recognise, also what must be left alone, from left to right."""
    opaque = deque(match.span() for match in _OPAQUE.finditer(text)) if _IN_OPAQUE.search(text) else deque()
    place = 0
    while match := _START.search(text, place):
        at = match.start()
        while opaque and opaque[0][1] <= at:
            opaque.popleft()
        if opaque and opaque[0][0] <= at:
            place = opaque[0][1]
            continue
        found = _read(text, at)
        if found:
            yield found
            place = found.end
        else:
            run = RUN.match(text, at) or RUN.match(text, match.end())
            place = max(match.end(), run.end() if run and run.start() == at else match.end())


def _read(text: str, at: int) -> Found | None:
    """Return what stands at a place."""
    if text[at] == "第":
        return read_ordinal(text, at)
    run = RUN.match(text, at)
    dated = run is None or text[run.end() : run.end() + 1] in _DATED or run[0].count(".") > 1
    if dated and not _is_fenced(text, at):
        for reader in READERS:
            found = reader(text, at)
            if found:
                if found.sort in (Sort.DATE, Sort.CENTURY) and _BEFORE_CHRIST.search(text[max(0, at - 3) : at]):
                    return found._replace(sort=None)
                return found
    return read_amount(text, at)


def _is_fenced(text: str, at: int) -> bool:
    """Tell whether what stands before makes a date or time unlikely: 数12日, v3.1月, 1/2日, 3～5月."""
    before = text[at - 1 : at]
    if before in ("~", "〜", "-"):
        return text[max(0, at - 2) : at - 1].isascii()
    return bool(before) and (before in "数何幾第/:._#," or (before.isascii() and before.isalnum()))


def _alone(text: str, found: Iterator[Found]) -> Iterator[Found]:
    """Pass over numbers that inline markup cuts in two: of 4億<1>3000万</1>円 no part is right."""
    if "<" not in text:
        yield from found
        return
    for one in found:
        behind = _TAG.match(text, one.end)
        if behind and _GOES_ON.match(text, behind.end()):
            continue
        before = _CUT.search(text[max(0, one.start - 11) : one.start])
        if before and _GOES_ON.match(before[1]):
            continue
        yield one


def _softened(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Take the certainty from neighbours that English may write together: 午後3時から5時 is "3 to 5 p.m."."""
    result = list(quantities)
    for index, (left, right) in enumerate(pairwise(quantities)):
        if not _alike(left, right) or not _JOINER.fullmatch(text, left.end, right.start):
            continue
        # Of "2020 to 2023" the first is written in full; of "14 to 20 July" it is not.
        full = isinstance(left.value, Day) and left.value.month is None
        result[index] = result[index] if full else replace(result[index], certain=False)
        result[index + 1] = replace(right, certain=False)
    return result


def _alike(left: Quantity, right: Quantity) -> bool:
    if isinstance(left.value, (Day, Clock)):
        return type(left.value) is type(right.value)
    return (left.sort, left.unit) == (right.sort, right.unit) and left.sort is not Sort.WEEKDAY
