"""The house style of published English: case of headings, quotation marks, spelling, order of Japanese names.

Applied when an article is published, never to what translators see; ``publishing`` calls ``apply`` for every segment.
Addresses, markup and code are left alone. Applying a style twice gives the same text as applying it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, get_args, get_type_hints

from translate._verbatim import OPAQUE, Span, mask, outside, phrases
from translate.document import Role
from translate.errors import InputError
from translate.headings import sentence_case, title_case
from translate.spelling import KEPT, Spelling, respell

_HEADINGS = frozenset({Role.TITLE, Role.HEADING, Role.CONTENTS})
_WORD = re.compile(r"(?<!\w)[A-Za-z]+(?!\w)")
_BEFORE, _AFTER = re.compile(r"(\w+)\s+\Z"), re.compile(r"\s+(\w+)")
_STRAIGHT = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")
# Before these an apostrophe stands for left-out letters: rock ’n’ roll, ’em, ’tis, the ’90s.
_CLIPPED = re.compile(r"(?:n|em|til|tis|twas|cause|bout|round)\b|\d\ds?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """What a publisher has decided.

    Attributes:
        headings: Case of titles, headings and contents lines; ``keep`` leaves it to the translator.
        quotes: Straight or typographic quotation marks and apostrophes.
        spelling: American or British.
        names: Order of Japanese names: ``western`` (Shinzo Abe) or ``eastern`` (Abe Shinzo).

    Raises:
        InputError: A setting has a value that it does not know.
    """

    headings: Literal["sentence", "title", "keep"] = "sentence"
    quotes: Literal["straight", "curly"] = "straight"
    spelling: Spelling = "us"
    names: Literal["western", "eastern"] = "western"

    def __post_init__(self) -> None:
        for setting, hint in get_type_hints(type(self)).items():
            value, allowed = getattr(self, setting), get_args(hint)
            if value not in allowed:
                raise InputError(f"house style: {setting} = {value!r} is unknown; write one of {', '.join(allowed)}")


def apply(text: str, role: str, style: HouseStyle, *, names: Iterable[str] = (), fixed: Iterable[str] = ()) -> str:
    """Put a segment's English in house style.

    Args:
        text: The English of one segment.
        role: The role of its block, see ``document.Role``; unknown roles count as body.
        style: The style.
        names: Full names of Japanese people in western order; other names are never turned around.
        fixed: Glossary targets and titles as they stand inside a sentence. Headings keep their capitals. Their spelling
            follows the style like any other word's (defense minister, Defence Secretary), with two exceptions: what
            stands in quotation marks is a title and stays, and so do capitalised words other than *Defense*
            (Center for Naval Analyses).

    Example:
        >>> style = HouseStyle(spelling="uk", quotes="curly", names="eastern")
        >>> apply("The 'defense-only' plan, Hanako Yamada said.", "body", style, names=["Hanako Yamada"])
        'The ‘defence-only’ plan, Yamada Hanako said.'
    """
    known = _known(tuple(names), tuple(fixed))
    if role in _HEADINGS and style.headings != "keep":
        change = sentence_case if style.headings == "sentence" else title_case
        text = change(text, known.phrases)
    if style.names == "eastern":
        text = _swap_names(text, known.eastern)
    text = _respell(text, style.spelling, known)
    return (
        _curl(text) if style.quotes == "curly" else outside(_opaque(text), text, lambda part: part.translate(_STRAIGHT))
    )


@lru_cache(maxsize=8)
def _known(names: tuple[str, ...], fixed: tuple[str, ...]) -> _Known:
    """Prepare what the segments of one article have in common."""
    return _Known(tuple(dict.fromkeys(" ".join(name.split()) for name in names)), tuple(dict.fromkeys(fixed)))


@dataclass(frozen=True)
class _Known:
    """The names and phrases that the caller knows, in every form that an earlier pass may have given them."""

    names: tuple[str, ...]
    fixed: tuple[str, ...]

    @cached_property
    def eastern(self) -> dict[str, str]:
        """Each full name with its eastern order; names given in both orders contradict each other and stay."""
        turned = {
            name: f"{surname} {given}" for name in self.names for given, _, surname in [name.rpartition(" ")] if given
        }
        return {name: other for name, other in turned.items() if other not in turned}

    @cached_property
    def both_orders(self) -> frozenset[str]:
        return frozenset((*self.names, *self.eastern.values()))

    @cached_property
    def respelled(self) -> frozenset[str]:
        """The fixed phrases in either spelling of *defense*, the one word that changes inside names."""
        return frozenset(
            form for phrase in self.fixed for form in (phrase, *(_respell_all(phrase, to, _is_defense) for to in _BOTH))
        )

    @cached_property
    def phrases(self) -> frozenset[str]:
        every = {_respell_all(phrase, to, lambda _: True) for phrase in self.fixed for to in _BOTH}
        return frozenset(
            {*every, *self.respelled, *self.both_orders, *(p for name in self.names for p in name.split())}
        )


_BOTH: tuple[Spelling, Spelling] = get_args(Spelling)


def _is_defense(word: str) -> bool:
    return word.lower().startswith(("defense", "defence"))


def _swap_names(text: str, eastern: dict[str, str]) -> str:
    present = sorted((name for name in eastern if name.split()[-1] in text), key=len, reverse=True)
    if not present:
        return text
    forms = (r"(\s+)".join(map(re.escape, name.rsplit(" ", 1))).replace(r"\ ", r"\s+") for name in present)
    pattern = re.compile("|".join(rf"(?<![\w-]){form}(?!\w)" for form in forms))
    parts = {part for name in eastern for part in name.split()}
    opaque = mask(_opaque(text), text)

    def swap(match: re.Match[str]) -> str:
        start, end = match.span()
        before, after = _BEFORE.search(text, max(0, start - 80), start), _AFTER.match(text, end)
        # Among further parts of names (Ken Ken Ito) nobody knows who is meant.
        if any(opaque[start:end]) or any(word and word.group(1) in parts for word in (before, after)):
            return match.group()
        low, high = match.span(match.lastindex or 0)  # each form has one group: the gap before the surname
        return text[high:end] + text[low:high] + text[start:low]

    return pattern.sub(swap, text)


def _respell(text: str, spelling: Spelling, known: _Known) -> str:
    kept = [*_opaque(text), *(span for span, _ in phrases(KEPT, text))]
    kept += [span for span, _ in phrases(known.both_orders, text)]
    wary: list[Span] = []
    for (start, end), phrase in phrases(known.respelled, text):
        quoted = text[:start].endswith(tuple("\"'“‘")) and text[end:].lstrip(".,!?").startswith(tuple("\"'”’"))
        (kept if quoted or phrase.strip()[:1] in "\"'“‘" else wary).append((start, end))

    untouchable, cautious = mask(kept, text), mask(wary, text)

    def change(match: re.Match[str]) -> str:
        word = match.group()
        if untouchable[match.start()]:
            return word
        if cautious[match.start()] and not word.islower() and not _is_defense(word):
            return word
        return respell(word, spelling)

    return _WORD.sub(change, text)


def _respell_all(phrase: str, spelling: Spelling, which: Callable[[str], bool]) -> str:
    return _WORD.sub(lambda match: respell(match.group(), spelling) if which(match.group()) else match.group(), phrase)


def _opaque(text: str) -> list[Span]:
    return [match.span() for match in OPAQUE.finditer(text)]


def _curl(text: str) -> str:
    """Make straight quotes typographic: apostrophes, clipped words, and quotes inside quotes."""
    opaque = mask(_opaque(text), text)
    out = list(text)
    is_open = False  # inside a double quotation
    for at, char in enumerate(text):
        if char in "“”":
            is_open = char == "“"
        if char not in "\"'" or opaque[at]:
            continue
        before = out[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        may_open = (before.isspace() or before in "([{“‘—–-=/") and not after.isspace()
        if char == "'":
            out[at] = "‘" if may_open and not _CLIPPED.match(text, at + 1) else "’"
            continue
        may_close = not (before.isspace() or before in "([{“‘=")
        opens = may_open if may_open != may_close else not is_open
        if not opens and not is_open and before.isdigit():
            continue  # a 12" gun
        out[at] = "“" if opens else "”"
        is_open = opens
    return "".join(out)
