"""The application over HTTP, without a browser: addresses, answers, and what it does not let through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from driving import HARBOUR, entry, make_project, po_of
from starlette.testclient import TestClient

from translate import config
from translate.review.app import make_app
from translate.review.changes import Bench
from translate.review.desk import Desk
from translate.review.presence import Presence

TITLE, _, PIER, CAPTAIN, *_ = HARBOUR


class Page:
    """What a page of the server does: reads its token, and posts with it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        desk = Desk(config.load(root))
        self.client = TestClient(
            make_app(Bench(desk, Presence()), locales="locales", port=8484), base_url="http://localhost:8484"
        )
        self.csrf = self.client.get("/session").json()["csrf"]
        self.rows = {row.japanese: row for row in desk.open("harbour").rows}

    def post(self, path: str, body: Any = None, content: bytes | None = None, **headers: str) -> Any:
        sent = {"origin": "http://localhost:8484", "x-csrf-token": self.csrf, "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if content is not None:
            return self.client.post(path, content=content, headers=sent)
        return self.client.post(path, json=body, headers=sent)

    def change(self, name: str, msgid: str, **values: object) -> dict[str, Any]:
        row = self.rows[msgid]
        answer = self.post(f"/article/harbour/{name}", {"id": row.id, "version": row.version, **values})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    root = make_project(tmp_path / "project")
    monkeypatch.chdir(root)
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    return Page(root)


def test_a_change_is_in_the_file_before_it_is_answered(page: Page) -> None:
    answer = page.change("save", TITLE, english="Shirahama Port is overhauled", approve=True)
    assert answer["outcome"] == "saved"
    assert entry(page.root, "harbour", TITLE).msgstr == "Shirahama Port is overhauled"
    assert entry(page.root, "harbour", TITLE).flags == []
    assert "1 approved" in answer["progress"]


def test_a_text_that_fails_its_checks_is_refused_with_the_reason_and_kept(page: Page) -> None:
    answer = page.change("save", CAPTAIN, english="He said it was dangerous.", approve=True)
    assert (answer["outcome"], answer["kept"]) == ("refused", True)
    assert "Shiomi Maru" in answer["row"]
    saved = entry(page.root, "harbour", CAPTAIN)
    assert (saved.msgstr, saved.flags) == ("He said it was dangerous.", ["fuzzy"])


def test_a_live_check_writes_nothing(page: Page) -> None:
    before = po_of(page.root, "harbour").read_bytes()
    answer = page.change("check", CAPTAIN, english="The captain of the Shiomi Maru")
    assert answer["fates"] == ["held"]
    answer = page.change("check", CAPTAIN, english="The captain")
    assert answer["fates"] == ["missing"]
    assert 'data-check="glossary"' in answer["findings"]
    assert po_of(page.root, "harbour").read_bytes() == before


def test_only_the_rows_that_changed_are_sent_again(page: Page) -> None:
    versions = {row.id: row.version for row in page.rows.values()}
    stamp = page.post("/article/harbour/sync", {"page": "one"}).json()["stamp"]
    assert page.post("/article/harbour/compare", {"versions": versions}).json()["rows"] == []
    page.change("save", PIER, english="The pier at Shirahama Port is old.", approve=False)
    assert page.post("/article/harbour/sync", {"page": "one"}).json()["stamp"] != stamp
    answer = page.post("/article/harbour/compare", {"versions": versions}).json()
    assert [page.rows[PIER].id in row for row in answer["rows"]] == [True]
    assert answer["other"] is False


@pytest.mark.parametrize(
    "path",
    [
        "/article/nowhere",
        "/article/harbour/segment/0000000000000000",
        "/article/..%2f..%2fterms",
        "/article/%2e%2e/preview",
        "/article/harbour.po",
        "/static/nothing.js",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2fapp.py",
        "/static/",
        "/terms.csv",
    ],
)
def test_what_is_no_article_and_no_part_of_the_page_is_not_found(page: Page, path: str) -> None:
    answer = page.client.get(path)
    assert answer.status_code == 404
    assert "make_app" not in answer.text
    assert "白浜港" not in answer.text


def test_a_link_out_of_the_locales_is_not_followed(page: Page, tmp_path: Path) -> None:
    secret = tmp_path / "secret.po"
    secret.write_bytes(po_of(page.root, "island").read_bytes())
    (page.root / "locales/en/LC_MESSAGES/link.po").symlink_to(secret)
    answer = page.client.get("/article/link")
    assert answer.status_code == 409
    assert "leads out of" in answer.text
    assert "Cannot be opened" in page.client.get("/").text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"id": 1, "version": "a", "english": "b"}', "application/json", 400),
        (b'{"id": "a", "version": "a", "english": "\\ud800"}', "application/json", 400),
        (b'{"id": "a", "version": "a", "english": "' + b"x" * 20_001 + b'"}', "application/json", 400),
    ],
)
def test_a_malformed_change_is_refused_and_writes_nothing(page: Page, content: bytes, kind: str, status: int) -> None:
    before = po_of(page.root, "harbour").read_bytes()
    answer = page.post("/article/harbour/save", content=content, content_type=kind)
    assert answer.status_code == status
    assert po_of(page.root, "harbour").read_bytes() == before


def test_an_action_that_does_not_exist_is_not_found(page: Page) -> None:
    assert page.post("/article/harbour/delete", {}).status_code == 404
    assert page.client.get("/article/harbour/save").status_code in (404, 405)


def test_publishing_needs_a_known_rule(page: Page) -> None:
    assert page.post("/article/harbour/publish", {"fuzzy": "always"}).status_code == 400
    answer = page.post("/article/harbour/publish", {"fuzzy": "fail"}).json()
    assert (answer["outcome"], len(answer["unapproved"])) == ("refused", len(HARBOUR))


def test_pages_hold_no_inline_script_style_or_foreign_address(page: Page) -> None:
    for path in ("/", "/article/harbour", "/article/harbour/preview", "/article/nowhere"):
        text = page.client.get(path).text
        assert " style=" not in text
        assert " on" + "click=" not in text
        assert "<style" not in text
        assert text.count("<script") == text.count('<script type="module" src="/static/')
        assert "//" not in text.replace("http://www.w3.org", "")


def test_scripts_and_styles_name_no_other_host(page: Page) -> None:
    from importlib.resources import files

    for one in (files("translate.review") / "static").iterdir():
        text = one.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text, one.name
        assert "https:" not in text, one.name
        answer = page.client.get(f"/static/{one.name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] in ("text/css", "text/javascript", "image/svg+xml")


def test_an_empty_project_says_how_to_start(page: Page) -> None:
    for path in (page.root / "locales/en/LC_MESSAGES").iterdir():
        path.unlink()
    assert "yakubun translate articles/ja/ARTICLE.txt" in page.client.get("/").text
