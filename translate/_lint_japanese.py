"""The lints that look at an entry's Japanese, and at entries side by side; of ``glossary_lint``."""

from __future__ import annotations

from collections.abc import Iterator

from translate._glossary_rows import several
from translate._lint_base import Finding, Severity, Stack, finding
from translate.glossary import Glossary, Term, key
from translate.matching import Verdict, covered, explain, find_terms

_FRAMES = (
    "その{}は",
    "今の{}が",
    "あの{}を",
)  # beside hiragana: at a text's end or beside punctuation anything matches
_NO_BEGINNING = frozenset("ーァィゥェォッャュョヮヵヶ")
_KATAKANA = frozenset(map(chr, range(0x30A1, 0x3100)))
_LONGEST_AFFIX = 3  # 米, 日米, 英独仏 stand before other words; a longer blocker must overlap with what it blocks


def repeated(stack: Stack) -> Iterator[Finding]:
    """An entry that a file holds twice, also in another width."""
    for reading in stack.readings:
        first: dict[str, str] = {}
        for row in reading.rows:
            other = first.setdefault(key(row.term.source), row.where)
            if other != row.where:
                message = f"{row.term.source!r} says the same as {other}: delete one"
                yield finding(row.where, Severity.WARNING, "repeated", message, row.term.source)


def replaced(stack: Stack) -> Iterator[Finding]:
    """What a later file of the stack takes away from an earlier one."""
    for level, reading in enumerate(stack.readings):
        for later in stack.readings[level + 1 :]:
            owners = {key(surface): term for term in later.terms for surface in term.surfaces}
            for term in reading.terms:
                yield from _taken(term, owners)


def _taken(term: Term, owners: dict[str, Term]) -> Iterator[Finding]:
    same = owners.get(key(term.source))
    if same and key(same.source) == key(term.source):
        if same.content == term.content:
            message = f"{term.source!r} says the same as {same.origin}: delete one"
            yield finding(term.origin, Severity.WARNING, "replaced", message, term.source)
        else:
            message = f"{term.source!r} is replaced by {same.origin} ({_english(same)})"
            yield finding(term.origin, Severity.NOTE, "replaced", message, term.source)
        return
    for surface in term.surfaces:
        owner = owners.get(key(surface))
        if owner:
            message = f"the spelling {surface!r} is taken over by {owner.origin} ({owner.source}: {_english(owner)})"
            yield finding(term.origin, Severity.NOTE, "replaced", message, term.source)


def _english(term: Term) -> str:
    return "a blocker" if term.is_blocker else repr(term.target)


def aliases(stack: Stack) -> Iterator[Finding]:
    """An alias that is the source, or another alias, in another width."""
    for reading in stack.readings:
        for row in reading.rows:
            seen = {key(row.term.source): row.term.source}
            for alias in several(row.values, "aliases"):
                if key(alias) in seen:
                    message = f"the alias {alias!r} matches whatever {seen[key(alias)]!r} matches: take it out"
                    yield finding(row.where, Severity.WARNING, "aliases", message, row.term.source)
                seen.setdefault(key(alias), alias)


def unreachable(stack: Stack) -> Iterator[Finding]:
    """A spelling that no running text can match, since words neither begin nor end where it does."""
    for term in _terms(stack):
        for surface in term.surfaces:
            if term.is_blocker and len(key(surface)) == 1:
                continue  # an affix: it only joins words
            reason = _unreachable(surface, term)
            if reason:
                message = f"{surface!r} never matches: it {reason}; write the whole word"
                yield finding(term.origin, Severity.ERROR, "unreachable", message, term.source)


def _unreachable(surface: str, term: Term) -> str:
    if key(surface)[0] in _NO_BEGINNING:
        return f"begins with {surface[0]!r}, which only stands inside katakana words, and those are never cut"
    alone = Glossary((term,))
    reason = ""
    for frame in _FRAMES:
        text = frame.format(surface)
        for candidate in explain(text, alone):
            if (candidate.start, candidate.surface) == (frame.index("{"), surface):
                if candidate.verdict is not Verdict.BOUNDARY:
                    return ""
                reason = f"{candidate.reason} (in {text!r})"
    return reason


def blockers(stack: Stack) -> Iterator[Finding]:
    """A blocker that keeps nothing from matching."""
    surfaces = [key(surface) for term in stack.glossary if not term.is_blocker for surface in term.surfaces]
    starts = {surface[:end] for surface in surfaces for end in range(1, len(surface) + 1)}
    ends = {surface[start:] for surface in surfaces for start in range(len(surface))}
    whole = set(surfaces)
    for term in stack.glossary:
        if not term.is_blocker or any(_blocks(key(surface), starts, ends, whole) for surface in term.surfaces):
            continue
        rest = Glossary(tuple(other for other in stack.glossary if other != term))
        if len(key(term.source)) <= _LONGEST_AFFIX and _joins(term, rest, surfaces):
            continue
        message = f"the blocker {term.source!r} blocks nothing: no entry overlaps with it; take it out"
        yield finding(term.origin, Severity.WARNING, "blockers", message, term.source)


def _blocks(surface: str, starts: set[str], ends: set[str], whole: set[str]) -> bool:
    """Tell whether some entry lies inside the blocker, or reaches over one of its ends."""
    if len(surface) == 1:
        return True  # an affix: 前 + 日銀総裁 wins over 前日 + 銀 + 総裁
    places = range(len(surface))
    if set(surface) <= _KATAKANA - {"・"}:
        # Katakana words are never cut, but for what fills the whole word: nothing at one end only can match.
        return any(surface[:at] in whole and surface[at:] in whole for at in places[1:])
    inside = any(surface[low:high] in whole for low in places for high in range(low + 1, len(surface) + 1))
    return inside or any(surface[at:] in starts or surface[:at] in ends for at in places[1:])


def _joins(term: Term, rest: Glossary, surfaces: list[str]) -> bool:
    """Tell whether a short blocker before some entry changes what is found there."""
    texts = (f"{term.source}{surface}" for surface in surfaces if surface[0] not in _KATAKANA)
    return any(len(find_terms(text, rest)) != 1 for text in texts)


def unused(stack: Stack) -> Iterator[Finding]:
    """An entry that no text of those asked about holds."""
    if stack.texts is None:
        return
    used = {match.term.source for text in stack.texts for match in covered(text, stack.glossary)}
    for term in stack.glossary:
        if term.source not in used:
            message = f"{term.source!r} stands in none of the {len(stack.texts)} segments"
            yield finding(term.origin, Severity.WARNING, "unused", message, term.source)


def _terms(stack: Stack) -> Iterator[Term]:
    return (term for reading in stack.readings for term in reading.terms)
