"""What the tests of exchange formats share."""

from __future__ import annotations

from translate.catalog import State
from translate.interchange import FORMATS, Exchanged, Part, format_named, read, unit_key

SOURCE = "岬町の灯台で3月4日、明かりが消えた。"


def unit(source: str = SOURCE, target: str = "The light went out.", state: State = State.APPROVED) -> Exchanged:
    return Exchanged(source, target, state, unit_key(source), base=target, base_state=state)


def written(name: str, *units: Exchanged, article: str = "articles/ja/cape.txt") -> bytes:
    return format_named(name).write([Part(article, units)])


def reread(name: str, *units: Exchanged) -> list[Exchanged]:
    data = written(name, *units)
    return [one for part in read(data, "x" + FORMATS[name].suffixes[0]) for one in part.units]


def texts(units: list[Exchanged]) -> list[tuple[str, str]]:
    return [(one.source, one.target) for one in units]
