"""From records to glossary entries, with a message for everything that can be wrong in one; of ``glossary``.

A record is what any file format gives, the place and the columns (``glossary`` describes them): ``_glossary_csv`` and
``glossary_formats`` read the files, ``glossary_lint`` looks for what is allowed and yet suspicious.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from translate.errors import GlossaryError
from translate.glossary import Case, Kind, Mode, Term, key

COLUMNS = ("source", "target", "aliases", "variants", "forbidden", "kind", "mode", "case", "note")
LONGEST = 500  # code points of one value; a longer one is a quote that was never closed
SPARE = ""  # the name under which a reader hands over that a record has more values than columns
_JAPANESE = re.compile("[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")
_DERIVED = "number"  # a kind that is made for single segments and stands in no file

_Choice = TypeVar("_Choice", bound=StrEnum)


class RefusedError(GlossaryError):
    """One reason why a file is not a glossary.

    Attributes:
        where: ``file`` or ``file:line``.
        message: What is wrong and how to mend it.
    """

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


@dataclass(frozen=True, slots=True)
class Row:
    """A record that names an entry, also one that says what another said before.

    Attributes:
        where: ``file:line``.
        values: What the columns hold, as written but for spaces at the ends.
        term: The entry.
    """

    where: str
    values: Mapping[str, str]
    term: Term


@dataclass(frozen=True)
class Reading:
    """What one file holds, and everything that is wrong in it.

    Attributes:
        path: The file.
        rows: Its valid records in order.
        terms: Its entries: the rows without repetitions, and of a contradiction the first.
        problems: Why ``read`` refuses it, in order; none if it does not.
    """

    path: str
    rows: list[Row] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    problems: list[RefusedError] = field(default_factory=list)


def gather(path: str, records: Callable[[], Iterable[tuple[str, Mapping[str, str]]]]) -> Reading:
    """Make entries of records, of this format or another.

    Args:
        path: The file, for the result.
        records: Opens it: gives ``file:line`` and the columns of each record; raises ``RefusedError`` to stop.
    """
    reading = Reading(path)
    terms: dict[str, Term] = {}
    claimed: dict[str, Term] = {}
    try:
        for where, values in records():
            term = _term(where, values, reading.problems)
            if term is None:
                continue
            known = terms.get(key(term.source))
            if known is None or known.content != term.content:
                others = [claimed[key(surface)] for surface in term.surfaces if key(surface) in claimed]
                reading.problems.extend(_conflict(where, term, other) for other in dict.fromkeys(others))
                if others:
                    continue
                terms[key(term.source)] = term
                claimed.update((key(surface), term) for surface in term.surfaces)
            reading.rows.append(Row(where, values, term))
    except RefusedError as refusal:
        reading.problems.append(refusal)
    reading.terms.extend(terms.values())
    return reading


def _conflict(where: str, term: Term, other: Term) -> RefusedError:
    """Say that an entry gives a surface of another one a second meaning."""
    shared = next(surface for surface in term.surfaces if key(surface) in {key(one) for one in other.surfaces})
    return RefusedError(
        where,
        f"{shared!r} already means {_meaning(other)} at {other.origin}, here {_meaning(term)}: "
        "keep one of the two, or put one into a second file, which then wins",
    )


def _term(where: str, row: Mapping[str, str], problems: list[RefusedError]) -> Term | None:
    """Check one record and make it a term, or add everything that is wrong with it to ``problems``."""
    known = len(problems)

    def refuse(message: str) -> None:
        problems.append(RefusedError(where, message))

    if SPARE in row:
        refuse(f"{row[SPARE]}: put a value with a comma in double quotes")
        return None
    source = row.get("source", "")
    if not any(char.isalnum() for char in source):
        refuse("the source is empty: write the Japanese term or delete the line")
        return None
    kind = _choose("kind", row, [kind for kind in Kind if kind != _DERIVED], Kind.TERM, refuse)
    mode = _choose("mode", row, list(Mode), Mode.HARD, refuse)
    case = _choose("case", row, list(Case), Case.AUTO, refuse)
    own = key(source)
    aliases = tuple({key(alias): alias for alias in several(row, "aliases") if key(alias) != own}.values())
    target = row.get("target", "")
    variants = tuple(form for form in dict.fromkeys(several(row, "variants")) if form != target)
    forbidden = tuple(dict.fromkeys(several(row, "forbidden")))
    for value in (source, *aliases, target, *variants, *forbidden):
        if any(unicodedata.category(char) == "Cc" for char in value):
            refuse(f"{value!r} holds a line break or control character: take it out")
    for alias in aliases:
        if not any(char.isalnum() for char in alias):
            refuse(f"the alias {alias!r} holds no letter: take it out")
    if kind is None or mode is None or case is None:
        return None  # what the English must be follows from these
    if kind is Kind.BLOCKER:
        if target or variants or forbidden:
            refuse(f"the blocker {source!r} has English: empty target, variants and forbidden, or change its kind")
    else:
        target = _english(source, target, variants, forbidden, mode, refuse)
    if len(problems) > known:
        return None
    return Term(source, target, aliases, variants, forbidden, kind, mode, case, row.get("note", ""), where)


def _english(
    source: str,
    target: str,
    variants: Sequence[str],
    forbidden: Sequence[str],
    mode: Mode,
    refuse: Callable[[str], None],
) -> str:
    """Check the English forms and return the target."""
    if mode is Mode.DNT:
        if _JAPANESE.search(source):
            refuse(f"{source!r} is dnt (copied as it is) but Japanese: use its Latin name, or mode hard")
            return target
        if target and key(target) != key(source):
            refuse(f"{source!r} is dnt (copied as it is) but its target is {target!r}: empty the target")
        target = source
    if not any(char.isalnum() for char in target):
        refuse(f"{source!r} has no target: write its English, or make its kind blocker")
    for form in dict.fromkeys((target, *variants, *forbidden)):
        if _JAPANESE.search(form):
            refuse(f"the English form {form!r} of {source!r} holds Japanese: are columns swapped?")
        if form in forbidden and form in (target, *variants):
            refuse(f"{form!r} is both right and forbidden for {source!r}: decide")
    return target


def several(row: Mapping[str, str], column: str) -> list[str]:
    """Return the values of a column that holds several."""
    return [value.strip() for value in row.get(column, "").split("|") if value.strip()]


def _choose(
    column: str, row: Mapping[str, str], choices: list[_Choice], default: _Choice, refuse: Callable[[str], None]
) -> _Choice | None:
    """Return the choice that a column names, the default if it is empty, None if it names none."""
    value = row.get(column, "").lower()
    if not value:
        return default
    for choice in choices:
        if choice.value == value:
            return choice
    refuse(f"unknown {column} {row[column]!r}{nearest(value, [choice.value for choice in choices if choice.value])}")
    return None


def nearest(value: str, choices: Sequence[str]) -> str:
    """Return the end of a message that offers the nearest choice, or all of them."""
    near = difflib.get_close_matches(value, choices, n=1)
    return f": did you mean {near[0]!r}?" if near else f": choose one of {', '.join(choices)}"


def _meaning(term: Term) -> str:
    """Name what a term stands for in a message."""
    return "a blocker" if term.is_blocker else repr(term.target)
