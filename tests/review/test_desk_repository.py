"""The history of a segment from git, from a repository that nobody trusts."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import polib
import pytest
from desking import CAPTAIN, PIER
from driving import entry, make_project, po_of, poedit

from translate import config
from translate.interchange.exchanged import unit_key
from translate.review import repository
from translate.review.desk import Desk
from translate.review.outcomes import HistoryItem
from translate.review.repository import versions

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    made = make_project(tmp_path / "project")
    (made / ".git").rmdir()
    git(made, "init", "-q")
    commit(made, "Translate by machine")
    return made


def git(root: Path, *words: str) -> str:
    who = ["-c", "user.name=Aya Minami", "-c", "user.email=aya@example.org"]
    return subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True).stdout


def commit(root: Path, subject: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", subject)


def told(items: list[HistoryItem]) -> list[tuple[str, str, str]]:
    return [(one.what, one.english, one.state) for one in items]


def test_only_commits_that_changed_the_entry_are_told_the_latest_first(root: Path) -> None:
    first = entry(root, "harbour", PIER).msgstr
    poedit(root, "harbour", {PIER: "Shirahama Port, by hand."}, approve=False)
    commit(root, "Correct the pier")
    poedit(root, "harbour", {CAPTAIN: "Another segment."})
    commit(root, "Correct the captain")
    poedit(root, "harbour", {PIER: "Shirahama Port, by hand."})
    commit(root, "Approve the pier")
    items = versions(po_of(root, "harbour"), PIER)
    assert told(items) == [
        ("Approve the pier", "Shirahama Port, by hand.", "approved"),
        ("Correct the pier", "Shirahama Port, by hand.", "edited"),
        ("Translate by machine", first, "machine"),
    ]
    assert {(one.kind, one.who, len(one.commit)) for one in items} == {("git", "Aya Minami", 40)}
    assert all(one.time[:2] == "20" for one in items)


def test_an_entry_is_found_however_a_tool_wrapped_it(root: Path) -> None:
    long = PIER * 4 + '"引用"\\と\tタブ。'
    for width in (0, 40):
        file = polib.pofile(str(po_of(root, "harbour")), wrapwidth=width)
        if not file.find(long):
            file.append(polib.POEntry(msgid=long, msgstr="", flags=["fuzzy"], tcomment="a note"))
        found = file.find(long)
        assert found is not None
        found.msgstr = f"width {width}"
        file.save(str(po_of(root, "harbour")))
        commit(root, f"Width {width}")
    assert told(versions(po_of(root, "harbour"), long)) == [
        ("Width 40", "width 40", "edited"),
        ("Width 0", "width 0", "edited"),
    ]


def test_the_desk_joins_session_commits_and_machines(root: Path) -> None:
    desk = Desk(config.load(root))
    row = desk.row("harbour", unit_key(PIER))
    desk.save("harbour", row.id, row.version, "Shirahama Port at the desk.", approve=True, actor="ann")
    kinds = [one.kind for one in desk.history("harbour", row.id)]
    assert kinds == ["session", "session", "git"]


def test_without_a_repository_or_without_git_there_is_just_no_history(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(root / ".git")
    assert versions(po_of(root, "harbour"), PIER) == []
    monkeypatch.setenv("PATH", str(root))
    assert versions(po_of(root, "harbour"), PIER) == []


def test_nothing_of_the_repository_is_run(root: Path, tmp_path: Path) -> None:
    """A repository that was unpacked from somewhere may hold a configuration that starts programs."""
    trap, proof = tmp_path / "trap.sh", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{proof}'\nexit 0\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    for name in (
        *("core.fsmonitor", "core.pager", "pager.log", "pager.cat-file", "core.sshCommand", "core.editor"),
        *("gpg.program", "gpg.ssh.program", "gpg.x509.program", "diff.external", "diff.po.textconv", "diff.po.command"),
        *("filter.po.smudge", "filter.po.clean", "filter.po.process", "credential.helper", "core.askPass"),
        *("core.alternateRefsCommand", "uploadpack.packObjectsHook", "alias.log", "alias.cat-file"),
    ):
        git(root, "config", name, f"!{trap}" if name.startswith("alias") else str(trap))
    for name, value in (
        *(("log.showSignature", "true"), ("core.hooksPath", str(tmp_path)), ("protocol.ext.allow", "always")),
        *(("extensions.partialClone", "origin"), ("remote.origin.promisor", "true")),
        *(("remote.origin.url", f"ext::{trap}"), ("log.diffMerges", "on"), ("format.pretty", "%GG %H")),
    ):
        git(root, "config", name, value)
    (root / ".gitattributes").write_text("*.po diff=po filter=po\n")
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        shutil.copy(trap, tmp_path / hook)
        shutil.copy(trap, root / ".git" / "hooks" / hook)
    blob = subprocess.run(
        ["git", "-c", "core.fsmonitor=false", "rev-parse", "HEAD:locales/en/LC_MESSAGES/island.po"],
        cwd=root, check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()  # git would fetch it from the origin
    proof.unlink(missing_ok=True)
    assert told(versions(po_of(root, "harbour"), PIER))[0][0] == "Translate by machine"
    versions(po_of(root, "island"), "島の図書室が開いた。")
    assert not proof.exists(), proof.read_text()


def test_variables_of_git_do_not_lead_elsewhere(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert len(versions(po_of(root, "harbour"), PIER)) == 1


def test_a_git_that_hangs_is_given_up(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(repository, "SECONDS", 0.2)
    (item,) = versions(po_of(root, "harbour"), PIER)
    assert item.kind == "problem"


def test_names_that_look_like_options_or_patterns_are_names(root: Path) -> None:
    for name in ("--output=x", "[a]*", ":(top)b"):
        shutil.copy(po_of(root, "harbour"), po_of(root, name))
    commit(root, "Odd names")
    for name in ("--output=x", "[a]*", ":(top)b"):
        assert told(versions(po_of(root, name), PIER))[0][0] == "Odd names"
    assert not (po_of(root, "harbour").parent / "x").exists()


def test_a_broken_journal_is_told(root: Path) -> None:
    journal = root / "locales/en/proposals/harbour.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text("no json\n", "utf-8")
    items = Desk(config.load(root)).history("harbour", unit_key(PIER))
    assert [one.kind for one in items] == ["git", "problem"]
