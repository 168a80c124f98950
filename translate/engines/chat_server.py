"""HTTP to one OpenAI-compatible server: bounded in time, size and number of requests, and patient with a busy one.

What is worth retrying is retried with exponential back-off and jitter, or after what ``Retry-After`` asks for: a lost
connection, a time-out, 408, 409, 425, 429 and 5xx, a reply that is no JSON. Everything else is final at once. A
redirect is followed to the same origin only: the article and the key go to the server that the user named, and to no
other.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any

import httpx2

from translate.errors import EngineError

_LOG = logging.getLogger(__name__)
_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_MOST_BYTES = 4 * 2**20
_MOST_REDIRECTS = 3
_EXAMPLE = "http://localhost:8000/v1"


class RefusedError(Exception):
    """The server understood the request and will not have it (400, 422); it may like a plainer one better."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request may take.

    Attributes:
        reply: Seconds that one reply may take, its last byte included.
        total: Seconds for all tries of a request, pauses included.
        tries: How often a request is sent at most.
        pause: Seconds before the second try at most; each further pause is twice as long.
    """

    reply: float = 120.0
    total: float = 600.0
    tries: int = 5
    pause: float = 1.0


class ChatServer:
    """Posts JSON to the server; every method belongs on one event loop.

    Args:
        url: Where the API begins, such as ``http://localhost:8000/v1``, checked by ``checked_url``.
        key: Sent as a bearer token; nothing else ever shows it.
        requests: How many may be under way at once.
        patience: How long they may take.
    """

    def __init__(self, url: str, key: str | None, requests: int, patience: Patience) -> None:
        self._url = httpx2.URL(url)
        self._patience = patience
        self._slots = asyncio.Semaphore(requests)
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        self._client = httpx2.AsyncClient(
            headers=headers | ({"Authorization": f"Bearer {key}"} if key else {}),
            limits=httpx2.Limits(max_connections=requests, max_keepalive_connections=requests),
            timeout=httpx2.Timeout(patience.reply, connect=min(10.0, patience.reply)),
            follow_redirects=False,
            trust_env=not is_loopback(self._url),  # what stays on this machine goes through no proxy
        )

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the reply, which has at least one of ``choices``.

        Raises:
            RefusedError: The server answered 400 or 422; the message is its own.
            EngineError: It could not be reached, kept failing, or answered with what no retry will mend.
        """
        async with self._slots:
            try:
                async with asyncio.timeout(self._patience.total):
                    return await self._tried(self._url.copy_with(path=f"{self._url.path}/{path}"), body)
            except TimeoutError as error:
                raise EngineError(
                    f"{self._url}: no answer in {self._patience.total:g} s, retries included; "
                    "ask less at once (--threads), or give it longer (YAKUBUN_CHAT_TIMEOUT)"
                ) from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _tried(self, url: httpx2.URL, body: Mapping[str, Any]) -> dict[str, Any]:
        for number in range(1, self._patience.tries + 1):
            wait: float | None = None
            try:
                async with asyncio.timeout(self._patience.reply):
                    status, headers, data = await self._sent(url, body)
                if status == 200:
                    return _object(data)
                trouble = f"HTTP {status}{_reason(data)}"
                if status in (400, 422):
                    raise RefusedError(trouble)
                if status not in _RETRIED:
                    raise EngineError(f"{self._url}: {trouble}; {_remedy(status)}")
                wait = _retry_after(headers.get("retry-after"))
            except TimeoutError:
                trouble = f"no reply in {self._patience.reply:g} s"
            except httpx2.TransportError as error:
                trouble = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            except ValueError as error:
                trouble = f"a reply that is {error}"
            if number < self._patience.tries:
                if wait is None:
                    wait = self._patience.pause * 2 ** (number - 1) * (0.5 + secrets.randbelow(501) / 1000)
                if wait > self._patience.total:
                    raise EngineError(
                        f"{self._url}: {trouble}; the server asks to come back in {wait:.0f} s: run again then"
                    )
                _LOG.info("%s: %s; try %d in %.1f s", self._url, trouble, number + 1, wait)
                await asyncio.sleep(wait)
        raise EngineError(
            f"{self._url}: {trouble}, {self._patience.tries} times; is the server up, and is this the URL of its API?"
        )

    async def _sent(self, url: httpx2.URL, body: Mapping[str, Any]) -> tuple[int, httpx2.Headers, bytes]:
        for _ in range(_MOST_REDIRECTS + 1):
            async with self._client.stream("POST", url, json=body) as response:
                if response.status_code not in (301, 302, 303, 307, 308):
                    return response.status_code, response.headers, await _bounded(response)
                target = url.join(response.headers.get("location", ""))
            if response.status_code not in (307, 308) or _origin(target) != _origin(url):
                where = f"{target.scheme}://{target.host}" if target.host else "nowhere"
                raise EngineError(
                    f"{self._url}: is redirected to {where}, and the article is sent to no other server than the one "
                    "you name; if that is the right one, name it"
                )
            url = target
        raise EngineError(f"{self._url}: is redirected in circles; give the URL that it ends at")


async def _bounded(response: httpx2.Response) -> bytes:
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise ValueError("compressed, though none was asked for")
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > _MOST_BYTES:
            raise ValueError(f"longer than {_MOST_BYTES // 2**20} MiB")
    return bytes(data)


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("no JSON") from error
    choices = found.get("choices") if isinstance(found, dict) else None
    if not (isinstance(choices, list) and choices):
        raise ValueError("no answer of a chat API (it has no choices)")
    return dict(found)


def _reason(data: bytes) -> str:
    """Return what the server says about an error, on one short line."""
    try:
        found: Any = json.loads(data)
        error = found.get("error", found)
        text = error.get("message", "") if isinstance(error, dict) else str(error)
    except (ValueError, RecursionError, AttributeError):
        text = data.decode("utf-8", "replace")
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:300]
    return f" ({line})" if line else ""


def _remedy(status: int) -> str:
    if status in (401, 403):
        return "set YAKUBUN_CHAT_KEY to the key of this server"
    if status == 404:
        return "check the URL (most APIs begin at /v1) and the model's name behind #"
    return "check the URL, the model's name and the server's log"


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, as a number or a date; None where it asks for nothing."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def is_loopback(url: httpx2.URL) -> bool:
    """Tell whether a URL is one of this machine."""
    if url.host == "localhost":
        return True
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return False


def checked_url(text: str) -> str:
    """Return the URL where the API begins.

    Raises:
        EngineError: It is none, or it holds what belongs elsewhere.

    Example:
        >>> checked_url("http://localhost:8000")
        'http://localhost:8000/v1'
    """
    try:
        url = httpx2.URL(text.strip())
    except httpx2.InvalidURL as error:
        raise EngineError(
            f"engine chat: {text!r} is no URL ({error}); give one such as http://localhost:8000/v1"
        ) from error
    if url.scheme not in ("http", "https") or not url.host or not 0 < (url.port or 80) < 65536:
        raise EngineError(f"engine chat: {text!r} is no http or https URL; give one such as http://localhost:8000/v1")
    if url.userinfo or url.query:
        raise EngineError(
            f"engine chat: leave user names, passwords and ?queries out of the URL of {url.host}, they would be seen "
            "in process lists and logs; set YAKUBUN_CHAT_KEY instead"
        )
    path = url.path.rstrip("/").removesuffix("/chat/completions") or "/v1"
    return str(url.copy_with(path=path))
