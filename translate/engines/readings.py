"""Other ways to write a source down: a small model reads each as another sentence, and errs in another place.

What is right in the English of one tends to stand in that of the others, while what was chance does not. So the lists
of several readings, put together, agree on better hypotheses than one longer list of a single reading.
"""

from __future__ import annotations

from dataclasses import replace

from translate.engines.base import MarkedText

_STOPS = ("", "。", "．")


def readings(source: MarkedText) -> list[MarkedText]:
    """Return a source's other readings: with a full stop, with the other one, and without; nothing else changes.

    A stop that is marked, and one that is all there is, stays.

    Example:
        >>> [one.text for one in readings(MarkedText("雨がやんだ。"))]
        ['雨がやんだ', '雨がやんだ．']
    """
    text = source.text.rstrip()
    stem = text[:-1] if text.endswith(_STOPS[1:]) else text
    if not stem or (source.marks and source.marks[-1].end > len(stem)):
        return []
    return [replace(source, text=stem + stop) for stop in _STOPS if stem + stop != text]
