"""One question to a chat model: the request, what a server may refuse of it, and the answers in the reply."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from translate.engines.base import MarkedText
from translate.engines.chat_prompt import SCHEMA, cut_english_of, english_of, messages
from translate.engines.chat_server import ChatServer, RefusedError
from translate.errors import EngineError

_LOG = logging.getLogger(__name__)
SEED, SAMPLING = 1, 0.8
"""The seed of every first answer, and the temperature at which further ones are sampled."""

_OPTIONAL: dict[str, tuple[str, ...]] = {
    "max_tokens": ("max_completion_tokens",),
    "system": ("system role", "system message", "role 'system'", "roles must alternate"),
    "seed": ("seed",),
    "n": ("'n'", '"n"', "n must", "n >", "n=", "greedy", "parameter n"),
    "temperature": ("temperature",),
    "response_format": ("response_format", "schema", "grammar", "guided", "structured", "json"),
}
"""What a request can do without → words by which a server's refusal is recognised, the surest first."""
_TOO_LONG = ("context length", "context size", "context window", "too long", "too large")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        text: The translation; None if it was no answer of the kind asked for.
        finished: Whether the model came to its end.
        cut: Whether the limit of its length ended it.
        tokens: How many it took, 0 where the server does not say.
    """

    text: str | None
    finished: bool = True
    cut: bool = False
    tokens: int = 0


NONE = Answer(None, finished=False)


class Questions:
    """Asks one model on one server; remembers what the server will not have."""

    def __init__(self, server: ChatServer, model: str) -> None:
        self.server = server
        self._model = model
        self._without: set[str] = set()

    async def ask(
        self,
        source: MarkedText,
        room: int,
        *,
        number: int = 1,
        seed: int = SEED,
        sampled: bool = False,
        reminder: bool = False,
    ) -> list[Answer]:
        """Return the answers to one request, at least one and at most ``number``.

        Args:
            source: What to translate.
            room: Tokens that an answer may take.
            number: How many answers to ask for at once; more than one are sampled.
            seed: Of the sampling.
            sampled: Whether a single answer is sampled, too.
            reminder: Whether the model did not keep to the form before.

        Raises:
            EngineError: The server cannot be reached, keeps failing, or refuses even the plainest request.
        """
        while True:
            without = frozenset(self._without)
            body: dict[str, Any] = {
                "model": self._model,
                "messages": messages(source, system_role="system" not in without, reminder=reminder),
                "max_completion_tokens" if "max_tokens" in without else "max_tokens": room,
                "temperature": SAMPLING if sampled or number > 1 else 0,
                "seed": seed,
                "n": number,
                "response_format": SCHEMA,
            }
            body = {name: value for name, value in body.items() if name not in without and (name, value) != ("n", 1)}
            try:
                reply = await self.server.post("chat/completions", body)
            except RefusedError as refusal:
                if any(word in str(refusal).lower() for word in _TOO_LONG):
                    return [NONE]
                self._do_without(str(refusal), body, without)
                continue
            usage = reply.get("usage")
            tokens = usage.get("completion_tokens") if isinstance(usage, dict) and len(reply["choices"]) == 1 else 0
            return [_read(choice, tokens if isinstance(tokens, int) else 0) for choice in reply["choices"][:number]]

    def _do_without(self, refusal: str, body: dict[str, Any], without: frozenset[str]) -> None:
        """Note what the server will not have, so that no further request holds it.

        Raises:
            EngineError: There is nothing left to leave out.
        """
        held = [name for name in _OPTIONAL if name not in without and (name in body or name == "system")]
        named = [name for name in held if any(word in refusal.lower() for word in _OPTIONAL[name])]
        unnamed = [name for name in ("response_format", "seed", "n") if name in held]
        if not (named or unnamed):
            raise EngineError(f"chat:{self._model}: the server refuses the request: {refusal}")
        dropped = (named or unnamed)[0]
        if dropped not in self._without:  # of several requests under way, one tells
            self._without.add(dropped)
            _LOG.info("chat:%s: the server refuses %s (%s); asking without", self._model, dropped, refusal)


def _read(choice: Any, tokens: int) -> Answer:
    message = choice.get("message") if isinstance(choice, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str):
        return NONE
    reason = choice.get("finish_reason")
    if reason == "length":
        return Answer(cut_english_of(content) or None, finished=False, cut=True, tokens=tokens)
    return Answer(english_of(content), reason != "content_filter", tokens=tokens)
