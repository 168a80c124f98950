"""``python -m tests.fuzzing TARGET… [--seconds N]``: coverage-guided fuzzing with atheris.

Each target runs in a process of its own, from the corpus beside this file. New inputs that reach new code are kept in
``--work`` and, with ``--merge``, brought into the corpus as far as they add to it. A fault does not stop a run: each
different one is written to ``faults`` in the work folder with the error behind its name, and listed at the end.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import pkgutil
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from hashlib import sha256
from pathlib import Path

from tests.fuzzing.tokens import TOKENS, dictionary

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
LONGEST_INPUT, SECONDS_PER_INPUT, MEGABYTES = 4096, 10, 2048
SLOW = 0.5
_INSTRUMENTED = ["translate", "polib", "markdown_it", "mdit_py_plugins"]
_WITHOUT = re.compile(r"translate\.(?:adapt\.(?!data|$)|engines|cli\.(?!common))")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"all if omitted: {', '.join(TOKENS)}")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="time for each target (60)")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where new inputs and faults go")
    parser.add_argument("--merge", action="store_true", help="bring what adds coverage into the corpus, minimized")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    args, rest = parser.parse_known_args()
    if args.child:
        _fuzz(args.child[0], Path(args.child[1]), [*rest, *args.targets])  # options and folders of libFuzzer
    unknown = set(args.targets) - set(TOKENS)
    if unknown or rest:
        parser.error(f"no target {', '.join([*unknown, *rest])}; there are {', '.join(TOKENS)}")
    work = args.work or Path(tempfile.mkdtemp(prefix="yakubun-fuzzing-"))
    print(f"new inputs and faults: {work}", flush=True)
    print(f"{'target':16}{'runs':>10}{'a second':>10}{'edges':>7}{'features':>10}{'inputs':>8}{'MB':>6}{'faults':>8}")
    total = 0
    for name in args.targets or TOKENS:
        total += _run(name, work, args.seconds)
        if args.merge:
            _merge(name, work)
    return 1 if total else 0


def _run(name: str, work: Path, seconds: int) -> int:
    """Fuzz one target in a process of its own and print its line; return the number of faults."""
    found, faults, seeds = work / name, work / "faults" / name, CORPUS / name
    for folder in (found, faults):
        folder.mkdir(parents=True, exist_ok=True)
    words = work / f"{name}.dict"
    words.write_text(dictionary(name), "ascii")
    limits = [f"-max_len={LONGEST_INPUT}", "-timeout=3600", "-report_slow_units=3600", f"-rss_limit_mb={MEGABYTES}"]
    output = ""
    runs, end = 0, time.monotonic() + seconds
    while (left := int(end - time.monotonic())) > 1 or not output:
        more = [f"-max_total_time={max(left, 1)}", f"-artifact_prefix={faults}/", "-print_final_stats=1", "-reload=0"]
        folders = [str(found), *([str(seeds)] if seeds.is_dir() else [])]
        command = [sys.executable, "-m", "tests.fuzzing", "--child", name, str(work), f"-dict={words}", *limits, *more]
        done = subprocess.run([*command, *folders], capture_output=True, text=True, errors="replace", check=False)
        output = done.stderr
        (work / f"{name}.log").write_text(output, "utf-8")
        runs += int(next(iter(re.findall(r"number_of_executed_units:\s*(\d+)", output)), 0))
        if "Error" in output and "cov:" not in output:
            print(output[-2000:], file=sys.stderr)
            break
    status = [*re.finditer(r"cov: (\d+) ft: (\d+) corp: (\d+)/\S+ .*?rss: (\d+)Mb", output)]
    edges, features, inputs, megabytes = status[-1].groups() if status else ("?", "?", "?", "?")
    count = len([one for one in faults.iterdir() if not one.name.endswith(".txt")])
    print(
        f"{name:16}{runs:>10}{runs // max(seconds, 1):>10}{edges:>7}{features:>10}{inputs:>8}{megabytes:>6}{count:>8}",
        flush=True,
    )
    return count


def _fuzz(name: str, work: Path, options: list[str]) -> None:
    """Be the process that fuzzes; never returns."""
    import atheris

    with atheris.instrument_imports(include=_INSTRUMENTED):
        import translate

        for module in pkgutil.walk_packages(translate.__path__, "translate."):
            if not _WITHOUT.match(module.name):
                importlib.import_module(module.name)
        from tests.fuzzing.targets import attempt
    logging.disable(logging.WARNING)
    folder, known = work / "faults" / name, set[str]()

    def keep(data: bytes, why: str, text: str) -> None:
        if why not in known:
            known.add(why)
            stem = folder / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', why)[:80]}-{sha256(data).hexdigest()[:8]}"
            stem.write_bytes(data)
            stem.with_name(stem.name + ".txt").write_text(text, "utf-8", "backslashreplace")

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {SECONDS_PER_INPUT} s of the processor")

    def once(data: bytes) -> None:
        # Of processor time: a machine that is busy or paused is no fault of the target.
        signal.signal(signal.SIGVTALRM, stop)
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_PER_INPUT)
        start = time.process_time()
        try:
            attempt(name, data)
        except Exception as error:  # what kind it is says the file
            frames = [one for one in traceback.extract_tb(error.__traceback__) if "tests/fuzzing" not in one.filename]
            last = f"{Path(frames[-1].filename).name}-{frames[-1].lineno}" if frames else str(error)[:40]
            keep(data, f"{type(error).__name__}-{last}", traceback.format_exc())
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        seconds = time.process_time() - start
        if seconds > SLOW:
            keep(data, f"slow-{int(seconds / SLOW)}", f"{seconds:.2f} s for {len(data)} bytes\n")

    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()


def _merge(name: str, work: Path) -> None:
    """Bring the smallest inputs that together reach everything reached into the corpus."""
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "tests.fuzzing",
            "--child",
            name,
            folder,
            "-merge=1",
            f"-max_len={LONGEST_INPUT}",
        ]
        Path(folder, "faults", name).mkdir(parents=True)
        merged = Path(folder, "merged")
        merged.mkdir()
        subprocess.run([*command, str(merged), str(corpus), str(work / name)], capture_output=True, check=False)
        kept = sorted(merged.iterdir(), key=lambda one: one.stat().st_size)
        if not kept:
            return
        for old in corpus.iterdir():
            old.unlink()
        for one in kept:
            data = one.read_bytes()
            (corpus / sha256(data).hexdigest()[:12]).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
