"""What must hold after a fault: PO files parse, people's work stands, nothing finished is done again, no litter."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from translate.catalog import Catalog, State
from translate.errors import YakubunError
from translate.markup import bare

_DATES = re.compile(rb'^"(?:PO-Revision-Date|POT-Creation-Date): [^"]*"$', re.MULTILINE)
_PEOPLE = (State.APPROVED, State.EDITED)

Work = Mapping[tuple[str, str], tuple[str, bool]]
"""(PO file, msgid) → (msgstr, whether it is approved)."""


def people(folder: Path) -> dict[tuple[str, str], tuple[str, bool]]:
    """Return what people wrote or approved in all PO files, obsolete entries included.

    Raises:
        AssertionError: A PO file does not parse.
    """
    found = {}
    for path in sorted(folder.glob("locales/**/*.po")):
        try:
            catalog = Catalog.read(path)
        except YakubunError as error:
            raise AssertionError(f"does not parse any more: {error}") from error
        for entry in (*catalog, *catalog.obsolete):
            if entry.state in _PEOPLE:
                found[str(path.relative_to(folder)), entry.msgid] = (entry.msgstr, entry.state is State.APPROVED)
    return found


def require_people(before: Work, after: Work, wanted: Work) -> None:
    """Raise unless everybody's work is as it was, or as the undisturbed command leaves it."""
    for place, work in before.items():
        found = after.get(place)
        allowed = (work, wanted.get(place))
        assert found in allowed, f"{place}: a person's work became {found}, it was {work}"


def require_saved(after: Work, out: str) -> None:
    """Raise unless all that a run told as saved is in the files."""
    for line in out.splitlines():
        if line.startswith("saved: ["):
            po, msgid, english = json.loads(line.removeprefix("saved: "))
            found = after.get((po, msgid), ("", False))[0]
            assert found == english, f"{msgid}: was told as saved and is {found!r}"


def finished(folder: Path, before: Iterable[str] = ()) -> set[str]:
    """Return the bare texts of all journalled segments, but those of lines that were there before."""
    old = set(before)
    lines = [line for line in journal_lines(folder) if line not in old]
    return {bare(json.loads(line)["msgid"]) for line in lines}


def journal_lines(folder: Path) -> list[str]:
    """Return the whole lines of every journal, without their times."""
    found = []
    for path in sorted(folder.glob("locales/**/proposals/*.jsonl")):
        lines = path.read_bytes().splitlines(keepends=True)
        found += [_timeless(line, ("time",)) for line in lines if line.endswith(b"\n")]
    return found


def _timeless(line: bytes, names: Iterable[str]) -> str:
    record = json.loads(line)
    return json.dumps({**record, **dict.fromkeys(names)}, ensure_ascii=False, sort_keys=True)


def snapshot(folder: Path, *, repeats: bool = False) -> dict[str, Any]:
    """Return every file of a project, without what differs between two runs of the same: times, order, made-up names.

    Args:
        folder: The project.
        repeats: Whether the runs of a ledger are told apart by their content only, since each adds one.
    """
    found: dict[str, Any] = {}
    scores: set[str] = set()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if name.startswith(".cache/locks/") and name.endswith(".lock"):
            continue
        data = path.read_bytes()
        if path.suffix in (".po", ".pot"):
            found[name] = _DATES.sub(b"", data)
        elif "/proposals/" in name:
            found[name] = sorted(_timeless(line, ("time",)) for line in data.splitlines())
        elif name.endswith("ledger.jsonl"):
            lines = [_timeless(line, ("id", "time", "seconds")) for line in data.splitlines()]
            scores |= set(lines)
            found[name] = None if repeats else lines
        elif name.startswith("scores/") and name.endswith(".gz"):
            scores.add(gzip.decompress(data).decode())
        else:
            found[name] = data
    return found | {"(scores)": sorted(scores)}


def differences(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Describe how two snapshots differ, empty if they do not."""
    names = sorted({name for name in {*found, *wanted} if found.get(name, 0) != wanted.get(name, 0)})
    return "; ".join(_difference(name, found.get(name), wanted.get(name)) for name in names)


def _difference(name: str, found: Any, wanted: Any) -> str:
    if found is None or wanted is None:
        return f"{name} is {'missing' if found is None else 'litter'}"
    if isinstance(found, bytes):
        found, wanted = found.splitlines(), wanted.splitlines()
    pairs = zip(found, wanted, strict=False)
    first = next(((one, other) for one, other in pairs if one != other), (len(found), len(wanted)))
    return f"{name} differs: {str(first[0])[:300]} instead of {str(first[1])[:300]}"


def orphans(folder: Path) -> int:
    """Return the number of stored hypotheses that no record of the ledger names."""
    ledger = folder / "scores" / "ledger.jsonl"
    if not ledger.is_file():
        return 0
    named = {json.loads(line)["id"] for line in ledger.read_bytes().splitlines()}
    return sum(path.name.partition(".")[0] not in named for path in ledger.parent.glob("*.jsonl.gz"))


def require_told(code: int, err: str) -> None:
    """Raise unless a failure was told as one line that says what to do, and no traceback."""
    assert code == 2, f"exit {code}: {err[-2000:]}"
    lines = [line for line in err.splitlines() if not line.startswith("yakubun: warning")]
    told = [line for line in lines if line.startswith("yakubun: error: ")]
    assert len(told) == 1, f"not one message: {err[-2000:]}"
    assert "Traceback" not in err, err[-2000:]
