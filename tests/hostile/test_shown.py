"""What strangers wrote steers neither a terminal nor a workflow, and is never live on a page of ours."""

from __future__ import annotations

import logging
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.cli import main
from translate.cli.findings import Row, as_annotations, as_sarif, as_text
from translate.cli.terminal import shown, visible

EVIL = "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
COMMANDS = (
    "::set-output name=a::b",
    "::add-mask::x",
    "##[set-env name=PATH]/tmp",
    "  ::error::x",
    "a\n::stop-commands::x",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "yakubun.toml").write_text('engine = "fake"\nglossaries = ["none"]\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(None)


@given(st.text(max_size=60))
def test_any_text_is_one_harmless_line(text: str) -> None:
    for line in (shown(text), visible(text)):
        assert not HARMFUL.search(line)
        assert "\n" not in line
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


@pytest.mark.parametrize("text", COMMANDS)
def test_no_line_is_a_command_to_a_workflow(text: str) -> None:
    for line in (shown(text), visible(text)):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


def hostile_po(project: Path) -> Path:
    article = f"題 {EVIL}\n\n橋が{EVIL}開いた。市民が渡った。\n"
    (project / f"a{EVIL.replace('/', '')}.txt").write_text(article, "utf-8")
    po = project / f"b{EVIL}.po"
    po.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nX-Source-Path: a.txt\\n"\n\n'
        f"# mt: fake@1 terms:0/0#a sha:00000000 stage:{'e' + chr(0x9B)}x\n#, fuzzy\n"
        f'msgid "橋が{EVIL}開いた。"\nmsgstr "The {EVIL} bridge ::set-output name=x::y opened 橋 </1>."\n',
        "utf-8",
    )
    return po


def test_no_command_prints_what_would_steer_a_terminal(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    po = hostile_po(project)
    article = str(next(project.glob("a*.txt")))
    (project / f"g{EVIL}.csv").write_text(f"source,target\n橋,br{EVIL}idge\n", "utf-8")
    glossary = str(next(project.glob("g*.csv")))
    (project / f"t{EVIL}.tmx").write_text(f"<tmx><{EVIL}>", "utf-8")
    runs = [
        ["segment", article],
        ["translate", article],
        ["translate", article, "--dry-run"],
        ["check", str(po)],
        ["check", str(po), "--github"],
        ["publish", str(po)],
        ["publish", str(po), "--fuzzy", "include"],
        ["status", "--worst", "5"],
        ["waive", str(po), f"橋が{EVIL}", "numbers", "because"],
        ["glossary", "check", glossary],
        ["glossary", "check", glossary, "--format", "github"],
        ["glossary", "match", f"橋{EVIL}", "--glossary", glossary],
        ["glossary", "convert", glossary, f"out{EVIL}.tsv"],
        ["memory", "search", f"橋{EVIL}"],
        ["memory", "import", str(next(project.glob("t*.tmx")))],
        ["exchange", "import", f"missing{EVIL}.xlf"],
        ["exchange", "export", str(po), "--output", f"out{EVIL}.xlf"],
        ["score", "--source", article, "--reference", article, "--hypothesis", article],
        ["score", "--po", str(po), "--reference", f"missing{EVIL}.po"],
        ["models", "show", f"no{EVIL}"],
        [f"no-command{EVIL}"],
        ["translate", article, f"--no-option{EVIL}"],
    ]
    for arguments in runs:
        try:
            main(arguments)
        except SystemExit as stop:
            assert stop.code == 2  # noqa: PT017 - what argparse does with a wrong command line
        captured = capsys.readouterr()
        for printed in (captured.out, captured.err):
            found = HARMFUL.search(printed)
            assert found is None, f"{arguments[:2]}: {printed[max(0, found.start() - 60) : found.end() + 20]!r}"
            for line in printed.splitlines():
                command = re.match(r"\s*::(\w[\w-]*)", line)
                assert command is None or command[1] in ("error", "warning", "notice"), line


def test_warnings_of_the_modules_below_are_harmless_too(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["check", "--list"])
    assert logging.lastResort is not None
    record = logging.LogRecord("translate", logging.WARNING, "a", 1, "%s: torn", (f"a{EVIL}.jsonl",), None)
    assert not HARMFUL.search(logging.lastResort.format(record))


class TestFindings:
    ROW = Row("a%,:\n::error::.po", 3, "橋\r\n::set-output name=a::b", "urls", "error", "lost\n::add-mask::x %0A")

    def test_an_annotation_is_one_command(self) -> None:
        (line,) = as_annotations([self.ROW])
        assert line.startswith("::error file=a%25%2C%3A%0A%3A%3Aerror%3A%3A.po,line=3,title=urls::lost ")
        assert "\n" not in line
        assert "\r" not in line
        assert line.endswith("%250A [橋 ::set-output name=a::b]")

    def test_a_line_of_text_is_one_line(self) -> None:
        assert "\n" not in as_text(self.ROW)
        assert not as_text(Row("::x.po", 1, "a", "urls", "error", "b")).startswith("::")

    def test_sarif_holds_the_path_as_an_address(self) -> None:
        location = as_sarif([self.ROW])["runs"][0]["results"][0]["locations"][0]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", uri)


def test_junit_stays_well_formed() -> None:
    from translate._score_views import junit
    from translate.gate import Verdict

    text = junit(Verdict(None, 0.3), f'"/><x>&{EVIL}\ud800')
    root = ET.fromstring(text.encode("utf-8", "replace"))
    assert [one.tag for one in root.iter()][:2] == ["testsuites", "testsuite"]


class TestPages:
    HOSTILE = (
        '# 題<script>alert(1)</script>\n\n[押す](javascript:alert(1))と<img src=x onerror="alert(1)">を見た。\n\n'
        "<javascript:alert(2)>は[印][r]だ。\n\n[r]: javascript:alert(3)\n"
    )

    def test_the_bilingual_page_and_the_report_hold_nothing_live(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "a.md").write_text(self.HOSTILE, "utf-8")
        assert main(["translate", "a.md"]) == 0
        po = project / "locales" / "en" / "LC_MESSAGES" / "a.po"
        assert main(["publish", str(po), "--fuzzy", "include", "--bilingual", "--output", "out"]) in (0, 1)
        assert main(["report", "--output", "report.html"]) == 0
        for page in (project / "out" / "a.bilingual.html", project / "report.html"):
            text = page.read_text("utf-8")
            assert "<script" not in text
            assert not re.search(r"<[^>]*\bon\w+\s*=", text)
            assert all(one.startswith("#") for one in re.findall(r"(?:href|src|action)\s*=\s*[\"']?([^\"'>\s]*)", text))
            assert "default-src 'none'" in text

    def test_the_published_article_keeps_its_authors_links(self, project: Path) -> None:
        (project / "a.html").write_text('<p>市は<a href="javascript:go(1)">ここ</a>を見よと言った。</p>\n', "utf-8")
        assert main(["translate", "a.html"]) == 0
        po = project / "locales" / "en" / "LC_MESSAGES" / "a.po"
        assert main(["publish", str(po), "--fuzzy", "include", "--output", "out"]) in (0, 1)
        published = (project / "out" / "a.html").read_text("utf-8")
        assert '<a href="javascript:go(1)">' in published
        assert "ここ" not in published
