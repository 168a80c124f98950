"""``score --glossary-modes``: the same test set without terms, with the proper ones, and with random ones."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from translate._score_modes import MODES, ModeResult, run_modes
from translate.atomic import write_bytes
from translate.cli import EXIT_FINE
from translate.cli.common import emit_json, existing_file, progress_bar, table, visible
from translate.cli.scoring_output import comparison_json, figures_json
from translate.config import Config
from translate.engines import create
from translate.errors import InputError
from translate.evaluation import WorkFile
from translate.glossary import Glossary, load
from translate.metrics import LABELS, Comparison

_FIGURES = {
    "success": "term success",
    "clean_success": "… in clean segments",
    "consistency": "consistency",
    "over_enforced": "over-enforced a segment",
}


def run_glossary_modes(
    args: argparse.Namespace,
    configuration: Config,
    proper: Glossary,
    lines: Sequence[str],
    references: Sequence[Sequence[str]],
    names: tuple[str, str, str],
) -> int:
    """Translate in each mode, compare, and print one table."""
    proper = replace(proper, numbers=False)
    glossaries = _glossaries(args, proper)
    for option in ("gate", "ledger", "metric"):
        if getattr(args, option):
            raise InputError(f"score: --{option} does not go with --glossary-modes; score the saved lines afterwards")
    with progress_bar() as progress:
        engine = create(
            configuration.engine, progress=progress, beam_size=configuration.beam_size, threads=configuration.threads
        )
        identity = f"{engine.name}@{engine.revision}"
        if configuration.beam_size:
            identity += f" beam {configuration.beam_size}"

        def work(mode: str, glossary: Glossary) -> WorkFile | None:
            return WorkFile(Path(f"{args.save}.{mode}.jsonl"), lines, identity, glossary.hash) if args.save else None

        for mode, glossary in glossaries.items():
            work(mode, glossary)  # the work of another run is refused before an hour of translating
        results = run_modes(lines, references, glossaries, proper, engine, names=names, work=work, progress=progress)
    if args.save:
        for one in results:
            text = "".join(f"{' '.join(line.split())}\n" for line in one.evaluation.hypotheses)
            write_bytes(Path(f"{args.save}.{one.mode}.en"), text.encode("utf-8", "backslashreplace"))
    if args.json:
        emit_json(_as_json(results, identity, proper), args.json)
    if args.json != "-":
        _print(results, identity)
    return EXIT_FINE


def _glossaries(args: argparse.Namespace, proper: Glossary) -> dict[str, Glossary]:
    modes = list(dict.fromkeys(mode.strip() for mode in args.glossary_modes.split(",") if mode.strip()))
    unknown = [mode for mode in modes if mode not in MODES]
    if unknown or not modes:
        raise InputError(f"--glossary-modes {args.glossary_modes}: choose from {', '.join(MODES)}")
    if not len(proper):
        raise InputError("--glossary-modes: the proper terms come from --glossary FILE, which is empty or 'none'")
    if ("random" in modes) != bool(args.random_glossary):
        raise InputError("--glossary-modes: the mode 'random' and --random-glossary FILE belong together")
    random = load([existing_file(args.random_glossary)]) if args.random_glossary else Glossary()
    # Numbers are left out of every mode, so that the modes differ by their terms alone.
    known = {"none": Glossary(), "proper": proper, "random": random}
    return {mode: known[mode] for mode in sorted(modes, key=MODES.index)}


def _as_json(results: Sequence[ModeResult], engine: str, proper: Glossary) -> dict[str, object]:
    first = results[0].evaluation
    return {
        "engine": engine,
        "glossary": proper.hash,
        "segments": len(first.hypotheses),
        "signature": dict(first.measured.signature),
        "compared_with": results[0].mode,
        "modes": {
            one.mode: {
                **{name: one.evaluation.measured.score(name) for name in one.evaluation.measured.rows},
                "term_figures": figures_json(one.evaluation.terms),
                "own_term_figures": figures_json(one.own),
                "comparisons": {name: comparison_json(found) for name, found in one.comparisons.items()},
                "stages": dict(one.evaluation.stages),
                "seconds": round(one.evaluation.seconds, 2),
            }
            for one in results
        },
    }


def _print(results: Sequence[ModeResult], engine: str) -> None:
    names = list(results[0].evaluation.measured.rows)
    rows = [
        [LABELS[name], *(_cell(one, name, one.evaluation.measured.score(name), 2) for one in results)] for name in names
    ]
    for name, label in _FIGURES.items():
        rows.append([label, *(_cell(one, name, _figure(one, name), 3) for one in results)])
    rows.append(["own terms", *(_counted(one.own.satisfied, one.own.matched) for one in results)])
    rows.append(["stages", *(_stages(one) for one in results)])
    fastest = results[0].evaluation.seconds
    rows.append(
        ["seconds", *(f"{one.evaluation.seconds:.1f}{_ratio(one.evaluation.seconds, fastest)}" for one in results)]
    )
    table("", ["", *(one.mode for one in results)], rows)
    terms = results[0].evaluation.terms
    print(f"segments: {len(results[0].evaluation.hypotheses)}, {terms.matched} proper terms, {terms.repeated} repeated")
    print(f"engine:   {visible(engine)}")
    print(f"Differences are from {results[0].mode}, with their 95 % interval and p-value by paired bootstrap.")


def _figure(one: ModeResult, name: str) -> float | None:
    terms = one.evaluation.terms
    if name == "over_enforced":
        return terms.over_enforced / len(terms.segments) if terms.segments else None
    return {"success": terms.success, "clean_success": terms.clean_success, "consistency": terms.consistency_share}[
        name
    ]


def _cell(one: ModeResult, name: str, value: float | None, digits: int) -> str:
    if value is None:
        return "–"
    found: Comparison | None = one.comparisons.get(name)
    text = f"{value:.{digits}f}"
    if found is None:
        return text
    low, high, difference = (f"{number:+.{digits}f}" for number in (found.low, found.high, found.difference))
    return f"{text}  {difference} [{low}, {high}] p {found.p_value:.3f}"


def _counted(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "–"


def _ratio(seconds: float, first: float) -> str:
    return f" (× {seconds / first:.2f})" if first else ""


def _stages(one: ModeResult) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(one.evaluation.stages).most_common())
