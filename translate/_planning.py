"""What a run will do to an article, found out without writing anything."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import NamedTuple

from translate import bounded
from translate.catalog import Catalog, Changes, Entry, FuzzyMatching, State, changes, merge, po_path
from translate.document import Document
from translate.errors import InputError
from translate.formats import reader_for
from translate.formats.boilerplate import Boilerplate
from translate.glossary import Glossary, terms_hash
from translate.links import followed
from translate.markup import bare
from translate.matching import Match
from translate.memory import Memory
from translate.proposals import Journal, Proposal
from translate.provenance import text_sha
from translate.reporting import distinct, segment_terms, unwaived
from translate.terms import segment_matches


@dataclass(frozen=True)
class Settings:
    """What the translation of every article of a run shares.

    Attributes:
        glossary: The terms to enforce.
        locales: Folder of the PO files.
        root: Folder that article paths in PO files are relative to.
        boilerplate: Patterns of lines to leave out; None for the shipped ones.
        keep_boilerplate: Whether those lines are translated after all.
        retranslate: Whether machine translations that nobody touched are made anew.
        engine: The engine's specification, to recognise in the journal what it gave up on.
        fuzzy: How edited segments find the entries they came from; None for not at all.
        template: Whether a gettext template is written for each article.
        memory: Opens the translation memory, when something is pending; None for none.
        trust_memory: Whether an approved translation of the same text, role and terms counts as approved again.
        similarity: Likeness in percent from which on the memory shows an old translation of another text.
    """

    glossary: Glossary
    locales: Path
    root: Path
    boilerplate: Boilerplate | None = None
    keep_boilerplate: bool = False
    retranslate: bool = False
    engine: str = "embedded"
    fuzzy: FuzzyMatching | None = FuzzyMatching()  # noqa: RUF009 - frozen
    template: bool = False
    memory: Callable[[], Memory] | None = None
    trust_memory: bool = False
    similarity: int = 75


@dataclass(frozen=True)
class Plan:
    """One article, read and merged: what would be done, before anything is.

    Attributes:
        document: The article.
        data: The article's bytes.
        po: Its PO file.
        catalog: The merged catalog, not yet written.
        matches: Glossary matches of each msgid.
        enforced: Those of them that no person waived.
        pending: The msgids that a machine may and should translate, in reading order.
        retranslated: Those of ``pending`` that a machine translated before.
        changes: What the update does to the entries.
        template: Where the article's gettext template belongs, if one is wanted.
        changed: Whether writing the catalog and the template as they stand would change a file.
    """

    document: Document
    data: bytes
    po: Path
    catalog: Catalog
    matches: Mapping[str, Sequence[Match]]
    enforced: Mapping[str, Sequence[Match]]
    pending: tuple[str, ...] = ()
    retranslated: frozenset[str] = frozenset()
    changes: Changes = Changes()  # noqa: RUF009 - frozen
    template: Path | None = None
    changed: bool = True

    @property
    def journal(self) -> Path:
        """Where the proposals for this article are kept."""
        return self.po.parent.parent / "proposals" / f"{self.po.stem}.jsonl"

    @property
    def has_work(self) -> bool:
        """Whether anything of the article is to be translated or written."""
        return bool(self.pending) or self.changed

    def terms(self, msgid: str) -> str:
        """Return the hash of the terms that a segment's translation shall hold."""
        return terms_hash(segment_terms(self.enforced[msgid]))

    def still_holds(self, article: Path) -> bool:
        """Tell whether article and PO file are what they were when the plan was made."""
        return self.catalog.is_current(self.po) and article.is_file() and article.read_bytes() == self.data


def article_name(path: Path, root: Path) -> str:
    """Return an article's path as PO files show it: relative to ``root``, with forward slashes."""
    return Path(os.path.relpath(path, root)).as_posix()


def read_article(path: Path, settings: Settings) -> Document:
    """Read an article through its format.

    Raises:
        InputError: There is no such file, it is a folder, no format reads it, or its bytes make no article.
    """
    return _parsed(path, _bytes(path), settings)


def recorded_article(catalog: Catalog, settings: Settings) -> Path:
    """Return the path of the article that a PO file names in its header.

    Raises:
        InputError: It names none, or one outside the project: whoever wrote the file could have any text published.
    """
    name = catalog.source_path
    if not name:
        raise InputError("has no X-Source-Path header, so its article is unknown; run `translate` on the article again")
    path = settings.root / name
    if "\0" in name or not path.resolve().is_relative_to(settings.root.resolve()):
        raise InputError(
            f"its X-Source-Path {name!r} leads out of the project ({settings.root.resolve()}); "
            "put the article into the project and run `translate` on it"
        )
    return path


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name the article files in it, for example {path}/*.txt")
    reader_for(str(path))  # an unknown suffix is told before a missing file
    try:
        return bounded.read(followed(path), bounded.ARTICLE)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _parsed(path: Path, data: bytes, settings: Settings) -> Document:
    return reader_for(str(path)).read(
        data,
        article_name(path, settings.root),
        protected=protected_names(settings.glossary),
        boilerplate=settings.boilerplate,
    )


def protected_names(glossary: Glossary) -> list[str]:
    """Return the names that segmentation must not split: every surface but the blockers'."""
    return [surface for term in glossary if not term.is_blocker for surface in term.surfaces]


def plan_article(path: Path, settings: Settings) -> Plan:
    """Read an article and merge it with its PO file, in memory."""
    return _planned(_read(path, settings), settings)


class _Read(NamedTuple):
    data: bytes
    document: Document
    texts: dict[str, None]
    po: Path
    existing: Catalog | None


def _read(path: Path, settings: Settings) -> _Read:
    data = _bytes(path)
    document = _parsed(path, data, settings)
    texts = _texts(path, document, settings)
    po = po_path(settings.locales, document.path)
    return _Read(data, document, texts, po, Catalog.read(po) if po.exists() else None)


def _planned(read: _Read, settings: Settings) -> Plan:
    data, document, texts, po, existing = read
    matches = {text: segment_matches(bare(text), settings.glossary) for text in texts}
    extracted = {
        text: [f"term: {match.surface} → {match.term.target}" for match in distinct(found)]
        for text, found in matches.items()
    }
    merged = merge(document, existing, extracted, keep_boilerplate=settings.keep_boilerplate, fuzzy=settings.fuzzy)
    entries = [entry for entry in merged if entry.msgid in matches]
    plan = Plan(
        document,
        data,
        po,
        merged,
        matches,
        enforced={**matches, **{one.msgid: unwaived(matches[one.msgid], one) for one in entries if one.waivers}},
        changes=changes(existing, merged),
        template=settings.locales / f"{po.stem}.pot" if settings.template else None,
    )
    return _with_pending(plan, entries, settings)


def examine(path: Path, settings: Settings) -> Plan | None:
    """Find out whether an article is sound, without a plan if sentences came or went: then there is work in any case.

    Raises:
        InputError, CatalogError: As ``plan_article`` would.
    """
    read = _read(path, settings)
    if read.existing is not None and read.existing.msgids == read.texts.keys():
        return _planned(read, settings)
    merged = merge(read.document, read.existing, {}, keep_boilerplate=settings.keep_boilerplate, fuzzy=None)
    for _ in Journal(Plan(read.document, b"", read.po, merged, {}, {}).journal):
        pass  # a malformed line is told now
    return None


def _texts(path: Path, document: Document, settings: Settings) -> dict[str, None]:
    """Return the different msgids of an article.

    Raises:
        InputError: There are none.
    """
    texts = dict.fromkeys(segment.plain for _, segment in document.segments(boilerplate=settings.keep_boilerplate))
    if not texts:
        raise InputError(
            f"{path}: holds nothing to translate; everything in it is boilerplate or blank (--keep-boilerplate?)"
        )
    return texts


def _with_pending(plan: Plan, entries: Sequence[Entry], settings: Settings) -> Plan:
    pending = {entry.msgid: entry.state for entry in entries if _is_pending(entry, plan, settings)}
    given_up = _given_up(plan, settings.engine) if pending and not settings.retranslate else {}
    for text in pending.keys() & given_up.keys():  # the PO file may be older than the journal, if that run was killed
        plan.catalog.withdraw(text, given_up[text].findings)
    todo = {text: state for text, state in pending.items() if text not in given_up}
    return replace(
        plan,
        pending=tuple(todo),
        retranslated=frozenset(text for text, state in todo.items() if state is State.MACHINE),
        changed=plan.catalog.is_changed or _is_stale(plan.template, plan.catalog),
    )


def _is_pending(entry: Entry, plan: Plan, settings: Settings) -> bool:
    if entry.state is State.UNTRANSLATED:
        return True
    if entry.state is not State.MACHINE or entry.provenance is None:
        return False
    source = dict(entry.provenance.extra).get("src", "")
    moved = bool(source) and source != text_sha(entry.msgid)  # by a tool, from another segment
    return settings.retranslate or moved or entry.provenance.terms != plan.terms(entry.msgid)


def _is_stale(template: Path | None, catalog: Catalog) -> bool:
    return template is not None and not (template.is_file() and template.read_bytes() == catalog.to_template())


def _given_up(plan: Plan, engine: str) -> dict[str, Proposal]:
    """Return the segments for which this engine last found nothing fit to show, with the terms they have now."""
    latest = {
        one.msgid: one
        for one in Journal(plan.journal)
        if one.msgid in plan.enforced
        and one.terms == plan.terms(one.msgid)
        and _is_engine(one.engine.rpartition("@")[0], engine)
    }
    return {text: one for text, one in latest.items() if not one.english}


def _is_engine(name: str, spec: str) -> bool:
    """Tell whether an engine's name is that of a specification, whose argument may be a longer path."""
    (family, _, argument), (wanted, _, path) = name.partition(":"), spec.partition(":")
    if wanted == "chat":  # URL#MODEL
        path = path.partition("#")[2]
    return (family, PurePath(argument).name) == (wanted, PurePath("_".join(path.replace("@", "_").split())).name)
