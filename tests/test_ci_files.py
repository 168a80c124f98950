"""The drop-in files for CI: their commands run as they stand, in a project and against a remote of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from cape import CHECKOUT, Project

ACTION = CHECKOUT / ".github/actions/yakubun/action.yml"
WORKFLOW = CHECKOUT / ".github/workflows/articles.yml"
GITLAB = CHECKOUT / "ci/gitlab.yml"
HOOKS = CHECKOUT / ".pre-commit-hooks.yaml"

pytestmark = pytest.mark.skipif(shutil.which("bash") is None or shutil.which("git") is None, reason="bash and git")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def run_steps(path: Path) -> dict[str, dict[str, Any]]:
    """Return the steps of an action or a workflow that run commands, by name."""
    content = read(path)
    steps = content["runs"]["steps"] if "runs" in content else content["jobs"]["articles"]["steps"]
    return {step["name"]: step for step in steps if "run" in step}


class Runner:
    """Runs steps with a ``yakubun`` on the PATH, as a runner would."""

    def __init__(self, project: Project) -> None:
        self.project = project
        bin_folder = project.root / ".bin"
        bin_folder.mkdir()
        script = bin_folder / "yakubun"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{CHECKOUT}/run_translation.py" "$@"\n')
        script.chmod(0o755)
        self.summary = project.root / ".bin" / "summary.md"
        self.environment = {
            **os.environ,
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def __call__(self, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
            env=self.environment | variables, capture_output=True, text=True, encoding="utf-8", timeout=120,
            check=False,
        )  # fmt: skip

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        done = subprocess.run(
            ["git", *identity, *words], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


INPUTS = {
    "ARTICLES": "articles/ja/*",
    "PO": "locales/en/LC_MESSAGES/*.po",
    "REFERENCES": "references/en/*.po",
    "TOLERANCE": "0.3",
    "BRANCH": "yakubun-scores",
}


@pytest.fixture
def runner(project: Project) -> Runner:
    """A translated and approved article with references, committed."""
    project.write("yakubun.toml", 'engine = "fake"\nglossaries = ["terms.csv"]\nnumbers = false\n')
    project.translate()
    project.approve_all()
    project.write("references/en/cape.po", project.po.read_bytes())
    project.write(".gitignore", ".bin/\n.cache/\n.yakubun-scores/\nyakubun*.*\n!yakubun.toml\nremote.git/\n")
    one = Runner(project)
    (project.root / ".git").rmdir()
    one.git("init", "--quiet", ".")
    one.git("add", ".")
    one.git("commit", "--quiet", "-m", "articles")
    one.git("init", "--quiet", "--bare", "remote.git")
    one.git("remote", "add", "origin", str(project.root / "remote.git"))
    return one


def test_every_input_reaches_its_command_through_the_environment() -> None:
    for path in (ACTION, WORKFLOW):
        for name, step in run_steps(path).items():
            assert "${{" not in step["run"], f"{path.name}: {name} pastes an expression into a shell"
            used = {word for word in (*INPUTS, "LEDGER", "PACKAGE") if f"${word}" in step["run"]}
            assert used <= set(step.get("env", {})), f"{path.name}: {name}"


def test_the_action_passes_a_sound_project_and_stops_a_worse_one(runner: Runner) -> None:
    steps = run_steps(ACTION)
    variables = {**INPUTS, "LEDGER": "scores/ledger.jsonl"}

    def run(name: str) -> subprocess.CompletedProcess[str]:
        return runner(steps[name]["run"], **variables)

    for name in ("Glossary", "Up to date", "Findings", "Scores"):
        done = run(name)
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    assert len(Path("scores/ledger.jsonl").read_text("utf-8").splitlines()) == 1
    assert run("Scores").returncode == 0  # the same again: no drop
    english = runner.project.english()
    runner.project.review({msgid: f"Misaki keeper lighthouse Ōmori {n}" for n, msgid in enumerate(english)})
    worse = run("Scores")
    assert worse.returncode == 5, worse.stdout + worse.stderr
    assert "::error" in worse.stdout + worse.stderr
    assert "BLEU" in runner.summary.read_text("utf-8")
    assert "<testsuite" in Path("yakubun-scores.xml").read_text("utf-8")
    assert run("Findings").returncode in (0, 1)
    assert json.loads(Path("yakubun.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_a_new_article_starts_a_new_baseline_and_does_not_lock_the_gate(runner: Runner) -> None:
    command = run_steps(ACTION)["Scores"]["run"]
    variables = {**INPUTS, "LEDGER": "scores/ledger.jsonl"}
    assert runner(command, **variables).returncode == 0
    other = runner.project.write("articles/ja/bell.txt", "鐘が鳴った。\n")
    runner.project.translate(other)
    runner.project.write("references/en/bell.po", Path("locales/en/LC_MESSAGES/bell.po").read_bytes())
    done = runner(command, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "::warning title=Yakubun::this run cannot be compared" in done.stderr
    assert len(Path("scores/ledger.jsonl").read_text("utf-8").splitlines()) == 2
    refused = runner(command.replace("--new-baseline", ""), **{**variables, "PO": "locales/en/LC_MESSAGES/cape.po"})
    assert refused.returncode == 2
    assert "test sets" in refused.stderr


def test_a_stale_project_and_a_broken_glossary_are_stopped(runner: Runner) -> None:
    steps = run_steps(ACTION)
    article = runner.project.article
    runner.project.write(article, article.read_text("utf-8") + "\n最後に鐘が鳴った。\n")
    assert runner(steps["Up to date"]["run"], **INPUTS).returncode == 3
    runner.project.write("terms.csv", "source,target\n港,port\n港,harbour\n")
    assert runner(steps["Glossary"]["run"], **INPUTS).returncode == 2


def test_the_workflow_keeps_its_ledger_on_a_branch(runner: Runner) -> None:
    steps = run_steps(WORKFLOW)
    names = ["Fetch the ledger", "Glossary", "Up to date", "Findings", "Scores", "Report", "Keep the ledger"]
    assert [name for name in steps if name != "Install"] == names
    for turn in (1, 2):
        for name in names:
            done = runner(steps[name]["run"], **INPUTS)
            assert done.returncode == 0, f"turn {turn}, {name}: {done.stdout}{done.stderr}"
        kept = runner.git("--git-dir=remote.git", "show", "yakubun-scores:scores/ledger.jsonl")
        assert len(kept.splitlines()) == turn
        assert "yakubun.toml" not in runner.git("--git-dir=remote.git", "ls-tree", "--name-only", "yakubun-scores")
        assert Path("yakubun-report.html").stat().st_size > 1000
        runner.git("worktree", "remove", "--force", ".yakubun-scores")
        runner.git("branch", "-D", "yakubun-scores")


def test_the_gitlab_template_runs(runner: Runner) -> None:
    content = read(GITLAB)
    variables = {**content["variables"], "YAKUBUN_REFERENCES": "references/en/*.po"}
    for command in content["yakubun"]["script"]:
        done = runner(command, **variables)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert set(content["yakubun"]["artifacts"]["paths"]) <= {
        path.name for path in Path().iterdir()
    }  # fmt: skip


def test_the_pre_commit_hooks_run(runner: Runner) -> None:
    files = {"yakubun-check": str(runner.project.po), "yakubun-up-to-date": str(runner.project.article)}
    hooks = {hook["id"]: hook for hook in read(HOOKS)}
    assert hooks.keys() == {*files, "yakubun-glossary"}
    for name, hook in hooks.items():
        done = runner(f"{hook['entry']} {files.get(name, '')}")
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    runner.project.review({next(iter(runner.project.english())): "Japanese 灯台 left"})
    assert runner(f"{hooks['yakubun-check']['entry']} {runner.project.po}").returncode == 1
