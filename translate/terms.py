"""The terms of one segment: glossary entries, and its numbers and dates if the glossary asks for them.

A number becomes an ordinary ``Term`` of ``Kind.NUMBER``, whose source is its surface in the text, so that enforcement,
checks, counts, provenance and waivers treat it like any other. Where both want the same characters the glossary wins,
blockers included: an entry 七月革命 keeps 七月 from becoming July. Only an entry without a numeral that takes a part of
a number gives way, since it says nothing of the number itself: ドル in 430億ドル, 円安 in 150円安.
"""

from __future__ import annotations

import re
from functools import lru_cache

from translate.glossary import Glossary, Kind, Mode, Term
from translate.matching import Match, covered, find_terms
from translate.quantities import Quantity, english_forms, find_quantities

_NUMERAL = re.compile("[0-9０-９〇零一二三四五六七八九十百千万億兆]")


def segment_matches(text: str, glossary: Glossary) -> list[Match]:
    """Return the terms of a text, in order and without overlaps.

    Args:
        text: A Japanese segment.
        glossary: The entries; its ``numbers`` decides whether numbers and dates are terms.

    >>> glossary = Glossary((Term("ドル", "dollar"), Term("国防総省", "Pentagon")), numbers=True)
    >>> [(match.surface, match.term.target) for match in segment_matches("国防総省は430億ドル、ドルで", glossary)]
    [('国防総省', 'Pentagon'), ('430億ドル', '$43 billion'), ('ドル', 'dollar')]
    """
    quantities = find_quantities(text) if glossary.numbers else []
    if not quantities:
        return find_terms(text, glossary)
    entries = covered(text, glossary)
    numbers = [one for one in quantities if not any(_holds(entry, one) for entry in entries)]
    matches = [
        one for one in entries if not one.term.is_blocker and not any(_overlap(one, number) for number in numbers)
    ]
    matches += [Match(number_term(one), one.text, one.start, one.end) for one in numbers]
    return sorted(matches, key=lambda match: match.start)


def number_term(quantity: Quantity) -> Term:
    """Return the term that a quantity makes: its surface, the forms that count as right, hard if it is certain."""
    return _term(quantity.text, *english_forms(quantity))


@lru_cache(maxsize=4096)
def _term(source: str, target: str, variants: tuple[str, ...], mode: Mode) -> Term:
    return Term(source, target, variants=variants, kind=Kind.NUMBER, mode=mode)


def _overlap(entry: Match, number: Quantity) -> bool:
    return entry.start < number.end and number.start < entry.end


def _holds(entry: Match, number: Quantity) -> bool:
    """Tell whether an entry takes a number's place."""
    if not _overlap(entry, number):
        return False
    covers = entry.start <= number.start and number.end <= entry.end
    return covers or bool(_NUMERAL.search(entry.surface))
