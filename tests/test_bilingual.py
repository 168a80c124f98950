"""The page with the source beside its translation."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from cape import BODY, HEADINGS, TITLE, Project

from translate.cli import main


class Cells(HTMLParser):
    """Collects the text of table cells with their language, and every tag that runs or fetches something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[tuple[str, str]] = []
        self.active: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self._inside = tag == "td" or (self._inside and tag == "span")
        if tag == "td":
            self.cells.append((str(names.get("lang")), ""))
        if tag in ("script", "link", "img", "iframe") or any(name.startswith("on") for name in names):
            self.active.append(tag)

    def handle_data(self, data: str) -> None:
        if self._inside and self.cells:
            language, text = self.cells[-1]
            self.cells[-1] = (language, text + data.rstrip("\n"))


def page(project: Project, *words: str, expected: int = 0) -> Cells:
    assert main(["publish", str(project.po), "--glossary", "terms.csv", "--bilingual", *words]) == expected
    return Cells(Path("articles/en/cape.bilingual.html").read_text("utf-8"))


def test_each_segment_stands_beside_its_english_in_reading_order(project: Project) -> None:
    project.translate()
    project.approve_all()
    cells = page(project).cells
    japanese = [text for language, text in cells if language == "ja"]
    assert japanese[:5] == [TITLE, *HEADINGS, HEADINGS[0]]  # the contents, then the heading itself
    assert [language for language, _ in cells] == ["ja", "en"] * len(japanese)
    assert set(BODY) <= set(japanese)


def test_what_nobody_approved_is_marked_and_shown_even_if_the_article_is_refused(project: Project) -> None:
    project.translate()
    project.review({BODY[0]: "The light of Misaki went out."})
    english = dict(zip(*[iter(text for _, text in page(project, expected=1).cells)] * 2, strict=True))
    assert english[BODY[0]] == "The light of Misaki went out."
    assert english[BODY[1]].endswith("(machine translation, not approved)")
    assert not Path("articles/en/cape.txt").exists()


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a & b <b>"])
def test_hostile_text_stays_text(project: Project, hostile: str) -> None:
    project.translate()
    project.review({BODY[0]: f"Misaki {hostile}"})
    found = page(project, "--fuzzy", "include")
    assert found.active == []
    assert any(hostile.split()[0] in text for _, text in found.cells)
