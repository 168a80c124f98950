"""Which PO file belongs to an article."""

from __future__ import annotations

import hashlib
import posixpath
import re
from pathlib import Path

from translate import _pofile, bounded
from translate.errors import CatalogError

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\\\:*?"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_LINE_ENDING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MAX_BYTES = 180  # most file systems allow 255 for a name; the suffixes need some


def po_path(locales: Path, article: str) -> Path:
    """Return the path of an article's PO file, which need not exist.

    Two articles with one name in different folders get different files: the first one keeps the plain name, and the
    file's own header says whose it is.

    Args:
        locales: The folder of all catalogs.
        article: The article's path, as it stands in ``Document.path``.

    Raises:
        CatalogError: The file that may be the article's cannot be read.
    """
    folder = locales / "en" / "LC_MESSAGES"
    article = posixpath.normpath(article)
    stem = _stem(article)
    digest = hashlib.sha256(article.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    plain, own = folder / f"{stem}.po", folder / f"{stem}-{digest}.po"
    if own.exists():
        return own
    if not plain.exists():
        return plain
    text = _pofile.decode(read_po(plain), str(plain))
    owner = _pofile.parse_header(text, str(plain)).headers.get("X-Source-Path")
    return plain if not owner or posixpath.normpath(owner) == safe_path(article) else own


def safe_path(path: str) -> str:
    """Escape what would break a line of a PO file."""
    return _LINE_ENDING.sub(lambda match: f"%{ord(match[0]):02X}", path)


def _stem(article: str) -> str:
    stem = _UNSAFE.sub("_", posixpath.splitext(posixpath.basename(article))[0]).strip(" .")
    short = stem.encode("utf-8")[:_MAX_BYTES].decode("utf-8", "ignore").strip(" .")
    if short != stem:  # two long names may begin alike
        short += "-" + hashlib.sha256(stem.encode("utf-8")).hexdigest()[:6]
    return short or "article"


def read_po(path: Path) -> bytes:
    """Return a PO file's bytes.

    Raises:
        CatalogError: There is no such file, or it cannot be read.
    """
    try:
        return bounded.read(path, bounded.CATALOG)
    except FileNotFoundError as error:
        raise CatalogError(f"{path}: no such PO file; check the path, or translate the article first") from error
    except IsADirectoryError as error:
        raise CatalogError(f"{path}: is a folder; name the PO files in it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CatalogError(f"{path}: cannot read: {reason}; check the path and its permissions") from error
