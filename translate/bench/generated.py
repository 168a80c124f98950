"""Japanese news of any size for measurements: invented, seeded, and different in every sentence.

A grammar of our own makes it, with what an article's text costs the pipeline: glossary terms of every kind, numbers,
money, dates, times, quotations, brackets, headings and full-width figures. The same seed, number, size and glossary give
the same bytes on every machine. It is no translation test: the sentences are grammatical, and mean nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from translate.glossary import Glossary, Kind, Mode

_T = TypeVar("_T")
_HEADING_EVERY = 40
_PARAGRAPH = (2, 3, 3, 4, 5)

_FAMILY = "青柳 石渡 江口 大貫 柏木 久我 小暮 桜庭 信楽 杉浦 瀬川 高梨 千葉野 都築 鳥羽 長友 沼尻 早瀬 平泉 古賀野 真鍋 湯浅 若槻".split()
_GIVEN = "明里 一臣 栞 慎吾 澄江 誠太 千鶴 直人 春香 英理 美波 幸成 亮介 和佳".split()
_TOWN = "青波 石狩野 鵜原 岡見 霞浦 北汐 桑折野 汐見 白糸 砂越 高瀬 千鳥 鶴見野 波越 花園台 東雲 穂波 湊 八雲台 若草".split()
_PLACES = ("県庁", "港の倉庫", "市民ホール", "駅前の広場", "国際会議場", "研究所の講堂", "体育館", "旧校舎", "水産市場")
_BODIES = (
    "漁業組合",
    "市議会",
    "地元の商工会",
    "教育委員会",
    "調査団",
    "実行委員会",
    "消防本部",
    "観光協会",
    "住民団体",
)
_TOPICS = (
    "防波堤の補修", "空き家の活用", "小学校の統合", "路面電車の延伸", "風力発電所の建設", "災害時の避難計画", "図書館の改修",
    "農業用水の配分", "観光客の受け入れ", "海底ケーブルの敷設", "古い橋の架け替え", "新しい医療センターの運営",
)  # fmt: skip
_REASONS = (
    "資材の値上がりが続いている", "人手が足りない", "住民の理解が得られた", "専門家の指摘が相次いだ", "国の補助が決まった",
    "天候が安定しない", "利用者が想定を上回った", "調査の結果がまとまった", "交渉が長引いた", "費用の見通しが立った",
)  # fmt: skip
_DEEDS = (
    "計画を見直す方針を決めた", "予定どおり進める考えを示した", "詳しい説明を求めた", "協議を始めることで合意した",
    "作業をいったん止めた", "参加者に協力を呼びかけた", "最終案を公表した", "費用の一部を負担すると表明した",
)  # fmt: skip
_WORDS = (
    "ここまで来るのに長い時間がかかった", "数字だけでは現場の苦労は伝わらない", "次の世代に何を残すかが問われている",
    "急ぐ必要はないが立ち止まる余裕もない", "雨の日にこそ仕組みの良しあしが分かる", "約束は紙の上ではなく港で守るものだ",
    "反対の声にも耳を傾けたい", "予算は足りないが知恵は足りている",
)  # fmt: skip
_LINKS = ("", "", "", "一方、", "また、", "これに対し、", "さらに、", "その後、", "このため、")
_NOUNS = ("漁船", "苗木", "書籍", "乗客", "点検済みの部品", "応募作品", "非常用の電池", "観測機器")
_COUNTERS = ("隻", "本", "冊", "人", "個", "点", "台", "基")
_UNITS = ("円", "円", "円", "ドル", "ユーロ")


@dataclass(frozen=True)
class Generator:
    """Makes articles; a number names each.

    Attributes:
        glossary: Where the names come from, so that the text holds terms; an empty one gives a text without.
        seed: Another seed, another archive.
    """

    glossary: Glossary
    seed: int = 7

    def article(self, number: int, segments: int) -> str:
        """Return an article with so many segments, all different: title, headings, and paragraphs of sentences."""
        lines, paragraph = [], list[str]()
        draw = _Draw(random.Random(f"{self.seed}/{number}"), self)  # noqa: S311 - a text, not a secret
        room = 0
        for at, text in enumerate(self._texts(draw, segments)):
            if at % _HEADING_EVERY == 0:
                lines += ["".join(paragraph), text] if paragraph else [text]
                paragraph, room = [], draw.one(_PARAGRAPH)
                continue
            paragraph.append(text)
            if len(paragraph) >= room:
                lines.append("".join(paragraph))
                paragraph, room = [], draw.one(_PARAGRAPH)
        return "\n\n".join([*lines, "".join(paragraph)] if paragraph else lines) + "\n"

    def _texts(self, draw: _Draw, segments: int) -> Iterator[str]:
        seen: set[str] = set()
        while len(seen) < segments:
            text = draw.heading() if len(seen) % _HEADING_EVERY == 0 else draw.sentence()
            if text not in seen:
                seen.add(text)
                yield text

    @cached_property
    def names(self) -> dict[Kind, tuple[str, ...]]:
        """The glossary's Japanese names by kind; soft entries and Latin ones left out."""
        found: dict[Kind, list[str]] = {}
        for term in self.glossary:
            if term.mode is not Mode.SOFT and not term.is_blocker and not term.source.isascii():
                found.setdefault(term.kind, []).append(term.source)
        return {kind: tuple(names) for kind, names in found.items()}


def edited(text: str, every: int = 100) -> str:
    """Return an article in which one of ``every`` sentences says a little more than before.

    >>> edited("港は開いた。船は出た。灯は消えた。", every=2)
    '港は開いた。船は、関係者によると、出た。灯は消えた。'
    """
    parts = text.split("。")
    for at in range(every - 1, len(parts) - 1, every):
        parts[at] = parts[at].replace("は", "は、関係者によると、", 1) if "は" in parts[at] else f"なお{parts[at]}"
    return "。".join(parts)


class _Draw:
    """What one article draws from its own random numbers."""

    def __init__(self, numbers: random.Random, generator: Generator) -> None:
        self._numbers = numbers
        self._names = generator.names

    def one(self, choices: Sequence[_T]) -> _T:
        """Return one of several."""
        return choices[int(self._numbers.random() * len(choices))]

    def heading(self) -> str:
        """Return a heading, which ends without a full stop."""
        return f"{self._place()}、{self.one(_TOPICS)}に{self._money()}　{self.one(_FAMILY)}氏「{self.one(_WORDS)[:9]}」"

    def sentence(self) -> str:
        """Return a sentence of about fifty characters."""
        return self.one(_LINKS) + self.one(_PATTERNS)(self)

    def _name(self, kind: Kind, otherwise: str) -> str:
        names = self._names.get(kind)
        return self.one(names) if names else otherwise

    def _local(self) -> str:
        return f"{self.one(_FAMILY)}{self.one(_GIVEN)}"

    def _who(self) -> str:
        draw = self._numbers.random()
        if draw < 0.25:
            return self._name(Kind.PERSON, self._local()) + "氏"
        if draw < 0.45:
            return self._name(Kind.ORG, self.one(_BODIES))
        if draw < 0.55:
            return self._place() + "の" + self._name(Kind.OFFICE, "担当者")
        if draw < 0.8:
            return f"{self.one(_TOWN)}市の{self.one(_BODIES)}"
        return f"{self._local()}さん（{20 + self._below(60)}）"

    def _place(self) -> str:
        return (
            self._name(Kind.PLACE, f"{self.one(_TOWN)}町") if self._numbers.random() < 0.6 else f"{self.one(_TOWN)}町"
        )

    def _below(self, limit: int) -> int:
        return int(self._numbers.random() * limit)

    def _figure(self, number: int) -> str:
        text = str(number)
        return text.translate(_WIDE) if self._numbers.random() < 0.2 else text

    def _money(self) -> str:
        amount = 2 + self._below(9800)
        return f"{self._figure(amount)}{self.one(('万', '億', '万', '億', ''))}{self.one(_UNITS)}"

    def _when(self) -> str:
        draw = self._numbers.random()
        month, day = 1 + self._below(12), 1 + self._below(28)
        if draw < 0.3:
            return f"{self._figure(month)}月{self._figure(day)}日"
        if draw < 0.45:
            return f"{2015 + self._below(12)}年{month}月"
        if draw < 0.55:
            return f"{day}日午後{1 + self._below(11)}時{5 * (1 + self._below(11))}分"
        return self.one(("前日", "週明け", "この春", "会見の席で", "同じ日の夜", "先週末", "発表の直後"))

    def _report(self) -> str:
        return f"{self._who()}は{self._when()}、{self.one(_TOPICS)}をめぐり、{self.one(_DEEDS)}。"

    def _cost(self) -> str:
        return (
            f"{self.one(_TOPICS)}には{self._money()}が必要とされ、{self._who()}は{self.one(_REASONS)}と説明している。"
        )

    def _quote(self) -> str:
        return f"{self._who()}は「{self.one(_WORDS)}。{self.one(_REASONS)}からだ」と{self._place()}の{self.one(_PLACES)}で語った。"

    def _count(self) -> str:
        at = self._below(len(_NOUNS))
        amount = self._figure(2 + self._below(4000))
        return f"{self._place()}の{self.one(_PLACES)}には{self._when()}までに{_NOUNS[at]}{amount}{_COUNTERS[at]}が集まった。"

    def _share(self) -> str:
        share = f"{self._below(98) + 1}.{self._below(9) + 1}"
        return f"{self._who()}の調べでは、{self.one(_TOPICS)}を支持する人は{share}％で、{self.one(_REASONS)}という。"

    def _because(self) -> str:
        return f"{self.one(_REASONS)}ことから、{self._who()}と{self._who()}は{self.one(_DEEDS)}。"

    def _term(self) -> str:
        term = self._name(Kind.TERM, "地域計画")
        return f"{term}を扱う会合が{self._place()}で開かれ、{self._who()}が{self.one(_TOPICS)}との関係を説明した。"

    def _plain(self) -> str:
        return f"{self.one(_TOWN)}町の{self.one(_BODIES)}は{self.one(_TOPICS)}について{self.one(_DEEDS)}が、{self.one(_REASONS)}。"


_PATTERNS: tuple[Callable[[_Draw], str], ...] = (
    *(_Draw._report, _Draw._cost, _Draw._quote, _Draw._count, _Draw._share, _Draw._because, _Draw._term),
    *(_Draw._plain, _Draw._plain),
)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
