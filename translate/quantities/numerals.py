"""Reading Japanese numerals: digits, kanji and every mixture of the two, on text in NFKC.

>>> [str(read_number(run)) for run in ("4億3000万", "1兆2,300億", "二千二十四", "二〇二四", "三・五", "2千3百")]
['430000000', '1230000000000', '2024', '2024', '3.5', '2300']
>>> [read_number(run) for run in ("二三", "1,2", "3億4億", "1.2兆3億", "007")]
[None, None, None, None, None]
"""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = "〇零一二三四五六七八九"
_VALUES = {char: max(0, index - 1) for index, char in enumerate(DIGITS)}
BIG = {"京": 10**16, "兆": 10**12, "億": 10**8, "万": 10**4}
_SMALL = (("千", 1000), ("百", 100), ("十", 10))

RUN = re.compile(
    rf"[0-9{DIGITS}十百千][0-9{DIGITS}十百千万億兆京]*(?:[.,・][0-9{DIGITS}][0-9{DIGITS}十百千万億兆京]*)*"
)
"""A stretch that is one number or none: nothing shorter may be read out of it."""

_LONGEST = 40  # characters of a run that can be a number; a longer one is a code or a joke
_PARTS = re.compile("([^万億兆京]*)([万億兆京]|$)")
_ARABIC = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?")
_MIXED = re.compile(r"(?:([1-9])千)?(?:([1-9])百)?(?:([1-9])十)?([1-9]\d{0,2})?")
_FORMAL = re.compile(
    "(?:([二三四五六七八九一]?)千)?(?:([一二三四五六七八九]?)百)?(?:([一二三四五六七八九]?)十)?([一二三四五六七八九])?"
)
_DECIMAL = re.compile(rf"([^・]+)・([{DIGITS}]+)")


def read_number(run: str, *, pairs: bool = False) -> int | Decimal | None:
    """Return the value of a run, or None if it is none or more than one.

    Args:
        run: What ``RUN`` matched.
        pairs: Read 二三 as 23; otherwise it is None, since it may say "two or three".
    """
    if len(run) > _LONGEST:
        return None
    total, ceiling = Decimal(0), None
    parts = [(digits, unit) for digits, unit in _PARTS.findall(run) if digits or unit]
    for digits, unit in parts:
        value = _section(digits, pairs=pairs or bool(unit))
        size = BIG.get(unit, 1)
        # Units fall from left to right, and 4億12000万 or 3万50000 is a slip, no number.
        if value is None or (unit and not value) or (ceiling is not None and value * size >= ceiling):
            return None
        if value != int(value) and len(parts) > 1:
            return None
        total, ceiling = total + value * size, size
    if ceiling is None:
        return None
    return int(total) if total == int(total) else total


def _section(digits: str, *, pairs: bool) -> Decimal | None:
    """Read what stands before one of 万億兆京, or at the end."""
    if not digits:
        return None
    if digits[0].isascii():
        if _ARABIC.fullmatch(digits):
            return Decimal(digits.replace(",", ""))
        mixed = _MIXED.fullmatch(digits)
        return _places(mixed) if mixed else None
    parts = _DECIMAL.fullmatch(digits)
    if parts:
        whole = _kanji(parts[1], pairs=True)
        return None if whole is None else Decimal(f"{whole}.{_positional(parts[2])}")
    value = _kanji(digits, pairs=pairs)
    return None if value is None else Decimal(value)


def _kanji(digits: str, *, pairs: bool) -> int | None:
    formal = _FORMAL.fullmatch(digits)
    if formal:
        return int(_places(formal))
    if all(char in _VALUES for char in digits) and (len(digits) == 1 or digits[0] not in "〇零"):
        # 二三人 is "two or three people"; 二五人 can only be 25.
        if len(digits) == 2 and not pairs and _VALUES[digits[1]] == _VALUES[digits[0]] + 1:
            return None
        return int(_positional(digits))
    return None


def _places(match: re.Match[str]) -> Decimal:
    """Add up thousands, hundreds, tens and ones; 千 alone is 1000."""
    total = Decimal(0)
    for (_, size), digit in zip(_SMALL, match.groups(), strict=False):
        if digit is not None:
            total += size * (int(_positional(digit)) if digit else 1)
    return total + int(_positional(match[4] or "0"))


def _positional(digits: str) -> str:
    return "".join(str(_VALUES.get(char, char)) for char in digits)
