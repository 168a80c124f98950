"""Checks of all PO files side by side, kept up to date entry by entry: one source in two translations, and the like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from threading import Lock

from translate.checks import CATALOG_CHECKS, Finding, Translated, catalog_check, catalog_key

Name = tuple[str, str]
"""An entry: its PO file's name and its msgid."""

Group = tuple[str, str]
"""Entries that a check compares: its name, and what they have in common."""


class Together:
    """The translated entries of a project, in groups that a check compares. Several threads may use it."""

    def __init__(self) -> None:
        """Begin without entries."""
        self.generation = 0  # grows whenever an entry changes
        self._lock = Lock()
        self._entries: dict[Name, Translated] = {}
        self._of: dict[Name, tuple[Group, ...]] = {}
        self._groups: dict[Group, dict[Name, Translated]] = defaultdict(dict)
        self._found: dict[Group, dict[Name, list[Finding]]] = {}

    def replace(self, po: str, entries: Mapping[str, Translated]) -> None:
        """Take in the translated entries of a PO file by msgid, in place of those it had before."""
        with self._lock:
            gone = [name for name in self._entries if name[0] == po and name[1] not in entries]
            for name in gone:
                self._put(name, None)
            for msgid, entry in entries.items():
                self._put((po, msgid), entry)

    def put(self, po: str, msgid: str, entry: Translated | None) -> frozenset[Name]:
        """Take in one entry, or None if it has no English any more; return the entries whose findings may change."""
        with self._lock:
            return frozenset(self._put((po, msgid), entry))

    def findings(self, po: str, msgid: str) -> tuple[Finding, ...]:
        """Return what the checks find in an entry beside all others, in the checks' order."""
        name = (po, msgid)
        with self._lock:
            groups = [group for group in self._of.get(name, ()) if len(self._groups[group]) > 1]
            return tuple(one for group in groups for one in self._compared(group).get(name, ()))

    def _put(self, name: Name, entry: Translated | None) -> set[Name]:
        before = self._entries.pop(name, None)
        if entry is not None:
            self._entries[name] = entry
        if before == entry:
            return set()
        self.generation += 1
        touched: set[Name] = set()
        for group in self._of.pop(name, ()):
            self._groups[group].pop(name, None)
            touched |= self._stale(group)
        if entry is not None:
            self._of[name] = _groups_of(entry)
            for group in self._of[name]:
                self._groups[group][name] = entry
                touched |= self._stale(group)
        return touched - {name}

    def _stale(self, group: Group) -> set[Name]:
        self._found.pop(group, None)
        members = set(self._groups[group])
        if not members:
            del self._groups[group]
        return members

    def _compared(self, group: Group) -> dict[Name, list[Finding]]:
        found = self._found.get(group)
        if found is None:
            found = self._found[group] = _compared(group[0], self._groups[group])
        return found


def _groups_of(entry: Translated) -> tuple[Group, ...]:
    keys = [(name, catalog_key(name)(entry)) for name in CATALOG_CHECKS]
    return tuple((name, key) for name, key in keys if key is not None)


def _compared(check: str, members: Mapping[Name, Translated]) -> dict[Name, list[Finding]]:
    ordered = sorted(members.values(), key=lambda entry: (entry.po, entry.line))
    found: dict[Name, list[Finding]] = defaultdict(list)
    for one in catalog_check(check)(ordered):
        if check not in one.entry.waived:
            found[one.entry.po, one.entry.msgid].append(one.finding)
    return found
