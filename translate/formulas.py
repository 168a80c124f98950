"""Cells that a spreadsheet would run: text that begins with ``=`` or its like, in any table that people may open.

Such a cell gets an apostrophe in front, which spreadsheets show as nothing and our own readers take off again.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; ``plain`` gives the text back.

    >>> neutral("=SUM(A1)"), neutral("'=x"), neutral("'Twas")
    ("'=SUM(A1)", "''=x", "'Twas")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """Undo ``neutral``.

    >>> plain("'=SUM(A1)"), plain("'Twas")
    ('=SUM(A1)', "'Twas")
    """
    return cell[1:] if _QUOTED_FORMULA.match(cell) else cell
