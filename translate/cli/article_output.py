"""What ``translate`` shows of an article: lines for people, JSON for programs."""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from translate.atomic import write_bytes
from translate.catalog import Entry
from translate.cli.common import shown
from translate.cli.json_text import written
from translate.provenance import Provenance
from translate.reporting import ArticleReport


def report_lines(report: ArticleReport) -> Iterator[str]:
    """Yield, for people, what a run did to an article."""
    terms = report.terms
    left = report.segments - report.translated - report.reused
    yield f"{shown(report.path)}"
    yield f"  po: {shown(report.po)}"
    parts = f"{report.translated} translated now, {report.reused} reused, {left} untranslated"
    yield f"  segments: {report.segments} ({parts})"
    waived = f", {terms.waived} waived" if terms.waived else ""
    mentions = f" (mentioned {terms.mentions} times, {terms.repeated} of them in English)" if terms.mentions else ""
    yield f"  glossary: {terms.satisfied} of {terms.matched} hard terms in place{waived}{mentions}"
    if report.stages:
        yield (
            "  stages: "
            + ", ".join(
                f"{shown(name)} {count}" for name, count in sorted(report.stages.items(), key=lambda one: -one[1])
            )
        )
    if report.retranslated:
        yield f"  retranslated: {report.retranslated} machine translations replaced"
    if report.outdated:
        yield f"  outdated: {len(report.outdated)} entries of people lack today's terms; no machine changes them"
    for old in report.outdated[:20]:
        wanted = ", ".join(f"{term.source} → {term.target}" for term in old.terms)
        yield f"  {shown(report.po)}:{old.line}: {old.state}: {shown(wanted)} [{shown(old.msgid, 30)}]"
    if len(report.outdated) > 20:
        yield f"  … and {len(report.outdated) - 20} more; --json lists all"
    errors = [one for one in report.findings if one[2].severity == "error"]
    for line, msgid, finding in errors[:20]:
        yield f"  {shown(report.po)}:{line}: {finding.check}: {shown(finding.message)} [{shown(msgid, 30)}]"
    if len(errors) > 20:
        yield f"  … and {len(errors) - 20} more: yakubun check {shown(report.po)}"
    yield f"  time: {report.seconds:.1f} s"


def as_json(report: ArticleReport) -> dict[str, Any]:
    """Return an article of the command's JSON."""
    return {
        "path": report.path,
        "po": report.po,
        "segments": report.segments,
        "translated": report.translated,
        "reused": report.reused,
        "terms": {
            "matched": report.terms.matched,
            "satisfied": report.terms.satisfied,
            "waived": report.terms.waived,
        },
        "mentions": {"source": report.terms.mentions, "english": report.terms.repeated},
        "stages": dict(report.stages),
        "findings": [
            {"line": line, "msgid": msgid, "check": one.check, "severity": one.severity, "message": one.message}
            for line, msgid, one in report.findings
        ],
        "retranslated": report.retranslated,
        "outdated": [
            {
                "line": one.line,
                "msgid": one.msgid,
                "state": str(one.state),
                "terms": [{"source": term.source, "target": term.target} for term in one.terms],
                "glossary_changed": one.changed,
            }
            for one in report.outdated
        ],
        "evidence": [_evidence(entry, entry.provenance) for entry in report.evidence if entry.provenance],
        "seconds": round(report.seconds, 3),
    }


def _evidence(entry: Entry, provenance: Provenance) -> dict[str, Any]:
    """Return what is known of how one translation came about."""
    extra = dict(provenance.extra)
    return {
        "line": entry.line,
        "msgid": entry.msgid,
        "state": str(entry.state),
        "engine": provenance.engine,
        "stage": provenance.stage,
        "terms": {"matched": provenance.matched, "satisfied": provenance.satisfied},
        "tried": int(extra["tried"]) if extra.get("tried", "").isdecimal() else 1,
        "score": _number(extra.get("score")),
        "confidence": _number(extra.get("conf")),
    }


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


class Results:
    """What is to be shown of each article, kept in a file until the order is known: a million do not fit in memory."""

    def __init__(self, file: Any, *, with_json: bool) -> None:
        """Keep results in a binary file, with their JSON if that will be asked for."""
        self._file = file
        self._json = with_json
        self._places: dict[int, tuple[int, int, int]] = {}  # number of the article → offset, lengths of text and JSON

    def add(self, number: int, report: ArticleReport, lines: Iterable[str] = ()) -> None:
        """Note an article's lines and JSON."""
        told = "".join(f"{line}\n" for line in report_lines(report))
        shown_lines = (told + "".join(lines)).encode("utf-8", "backslashreplace")
        record = written(as_json(report)) if self._json else ""
        record_lines = record.replace("\n", "\n  ").encode("utf-8", "backslashreplace")
        offset = self._file.seek(0, io.SEEK_END)
        self._file.write(shown_lines + record_lines)
        self._places[number] = (offset, len(shown_lines), len(record_lines))

    def write_text(self, stream: Any) -> None:
        """Write the lines of all articles, in the order of the command line."""
        for number in sorted(self._places):
            offset, length, _ = self._places[number]
            stream.write(self._read(offset, length))

    def emit_json(self, head: dict[str, Any], path: str) -> None:
        """Write the JSON to standard output (``-``) or to a file."""
        if path == "-":
            self.write_json(head, sys.stdout)
            return
        text = io.StringIO()
        self.write_json(head, text)
        write_bytes(Path(path), text.getvalue().encode("utf-8", "backslashreplace"))

    def write_json(self, head: dict[str, Any], stream: Any) -> None:
        """Write one JSON object with ``articles`` as its last member."""
        stream.write(written(head).removesuffix("\n}"))
        stream.write(',\n "articles": [')
        for at, number in enumerate(sorted(self._places)):
            offset, length, more = self._places[number]
            stream.write(("," if at else "") + "\n  " + self._read(offset + length, more))
        stream.write("\n ]\n}\n")

    def _read(self, offset: int, length: int) -> str:
        self._file.seek(offset)
        return str(self._file.read(length), "utf-8")
