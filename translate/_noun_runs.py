"""Where terms could be in a sentence: personal names, katakana names, places, organisations, compounds of nouns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translate.glossary import Kind
from translate.morphology import Word, words
from translate.transliteration import is_kana

_LONGEST = 8  # short units of one compound
_DOT = "・="
_OFFICES = (
    "首相|大統領|外相|国防相|防衛相|財務相|国王|女王|皇帝|書記|総書記|国家主席|主席|知事|大臣|長官|報道官|大佐|中佐"
)
_HONORIFIC = re.compile(f"氏|さん|様|君|ちゃん|容疑者|被告|選手|議員|記者|夫人|博士|教授|[前元新副]?(?:{_OFFICES})")
# Behind a family name these make a person of it; behind katakana they may follow a company's name.
_POST = re.compile("社長|会長|監督|代表|委員長|議長|幹事長|官房長官|投手|捕手|弁護士|医師|校長|部長|課長|船長|隊長")
_TAILS = {
    kind: tuple(tails.split())
    for kind, tails in {
        Kind.PLACE: "市 県 町 村 区 州 島 川 山 湖 湾 駅 港 郡 半島 海峡 地方 空港",
        Kind.ORG: "省 庁 社 党 局 軍 大学 銀行 委員会 協会 連盟 機構 研究所 新聞 通信 財団 組合 会議 裁判所 病院 放送",
        Kind.OFFICE: "相 長 官 首相 大臣 大統領 知事 議員 市長 社長 会長 主席",
    }.items()
}
# Affixes that join any word and make no term of it.
_LOOSE_ENDS = frozenset("的 後 中 前 側 内 外 等 ら 目 間 上 下 別 用 向け 同士 たち 以上 以下 以外".split())  # noqa: SIM905 - one list, one line
_LOOSE_STARTS = frozenset("前元同各両全約計今当他数某故")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A stretch of one sentence that could be a term.

    Attributes:
        text: The stretch.
        start: Offset of its first code point.
        kind: What it seems to name.
        units: Its words.
        is_name: Whether it is a name, which is worth an entry even if it stands in the text once.
        nested: Whether it is a part of a longer stretch that is an occurrence, too.
    """

    text: str
    start: int
    kind: Kind
    units: tuple[Word, ...]
    is_name: bool
    nested: bool = False

    @property
    def end(self) -> int:
        """Offset behind its last code point."""
        return self.start + len(self.text)


def occurrences(text: str) -> Iterator[Occurrence]:
    """Yield what could be a term, by start; parts of compounds behind the whole.

    >>> found = occurrences("浜田さんはアレナ・コヴァーチと潮力発電所へ")
    >>> [(one.text, str(one.kind)) for one in found if not one.nested]
    [('浜田', 'person'), ('アレナ・コヴァーチ', 'person'), ('潮力発電所', 'term')]
    """
    for run in _runs(words(text)):
        yield from _split(text, run)


def _runs(units: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the longest runs of nouns and affixes, with dots between katakana; each in one piece of the text."""
    run: list[Word] = []
    for index, unit in enumerate(units):
        behind = units[index + 1] if index + 1 < len(units) else None
        dot = bool(
            unit.surface in _DOT
            and run
            and behind
            and is_kana(run[-1].surface)
            and is_kana(behind.surface)
            and behind.is_noun
        )
        fits = dot or (
            unit.joins(bool(run) and run[-1].end == unit.start)
            and unit.pos[2] != "副詞可能"
            and not re.search("[A-Za-z0-9ぁ-ゖ]", unit.surface.rstrip("さんたち"))
        )
        if run and not (fits and run[-1].end == unit.start):
            yield run
            run = []
        if fits:
            run.append(unit)
    if run:
        yield run


def _split(text: str, run: list[Word]) -> Iterator[Occurrence]:
    """Take the personal names out of a run, and the compounds from what is left."""
    rest: list[Word] = []
    index = 0
    while index < len(run):
        end = _person(text, run, index)
        if end > index:
            yield from _compounds(rest)
            rest = []
            yield _occurrence(run[index:end], Kind.PERSON, is_name=True)
            title = _HONORIFIC.match(text, run[end - 1].end) or _POST.match(text, run[end - 1].end)
            while title and end < len(run) and run[end].end <= title.end():
                end += 1
            index = end
        else:
            rest.append(run[index])
            index += 1
    yield from _compounds(rest)


def _person(text: str, run: list[Word], start: int) -> int:
    """Return where the personal name that begins at ``start`` ends; ``start`` if none begins there."""
    end = start
    dotted = False
    while end < len(run) and (run[end].is_person or is_kana(run[end].surface)):
        if end > start and is_kana(run[end].surface) != is_kana(run[start].surface):
            break
        dotted |= run[end].surface in _DOT
        end += 1
    if end == start:
        return start
    titled = bool(_HONORIFIC.match(text, run[end - 1].end))
    if is_kana(run[start].surface):
        by_name = all(unit.is_person or unit.surface in _DOT for unit in run[start:end])
        return end if dotted or titled or by_name else start
    titled = titled or bool(_POST.match(text, run[end - 1].end))
    return end if titled or end - start > 1 or _stands_alone(run, start, end) else start


def _stands_alone(run: list[Word], start: int, end: int) -> bool:
    """Tell whether a family name is no part of a longer name (岸田 in 岸田派, 松本 in 松本市)."""
    return end == len(run) and (start == 0 or run[start - 1].pos[0] != "接頭辞")


def _compounds(run: Sequence[Word]) -> Iterator[Occurrence]:
    """Yield the compound that a run makes up, and what it is made of; names of one word, too."""
    run = _trimmed(run)
    if not run:
        return
    if len(run) == 1 or all(is_kana(unit.surface) for unit in run):
        if _is_name(run):
            yield _occurrence(run, _kind(run), is_name=True)
        elif len(run) > 1:
            yield _occurrence(run, Kind.TERM, is_name=False)
        return
    kind = _kind(run)
    yield _occurrence(run, kind, is_name=kind in (Kind.PLACE, Kind.ORG) and any(map(_proper, run)))
    for start in range(len(run)):
        for end in range(start + 1, min(len(run), start + _LONGEST) + 1):
            part = run[start:end]
            if len(part) == len(run) or (start and run[start].pos[0] == "接尾辞") or _trimmed(part) != list(part):
                continue
            if len(part) > 1 or _is_name(part):
                yield _occurrence(part, _kind(part), is_name=_is_name(part), nested=True)


def _trimmed(run: Sequence[Word]) -> list[Word]:
    """Return a run without affixes at its ends that join any word."""
    units = list(run)
    while units and (units[0].pos[0] == "接尾辞" or units[0].surface in _LOOSE_STARTS or units[0].surface in _DOT):
        units.pop(0)
    while units and (units[-1].pos[0] == "接頭辞" or units[-1].surface in _LOOSE_ENDS or units[-1].surface in _DOT):
        units.pop()
    return units


def _is_name(run: Sequence[Word]) -> bool:
    return len(run) == 1 and _proper(run[0]) and len(run[0].surface) > 1


def _proper(unit: Word) -> bool:
    """Tell whether a word is a name: a proper noun, or katakana that no dictionary has."""
    return unit.is_proper or (not unit.known and is_kana(unit.surface) and len(unit.surface) > 2)


def _kind(run: Sequence[Word]) -> Kind:
    """Guess what a stretch names by its last word."""
    tail = run[-1].surface
    for kind, tails in _TAILS.items():
        if len(run) > 1 and any(tail == end or (len(end) > 1 and tail.endswith(end)) for end in tails):
            return kind
    if len(run) == 1 and run[0].is_place:
        return Kind.PLACE
    return Kind.PERSON if len(run) == 1 and run[0].is_person else Kind.TERM


def _occurrence(units: Sequence[Word], kind: Kind, *, is_name: bool, nested: bool = False) -> Occurrence:
    text = "".join(unit.surface for unit in units)
    return Occurrence(text, units[0].start, kind, tuple(units), is_name, nested)
