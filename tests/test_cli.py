"""What each command prints and returns: the JSON shapes that other programs rely on, and the text for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cape import BODY, BOILERPLATE, HEADINGS, SEGMENTS, TERMS, TITLE, Project

from translate import __version__
from translate.cli import COMMANDS, main
from translate.cli.common import shown
from translate.glossary import load

Capture = pytest.CaptureFixture[str]


def result(capsys: Capture, *words: str | Path, expected: int = 0) -> Any:
    """Run a command with ``--json``; return what it printed, which must be nothing but JSON."""
    assert main([*map(str, words), "--json"]) == expected
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out)


def translated(project: Project, capsys: Capture, *words: str, expected: int = 0) -> Any:
    return result(
        capsys, "translate", project.article, "--engine", "fake", "--glossary", "terms.csv", *words, expected=expected
    )


# translate


def test_the_shape_of_translate(project: Project, capsys: Capture) -> None:
    found = translated(project, capsys)
    assert found.keys() >= {"engine", "revision", "glossary", "articles"}
    assert (found["engine"], found["revision"], found["glossary"]) == ("fake", "1", project.glossary.hash)
    (article,) = found["articles"]
    seconds = article.pop("seconds")
    assert isinstance(seconds, float)
    # The fake engine writes no dates, and here numbers are no terms: the check says so.
    findings = article.pop("findings")
    assert [(one["check"], one["severity"], one["msgid"]) for one in findings] == [
        *(("numbers", "warning", BODY[0]), ("numbers", "warning", BODY[5])),
    ]
    evidence = article.pop("evidence")
    assert [one["msgid"] for one in evidence] == [TITLE, *HEADINGS, *BODY]
    assert evidence[-1] == {
        "line": findings[-1]["line"] + 9, "msgid": BODY[6], "state": "machine", "engine": "fake@1", "stage": "marked",
        "terms": {"matched": 1, "satisfied": 1}, "tried": 1, "score": -0.75, "confidence": None,
    }  # fmt: skip
    assert article == {
        "path": "articles/ja/cape.txt",
        "po": "locales/en/LC_MESSAGES/cape.po",
        "segments": SEGMENTS,
        "translated": SEGMENTS,
        "reused": 0,
        "terms": {"matched": 4, "satisfied": 4, "waived": 0},
        "mentions": {"source": 4, "english": 4},
        "stages": {"plain": 7, "marked": 4},
        "retranslated": 0,
        "outdated": [],
    }
    (again,) = translated(project, capsys)["articles"]
    assert (again["translated"], again["reused"]) == (0, SEGMENTS)


def test_findings_name_line_segment_check_and_severity(project: Project, capsys: Capture) -> None:
    (article,) = translated(project, capsys, "--engine", "fake:stubborn")["articles"]
    (finding,) = [one for one in article["findings"] if one["severity"] == "error"]
    lines = project.po.read_text("utf-8").splitlines()
    assert lines[finding.pop("line") - 1] == f'msgid "{BODY[4]}"'
    assert finding == {
        "msgid": BODY[4], "check": "glossary", "severity": "error", "message": "大森町 must be 'Ōmori'",
    }  # fmt: skip


def test_several_articles_are_reported_in_their_order(project: Project, capsys: Capture) -> None:
    other = project.write("articles/ja/bell.txt", f"{BODY[3]}\n")
    found = result(capsys, "translate", project.article, other, "--engine", "fake", "--glossary", "none")
    assert [(one["path"], one["segments"]) for one in found["articles"]] == [
        *(("articles/ja/cape.txt", SEGMENTS), ("articles/ja/bell.txt", 1)),
    ]


def test_a_bad_article_is_told_before_a_good_one_is_begun(project: Project, capsys: Capture) -> None:
    before = project.files()
    assert main(["translate", str(project.article), "gone.txt", "--engine", "fake"]) == 2
    assert "gone.txt: no such file" in capsys.readouterr().err
    assert project.files() == before


def test_json_goes_into_a_file_on_request(project: Project, capsys: Capture) -> None:
    words = ["translate", str(project.article), "--engine", "fake", "--glossary", "none"]
    assert main([*words, "--json", "out/report.json"]) == 0
    assert "segments: 11" in capsys.readouterr().out
    assert json.loads(Path("out/report.json").read_text("utf-8"))["articles"][0]["segments"] == SEGMENTS


def test_a_json_file_never_takes_the_place_of_an_input(project: Project, capsys: Capture) -> None:
    before = project.files()
    with pytest.raises(SystemExit) as stop:
        main(["translate", str(project.article), "--engine", "fake", "--json", str(project.article)])
    assert stop.value.code == 2
    assert "would be overwritten; name a .json file, or put --json last" in capsys.readouterr().err
    assert project.files() == before


def test_check_tells_in_json_what_would_change(project: Project, capsys: Capture) -> None:
    before = project.files()
    words = ["translate", str(project.article), "--engine", "fake", "--glossary", "terms.csv", "--check", "--json"]
    assert main(words) == 3
    (article,) = json.loads(capsys.readouterr().out)["articles"]
    assert (article["path"], article["pending"], article["changed"]) == ("articles/ja/cape.txt", SEGMENTS, True)
    assert project.files() == before
    project.translate()
    assert main(words) == 0
    (article,) = json.loads(capsys.readouterr().out)["articles"]
    assert (article["pending"], article["changed"]) == (0, False)


def test_glossaries_stack_and_none_means_none(project: Project, capsys: Capture) -> None:
    project.write("ours.csv", "source,target\n岬町,Cape Town\n")
    found = translated(project, capsys, "--glossary", "ours.csv")
    assert found["glossary"] == load([project.terms, "ours.csv"]).hash
    assert "Cape Town" in project.english()[BODY[0]]
    (article,) = result(
        capsys, "translate", project.article, "--engine", "fake", "--glossary", "none", "--locales", "bare"
    )["articles"]
    assert article["terms"] == {"matched": 0, "satisfied": 0, "waived": 0}


def test_the_configuration_counts_and_flags_override_it(project: Project, capsys: Capture) -> None:
    project.write("yakubun.toml", 'engine = "fake:deaf"\nglossaries = ["terms.csv"]\nlocales = "po"\n')
    found = result(capsys, "translate", project.article)
    assert (found["engine"], found["articles"][0]["po"]) == ("fake:deaf", "po/en/LC_MESSAGES/cape.po")
    found = result(capsys, "translate", project.article, "--engine", "fake", "--locales", "other")
    assert (found["engine"], found["articles"][0]["po"]) == ("fake", "other/en/LC_MESSAGES/cape.po")


def test_retranslate_and_keep_boilerplate_are_passed_on(project: Project, capsys: Capture) -> None:
    translated(project, capsys)
    (article,) = translated(project, capsys, "--retranslate")["articles"]
    assert article["translated"] == SEGMENTS
    (article,) = translated(project, capsys, "--keep-boilerplate")["articles"]
    assert (article["segments"], article["translated"]) == (SEGMENTS + 1, 1)
    assert BOILERPLATE in project.english()


def test_an_english_draft_is_written_on_request(project: Project, capsys: Capture) -> None:
    words = ["translate", str(project.article), "--engine", "fake", "--glossary", "terms.csv", "--publish", "out"]
    assert main(words) == 0
    assert "English draft: out/cape.txt" in capsys.readouterr().out
    draft = Path("out/cape.txt").read_text("utf-8")
    assert len(draft.splitlines()) == len(project.article.read_text("utf-8").splitlines()) - 2  # less the boilerplate
    assert not any(japanese in draft for japanese in (TITLE, *HEADINGS, *BODY, BOILERPLATE))


def test_own_boilerplate_patterns_are_used(project: Project, capsys: Capture) -> None:
    project.write("ours.txt", f"{BODY[3]}{BODY[4]}\n")
    project.write("yakubun.toml", 'boilerplate = ["ours.txt"]\n')
    (article,) = translated(project, capsys)["articles"]
    assert article["segments"] == SEGMENTS - 2


def test_a_cache_that_cannot_be_written_is_an_error(project: Project, capsys: Capture, monkeypatch) -> None:
    monkeypatch.setenv("YAKUBUN_CACHE", str(project.article / "cache"))
    before = project.files()
    assert main(["translate", str(project.article), "--engine", "fake"]) == 2
    assert "cache/locks: cannot write: Not a directory; set YAKUBUN_CACHE to a folder" in capsys.readouterr().err
    assert project.files() == before


# segment


def test_the_shape_of_segment(project: Project, capsys: Capture) -> None:
    source = project.article.read_text("utf-8")
    rows = result(capsys, "segment", project.article)["segments"]
    assert all(source[row["start"] : row["end"]] == row["text"] for row in rows)
    roles = [(row["role"], row["section"]) for row in rows]
    assert roles == [
        ("title", 0), *[("contents", 0)] * 3,
        ("heading", 1), *[("body", 1)] * 3,
        ("heading", 2), *[("body", 2)] * 2, ("boilerplate", 2),
        ("heading", 3), *[("body", 3)] * 2,
    ]  # fmt: skip
    assert [row["text"] for row in rows if row["role"] == "body"] == list(BODY)


# glossary


def test_the_shape_of_glossary_match(project: Project, capsys: Capture) -> None:
    found = result(capsys, "glossary", "match", "昔の岬町と灯台守。", "--glossary", "terms.csv")
    assert [
        {name: row[name] for name in ("source", "surface", "target", "start", "end")} for row in found["matches"]
    ] == [
        {"source": "岬町", "surface": "岬町", "target": "Misaki", "start": 2, "end": 4},
        {"source": "灯台守", "surface": "灯台守", "target": "lighthouse keeper", "start": 5, "end": 8},
    ]


def test_the_surface_is_the_text_and_the_source_the_entry(project: Project, capsys: Capture) -> None:
    project.write("ours.csv", "source,target,aliases\nレンズ,lens,レンヅ\n")
    (row,) = result(capsys, "glossary", "match", "新しいﾚﾝﾂﾞだ。", "--glossary", "ours.csv")["matches"]
    assert (row["source"], row["surface"], row["start"], row["end"]) == ("レンズ", "ﾚﾝﾂﾞ", 3, 7)


def test_nothing_matched_is_an_empty_list(project: Project, capsys: Capture) -> None:
    assert result(capsys, "glossary", "match", "海。", "--glossary", "terms.csv") == {"matches": []}


def test_explaining_names_the_rival(project: Project, capsys: Capture) -> None:
    project.write("ours.csv", "source,target\n灯台守,keeper\n灯台,lighthouse\n")
    words = ["glossary", "match", "灯台守。", "--glossary", "ours.csv", "--explain"]
    found = result(capsys, *words)
    assert {(one["surface"], one["rival"]) for one in found["candidates"]} >= {("灯台", "灯台守")}
    assert main(words) == 0
    assert "lost to" in capsys.readouterr().out


def test_a_glossary_is_counted_or_its_conflict_told(project: Project, capsys: Capture) -> None:
    found = result(capsys, "glossary", "check", "terms.csv")
    assert (found["entries"], found["kinds"], found["modes"]) == (3, {"place": 2, "office": 1}, {"hard": 3})
    project.write("terms.csv", TERMS + "岬町,Cape Town,,,,place,hard,,\n")
    assert main(["glossary", "check", "terms.csv"]) == 2
    error = capsys.readouterr().err
    assert "terms.csv:5" in error
    assert "terms.csv:2" in error


# check, status, models


def test_check_finds_what_is_wrong_and_exits_with_1(project: Project, capsys: Capture) -> None:
    project.translate()
    words = ["check", project.po, "--glossary", "terms.csv", "--severity", "numbers=off"]
    assert result(capsys, *words) == {
        "findings": [], "errors": 0, "terms": {"matched": 4, "satisfied": 4, "waived": 0},
    }  # fmt: skip
    project.review({BODY[0]: "The light went out on March 4."})
    found = result(capsys, *words, expected=1)
    (row,) = found["findings"]
    assert (found["errors"], row["po"], row["msgid"], row["check"]) == (1, str(project.po), BODY[0], "glossary")
    assert main([*map(str, words)]) == 1
    out = capsys.readouterr().out
    assert f"{project.po}:{row['line']}: error: glossary: 岬町 must be 'Misaki' [{BODY[0]}]" in out
    assert out.endswith("1 errors, 0 warnings; 3 of 4 hard terms in place, 0 waived\n")


def test_a_warning_does_not_fail_check(project: Project, capsys: Capture) -> None:
    project.translate()
    project.review({BODY[2]: "The ships ships returned to port."})
    found = result(capsys, "check", project.po, "--glossary", "terms.csv", "--severity", "numbers=off")
    assert [(row["check"], row["severity"]) for row in found["findings"]] == [("doubled", "warning")]


def test_status_counts_the_entries_by_who_stands_behind_them(project: Project, capsys: Capture) -> None:
    assert result(capsys, "status") == {"articles": []}
    project.translate(engine="fake:degenerate")
    project.review({BODY[1]: "Approved.", BODY[3]: "Approved."})
    project.review({BODY[6]: "Edited."}, approve=False)
    assert result(capsys, "status") == {
        "articles": [
            {
                "article": "articles/ja/cape.txt", "po": "locales/en/LC_MESSAGES/cape.po", "segments": SEGMENTS,
                "untranslated": 4, "machine": 4, "edited": 1, "approved": 2, "fuzzy": 5, "stale": 0, "obsolete": 0,
                "worst": [],
            }
        ]
    }  # fmt: skip
    assert main(["status"]) == 0
    assert "articles/ja/cape.txt" in capsys.readouterr().out


def test_status_of_a_broken_po_file_is_an_error(project: Project, capsys: Capture) -> None:
    project.write(project.po, 'msgid "a\n')
    assert main(["status"]) == 2
    assert "cape.po:1: not PO syntax" in capsys.readouterr().err


def test_models_lists_engines_and_shipped_adapters(project: Project, capsys: Capture) -> None:
    found = result(capsys, "models", "list")
    assert {"embedded", "fake", "hf"} <= set(found["engines"])
    assert "jaen-base" in found["adapters"]
    assert (found["built"], found["cache"]) == ([], str(project.root / ".cache"))


# All


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert f"usage: yakubun {name}" in capsys.readouterr().out


def test_the_version_is_printed(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert (stop.value.code, capsys.readouterr().out) == (0, f"yakubun {__version__}\n")


@pytest.mark.parametrize("words", [[], ["--frobnicate"], ["translate"], ["publish", "x.po", "--fuzzy", "perhaps"]])
def test_a_wrong_command_line_exits_with_2(words: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert "usage: yakubun" in capsys.readouterr().err


def test_text_of_an_article_cannot_steer_the_terminal() -> None:
    assert shown("a\x1b[31mb\u202ec\nd\te") == "a\ufffd[31mb\ufffdc d e"
    assert shown("灯台守は眠った。", 4) == "灯台守…"
