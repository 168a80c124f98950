"""Templates of the review page, escaped by construction, and the small things that all of them show.

Whatever is shown loses its control and bidirectional characters (``translate.page.harmless``). Only what goes back to
the file, the text of an editor, is handed out as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from translate.catalog import State
from translate.page import environment

if TYPE_CHECKING:
    from jinja2 import Template

STATES = (State.APPROVED, State.EDITED, State.MACHINE, State.UNTRANSLATED)


def page(name: str, **context: Any) -> str:
    """Return a page or a fragment.

    Args:
        name: Its template.
        context: What the template shows.
    """
    return _template(name).render(context, raw=raw)


@cache
def _template(name: str) -> Template:
    return environment("translate.review").get_template(name)


def raw(text: str) -> Markup:
    r"""Return text as HTML that a browser reads as just that text, hidden characters and line ends included.

    >>> print(raw('a\r"<b>\u202e'))
    a&#13;&#34;&lt;b&gt;‮
    """
    return Markup(str(escape(text)).replace("\r", "&#13;").replace("\n", "&#10;"))  # noqa: S704 - escaped just here


def moment(time: str) -> str:
    """Return an ISO 8601 time as people here read it, in the server's time zone, to the minute; other text as it is."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return time


def language(text: str) -> str:
    """Return which of the two languages a title is in.

    >>> language("港の船"), language("Boats in the harbor")
    ('ja', 'en')
    """
    return "ja" if re.search("[\u3040-\u30ff\u3400-\u9fff]", text) else "en"


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a progress bar, in percent of its length."""

    state: str
    segments: int
    start: float
    length: float


def bar(states: dict[State, int]) -> list[Bar]:
    """Return the parts of an article's progress, approved first.

    >>> [(part.state, part.start, part.length) for part in bar({State.MACHINE: 3, State.APPROVED: 1})]
    [('approved', 0.0, 25.0), ('machine', 25.0, 75.0)]
    """
    total = sum(states.values())
    parts, at = [], 0.0
    for state in STATES:
        count = states.get(state, 0)
        if count:
            length = 100 * count / total
            parts.append(Bar(str(state), count, round(at, 3), round(length, 3)))
            at += length
    return parts


def progress(states: dict[State, int]) -> str:
    """Return the progress bar of an article as HTML."""
    return page("progress.html", bar=bar(states))
