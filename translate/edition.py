"""The English edition of an article: what is published from a PO file, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from translate.catalog import Catalog
from translate.config import Config
from translate.document import Document
from translate.errors import CatalogError, InputError
from translate.formats.boilerplate import Boilerplate, shipped_boilerplate
from translate.glossary import Glossary
from translate.pipeline import Settings, read_article, recorded_article
from translate.publishing import Fuzzy, Published, publish


@dataclass(frozen=True)
class Edition:
    """What a PO file comes to.

    Attributes:
        path: Where the English article belongs.
        result: The article, and what is not approved in it.
    """

    path: Path
    result: Published


def edition(
    po: Path,
    configuration: Config,
    fuzzy: Fuzzy,
    glossary: Glossary,
    *,
    keep_boilerplate: bool = False,
    beside: bool = False,
    article: Path | None = None,
) -> Edition:
    """Render the English article of a PO file; nothing is written.

    Args:
        po: The PO file.
        configuration: Folders, boilerplate and house style.
        fuzzy: What to do with what is not approved.
        glossary: The project's terms.
        keep_boilerplate: Whether boilerplate lines stay.
        beside: Whether to make the bilingual page, too.
        article: The article, where the user named it; else the one that the PO file names, inside the project.

    Raises:
        CatalogError: The PO file names no article, or one outside the project, or one that has changed since.
        InputError: The article cannot be read.
    """
    catalog = Catalog.read(po)
    shared = Settings(glossary, Path(configuration.locales), configuration.root, patterns(configuration))
    try:
        article = article or recorded_article(catalog, shared)
    except InputError as error:
        raise CatalogError(f"{po}: {error}") from error
    document = read_article(article, shared)
    return edition_of(
        po, catalog, document, configuration, fuzzy, glossary, keep_boilerplate=keep_boilerplate, beside=beside
    )


def edition_of(
    po: Path,
    catalog: Catalog,
    document: Document,
    configuration: Config,
    fuzzy: Fuzzy,
    glossary: Glossary,
    *,
    keep_boilerplate: bool = False,
    beside: bool = False,
) -> Edition:
    """Do what ``edition`` does with a PO file and an article that were read already.

    Raises:
        CatalogError: The article has changed since it was translated.
    """
    result = publish(
        document,
        catalog,
        fuzzy=fuzzy,
        style=configuration.style,
        glossary=glossary,
        keep_boilerplate=keep_boilerplate,
        beside=beside,
    )
    # The PO file's own name tells apart two articles of one name; the suffix is the article's.
    return Edition(Path(configuration.output) / (po.stem + PurePosixPath(catalog.source_path).suffix), result)


def patterns(configuration: Config) -> Boilerplate | None:
    """Return the shipped boilerplate patterns with the configured files' on top; None if there are no others."""
    if not configuration.boilerplate:
        return None
    return shipped_boilerplate() | Boilerplate.load([Path(name) for name in configuration.boilerplate])
