"""``models``: list, describe, build, calibrate and convert models."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from translate.cli import EXIT_FINE
from translate.cli.common import add_json, count, emit_json, progress_bar, shown, visible
from translate.engines import ENGINES
from translate.engines.ct2_folder import QUANTIZATIONS, converted_models
from translate.engines.folders import manifest
from translate.resources import cache_dir, shipped


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    actions = parser.add_subparsers(dest="action", metavar="list|show|build|calibrate|convert", required=True)
    for name, summary in (
        ("list", "engines, shipped adapters, built and converted models"),
        ("show", "print a model's card"),
        ("build", "build a model into the cache now"),
        ("calibrate", "fit a model's confidence on lines with references, and write it into its folder"),
        ("convert", "turn a checkpoint (Marian, NLLB, M2M100, a decoder …) into a CTranslate2 model for --engine ct2:"),
    ):
        action = actions.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".")
        if name == "convert":
            _add_convert(action)
        elif name != "list":
            action.add_argument(
                "model", nargs="?", default="", help="name below models/, or a folder (default: the shipped one)"
            )
            if name == "calibrate":
                action.add_argument("--source", metavar="FILE", type=Path, required=True, help="Japanese lines")
                action.add_argument("--reference", metavar="FILE", type=Path, required=True, help="their English")
                action.add_argument("--lines", metavar="N", type=count, help="use the first N lines only")
                action.add_argument("--threads", metavar="N", type=count, help="processor threads (default: all)")
        add_json(action)


def _add_convert(action: argparse.ArgumentParser) -> None:
    action.add_argument("checkpoint", metavar="HUB-ID-OR-FOLDER", help="with safetensors weights and its tokenizer")
    action.add_argument("--output", metavar="FOLDER", type=Path, help="where to put it (default: the cache)")
    action.add_argument(
        "--quantization", choices=QUANTIZATIONS, default=QUANTIZATIONS[0], help="of the weights (default: int8)"
    )
    action.add_argument("--revision", metavar="NAME", help="branch, tag or commit on the Hub, such as refs/pr/4")


def run(args: argparse.Namespace) -> int:
    """Run the chosen action."""
    return {"list": _list, "show": _show, "build": _build, "calibrate": _calibrate, "convert": _convert}[args.action](
        args
    )


def _list(args: argparse.Namespace) -> int:
    adapters = sorted(path.parent.name for path in shipped("models").glob("*/adapter_config.json"))
    built = sorted(path.parent.name for path in (cache_dir() / "models").glob("*/manifest.json"))
    converted = [{"name": path.name, **_origin(manifest(path))} for path in converted_models()]
    if args.json:
        found = {"engines": list(ENGINES), "adapters": adapters, "cache": str(cache_dir()), "built": built}
        emit_json({**found, "converted": converted}, args.json)
    if args.json != "-":
        print("engines:  " + ", ".join(ENGINES))
        print("adapters: " + visible(", ".join(adapters)))
        print(f"built:    {', '.join(built) or 'none yet'} (in {cache_dir()})")
        for one in converted:
            print(f"converted: {shown(one['name'])} (ct2:{shown(one['name'])}, from {shown(one['source'])})")
    return EXIT_FINE


def _origin(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"source": str(facts.get("name", "")), "quantization": str(facts.get("quantization", ""))}


def _show(args: argparse.Namespace) -> int:
    from translate.adapt.folder import facts_of
    from translate.engines.embedded_model import BASE_SHA256, REVERSE, adapter_folder, check_inputs, has_reverse

    folder = adapter_folder(args.model)
    adapter = json.loads((folder / "adapter_config.json").read_text())
    facts = {
        "name": folder.name,
        "base": adapter.get("base_model_name_or_path"),
        "base_sha256": BASE_SHA256,
        "rank": adapter.get("r"),
        "files": check_inputs(folder),
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "reverse": check_inputs(folder / REVERSE) if has_reverse(folder) else None,
    }
    trained = facts_of(folder)
    if trained is not None:  # `adapt` made it, or is still at it
        facts |= {name: trained.get(name) for name in ("data", "lineage", "scores", "best_step", "finished")}
    if args.json:
        emit_json(facts, args.json)
    if args.json != "-":
        print(*(visible(f"{key}: {facts[key]}") for key in ("name", "base", "base_sha256", "rank", "bytes")), sep="\n")
        card = folder / "README.md"
        text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else "no model card"
        print("", *map(visible, text.splitlines()), sep="\n")
    return EXIT_FINE


def _convert(args: argparse.Namespace) -> int:
    from translate.engines.conversion import convert

    started = time.monotonic()
    with progress_bar() as progress:
        path = convert(
            args.checkpoint, progress, output=args.output, quantization=args.quantization, revision=args.revision
        )
    seconds = round(time.monotonic() - started, 1)
    engine = f"ct2:{path if args.output else path.name}"
    if args.json:
        emit_json({"path": str(path), "engine": engine, "seconds": seconds}, args.json)
    if args.json != "-":
        print(f"{path} ({seconds} s)\nuse it with --engine {engine}")
    return EXIT_FINE


def _build(args: argparse.Namespace) -> int:
    from translate.engines.embedded_model import adapter_folder, ensure_model, ensure_reverse

    started, folder = time.monotonic(), adapter_folder(args.model)
    with progress_bar() as progress:
        path, reverse = ensure_model(folder, progress), ensure_reverse(folder, progress)
    seconds = round(time.monotonic() - started, 1)
    if args.json:
        emit_json({"path": str(path), "reverse": reverse and str(reverse), "seconds": seconds}, args.json)
    if args.json != "-":
        print(f"{path} ({seconds} s)", *([f"{reverse} (for --quality best)"] if reverse else []), sep="\n")
    return EXIT_FINE


def _calibrate(args: argparse.Namespace) -> int:
    from translate.adapt.data import read_lines
    from translate.calibrating import fit, observe, write
    from translate.engines import create
    from translate.engines.embedded_model import adapter_folder

    pairs = read_lines(args.source, args.reference)[: args.lines]
    folder = adapter_folder(args.model)
    with progress_bar() as progress:
        engine = create(f"embedded:{folder}", progress=progress, threads=args.threads)
        try:
            found = fit(*observe(engine, [pair.ja for pair in pairs], [pair.en for pair in pairs], progress))
        finally:
            engine.close()
    path = write(folder, found.calibration)
    if args.json:
        emit_json({"path": str(path), **asdict(found)}, args.json)
    if args.json != "-":
        print(f"{path}: fitted on {found.lines} lines; on lines not fitted on:")
        print(f"correlation with segment chrF2: {found.pearson:.2f} (Pearson), {found.spearman:.2f} (Spearman)")
        print(f"mean error: {found.error:.3f}, of always giving the mean: {found.error_of_mean:.3f}")
        for name, (estimated, measured) in zip(("least", "", "", "most"), found.quarters, strict=True):
            print(f"a quarter of the segments: estimated {estimated:.2f}, measured {measured:.2f}  {name}".rstrip())
    return EXIT_FINE
