"""Two pieces at once change the time and nothing else: order, results, and what an error or an interrupt leaves."""

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.overlap import AT_ONCE, overlapped


def test_results_come_in_order_and_two_run_at_a_time() -> None:
    both = threading.Barrier(AT_ONCE)

    def piece(number: int) -> int:
        both.wait(timeout=30)  # breaks unless another piece runs beside this one
        return number

    assert list(overlapped([partial(piece, number) for number in range(8)], concurrent=True)) == list(range(8))


@given(st.integers(0, 7), st.booleans())
def test_all_come_once(count: int, concurrent: bool) -> None:
    assert list(overlapped([partial(int, number) for number in range(count)], concurrent=concurrent)) == list(
        range(count)
    )


def test_one_at_a_time_is_called_when_it_is_asked_for() -> None:
    called: list[int] = []
    stream = overlapped([partial(called.append, number) for number in range(3)], concurrent=False)
    assert called == []
    next(stream)
    assert called == [0]


def test_no_more_than_two_have_begun_that_nobody_has_taken() -> None:
    begun: list[int] = []
    stream = overlapped([partial(begun.append, number) for number in range(9)], concurrent=True)
    next(stream)
    time.sleep(0.05)
    assert len(begun) <= 1 + AT_ONCE
    assert list(stream) == [None] * 8


def test_an_error_comes_in_its_place_and_ends_the_work() -> None:
    def piece(number: int) -> int:
        if number == 3:
            raise ValueError("third")
        return number

    stream = overlapped([partial(piece, number) for number in range(9)], concurrent=True)
    assert [next(stream) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="third"):
        next(stream)


@pytest.fixture
def heard() -> Iterator[None]:
    """Python's handler of Ctrl-C: a shell that runs the tests in the background has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_an_interrupt_lets_what_has_begun_end_and_be_kept() -> None:
    begun: list[int] = []

    def piece(number: int) -> int:
        begun.append(number)
        if number == 3:
            time.sleep(0.2)  # until the others are done and this one is waited for
            _thread.interrupt_main()  # as Ctrl-C does
            time.sleep(0.2)
        return number

    got: list[int] = []
    stream = overlapped([partial(piece, number) for number in range(50)], concurrent=True)
    with pytest.raises(KeyboardInterrupt):
        got.extend(stream)  # keeps what comes before the interrupt
    assert sorted(begun) == got == list(range(len(got)))
    assert 3 < len(got) < 50
