"""The fault harnesses as commands: see ``docs/reliability.md``.

python tests/faults kill --command translate --times 500 --seed 1
python tests/faults inject --command publish
"""

# ruff: noqa: E402 - the folder is no package
from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import fault_adapt
import fault_long
import fault_races
import fault_trials
from fault_project import SCENARIOS
from fault_server import Server


def _disturb(args: argparse.Namespace) -> int:
    failures = 0
    with Server() as server, tempfile.TemporaryDirectory(prefix="yakubun-faults-") as folder:
        for name in args.command or SCENARIOS:
            started = time.monotonic()
            trials = fault_trials.Trials(name, server, Path(folder))
            if args.what == "kill":
                fault_trials.kill(trials, args.times, args.seed)
            else:
                fault_trials.inject(trials, args.seed, args.times)
            tally = trials.tally
            failures += len(tally.failures)
            ends = ", ".join(f"{how} {times}" for how, times in sorted(tally.ended.items()))
            print(
                f"{name}: {tally.tried.total()} faults ({len(trials.whole.calls)} calls; {ends}), "
                f"{tally.kept} finished segments found again, {len(tally.failures)} failures, "
                f"{time.monotonic() - started:.0f} s",
                flush=True,
            )
            if args.what == "inject":
                kinds: dict[str, int] = {}
                for what, times in tally.tried.items():
                    kinds[what.split()[0]] = kinds.get(what.split()[0], 0) + times
                print("  " + ", ".join(f"{kind} {times}" for kind, times in kinds.items()), flush=True)
            for failure in tally.failures[: args.show]:
                print(f"  {failure}", flush=True)
    return 1 if failures else 0


def _race(args: argparse.Namespace) -> int:
    failures = 0
    with Server() as server, tempfile.TemporaryDirectory(prefix="yakubun-races-") as name:
        folder = Path(name)
        (folder / "work").mkdir()
        fault_races.prepare(folder / "work", server)
        (folder / "work").rename(folder / "template")
        for race in args.race or fault_races.RACES:
            started = time.monotonic()
            chance = random.Random(f"{args.seed} {race}")
            runs = (
                fault_races.run(race, folder / "template", folder / "race", server, chance) for _ in range(args.times)
            )
            told = [what for what in runs if what]
            failures += len(told)
            print(f"{race}: {args.times} times, {len(told)} failures, {time.monotonic() - started:.0f} s", flush=True)
            for what in told:
                print(f"  {what}", flush=True)
    return 1 if failures else 0


def _adapt(args: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="yakubun-adapt-") as folder:
        started = time.monotonic()
        told = fault_adapt.kill(Path(folder), args.times, args.seed)
    print(f"adapt: {args.times} kills, {len(told)} failures, {time.monotonic() - started:.0f} s")
    print(*told, sep="\n", end="\n" if told else "")
    return 1 if told else 0


def _long(args: argparse.Namespace) -> int:
    engine = ["--engine", args.engine, *(["--beam-size", "1"] if args.engine == "embedded" else [])]
    with tempfile.TemporaryDirectory(prefix="yakubun-long-") as folder:
        samples, code = fault_long.run(Path(folder), args.segments, engine, args.seconds)
        if code not in (0, 1, -9) or not samples:
            print(f"exit {code}: {(Path(folder) / 'out').read_text('utf-8', 'replace')[-2000:]}")
            return 1
    if code == -9:
        print(f"ended after {args.seconds:.0f} s with {samples[-1].done} of {args.segments} segments")
    lines, fine = fault_long.report(samples)
    print(*lines, sep="\n")
    return 0 if fine else 1


def main() -> int:
    """Run a harness; exit code 1 if something did not hold."""
    parser = argparse.ArgumentParser(prog="python tests/faults", description=__doc__)
    harnesses = parser.add_subparsers(dest="what", required=True)
    for name, default in (("kill", 50), ("inject", None)):
        one = harnesses.add_parser(name)
        one.add_argument("--command", action="append", choices=tuple(SCENARIOS), help="all by default; may be repeated")
        one.add_argument("--times", type=int, default=default, help="faults for each command")
        one.add_argument("--seed", type=int, default=1)
        one.add_argument("--show", type=int, default=20, metavar="N", help="failures to print")
        one.set_defaults(run=_disturb)
    race = harnesses.add_parser("race")
    race.add_argument(
        "--race", action="append", choices=tuple(fault_races.RACES), help="all by default; may be repeated"
    )
    race.add_argument("--times", type=int, default=5)
    race.add_argument("--seed", type=int, default=1)
    race.set_defaults(run=_race)
    adapt = harnesses.add_parser("adapt")
    adapt.add_argument("--times", type=int, default=10)
    adapt.add_argument("--seed", type=int, default=1)
    adapt.set_defaults(run=_adapt)
    long = harnesses.add_parser("long")
    long.add_argument("--engine", default="fake", choices=("fake", "embedded"), help="embedded runs greedily")
    long.add_argument("--segments", type=int, default=100_000)
    long.add_argument("--seconds", type=float, default=7200, help="end it then, and report how far it came")
    long.set_defaults(run=_long)
    args = parser.parse_args()
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
