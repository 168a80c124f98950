"""A real cluster of two nodes: what dies there costs time and nothing else.

One test, since a cluster takes its time to start: test runners with several processes would start one in each.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from cape import CHECKOUT, command
from cluster_archive import Archive, pos
from ray_nodes import Nodes, another_version, kill_workers, nodes

from translate.cluster.driver import Driver, Outcome
from translate.cluster.ray_pool import RayPool
from translate.cluster.worker import EngineSpec
from translate.engines.base import Progress
from translate.errors import ClusterError

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Nodes]:
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    with nodes(2) as running:
        yield running


def test_whatever_dies_on_a_cluster_the_result_is_that_of_one_machine(
    archive: Archive, cluster: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = archive.alone("fake:slow")
    a_node_and_a_worker_die(archive, cluster)
    assert pos() == alone
    assert archive.proposals() == archive.proposals("alone")
    assert set(archive.journalled().values()) == {1}

    cluster.add(another_version(tmp_path / "another"))
    a_node_of_another_version_is_refused(archive, cluster)
    cluster.kill_last()

    the_driver_is_killed_and_run_again(archive, cluster)
    assert pos("killed") == alone
    assert archive.proposals("killed") == archive.proposals("alone")
    assert set(archive.journalled("killed").values()) == {1}

    monkeypatch.setattr("translate.cluster.driver.TRIES", 1)
    an_engine_fails_on_one_segment(archive, cluster)


def run(
    archive: Archive, cluster: Nodes, engine: str, progress: Progress, paths: list[Path], locales: str, workers: int
) -> tuple[list[Outcome], Driver]:
    settings = archive.project.settings(engine=engine, locales=Path(locales))
    with RayPool(cluster.address, EngineSpec(engine), workers=workers, gpus=0, progress=progress) as pool:
        pool.identity()
        while pool.ready < workers:  # so that each of them has work when something dies
            pool.wait(1.0)
        driver = Driver(paths, settings, pool, progress)
        outcomes = list(driver.outcomes())
    return outcomes, driver


def at(steps: dict[int, Callable[[], object]]) -> Progress:
    """Return a progress function that does something when so many segments are done."""

    def progress(what: str, done: int, _total: int) -> None:
        for step in [step for step in steps if what == "Segments" and done >= step]:
            steps.pop(step)()

    return progress


def a_node_and_a_worker_die(archive: Archive, cluster: Nodes) -> None:
    steps: dict[int, Callable[[], object]] = {10: cluster.kill_last, 40: kill_workers}
    outcomes, driver = run(archive, cluster, "fake:slow", at(steps), archive.paths, "locales", 2)
    assert steps == {}
    assert [one.error for one in outcomes if one.error] == []
    assert sorted(one.path for one in outcomes) == sorted(archive.paths)
    assert driver.retries >= 2


def the_driver_is_killed_and_run_again(archive: Archive, cluster: Nodes) -> None:
    options = ["--engine", "fake:slow", "--glossary", "terms.csv", "--locales", "killed", "--json", "-"]
    there = ["--cluster", f"ray:{cluster.address}", "--workers", "1"]
    words = command(["translate", *archive.paths, *options, *there])
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as first:
        end = time.monotonic() + 120
        while len(archive.journalled("killed")) < 20:
            assert first.poll() is None, first.communicate()
            assert time.monotonic() < end
            time.sleep(0.02)
        os.kill(first.pid, signal.SIGKILL)
    kept = archive.journalled("killed")
    second = subprocess.run(words, capture_output=True, timeout=120, check=False)
    assert second.returncode == 0, second.stderr
    told = json.loads(second.stdout)
    assert (told["engine"], told["revision"], told["failed"]) == ("fake:slow", "1", [])
    assert [one["path"] for one in told["articles"]] == [str(path) for path in archive.paths]
    translated = sum(one["translated"] for one in told["articles"])
    assert translated == sum(archive.journalled("killed").values()) - sum(kept.values())
    assert sum(one["segments"] for one in told["cluster"]["workers"]) == translated
    assert told["cluster"]["address"] == cluster.address


def an_engine_fails_on_one_segment(archive: Archive, cluster: Nodes) -> None:
    bad = archive.project.write("articles/ja/bad.txt", "薬か毒か、町は迷った。\n")
    archive.project.write("articles/ja/good.txt", "町は迷わなかった。\n")
    paths = [bad, bad.with_name("good.txt")]
    outcomes, driver = run(archive, cluster, "fake:allergic", lambda *_: None, paths, "allergic", 1)
    errors = {one.path.name: one.error for one in outcomes}
    assert errors["good.txt"] == ""
    assert re.search(r"bad\.txt: 1 of 1 segments failed on 2 workers .*「薬か毒か、町は迷った。」", errors["bad.txt"])
    assert "RuntimeError: the fake engine cannot stand 毒" in errors["bad.txt"]
    assert driver.retries >= 2  # and as often as the other one waited behind it


def a_node_of_another_version_is_refused(archive: Archive, cluster: Nodes) -> None:
    with pytest.raises(ClusterError, match=r"has yakubun 99\.0, this machine .*pip install"):
        run(archive, cluster, "fake", lambda *_: None, archive.paths, "refused", 2)
