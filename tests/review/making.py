"""Articles of any length for the review: our own news prose, what a machine made of it, and what is right.

``written(40, faulty=10)`` is the job of the manual: forty segments of which ten lack a glossary term.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

TOWNS = {
    "早瀬町": "Hayase",
    "汐見町": "Shiomi",
    "白浜村": "Shirahama",
    "岬町": "Misaki",
    "大森町": "Omori",
    "鐘崎市": "Kanezaki",
}
PEOPLE = {
    "漁協": "the fishing cooperative",
    "消防団": "the volunteer fire corps",
    "港湾事務所": "the port office",
    "図書館": "the library",
    "商店会": "the shopkeepers",
}
THINGS = {
    "古い桟橋の修理": "repairs to the old pier",
    "夜の避難訓練": "a nighttime evacuation drill",
    "新しい待合室": "a new waiting room",
    "灯台の一般公開": "an open day at the lighthouse",
    "朝市の再開": "the return of the morning market",
    "渡し船の増便": "more ferry runs",
}
DEEDS = {
    "求めた": "asked for",
    "決めた": "decided on",
    "見送った": "put off",
    "発表した": "announced",
    "話し合った": "discussed",
}
TITLE, TITLE_ENGLISH = "入り江の町々、冬の支度", "Towns around the inlet get ready for winter"
TERMS = "source,target,kind,note\n" + "".join(
    f"{town},{english},place,on the inlet\n" for town, english in TOWNS.items()
)
A_SECTION = 25


@dataclass(frozen=True)
class Sentence:
    """A segment, the English that a machine proposes for it, and the English that is right."""

    japanese: str
    machine: str
    right: str

    @property
    def is_faulty(self) -> bool:
        """Whether a person has to edit what the machine proposes."""
        return self.machine != self.right


def written(segments: int, *, faulty: int = 0) -> list[Sentence]:
    """Return so many different segments, the title and the headings of sections among them.

    Args:
        segments: How many.
        faulty: How many of them lack a glossary term in the machine's English, spread evenly.
    """
    chance = random.Random(7)
    combined = list(itertools.product(range(1, 31), TOWNS, PEOPLE, THINGS, DEEDS))
    chance.shuffle(combined)
    found = list(itertools.islice(_all(combined), segments))
    bodies = [at for at, one in enumerate(found) if one.japanese.endswith("。")]
    for number in range(faulty):
        at = bodies[number * len(bodies) // faulty]
        town = next(english for town, english in TOWNS.items() if town in found[at].japanese)
        found[at] = Sentence(found[at].japanese, found[at].right.replace(town, "the town"), found[at].right)
    return found


def article(sentences: list[Sentence]) -> str:
    """Return the text of the article: paragraphs of five sentences under headings, each section with its own."""
    lines: list[str] = []
    paragraph = ""
    for one in sentences:
        if one.japanese.endswith("。"):
            paragraph += one.japanese
            if paragraph.count("。") == 5:
                lines, paragraph = [*lines, paragraph], ""
        else:
            lines, paragraph = [*lines, *([paragraph] if paragraph else []), one.japanese], ""
    return "\n\n".join([*lines, *([paragraph] if paragraph else [])]) + "\n"


def _all(combined: list[tuple[int, str, str, str, str]]) -> Iterator[Sentence]:
    yield Sentence(TITLE, TITLE_ENGLISH, TITLE_ENGLISH)
    for number, (day, town, who, what, deed) in enumerate(combined):
        if number % A_SECTION == 0:
            heading = f"Week {number // A_SECTION + 1} in the towns"
            yield Sentence(f"【町の週報その{number // A_SECTION + 1}】", heading, heading)
        japanese = f"{town}の{who}は{day}日、{what}を{deed}。"
        english = f"On the {_ordinal(day)}, {PEOPLE[who]} of {TOWNS[town]} {DEEDS[deed]} {THINGS[what]}."
        yield Sentence(japanese, english, english)


def _ordinal(day: int) -> str:
    ending = "th" if 10 <= day <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
