"""What earlier releases wrote is read by this one: nothing is lost, and nothing is translated again without need.

The folders beside this file were written by those releases; see ``record.py``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import polib
import pytest

from translate import cli
from translate.catalog import Catalog, State
from translate.engines import embedded_model
from translate.ledger import Ledger
from translate.proposals import Journal

RELEASES = {path.parent.name: path.parent for path in sorted(Path(__file__).parent.glob("*/release.json"))}
WITH_MEMORY = [name for name, path in RELEASES.items() if (path / "scores").is_dir()]
PO = Path("locales/en/LC_MESSAGES")
ARTICLES = ["articles/ja/kite.txt", "articles/ja/lamp.txt"]


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(RELEASES[request.param], tmp_path / request.param)
    (tmp_path / request.param / ".git").mkdir()
    monkeypatch.chdir(tmp_path / request.param)
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    return RELEASES[request.param]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code = cli.main([*words, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return json.loads(out)


def written(folder: Path) -> dict[tuple[str, str], tuple[str, bool, bool]]:
    """Return all that PO files say, read with polib: (file, msgid) → msgstr, whether fuzzy, whether obsolete."""
    return {
        (path.name, entry.msgid): (entry.msgstr, entry.fuzzy, bool(entry.obsolete))
        for path in sorted((folder / PO).glob("*.po"))
        for entry in polib.pofile(str(path))
    }


def test_there_are_files_of_every_release() -> None:
    assert list(RELEASES) == ["0.1.0", "0.1.0-first", "0.2.0-unreleased"]
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## \[([\d.]+)\] - (?!Unreleased)", changelog, re.MULTILINE)
    recorded = {json.loads((path / "release.json").read_text())["version"] for path in RELEASES.values()}
    assert set(released) <= recorded, "record what a release writes when it is made: tests/compat/record.py"


def test_every_state_is_read_as_it_was_meant(release: Path) -> None:
    states = [entry.state for entry in Catalog.read(PO / "kite.po")]
    assert (states.count(State.APPROVED), states.count(State.EDITED), states.count(State.MACHINE)) == (3, 1, 6)
    gone = Catalog.read(PO / "kite.po").obsolete
    assert [(entry.msgid, entry.msgstr) for entry in gone] == [
        ("風は昼すぎに止んだ。", "The wind died down in the early afternoon.")
    ]


def test_translating_again_keeps_everything_but_what_a_rule_of_its_time_forces(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written(Path())
    found = run(capsys, "translate", *ARTICLES)
    after = written(Path())
    # 0.1.0 knew no numbers as terms; such machine translations are made anew once, as the changelog says.
    numbers = ("210メートル", "1200人") if release.name.startswith("0.1.0") else ()
    changed = {msgid for (_, msgid), one in before.items() if after[_, msgid] != one}
    forced = {msgid for _, msgid in before if any(number in msgid for number in numbers)}
    assert changed <= forced
    assert sum(article["retranslated"] for article in found["articles"]) == len(forced)
    assert sum(article["translated"] for article in found["articles"]) == len(forced)
    assert set(after) == set(before)
    files = {path: path.read_bytes() for path in PO.glob("*.po")}
    again = run(capsys, "translate", *ARTICLES)
    assert sum(article["translated"] for article in again["articles"]) == 0
    assert {path: path.read_bytes() for path in PO.glob("*.po")} == files


def test_the_journal_is_read_and_measured(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = Path("locales/en/proposals/kite.jsonl").read_bytes().splitlines()
    assert [one.english for one in Journal(Path("locales/en/proposals/kite.jsonl"))] == [
        json.loads(line)["english"] for line in lines
    ]
    (found,) = run(capsys, "score", "--post-edit")["post_edit"]["all"]
    # Approved: one word for word, two by people. What the obsolete entry said counts no more.
    assert (found["segments"], round(found["untouched"], 3)) == (3, 0.333)


def test_articles_are_published(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "publish", str(PO / "kite.po"), "--fuzzy", "include", "--output", "out")
    assert Path("out/kite.txt").read_text("utf-8").startswith("Kite festival returns after three years\n")


def test_the_built_model_of_an_older_release_is_used_where_nothing_changed(release: Path) -> None:
    facts = json.loads((release / "release.json").read_text())
    if facts["builder"] != embedded_model.BUILDER:
        pytest.skip("this release builds another model, as BUILDER says; the old one is left where it is")
    folder = embedded_model.adapter_folder("")
    inputs = embedded_model.check_inputs(folder)
    recipe = json.dumps([embedded_model.BUILDER, embedded_model.BASE_SHA256, "int8", inputs], sort_keys=True)
    assert facts["model"] == f"{folder.name}-int8-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


def test_a_manifest_of_every_release_so_far_is_read(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights")
    files = {"model.bin": hashlib.sha256(b"weights").hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": files, "writable": 55284}, indent=1))
    assert embedded_model._intact(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"weight")
    assert not embedded_model._intact(tmp_path)


@pytest.mark.parametrize("release", WITH_MEMORY, indirect=True)
def test_ledger_memory_waivers_and_exchange_files_are_read(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = Ledger(Path("scores/ledger.jsonl"))
    (old,) = ledger.records()
    assert len(ledger.stored(old)) == old.segments == 10
    words = ["score", "--po", str(PO / "kite.po"), "--reference", "reference.po", "--ledger", "scores/ledger.jsonl"]
    found = run(capsys, *words, "--gate")
    assert found["gate"]["passed"]
    assert len(ledger.records()) == 2
    (waived,) = [entry for entry in Catalog.read(PO / "lamp.po") if entry.waivers]
    assert [(one.subject, one.reason) for one in waived.waivers] == [("numbers", "no number there")]
    assert cli.main(["memory", "search", "風は夜に止んだ。"]) == 0
    assert "The wind dropped at night." in capsys.readouterr().out
    before = written(Path())
    counts = run(capsys, "exchange", "import", "kite.xlf")["counts"]
    assert (counts["conflict"], counts["unknown"]) == (0, 0)
    assert written(Path()) == before
