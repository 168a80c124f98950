"""What a glossary lacks: the names and recurring compounds of texts that no entry covers, with proposed English.

The list is for a person to correct, not for a machine to obey. A name is listed from its first occurrence, any other
compound from its second. The rank follows the C-value of Frantzi, Ananiadou and Mima (2000): how often a term stands
for itself, not as a part of one longer term, times the logarithm of its length. Names count more: a wrong name hurts
most. The English comes from JMdict and JMnedict where they are installed, else from the sound.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from translate._noun_runs import Occurrence, occurrences
from translate.dictionary import Dictionary, What
from translate.glossary import Glossary, Kind
from translate.matching import Match, find_terms
from translate.normalization import normalize
from translate.transliteration import folded, is_kana, name_form

_WEIGHT = {Kind.PERSON: 3.0, Kind.ORG: 2.0, Kind.PLACE: 2.0, Kind.OFFICE: 1.0, Kind.TERM: 1.0}
_CONTEXT = 24  # characters on either side
_KINDS = {What.PERSON: Kind.PERSON, What.PLACE: Kind.PLACE, What.ORG: Kind.ORG}
_ERAS = frozenset({"明治", "大正", "昭和", "平成", "令和"})
_GENERIC = {
    "市": "City", "県": "Prefecture", "府": "Prefecture", "町": "Town", "村": "Village", "区": "Ward", "州": "State",
    "島": "Island", "川": "River", "湖": "Lake", "湾": "Bay", "港": "Port", "駅": "Station", "半島": "Peninsula",
    "海峡": "Strait", "地方": "Region", "空港": "Airport",
}  # fmt: skip


class Basis(StrEnum):
    """Where a proposed English form comes from."""

    DICTIONARY = "dictionary"
    SOUND = "transliteration"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that the glossary lacks.

    Attributes:
        source: The Japanese, normalised (NFKC).
        target: Proposed English; empty if there is no ground for any.
        basis: What the proposal rests on.
        kind: A guess.
        count: How often it stands in the texts, uncovered and not inside a longer suggestion.
        context: One place where it stands, shortened.
        score: Its rank; only the order means something.
    """

    source: str
    target: str
    basis: Basis
    kind: Kind
    count: int
    context: str
    score: float


@dataclass
class _Seen:
    """What was seen of one stretch."""

    first: Occurrence
    context: str
    alone: int = 0
    names: int = 0
    inside: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # longer stretch → how often

    @property
    def total(self) -> int:
        """Every occurrence, alone or nested."""
        return self.alone + sum(self.inside.values())


def suggest(
    texts: Iterable[str],
    glossary: Glossary,
    *,
    dictionary: Dictionary | None = None,
    min_count: int | None = None,
) -> list[Suggestion]:
    """Return what the glossary lacks, the most useful first.

    Args:
        texts: Japanese sentences.
        glossary: What it covers, found by ``find_terms``, is not suggested.
        dictionary: JMdict and JMnedict, for the English.
        min_count: Least number of occurrences; by default 1 for names and 2 for compounds.
    """
    seen: dict[str, _Seen] = {}
    for raw in texts:
        text = normalize(raw).text
        matches = find_terms(text, glossary)
        whole: Occurrence | None = None
        for found in occurrences(text):
            if not found.nested:
                whole = found
            if _covered(found, matches):
                continue
            entry = seen.setdefault(found.text, _Seen(found, _context(text, found)))
            if found.nested and whole and not _covered(whole, matches):
                entry.inside[whole.text] += 1
            else:
                entry.alone += 1
            entry.names += found.is_name
            if found.kind is Kind.PERSON and entry.first.kind is not Kind.PERSON:
                entry.first = found  # a title in one place tells what the name is in all
    families = {
        entry.first.units[0].surface: entry.first.units[:1]
        for entry in seen.values()
        if entry.first.kind is Kind.PERSON and len(entry.first.units) > 1
    }
    suggestions = []
    for source, entry in seen.items():
        count = _independent(entry, seen)
        least = min_count if min_count is not None else (1 if entry.names else 2)
        if count < max(1, least) or glossary.by_source(source):
            continue
        kind = entry.first.kind
        # Beside a given name the analyser reads a family name best.
        target, basis = propose(replace(entry.first, units=families.get(source, entry.first.units)), dictionary)
        if _is_everyday(entry.first, dictionary):
            continue
        if dictionary and kind is Kind.TERM:
            kind = _listed_kind(source, dictionary)
        length = sum(unit.surface[0].isalnum() for unit in entry.first.units)  # without dots
        score = _WEIGHT[kind] * math.log2(1 + length) * count
        suggestions.append(Suggestion(source, target, basis, kind, count, entry.context, round(score, 3)))
    return sorted(suggestions, key=lambda one: (-one.score, -len(one.source), one.source))


def _covered(found: Occurrence, matches: Sequence[Match]) -> bool:
    """Tell whether the glossary leaves nothing of a stretch but affixes and single characters."""
    left = [
        unit for unit in found.units if not any(match.start < unit.end and unit.start < match.end for match in matches)
    ]
    touched = len(left) < len(found.units)
    return touched and not any(unit.is_noun and len(unit.surface) > 1 for unit in left)


def _independent(entry: _Seen, seen: dict[str, _Seen]) -> int:
    """Return how often a stretch stands for itself.

    Inside one longer stretch only, it is a part of that; inside several different ones it is a term of its own, and
    each of them shows it once.
    """
    nearest = [longer for longer in entry.inside if not any(one != longer and one in longer for one in entry.inside)]
    if entry.alone or len(nearest) > 1:
        repeated = [count for longer, count in entry.inside.items() if seen[longer].total > 1]
        return max(entry.alone, entry.total - sum(repeated))
    return 0


def _is_everyday(found: Occurrence, dictionary: Dictionary | None) -> bool:
    """Tell whether a word is one that any dictionary translates and that is no name: 自動車, 見方, or an era."""
    if found.text in _ERAS:
        return True
    if dictionary is None or (is_kana(found.text) and found.is_name):
        return False
    senses = [sense for sense in dictionary.lookup(found.text) if sense.what is What.COMMON and sense.frequent]
    return any(gloss == gloss.lower() for sense in senses for gloss in sense.english)


def _context(text: str, found: Occurrence) -> str:
    """Return the text around a stretch on one line, cut on either side."""
    start, end = max(0, found.start - _CONTEXT), found.end + _CONTEXT
    piece = " ".join(text[start:end].split())
    return ("…" if start else "") + piece + ("…" if end < len(text) else "")


def _listed_kind(source: str, dictionary: Dictionary) -> Kind:
    """Return what the dictionary says that a word names, if it says one thing only."""
    kinds = {sense.what for sense in dictionary.lookup(source)}
    return _KINDS.get(kinds.pop(), Kind.TERM) if len(kinds) == 1 else Kind.TERM


def propose(found: Occurrence, dictionary: Dictionary | None) -> tuple[str, Basis]:
    """Return an English form for a stretch and what it rests on; an empty one if there is no ground.

    A Japanese full name comes in English order; its reading decides between the dictionary's several.
    """
    if dictionary:
        english = _from_dictionary(found, dictionary)
        if english:
            return english, Basis.DICTIONARY
    if is_kana(found.text):
        return name_form(found.text, foreign=True), Basis.SOUND
    units = found.units
    generic = _GENERIC.get(units[-1].surface)
    named = units[:-1] if generic and len(units) > 1 else units
    if not all(unit.is_proper and is_kana(unit.reading) for unit in named):
        return "", Basis.NONE
    foreign = all(is_kana(unit.surface) for unit in named)
    parts = [name_form(unit.reading, foreign=foreign) for unit in named]
    if found.kind is Kind.PERSON:
        parts.reverse()
    return " ".join([*parts, generic] if generic and named is not units else parts), Basis.SOUND


def _from_dictionary(found: Occurrence, dictionary: Dictionary) -> str:
    """Return the dictionary's English, of the right kind; for a Japanese name only in the reading at hand.

    A kanji name has a dozen readings in JMnedict, in no order that helps: the analyser's is the likeliest.
    """
    wanted = {Kind.PERSON: What.PERSON, Kind.PLACE: What.PLACE, Kind.ORG: What.ORG}.get(found.kind, What.COMMON)
    senses = [sense for sense in dictionary.lookup(found.text) if sense.english]
    senses.sort(key=lambda sense: sense.what is not wanted)
    reading = folded(name_form("".join(unit.reading for unit in found.units)))
    if found.kind is not Kind.PERSON:
        glosses = [gloss for sense in senses for gloss in sense.english[: None if found.is_name else 1]]
        as_read = [gloss for gloss in glosses if found.is_name and folded(gloss) == reading]
        return _short(as_read[0]) if as_read and not is_kana(found.text) else (glosses or [""])[0]
    glosses = [gloss for sense in senses if sense.what in (What.PERSON, What.NAME) for gloss in sense.english]
    if is_kana(found.text):
        return glosses[0] if glosses else ""
    full = [gloss.split(" ") for gloss in glosses if gloss.count(" ") == 1]
    if full:
        return " ".join(_short(name) for name in reversed(full[0]))
    return next((_short(gloss) for gloss in glosses if folded(gloss) == reading), "")


def _short(name: str) -> str:
    """Return a name of JMnedict, which spells long vowels out, as newspapers write it: Ootani, Otani."""
    return re.sub(r"([Oo])[ou]+(?!e\b)", r"\1", re.sub(r"uu+", "u", name)).replace("'", "")
