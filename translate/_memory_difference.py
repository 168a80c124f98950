"""What changed between two sources, so that a reader of a suggestion sees where to look."""

from __future__ import annotations

from typing import Literal

Operation = Literal["keep", "delete", "insert"]


def difference(old_source: str, new_source: str) -> list[tuple[Operation, str]]:
    """Return the steps from one text to the other; the kept and deleted ones join to the old, the others to the new.

    >>> difference("船は7隻が戻った。", "船は8隻が港に戻った。")
    [('keep', '船は'), ('delete', '7'), ('insert', '8'), ('keep', '隻が'), ('insert', '港に'), ('keep', '戻った。')]
    """
    from rapidfuzz.distance import Indel

    steps: list[tuple[Operation, str]] = []
    removed = added = ""
    for code in Indel.opcodes(old_source, new_source):
        if code.tag == "equal":
            steps += _changed(removed, added)
            removed = added = ""
            steps.append(("keep", old_source[code.src_start : code.src_end]))
        else:  # of several changes in a row, what went comes first
            removed += old_source[code.src_start : code.src_end]
            added += new_source[code.dest_start : code.dest_end]
    return steps + _changed(removed, added)


def _changed(removed: str, added: str) -> list[tuple[Operation, str]]:
    steps: list[tuple[Operation, str]] = []
    if removed:
        steps.append(("delete", removed))
    if added:
        steps.append(("insert", added))
    return steps
