"""A few seconds of fuzzing in every run of the tests: the corpus, what once was a fault, and mutations of both."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing.targets import TARGETS, attempt
from tests.fuzzing.tokens import TOKENS, dictionary

HERE = Path(__file__).parent
EXAMPLES = 12  # for each target; `python -m tests.fuzzing` runs as many as there is time for


def seeds(name: str) -> list[bytes]:
    """Return a target's corpus and its former faults."""
    return [one.read_bytes() for folder in ("corpus", "faults") for one in sorted((HERE / folder / name).glob("*"))]


@pytest.fixture(autouse=True)
def _silent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "translate")


@pytest.mark.parametrize("name", TARGETS)
class TestEveryTarget:
    def test_takes_its_corpus_and_what_once_broke_it(self, name: str) -> None:
        found = seeds(name)
        assert found, f"no corpus: python -m tests.fuzzing {name} --merge makes one"
        for data in found:
            attempt(name, data)

    def test_takes_mutations_of_them(self, name: str) -> None:
        corpus = [data for data in seeds(name) if len(data) <= 1500]
        words = [word.encode("utf-8", "surrogatepass") for word in TOKENS[name]]
        piece = st.one_of(st.sampled_from(words), st.binary(max_size=4))
        edit = st.tuples(st.floats(0, 1), st.floats(0, 1), st.lists(piece, max_size=3).map(b"".join))

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.sampled_from(corpus), st.lists(edit, max_size=6), st.sampled_from(corpus))
        def run(data: bytes, edits: list[tuple[float, float, bytes]], other: bytes) -> None:
            for place, length, new in edits:
                start = int(place * len(data))
                data = data[:start] + (new or other[start:]) + data[start + int(length * length * 40) :]
            attempt(name, data)

        run()

    def test_takes_any_bytes(self, name: str) -> None:
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.one_of(st.binary(max_size=80), st.text(max_size=60).map(str.encode)))
        def run(data: bytes) -> None:
            attempt(name, data)

        run()


def test_every_target_has_words_that_the_fuzzer_can_read() -> None:
    assert set(TOKENS) == set(TARGETS)
    for name in TARGETS:
        for line in dictionary(name).splitlines():
            assert line.startswith('"\\x')
            assert line.endswith('"')
