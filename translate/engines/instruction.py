"""How a decoder is asked to translate: by its own chat template, or, without one, as text that it goes on with.

The templates come with the checkpoint and are rendered in Jinja's sandbox. Control tokens spelled out in an article are
broken up before, so that they stay text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from translate.engines.base import MarkedText
from translate.engines.pieces import disarmed
from translate.errors import EngineError

INSTRUCTION = 1
"""Raise this when anything changes here that a model reads."""

_ASKED = "Translate the following Japanese into English. Answer with the English translation only."
_TERMS = "Use these translations of terms: "


class Instruction:
    """Writes prompts for one checkpoint.

    Args:
        folder: Where ``chat_template.jinja`` or ``tokenizer_config.json`` may lie.
        special: The tokenizer's control tokens, the longest first.

    Attributes:
        is_chat: Whether the checkpoint has a chat template; otherwise the output ends with its line.

    Raises:
        EngineError: The template cannot be read.
    """

    def __init__(self, folder: Path, special: Iterable[str]) -> None:
        self._special = tuple(special)
        settings = _json(folder / "tokenizer_config.json")
        self._names = {name: _text(settings.get(name)) for name in ("bos_token", "eos_token", "unk_token", "pad_token")}
        template = _template(folder, settings)
        self.is_chat = template is not None
        self._template = None if template is None else _compiled(folder, template)
        self._folder = folder

    def prompt(self, source: MarkedText) -> str:
        """Return what the model reads ahead of the English.

        Raises:
            EngineError: The template does not take one message of a user.
        """
        text = self._disarmed(source.text.strip())
        if self._template is None:
            return f"Japanese: {text}\nEnglish:"
        terms = {source.text[mark.start : mark.end]: mark.target for mark in source.marks}
        asked = [_ASKED]
        if terms:
            asked.append(_TERMS + "; ".join(self._disarmed(f"{ours} = {theirs}") for ours, theirs in terms.items()))
        messages = [{"role": "user", "content": "\n".join([*asked, "", text])}]
        try:
            return str(
                self._template.render(
                    messages=messages, add_generation_prompt=True, enable_thinking=False, tools=None, **self._names
                )
            )
        except Exception as error:  # a template may raise whatever it likes
            raise EngineError(
                f"{self._folder}: its chat template fails ({error}); use hf: or a server (chat:)"
            ) from error

    def _disarmed(self, text: str) -> str:
        return disarmed(text, self._special)


def _template(folder: Path, settings: dict[str, Any]) -> str | None:
    path = folder / "chat_template.jinja"
    if path.is_file():
        return path.read_text("utf-8", errors="replace")
    found = settings.get("chat_template")
    if isinstance(found, list):  # several, by name
        found = next(
            (one.get("template") for one in found if isinstance(one, dict) and one.get("name") == "default"), None
        )
    return found if isinstance(found, str) else None


def _compiled(folder: Path, template: str) -> Any:
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def raise_exception(message: object) -> None:
        raise TemplateError(str(message))

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals["raise_exception"] = raise_exception
    environment.filters["tojson"] = lambda value, **_: json.dumps(value, ensure_ascii=False)
    try:
        return environment.from_string(template)
    except TemplateError as error:
        raise EngineError(f"{folder}: its chat template is none ({error}); fetch the checkpoint again") from error


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(token: Any) -> str:
    """Return the spelling of a token, which older files wrap in an object."""
    return str(token.get("content", "")) if isinstance(token, dict) else str(token or "")
