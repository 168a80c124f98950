"""``models``: list, describe and build models."""

from __future__ import annotations

import argparse
import json
import time

from translate.cli import EXIT_FINE
from translate.cli.common import add_json, emit_json, progress_bar
from translate.engines import ENGINES
from translate.resources import cache_dir, shipped


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    actions = parser.add_subparsers(dest="action", metavar="list|show|build", required=True)
    for name, summary in (
        ("list", "engines, shipped adapters and built models"),
        ("show", "print a model's card"),
        ("build", "build a model into the cache now"),
    ):
        action = actions.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".")
        if name != "list":
            action.add_argument(
                "model", nargs="?", default="", help="name below models/, or a folder (default: the shipped one)"
            )
        add_json(action)


def run(args: argparse.Namespace) -> int:
    """Run the chosen action."""
    return {"list": _list, "show": _show, "build": _build}[args.action](args)


def _list(args: argparse.Namespace) -> int:
    adapters = sorted(path.parent.name for path in shipped("models").glob("*/adapter_config.json"))
    built = sorted(path.parent.name for path in (cache_dir() / "models").glob("*/manifest.json"))
    if args.json:
        emit_json(
            {"engines": list(ENGINES), "adapters": adapters, "cache": str(cache_dir()), "built": built}, args.json
        )
    if args.json != "-":
        print("engines:  " + ", ".join(ENGINES))
        print("adapters: " + ", ".join(adapters))
        print(f"built:    {', '.join(built) or 'none yet'} (in {cache_dir()})")
    return EXIT_FINE


def _show(args: argparse.Namespace) -> int:
    from translate.adapt.folder import facts_of
    from translate.engines.embedded_model import BASE_SHA256, adapter_folder, check_inputs

    folder = adapter_folder(args.model)
    adapter = json.loads((folder / "adapter_config.json").read_text())
    facts = {
        "name": folder.name,
        "base": adapter.get("base_model_name_or_path"),
        "base_sha256": BASE_SHA256,
        "rank": adapter.get("r"),
        "files": check_inputs(folder),
        "bytes": sum(path.stat().st_size for path in folder.iterdir() if path.is_file()),
    }
    trained = facts_of(folder)
    if trained is not None:  # `adapt` made it, or is still at it
        facts |= {name: trained.get(name) for name in ("data", "lineage", "scores", "best_step", "finished")}
    if args.json:
        emit_json(facts, args.json)
    if args.json != "-":
        print(*(f"{key}: {facts[key]}" for key in ("name", "base", "base_sha256", "rank", "bytes")), sep="\n")
        card = folder / "README.md"
        text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else "no model card"
        print("", *map(_visible, text.splitlines()), sep="\n")
    return EXIT_FINE


def _visible(line: str) -> str:
    """Return a line of somebody's card without what would steer the terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in line)


def _build(args: argparse.Namespace) -> int:
    from translate.engines.embedded_model import adapter_folder, ensure_model

    started = time.monotonic()
    with progress_bar() as progress:
        path = ensure_model(adapter_folder(args.model), progress)
    seconds = round(time.monotonic() - started, 1)
    if args.json:
        emit_json({"path": str(path), "seconds": seconds}, args.json)
    if args.json != "-":
        print(f"{path} ({seconds} s)")
    return EXIT_FINE
