"""What formats of plain pairs share: which fields they cannot hold; of ``omegat`` and ``deepl``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from translate.formulas import neutral
from translate.glossary import Case, Kind, Mode, Term
from translate.glossary_formats import Losses


def pairable(terms: Sequence[Term], losses: Losses) -> Iterator[Term]:
    """Yield the terms that a pair can hold, counting what it cannot hold of them and which ones not at all."""
    for term in terms:
        if term.is_blocker:
            losses["blockers: left out, since it has no English"] += 1
            continue
        losses["aliases: written as entries of their own"] += bool(term.aliases)
        losses["forbidden: left out"] += bool(term.forbidden)
        losses["kind: left out"] += term.kind is not Kind.TERM
        losses["mode: left out"] += term.mode is not Mode.HARD
        losses["case: left out"] += term.case is not Case.AUTO
        yield term
    for what in [what for what, count in losses.items() if not count]:
        del losses[what]


def cell(value: str, losses: Losses) -> str:
    """Return a value that no spreadsheet runs, counting those that are not as they were."""
    safe = neutral(value)
    if safe != value:
        losses["value: an apostrophe put before =, +, - or @, which a spreadsheet would run"] += 1
    return safe
