"""DeepL's glossary: CSV without a header, ``source,target``, or with both languages behind them.

See "Create a glossary" in DeepL's documentation. One source has one target there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from translate._glossary_csv import cells, decode
from translate._glossary_rows import SPARE
from translate.formulas import plain
from translate.glossary import Term
from translate.glossary_formats import Losses
from translate.glossary_formats._pairs import cell, pairable


def records(data: bytes, path: Path, losses: Losses) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield one record for each pair of Japanese and English; pairs of other languages are counted and left out."""
    reverse = False
    for line, row in cells(path, decode(path, data)):
        values = [plain(value.strip()) for value in row]
        codes = [_language(value) for value in (values[2:4] if len(values) > 3 else values[:2])]
        if len(values) == 2 and line == 1 and set(codes) == {"ja", "en"}:
            reverse = codes == ["en", "ja"]  # a header that names the languages
            continue
        if len(values) not in (2, 4):
            yield f"{path}:{line}", {SPARE: f"{len(values)} values where source and target are wanted"}
            continue
        if len(values) == 4 and set(codes) != {"ja", "en"}:
            losses["entries of other languages: left out"] += 1
            continue
        swap = codes == ["en", "ja"] if len(values) == 4 else reverse
        source, target = values[1::-1] if swap else values[:2]
        yield f"{path}:{line}", {"source": source, "target": target}


def render(terms: Sequence[Term], losses: Losses) -> bytes:
    """Return the file, a line for each Japanese spelling."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for term in pairable(terms, losses):
        for field in ("variants", "note"):
            if getattr(term, field):
                losses[f"{field}: left out"] += 1
        target = cell(term.target, losses)
        writer.writerows([cell(surface, losses), target] for surface in term.surfaces)
    return text.getvalue().encode()


def _language(code: str) -> str:
    """Return ``ja`` or ``en`` for a code such as JA or en-US, else nothing.

    >>> _language("EN-GB"), _language("JA"), _language("Japan")
    ('en', 'ja', '')
    """
    first = code.lower().replace("_", "-").partition("-")[0]
    return first if first in ("ja", "en") else ""
