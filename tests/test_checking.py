"""``check`` and ``status``: findings for people, GitHub and SARIF readers, severities, catalogs, stale articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cape import ARTICLE, BODY, HEADINGS, SEGMENTS, Project

from translate.checks import CATALOG_CHECKS, SEGMENT_CHECKS, Translated, description, run_catalog_checks
from translate.cli import main
from translate.cli.findings import Row, as_annotations, as_sarif

Capture = pytest.CaptureFixture[str]
LONG = "The harbour office will publish the new timetable on its board tomorrow."


def entry(msgid: str, msgstr: str, *, po: str = "a.po", line: int = 1, waived: str = "") -> Translated:
    return Translated(po, line, msgid, msgstr, frozenset(waived.split()))


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([entry("港の灯", "Harbour light"), entry("港の灯", "Harbour light")], [], id="the same twice"),
        pytest.param(
            [entry("港の灯", "Harbour light"), entry("港の灯", "harbour  light.")], [], id="case, space, stop"
        ),
        pytest.param([entry("港の灯", "It's lit"), entry("港の灯", "It’s lit")], [], id="typographic apostrophe"),
        pytest.param([entry("港の灯", "Harbour light"), entry("港の鐘", "Harbour bell")], [], id="two sources"),
        pytest.param([entry("港の灯", "Harbour light"), entry("港の灯", "Port lamp")], ["inconsistent"], id="two ways"),
        pytest.param([entry("第３便。", "Ferry 3"), entry("第3便", "Boat No. 3")], ["inconsistent"], id="width, stop"),
        pytest.param([entry("港の灯", "a"), entry("港の灯", "b"), entry("港の灯", "a")], ["inconsistent"], id="back"),
        pytest.param([entry("港の灯", "a"), entry("港の灯", "b", waived="inconsistent")], [], id="waived"),
        pytest.param([entry("時刻表を貼る。", LONG), entry("掲示板に出す。", LONG)], ["copied"], id="a slip"),
        pytest.param([entry("見出し", "Overview"), entry("概要", "Overview")], [], id="short texts may agree"),
        pytest.param([entry("時刻表を貼る。", LONG), entry("時刻表を貼る", LONG)], [], id="one source, two stops"),
        pytest.param([entry("時刻表", LONG), entry("掲示板", LONG, waived="copied")], [], id="copy waived"),
    ],
)
def test_whole_catalogs(entries: list[Translated], expected: list[str]) -> None:
    assert [found.finding.check for found in run_catalog_checks(entries)] == expected


def test_a_second_translation_is_told_with_the_place_of_the_first() -> None:
    (found,) = run_catalog_checks([entry("港の灯", "Lamp", po="x.po", line=9), entry("港の灯", "Light", po="y.po")])
    assert found.entry.po == "y.po"
    assert found.finding.message == "x.po:9 has 'Lamp' for the same source; use one of the two"


def test_every_check_says_what_it_is_about(capsys: Capture) -> None:
    assert main(["check", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [*SEGMENT_CHECKS, *CATALOG_CHECKS]
    assert all(description(line.split()[0]).endswith(".") for line in lines)


def test_check_without_files_says_what_to_give(capsys: Capture) -> None:
    assert main(["check"]) == 2
    assert "which PO files?" in capsys.readouterr().err


@pytest.fixture
def faulty(project: Project) -> Project:
    """One error (a term is missing) and one warning (a word twice)."""
    project.translate()
    english = {
        BODY[0]: "The light went out on March 4.",
        BODY[2]: "The seven ships ships returned.",
        BODY[4]: "Twelve people came from Ōmori.",
        BODY[5]: "The repairs end in April next year.",
    }
    project.review(english)
    return project


def check(project: Project, *words: str) -> int:
    return main(["check", str(project.po), "--glossary", "terms.csv", *words])


@pytest.mark.parametrize(
    ("words", "code", "severities"),
    [
        ([], 1, {"glossary": "error", "doubled": "warning"}),
        (["--severity", "glossary=warning"], 0, {"glossary": "warning", "doubled": "warning"}),
        (["--severity", "glossary=off", "--severity", "doubled=error"], 1, {"doubled": "error"}),
        (["--severity", "glossary=off", "--severity", "doubled=off"], 0, {}),
    ],
)
def test_a_severity_decides_what_fails(
    faulty: Project, capsys: Capture, words: list[str], code: int, severities: dict[str, str]
) -> None:
    assert check(faulty, "--json", *words) == code
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {row["check"]: row["severity"] for row in found} == severities


def test_severities_of_the_configuration_count_and_the_command_line_wins(faulty: Project, capsys: Capture) -> None:
    faulty.write("yakubun.toml", '[checks]\nglossary = "warning"\n')
    assert check(faulty) == 0
    assert check(faulty, "--severity", "glossary=error") == 1
    faulty.write("yakubun.toml", '[checks]\nglosary = "warning"\n')
    assert check(faulty) == 2
    assert "did you mean 'glossary'?" in capsys.readouterr().err
    faulty.write("yakubun.toml", '[checks]\nglossary = "fatal"\n')
    assert check(faulty) == 2


@pytest.mark.parametrize("words", ["glosary=off", "glossary=fatal", "glossary"])
def test_a_wrong_severity_is_an_error(faulty: Project, capsys: Capture, words: str) -> None:
    assert check(faulty, "--severity", words) == 2
    assert words.partition("=")[0] in capsys.readouterr().err


def test_sarif_names_rule_level_file_and_line(faulty: Project) -> None:
    assert check(faulty, "--sarif", "out.sarif") == 1
    log = json.loads(Path("out.sarif").read_text("utf-8"))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found = []
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert place["artifactLocation"]["uri"] == faulty.po.as_posix()
        lines = faulty.po.read_text("utf-8").splitlines()
        found.append((result["ruleId"], result["level"], lines[place["region"]["startLine"] - 1]))
    assert found == [
        ("glossary", "error", f'msgid "{BODY[0]}"'),
        ("doubled", "warning", f'msgid "{BODY[2]}"'),
    ]


def test_a_path_outside_the_project_becomes_an_absolute_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    log = as_sarif([Row("../out dir/ä.po", 0, "駅", "urls", "error", "lost")])
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == (tmp_path / "out dir" / "ä.po").as_uri()
    assert place["region"]["startLine"] == 1


def test_inside_a_github_workflow_findings_become_annotations(
    faulty: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert check(faulty) == 1
    first, second, summary = capsys.readouterr().out.splitlines()
    assert first.startswith(f"::error file={faulty.po},line=")
    assert second.startswith(f"::warning file={faulty.po},line=")
    assert summary.startswith("1 errors, 1 warnings")


def test_errors_come_first_where_github_shows_only_so_many() -> None:
    rows = [Row("a.po", n, "駅", "doubled", "warning", "m") for n in range(60)]
    lines = as_annotations([*rows, Row("a,b:c.po", 99, "駅", "urls", "error", "50%\nlost")])
    assert len(lines) == 50
    assert lines[0] == "::error file=a%2Cb%3Ac.po,line=99,title=urls::50%25 lost [駅]"


def status(capsys: Capture, *words: str) -> dict[str, object]:
    assert main(["status", "--glossary", "terms.csv", "--json", *words]) == 0
    (article,) = json.loads(capsys.readouterr().out)["articles"]
    assert isinstance(article, dict)
    return article


def test_status_counts_what_changed_in_the_article_since(project: Project, capsys: Capture) -> None:
    project.translate()
    assert status(capsys)["stale"] == 0
    project.write(project.article, ARTICLE.replace(BODY[2], "船は9隻が港に戻った。") + "\n最後に鐘が鳴った。\n")
    assert status(capsys)["stale"] == 2
    project.article.unlink()
    assert status(capsys)["stale"] is None
    assert main(["status"]) == 0
    assert "no article" in capsys.readouterr().out


def test_status_lists_the_least_confident_first_and_no_approved_one(project: Project, capsys: Capture) -> None:
    project.translate()
    text = project.po.read_text("utf-8")
    for msgid, sure in ((HEADINGS[1], "0.31"), (BODY[2], "0.12"), (BODY[3], "0.05"), (BODY[4], "broken")):
        head, tail = text.split(f'msgid "{msgid}"')
        before, mark, after = head.rpartition(" stage:")
        text = f'{before} conf:{sure}{mark}{after}msgid "{msgid}"{tail}'
    project.write(project.po, text)
    project.review({BODY[3]: "Approved, however unsure the machine was."})
    found = status(capsys, "--worst", "3")
    worst = found["worst"]
    assert isinstance(worst, list)
    assert [(one["msgid"], one["confidence"]) for one in worst[:2]] == [(BODY[2], 0.12), (HEADINGS[1], 0.31)]
    assert worst[2]["confidence"] is None
    assert found["segments"] == SEGMENTS
    assert main(["status", "--worst", "1"]) == 0
    assert " 0.12  " in capsys.readouterr().out
