"""Findings for whoever reads them: people, GitHub, and programs that know SARIF 2.1.0 (OASIS)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from translate import __version__
from translate.checks import CATALOG_CHECKS, SEGMENT_CHECKS, Severity, description
from translate.cli.common import shown
from translate.page import harmless

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_GITHUB_LIMIT = 50
"""Annotations that GitHub shows of one step; more only hide the summary line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One finding in one entry of one file."""

    path: str
    line: int
    msgid: str
    check: str
    severity: Severity
    message: str


def as_json(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return the findings as they stand under ``findings`` in ``--json``."""
    return [
        {"po": row.path, "line": row.line, "msgid": row.msgid}
        | {"check": row.check, "severity": row.severity, "message": row.message}
        for row in rows
    ]


def as_text(row: Row) -> str:
    """Return one line such as compilers print, which editors turn into a link."""
    what = f"{row.severity}: {row.check}: {shown(row.message)}"
    return f"{shown(row.path)}:{row.line}: {what} [{shown(row.msgid, 30)}]"


def as_annotations(rows: Sequence[Row]) -> list[str]:
    """Return GitHub workflow commands, errors first, at most as many as GitHub shows.

    Example:
        >>> print(*as_annotations([Row("a.po", 7, "駅", "urls", "error", "lost: 100%")]))
        ::error file=a.po,line=7,title=urls::lost: 100%25 [駅]
    """
    ordered = sorted(rows, key=lambda row: row.severity != "error")
    return [
        f"::{row.severity} file={_property(row.path)},line={max(row.line, 1)},title={_property(row.check)}"
        f"::{_data(f'{shown(row.message)} [{shown(row.msgid, 30)}]')}"
        for row in ordered[:_GITHUB_LIMIT]
    ]


def in_github() -> bool:
    """Tell whether this runs in a GitHub workflow, which turns annotations into comments on the lines."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def as_sarif(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the findings as a SARIF 2.1.0 log; paths are relative to the current folder where they lie below it."""
    names = [*SEGMENT_CHECKS, *CATALOG_CHECKS]
    rules = [{"id": name, "shortDescription": {"text": description(name)}} for name in names]
    results = [
        {
            "ruleId": row.check,
            "ruleIndex": names.index(row.check),
            "level": row.severity,
            "message": {"text": f"{row.message} [{shown(row.msgid, 60)}]"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(row.path)},
                        "region": {"startLine": max(row.line, 1)},
                    }
                }
            ],
        }
        for row in rows
    ]
    driver = {"name": "Yakubun", "version": __version__, "rules": rules}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _uri(path: str) -> str:
    here = Path.cwd()
    absolute = Path(path).resolve()
    if absolute.is_relative_to(here):
        return quote(PurePath(absolute.relative_to(here)).as_posix())
    return absolute.as_uri()


def _data(text: str) -> str:
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
