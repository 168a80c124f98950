"""Bring the entries of a PO file up to date with the article, and lose nothing that anybody wrote."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from translate import __version__
from translate._entry import WAS_PREFIX, State, above_machine, by_people, is_plural, state_of
from translate._fuzzy import FuzzyMatching, places_of_gone, predecessors, similarity
from translate._message import Message, PoFile
from translate._po_path import safe_path
from translate.document import Block, Document, Role, Segment
from translate.errors import CatalogError

_BREAK = re.compile(r"\r\n|\n|\r")

_DEFAULTS = {
    "Project-Id-Version": "yakubun",
    "Report-Msgid-Bugs-To": "",
    "POT-Creation-Date": "",
    "PO-Revision-Date": "",
    "Last-Translator": "Automatically generated",
    "Language-Team": "none",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
    "X-Generator": f"Yakubun {__version__}",
}


@dataclass
class _Place:
    """Where a msgid stands: the block that describes it best, and every line."""

    block: Block
    occurrences: dict[tuple[str, int], None] = field(default_factory=dict)


def merge_files(
    document: Document,
    old: PoFile,
    extracted: Mapping[str, Sequence[str]],
    *,
    keep_boilerplate: bool = False,
    fuzzy: FuzzyMatching | None = None,
    now: datetime | None = None,
) -> PoFile:
    """Do what ``translate.catalog.merge`` promises, on files; ``old`` is left as it is."""
    places = _places(document, keep_boilerplate)
    headings = _headings(document)
    known = {message.msgid: message for message in old.messages if message.msgctxt is None}
    edited = _edited(places, known, fuzzy) if fuzzy else {}
    forgotten = _forgotten(places, known, fuzzy) if fuzzy else {}
    live = []
    for msgid, place in places.items():
        check_text(msgid, f"{document.path}:{next(iter(place.occurrences))[1]}: the segment")
        message = _settled(known[msgid].copy()) if msgid in known else edited.get(msgid) or Message(msgid)
        message.previous.update(forgotten.get(msgid, {}))
        message.obsolete = False
        message.occurrences = list(place.occurrences)
        message.extracted = _described(place.block, headings)
        message.extracted += [line for line in map(one_line, extracted.get(msgid, ())) if line]
        live.append(message)
    # An entry with a msgctxt is a person's own; it stays, live or obsolete.
    foreign = [message.copy() for message in old.messages if message.msgctxt is not None]
    gone = [
        replace(message.copy(), obsolete=True, occurrences=[], extracted=[])
        for message in old.messages
        if message.msgctxt is None and message.msgid not in places and _worth_keeping(message)
    ]
    merged = replace(
        old,
        headers=dict(old.headers),
        header_comments=list(old.header_comments),
        header_flags=list(old.header_flags),
        trailing=list(old.trailing),
        messages=[*live, *foreign, *gone],
    )
    before = {msgid for msgid, message in known.items() if not message.obsolete}
    _set_headers(merged, document, changed=before != set(places), now=now)
    return merged


def stamp(file: PoFile, header: str, now: datetime | None) -> None:
    """Set a date in the header, in gettext's form, and our name beside it unless another tool's stands there."""
    file.headers[header] = (now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M%z")
    if file.headers.get("X-Generator", "Yakubun").startswith("Yakubun"):
        file.headers["X-Generator"] = _DEFAULTS["X-Generator"]


def check_text(text: str, what: str) -> None:
    """Refuse what no PO file can hold.

    Raises:
        CatalogError: The text holds a NUL or half of a surrogate pair.
    """
    found = re.search("[\x00\ud800-\udfff]", text)
    if found:
        raise CatalogError(
            f"{what} holds U+{ord(found[0]):04X} at character {found.start() + 1} ({text[:20]!a}…), which a PO file "
            "cannot hold; remove it from the text"
        )


def one_line(text: str) -> str:
    """Join a text's lines, so that it fits into one comment."""
    return " ".join(text.splitlines()).strip()


def _places(document: Document, keep_boilerplate: bool) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    # Document.line_of counts from the start each time, which is too slow for a book.
    breaks = [match.end() for match in _BREAK.finditer(document.source)]
    path = safe_path(document.path)
    for block, segment in _segments(document, keep_boilerplate):
        place = places.setdefault(segment.plain, _Place(block))
        if place.block.role is Role.CONTENTS:  # the heading itself says more than its line in the contents
            place.block = block
        place.occurrences[path, bisect_right(breaks, segment.start) + 1] = None
    return places


def _segments(document: Document, keep_boilerplate: bool) -> Iterator[tuple[Block, Segment]]:
    for block, segment in document.segments(boilerplate=keep_boilerplate):
        if segment.plain.strip():  # an empty msgid is the header's
            yield block, segment


def _headings(document: Document) -> dict[int, str]:
    headings: dict[int, str] = {}
    for block in document.blocks:
        if block.role is Role.HEADING:
            headings.setdefault(block.section, " ".join(segment.plain for segment in block.segments))
    return headings


def _described(block: Block, headings: Mapping[int, str]) -> list[str]:
    heading = one_line(headings.get(block.section, ""))
    return [f"section: {block.section} {heading}".strip(), f"role: {block.role}"]


def _edited(places: Mapping[str, _Place], known: Mapping[str, Message], fuzzy: FuzzyMatching) -> dict[str, Message]:
    """Return the new entries that were made from an entry whose text is gone, with what they take over from it."""
    order = list(places)
    new = {msgid: float(at) for at, msgid in enumerate(order) if msgid not in known}
    live = places_of_gone((msgid for msgid, message in known.items() if not message.obsolete), order)
    gone = {
        msgid: live.get(msgid)
        for msgid, message in known.items()
        if msgid not in places and not is_plural(message) and _worth_keeping(message)
    }
    found = predecessors(new, gone, fuzzy.least)
    return {
        msgid: _inherit(msgid, known[one.text], _origin(msgid, known[one.text], gone, known, fuzzy), fuzzy)
        for msgid, one in found.items()
    }


def _origin(
    msgid: str,
    message: Message,
    gone: Mapping[str, object],
    known: Mapping[str, Message],
    fuzzy: FuzzyMatching,
) -> Message:
    """Return the entry to show for an edited text: if a machine's text came between, still the person's before it."""
    seen, one = {message.msgid}, message
    while state_of(one) not in (State.APPROVED, State.EDITED):
        earlier = one.previous.get("msgid", "")
        if earlier not in gone or earlier in seen or similarity(msgid, earlier) < fuzzy.least:
            return message
        seen.add(earlier)
        one = known[earlier]
    return one


def _inherit(msgid: str, nearest: Message, origin: Message, fuzzy: FuzzyMatching) -> Message:
    """Make the entry of an edited text; what it came from stays as it is, for the day when the old text returns.

    People's comments come along, as with msgmerge: a waiver holds for the sentence until a reviewer says otherwise.
    """
    made = Message(msgid, comments=by_people(nearest.comments), previous={"msgid": origin.msgid})
    if not origin.msgstr:
        return made
    state = state_of(origin)
    alike = f"{similarity(msgid, origin.msgid):.0f} %"
    made.comments = above_machine(made.comments, f"{WAS_PREFIX}{one_line(origin.msgstr)} [{state}, {alike}]")
    if fuzzy.keep and state is not State.MACHINE:  # a machine's text is no work that could be lost
        made.msgstr, made.flags = origin.msgstr, ["fuzzy"]
    return made


def _forgotten(
    places: Mapping[str, _Place], known: Mapping[str, Message], fuzzy: FuzzyMatching
) -> dict[str, dict[str, str]]:
    """Return the previous msgids that another tool dropped: msgmerge does so unless it is told to keep them."""
    bare = {
        msgid: 0.0
        for msgid, message in known.items()
        if msgid in places
        and not message.previous
        and any(line.startswith(WAS_PREFIX) for line in message.comments)
        and state_of(message) is not State.APPROVED
    }
    gone = {msgid: None for msgid in known if msgid not in places}
    return {msgid: {"msgid": one.text} for msgid, one in predecessors(bare, gone, fuzzy.least).items()}


def _settled(message: Message) -> Message:
    """Drop what an approved entry was made from: gettext's tools do so, and the reviewer has seen it."""
    if "fuzzy" not in message.flags and message.msgstr and not is_plural(message):
        message.previous = {}
        message.comments = [line for line in message.comments if not line.startswith(WAS_PREFIX)]
    return message


def _worth_keeping(message: Message) -> bool:
    return bool(message.msgstr) or any(message.msgstr_plural.values()) or any(filter(None, by_people(message.comments)))


def _set_headers(file: PoFile, document: Document, *, changed: bool, now: datetime | None) -> None:
    for name, value in _DEFAULTS.items():
        file.headers.setdefault(name, value)
    if changed or not file.headers["POT-Creation-Date"]:
        stamp(file, "POT-Creation-Date", now)
    if not file.headers["PO-Revision-Date"]:
        file.headers["PO-Revision-Date"] = file.headers["POT-Creation-Date"]
    file.headers["X-Source-Path"] = safe_path(document.path)
    source = document.source.encode("utf-8", "surrogatepass")
    file.headers["X-Source-Sha256"] = hashlib.sha256(source).hexdigest()
    file.headers["X-Source-Language"] = "ja"
