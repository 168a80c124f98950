"""``python -m tests.fuzzing.growth [TARGET…]``: does any input take more than its length in time?

Every word of a target, and pairs of words, are repeated up to ``--size`` bytes, alone and inside the frames of the
format; a line is printed for whatever takes long at that size, with the exponent of its growth from a quarter of it:
1 is linear, 2 is quadratic. An input that is not done in ``--limit`` seconds is given up and shown as such.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import math
import random
import signal
import sys
import time
from collections.abc import Iterator

from tests.fuzzing.targets import TARGETS, attempt
from tests.fuzzing.tokens import TOKENS

_COMMON = (
    "a",
    " ",
    "1",
    "あ",
    "\n",
    "(",
    "<",
    '"',
    "'",
    ".",
    ",",
    "-",
    "_",
    "*",
    "[",
    "&",
    "#",
    "=",
    ":",
    "/",
    "\\",
    "\t",
)
_HALVES = frozenset({"numbers", "english", "checks", "tags"})
FRAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "po": (
        ('msgid "a"\nmsgstr "', '"\n'), ('msgid "', '"\nmsgstr "b"\n'), ("# ", '\nmsgid "a"\nmsgstr "b"\n'),
        ("#: ", '\nmsgid "a"\nmsgstr "b"\n'), ("#, ", '\nmsgid "a"\nmsgstr "b"\n'),
        ('msgid ""\nmsgstr "Content-Type: ', '"\n\nmsgid "a"\nmsgstr "b"\n'),
    ),
    "markdown": (("", "\n"), ("---\ntitle: ", "\n---\na\n"), ("| a |\n|---|\n| ", " |\n"), ("[a](", ")\n"),
    ("- あ", "\n")),
    "html": (("<p>", "</p>"), ("<p title='", "'>あ"), ("<a ", ">あ</a>"), ("<ruby>", "</ruby>"), ("<p>あ<code>",
    "</code>。")),
    "tmx": (
        ('<tmx><body><tu><tuv xml:lang="ja"><seg>',
        '</seg></tuv><tuv xml:lang="en"><seg>a</seg></tuv></tu></body></tmx>'),
        ("<tmx><body>", "</body></tmx>"),
    ),
    "xliff": (
        ('<xliff version="1.2"><file><body><trans-unit><source>', "</source></trans-unit></body></file></xliff>"),
        ('<xliff version="2.0"><file><unit><segment><source>', "</source></segment></unit></file></xliff>"),
    ),
    "glossary-tbx": (
        ('<tbx><conceptEntry><langSec xml:lang="ja"><termSec><term>',
        "</term></termSec></langSec></conceptEntry></tbx>"),
    ),
    "glossary-csv": (("source,target\n", "\n"), ("source,target,aliases\n橋,bridge,", "\n"),
    ('source,target\n橋,"', '"\n')),
    "exchange-csv": (("source,target\n", "\n"), ("source,target\n橋,", "\n"), ('source,target\n橋,"', '"\n')),
    "journal": (('{"msgid":"a","english":"', '","engine":"c","terms":""}\n'), ('{"msgid":', "}")),
    "memory": (('{"source":"', '","target":"b"}\n'),),
    "config": (("engine = ", "\n"), ('engine = "', '"\n'), ("[", "]\n")),
    "comments": (("mt: ", ""), ("waive: ", ""), ("mt: fake@1 terms:1/2#a sha:00000000 ", "")),
}  # fmt: skip
"""Target → what a repeated word is put between, beside nothing at all."""


class TooLongError(Exception):
    """An input took longer than the limit."""


def units(name: str, most: int) -> Iterator[str]:
    """Yield what is to be repeated: words, and pairs of them, at most so many (always the same ones)."""
    words = tuple(dict.fromkeys((*_COMMON, *TOKENS[name])))
    pairs = [a + b for a, b in itertools.permutations(words, 2)]
    chosen = random.Random(0).sample(pairs, min(most, len(pairs)))
    yield from (*words, *chosen)


def inputs(name: str, most: int) -> Iterator[tuple[str, str, str]]:
    """Yield unit, head and tail of each input."""
    frames = (("", ""), *FRAMES.get(name, ()), *((("あ\n", ""),) if name in _HALVES else ()))
    for unit in units(name, most):
        for head, tail in frames:
            yield unit, head, tail
    # What opens a great many times and then closes as often.
    for a, b in (
        ("「", "」"),
        ("(", ")"),
        ("[", "]"),
        ("<b>", "</b>"),
        ("<1>", "</1>"),
        ("*", "*"),
        ("<g>", "</g>"),
        ("> ", "\n"),
    ):
        yield f"{a}\0{b}", "", ""


def built(unit: str, head: str, tail: str, size: int) -> bytes:
    first, both, second = unit.partition("\0") if len(unit) > 1 else (unit, "", "")
    encoded = unit.encode("utf-8", "surrogatepass")
    times = max(1, size // len(encoded))
    body = first * times + second * times if both else unit * times
    return (head + body + tail).encode("utf-8", "surrogatepass")


def seconds(name: str, data: bytes, limit: float) -> float:
    """Return how long a target takes for an input; infinity if longer than the limit."""

    def stop(*_: object) -> None:
        raise TooLongError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    start = time.process_time()
    try:
        attempt(name, data)
    except TooLongError:
        return math.inf
    except Exception as error:  # what kind it is is told
        print(f"{name:16}fault: {type(error).__name__}: {str(error)[:100]} for {data[:60]!r}…", flush=True)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.process_time() - start


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing.growth", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all if omitted")
    parser.add_argument("--size", type=int, default=65_536, metavar="BYTES", help="the longer inputs (65536)")
    parser.add_argument("--pairs", type=int, default=200, metavar="N", help="pairs of words for each target (200)")
    parser.add_argument("--tell", type=float, default=0.5, metavar="S", help="tell what takes longer (0.5)")
    parser.add_argument("--limit", type=float, default=20, metavar="S", help="give up after (20)")
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    for name in args.targets or TARGETS:
        worst, tried = 0.0, 0
        for unit, head, tail in inputs(name, args.pairs):
            tried += 1
            taken = seconds(name, built(unit, head, tail, args.size), args.limit)
            worst = max(worst, taken)
            if taken > args.tell:
                quarter = seconds(name, built(unit, head, tail, args.size // 4), args.limit)
                growth = math.log(taken / quarter, 4) if math.isfinite(taken) and quarter else math.inf
                print(f"{name:16}{taken:8.2f} s  n^{growth:.1f}  {head!r} + {unit!r} x n + {tail!r}", flush=True)
        print(f"{name:16}{worst:8.2f} s at most, {tried} inputs of {args.size >> 10} KiB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
