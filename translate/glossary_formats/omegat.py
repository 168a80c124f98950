"""OmegaT's glossary: ``source TAB target TAB comment`` in UTF-8, lines with # in front are remarks.

Several lines of one source are several translations of it: the first is the target, the others are variants, so that
variants survive the way there and back. See the chapter on glossaries in OmegaT's manual.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from translate._glossary_csv import decode
from translate._glossary_rows import RefusedError
from translate.formulas import plain
from translate.glossary import Term, key
from translate.glossary_formats import Losses
from translate.glossary_formats._pairs import cell, pairable

_HEADER = "# Glossary in tab-separated format -*- coding: utf-8 -*-"  # the line that OmegaT itself begins with
_COLUMNS = ["source", "target"]


def records(data: bytes, path: Path, losses: Losses) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield one record for each different source."""
    found: dict[str, tuple[str, list[list[str]]]] = {}
    text = decode(path, data).replace("\r\n", "\n").replace("\r", "\n")
    for line, content in enumerate(text.split("\n"), 1):
        where = f"{path}:{line}"
        cells = [plain(value.strip()) for value in content.split("\t")]
        if not any(cells) or content.startswith("#") or (line == 1 and [*map(str.lower, cells[:2])] == _COLUMNS):
            continue
        if len(cells) < 2:
            raise RefusedError(where, "one value where source and target are wanted: separate them with a tab")
        if "|" in cells[1]:
            raise RefusedError(
                where, f"{cells[1]!r} holds |, which separates values here: write a line for each of them"
            )
        losses["further columns: left out"] += len(cells) > 3 and any(cells[3:])
        found.setdefault(key(cells[0]), (where, []))[1].append(cells)
    if not losses["further columns: left out"]:
        del losses["further columns: left out"]
    for where, lines in found.values():
        targets = dict.fromkeys(cells[1] for cells in lines if cells[1])
        notes = dict.fromkeys(cells[2] for cells in lines if len(cells) > 2 and cells[2])
        target, *variants = targets or [""]
        yield (
            where,
            {
                "source": lines[0][0],
                "target": target,
                "variants": "|".join(variants),
                "note": " / ".join(notes),
            },
        )


def render(terms: Sequence[Term], losses: Losses) -> bytes:
    """Return the file, a line for each spelling and each English form."""
    lines = [_HEADER]
    for term in pairable(terms, losses):
        note = " ".join(term.note.split())
        if note != term.note:
            losses["note: line breaks written as spaces"] += 1
        for surface in term.surfaces:
            if surface.startswith("#"):
                losses["source: left out, since # makes the line a remark"] += 1
                continue
            rows = ((surface, form, note) for form in (term.target, *term.variants))
            lines += ["\t".join(cell(value, losses) for value in row).rstrip("\t") for row in rows]
    return ("\n".join(lines) + "\n").encode()
