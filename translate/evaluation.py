"""Runs that produce hypotheses for a test set, and the scores of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from translate.catalog import Catalog
from translate.encoding import decode
from translate.enforcement import required_terms, translate_segments
from translate.engines.base import Engine, Progress
from translate.errors import InputError, ScoreError
from translate.glossary import Glossary, satisfied
from translate.matching import Match, find_terms
from translate.metrics import Scores, corpus_scores

CHUNK = 192
"""Lines that are decoded together; larger than an article's, since nothing of a score run is kept half-done."""


@dataclass(frozen=True)
class Evaluation:
    """Scores of one set of hypotheses.

    Attributes:
        scores: BLEU, chrF2 and TER with their signatures.
        matched: Distinct hard terms a segment, summed.
        satisfied: Those that the hypothesis holds.
        stages: Enforcement stage → segments; empty if the hypotheses were given.
        seconds: Time of translating; 0 if the hypotheses were given.
        hypotheses: The English, in order.
    """

    scores: Scores
    matched: int
    satisfied: int
    stages: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    hypotheses: Sequence[str] = ()


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file; only LF and CRLF end one, and the last needs no end.

    Raises:
        InputError: The file is missing, a folder, or not text.
    """
    try:
        text = decode(path.read_bytes(), str(path)).text
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def translate_lines(
    lines: Sequence[str], glossary: Glossary, engine: Engine, progress: Progress
) -> tuple[list[str], Counter[str], float]:
    """Translate each line as one segment; return the English, the count of stages, and the seconds it took."""
    matches = [find_terms(line, glossary) for line in lines]
    order = sorted(range(len(lines)), key=lambda index: -len(lines[index]))
    english, stages, started = [""] * len(lines), Counter[str](), time.monotonic()
    for at in range(0, len(order), CHUNK):
        progress("Translating the test set", at, len(order))
        chunk = order[at : at + CHUNK]
        results = translate_segments([lines[index] for index in chunk], [matches[index] for index in chunk], engine)
        for index, result in zip(chunk, results, strict=True):
            english[index] = result.english
            stages[str(result.stage)] += 1
    progress("Translating the test set", len(order), len(order))
    return english, stages, time.monotonic() - started


def evaluate(
    sources: Sequence[str] | None,
    hypotheses: Sequence[str],
    references: Sequence[str],
    glossary: Glossary,
    *,
    names: tuple[str, str, str] = ("source", "hypothesis", "reference"),
) -> Evaluation:
    """Score hypotheses; with sources also count the glossary terms that arrived.

    Raises:
        ScoreError: The lengths differ, or there is nothing to score.
    """
    if sources is not None and len(sources) != len(hypotheses):
        raise ScoreError(
            f"{names[0]} has {len(sources)} segments, {names[1]} has {len(hypotheses)}: they must be aligned "
            "one to one; look for a line that was split or joined"
        )
    scores = corpus_scores(hypotheses, [references], hypotheses_name=names[1], references_name=names[2])
    pairs = [
        (term, english)
        for source, english in zip(sources or (), hypotheses, strict=sources is not None)
        for term in required_terms(_matches(source, glossary))
    ]
    return Evaluation(
        scores, len(pairs), sum(satisfied(term, english) for term, english in pairs), hypotheses=hypotheses
    )


def _matches(source: str, glossary: Glossary) -> list[Match]:
    return find_terms(source, glossary) if len(glossary) else []


def aligned(
    catalog: Catalog, reference: Catalog | Sequence[str], where: tuple[str, str]
) -> tuple[list[str], list[str], list[str]]:
    """Return sources, hypotheses and references of a PO file: by msgid with a PO, by order with lines.

    Args:
        catalog: The PO file to score; its live entries count.
        reference: A PO file whose msgstr are references, or one line an entry.
        where: Names of both, for messages.

    Raises:
        ScoreError: A msgid has no reference, or the number of lines differs from that of the entries.
    """
    entries = list(catalog)
    if isinstance(reference, Catalog):
        known = {entry.msgid: entry.msgstr for entry in reference if entry.msgstr}
        missing = [entry for entry in entries if entry.msgid not in known]
        if missing:
            raise ScoreError(
                f"{where[1]} has no reference for {len(missing)} of {len(entries)} segments of {where[0]}; "
                f"the first is in line {missing[0].line}: {missing[0].msgid[:40]!r}; add them or score another file"
            )
        references = [known[entry.msgid] for entry in entries]
    else:
        references = list(reference)
        if len(references) != len(entries):
            raise ScoreError(
                f"{where[0]} has {len(entries)} segments, {where[1]} has {len(references)} lines: they must be aligned "
                "one to one; a PO file as reference is aligned by its msgid instead"
            )
    return [entry.msgid for entry in entries], [entry.msgstr for entry in entries], references
