"""TMX 1.4b: translation memories. Only approved segments are written; role and terms travel as properties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from translate import __version__
from translate.catalog import State
from translate.errors import InputError
from translate.interchange.exchanged import Exchanged, Part, cleaned
from translate.interchange.inline import Numbers, append_text, pieces, text_of
from translate.interchange.xml import XML, child, children, local, parse, plain, render

_STRUCTURE = frozenset({"tmx", "body", "tu", "tuv"})
_DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'


def recognises(head: str) -> bool:
    """Tell a memory from other files; every version of TMX is read."""
    return re.search(r"<tmx\b", head) is not None


def write(parts: Sequence[Part]) -> bytes:
    """Return a TMX 1.4 file with a unit for each approved segment (and each one whose state is unknown)."""
    root = etree.Element("tmx", {"version": "1.4"})
    etree.SubElement(
        root,
        "header",
        {
            "creationtool": "Yakubun",
            "creationtoolversion": __version__,
            "segtype": "sentence",
            "o-tmf": "PO",
            "adminlang": "en",
            "srclang": "ja",
            "datatype": "plaintext",
        },
    )
    body = etree.SubElement(root, "body")
    for part in parts:
        for unit in part.units:
            if unit.target and unit.state in (None, State.APPROVED):
                _write_unit(body, unit, part.article)
    return render(root, _STRUCTURE, _DOCTYPE)


def _write_unit(body: Any, exchanged: Exchanged, article: str) -> None:
    unit = etree.SubElement(body, "tu")
    values = {"role": exchanged.role, "terms": exchanged.terms, "origin": exchanged.origin or article}
    for name, value in values.items():
        if value:
            etree.SubElement(unit, "prop", {"type": f"x-yakubun-{name}"}).text = cleaned(value)
    for language, text in (("ja", exchanged.source), ("en", exchanged.target)):
        variant = etree.SubElement(unit, "tuv", {f"{XML}lang": language})
        if language == "en":
            if stamp := _tmx_date(exchanged.date):
                variant.set("changedate", stamp)
            if exchanged.by:
                variant.set("changeid", cleaned(exchanged.by))
        _fill(etree.SubElement(variant, "seg"), text)


def _fill(segment: Any, text: str) -> None:
    """Write tags as TMX wants them: flat, each with the characters that it stands for."""
    for kind, value in pieces(text):
        if kind == "text":
            append_text(segment, value)
        elif kind == "open":
            etree.SubElement(segment, "bpt", {"i": value, "x": value}).text = f"<{value}>"
        elif kind == "close":
            etree.SubElement(segment, "ept", {"i": value}).text = f"</{value}>"
        else:
            etree.SubElement(segment, "ph", {"x": value}).text = f"<{value}/>"


def read(data: bytes, name: str) -> list[Part]:
    """Read a memory: every Japanese segment with every English one of its unit; other languages are left out.

    Raises:
        InputError: It is no TMX, or a variant has no segment.
    """
    root = parse(data, name)
    if local(root) != "tmx":
        raise InputError(f"{name}:{root.sourceline}: the root is <{local(root)}>, not <tmx>; export it as TMX 1.4")
    body = child(root, "body")
    if body is None:
        raise InputError(f"{name}:{root.sourceline}: no <body>; export it as TMX 1.4")
    return [Part("", tuple(exchanged for unit in children(body, "tu") for exchanged in _read_unit(unit, name)))]


def _read_unit(unit: Any, name: str) -> Iterator[Exchanged]:
    numbers = Numbers()
    variants = [(_language(one), one) for one in children(unit, "tuv")]
    properties = {one.get("type", ""): plain(one) for one in children(unit, "prop")}
    for source in [_segment(one, numbers, name) for language, one in variants if language == "ja"]:
        for variant in [one for language, one in variants if language == "en"]:
            target = _segment(variant, numbers, name)
            if source.strip() and target.strip():
                yield Exchanged(
                    source=source,
                    target=target,
                    key=unit.get("tuid", ""),
                    by=_first("changeid", variant, unit) or _first("creationid", variant, unit),
                    date=_iso_date(_first("changedate", variant, unit) or _first("creationdate", variant, unit)),
                    line=unit.sourceline or 0,
                    role=properties.get("x-yakubun-role", ""),
                    terms=properties.get("x-yakubun-terms", ""),
                    origin=properties.get("x-yakubun-origin", ""),
                )


def _language(variant: Any) -> str:
    code = variant.get(f"{XML}lang") or variant.get("lang") or ""
    return re.split(r"[-_]", code.lower())[0]


def _segment(variant: Any, numbers: Numbers, name: str) -> str:
    segment = child(variant, "seg")
    if segment is None:
        raise InputError(f"{name}:{variant.sourceline}: a <tuv> without <seg>; export the file again")
    return text_of(segment, numbers)


def _first(attribute: str, *elements: Any) -> str:
    return next((value for one in elements if (value := one.get(attribute))), "")


def _tmx_date(iso: str) -> str:
    try:
        return datetime.fromisoformat(iso).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if iso else ""
    except ValueError:
        return ""


def _iso_date(stamp: str) -> str:
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).isoformat() if stamp else ""
    except ValueError:
        return ""
