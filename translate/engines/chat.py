"""A large model behind any OpenAI-compatible server (vLLM, llama.cpp, Ollama): ``chat:URL#MODEL``.

One request a segment, several at once, each with the segment's own terms and neighbours, so that a result depends on
nothing that happened to be translated with it. The first answer is asked for at temperature 0 with a fixed seed;
further hypotheses are sampled and come in the order of agreement (``consensus``). What a server does not know
(``response_format``, ``seed``, ``n``, a system role) is left out once it has refused it.

An answer that is not the JSON object asked for is asked for once more, one that the length limit cut once more with
four times the room. What is then no answer comes back empty and unfinished, and the later stages of enforcement try.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import os
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import httpx2

from translate.engines.base import Engine, Hypothesis, MarkedText, Progress
from translate.engines.chat_prompt import PROMPT, SCHEMA, SYSTEM
from translate.engines.chat_request import SAMPLING, SEED, Answer, Questions
from translate.engines.chat_server import ChatServer, Patience, checked_url, is_loopback
from translate.engines.consensus import consensus
from translate.errors import EngineError

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
KEY, TIMEOUT = "YAKUBUN_CHAT_KEY", "YAKUBUN_CHAT_TIMEOUT"
REQUESTS = 8
_WIDENED = 4  # times the room after an answer was cut off


class ChatEngine(Engine):
    """Translates through one server.

    Args:
        url: Where the API begins.
        model: The model's name there.
        key: The server's key, if it wants one.
        width: Hypotheses of an ordinary call; more than one are sampled.
        requests: Requests under way at once.
        patience: How long they may take.
    """

    supports_marks = True
    supports_context = True

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str | None = None,
        width: int = 1,
        requests: int = REQUESTS,
        patience: Patience = Patience(),  # noqa: B008 - frozen
    ) -> None:
        self.name = "chat:" + "_".join(model.replace("@", "_").split())
        recipe = json.dumps([model, PROMPT, SYSTEM, SCHEMA, SEED, SAMPLING, _WIDENED, width], sort_keys=True)
        self.revision = f"{hashlib.sha256(recipe.encode('utf-8', 'replace')).hexdigest()[:8]}-p{PROMPT}-t0-n{width}"
        self.width = width
        self._questions = Questions(ChatServer(url, key, requests, patience), model)
        self._loop: asyncio.AbstractEventLoop | None = None

    @classmethod
    def open(
        cls,
        argument: str,
        *,
        progress: Progress | None = None,
        beam_size: int | None = None,
        threads: int | None = None,
        batch_tokens: int | None = None,  # noqa: ARG003 - every engine opens alike
    ) -> ChatEngine:
        """Name a server and a model; nothing is sent before there is something to translate.

        Args:
            argument: ``URL#MODEL``, such as ``http://localhost:8000/v1#qwen3``.
            progress: Told that it is ready.
            beam_size: Hypotheses that an ordinary call asks for, 1 by default.
            threads: Requests under way at once, 8 by default.
            batch_tokens: Without a meaning here.

        Raises:
            EngineError: The URL or a setting is none, or the model is missing.
        """
        place, _, model = argument.partition("#")
        url = checked_url(place)
        if not model.strip():
            raise EngineError(f"engine chat:{argument}: no model given; put its name behind #, {url}/models lists them")
        key = os.environ.get(KEY, "").strip()
        if not (key.isascii() and key.isprintable()):
            raise EngineError(f"{KEY}: holds characters that no key has; copy it again")
        if key and url.startswith("http:") and not is_loopback(httpx2.URL(url)):
            _LOG.warning("chat: the key and the articles travel unencrypted to %s; use https", httpx2.URL(url).host)
        seconds = _seconds(os.environ.get(TIMEOUT, ""))
        patience = Patience(reply=seconds, total=5 * seconds) if seconds else Patience()
        engine = cls(
            url, model.strip(), key=key or None, width=beam_size or 1, requests=threads or REQUESTS, patience=patience
        )
        if progress:
            progress(f"using {engine.name}", 1, 1)
        return engine

    def translate(
        self,
        sources: Sequence[MarkedText],
        *,
        prefixes: Sequence[str] | None = None,
        num_hypotheses: int = 1,
    ) -> list[list[Hypothesis]]:
        """Translate each source with its terms and neighbours; see ``Engine.translate``. Prefixes have no effect.

        Raises:
            EngineError: The server cannot be reached, keeps failing, or refuses.
        """
        if prefixes is not None and len(prefixes) != len(sources):
            raise EngineError(f"{len(sources)} sources but {len(prefixes)} prefixes: give one for each, empty for none")
        wanted = [at for at, source in enumerate(sources) if source.text.strip()]
        results = [[Hypothesis("")] for _ in sources]
        if wanted:
            found = self._run(self._all([sources[at] for at in wanted], num_hypotheses))
            for at, hypotheses in zip(wanted, found, strict=True):
                results[at] = hypotheses
        return results

    def close(self) -> None:
        """Close the connections and end the thread that held them."""
        if self._loop is not None:
            self._run(self._questions.server.close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine on the engine's own loop; the connections live there from call to call."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=_turn, args=(self._loop,), name="yakubun-chat", daemon=True).start()
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # Ctrl-C: nothing goes on being asked
            raise

    async def _all(self, sources: Sequence[MarkedText], num_hypotheses: int) -> list[list[Hypothesis]]:
        tasks = [asyncio.ensure_future(self._hypotheses(source, num_hypotheses)) for source in sources]
        try:
            results = await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise
        if empty := sum(not found[0].text for found in results):
            _LOG.warning("%s: %d of %d answers held no translation", self.name, empty, len(results))
        return results

    async def _hypotheses(self, source: MarkedText, number: int) -> list[Hypothesis]:
        answers = [await self._answer(source)]
        if number > 1:
            answers += await self._sampled(source, number - 1)
        usable = [one for one in answers if one.text] or answers[:1]
        distinct = list({one.text: one for one in reversed(usable)}.values())[::-1]
        found = [Hypothesis(one.text or "", 0.0, one.tokens, one.finished and bool(one.text)) for one in distinct]
        if len(found) < 2:
            return found
        ranked = consensus([one.text for one in found], [0.0] * len(found))
        first, *others = ranked.order
        return [replace(found[first], agreement=ranked.agreement), *(found[at] for at in others)]

    async def _answer(self, source: MarkedText) -> Answer:
        """Ask for the one answer at temperature 0, once more if it is none."""
        answer = (await self._questions.ask(source, _room(source)))[0]
        if answer.cut:
            again = (await self._questions.ask(source, _WIDENED * _room(source)))[0]
            return again if again.text or not answer.text else answer
        if answer.text is None:
            return (await self._questions.ask(source, _room(source), reminder=True))[0]
        return answer

    async def _sampled(self, source: MarkedText, number: int) -> list[Answer]:
        """Ask for several answers: in one request where the server takes ``n``, else in one request each."""
        found = await self._questions.ask(source, _room(source), number=number, seed=SEED + 1, sampled=True)
        for seed in range(SEED + 2, SEED + 2 + number - len(found)):
            found += await self._questions.ask(source, _room(source), seed=seed, sampled=True)
        return found[:number]


def _seconds(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise EngineError(f"{TIMEOUT}: {text!r} is no number of seconds; give one such as 120")
    return seconds


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


def _room(source: MarkedText) -> int:
    """Return the tokens that an answer may take: English needs fewer than Japanese has characters."""
    return 128 + 3 * len(source.text) + sum(len(mark.target) for mark in source.marks)
