"""The server as a process: its address, its token, and that nothing is lost when it stops."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from cape import command
from driving import HARBOUR, make_project, serving

from translate.catalog import Catalog


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


class Client:
    """One connection with a session."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)
        self.host = f"{self.parts.hostname}:{self.parts.port}"
        self.cookie = ""
        self.csrf = json.loads(self.get("/session")[1])["csrf"] if not self.parts.query else ""

    def get(self, path: str, host: str = "") -> tuple[int, bytes, http.client.HTTPMessage]:
        return self.send("GET", path, host=host)

    def post(self, path: str, body: object) -> tuple[int, bytes, http.client.HTTPMessage]:
        return self.send("POST", path, json.dumps(body))

    def send(
        self, method: str, path: str, body: str | None = None, host: str = ""
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection(self.parts.hostname or "", self.parts.port, timeout=30)
        headers = {"Host": host or self.host, "Cookie": self.cookie}
        if body is not None:
            headers |= {"Origin": f"http://{self.host}", "X-CSRF-Token": self.csrf, "Content-Type": "application/json"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        self.cookie = (answer.headers["set-cookie"] or self.cookie).partition(";")[0]
        connection.close()
        return answer.status, data, answer.headers


def test_it_listens_on_this_machine_alone_and_prints_where(root: Path) -> None:
    with serving(root) as (url, process):
        assert urlsplit(url).hostname == "127.0.0.1"
        client = Client(url)
        status, page, headers = client.get("/")
        assert (status, "harbour" in page.decode()) == (200, True)
        assert "server" not in headers
        assert client.get("/", host="evil.example")[0] == 403
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=20)[1].splitlines()[-1] == "stopped; all changes are in the PO files"
        assert process.returncode == 0


def test_any_other_address_needs_the_token(root: Path) -> None:
    with serving(root, "--host", "0.0.0.0") as (url, _):
        parts = urlsplit(url)
        assert parts.query.startswith("token=")
        assert len(parts.query) > 35
        client = Client(f"http://127.0.0.1:{parts.port}/?token")
        assert client.get("/")[0] == 401
        assert client.get("/?token=guess")[0] == 401
        status, _, headers = client.get(f"/?{parts.query}")
        assert (status, headers["location"]) == (303, "/")
        assert client.get("/")[0] == 200


def test_on_this_machine_a_token_can_be_asked_for(root: Path) -> None:
    with serving(root, "--token") as (url, _):
        assert "?token=" in url
        assert Client(f"{url.partition('?')[0]}?token").get("/")[0] == 401


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_saves_that_are_under_way_when_it_is_stopped_are_in_the_file(root: Path, number: signal.Signals) -> None:
    with serving(root) as (url, process):
        client = Client(url)
        _, page, _ = client.get("/article/harbour")
        rows = [part.split('"')[0] for part in page.decode().split('data-id="')[1:]]
        versions = [part.split('"')[0] for part in page.decode().split('data-version="')[1:]]
        answers: dict[int, int] = {}

        def save(at: int) -> None:
            body = {"id": rows[at], "version": versions[at], "english": f"Number {at}", "approve": False}
            try:
                answers[at] = client.post("/article/harbour/save", body)[0]
            except OSError:
                answers[at] = 0  # it had stopped listening: the page keeps the text and says so

        threads = [Thread(target=save, args=(at,)) for at in range(len(rows))]
        for thread in threads:
            thread.start()
        process.send_signal(number)
        for thread in threads:
            thread.join(30)
        process.communicate(timeout=30)
        assert process.returncode == 0
    english = {entry.msgid: entry.msgstr for entry in Catalog.read(root / "locales/en/LC_MESSAGES/harbour.po")}
    texts = list(HARBOUR)
    assert len(answers) == len(texts)
    for at, status in answers.items():
        if status == 200:
            assert english[texts[at]] == f"Number {at}"
    assert not list((root / "locales/en/LC_MESSAGES").glob(".yakubun-*"))


def test_a_port_that_is_taken_says_so_and_never_becomes_another(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            command(["review", "--port", str(port)]), cwd=root, capture_output=True, text=True, timeout=60
        )
    assert run.returncode == 2
    assert f"127.0.0.1:{port}: Address already in use: another server" in run.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port", "70000"], "'70000' is no port"),
        (["--host", "203.0.113.9", "--port", "0"], "name another --host or --port"),
        (["--locales", "nowhere"], "nowhere: no such folder"),
    ],
)
def test_a_wrong_option_is_one_message_and_exit_code_2(root: Path, words: list[str], message: str) -> None:
    run = subprocess.run(command(["review", *words]), cwd=root, capture_output=True, text=True, timeout=60)
    assert (run.returncode, message in run.stderr) == (2, True), run.stderr
    assert "Traceback" not in run.stderr


def test_without_its_libraries_it_names_the_line_to_type(root: Path) -> None:
    code = "import sys; sys.modules['uvicorn'] = None; from translate.cli import main; sys.exit(main(['review']))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert run.returncode == 2
    assert "-m pip install 'yakubun[review]'" in run.stderr
