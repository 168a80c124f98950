"""JSON is written as the standard library would write it."""

from __future__ import annotations

import json
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.cli.json_text import written


class Colour(StrEnum):
    RED = "red"


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text("a港\"\\\n\t\u2028\x01\x7f\ud800", max_size=6), st.sampled_from(Colour),
)  # fmt: skip
KEYS = st.one_of(st.text(max_size=4), st.integers(), st.booleans(), st.none(), st.sampled_from(Colour))
VALUES = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=4), st.tuples(inner), st.dictionaries(KEYS, inner))
)


@given(VALUES)
def test_every_value_is_written_as_the_standard_library_writes_it(value: object) -> None:
    assert written(value) == json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


@pytest.mark.parametrize("value", [float("nan"), [float("inf")]])
def test_a_number_that_is_not_finite_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        written(value)


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError):
        written({"a": {1, 2}})
