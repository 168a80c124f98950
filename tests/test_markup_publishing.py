"""Markdown and HTML all the way: read, translate, place the tags, review, publish in house style."""

from __future__ import annotations

from pathlib import Path

import pytest

from translate.catalog import Catalog, merge
from translate.document import Document
from translate.engines import create
from translate.engines.base import MarkedText
from translate.formats import reader_for
from translate.glossary import Glossary, Term
from translate.housestyle import HouseStyle
from translate.markup import place_all, problems, strip
from translate.matching import find_terms
from translate.publishing import Fuzzy, publish

GLOSSARY = Glossary((Term("灯台", "lighthouse"), Term("岬町", "Misaki")))
MARKDOWN = """# 岬町の**灯台**

[岬町](/town)の`灯台`が消えた。船は**七隻**だった[^1]。

[^1]: 灰色の船もある。
"""
HTML = """<html lang="ja"><body><h1>岬町の<b>灯台</b></h1>
<p><a href="/town">岬町</a>の灯台が消えた。<br>船は<b>七隻</b>だった。</p></body></html>
"""


def article(text: str, suffix: str) -> tuple[Document, Catalog]:
    name = f"cape{suffix}"
    document = reader_for(name).read(text.encode(), name)
    return document, merge(document, None, {}, keep_boilerplate=False)


def approved(catalog: Catalog, english: dict[str, str], folder: Path) -> Catalog:
    path = folder / "x.po"
    catalog.write(path)
    text = path.read_text("utf-8")
    for msgid, msgstr in english.items():
        quoted = msgid.replace('"', '\\"')
        assert f'msgid "{quoted}"\n' in text
        text = text.replace(f'msgid "{quoted}"\nmsgstr ""', f'msgid "{quoted}"\nmsgstr "{msgstr}"')
    path.write_text(text, "utf-8")
    return Catalog.read(path)


def machine(document: Document) -> dict[str, str]:
    """Translate with the fake engine, as the pipeline does: without tags, which are put in afterwards."""
    engine = create("fake")
    msgids = list(dict.fromkeys(segment.plain for _, segment in document.segments()))
    sources = [strip(msgid) for msgid in msgids]
    matches = [find_terms(source.text, GLOSSARY) for source in sources]

    def translate(texts: list[str]) -> list[str]:
        return [found[0].text for found in engine.translate([MarkedText(text) for text in texts])]

    english = translate([source.text for source in sources])
    return dict(zip(msgids, (one.text for one in place_all(sources, english, matches, translate)), strict=True))


@pytest.mark.parametrize(("text", "suffix"), [(MARKDOWN, ".md"), (HTML, ".html")])
def test_every_tag_of_a_machine_translation_reaches_the_file(text: str, suffix: str) -> None:
    document, _ = article(text, suffix)
    english = machine(document)
    assert all(problems(msgid, english[msgid]) == [] for msgid in english)
    page = reader_for(document.path).render(document, english).decode()
    for part in ("[", "](/town)", "`灯台`", "**", "[^1]") if suffix == ".md" else ('<a href="/town">', "</a>", "<b>"):
        assert page.count(part) == text.count(part)


@pytest.mark.parametrize(
    ("text", "suffix", "english", "expected"),
    [
        (
            MARKDOWN,
            ".md",
            {
                "岬町の<1>灯台</1>": "The <1>Lighthouse</1> of Misaki",
                "<1>岬町</1>の<2>灯台</2>が消えた。": "The <2>light</2> of <1>Misaki</1> went out.",
                "船は<1>七隻</1>だった<2/>。": "There were <1>seven</1> ships<2/>.",
                "灰色の船もある。": "Some are gray.",
            },
            "# The **Lighthouse** of Misaki\n\n"
            "The `灯台` of [Misaki](/town) went out. There were **seven** ships[^1].\n\n"
            "[^1]: Some are gray.\n",
        ),
        (
            HTML,
            ".html",
            {
                "岬町の<1>灯台</1>": "The <1>Lighthouse</1> of Misaki",
                "<1>岬町</1>の灯台が消えた。": "<1>Misaki</1>'s light went out.",
                "船は<1>七隻</1>だった。": "There were <1>seven</1> ships.",
            },
            '<html lang="en"><body><h1>The <b>Lighthouse</b> of Misaki</h1>\n'
            '<p><a href="/town">Misaki</a>\'s light went out.<br>There were <b>seven</b> ships.</p></body></html>\n',
        ),
    ],
    ids=["markdown", "html"],
)
def test_a_reviewed_article_is_published(
    text: str, suffix: str, english: dict[str, str], expected: str, tmp_path: Path
) -> None:
    document, catalog = article(text, suffix)
    reviewed = approved(catalog, english, tmp_path)
    style = HouseStyle(headings="keep")
    data = publish(document, reviewed, fuzzy=Fuzzy.INCLUDE, style=style, glossary=GLOSSARY).data
    assert data is not None
    assert data.decode() == expected
