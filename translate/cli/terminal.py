"""Text of strangers on a terminal, or in the log of a workflow: what is shown, and never what it might do."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_COMMAND = re.compile(r"\A\s*::|##\[")  # what GitHub's runner takes for a command, in either of its two notations


def shown(text: str, width: int | None = None) -> str:
    """Return untrusted text fit for a terminal: one line, no control or bidirectional characters, cut to ``width``."""
    line = visible(" ".join(text.split()))
    return line if width is None or len(line) <= width else line[: width - 1] + "…"


def visible(text: str) -> str:
    r"""Return untrusted text as one line that steers neither a terminal nor the runner of a GitHub workflow.

    >>> visible("a\x1b[31m  b\n::set-output name=c::d"), visible("::error::e")
    ('a\ufffd[31m  b ::set-output name=c::d', ': :error::e')
    """
    line = _CONTROL.sub("\ufffd", text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))
    return _COMMAND.sub(lambda match: " ".join(match[0].strip()), line)
