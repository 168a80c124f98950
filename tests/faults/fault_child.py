"""Real processes of the command line, started fast: a server that has imported everything forks one for each request.

    python tests/faults/fault_child.py serve            requests as JSON lines on standard input
    python tests/faults/fault_child.py run WORDS…       the command line in this process, for whole interpreter starts

The environment variable ``FAULT_LAYER`` describes a fault; see ``fault_layer.install``.
"""

# ruff: noqa: E402 - the folder is no package
from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import fault_engine
import fault_layer
import fault_project

from translate import cli
from translate.errors import YakubunError


def run(words: list[str]) -> int:
    """Run the command line, with the fault that the environment describes."""
    fault_engine.register()
    layer = fault_layer.install(os.environ["FAULT_LAYER"]) if os.environ.get("FAULT_LAYER") else None
    try:
        code = _at_the_desk() if words == ["desk"] else cli.main(words)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 2
    except BaseException:
        traceback.print_exc()
        code = 1
    if layer:
        layer.finish()
    return code


def _at_the_desk() -> int:
    """Save twelve segments one after the other, as the browser page does, and tell each when it is saved."""
    from translate import config
    from translate.review.desk import Desk
    from translate.review.outcomes import Saved

    try:
        desk = Desk(config.load(Path()))
        key = next(row.key for row in desk.articles(count=False) if row.po == "harbour.po")
        rows = {row.id: row for row in desk.open(key).rows}
        for number, row in enumerate(list(rows.values())[:12]):
            english = f"At the desk: {row.english.removeprefix('At the desk: ')}"
            outcome = desk.save(key, row.id, row.version, english, approve=number % 3 > 0, actor="aya")
            if isinstance(outcome, Saved):
                print(
                    "saved:",
                    json.dumps([f"{fault_project.PO}/harbour.po", row.japanese, outcome.row.english]),
                    flush=True,
                )
    except YakubunError as error:
        print(f"yakubun: error: {error}", file=sys.stderr)
        return 2
    return 0


def _child(request: dict[str, Any]) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    for stream, name in ((1, request["out"]), (2, request["err"])):
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, stream)
        os.close(descriptor)
    os.chdir(request["folder"])
    os.environ.update(request["environment"])
    code = run(request["words"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def serve() -> None:
    """Answer each request with the exit status of the process that was forked for it, killed when its time is over."""
    for module, _ in cli.COMMANDS.values():
        import_module(module)
    _warm_up()
    print("ready", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            try:
                _child(request)
            finally:
                os._exit(70)
        signal.signal(signal.SIGALRM, lambda *_, child=child: _kill(child))
        signal.setitimer(signal.ITIMER_REAL, max(1e-6, request["seconds"]))
        _, status = os.waitpid(child, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _warm_up() -> None:
    """Let patterns be compiled and dictionaries opened once, rather than in every child."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as name, contextlib.redirect_stdout(io.StringIO()):
        folder = Path(name)
        fault_project.fresh(folder)
        os.environ.update(COUNTED_LOG=os.devnull, YAKUBUN_CACHE=str(folder / ".cache"))
        os.chdir(folder)
        try:
            pos = [f"{fault_project.PO}/{Path(article).stem}.po" for article in fault_project.ARTICLES]
            for words in (
                fault_project.TRANSLATE,
                ("publish", *pos, "--fuzzy", "include", "--bilingual"),
                ("score", "--po", pos[0], "--reference", pos[0]),
                ("exchange", "export", pos[0], "--output", "x.csv"),
                ("exchange", "import", "x.csv"),
                ("memory", "import", "x.csv"),
            ):
                assert run(list(words)) == 0, words
        finally:
            os.chdir(here)


def _kill(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it was over in this very moment
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve()
    else:
        sys.exit(run(sys.argv[2:]))
