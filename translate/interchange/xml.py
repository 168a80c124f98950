"""XML in and out: safe for files from strangers, laid out so that whitespace never enters a segment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from translate.errors import InputError

XML = "{http://www.w3.org/XML/1998/namespace}"


def parse(data: bytes, name: str) -> Any:
    """Return the root element of an XML file.

    A DOCTYPE may stand there, as TMX has one, but nothing outside the file is read, and a file that declares
    entities of its own is refused.

    Raises:
        InputError: The file is no XML, or declares entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, dtd_validation=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        what = re.sub(r", line \d+, column \d+.*", "", str(error.msg or error))
        raise InputError(f"{name}:{error.lineno or 1}: not well-formed XML: {what}; export the file again") from error
    except ValueError as error:
        raise InputError(f"{name}: cannot be read as XML: {error}; export the file again") from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise InputError(f"{name}: declares XML entities, which are not read; save the file without its DTD")
    for entity in root.iter(etree.Entity):
        raise InputError(
            f"{name}:{entity.sourceline}: the entity {entity.text} has no meaning here; write the character"
        )
    return root


def local(element: Any) -> str:
    """Return an element's name without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Any, name: str) -> Iterator[Any]:
    """Yield the children of this local name."""
    return (child for child in element if local(child) == name)


def child(element: Any, name: str) -> Any | None:
    """Return the first child of this local name, or None."""
    return next(children(element, name), None)


def plain(element: Any | None) -> str:
    """Return all characters inside an element; empty for None, comments and processing instructions."""
    return "".join(element.itertext()) if element is not None and isinstance(element.tag, str) else ""


def render(root: Any, structure: frozenset[str], doctype: str | None = None) -> bytes:
    """Return an XML file, each child of a ``structure`` element on a line of its own."""
    _lay_out(root, structure, 0)
    rendered: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=doctype)
    return rendered + b"\n"


def _lay_out(element: Any, structure: frozenset[str], depth: int) -> None:
    if local(element) not in structure or not len(element):
        return
    element.text = "\n" + " " * (depth + 1)
    for one in element:
        _lay_out(one, structure, depth + 1)
        one.tail = element.text
    element[-1].tail = "\n" + " " * depth
