"""Yakubun's own CSV, which holds every field; see ``glossary``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from translate import _glossary_csv
from translate._glossary_rows import LONGEST
from translate.errors import GlossaryError
from translate.glossary import Term
from translate.glossary_formats import Losses


def records(data: bytes, path: Path, losses: Losses) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the records of a CSV file; nothing is lost."""
    del losses
    yield from _glossary_csv.records(data, path)


def render(terms: Sequence[Term], losses: Losses) -> bytes:
    """Return the CSV file; only notes longer than a value may be are cut."""
    kept = []
    for given in terms:
        term = given
        if len(given.note) > LONGEST:
            losses[f"note: cut to {LONGEST} characters"] += 1
            term = replace(given, note=given.note[: LONGEST - 1] + "…")
        for name, values in (("aliases", term.aliases), ("variants", term.variants), ("forbidden", term.forbidden)):
            if len("|".join(values)) > LONGEST:
                raise GlossaryError(
                    f"{term.origin or term.source}: {name} of more than {LONGEST} characters: take the rarest ones out"
                )
        kept.append(term)
    return _glossary_csv.render(kept)
