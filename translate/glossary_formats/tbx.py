"""TBX-Basic, the interchange format of termbases (ISO 30042:2019; written in DCA style, read in both styles).

Every field has a place: target and source are preferred terms, variants and aliases admitted ones, forbidden forms
deprecated ones, the kind is the subject field, and a note that begins with ``yakubun:`` holds mode and case, for which
TBX-Basic has no category. A blocker is a concept without English. The edition of 2008 (``martif``) is read, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from translate._glossary_rows import RefusedError
from translate.errors import GlossaryError
from translate.glossary import Case, Kind, Mode, Term
from translate.glossary_formats import Losses
from translate.interchange.xml import XML, local, parse, plain
from translate.interchange.xml import render as render_xml

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_PREFERRED, _ADMITTED, _DEPRECATED = "preferredTerm-admn-sts", "admittedTerm-admn-sts", "deprecatedTerm-admn-sts"
_UNWANTED = frozenset({"deprecated", "superseded", "notrecommended", "forbidden"})
_OURS = re.compile(r"yakubun:((?: (?:mode|case)=\w+)+)")
_STRUCTURE = frozenset({"tbx", "tbxHeader", "fileDesc", "text", "body", "conceptEntry", "langSec", "termSec"})
_ROOTS = frozenset({"tbx", "martif"})
_CONCEPTS, _LANGUAGES = frozenset({"conceptEntry", "termEntry"}), frozenset({"langSec", "langSet"})
_TERMS = frozenset({"termSec", "tig", "ntig"})
_READ = frozenset({"administrativeStatus", "subjectField", "note", "term"})


def records(data: bytes, path: Path, losses: Losses) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield one record for each concept that has a Japanese term."""
    root = parse(data, str(path))
    concepts = [element for element in root.iter() if local(element) in _CONCEPTS]
    if not concepts and local(root) not in _ROOTS:  # an empty glossary is one
        raise RefusedError(
            f"{path}:{root.sourceline}", f"no TBX concept inside <{local(root)}>: is it another XML format?"
        )
    for concept in concepts:
        where = f"{path}:{concept.sourceline}"
        japanese, english = _terms(concept, "ja"), _terms(concept, "en")
        if not japanese:
            losses["concepts without Japanese: left out"] += 1
            continue
        for unread in dict.fromkeys(filter(None, map(_category, concept.iter()))):
            losses[f"{unread}: left out"] += 1
        wanted = [term for term, status in english if status not in _UNWANTED]
        columns = {
            "source": japanese[0][0],
            "aliases": _joined(where, [term for term, _ in japanese[1:]]),
            "target": wanted[0] if wanted else "",
            "variants": _joined(where, wanted[1:]),
            "forbidden": _joined(where, [term for term, status in english if status in _UNWANTED]),
        }
        yield where, columns | _remarks(concept, losses)


def render(terms: Sequence[Term], losses: Losses) -> bytes:
    """Return the TBX file; nothing is lost."""
    del losses
    from lxml import etree

    root = etree.Element("tbx", {"type": "TBX-Basic", "style": "dca", f"{XML}lang": "en"}, {None: NAMESPACE})
    file = etree.SubElement(etree.SubElement(root, "tbxHeader"), "fileDesc")
    etree.SubElement(etree.SubElement(file, "sourceDesc"), "p").text = "Japanese-English glossary, written by Yakubun"
    body = etree.SubElement(etree.SubElement(root, "text"), "body")
    for number, term in enumerate(terms, 1):
        try:
            _concept(etree.SubElement(body, "conceptEntry", id=f"c{number}"), term)
        except ValueError as error:
            raise GlossaryError(
                f"{term.origin or term.source}: holds a character that XML cannot hold: take it out"
            ) from error
    return render_xml(root, _STRUCTURE)


def _concept(concept: Any, term: Term) -> None:
    """Fill a concept with a term."""
    from lxml import etree

    if term.kind is not Kind.TERM:
        etree.SubElement(concept, "descrip", type="subjectField").text = str(term.kind)
    settings = [("mode", term.mode, Mode.HARD), ("case", term.case, Case.AUTO)]
    given = "".join(f" {name}={value}" for name, value, default in settings if value is not default)
    for note in filter(None, (term.note, given and f"yakubun:{given}")):
        etree.SubElement(concept, "note").text = note
    preferred = dict.fromkeys((term.source, term.target), _PREFERRED)
    for language, forms in (("ja", term.surfaces), ("en", (term.target, *term.variants, *term.forbidden))):
        if not forms[0]:
            continue
        section = etree.SubElement(concept, "langSec", {f"{XML}lang": language})
        for place, form in enumerate(forms):
            unwanted = language == "en" and place > len(term.variants)
            status = _DEPRECATED if unwanted else preferred.get(form, _ADMITTED) if place == 0 else _ADMITTED
            holder = etree.SubElement(section, "termSec")
            etree.SubElement(holder, "term").text = form
            etree.SubElement(holder, "termNote", type="administrativeStatus").text = status


def _terms(concept: Any, language: str) -> list[tuple[str, str]]:
    """Return a concept's terms in one language with their status, preferred ones first."""
    found = []
    for section in concept.iter():
        code = section.get(f"{XML}lang", "") if local(section) in _LANGUAGES else ""
        if code.lower().replace("_", "-").partition("-")[0] != language:
            continue
        for holder in (one for one in section.iter() if local(one) in _TERMS):
            term = " ".join(next((plain(one) for one in holder.iter() if local(one) == "term"), "").split())
            status = next((plain(one) for one in holder.iter() if _name(one) == "administrativeStatus"), "")
            if term:
                found.append((term, re.sub("(term)?(-admn-sts)?$", "", status.strip().lower())))
    return sorted(found, key=lambda one: one[1] != "preferred")


def _remarks(concept: Any, losses: Losses) -> dict[str, str]:
    """Return kind, mode, case and note of a concept."""
    columns: dict[str, str] = {}
    notes = []
    for element in concept.iter():
        text = plain(element).strip()
        ours = _OURS.fullmatch(text)
        if _name(element) == "subjectField":
            if text in set(Kind):
                columns["kind"] = text
            else:
                losses["subjectField: left out"] += 1
        elif local(element) == "note" and ours:
            columns |= dict(pair.split("=") for pair in ours[1].split())
        elif local(element) == "note" and text:
            notes.append(text)
    return columns | {"note": "\n".join(notes)}


def _name(element: Any) -> str:
    """Return the data category of an element: its type in DCA style, its name in DCT style."""
    return str(element.get("type") or local(element)) if local(element) else ""


def _category(element: Any) -> str:
    """Return the data category of an element that holds a value and is not read, else nothing."""
    styled = element.get("type") or "{" + NAMESPACE + "}" not in str(element.tag)
    holds = local(element) and not len(element) and plain(element).strip()
    name = _name(element)
    return name if holds and styled and name not in _READ and local(element) not in _READ else ""


def _joined(where: str, values: Sequence[str]) -> str:
    """Join the values of a column that holds several."""
    for value in values:
        if "|" in value:
            raise RefusedError(where, f"{value!r} holds |, which separates values in our columns: take it out")
    return "|".join(values)
