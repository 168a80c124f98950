"""A chat server for tests: real HTTP on loopback, OpenAI's protocol, and every way to misbehave that we know of.

It translates with the ``fake`` engine, so that what comes back depends on the text and its terms alone.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from translate.engines.base import Mark, MarkedText
from translate.engines.fake import FakeEngine

Fault = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One request on its way to an answer."""

    handler: BaseHTTPRequestHandler
    body: dict[str, Any]
    double: ChatDouble

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object in the user's message."""
        content = self.body["messages"][-1]["content"]
        found: dict[str, Any] = json.loads(content[content.index('{"text"') :])
        return found

    def send(self, status: int, payload: bytes | Any, headers: dict[str, str] | None = None) -> None:
        data = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        self.handler.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def say(self, *contents: Any, reason: str = "stop") -> None:
        """Answer 200 with these contents as choices."""
        choices = [
            {"index": at, "message": {"role": "assistant", "content": one}, "finish_reason": reason}
            for at, one in enumerate(contents)
        ]
        self.send(200, {"choices": choices, "usage": {"completion_tokens": 7}})

    def translate(self) -> None:
        """Answer as a good server does."""
        text = self.data["text"]
        marks = []
        for term in sorted(self.data.get("terms", []), key=lambda term: text.index(term["japanese"])):
            start = text.index(term["japanese"])
            english = self.double.wrong.get(term["english"], term["english"])
            marks.append(Mark(start, start + len(term["japanese"]), english))
        number = self.body.get("n", 1) if self.double.takes_n else 1
        sampled = self.body.get("temperature", 0) > 0
        texts = [one.text for one in FakeEngine().translate([MarkedText(text, tuple(marks))], num_hypotheses=6)[0]]
        first = self.body.get("seed", 0) % 5 if sampled else 0
        self.say(*(json.dumps({"english": texts[(first + at) % len(texts)]}) for at in range(number)))


@dataclass
class ChatDouble:
    """What the server does.

    Attributes:
        faults: One for each of the next requests, in the order in which they come.
        always: A fault for every request whose text holds the word.
        wrong: English of a term → what the server writes instead.
        refused: Parameters (or ``system``) that it answers with 400.
        takes_n: Whether it gives as many choices as asked for.
        delay: Seconds before each answer.
        bodies: What was asked.
        headers: With which headers.
        busiest: Most requests that were under way at once.
        connections: How many were opened.
    """

    faults: list[Fault] = field(default_factory=list)
    always: dict[str, Fault] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    takes_n: bool = True
    delay: float = 0.0
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    busiest: int = 0
    connections: int = 0
    url: str = ""

    @property
    def spec(self) -> str:
        return f"chat:{self.url}#tiny"


@contextmanager
def served(double: ChatDouble) -> Iterator[ChatDouble]:
    """Serve on a free port of this machine until left."""
    lock, busy = threading.Lock(), [0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            with lock:
                double.connections += 1
            super().setup()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            exchange = Exchange(self, body, double)
            with lock:
                busy[0] += 1
                double.busiest = max(double.busiest, busy[0])
                double.bodies.append(body)
                double.headers.append({name.lower(): value for name, value in self.headers.items()})
                fault = double.faults.pop(0) if double.faults else None
            try:
                time.sleep(double.delay)
                held = {*body, *(["system"] if body["messages"][0]["role"] == "system" else [])}
                fault = fault or next((f for word, f in double.always.items() if word in exchange.data["text"]), None)
                if fault:
                    fault(exchange)
                elif self.path != "/v1/chat/completions":
                    exchange.send(404, {"error": {"message": "no such path"}})
                elif bad := sorted(held & double.refused):
                    exchange.send(400, {"error": {"message": f"Unsupported parameter: '{bad[0]}' ({bad[0]} role)"}})
                else:
                    exchange.translate()
            except (BrokenPipeError, ConnectionResetError):
                pass
            finally:
                with lock:
                    busy[0] -= 1

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    double.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()


def status(code: int, message: str = "busy", **headers: str) -> Fault:
    return lambda exchange: exchange.send(
        code, {"error": {"message": message}}, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def says(*contents: Any, reason: str = "stop") -> Fault:
    return lambda exchange: exchange.say(*contents, reason=reason)


def raw(payload: bytes, **headers: str) -> Fault:
    return lambda exchange: exchange.send(
        200, payload, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def sleeps(seconds: float) -> Fault:
    def fault(exchange: Exchange) -> None:
        time.sleep(seconds)
        exchange.translate()

    return fault


def hangs_up(exchange: Exchange) -> None:
    """Close the connection without an answer."""
    exchange.handler.close_connection = True
    exchange.handler.connection.close()
