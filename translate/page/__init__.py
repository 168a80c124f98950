"""Self-contained HTML pages: one frame, one set of colours, nothing trusted.

Templates are Jinja2's with autoescape, so whatever comes from articles, PO files and ledgers is text by construction;
control and bidirectional characters, which could hide or reorder it, become a visible replacement. A page holds no
script and fetches nothing, and its Content-Security-Policy says so: the one style sheet is allowed by its hash, inline
``style`` attributes are not.

A page is a template that extends ``base.html`` and names its style sheets, which are templates beside it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

BASE_STYLE = "base.css"

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def render(package: str, template: str, styles: tuple[str, ...] = (), **context: Any) -> bytes:
    """Return a page as UTF-8; the same input always gives the same bytes.

    Args:
        package: The package that has the template in its ``templates`` folder; its neighbours here may be used, too.
        template: The template's name.
        styles: Style sheets beside the common one.
        context: What the template shows.

    Example:
        >>> page = render("translate.page", "bilingual.html", title="<b>", path="a.txt", rows=[])
        >>> b"<title>&lt;b&gt;</title>" in page
        True
    """
    templates = environment(package)
    sheets = [BASE_STYLE, *styles]
    text = "".join(templates.get_template(name).render() for name in sheets)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    page = templates.get_template(template).render(context, sheets=sheets, style_hash=f"sha256-{digest}")
    return page.encode("utf-8")


def harmless(text: str) -> str:
    r"""Return text without characters that hide or reorder it.

    >>> harmless("abc\u202egnp.exe\x00")
    'abc�gnp.exe�'
    """
    return _HIDDEN.sub("\ufffd", text)


@cache
def environment(package: str) -> Environment:
    """Return the templates of a package, and those here, with escaping and ``harmless`` on whatever they show."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def finalize(value: Any) -> Any:
        return value if isinstance(value, Markup) else harmless(str(value))

    return Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys((package, "translate.page"))]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
