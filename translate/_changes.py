"""What an update does to a catalog's entries, for people to read before it is done."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from translate._fuzzy import similarity


@dataclass(frozen=True, slots=True)
class Edited:
    """A new text, the old one that it was made from, and how alike they are (0 to 100)."""

    msgid: str
    previous: str
    similarity: float


@dataclass(frozen=True)
class Changes:
    """The difference between a catalog's entries before and after a merge; each msgid stands in one list at most.

    Attributes:
        new: Texts that were never there, and resemble none that went away.
        edited: New texts with the old ones that they were made from.
        moved: Texts that stand elsewhere in the order now; the fewest whose move explains the new order.
        removed: Texts that went away, other than the old ones of ``edited``.
        returning: Texts that had gone and are back, with all that was written for them.
    """

    new: tuple[str, ...] = ()
    edited: tuple[Edited, ...] = ()
    moved: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    returning: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.new, self.edited, self.moved, self.removed, self.returning))


def compare(before: Mapping[str, str], gone: Collection[str], after: Mapping[str, str]) -> Changes:
    """Return what changed between two orders of texts.

    Args:
        before: The texts of the old catalog in order, each with its own previous text or an empty one.
        gone: The texts of its obsolete entries.
        after: The texts of the new catalog, as ``before``.
    """
    arrived = [text for text in after if text not in before and text not in gone]
    edited = [Edited(text, after[text], similarity(text, after[text])) for text in arrived if after[text]]
    earlier = {one.previous for one in edited}
    return Changes(
        new=tuple(text for text in arrived if not after[text]),
        edited=tuple(edited),
        moved=_moved([text for text in before if text in after], [text for text in after if text in before]),
        # A machine's text between a person's and the new one is no loss either.
        removed=tuple(
            text for text, previous in before.items() if not {text, previous} & earlier and text not in after
        ),
        returning=tuple(text for text in after if text not in before and text in gone),
    )


def _moved(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return the texts that are not in the longest run that kept its order (patience sorting)."""
    place = {text: at for at, text in enumerate(before)}
    ends: list[int] = []
    lengths = []
    for text in after:
        at = bisect_left(ends, place[text])
        ends[at : at + 1] = [place[text]]
        lengths.append(at)
    wanted, kept = len(ends) - 1, set[str]()
    limit = len(before)
    for text, length in zip(reversed(after), reversed(lengths), strict=True):
        if length == wanted and place[text] < limit:
            kept.add(text)
            wanted, limit = wanted - 1, place[text]
    return tuple(text for text in after if text not in kept)
