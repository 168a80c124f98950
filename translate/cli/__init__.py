"""The command line: ``parse_args`` → ``run`` → ``main``; the only place that prints or exits.

A command is one module with ``add_arguments(parser)`` and ``run(args) -> int``, and one line in ``COMMANDS``. Only the
module of the command that was typed is imported, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from translate import __version__
from translate.errors import YakubunError

COMMANDS: dict[str, tuple[str, str]] = {
    "translate": ("translate.cli.translating", "translate articles into PO files"),
    "segment": ("translate.cli.segmenting", "show how an article is split into segments"),
    "glossary": ("translate.cli.glossaries", "check, match, suggest, mine, compare or convert glossaries"),
    "check": ("translate.cli.checking", "look for faults in PO files"),
    "waive": ("translate.cli.waiving", "let one term or check not apply to one segment, with a reason"),
    "status": ("translate.cli.status", "show how far each article is"),
    "memory": ("translate.cli.memory", "import, export and search the translation memory"),
    "exchange": ("translate.cli.exchange", "send PO files to CAT tools and bring people's work back"),
    "review": ("translate.cli.review", "review, correct, approve and publish in the browser"),
    "publish": ("translate.cli.publishing", "write the English articles"),
    "score": ("translate.cli.scoring", "score translations against references, and stop a regression"),
    "report": ("translate.cli.report", "write a page of scores, states and texts"),
    "models": ("translate.cli.models", "list, describe or build models"),
    "adapt": ("translate.cli.adapt", "train the model on your own texts"),
    "bench": ("translate.cli.bench", "measure speed and memory on this machine"),
}

EXIT_FINE, EXIT_FINDINGS, EXIT_USAGE, EXIT_WOULD_CHANGE, EXIT_TERMS, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 130


def parse_args(argv: Sequence[str]) -> argparse.Namespace:
    """Parse a command line; a wrong one exits with 2, as argparse does."""
    parser = argparse.ArgumentParser(
        prog="yakubun",
        description="Japanese→English article localization with an enforced glossary.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"yakubun {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    typed = next((word for word in argv if not word.startswith("-")), None)
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary[:1].upper() + summary[1:] + ".", allow_abbrev=False
        )
        if name == typed:
            import_module(module).add_arguments(command)
    return parser.parse_args(argv)


def run(args: argparse.Namespace) -> int:
    """Run a parsed command and return its exit code."""
    return int(import_module(COMMANDS[args.command][0]).run(args))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; errors that a user can mend become one message."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Japanese must not fail on a terminal set to another encoding
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = run(parse_args(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()  # here, where a reader that went away is no accident
        return code
    except YakubunError as error:
        print(f"yakubun: error: {error}", file=sys.stderr)
        return EXIT_USAGE
    except BrokenPipeError:
        # The reader went away (`| head`); Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FINE
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"yakubun: error: {where}{error.strerror or error}; nothing was left half-written", file=sys.stderr)
        return EXIT_USAGE
    except MemoryError:
        print(
            "yakubun: error: out of memory; finished segments are kept; end other programs, or give fewer or smaller "
            "files at once, and run again",
            file=sys.stderr,
        )
        return EXIT_USAGE
    except KeyboardInterrupt:
        print("yakubun: interrupted; finished segments are kept, run the command again to go on", file=sys.stderr)
        return EXIT_INTERRUPTED
