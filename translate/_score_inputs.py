"""What a score run reads: aligned lines, PO files and their references, TMX; and what looks wrong about them.

Everything ends in one shape, ``Aligned``. Lines meet by their order, PO entries and TMX units by their Japanese.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate import bounded
from translate.catalog import Catalog
from translate.checks import segment_check
from translate.encoding import decode
from translate.errors import InputError, ScoreError


@dataclass(frozen=True)
class Aligned:
    """Segments to score, one position in every list for each.

    Attributes:
        hypotheses: The English to score.
        references: One list a reference set.
        sources: The Japanese, or None if it is not known.
        articles: The name of the article that a segment belongs to.
        places: Where a segment stands, for messages, such as ``cape.po:14``.
        waived: What a person waived in a segment: names of checks, or surfaces of terms.
    """

    hypotheses: Sequence[str]
    references: Sequence[Sequence[str]]
    sources: Sequence[str] | None
    articles: Sequence[str]
    places: Sequence[str]
    waived: Sequence[frozenset[str]]

    @property
    def hash(self) -> str:
        """Eight hex digits of what is tested: sources and references in order, not the hypotheses."""
        digest = hashlib.sha256()
        for column in (self.sources or (), *self.references):
            for text in column:
                digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
            digest.update(b"\0")
        return digest.hexdigest()[:8]

    def by_article(self) -> dict[str, list[int]]:
        """Return the numbers of the segments of each article, in order."""
        found: dict[str, list[int]] = {}
        for number, article in enumerate(self.articles):
            found.setdefault(article, []).append(number)
        return found


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that makes a score doubtful.

    Attributes:
        kind: ``empty-hypothesis``, ``japanese``, ``empty-reference`` or ``reference-is-source``.
        message: What it is, for people.
        places: The segments.
    """

    kind: str
    message: str
    places: tuple[str, ...]


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file; only LF and CRLF end one, and the last needs no end.

    Raises:
        InputError: The file is missing, a folder, too large, or not text.
    """
    try:
        text = decode(bounded.read(path, bounded.TABLE), str(path)).text
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def is_exchange(path: Path) -> bool:
    """Tell by its name whether a file holds pairs that are aligned by their Japanese (TMX, XLIFF), not lines."""
    return path.suffix.lower() in {".tmx", ".xlf", ".xliff"}


def read_units(path: Path) -> list[tuple[str, str]]:
    """Return Japanese and English of the units of a TMX or XLIFF file, in order.

    Raises:
        InputError: The file is malformed or holds no such pair.
    """
    from translate import interchange  # only such a file pays for the XML library

    try:
        parts = interchange.read_file(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    units = [(unit.source, unit.target) for part in parts for unit in part.units if unit.target]
    if not units:
        raise InputError(f"{path}: no unit has both Japanese and English; check its languages")
    return units


def from_lines(
    sources: Sequence[str] | None,
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    names: tuple[str, str, str],
    articles: Sequence[str] | None = None,
) -> Aligned:
    """Return aligned lines.

    Args:
        sources: The Japanese, if known.
        hypotheses: The English to score.
        references: One list a reference set; their lengths are compared where they are scored.
        names: What messages call the three.
        articles: The article of each line; all lines are one article otherwise.

    Raises:
        ScoreError: Sources or articles are not as many as the hypotheses.
    """
    for name, column in ((names[0], sources), ("the list of articles", articles)):
        if column is not None and len(column) != len(hypotheses):
            raise ScoreError(
                f"{name} has {len(column)} segments, {names[1]} has {len(hypotheses)}: they must be aligned "
                "one to one; look for a line that was split or joined"
            )
    places = [f"{names[1]}:{number}" for number in range(1, len(hypotheses) + 1)]
    nothing: list[frozenset[str]] = [frozenset()] * len(hypotheses)
    return Aligned(hypotheses, references, sources, articles or [names[1]] * len(hypotheses), places, nothing)


def by_source(
    sources: Sequence[str], known: Mapping[str, str], where: tuple[str, str], places: Sequence[str]
) -> list[str]:
    """Return the reference of each source.

    Raises:
        ScoreError: One has none; the message names the first.
    """
    missing = [number for number, source in enumerate(sources) if source not in known]
    if missing:
        first = missing[0]
        raise ScoreError(
            f"{where[1]} has no reference for {len(missing)} of {len(sources)} segments of {where[0]}; "
            f"the first is in {places[first]}: {sources[first][:40]!r}; add them or score another file"
        )
    return [known[source] for source in sources]


def aligned(
    catalog: Catalog, reference: Catalog | Sequence[str] | Mapping[str, str], where: tuple[str, str]
) -> tuple[list[str], list[str], list[str]]:
    """Return sources, hypotheses and references of a PO file: by msgid with a PO file or TMX, by order with lines.

    Args:
        catalog: The PO file to score; its live entries count.
        reference: A PO file whose msgstr are references, a reference for each Japanese segment, or one line an entry.
        where: Names of both, for messages.

    Raises:
        ScoreError: A msgid has no reference, or the number of lines differs from that of the entries.
    """
    entries = list(catalog)
    sources = [entry.msgid for entry in entries]
    if isinstance(reference, Catalog):
        reference = {entry.msgid: entry.msgstr for entry in reference if entry.msgstr}
    if isinstance(reference, Mapping):
        references = by_source(sources, reference, where, [f"line {entry.line}" for entry in entries])
    else:
        references = list(reference)
        if len(references) != len(entries):
            raise ScoreError(
                f"{where[0]} has {len(entries)} segments, {where[1]} has {len(references)} lines: they must be aligned "
                "one to one; a PO file as reference is aligned by its msgid instead"
            )
    return sources, [entry.msgstr for entry in entries], references


def from_po(files: Sequence[Path], sets: Sequence[Sequence[Path]]) -> Aligned:
    """Align PO files with their references.

    Args:
        files: The PO files to score.
        sets: One list of files a reference set: PO files or line files of the same names, a TMX file that serves them
            all, or a single one for a single PO file, whatever its name.

    Raises:
        InputError: A PO file has no reference in a set.
        ScoreError: See ``aligned``.
    """
    catalogs = [(path, Catalog.read(path)) for path in files]
    live = [(path, entry) for path, catalog in catalogs for entry in catalog]
    references: list[list[str]] = []
    for paths in sets:
        column: list[str] = []
        for path, catalog in catalogs:
            reference = _reference(path, paths, alone=len(files) == 1)
            column += aligned(catalog, _read(reference), (str(path), str(reference)))[2]
        references.append(column)
    return Aligned(
        [entry.msgstr for _, entry in live],
        references,
        [entry.msgid for _, entry in live],
        [str(path) for path, _ in live],
        [f"{path}:{entry.line}" for path, entry in live],
        [frozenset(waiver.subject for waiver in entry.waivers) for _, entry in live],
    )


def _reference(path: Path, paths: Sequence[Path], *, alone: bool) -> Path:
    if len(paths) == 1 and (alone or is_exchange(paths[0])):
        return paths[0]
    found = next((one for one in paths if one.stem == path.stem), None)
    if found is None:
        raise InputError(
            f"score: no --reference file is called {path.stem}.po, so {path} has nothing to be compared with"
        )
    return found


def _read(path: Path) -> Catalog | list[str] | dict[str, str]:
    if is_exchange(path):
        return dict(read_units(path))
    return Catalog.read(path) if path.suffix == ".po" else read_lines(path)


def notices(rows: Aligned) -> list[Notice]:
    """Return what makes the scores of these segments doubtful, each with its places."""
    japanese = segment_check("japanese")
    sources = rows.sources or [""] * len(rows.hypotheses)
    found: dict[str, list[str]] = {}
    columns = zip(sources, rows.hypotheses, zip(*rows.references, strict=True), rows.places, strict=True)
    for source, hypothesis, references, place in columns:
        if not hypothesis.strip():
            found.setdefault("empty-hypothesis", []).append(place)
        elif japanese(source, hypothesis, ()):
            found.setdefault("japanese", []).append(place)
        if any(not reference.strip() for reference in references):
            found.setdefault("empty-reference", []).append(place)
        if source.strip() and any(reference.strip() == source.strip() for reference in references):
            found.setdefault("reference-is-source", []).append(place)
    return [Notice(kind, message, tuple(found[kind])) for kind, message in _NOTICES.items() if kind in found]


_NOTICES = {
    "empty-hypothesis": "nothing is translated, which counts against the score",
    "japanese": "the hypothesis holds Japanese",
    "empty-reference": "the reference is empty, so that whatever stands there is wrong",
    "reference-is-source": "the reference is the Japanese source itself",
}
