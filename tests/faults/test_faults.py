"""A small, seeded run of each fault harness; the full ones are commands, see ``docs/reliability.md``."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import fault_races
import fault_trials
import pytest
from fault_layer import CHANGING
from fault_project import SCENARIOS
from fault_server import Server
from fault_trials import ERRNOS, Trials, plan

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started:
        yield started


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_fault_harms_a_command(name: str, server: Server, tmp_path: Path) -> None:
    trials = Trials(name, server, tmp_path)
    fault_trials.inject(trials, seed=1, limit=4)
    fault_trials.kill(trials, times=1, seed=1)
    assert trials.tally.failures == []
    assert trials.tally.tried.total() == 5


def test_the_harness_sees_what_it_looks_for(server: Server, tmp_path: Path) -> None:
    trials = Trials("waive", server, tmp_path)
    ops = [op for op, _ in trials.whole.calls]
    assert {"open", "read", "create", "write", "fsync", "replace", "close"} <= set(ops)
    assert {op for op in ops if op in CHANGING} <= set(ERRNOS)
    assert {kind for kind, _, _ in plan(trials)} >= {"fail", "fail-on", "short", "die-before", "die-after", "power"}
    at = ops.index("replace") + 1
    trials.begin()
    assert trials.command({"kind": "die-before", "at": at}).code == -9
    assert [path.suffix for path in trials.work.glob("locales/en/LC_MESSAGES/.yakubun-*")] == [".tmp"]
    wrong = dict(trials.wanted)
    trials.wanted = {**wrong, "locales/en/LC_MESSAGES/harbour.po": b"something else"}
    trials.fault("die-after", at)
    (failure,) = trials.tally.failures
    assert "harbour.po differs" in failure


@pytest.mark.parametrize("name", ["two", "scores"])
def test_processes_at_once_lose_nothing(name: str, server: Server, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    fault_races.prepare(tmp_path / "work", server)
    (tmp_path / "work").rename(tmp_path / "template")
    assert fault_races.run(name, tmp_path / "template", tmp_path / "race", server, random.Random(1)) == ""
