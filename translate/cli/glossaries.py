"""``glossary``: look after glossary files.

An action is a module, or two functions of one, and a line in ``ACTIONS``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

ACTIONS: dict[str, tuple[str, str]] = {
    "check": ("translate.cli.glossary_check", "list everything that is wrong or looks wrong in glossary files"),
    "match": ("translate.cli.glossary_match", "show which terms a text holds, and why others are not found"),
    "diff": ("translate.cli.glossary_diff", "compare two versions, and list the segments that a change touches"),
    "convert": ("translate.cli.glossary_convert", "convert between CSV, OmegaT, TBX-Basic and DeepL"),
    "suggest": ("translate.cli.glossary_making:suggest", "propose entries for names and compounds without one"),
    "mine": ("translate.cli.glossary_making:mine", "make term pairs from a source and its reference translation"),
}
"""Name → module with ``add_arguments`` and ``run``, or ``module:x`` with ``add_x_arguments`` and ``run_x``; summary."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions; each declares its own options when it is typed."""
    actions = parser.add_subparsers(dest="action", metavar="|".join(ACTIONS), required=True, parser_class=_Action)
    for name, (_, summary) in ACTIONS.items():
        description = summary[:1].upper() + summary[1:] + "."
        actions.add_parser(name, help=summary, description=description, allow_abbrev=False).set_action(name)


def run(args: argparse.Namespace) -> int:
    """Run the action that was typed."""
    return int(_function(args.action, "run")(args))


class _Action(argparse.ArgumentParser):
    """The parser of one action, which imports the action's module only when there is something to parse."""

    _pending = ""

    def set_action(self, name: str) -> None:
        """Say which action this parser is for."""
        self._pending = name

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Parse, once the action has declared its options."""
        name, self._pending = self._pending, ""
        if name:
            _function(name, "add_arguments")(self)
        return super().parse_known_args(args, namespace)


def _function(action: str, which: str) -> Callable[..., Any]:
    """Return ``add_arguments`` or ``run`` of an action."""
    module, _, part = ACTIONS[action][0].partition(":")
    name = {"add_arguments": f"add_{part}_arguments", "run": f"run_{part}"}[which] if part else which
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function
