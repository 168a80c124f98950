"""Names, headers and links lead nowhere outside the project, and a look at a repository runs nothing of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from translate.atomic import write_bytes
from translate.catalog import Catalog, po_path
from translate.cli import main
from translate.errors import InputError
from translate.git import look
from translate.ledger import commit
from translate.links import followed
from translate.proposals import Journal, Proposal

SECRET = "秘密の文書だ。ここだけの話だ。"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text(f"題\n\n{SECRET}\n", "utf-8")
    return folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "articles").mkdir(parents=True)
    (folder / "yakubun.toml").write_text('engine = "fake"\nglossaries = ["none"]\n', "utf-8")
    (folder / "articles" / "a.txt").write_text("題\n\n橋が開いた。\n", "utf-8")
    monkeypatch.chdir(folder)
    return folder


class TestLinks:
    def test_one_inside_the_project_is_followed(self, project: Path) -> None:
        (project / "b.txt").symlink_to("articles/a.txt")
        assert followed(project / "b.txt") == (project / "articles" / "a.txt").resolve()
        assert write_bytes(project / "b.txt", b"new")
        assert (project / "b.txt").is_symlink()
        assert (project / "articles" / "a.txt").read_bytes() == b"new"

    def test_an_article_outside_is_not_read(
        self, project: Path, outside: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "articles" / "b.txt").symlink_to(outside / "secret.txt")
        assert main(["segment", "articles/b.txt"]) == 2
        captured = capsys.readouterr()
        assert "a symbolic link leads to" in captured.err
        assert "秘密" not in captured.out + captured.err

    def test_nor_is_what_lies_in_the_repository_itself(self, project: Path) -> None:
        (project / ".git").mkdir()
        (project / ".git" / "config").write_text("token", "utf-8")
        (project / "articles" / "b.txt").symlink_to("../.git/config")
        with pytest.raises(InputError, match="a symbolic link leads to"):
            followed(project / "articles" / "b.txt")

    def test_nothing_is_written_outside_through_a_file(
        self, project: Path, outside: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        start_up = outside / "profile"
        start_up.write_text("mine", "utf-8")
        (project / "out.json").symlink_to(start_up)
        assert main(["translate", "articles/a.txt", "--json", "out.json"]) == 2
        assert start_up.read_text("utf-8") == "mine"
        assert "a symbolic link leads to" in capsys.readouterr().err

    @pytest.mark.parametrize("name", ["locales", "locales/en", "locales/en/LC_MESSAGES", "locales/en/proposals"])
    def test_nor_through_a_folder(self, project: Path, outside: Path, name: str) -> None:
        before = sorted(outside.rglob("*"))
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).symlink_to(outside, target_is_directory=True)
        assert main(["translate", "articles/a.txt"]) == 2
        assert sorted(outside.rglob("*")) == before

    def test_nor_through_a_link_that_leads_nowhere_yet(self, project: Path, outside: Path) -> None:
        (project / "new.txt").symlink_to(outside / "new.txt")
        with pytest.raises(InputError, match="a symbolic link leads to"):
            write_bytes(project / "new.txt", b"x")
        assert not (outside / "new.txt").exists()

    def test_nor_by_a_journal(self, project: Path, outside: Path) -> None:
        (project / "j.jsonl").symlink_to(outside / "j.jsonl")
        with pytest.raises(InputError, match="a symbolic link leads to"):
            Journal(project / "j.jsonl").append([Proposal("橋", "Bridge", "fake@1", "")])
        assert not (outside / "j.jsonl").exists()

    def test_a_circle_is_told(self, project: Path) -> None:
        (project / "a").symlink_to("b")
        (project / "b").symlink_to("a")
        with pytest.raises(InputError):
            write_bytes(project / "a", b"x")

    def test_a_folder_that_the_user_names_may_lie_anywhere(self, project: Path, outside: Path) -> None:
        assert main(["translate", "articles/a.txt", "--locales", str(outside / "locales")]) == 0
        assert (outside / "locales" / "en" / "LC_MESSAGES" / "a.po").is_file()


class TestHeaders:
    def published(self, project: Path, header: str) -> int:
        assert main(["translate", "articles/a.txt"]) == 0
        po = project / "locales" / "en" / "LC_MESSAGES" / "a.po"
        po.write_text(
            po.read_text("utf-8").replace("X-Source-Path: articles/a.txt", f"X-Source-Path: {header}"), "utf-8"
        )
        return main(["publish", str(po), "--fuzzy", "include"])

    @pytest.mark.parametrize("how", ["relative", "absolute", "through the project"])
    def test_one_that_leads_out_of_the_project_is_refused(
        self, project: Path, outside: Path, capsys: pytest.CaptureFixture[str], how: str
    ) -> None:
        header = {
            "relative": "../outside/secret.txt",
            "absolute": str(outside / "secret.txt"),
            "through the project": "articles/../../outside/secret.txt",
        }[how]
        assert self.published(project, header) == 2
        captured = capsys.readouterr()
        assert "leads out of the project" in captured.err
        assert "秘密" not in captured.out + captured.err

    def test_occurrences_are_never_opened(
        self, project: Path, outside: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["translate", "articles/a.txt"]) == 0
        po = project / "locales" / "en" / "LC_MESSAGES" / "a.po"
        po.write_text(po.read_text("utf-8").replace("#: articles/a.txt:", f"#: {outside}/secret.txt:"), "utf-8")
        for command in (["check"], ["publish", "--fuzzy", "include"]):
            assert main([command[0], str(po), *command[1:]]) == 0
        captured = capsys.readouterr()
        assert "秘密" not in captured.out + captured.err


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x.txt", "/etc/passwd.txt", "..", "a/../../b.txt", "\\\\host\\share.txt", "C:x.txt", "a\0b.txt"],
)
def test_no_name_of_an_article_leads_its_po_file_out_of_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    assert po_path(tmp_path, name).resolve().parent == folder.resolve()


def test_an_exchange_file_names_no_other_file(project: Path) -> None:
    assert main(["translate", "articles/a.txt"]) == 0
    rows = "article,source,target\n../../../etc/passwd,橋が開いた。,x\n"
    (project / "back.csv").write_text(rows, "utf-8")
    before = sorted(path for path in project.rglob("*") if path.is_file())
    assert main(["exchange", "import", "back.csv"]) == 1
    assert sorted(path for path in project.rglob("*") if path.is_file()) == before
    catalog = Catalog.read(project / "locales" / "en" / "LC_MESSAGES" / "a.po")
    assert all(entry.msgstr != "x" for entry in catalog)


def test_looking_at_a_repository_runs_nothing_that_it_names(tmp_path: Path) -> None:
    repository, witness = tmp_path / "repository", tmp_path / "witness"
    repository.mkdir()
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {witness}\n", "utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}
    environment |= {"GIT_COMMITTER_EMAIL": "a@b", "HOME": str(tmp_path)}
    (repository / "a.po").write_text("a\n", "utf-8")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(repository), *words], env=environment, check=True)
    for key in ("core.fsmonitor", "diff.x.textconv", "core.pager", "core.sshCommand"):
        subprocess.run(["git", "-C", str(repository), "config", key, str(program)], check=True)
    (repository / ".gitattributes").write_text("*.po diff=x\n", "utf-8")
    found, dirty = commit(repository)
    assert found is not None
    assert dirty is False
    assert look(repository, "blame", "--porcelain", "--no-textconv", "--", "a.po") is not None
    assert not witness.exists()
