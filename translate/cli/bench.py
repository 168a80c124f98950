"""``bench``: what this machine does with the shipped model, and what everything around it costs.

An action is a module with ``add_arguments`` and ``run``, and a line in ``ACTIONS``.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

ACTIONS: dict[str, tuple[str, str]] = {
    "engines": ("translate.cli.bench_engines", "our pipeline beside raw CTranslate2, transformers and llama.cpp"),
}
"""Name → module and summary; ``engines`` is what ``bench`` without a name does."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the positional action and the options of all actions."""
    parser.add_argument(
        "what", nargs="?", choices=tuple(ACTIONS), default="engines",
        help="; ".join(f"{name}: {summary}" for name, (_, summary) in ACTIONS.items()),
    )  # fmt: skip
    for module in _modules():
        module.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Run the action."""
    return int(import_module(ACTIONS[args.what][0]).run(args))


def _modules() -> list[Any]:
    return [import_module(module) for module, _ in ACTIONS.values()]
