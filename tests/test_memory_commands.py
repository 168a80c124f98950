"""``memory`` and ``exchange`` as people type them, on real files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from translate.catalog import Catalog, State
from translate.cli import COMMANDS, main

BELL, LIGHT = "町は鐘を鳴らして船を導いた。", "岬町の灯台で明かりが消えた。"
HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"X-Source-Path: articles/ja/{name}.txt\\n"\n'
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / ".cache"))
    (tmp_path / ".git").mkdir()  # the search for a configuration ends here
    for name in ("memory", "exchange"):
        monkeypatch.setitem(COMMANDS, name, (f"translate.cli.{name}", name))


def po(name: str, *entries: tuple[str, str, bool]) -> Path:
    path = Path(f"locales/en/LC_MESSAGES/{name}.po")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = HEADER.format(name=name)
    for source, target, fuzzy in entries:
        flag = "#, fuzzy\n" if fuzzy else ""
        text += f'\n#. role: body\n{flag}msgid "{source}"\nmsgstr "{target}"\n'
    path.write_text(text, "utf-8")
    return path


def entry(path: Path, source: str) -> tuple[str, State]:
    found = Catalog.read(path).entry(source)
    assert found is not None
    return found.msgstr, found.state


class TestMemory:
    @pytest.mark.parametrize("file", ["out.tmx", "out.xlf", "out.csv"])
    def test_what_is_exported_can_be_imported_elsewhere(self, file: str, capsys: pytest.CaptureFixture[str]) -> None:
        po("a", (BELL, "The town rang the bell.", False), (LIGHT, "Not approved.", True))
        assert main(["memory", "export", file]) == 0
        assert capsys.readouterr().out == f"{file}: 1 segments\n"
        assert main(["memory", "import", file, "--locales", "other"]) == 0
        assert capsys.readouterr().out == f"{file}: 1 added, 0 known already, 0 not approved\n"
        assert main(["memory", "import", file, "--locales", "other"]) == 0
        assert capsys.readouterr().out == f"{file}: 0 added, 1 known already, 0 not approved\n"
        [line] = Path("other/en/memory/out.jsonl").read_text("utf-8").splitlines()
        known = json.loads(line)
        assert (known["source"], known["target"], known["role"]) == (BELL, "The town rang the bell.", "body")

    def test_a_broken_file_among_several_leaves_nothing_behind(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("good.csv").write_text(f"source,target\n{BELL},The bell.\n", "utf-8")
        Path("bad.tmx").write_text("<tmx>", "utf-8")
        assert main(["memory", "import", "good.csv", "bad.tmx"]) == 2
        assert "bad.tmx:1: not well-formed XML" in capsys.readouterr().err
        assert not Path("locales").exists()

    def test_what_xliff_does_not_call_approved_stays_out(self, capsys: pytest.CaptureFixture[str]) -> None:
        unit = f'<trans-unit id="1"><source>{BELL}</source><target>Bell.</target></trans-unit>'
        text = f'<xliff version="1.2"><file original="a"><body>{unit}</body></file></xliff>'
        Path("in.xlf").write_text(text, "utf-8")
        assert main(["memory", "import", "in.xlf"]) == 0
        assert capsys.readouterr().out == "in.xlf: 0 added, 0 known already, 1 not approved\n"

    def test_search_shows_exact_and_near_hits(self, capsys: pytest.CaptureFixture[str]) -> None:
        po("a", (BELL, "The town rang the bell.", False), ("町は鐘を鳴らして船を待った。", "It waited.", False))
        assert main(["memory", "search", BELL]) == 0
        assert capsys.readouterr().out.splitlines() == [
            f"100%  {BELL}",
            "      The town rang the bell.  (locales/en/LC_MESSAGES/a.po)",
            "85%  町は鐘を鳴らして船を[-待っ-]{+導い+}た。",
            "      It waited.  (locales/en/LC_MESSAGES/a.po)",
        ]

    def test_search_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        po("a", (BELL, "The town rang the bell.", False))
        assert main(["memory", "search", BELL.replace("船", "舟"), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["segments"] == 1
        [hit] = found["hits"]
        assert (hit["similarity"], hit["source"], hit["target"], hit["count"]) == (
            92.9,
            BELL,
            "The town rang the bell.",
            1,
        )
        assert ["delete", "船"] in hit["difference"]

    def test_nothing_alike_says_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["memory", "search", BELL]) == 0
        assert capsys.readouterr().out == "nothing alike among 0 segments\n"

    @pytest.mark.parametrize("similarity", ["0", "101", "nan", "x"])
    def test_a_similarity_that_makes_no_sense_is_refused(self, similarity: str) -> None:
        with pytest.raises(SystemExit, match="2"):
            main(["memory", "search", BELL, "--similarity", similarity])


class TestExchange:
    @pytest.mark.parametrize("file", ["out.xlf", "out.csv"])
    def test_work_of_two_articles_comes_back(self, file: str, capsys: pytest.CaptureFixture[str]) -> None:
        one, two = po("a", (BELL, "Bell", True)), po("b", (LIGHT, "", False), (BELL, "Kept.", False))
        assert main(["exchange", "export", str(one), str(two), "--output", file]) == 0
        assert capsys.readouterr().out == f"{file}: 3 segments\n"
        text = Path(file).read_text("utf-8-sig")
        if file.endswith("xlf"):
            text = text.replace('approved="no"', 'approved="yes"', 1).replace(">Bell<", ">The bell rang.<", 1)
            text = text.replace('<target state="needs-translation"/>', '<target state="translated">Dark.</target>')
        else:
            text = text.replace("edited,町は鐘を鳴らして船を導いた。,Bell", f"approved,{BELL},The bell rang.")
            text = text.replace(f"untranslated,{LIGHT},", f"edited,{LIGHT},Dark.")
        Path(file).write_text(text, "utf-8")
        before = one.read_bytes(), two.read_bytes()
        assert main(["exchange", "import", file, "--dry-run"]) == 0
        assert "1 would be approved, 1 would be edited, 1 unchanged" in capsys.readouterr().out
        assert (one.read_bytes(), two.read_bytes()) == before
        assert main(["exchange", "import", file]) == 0
        assert capsys.readouterr().out == "1 approved, 1 edited, 1 unchanged, 0 conflicts, 0 unknown\n"
        assert entry(one, BELL) == ("The bell rang.", State.APPROVED)
        assert (entry(two, LIGHT), entry(two, BELL)) == (("Dark.", State.EDITED), ("Kept.", State.APPROVED))

    def test_conflicts_are_listed_and_nothing_of_them_is_written(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = po("a", (BELL, "Bell", True), (LIGHT, "Light", True))
        main(["exchange", "export", str(path), "--output", "out.csv"])
        theirs = Path("out.csv").read_text("utf-8-sig").replace(f"{BELL},Bell", f"{BELL},Theirs.")
        Path("out.csv").write_text(theirs.replace(f"{LIGHT},Light", f"{LIGHT},Light!"), "utf-8")
        path = po("a", (BELL, "Ours.", False), (LIGHT, "Light", True))
        capsys.readouterr()
        assert main(["exchange", "import", "out.csv"]) == 1
        out = capsys.readouterr().out
        assert "out.csv:" in out
        assert "conflict: the PO file's text was changed after the export and is now approved" in out
        assert f"the file: Theirs.\n  {path}:7: Ours.\n" in out
        assert "0 approved, 1 edited, 0 unchanged, 1 conflicts, 0 unknown" in out
        assert (entry(path, BELL), entry(path, LIGHT)) == (("Ours.", State.APPROVED), ("Light!", State.EDITED))

    def test_unknown_segments_and_articles_are_listed(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = po("a", (BELL, "Bell", True))
        rows = f"article,source,target\narticles/ja/a.txt,知らない文。,x\n../../../etc/passwd,{BELL},x\n,{BELL},x\n"
        Path("in.csv").write_text(rows, "utf-8")
        before = path.read_bytes()
        assert main(["exchange", "import", "in.csv", "--json"]) == 1
        told = json.loads(capsys.readouterr().out)
        assert told["counts"] == {"unchanged": 0, "edited": 0, "approved": 0, "conflict": 0, "unknown": 3}
        assert sorted((row["line"], row["po"]) for row in told["listed"] if row["po"]) == [(2, str(path))]
        assert {row["outcome"] for row in told["listed"]} == {"unknown"}
        assert path.read_bytes() == before

    def test_a_memory_is_said_to_hold_what_it_holds(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = po("a", (BELL, "The bell rang.", False), (LIGHT, "Light", True))
        assert main(["exchange", "export", str(path), "--output", "out.tmx"]) == 0
        assert capsys.readouterr().out == "out.tmx: 1 of 2 segments; a memory holds the approved ones only\n"
        assert Path("out.tmx").read_text("utf-8").count("<tu>") == 1

    def test_a_folder_gets_a_file_for_each_article(self, capsys: pytest.CaptureFixture[str]) -> None:
        files = [str(po(name, (BELL, "Bell", True))) for name in ("a", "b")]
        assert main(["exchange", "export", *files, "--output", "out", "--format", "xliff20"]) == 0
        assert sorted(path.name for path in Path("out").iterdir()) == ["a.xlf", "b.xlf"]
        assert 'version="2.0"' in Path("out/a.xlf").read_text("utf-8")

    def test_a_po_file_without_header_is_found_by_its_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = po("a")
        path.write_text(f'msgid "{BELL}"\nmsgstr ""\n', "utf-8")
        main(["exchange", "export", str(path), "--output", "out.csv"])
        text = Path("out.csv").read_text("utf-8").replace(f"{BELL},", f"{BELL},Bell.")
        Path("out.csv").write_text(text, "utf-8")
        assert main(["exchange", "import", "out.csv"]) == 0
        assert entry(path, BELL) == ("Bell.", State.EDITED)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["export", "a.po", "--output", "out.docx"], "no exchange format has this suffix"),
            (["export", "a.po", "--output", "out.csv", "--format", "tmx"], "is written to files named .tmx"),
            (["import", "none.xlf"], "no such file"),
            (["import", "out.tmx"], "out.tmx: a translation memory does not say which article a segment is from"),
        ],
    )
    def test_what_cannot_be_done_is_a_usage_error(self, arguments, message, capsys: pytest.CaptureFixture[str]) -> None:
        Path("a.po").write_text(HEADER.format(name="a"), "utf-8")
        Path("out.tmx").write_bytes(b"")
        assert main(["exchange", *arguments]) == 2
        assert message in capsys.readouterr().err
