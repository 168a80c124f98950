"""What is fuzzed: every function of ours that reads bytes or text of strangers, as ``bytes -> None``.

A target may raise ``YakubunError`` and its kin, which is what a person sees as one message; anything else is a fault.
Where there is an oracle (what is read, written and read again is the same) the target asserts it. Both the tests and
``python -m tests.fuzzing`` drive what stands in ``TARGETS``.
"""

from __future__ import annotations

import contextlib
import gzip
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

from translate import _pofile, config, markup
from translate._entry import view, waiver_in
from translate._glossary_rows import gather
from translate.adapt import data as pairs
from translate.catalog import Catalog
from translate.checks import run_checks
from translate.cli.common import shown
from translate.document import Document
from translate.encoding import decode
from translate.english import repair
from translate.errors import InputError, YakubunError
from translate.formats import reader_for
from translate.formats.boilerplate import Boilerplate
from translate.glossary import Glossary, Kind, Mode, Term
from translate.glossary_formats import FORMATS as GLOSSARIES
from translate.glossary_formats import _module as glossary_format
from translate.glossary_formats import render as render_glossary
from translate.housestyle import HouseStyle, apply
from translate.interchange import Part, writer_for
from translate.interchange import read as read_exchange
from translate.interchange.exchanged import cleaned
from translate.ledger import Ledger, Record
from translate.matching import explain, find_terms
from translate.memory import Memory
from translate.page import harmless
from translate.proposals import Journal
from translate.provenance import parse as parse_provenance
from translate.provenance import unwrapped
from translate.quantities.english_reader import read_english
from translate.repetition import is_degenerate
from translate.segmentation import split
from translate.terms import segment_matches

Target = Callable[[bytes], None]

GLOSSARY = Glossary(
    (
        Term("国防総省", "Pentagon", aliases=("ペンタゴン",), variants=("Defense Department",)),
        Term("米国", "United States", kind=Kind.PLACE),
        Term("全米", "", kind=Kind.BLOCKER),
        Term("NEWS", "NEWS", mode=Mode.DNT),
        Term("円", "yen", mode=Mode.SOFT),
    ),
    numbers=True,
)


@cache
def scratch() -> Path:
    """Return a folder of this process for what can only be read from a file."""
    folder = tempfile.TemporaryDirectory(prefix="yakubun-fuzzing-")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: list[object] = []


def written(name: str, data: bytes) -> Path:
    path = scratch() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def text_of(data: bytes) -> str:
    """Return any text, lone surrogates included: those of bytes that are no UTF-8."""
    return data.decode("utf-8", "surrogatepass" if b"\xed" in data and _passes(data) else "surrogateescape")


def _passes(data: bytes) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        data.decode("utf-8", "surrogatepass")
        return True
    return False


def halves(text: str) -> tuple[str, str]:
    source, _, target = text.partition("\n")
    return source, target


def article(suffix: str) -> Target:
    """Return a target for a document format: offsets, identity, and a translation of everything."""

    def target(data: bytes) -> None:
        form = reader_for(f"a{suffix}")
        document = form.read(data, f"a{suffix}", protected=("モーニング娘。",))
        assert_offsets(document)
        same = form.render(document, {}, keep_boilerplate=True)
        if document.encoding.startswith("utf"):
            assert same == data, "nothing translated, another file"
        else:  # the older encodings can write some characters in two ways
            assert same.decode(document.encoding) == document.source, "nothing translated, another text"
        english = {segment.plain: english_like(segment.plain) for _, segment in document.segments(boilerplate=True)}
        form.render(document, english)
        form.render(document, dict.fromkeys(english, "</2><1>a</1> <b>&\u202e|`*_[x](y)\n\n# <!--"))

    return target


def english_like(plain: str) -> str:
    return "".join(char if char.isascii() else "x" for char in plain)


def assert_offsets(document: Document) -> None:
    for block in document.blocks:
        for segment in block.segments:
            assert document.source[segment.start : segment.end] == segment.text


def po(data: bytes) -> None:
    file = _pofile.parse(_pofile.decode(data, "a.po"), "a.po")
    catalog = Catalog(file)
    entries = [*catalog, *catalog.obsolete]
    for message in file.messages:
        if message.obsolete:  # gettext gives these no places, and so do we
            message.occurrences, message.extracted = [], []
    text = _pofile.render(file)
    again = _pofile.parse(_pofile.decode(text.encode("utf-8"), "a.po"), "a.po")
    assert again.is_same(file), "read, written and read again, another file"
    assert _pofile.render(again) == text
    for entry in entries:
        run_checks(entry.msgid, entry.msgstr, [match.term for match in segment_matches(entry.msgid, GLOSSARY)])


def glossary(name: str) -> Target:
    def target(data: bytes) -> None:
        path = Path(f"a{(*GLOSSARIES[name].suffixes, '.csv')[0]}")
        reading = gather(str(path), lambda: glossary_format(name).records(data, path, Counter()))
        if reading.problems:
            return
        find_terms("米国防総省はNEWSを一億円で買った。", Glossary(tuple(reading.terms)))
        for other in GLOSSARIES:
            with contextlib.suppress(YakubunError):
                rendered, losses = render_glossary(reading.terms, other)
                back = gather("b", lambda o=other, r=rendered: glossary_format(o).records(r, Path("b"), Counter()))
                if other in ("csv", name) and not losses:
                    assert not back.problems, f"{other}: {back.problems[0]}"
                    assert [one.content for one in back.terms] == [one.content for one in reading.terms]

    return target


def exchange(name: str) -> Target:
    def target(data: bytes) -> None:
        parts = read_exchange(data, name)
        writer = writer_for(name)
        once = writer.write(parts)
        again = read_exchange(once, name)
        assert units(again) == units(parts), "read, written and read again, other segments"

    return target


def units(parts: list[Part]) -> list[tuple[str, str]]:
    pairs = [(cleaned(one.source), cleaned(one.target)) for part in parts for one in part.units]
    return [(source, target) for source, target in pairs if source.strip() and target.strip()]


def ledger(data: bytes) -> None:
    records = Ledger(written("ledger.jsonl", data)).records()
    for record in records:
        Ledger(scratch() / "ledger.jsonl").stored_path(record).relative_to(scratch())


def stored(data: bytes) -> None:
    record = Record({"name": "a", "hash": "b"}, 1, {}, {}, id="20260101T000000Z-00000000")
    found = Ledger(scratch() / "ledger.jsonl")
    packed = data if data.startswith(b"\x1f\x8b") else gzip.compress(data, 1)
    found.stored_path(record).write_bytes(packed)
    found.stored(record)


def journal(data: bytes) -> None:
    path = written("proposals/a.jsonl", data)
    known = Journal(path).load()
    list(known)


def memory(data: bytes) -> None:
    written("locales/en/memory/a.jsonl", data)
    units = Memory.open(scratch() / "locales")
    units.exact("橋が開通した。")
    units.near("橋が開通した。")


def configuration(data: bytes) -> None:
    written("project/yakubun.toml", data)
    (scratch() / "project" / ".git").mkdir(exist_ok=True)
    config.load(scratch() / "project").glossary_paths  # noqa: B018 - a property that resolves


def comments(data: bytes) -> None:
    text = text_of(data)
    for line in unwrapped(text.split("\n")):
        waiver_in(line)
        found = parse_provenance(line)
        if found is not None:
            assert parse_provenance(found.render()) is not None
    messages = [one for line in text.split("\n") for one in [_pofile.Message("a", comments=[line])]]
    for message in messages:
        view(message)


def numbers(data: bytes) -> None:
    source, target = halves(text_of(data))
    for match in segment_matches(source, Glossary(numbers=True)):
        assert source[match.start : match.end] == match.surface
    read_english(target)


def segmentation(data: bytes) -> None:
    text = text_of(data)
    at = 0
    for start, end in split(text, protected=("モーニング娘。",)):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip(), "something between two segments is lost"
        at = end
    assert not text[at:].strip()


def matching(data: bytes) -> None:
    text = text_of(data)
    at = 0
    for match in segment_matches(text, GLOSSARY):
        assert at <= match.start < match.end
        assert text[match.start : match.end] == match.surface
        at = match.end
    explain(text, GLOSSARY)


def english(data: bytes) -> None:
    source, target = halves(text_of(data))
    read_english(target)
    repair(target, GLOSSARY.terms)
    is_degenerate(source, target)
    for role in ("title", "body"):
        apply(target, role, HouseStyle(headings="title"), names=("Shigeru Ishiba",), fixed=("Pentagon",))


def checks(data: bytes) -> None:
    source, target = halves(text_of(data))
    for finding in run_checks(source, target, [match.term for match in segment_matches(source, GLOSSARY)]):
        line = shown(finding.message)
        assert "\x1b" not in line
        assert "\n" not in line


def tags(data: bytes) -> None:
    source, target = halves(text_of(data))
    markup.bare(source)
    markup.bare(target)
    markup.repaired(target, {1, 2, 3})
    markup.between(target, str.upper)


def shown_text(data: bytes) -> None:
    text = text_of(data)
    for harmful in ("\x1b", "\x9b", "\u202e", "\u2066", "\r"):
        assert harmful not in shown(text)
        assert harmful == "\r" or harmful not in harmless(text)


def boilerplate(data: bytes) -> None:
    # Patterns are the user's own and may be slow; only the parser is tried.
    Boilerplate.parse(text_of(data), "a.txt")


def training(data: bytes) -> None:
    pairs.read_tsv(written("a.tsv", data))
    path = written("a.tsv.gz", data)
    with contextlib.suppress(InputError):
        pairs.read_tsv(path)


def lines(data: bytes) -> None:
    decode(data, "a.txt").text.splitlines()


TARGETS: dict[str, Target] = {
    "encoding": lines,
    "text": article(".txt"),
    "markdown": article(".md"),
    "html": article(".html"),
    "po": po,
    "glossary-csv": glossary("csv"),
    "glossary-omegat": glossary("omegat"),
    "glossary-tbx": glossary("tbx"),
    "glossary-deepl": glossary("deepl"),
    "tmx": exchange("a.tmx"),
    "xliff": exchange("a.xlf"),
    "exchange-csv": exchange("a.csv"),
    "ledger": ledger,
    "stored": stored,
    "journal": journal,
    "memory": memory,
    "config": configuration,
    "comments": comments,
    "numbers": numbers,
    "segmentation": segmentation,
    "matching": matching,
    "english": english,
    "checks": checks,
    "tags": tags,
    "shown": shown_text,
    "boilerplate": boilerplate,
    "training": training,
}
"""Name → target."""


def attempt(name: str, data: bytes) -> None:
    """Run a target; what a person would get as a message is no fault."""
    with contextlib.suppress(YakubunError):
        TARGETS[name](data)
