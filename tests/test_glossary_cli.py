"""``yakubun glossary …`` in processes of its own: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cape import CHECKOUT, TERMS, Project

from translate.cli.glossaries import ACTIONS
from translate.glossary import load

SHIPPED = CHECKOUT / "glossaries/ja-en.csv"
HEAD = TERMS.splitlines()[0] + "\n"


def glossary(project: Project, *words: str | Path, expected: int = 0) -> tuple[str, str]:
    done = project.run("glossary", *words)
    assert done.returncode == expected, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def result(project: Project, *words: str | Path, expected: int = 0) -> Any:
    return json.loads(glossary(project, *words, "--json", expected=expected)[0])


# actions


def test_help_lists_every_action_and_its_own_options(project: Project) -> None:
    out, _ = glossary(project, "--help")
    for name in ACTIONS:
        assert f"\n    {name} " in out
    assert "--used-in" in glossary(project, "check", "--help")[0]
    assert "--explain" in glossary(project, "match", "--help")[0]
    assert "--locales" in glossary(project, "diff", "--help")[0]
    assert "--from" in glossary(project, "convert", "--help")[0]


@pytest.mark.parametrize("words", [[], ["nonsense"], ["match"], ["diff", "terms.csv"], ["convert", "terms.csv"]])
def test_a_wrong_command_line_exits_with_2(project: Project, words: list[str]) -> None:
    assert "usage: yakubun glossary" in glossary(project, *words, expected=2)[1]


def test_help_imports_no_action(project: Project) -> None:
    code = (
        "import sys\nfrom translate.cli import main\n"
        "try:\n    main(['glossary', '--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'sudachipy', 'rich', 'lxml'}\n"
        "print(*(name for name in sys.modules if name.startswith('translate.cli.glossary_') or name in heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


# check


def test_a_clean_file_exits_with_0_and_is_counted(project: Project) -> None:
    found = result(project, "check", "terms.csv")
    assert (found["entries"], found["kinds"], found["modes"]) == (3, {"place": 2, "office": 1}, {"hard": 3})
    assert (found["hash"], found["findings"]) == (load([project.terms]).hash, [])
    assert "3 entries, no conflicts, 0 errors" in glossary(project, "check", "terms.csv")[0]


def test_the_shipped_glossary_is_clean(project: Project) -> None:
    assert result(project, "check", SHIPPED)["findings"] == []


def test_errors_exit_with_1_and_warnings_with_0(project: Project) -> None:
    project.write("w.csv", HEAD + "港,port,,ports,,,,,\n")
    project.write("e.csv", HEAD + "港,port (old,,,,,,,\n")
    out, err = glossary(project, "check", "w.csv")
    assert (out.splitlines()[0], err) == (
        "w.csv:2: warning: variants: the variant 'ports' goes without saying: 'port' counts in this form, too; "
        "take it out",
        "",
    )
    out, _ = glossary(project, "check", "e.csv", expected=1)
    assert out.startswith("e.csv:2: error: brackets: 'port (old' holds '('")


def test_what_load_refuses_exits_with_2_and_all_of_it_is_told(project: Project) -> None:
    project.write("terms.csv", TERMS + "岬町,Cape Town,,,,place,hard,,\n船,,,,,,,,\n海,sea,,,,,hrad,,\n")
    out, err = glossary(project, "check", "terms.csv", expected=2)
    assert [line.split(": ")[2] for line in err.splitlines()] == ["terms.csv:5", "terms.csv:6", "terms.csv:7"]
    assert "'岬町' already means 'Misaki' at terms.csv:2, here 'Cape Town'" in err
    assert "3 entries, 3 refused" in out
    found = result(project, "check", "terms.csv", expected=2)
    assert [(one["line"], one["severity"]) for one in found["findings"]] == [
        (5, "refused"),
        (6, "refused"),
        (7, "refused"),
    ]


def test_github_gets_an_annotation_for_each_finding(project: Project) -> None:
    project.write("100%,a.csv", HEAD + '港,"port, ",,,,,,,\n港,harbor,,,,,,,\n')
    project.write("2.csv", HEAD + "港,haven (,,,,,,,\n")
    out, err = glossary(project, "check", "100%,a.csv", "2.csv", "--format", "github", expected=2)
    assert err == ""
    assert out.splitlines()[:4] == [
        "::notice file=100%25%2Ca.csv,line=2,title=glossary replaced::'港' is replaced by 2.csv:2 ('haven (')",
        "::error file=100%25%2Ca.csv,line=2,title=glossary spelling::'port,' holds punctuation at its end: "
        "translations would hold it, too; take it out",
        "::error file=100%25%2Ca.csv,line=3,title=glossary refused::'港' already means 'port,' at 100%25,a.csv:2, "
        "here 'harbor': keep one of the two, or put one into a second file, which then wins",
        "::error file=2.csv,line=2,title=glossary brackets::'haven (' holds '(' without its partner: "
        "add it or take both out",
    ]


def test_entries_that_articles_and_po_files_do_not_hold(project: Project) -> None:
    project.translate()
    project.write("terms.csv", TERMS + "港,port,,,,,,,\n鯨,whale,,,,,,,\n")
    for file in (project.article, project.po):
        found = result(project, "check", "terms.csv", "--used-in", file)
        assert [(one["source"], one["lint"], one["line"]) for one in found["findings"]] == [("鯨", "unused", 6)]
    assert "no such file" in glossary(project, "check", "terms.csv", "--used-in", "none.po", expected=2)[1]


# match


def test_explain_shows_every_candidate_with_its_reason_and_its_rival(project: Project) -> None:
    project.write(
        "ours.csv",
        HEAD + "灯台守,keeper,,,,,,,\n灯台,lighthouse,,,,,,,\n中国,China,,,,,,,\n中国地方,,,,,blocker,,,\n"
        "NHK,,,,,org,dnt,,\nインド,India,,,,,,,\n東京,Tokyo,,,,,,,\n京都,Kyoto,,,,,,,\nベロウソフ,Belousov,,,,,,,\n",
    )
    text = "灯台守は中国地方でＮＨＫを見た。インドネシアと東京都民、ベローソフ氏。"
    found = result(project, "match", text, "--glossary", "ours.csv", "--explain")

    told = {one["surface"]: (one["verdict"], one["rival"], one["reason"]) for one in found["candidates"]}
    assert told == {
        "灯台守": ("match", None, "its English must appear"),
        "灯台": ("overlap", "灯台守", "the longer entry “灯台守” (ours.csv:2) stands here"),
        "中国": ("blocked", "中国地方", "the blocker “中国地方” (ours.csv:5) keeps it from matching"),
        "中国地方": ("blocker", None, "a blocker at work: keeps other entries from matching here, demands nothing"),
        "ＮＨＫ": ("match", None, "do not translate: copied as it is"),
        "インド": ("boundary", None, "ends inside the katakana word “インドネシア”"),
        "東京": ("match", None, "its English must appear"),
        "京都": (
            "boundary",
            "東京",
            "begins inside the word “東京”, and no chosen entry ends there; "
            "ends inside the word “都民”, and no chosen entry begins there",
        ),
    }
    assert [(one["surface"], one["spelling"], one["entry"]) for one in found["suggestions"]] == [
        ("ベローソフ", "ベロウソフ", "ours.csv:10")
    ]
    rival = next(one["lost_to"] for one in found["candidates"] if one["surface"] == "灯台")
    assert rival == {"source": "灯台守", "surface": "灯台守", "start": 0, "end": 3, "entry": "ours.csv:2"}
    cut = next(one["cuts"] for one in found["candidates"] if one["surface"] == "インド")
    assert cut == [{"side": "end", "offset": 19, "inside": "katakana", "word": "インドネシア"}]

    out, _ = glossary(project, "match", text, "--glossary", "ours.csv", "--explain")
    assert "ベローソフ at 28–33 matches no entry: did you mean ベロウソフ (Belousov, ours.csv:10)?" in out
    assert "lost to" in out


def test_without_explain_nothing_is_explained(project: Project) -> None:
    assert result(project, "match", "岬町のベローソフ", "--glossary", "terms.csv").keys() == {"matches"}


# diff


def test_a_difference_names_entries_and_columns(project: Project) -> None:
    project.write(
        "new.csv",
        HEAD
        + "岬町,Cape Town,,,,place,hard,,\n"
        + "灯台守,lighthouse keeper,,keeper of the light,,office,hard,,\n"
        + "港,port,,,,,,,\n",
    )
    out, _ = glossary(project, "diff", "terms.csv", "new.csv")
    assert out.splitlines() == [
        "+ 港 = port  new.csv:4",
        "- 大森町 = Ōmori  terms.csv:4",
        "~ 岬町: target Misaki → Cape Town  new.csv:2",
        "1 added, 1 removed, 1 changed",
    ]
    found = result(project, "diff", "terms.csv", "new.csv")
    assert [one["source"] for one in found["added"]] == ["港"]
    assert [(one["source"], one["columns"]) for one in found["changed"]] == [("岬町", ["target"])]
    assert found.keys() == {"added", "removed", "changed"}


def test_segments_that_a_change_touches_are_named_and_approved_ones_apart(project: Project) -> None:
    project.translate()
    text = project.po.read_text("utf-8")
    entries = text.split("\n\n")
    approved = next(place for place, entry in enumerate(entries) if "岬町の灯台で" in entry)
    entries[approved] = entries[approved].replace("#, fuzzy\n", "")
    project.write(project.po, "\n\n".join(entries))
    project.write(
        "new.csv", TERMS.replace("岬町,Misaki", "岬町,Cape Town").replace("灯台守,lighthouse keeper", "灯台守,warden")
    )

    found = result(project, "diff", "terms.csv", "new.csv", "--locales", "locales")

    assert [(one["state"], one["after"], one["missing"]) for one in found["kept"]] == [("approved", ["岬町"], ["岬町"])]
    assert [one["after"] for one in found["segments"]] == [["灯台守"], ["灯台守"]]
    for one in (*found["kept"], *found["segments"]):
        assert one["msgid"] in project.po.read_text("utf-8").split("\n", one["line"] - 1)[-1].split("\n")[0]
    out, _ = glossary(project, "diff", "terms.csv", "new.csv", "--locales", "locales")
    assert "2 segments will be translated again" in out
    assert "keeps the old term; never retranslated, and lacks 岬町=Cape Town" in out


def test_what_diff_announces_is_what_translate_does(project: Project) -> None:
    project.translate()
    project.write("terms.csv", TERMS.replace("灯台守,lighthouse keeper", "灯台守,warden"))
    project.write("old.csv", TERMS)
    announced = result(project, "diff", "old.csv", "terms.csv", "--locales", "locales")["segments"]

    done = project.run("translate", project.article, "--engine", "fake", "--glossary", "terms.csv", "--json")

    assert json.loads(done.stdout)["articles"][0]["translated"] == len(announced) == 2


def test_a_missing_folder_of_po_files_is_an_error(project: Project) -> None:
    assert "no such folder" in glossary(project, "diff", "terms.csv", "terms.csv", "--locales", "x", expected=2)[1]
    assert "cannot read" in glossary(project, "diff", "terms.csv", "missing.csv", expected=2)[1]


# convert


def test_a_glossary_goes_to_tbx_and_comes_back(project: Project) -> None:
    out, err = glossary(project, "convert", "terms.csv", "t.tbx")
    assert (out, err) == ("t.tbx: 3 entries, csv → tbx\n", "")
    glossary(project, "convert", "t.tbx", "back.csv")
    assert Path("back.csv").read_text("utf-8") == TERMS


def test_what_a_format_cannot_hold_is_a_warning_with_its_field_and_count(project: Project) -> None:
    _, err = glossary(project, "convert", "terms.csv", "t.csv", "--to", "deepl")
    assert Path("t.csv").read_text("utf-8") == "岬町,Misaki\n灯台守,lighthouse keeper\n大森町,Ōmori\n"
    assert err.splitlines() == [
        "yakubun: warning: t.csv: kind: 3 entries, left out",
        "yakubun: warning: t.csv: variants: 1 entry, left out",
    ]
    found = result(project, "convert", "t.csv", "t.tsv", "--from", "deepl")
    assert (found["entries"], found["from"], found["to"], found["not_written"]) == (3, "deepl", "omegat", {})


def test_nothing_is_written_for_a_file_with_faults_and_all_of_them_are_told(project: Project) -> None:
    project.write("bad.tsv", "港\tport\n船\t\n海\tうみ\n")
    _, err = glossary(project, "convert", "bad.tsv", "out.csv", expected=2)
    assert [line.split(": ")[2] for line in err.splitlines()] == ["bad.tsv:2", "bad.tsv:3"]
    assert not Path("out.csv").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["terms.csv", "terms.csv"], "IN and OUT are one file"),
        (["terms.csv", "out.xlsx"], "no glossary format has the suffix '.xlsx'"),
        (["none.csv", "out.tbx"], "no such file"),
    ],
)
def test_a_conversion_that_makes_no_sense_is_refused(project: Project, words: list[str], message: str) -> None:
    before = project.terms.read_bytes()
    assert message in glossary(project, "convert", *words, expected=2)[1]
    assert project.terms.read_bytes() == before


def test_explaining_shows_numbers_and_what_they_took_the_place_of(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("source,target\nドル,dollar\n", "utf-8")
    words = ["glossary", "match", "430億ドルとドル", "--glossary", "d.csv", "--explain", "--json"]
    command = [sys.executable, str(CHECKOUT / "run_translation.py"), *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=True)
    candidates = json.loads(done.stdout)["candidates"]
    assert [(one["surface"], one["start"], one["verdict"], one["rival"]) for one in candidates] == [
        *(("430億ドル", 0, "match", None), ("ドル", 4, "overlap", "430億ドル"), ("ドル", 7, "match", None)),
    ]
