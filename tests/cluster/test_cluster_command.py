"""``translate --cluster`` up to the point where Ray would start, and what it prints afterwards."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cape import Project
from cluster_archive import Archive, pos
from test_driver import Scripted

import translate.cluster.ray_pool
from translate.cli import main
from translate.cli.clustering import _cluster, _share
from translate.cluster.joining import is_loopback
from translate.cluster.ray_pool import RayPool
from translate.cluster.worker import EngineSpec, Worker, code
from translate.engines.base import Context
from translate.errors import ClusterError
from translate.pipeline import Chunk

FAKE = ["--engine", "fake", "--glossary", "terms.csv"]
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("text", "address"), [("ray", ""), ("ray:auto", "auto"), ("ray:10.0.0.7:6379", "10.0.0.7:6379")]
)
def test_an_address_is_auto_or_a_host_with_its_port(text: str, address: str) -> None:
    assert _cluster(text) == address


@pytest.mark.parametrize(
    "text", ["", "ray:", "dask", "ray:head", "ray:head:", "ray::6379", "rays:1.2.3.4:5", "ray:h:x"]
)
def test_anything_else_is_a_usage_error(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not ray, ray:auto or ray:HOST:PORT"):
        _cluster(text)


@pytest.mark.parametrize("text", ["-1", "one", "nan", "65"])
def test_a_share_of_gpus_is_a_number(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a number of GPUs"):
        _share(text)


def test_loopback_addresses_are_known() -> None:
    found = [is_loopback(one) for one in ("", "127.0.0.1:6379", "localhost:6379", "10.0.0.7:6379", "auto")]
    assert found == [True, True, True, False, False]


def test_without_ray_the_message_has_the_line_that_installs_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("translate.cluster.joining.find_spec", lambda _name: None)
    before = project.files()
    assert main(["translate", str(project.article), *FAKE, "--cluster", "ray"]) == 2
    assert capsys.readouterr().err.endswith(
        "--cluster needs Ray, which is not installed: pip install 'yakubun[cluster]'\n"
    )
    assert project.files() == before


def test_a_port_where_nothing_listens_is_told_at_once(project: Project, capsys: Capture) -> None:
    before = project.files()
    assert main(["translate", str(project.article), *FAKE, "--cluster", "ray:127.0.0.1:1"]) == 2
    assert "ray:127.0.0.1:1: nothing answers there" in capsys.readouterr().err
    assert project.files() == before


@pytest.mark.parametrize("option", [["--workers", "2"], ["--worker-gpus", "1"]])
def test_options_of_clusters_need_one(project: Project, option: list[str], capsys: Capture) -> None:
    assert main(["translate", str(project.article), *FAKE, *option]) == 2
    assert "add --cluster ray" in capsys.readouterr().err


def test_an_article_that_is_not_there_is_told_before_anything_begins(project: Project, capsys: Capture) -> None:
    assert main(["translate", str(project.article), "gone.txt", *FAKE, "--cluster", "ray"]) == 2
    assert "gone.txt: is a folder or does not exist" in capsys.readouterr().err
    assert not project.po.exists()


@pytest.mark.parametrize("option", ["--check", "--dry-run"])
def test_what_writes_nothing_needs_no_cluster(
    project: Project, option: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("translate.cluster.joining.find_spec", lambda _name: None)
    assert main(["translate", str(project.article), *FAKE, "--cluster", "ray", option]) == (
        3 if "check" in option else 0
    )
    assert not project.po.exists()


class Pool(Scripted):
    """Stands where Ray would."""

    def __init__(self, _address: str, engine: EngineSpec, **_options: Any) -> None:
        super().__init__(engine=engine.spec, newest_first=True)
        self.name, self.revision = self.engine.name, self.engine.revision

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def workers(self) -> list[dict[str, Any]]:
        return [{"host": "here", "segments": 1, "restarts": 0}]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translate.cluster.ray_pool, "RayPool", Pool)


@pytest.mark.usefixtures("scripted")
def test_json_is_that_of_a_local_run_and_says_more(archive: Archive) -> None:
    names = [str(path) for path in archive.paths]
    assert main(["translate", *names, *FAKE, "--locales", "alone", "--json", "alone.json"]) == 0
    assert main(["translate", *names, *FAKE, "--cluster", "ray", "--publish", "en", "--json", "ray.json"]) == 0
    alone, ray = (json.loads(Path(name).read_text("utf-8")) for name in ("alone.json", "ray.json"))
    for one in (*alone["articles"], *ray["articles"]):
        del one["seconds"], one["po"]
    assert ray.pop("cluster") == {
        "address": "local", "workers": [{"host": "here", "segments": 1, "restarts": 0}], "retries": 0
    }  # fmt: skip
    assert ray.pop("failed") == []
    assert ray == alone
    assert pos() == pos("alone")
    assert len(list(Path("en").iterdir())) == len(names)


@pytest.mark.usefixtures("scripted")
def test_text_is_that_of_a_local_run_in_the_order_of_the_command_line(archive: Archive, capsys: Capture) -> None:
    names = [str(path) for path in archive.paths]
    main(["translate", *names, *FAKE])
    expected = [line for line in capsys.readouterr().out.splitlines() if "time:" not in line]
    for path in Path("locales").rglob("*.*"):
        path.unlink()
    main(["translate", *names, *FAKE, "--cluster", "ray"])
    assert [line for line in capsys.readouterr().out.splitlines() if "time:" not in line] == expected


@pytest.mark.usefixtures("scripted")
def test_an_article_that_fails_makes_exit_2_after_all_others_are_done(archive: Archive, capsys: Capture) -> None:
    archive.project.write("articles/ja/bytes.txt", bytes(range(256)) * 4)
    code = main(["translate", "articles/ja/bytes.txt", *map(str, archive.paths), *FAKE, "--cluster", "ray"])
    told = capsys.readouterr()
    assert code == 2
    assert told.err.count("articles/ja/bytes.txt: ") == 2  # when it happens, and at the end
    assert told.out.count("  po: ") == len(archive.paths)
    assert len(pos()) == len(archive.paths)


@pytest.mark.usefixtures("scripted")
def test_strict_and_untranslated_have_their_exit_codes(project: Project) -> None:
    words = ["translate", str(project.article), "--glossary", "terms.csv", "--cluster", "ray"]
    assert main([*words, "--engine", "fake:stubborn", "--strict"]) == 4
    assert main([*words, "--engine", "fake:degenerate", "--locales", "other"]) == 1


# What runs on the nodes


def one(text: str) -> Chunk:
    return Chunk((text,), ((),), (Context(),))


def test_a_worker_answers_with_an_error_instead_of_raising() -> None:
    worker = Worker()
    assert "before an engine" in worker.translate(one("駅。")).error
    assert "did you mean 'deaf'" in worker.open(EngineSpec("fake:deef")).error
    opened = worker.open(EngineSpec("fake:allergic"))
    assert (opened.name, opened.revision, opened.error) == ("fake:allergic", "1", "")
    assert "cannot stand 毒" in worker.translate(one("毒。")).error
    assert [one.msgid for one in worker.translate(one("駅。")).proposals] == ["駅。"]


def test_a_worker_says_which_code_it_is() -> None:
    version, found, host = Worker().hello()
    assert (version, found) == (translate.__version__, code())
    assert host


def test_a_folder_of_an_engine_is_sent_as_a_full_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours").mkdir()
    monkeypatch.chdir(tmp_path)
    assert EngineSpec("embedded:ours", 1, 2).located() == EngineSpec(f"embedded:{tmp_path}/ours", 1, 2)
    for same in ("embedded", "embedded:jaen-base", "chat:http://h:1#m", "fake:slow"):
        assert EngineSpec(same).located().spec == same


def test_a_pool_imports_nothing_before_it_is_needed() -> None:
    before = "ray" in sys.modules
    with RayPool("", EngineSpec("fake"), workers=3, gpus=0, progress=lambda *_: None) as pool:
        assert pool.room() == 3
    assert ("ray" in sys.modules) == before


def test_workers_with_different_engines_are_refused() -> None:
    from translate.cluster.ray_pool import _Slot
    from translate.cluster.worker import Answer

    pool = RayPool("", EngineSpec("fake"), workers=2, gpus=0, progress=lambda *_: None)
    pool._opened(_Slot(1, host="a"), Answer(name="fake", revision="1"))
    with pytest.raises(ClusterError, match=r"b has the engine fake@2, the others fake@1"):
        pool._opened(_Slot(2, host="b"), Answer(name="fake", revision="2"))
    with pytest.raises(ClusterError, match=r"c: the engine cannot be opened there: no weights"):
        pool._opened(_Slot(3, host="c"), Answer(error="no weights"))
    with pytest.raises(ClusterError, match=r"d has yakubun .* with other changes \(000000000000\)"):
        pool._greeted(_Slot(4), (translate.__version__, "000000000000", "d"))
