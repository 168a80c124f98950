"""XLIFF 1.2, which nearly every CAT tool reads and writes.

==============  =====================================================  ========
state           ``target/@state`` (and ``@state-qualifier``)           approved
==============  =====================================================  ========
untranslated    needs-translation                                      no
machine         needs-review-translation (mt-suggestion)               no
edited          translated                                             no
approved        final                                                  yes
==============  =====================================================  ========

The English at the time of the export stands in an ``alt-trans`` of the type previous-version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from translate import __version__
from translate.catalog import State
from translate.errors import InputError
from translate.interchange.exchanged import Exchanged, Part, cleaned, state_named
from translate.interchange.inline import Numbers, fill, text_of
from translate.interchange.xml import XML, child, children, local, parse, plain, render

_SPACE = "urn:oasis:names:tc:xliff:document:1.2"
_NAME = f"{{{_SPACE}}}"
_STRUCTURE = frozenset({"xliff", "file", "header", "body", "trans-unit", "alt-trans"})
_STATES = {
    State.UNTRANSLATED: "needs-translation",
    State.MACHINE: "needs-review-translation",
    State.EDITED: "translated",
    State.APPROVED: "final",
}
_APPROVED = {"final", "signed-off"}
_ORIGIN = "yakubun"


def recognises(head: str) -> bool:
    """Tell XLIFF 1.2 (and 1.1, 1.0) from 2.0."""
    return re.search(r"<(?:\w+:)?xliff\b[^>]*?\sversion\s*=\s*[\"']1\.", head) is not None


def write(parts: Sequence[Part]) -> bytes:
    """Return an XLIFF 1.2 file with a ``file`` element for each part."""
    root = etree.Element(f"{_NAME}xliff", {"version": "1.2"}, nsmap={None: _SPACE})
    for part in parts:
        languages = {"source-language": "ja", "target-language": "en", "datatype": "plaintext"}
        file = etree.SubElement(root, f"{_NAME}file", {"original": cleaned(part.article), **languages})
        header = etree.SubElement(file, f"{_NAME}header")
        etree.SubElement(
            header, f"{_NAME}tool", {"tool-id": "yakubun", "tool-name": "Yakubun", "tool-version": __version__}
        )
        body = etree.SubElement(file, f"{_NAME}body")
        for unit in part.units:
            _write_unit(body, unit)
    return render(root, _STRUCTURE)


def _write_unit(body: Any, unit: Exchanged) -> None:
    state = unit.state or State.EDITED
    approved = "yes" if state is State.APPROVED else "no"
    trans = etree.SubElement(
        body, f"{_NAME}trans-unit", {"id": unit.key, "approved": approved, f"{XML}space": "preserve"}
    )
    fill(etree.SubElement(trans, f"{_NAME}source"), unit.source, f"{_NAME}g", f"{_NAME}x")
    target = etree.SubElement(trans, f"{_NAME}target", {"state": _STATES[state]})
    if state is State.MACHINE:
        target.set("state-qualifier", "mt-suggestion")
    fill(target, unit.target, f"{_NAME}g", f"{_NAME}x")
    for category, text in unit.notes:
        note = etree.SubElement(trans, f"{_NAME}note", {"from": cleaned(category)})
        note.text = cleaned(text)
    if unit.base is not None and unit.base_state is not None:
        past = etree.SubElement(
            trans, f"{_NAME}alt-trans", {"origin": f"{_ORIGIN}:{unit.base_state}", "alttranstype": "previous-version"}
        )
        fill(etree.SubElement(past, f"{_NAME}target"), unit.base, f"{_NAME}g", f"{_NAME}x")


def read(data: bytes, name: str) -> list[Part]:
    """Read an XLIFF 1.2 file, ours or another tool's.

    Raises:
        InputError: It is no XLIFF, or a unit has no source.
    """
    root = parse(data, name)
    if local(root) != "xliff":
        raise InputError(f"{name}:{root.sourceline}: the root is <{local(root)}>, not <xliff>; export it as XLIFF 1.2")
    return [
        Part(file.get("original", ""), tuple(_read_unit(unit, name) for unit in _units(file)))
        for file in children(root, "file")
    ]


def _units(file: Any) -> Iterator[Any]:
    return (element for element in file.iter() if local(element) == "trans-unit")


def _read_unit(trans: Any, name: str) -> Exchanged:
    source, target = child(trans, "source"), child(trans, "target")
    if source is None:
        raise InputError(f"{name}:{trans.sourceline}: a <trans-unit> without <source>; export the file again")
    numbers = Numbers()
    text = text_of(source, numbers)
    english = "" if target is None else text_of(target, numbers)
    base, base_state = _base(trans, numbers)
    return Exchanged(
        source=text,
        target=english,
        state=_state(trans, target, english),
        key=trans.get("id", ""),
        base=base,
        base_state=base_state,
        notes=tuple((note.get("from", "note"), plain(note)) for note in children(trans, "note")),
        role=next((plain(note) for note in children(trans, "note") if note.get("from") == "role"), ""),
        line=trans.sourceline or 0,
    )


def _state(trans: Any, target: Any | None, english: str) -> State | None:
    named = "" if target is None else target.get("state", "")
    if not english.strip():
        return State.UNTRANSLATED
    if trans.get("approved") == "yes" or named in _APPROVED:
        return State.APPROVED
    if named == "translated":
        return State.EDITED
    return State.MACHINE if named else None  # new, needs-…: the person is not done with it


def _base(trans: Any, numbers: Numbers) -> tuple[str | None, State | None]:
    for past in children(trans, "alt-trans"):
        owner, _, state = past.get("origin", "").partition(":")
        found = child(past, "target")
        if owner == _ORIGIN and found is not None and state_named(state):
            return text_of(found, numbers), state_named(state)
    return None, None
