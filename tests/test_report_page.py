"""The report: one page that shows everything, runs nothing, fetches nothing, and believes nobody."""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from cape import BODY, HEADINGS, SEGMENTS, TITLE, Project

from translate.catalog import Catalog
from translate.cli import report as command
from translate.errors import InputError
from translate.ledger import Ledger, Record
from translate.page import render
from translate.report import report_page
from translate.report.articles import articles

VOID = {"meta", "path", "rect", "polyline"}  # of those that the templates use; SVG's are closed in the tag
KNOWN = re.compile(
    "html|head|meta|title|style|body|header|main|nav|section|h[1-4]|p|a|pre|strong|b|span|ul|li|table|thead|tbody|tr|th"
    "|td|details|summary|div|figure|figcaption|mark|svg|desc|g|path|rect|polyline|text"
)
HOSTILE = '"><script>alert(1)</script><b onclick=\'x\' style="x">{{ 7 * 7 }} &amp; \u202eevil\x00'
SHOWN = '"><script>alert(1)</script><b onclick=\'x\' style="x">{{ 7 * 7 }} &amp;'


class Page(HTMLParser):
    """Reads a page and refuses what a static one does not hold."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.text, self.open, self.ids, self.links = "", [], [], []
        self.marks: list[tuple[str, str, bool]] = []
        self.rows: list[list[str]] = []
        self.languages: list[str | None] = []
        self.csp = self.style = ""
        self.feed(data.decode("utf-8"))
        self.close()
        assert self.open == []
        assert len(set(self.ids)) == len(self.ids)
        assert set(self.links) <= set(self.ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert KNOWN.fullmatch(tag), tag
        names = dict(attrs)
        assert len(names) == len(attrs)
        assert not {name for name in names if name.startswith("on") or name in ("src", "style", "srcset", "action")}
        if "href" in names:
            assert names["href"].startswith("#")
            self.links.append(names["href"][1:])
        if "id" in names:
            self.ids.append(names["id"])
        self.links += (names.get("aria-labelledby") or "").split()
        if names.get("http-equiv") == "Content-Security-Policy":
            self.csp = names["content"] or ""
        if tag == "mark" and "title" in names:
            self.marks.append(("", names["title"] or "", "missing" in (names.get("class") or "")))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.languages.append(names.get("lang"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["style"]:
            self.style += data
            return
        self.text += data
        if self.marks and self.open[-1:] == ["mark"] and not self.marks[-1][0]:
            self.marks[-1] = (data, *self.marks[-1][1:])
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def record(**changes: object) -> Record:
    values = {
        "test_set": {"name": "cape", "hash": "0011aabb"},
        "segments": 2,
        "signature": {"bleu": "tok:13a"},
        "scores": {"bleu": {"score": 21.5, "low": 20.0, "high": 23.0}},
        "id": "20260101T080000Z-00000000",
        "time": "2026-01-01T08:00:00+00:00",
        **changes,
    }
    return Record(**values)  # type: ignore[arg-type]


Report = Callable[..., bytes]


@pytest.fixture
def report(project: Project) -> Report:
    def run(*words: str, output: str = "page.html") -> bytes:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        assert command.run(parser.parse_args(["--glossary", "terms.csv", "--output", output, *words])) == 0
        return Path(output).read_bytes()

    return run


# Without anything, and with everything


def test_without_ledger_and_po_files_the_page_says_how_to_start(report: Report) -> None:
    text = Page(report()).text
    assert "scores/ledger.jsonl holds no runs" in text
    assert "yakubun score --po" in text
    assert "yakubun translate" in text


def test_each_segment_stands_beside_its_english_in_reading_order(project: Project, report: Report) -> None:
    project.translate()
    project.review({BODY[2]: "Seven boats came back to port."})
    project.review({BODY[5]: "It ends in April."}, approve=False)
    page = Page(report())
    texts = [row for row in page.rows if len(row) == 3][1:]
    assert [row[0] for row in texts[:6]] == [TITLE, *HEADINGS, HEADINGS[0], BODY[0]]
    assert len(texts) == SEGMENTS + len(HEADINGS)  # the contents repeat them
    about = {row[0]: (row[1], row[2].split(" · ")[0]) for row in texts}
    assert about[BODY[2]] == ("Seven boats came back to port.", "approved")
    assert about[BODY[5]] == ("It ends in April.", "edited by people, fuzzy")
    assert about[BODY[3]][1] == "machine, fuzzy"
    assert page.languages.count("ja") >= len(texts)
    assert "1 approved · 1 edited · 9 machine" in " ".join(page.text.split())


def test_terms_are_marked_on_both_sides_and_a_missing_one_is_told_apart(project: Project, report: Report) -> None:
    project.translate()
    project.review({BODY[0]: "At Misaki the light of the lamp went out on March 4.", BODY[1]: "The keepers left."})
    page = Page(report())
    assert ("岬町", "岬町 → Misaki (required, held)", False) in page.marks
    assert ("Misaki", "岬町 → Misaki (required, stage marked)", False) in page.marks
    assert ("灯台守", "灯台守 → lighthouse keeper (required, missing)", True) in page.marks
    row = next(row for row in page.rows if row[:1] == [BODY[1]])
    assert "error: glossary" in row[2]


def test_a_waived_term_is_told_and_not_found(project: Project, report: Report) -> None:
    project.translate()
    project.review({BODY[6]: "“It will burn again,” he said."}, note="waive: 灯台守: named in the sentence before")
    page = Page(report())
    assert ("灯台守", "灯台守 → lighthouse keeper (required, waived)", False) in page.marks
    row = next(row for row in page.rows if row[:1] == [BODY[6]])
    assert "waived: 灯台守: named in the sentence before" in row[2]
    assert "error: glossary" not in row[2]


def test_confidence_and_stage_come_from_the_provenance(project: Project, report: Report) -> None:
    project.translate()
    text = project.po.read_text("utf-8")
    project.write(project.po, re.sub(r"stage:(\S+)", r"stage:\1 conf:0.83", text))
    line = project.catalog().entry(BODY[2]).line  # type: ignore[union-attr]
    row = next(row for row in Page(report()).rows if row[:1] == [BODY[2]])
    assert row[2].strip() == f"machine, fuzzy · line {line} · stage plain · confidence 0.83"


def test_a_changed_article_shows_what_the_po_file_does_not_know(project: Project, report: Report) -> None:
    project.translate()
    project.write(project.article, project.article.read_text("utf-8") + "\n港に新しい灯がともる。\n")
    page = Page(report())
    row = next(row for row in page.rows if row[:1] == ["港に新しい灯がともる。"])
    assert row[1:] == ["", "new in the article, not in the PO file yet"]
    assert any("1 stale" in row for row in page.rows)


def test_without_its_article_the_po_file_gives_the_order(project: Project, report: Report) -> None:
    project.translate()
    project.article.unlink()
    texts = [row[0] for row in Page(report()).rows if len(row) == 3][1:]
    assert texts == [entry.msgid for entry in project.catalog()]


def test_a_file_outside_the_project_does_not_get_into_the_page(project: Project, report: Report) -> None:
    project.translate()
    secret = project.root.parent / f"{project.root.name}-secret.txt"
    secret.write_text("金庫の鍵は窓辺にある。\n", "utf-8")
    text = project.po.read_text("utf-8").replace(
        "X-Source-Path: articles/ja/cape.txt", f"X-Source-Path: ../{secret.name}"
    )
    project.write(project.po, text)
    page = Page(report())
    assert "金庫" not in page.text
    assert BODY[0] in page.text


def test_checks_that_are_off_find_nothing_and_levels_can_be_changed(project: Project, report: Report) -> None:
    project.translate()
    project.review({BODY[1]: "Nobody was there."})
    for level, expected in (("warning", "warning: glossary"), ("off", "")):
        project.write("yakubun.toml", f'[checks]\nglossary = "{level}"\n')
        row = next(row for row in Page(report()).rows if row[:1] == [BODY[1]])
        assert ("glossary" in row[2]) == bool(expected)
        assert expected in row[2]


def test_scores_have_a_chart_and_a_table(project: Project, report: Report) -> None:
    Ledger(Path("scores/ledger.jsonl")).append(record(commit="ab12cd", dirty=True, engine="fake@1", gate="passed"), [])
    page = Page(report())
    assert "BLEU 21.5 [20.0, 23.0] (higher is better)" in " ".join(page.text.split())
    assert page.rows[:2] == [
        ["Run (UTC)", "Commit", "Engine", "Segments", "BLEU", "Gate"],
        ["2026-01-01 08:00", "ab12cd (modified)", "fake@1", "2", "21.5 [20.0, 23.0]", "passed"],
    ]
    assert "Table of 1 run" in page.text
    assert "BLEU: tok:13a." in page.text


# What the page may do, and what may be in it


def test_the_page_may_do_nothing_but_use_its_own_style_sheet() -> None:
    page = Page(report_page([record()], [], ledger="l.jsonl"))
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert page.csp == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|expression|://", page.style)


def test_hostile_text_in_every_field_of_the_ledger_stays_text() -> None:
    hostile = record(
        test_set={"name": HOSTILE, "hash": HOSTILE},
        signature={"bleu": HOSTILE, HOSTILE: HOSTILE},
        scores={"bleu": {"score": 1.0, HOSTILE: HOSTILE}, HOSTILE: {"score": 2.0}},
        time=HOSTILE,
        commit=HOSTILE,
        engine=f"{HOSTILE}@{HOSTILE}",
        glossary=HOSTILE,
        terms={HOSTILE: HOSTILE},
        stages={HOSTILE: 1},
        options={HOSTILE: HOSTILE},
        gate=HOSTILE,
    )
    page = Page(report_page([hostile, record(gate="failed", engine=HOSTILE)], [], ledger=HOSTILE))
    assert page.text.count("<script>") >= 6
    assert "\u202e" not in page.text
    assert "\x00" not in page.text


def test_hostile_text_in_every_field_of_a_po_file_stays_text(project: Project, report: Report) -> None:
    hostile = HOSTILE.replace("\x00", "")
    quoted = hostile.replace("\\", "\\\\").replace('"', '\\"')
    project.write("terms.csv", f'source,target\n岬町,"{hostile.replace(chr(34), chr(34) * 2)}"\n')
    project.translate()
    header = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"X-Source-Path: {quoted}\\n"\n\n'
    entry = (
        f"# waive: {hostile}: {hostile}\n# yakubun: {hostile}\n#. role: {hostile}\n#. section: {hostile}\n"
        f'#, fuzzy\nmsgid "岬町{quoted}"\nmsgstr "Cape {quoted}"\n'
    )
    project.write("locales/en/LC_MESSAGES/<b>.po", header + entry)
    page = Page(report())
    assert page.text.count(SHOWN) >= 5
    assert "\u202e" not in page.text


def test_text_that_is_too_long_is_cut_and_an_article_that_is_too_long_says_so(project: Project) -> None:
    project.translate()
    project.review({BODY[3]: "bell " * 2000})
    found = articles([project.po], project.settings(), most=9)
    assert (sum(map(len, found[0].sections)), found[0].hidden) == (9, SEGMENTS + len(HEADINGS) - 9)
    assert "5 more segments are left out" in Page(report_page([], found, ledger="l.jsonl")).text
    whole = articles([project.po], project.settings())
    assert "… (6,000 more characters)" in Page(report_page([], whole, ledger="l.jsonl")).text


def test_the_same_input_gives_the_same_bytes(project: Project, report: Report) -> None:
    project.translate()
    Ledger(Path("scores/ledger.jsonl")).append(record(), [])
    assert report() == report(output="other.html")


def test_ten_thousand_runs_make_a_page_of_bounded_size() -> None:
    runs = [record(scores={"bleu": {"score": float(number % 40)}}) for number in range(10_000)]
    page = report_page(runs, [], ledger="l.jsonl")
    assert len(page) < 60_000
    assert "The last 50 runs; 9,950 earlier ones are in l.jsonl." in Page(page).text


def test_a_page_of_another_package_can_use_the_frame() -> None:
    page = Page(render("translate.report", "bilingual.html", title=HOSTILE, path="a.txt", rows=[]))
    assert SHOWN in page.text


# The command


def test_a_ledger_that_was_named_must_exist(report: Report) -> None:
    with pytest.raises(InputError, match=r"no such file; `yakubun score --ledger scores/x\.jsonl` starts one"):
        report("--ledger", "scores/x.jsonl")


@pytest.mark.parametrize("output", ["articles/ja/cape.txt", "page.po"])
def test_only_an_html_file_is_written(report: Report, output: str) -> None:
    with pytest.raises(InputError, match=r"name an \.html file"):
        report(output=output)


def test_a_page_that_is_no_report_is_not_overwritten(project: Project, report: Report) -> None:
    article = project.write("articles/ja/harbour.html", "<p>港の話。</p>")
    with pytest.raises(InputError, match="is there already and is no report"):
        report(output=str(article))
    assert article.read_text("utf-8") == "<p>港の話。</p>"
    report(output="page.html")
    report(output="page.html")  # its own it replaces


def test_the_number_of_runs_can_be_chosen(project: Project, report: Report) -> None:
    ledger = Ledger(Path("scores/l.jsonl"))
    for number in range(3):
        ledger.append(record(id=f"2026010{number + 1}T080000Z-00000000"), [])
    page = Page(report("--ledger", "scores/l.jsonl", "--runs", "2"))
    assert "The last 2 runs; 1 earlier ones are in scores/l.jsonl." in page.text


def test_the_catalog_is_only_read(project: Project, report: Report) -> None:
    project.translate()
    before = project.files("page.html")
    report()
    assert project.files("page.html") == before
    assert len(Catalog.read(project.po)) == SEGMENTS
