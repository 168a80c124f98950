"""The web application: addresses, what they answer, and nothing that knows PO files.

Pages and fragments are HTML, changes are JSON. Every change goes to the desk, which writes the file before it answers;
handlers run in threads, so that a slow one holds up no other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from translate.errors import YakubunError
from translate.review import segments, views
from translate.review.changes import CHANGES, Bench, Body
from translate.review.html import page
from translate.review.security import Guard
from translate.review.shelf import UnknownError

_STATIC = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def make_app(bench: Bench, *, locales: str, token: str = "", port: int = 0, public: bool = False) -> ASGIApp:
    """Return the application.

    Args:
        bench: Where the work is done.
        locales: The folder of the PO files, as the list of articles shows it.
        token: What a browser must bring once; everybody may come in if it is empty.
        port: Where the server listens.
        public: Whether it listens on more than the loopback interface.
    """
    app = Starlette(
        routes=[
            Route("/", _articles),
            Route("/session", _session),
            Route("/static/{name}", _static),
            Route("/article/{key}", _article),
            Route("/article/{key}/preview", _preview),
            Route("/article/{key}/segment/{id}", _segment),
            Route("/article/{key}/segment/{id}/history", _history),
            Route("/article/{key}/{change}", _change, methods=["POST"]),
        ],
        exception_handlers={YakubunError: _told, HTTPException: _told},
    )
    app.state.bench = bench
    app.state.locales = locales
    return Guard(app, token=token, port=port, public=public)


def _bench(request: Request) -> Bench:
    bench: Bench = request.app.state.bench
    return bench


def _articles(request: Request) -> Response:
    shown = _bench(request).desk.articles()
    return HTMLResponse(views.list_page(shown, locales=request.app.state.locales, csrf=request.state.csrf))


def _article(request: Request) -> Response:
    sheet = _bench(request).desk.open(request.path_params["key"])
    return HTMLResponse(views.article_page(sheet, csrf=request.state.csrf, actor=request.state.actor))


def _preview(request: Request) -> Response:
    key = request.path_params["key"]
    preview = _bench(request).desk.preview(key)
    return HTMLResponse(
        page("preview.html", key=key, preview=preview, blocks=views.blocks(preview.blocks), csrf=request.state.csrf)
    )


def _segment(request: Request) -> Response:
    key, name = request.path_params["key"], request.path_params["id"]
    desk = _bench(request).desk
    return HTMLResponse(segments.panel(desk.row(key, name), desk.suggestions(key, name)))


def _history(request: Request) -> Response:
    found = _bench(request).desk.history(request.path_params["key"], request.path_params["id"])
    return HTMLResponse(segments.history(found, request.state.actor))


def _session(request: Request) -> Response:
    """Give a page that outlived the server the token of its new session."""
    return JSONResponse({"csrf": request.state.csrf})


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    place = files("translate.review") / "static"
    known = {one.name: one for one in place.iterdir()}  # a name that is looked up opens no path
    kind = _STATIC.get("." + name.rpartition(".")[2])
    if name not in known or kind is None:
        raise HTTPException(404, "No such file.")
    return Response(known[name].read_bytes(), media_type=kind, headers={"cache-control": "no-cache"})


async def _change(request: Request) -> Response:
    handler = CHANGES.get(request.path_params["change"])
    if handler is None:
        raise HTTPException(404, "No such action.")
    body = await _body(request)
    answer = await run_in_threadpool(_perform, handler, request, body)
    return JSONResponse(answer)


def _perform(handler: Callable[[Bench, str, Body, str], Mapping[str, Any]], request: Request, body: Body) -> Any:
    return handler(_bench(request), request.path_params["key"], body, request.state.actor)


async def _body(request: Request) -> Body:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Send JSON.")
    try:
        value = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "This is no JSON.") from error
    if not isinstance(value, dict):
        raise HTTPException(400, "Send a JSON object.")
    return Body(value)


def _told(request: Request, error: Exception) -> Response:
    """Say what is wrong: as a page to somebody who opened an address, in one line to a script."""
    if isinstance(error, HTTPException):
        status, message = error.status_code, error.detail
    else:
        status, message = 404 if isinstance(error, UnknownError) else 409, str(error)
    if request.method == "GET" and request.headers.get("sec-fetch-mode", "navigate") == "navigate":
        title = "Not found" if status == 404 else "This did not work"
        text = page("problem.html", title=title, message=message, csrf=request.state.csrf)
        return HTMLResponse(text, status)
    return PlainTextResponse(message + "\n", status)
