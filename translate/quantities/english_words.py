"""Figures in English: number words, scales, and the ways to write one amount."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = {"quadrillion": 10**15, "trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3}
ABBREVIATED = {"trillion": ("tn",), "billion": ("bn", "B"), "million": ("mn", "M", "m"), "thousand": ("K", "k")}
_ORDINALS = (
    *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth"),
)
_IN_WORDS = 1000  # below this a figure may stand in words
_LONG = Context(prec=120)  # a code of forty digits in an article is a number, too


def words(number: int) -> str:
    """Spell a number below 1000.

    >>> words(43), words(120), words(7)
    ('forty-three', 'one hundred twenty', 'seven')
    """
    if number < len(ONES):
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    rest = number % 100
    return f"{ONES[number // 100]} hundred" + (f" {words(rest)}" if rest else "")


def ordinal(number: int) -> str:
    """Return 1st, 22nd, 113th.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 112, 23)]
    ['1st', '2nd', '3rd', '4th', '11th', '112th', '23rd']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_ROUND_ORDINALS = {100: "hundredth", 1000: "thousandth", 10_000: "ten-thousandth", 1_000_000: "millionth"}


def ordinal_words(number: int) -> str:
    """Return first, twelfth, twenty-third; from 100 on only round ones have a word, the others stay figures.

    >>> [ordinal_words(number) for number in (1, 12, 14, 20, 23, 100, 120)]
    ['first', 'twelfth', 'fourteenth', 'twentieth', 'twenty-third', 'hundredth', '120th']
    """
    if number >= 100:
        return _ROUND_ORDINALS.get(number) or ordinal(number)
    if number < len(_ORDINALS):
        return _ORDINALS[number]
    if number < 20:
        return f"{ONES[number]}th"
    if number % 10 == 0:
        return f"{TENS[number // 10][:-1]}ieth"
    return f"{TENS[number // 10]}-{ordinal_words(number % 10)}"


def digits(value: int | Decimal, *, grouped: bool = True) -> str:
    """Write a number in figures: 1,234.5."""
    return f"{value:,}" if grouped else f"{value:f}" if isinstance(value, Decimal) else str(value)


def amounts(value: int | Decimal) -> list[str]:
    """Return the ways to write an amount; the first is what news writes.

    >>> amounts(43 * 10**9)[:3], amounts(1_234_567)[:2], amounts(35_000)[:2]
    (['43 billion', '43bn', '43B'], ['1,234,567', '1.23 million'], ['35,000', '35000'])
    """
    forms = _scaled(value) if value >= 10**6 else []
    forms += [digits(value), digits(value, grouped=False)]
    if isinstance(value, int):
        forms += _in_words(value)
        forms += _smaller_scale(value)
    if value >= 10**6 and not _is_short(value):
        figures = digits(value)
        forms = [figures, *(form for form in forms if form != figures)]
    return list(dict.fromkeys(forms))


def rounded(value: int | Decimal, places: int) -> Decimal:
    """Round half up, as people do."""
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _LONG)


def _largest(value: int | Decimal) -> tuple[str, Decimal]:
    # News knows trillions; a quadrillion is "1,000 trillion".
    name = next(name for name, size in SCALES.items() if value >= size and name != "quadrillion")
    return name, Decimal(value) / SCALES[name]


def _is_short(value: int | Decimal) -> bool:
    """Tell whether a scale with up to three decimals says the amount in full."""
    _, quotient = _largest(value)
    return quotient == rounded(quotient, 3)


def _scaled(value: int | Decimal) -> list[str]:
    name, quotient = _largest(value)
    figures = [plain(quotient)] if _is_short(value) else [plain(rounded(quotient, 2)), plain(rounded(quotient, 3))]
    forms = [f"{figure} {name}" for figure in figures]
    forms += [f"{figures[0]}{short}" for short in ABBREVIATED[name]] + [
        f"{figures[0]} {short}" for short in ABBREVIATED[name] if len(short) == 2
    ]
    if value >= SCALES["quadrillion"]:
        forms.append(f"{plain(Decimal(value) / SCALES['quadrillion'])} quadrillion")
    if quotient == int(quotient) and quotient < _IN_WORDS:
        forms.append(f"{words(int(quotient))} {name}")
    if quotient in (1, 100):
        forms.append(f"a {name}" if quotient == 1 else f"a hundred {name}")
    if quotient % 1 == Decimal("0.5") and quotient < 20:
        forms += [f"{words(int(quotient))} and a half {name}", f"{int(quotient)} 1/2 {name}"]
    names = list(SCALES)
    above = names[names.index(name) - 1]
    if above != "quadrillion" and _is_short(value) and Decimal(value) / SCALES[above] >= Decimal("0.1"):
        forms.append(f"{plain(Decimal(value) / SCALES[above])} {above}")
        if Decimal(value) * 2 == SCALES[above]:
            forms.append(f"half a {above}")
    return forms


def _smaller_scale(value: int) -> list[str]:
    """Return 1,200 million, 35 thousand, half a million."""
    forms = []
    for name, size in SCALES.items():
        if value % size == 0 and 10 <= value // size < 10**4 and value >= 10**4 and name != "quadrillion":
            forms.append(f"{digits(value // size)} {name}")
            if value // size < _IN_WORDS:
                forms.append(f"{words(value // size)} {name}")
            if name == "thousand":
                forms.append(f"{value // size}K")
    if value == 500_000:
        forms += ["half a million", "0.5 million"]
    return forms


def _in_words(value: int) -> list[str]:
    if value < _IN_WORDS:
        spelled = words(value)
        return [spelled, *(["a hundred"] if value == 100 else [])] + (
            [spelled.replace("hundred ", "hundred and ")] if value > 100 and value % 100 else []
        )
    if value < 10**4 and value % 1000 == 0:
        return [f"{words(value // 1000)} thousand", *(["a thousand"] if value == 1000 else [])]
    if value == 100_000:
        return ["a hundred thousand"]
    return []


def plain(value: Decimal) -> str:
    """Write a decimal without zeros at its end and without an exponent, thousands grouped."""
    whole = int(value)
    return f"{whole:,}" if value == whole else f"{value.normalize():,f}"
