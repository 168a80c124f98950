"""The guard: who gets through to the application, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from translate.review.security import MOST_BYTES, Guard, is_loopback

Client = Callable[..., TestClient]
TOKEN = "a-token-of-the-command-line"


async def echo(request: Request) -> JSONResponse:
    body = await request.body()
    return JSONResponse({"csrf": request.state.csrf, "actor": request.state.actor, "length": len(body)})


@pytest.fixture
def client() -> Client:
    def make(base: str = "http://localhost:8484", **options: object) -> TestClient:
        app = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])
        return TestClient(Guard(app, port=8484, **options), base_url=base)  # type: ignore[arg-type]

    return make


def change(client: TestClient, **headers: str) -> int:
    """Post as the page does, with some headers put otherwise; an empty one is left out."""
    sent = {"x-csrf-token": client.get("/").json()["csrf"], "origin": str(client.base_url).rstrip("/")}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/", headers={name: value for name, value in sent.items() if value}, content=b"{}").status_code


def test_a_page_of_the_server_itself_may_change_things(client: Client) -> None:
    assert change(client()) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"x_csrf_token": ""},
        {"x_csrf_token": "0" * 64},
        {"origin": ""},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "http://localhost:8484.evil.example"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
    ids=str,
)
def test_a_change_from_elsewhere_is_refused(client: Client, headers: dict[str, str]) -> None:
    assert change(client(), **headers) == 403


def test_the_csrf_token_of_one_session_is_of_no_use_in_another(client: Client) -> None:
    guard = client()
    stolen = guard.get("/").json()["csrf"]
    guard.cookies.clear()
    assert change(guard, x_csrf_token=stolen) == 403


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8484", "LOCALHOST:1", "127.0.0.1:8484", "127.8.9.1", "[::1]:8484"]
)
def test_names_of_this_machine_are_answered(client: Client, host: str) -> None:
    assert client().get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example:8484",
        "127.0.0.1.evil.example",
        "10.0.0.7",
        "0.0.0.0",
        "",
        "a b",
        "[",
        "@localhost",
    ],
)
def test_other_names_are_refused_before_anything_else(client: Client, host: str) -> None:
    answer = client().get("/", headers={"host": host})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_a_public_server_answers_to_addresses_and_its_own_name_but_to_no_other(client: Client) -> None:
    guard = client(public=True)
    assert guard.get("/", headers={"host": "10.0.0.7:8484"}).status_code == 200
    assert guard.get("/", headers={"host": "rebound.example:8484"}).status_code == 403


def test_every_answer_carries_the_headers_refusals_too(client: Client) -> None:
    for host in ("localhost:8484", "evil.example"):
        headers = client().get("/", headers={"host": host}).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


def test_the_session_is_a_cookie_that_no_script_and_no_other_site_gets(client: Client) -> None:
    cookie = client().get("/").headers["set-cookie"]
    assert cookie.startswith("yakubun_8484=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


def test_a_forged_or_foreign_cookie_is_worth_nothing(client: Client) -> None:
    guard = client()
    mine = guard.get("/").json()["actor"]
    assert guard.get("/").json()["actor"] == mine
    guard.cookies.clear()
    for cookie in ("yakubun_8484=guess.0000", "yakubun_8484=.", "yakubun_8484", "a=b; =; yakubun_8484=x"):
        answer = guard.get("/", headers={"cookie": cookie})
        assert "set-cookie" in answer.headers
        assert answer.json()["actor"] != mine
        guard.cookies.clear()


# With a token


def test_without_the_token_nothing_is_shown(client: Client) -> None:
    guard = client(token=TOKEN)
    for path in ("/", "/static/page.js", "/?token=wrong", "/?token=", f"/?token={TOKEN}x"):
        answer = guard.get(path, follow_redirects=False)
        assert (answer.status_code, "set-cookie" in answer.headers) == (401, False), path
        assert "csrf" not in answer.text
    assert guard.post(f"/?token={TOKEN}").status_code == 401


def test_the_token_becomes_a_cookie_and_leaves_the_address(client: Client) -> None:
    guard = client(token=TOKEN)
    answer = guard.get(f"/article/harbour?a=1&token={TOKEN}&b=%E6%B8%AF", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/article/harbour?a=1&b=%E6%B8%AF")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert guard.get("/").status_code == 200
    again = guard.get(f"/?token={TOKEN}", follow_redirects=False)
    assert (again.status_code, again.headers["location"], "set-cookie" in again.headers) == (303, "/", False)
    assert change(guard) == 200


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "/%2F/evil.example"])
def test_the_redirect_never_leads_to_another_site(client: Client, path: str) -> None:
    answer = client(token=TOKEN).get(f"http://localhost:8484{path}?token={TOKEN}", follow_redirects=False)
    place = answer.headers["location"]
    assert answer.status_code == 303
    assert place.startswith("/")
    assert place[1:2] not in ("/", "\\")


# Sizes


def test_a_body_that_says_it_is_too_long_is_refused_unread(client: Client) -> None:
    guard = client()
    sent = {"x-csrf-token": guard.get("/").json()["csrf"], "origin": "http://localhost:8484"}
    assert guard.post("/", headers=sent, content=b"x" * MOST_BYTES).json()["length"] == MOST_BYTES
    assert guard.post("/", headers=sent, content=b"x" * (MOST_BYTES + 1)).status_code == 413


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off(client: Client) -> None:
    guard = client()
    sent = {"x-csrf-token": guard.get("/").json()["csrf"], "origin": "http://localhost:8484"}
    chunks = (b"x" * 65536 for _ in range(17))
    assert guard.post("/", headers=sent, content=chunks).status_code == 413


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("review.example", False),
        ("192.168.0.4", False),
    ],
)
def test_only_loopback_needs_no_token(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
