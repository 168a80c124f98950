"""``review``: a local web page on which people review articles and publish them."""

from __future__ import annotations

import argparse
import errno
import secrets
import signal
import socket
import sys
from pathlib import Path
from threading import Event, Thread

from translate.cli import EXIT_FINE
from translate.cli.common import add_glossary, add_locales, settings
from translate.errors import InputError

PORT = 8484
_PATIENCE = 30
"""Seconds that requests get to finish when the server is stopped."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_locales(parser)
    parser.add_argument(
        "--host", default="127.0.0.1",
        help="address to listen on (default: %(default)s, this machine alone; others need the token of the URL)",
    )  # fmt: skip
    parser.add_argument(
        "--port", type=_port, default=PORT, metavar="N", help="port (default: %(default)s; 0 takes a free one)"
    )
    parser.add_argument("--token", action="store_true", help="ask for a token on this machine, too, if others use it")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.add_argument("--output", metavar="DIR", help="folder of the English articles (default: articles/en)")
    add_glossary(parser)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; name a number from 0 to 65535")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM; requests that are under way are finished first."""
    try:
        import uvicorn

        from translate.review.app import make_app
        from translate.review.security import is_loopback
    except ModuleNotFoundError as error:
        raise InputError(
            f"the review page needs {error.name}, which is not installed; "
            f"run: {sys.executable} -m pip install 'yakubun[review]'"
        ) from error
    from translate.review.changes import Bench
    from translate.review.desk import Desk
    from translate.review.presence import Presence

    configuration = settings(args)
    locales = Path(configuration.locales)
    if not locales.is_dir():
        raise InputError(f"{locales}: no such folder; translate an article first, or name the folder with --locales")
    bench = Bench(Desk(configuration), Presence())
    listening = _listen(args.host, args.port)
    port = listening.getsockname()[1]
    public = not is_loopback(args.host)
    token = secrets.token_urlsafe(24) if public or args.token else ""
    app = make_app(bench, locales=str(locales), token=token, port=port, public=public)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=_PATIENCE,
        )
    )
    # uvicorn finishes what is under way and then raises the signal again: the end of a day's work is no accident.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    url = _url(args.host, port, token)
    print(f"Review: {url}", flush=True)
    print("Ctrl-C stops the server; every change is in the PO files already.", file=sys.stderr)
    stopped = Event()
    Thread(target=bench.warm, args=(stopped.is_set,), daemon=True).start()
    if args.open:
        import webbrowser

        webbrowser.open(url)  # the socket listens already: the browser waits until the server answers
    server.run(sockets=[listening])
    stopped.set()
    print("stopped; all changes are in the PO files", file=sys.stderr)
    return EXIT_FINE


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; its port never moves by itself, since browsers keep drafts by address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
    except OSError as error:
        raise InputError(f"--host {host}: {error.strerror or error}; name an address of this machine") from error
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(address)
        made.listen(128)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            remedy = "another server (perhaps this one) runs there; stop it, or name another --port"
        else:
            remedy = "name another --host or --port"
        raise InputError(f"{host}:{port}: {error.strerror or error}: {remedy}") from error
    return made


def _url(host: str, port: int, token: str) -> str:
    name = host
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - what was asked for, as other machines call it
        name = socket.gethostname()
    if ":" in name:
        name = f"[{name}]"
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")
