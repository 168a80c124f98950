"""Writing an article with markup: edits to its source, so that everything else is copied as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from translate.document import Document, Role, Segment

Edit = tuple[int, int, str]
"""Start, end and what stands there instead."""

WriteSegment = Callable[[Segment, str], str]
"""Makes the file's text of a segment's English; the segment's slots hold the markup as it is to be written."""

_INDENT = re.compile("\u3000+\\Z")


def english_of(segment: Segment, translations: Mapping[str, str]) -> str:
    """Return a segment's English on one line, empty if it stays as it is."""
    english = translations.get(segment.plain, "")
    return "" if english == segment.plain else " ".join(english.split())


def render_edits(
    document: Document,
    translations: Mapping[str, str],
    write: WriteSegment,
    *,
    keep_boilerplate: bool,
    more: Iterable[Edit] = (),
) -> str:
    """Return the article's text with its segments translated.

    Args:
        document: What the format read.
        translations: ``Segment.plain`` → English; a segment that is missing, or empty, stays as it is.
        write: Writes one segment.
        keep_boilerplate: Whether boilerplate blocks stay.
        more: Further edits; those that touch a translated segment are left out.
    """
    dropped = [block.extent for block in document.blocks if block.role is Role.BOILERPLATE and not keep_boilerplate]
    edits: list[Edit] = [(start, end, "") for start, end in _united(dropped)]
    ends = [(start, end) for start, end, _ in edits]
    segments = _outside(
        sorted((one for _, one in document.segments(boilerplate=True)), key=lambda one: (one.start, -one.end)), ends
    )
    before: Segment | None = None
    before_english = ""
    inner: list[Segment] = []
    for segment in [*segments, None]:
        if segment is not None and before is not None and segment.start < before.end:
            inner.append(segment)
            continue
        if before is not None:
            edits += _edits_of(before, before_english, inner, translations, write)
        if segment is not None:
            english = english_of(segment, translations)
            start = before.end if before is not None else 0
            edits += _space(document.source, start, segment, bool(english), bool(before_english))
            before, before_english = segment, english
        inner = []
    return apply_edits(document.source, [*edits, *_clear(more, edits)])


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """Return the source with edits that do not overlap."""
    parts, at = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        parts += [source[at:start], text]
        at = end
    return "".join([*parts, source[at:]])


def _edits_of(
    segment: Segment,
    english: str,
    inner: list[Segment],
    translations: Mapping[str, str],
    write: WriteSegment,
) -> list[Edit]:
    """Return the edits of a segment: one if it is translated, else those of the texts inside its markup."""
    nested = [(one.start, one.end, write(one, text)) for one in inner if (text := english_of(one, translations))]
    if not english:
        return nested

    def copied(start: int, text: str) -> str:
        """Return markup as the file has it, with the texts inside it translated."""
        end = start + len(text)
        return apply_edits(text, [(a - start, b - start, new) for a, b, new in nested if start <= a and b <= end])

    slots = tuple(
        replace(
            slot,
            opening=copied(slot.start, slot.opening),
            closing=copied(slot.end, slot.closing) if slot.end >= 0 else slot.closing,
        )
        for slot in segment.slots
    )
    return [(segment.start, segment.end, write(replace(segment, slots=slots), english))]


def _space(source: str, start: int, segment: Segment, english: bool, before_english: bool) -> Iterator[Edit]:
    """Yield what English changes in the space before a segment: a full-width indent goes, a space comes."""
    if segment.space >= 0 and (english or before_english):
        yield segment.space, segment.space, " "
        return
    if not english:
        return
    indent = _INDENT.search(source, start, segment.start)
    if indent:
        inside = indent.start() == start and start > 0
        yield indent.start(), indent.end(), " " if inside else ""


def _outside(segments: Iterable[Segment], dropped: list[tuple[int, int]]) -> Iterator[Segment]:
    """Yield the segments that lie in no dropped span; both are in order."""
    at = 0
    for segment in segments:
        while at < len(dropped) and dropped[at][1] <= segment.start:
            at += 1
        if at == len(dropped) or segment.start < dropped[at][0]:
            yield segment


def _united(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that touch or overlap made one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _clear(more: Iterable[Edit], edits: list[Edit]) -> list[Edit]:
    return [one for one in more if not any(one[0] < end and start < one[1] for start, end, _ in edits)]
