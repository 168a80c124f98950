"""Phrases are found by an index of their words just as if each were looked for by itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translate._verbatim import phrases

WORDS = st.sampled_from(["Ann", "ANN", "ann", "Lee", "o'Lee", "O’Lee", "U.S.", "U.S", "-", "straße", "İzmir", "a_b"])
TEXT = st.lists(WORDS, min_size=1, max_size=5).flatmap(
    lambda words: st.sampled_from(["", " ", "  ", "-", ", ", "“"]).map(lambda gap: gap.join(words))
)


def one_by_one(entries: list[str], text: str) -> list[str]:
    """Return every entry that stands in the text as a whole, each looked for with an expression of its own."""
    found = []
    for entry in entries:
        spaced = r"\s+".join(re.escape(word) for word in entry.split())
        pattern = re.sub("['‘’]", "['‘’]", spaced.replace("\\'", "'"))
        pattern = re.sub('["“”]', '["“”]', pattern)
        if entry.strip() and re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
            found.append(entry)
    return found


@given(st.lists(TEXT, max_size=6, unique_by=str.casefold), TEXT)
@example(["O’Lee"], "said o'lee")
@example(["U.S."], "the U.S. said")
@example(["-"], "a - b")
@example([" "], "a b")
def test_whatever_stands_alone_in_a_text_is_found(entries: list[str], text: str) -> None:
    for entry in entries:
        assert bool(phrases([entry], text)) == bool(one_by_one([entry], text)), entry


@pytest.mark.parametrize(
    ("entries", "text", "expected"),
    [
        (["port", "Port of Ōmori"], "The port of ōmori opened.", [((4, 17), "Port of Ōmori")]),
        (["Ann"], "Anna and Ann's", [((9, 12), "Ann")]),
        (["new  york"], "New\nYork", [((0, 8), "new  york")]),
        ([], "Ann", []),
    ],
)
def test_the_longest_phrase_wins(entries: list[str], text: str, expected: list[object]) -> None:
    assert phrases(entries, text) == expected
