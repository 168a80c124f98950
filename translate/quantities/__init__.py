"""Numbers, amounts of money, dates and times: found in Japanese, written in English, read from English.

``find_quantities`` reads Japanese, ``english_forms`` says how English may write what was found, ``read_english`` reads
English for comparison. Precision goes before recall: what is found becomes a term that forces words into a
translation, so that idioms, names and approximations (一部, 三菱, 数十万) are left alone, and what has more than one
meaning is not ``certain``.

Own code, since the libraries were measured and fall short: kanjize reads whole strings only, takes 3.29 for 3 and
refuses 2,300億; ja-timex needs milliseconds a sentence, requires a beta release, and reads 1990年代 as the year 1990.
"""

from __future__ import annotations

from translate.quantities.english_forms import english_forms
from translate.quantities.english_reader import Figure, read_english
from translate.quantities.finding import find_quantities
from translate.quantities.model import Clock, Day, Quantity, Sort

__all__ = ["Clock", "Day", "Figure", "Quantity", "Sort", "english_forms", "find_quantities", "read_english"]
