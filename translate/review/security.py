"""Who may talk to the review server, and what a browser may do with its pages.

The files behind the server are a person's work, so a page of some other site, open in the same browser, must neither
read nor change them. Four things see to that, and each is enough against most attacks:

- ``Host`` must be a name of this machine: a foreign one that was made to point here (DNS rebinding) is refused.
- ``Origin`` must be the server itself, and a change carries a token that only a page of this session knows (CSRF).
- The session is an ``HttpOnly``, ``SameSite=Strict`` cookie. Where the server listens on more than the loopback
  interface, it is given only to those who bring the token that the command line printed.
- The Content-Security-Policy allows the server's own files and nothing else: no inline script or style, no other host.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import socket
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1 << 20
"""Bytes of a request's body."""

_TOO_LONG = f"The request is longer than {MOST_BYTES:,} bytes."
CSRF_HEADER = "x-csrf-token"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PUBLIC = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address means this machine alone.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bounded(receive: Receive) -> Receive:
    """Stop reading a body that does not say how long it is when it becomes too long."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise HTTPException(413, _TOO_LONG)
        return message

    return bounded


class Guard:
    """The outermost layer: lets a request through to the application, or answers it."""

    def __init__(self, app: ASGIApp, *, token: str = "", port: int = 0, public: bool = False) -> None:
        """Wrap the application.

        Args:
            app: The application.
            token: What a browser must bring once to get a session; everybody gets one if it is empty.
            port: Where the server listens. Cookies know no ports, so it keeps two servers of one machine apart.
            public: Whether the server listens on more than the loopback interface.
        """
        self._app = app
        self._token = token
        self._cookie = f"yakubun_{port}"
        self._names = _LOOPBACK | (
            frozenset({socket.gethostname().lower(), socket.getfqdn().lower()}) if public else set()
        )
        self._public = public
        self._secret = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        session = self._session(headers)
        fresh = not session and not self._token
        if fresh:
            session = secrets.token_urlsafe(16)

        refusal = self._refusal(scope, headers, session)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in _PUBLIC.items():
                    answer[name] = value
                answer.setdefault("cache-control", "no-store")
                if fresh and refusal is None:
                    answer.append("set-cookie", self._cookie_for(session))
            await send(message)

        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        scope["state"] = {**scope.get("state", {}), "csrf": self._sign("csrf", session), "actor": self._actor(session)}
        await self._app(scope, _bounded(receive), guarded)

    def _refusal(self, scope: Scope, headers: Headers, session: str) -> Response | None:
        """Return the answer to a request that must not reach the application."""
        host = headers.get("host", "")
        if not self._is_ours(host):
            return _plain(403, "This name is not one of the server's. Open the address that the command line printed.")
        if headers.get("origin", f"http://{host}") not in (f"http://{host}", f"https://{host}"):
            return _plain(403, "Requests from other sites are refused.")
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate":
            return _plain(403, "Requests from other sites are refused.")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > MOST_BYTES:
            return _plain(413, _TOO_LONG)
        if self._token and not session:
            return self._login(scope)
        if self._token and "token" in dict(_query(scope)) and scope["method"] == "GET":
            return _without_token(scope)
        if scope["method"] not in ("GET", "HEAD"):
            sent = headers.get(CSRF_HEADER, "")
            if "origin" not in headers or not hmac.compare_digest(sent.encode(), self._sign("csrf", session).encode()):
                return _plain(403, "The page is older than the server: reload it.", code="session")
        return None

    def _login(self, scope: Scope) -> Response:
        given = dict(_query(scope)).get("token", "")
        if scope["method"] != "GET" or not hmac.compare_digest(given.encode(), self._token.encode()):
            return _plain(401, "Open the whole address that the command line printed, with its token.", code="token")
        answer = _without_token(scope)
        answer.headers.append("set-cookie", self._cookie_for(secrets.token_urlsafe(16)))
        return answer

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if not re.fullmatch(r"[\w.:\[\]%-]{1,260}", host):
            return False
        if name.rstrip(".") in self._names or is_loopback(name):
            return True
        if not self._public:
            return False
        try:  # a rebound name is a name: an address in the Host cannot be one
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _session(self, headers: Headers) -> str:
        """Return the session of a request's cookie, empty if it has none that this process signed."""
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return ""
        session, _, signature = (morsel.value if morsel else "").partition(".")
        return session if hmac.compare_digest(signature.encode(), self._sign("session", session).encode()) else ""

    def _cookie_for(self, session: str) -> str:
        return f"{self._cookie}={session}.{self._sign('session', session)}; HttpOnly; SameSite=Strict; Path=/"

    def _sign(self, purpose: str, session: str) -> str:
        return hmac.new(self._secret, f"{purpose}:{session}".encode(), hashlib.sha256).hexdigest()

    def _actor(self, session: str) -> str:
        return self._sign("actor", session)[:8]


def _plain(status: int, text: str, *, code: str = "") -> Response:
    return PlainTextResponse(text + "\n", status, headers={"x-refused": code} if code else None)


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"))


def _without_token(scope: Scope) -> Response:
    """Send the browser to the same page without the token, so that it stays in no address bar and no history."""
    rest = urlencode([(name, value) for name, value in _query(scope) if name != "token"])
    path = "/" + scope["path"].lstrip("/")  # never //host, which a browser takes for another site
    return RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
