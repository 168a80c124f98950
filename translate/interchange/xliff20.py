"""XLIFF 2.0 (2.1 and 2.2 read alike): states initial, translated, reviewed, final.

Untranslated and machine are ``initial``, the latter with the sub-state ``yakubun:machine``; edited is ``translated``,
approved is ``final`` (``reviewed`` is read as approved, too). The English and the state at the time of the export stand
in the metadata module, which tools must keep.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from translate.catalog import State
from translate.errors import InputError
from translate.interchange.exchanged import Exchanged, Part, cleaned, state_named
from translate.interchange.inline import Numbers, fill, text_of
from translate.interchange.xml import XML, child, children, local, parse, plain, render

_SPACE = "urn:oasis:names:tc:xliff:document:2.0"
_NAME = f"{{{_SPACE}}}"
_META_SPACE = "urn:oasis:names:tc:xliff:metadata:2.0"
_META = f"{{{_META_SPACE}}}"
_STRUCTURE = frozenset({"xliff", "file", "unit", "metadata", "metaGroup", "notes", "segment"})
_STATES = {
    State.UNTRANSLATED: "initial",
    State.MACHINE: "initial",
    State.EDITED: "translated",
    State.APPROVED: "final",
}
_READ = {"translated": State.EDITED, "reviewed": State.APPROVED, "final": State.APPROVED}
_CATEGORY = "yakubun-export"


def recognises(head: str) -> bool:
    """Tell XLIFF 2 from 1.2."""
    return re.search(r"<(?:\w+:)?xliff\b[^>]*?\sversion\s*=\s*[\"']2\.", head) is not None


def write(parts: Sequence[Part]) -> bytes:
    """Return an XLIFF 2.0 file with a ``file`` element for each part."""
    root = etree.Element(
        f"{_NAME}xliff", {"version": "2.0", "srcLang": "ja", "trgLang": "en"}, nsmap={None: _SPACE, "mda": _META_SPACE}
    )
    for number, part in enumerate(parts, 1):
        file = etree.SubElement(root, f"{_NAME}file", {"id": f"f{number}", "original": cleaned(part.article)})
        for unit in part.units:
            _write_unit(file, unit)
    return render(root, _STRUCTURE)


def _write_unit(file: Any, exchanged: Exchanged) -> None:
    unit = etree.SubElement(file, f"{_NAME}unit", {"id": exchanged.key})
    if exchanged.base is not None and exchanged.base_state is not None:
        group = etree.SubElement(
            etree.SubElement(unit, f"{_META}metadata"), f"{_META}metaGroup", {"category": _CATEGORY}
        )
        for kind, text in (("state", str(exchanged.base_state)), ("target", exchanged.base)):
            etree.SubElement(group, f"{_META}meta", {"type": kind}).text = cleaned(text)
    if exchanged.notes:
        notes = etree.SubElement(unit, f"{_NAME}notes")
        for category, text in exchanged.notes:
            etree.SubElement(notes, f"{_NAME}note", {"category": cleaned(category)}).text = cleaned(text)
    state = exchanged.state or State.EDITED
    segment = etree.SubElement(unit, f"{_NAME}segment", {"state": _STATES[state]})
    if state is State.MACHINE:
        segment.set("subState", "yakubun:machine")
    source = etree.SubElement(segment, f"{_NAME}source", {f"{XML}space": "preserve"})
    fill(source, exchanged.source, f"{_NAME}pc", f"{_NAME}ph")
    if exchanged.target or state is not State.UNTRANSLATED:
        target = etree.SubElement(segment, f"{_NAME}target", {f"{XML}space": "preserve"})
        fill(target, exchanged.target, f"{_NAME}pc", f"{_NAME}ph")


def read(data: bytes, name: str) -> list[Part]:
    """Read an XLIFF 2 file, ours or another tool's.

    Raises:
        InputError: It is no XLIFF, or a segment has no source.
    """
    root = parse(data, name)
    if local(root) != "xliff":
        raise InputError(f"{name}:{root.sourceline}: the root is <{local(root)}>, not <xliff>; export it as XLIFF 2.0")
    return [
        Part(file.get("original", ""), tuple(_read_unit(u, name) for u in file.iter() if local(u) == "unit"))
        for file in children(root, "file")
    ]


def _read_unit(unit: Any, name: str) -> Exchanged:
    """Read a unit; a tool may have split it into segments, which are joined again."""
    numbers = Numbers()
    source = target = ""
    states: list[State | None] = []
    for part in unit:
        if local(part) not in ("segment", "ignorable"):
            continue
        original, translated = child(part, "source"), child(part, "target")
        if original is None:
            raise InputError(f"{name}:{part.sourceline}: a <{local(part)}> without <source>; export the file again")
        text = text_of(original, numbers)
        source += text
        if local(part) == "segment":
            english = "" if translated is None else text_of(translated, numbers)
            states.append(_state(part, english))
        else:  # what stands between two segments is the same in both languages unless the tool says otherwise
            english = text if translated is None else text_of(translated, numbers)
        target += english
    base, base_state = _base(unit)
    notes = [(note.get("category", "note"), plain(note)) for group in children(unit, "notes") for note in group]
    return Exchanged(
        source=source,
        target=target if target.strip() else "",
        state=_least(states) if target.strip() else State.UNTRANSLATED,
        key=unit.get("id", ""),
        base=base,
        base_state=base_state,
        notes=tuple(notes),
        role=dict(notes).get("role", ""),
        line=unit.sourceline or 0,
    )


def _state(segment: Any, english: str) -> State | None:
    if not english.strip():
        return State.UNTRANSLATED
    named = segment.get("state")
    return _READ.get(named, State.MACHINE) if named else None


def _least(states: Sequence[State | None]) -> State | None:
    """A unit is as far as the least of its segments."""
    for state in (State.UNTRANSLATED, State.MACHINE, None, State.EDITED):
        if state in states:
            return state if state is not State.UNTRANSLATED else State.MACHINE
    return State.APPROVED if states else None


def _base(unit: Any) -> tuple[str | None, State | None]:
    for group in unit.iter(f"{_META}metaGroup"):
        if group.get("category") == _CATEGORY:
            found = {meta.get("type"): plain(meta) for meta in children(group, "meta")}
            if "target" in found and state_named(found.get("state")):
                return found["target"], state_named(found.get("state"))
    return None, None
