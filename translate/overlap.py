"""Two pieces of work at once, results in order: while one waits for its longest sentences, the other fills the threads.

A chunk of segments goes through several searches, and each ends with a few long sentences that keep one thread busy.
What an engine returns for a segment does not depend on what is translated beside it, so nothing but time changes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 2
"""More would fill no thread better, and a killed run would lose more."""


def overlapped(work: Sequence[Callable[[], T]], *, concurrent: bool) -> Iterator[T]:
    """Yield what each piece of work returns, in order.

    An interrupt (Ctrl-C) lets the pieces that have begun come to their end, yields them, and is raised then; a second
    one is raised at once.

    Args:
        work: What to call.
        concurrent: Whether two may run at a time; otherwise each is called when it is asked for.
    """
    if not concurrent or len(work) < AT_ONCE:
        yield from (piece() for piece in work)
        return
    waiting = iter(work)
    interrupt: KeyboardInterrupt | None = None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running: deque[Future[T]] = deque(pool.submit(piece) for piece in islice(waiting, AT_ONCE))
        while running:
            try:
                result = running[0].result()
            except KeyboardInterrupt as error:
                if interrupt is not None:
                    raise
                interrupt = error
                continue
            running.popleft()
            if interrupt is None:
                running.extend(pool.submit(piece) for piece in islice(waiting, 1))
            yield result
    if interrupt is not None:
        raise interrupt
