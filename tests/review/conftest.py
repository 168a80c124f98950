"""Fixtures: a desk of its own for each test; one server and one browser for each module, a new window for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from driving import CHROMIUM, make_project, serving

from translate import config
from translate.review.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Window = Callable[..., "Page"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own for a test of the desk, without a server."""
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    return make_project(tmp_path / "project")


@pytest.fixture
def desk(root: Path) -> Desk:
    return Desk(config.load(root))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    root = make_project(tmp_path_factory.mktemp("review") / "project")
    with serving(root) as (url, _):
        yield root, url.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:  # ends with the module: other tests want an event loop of their own
        made = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def window(browser: Browser, served: tuple[Path, str]) -> Iterator[Window]:
    """Return a function that opens a window of a browser of its own; what goes wrong in one fails the test."""
    faults: list[str] = []
    contexts = []

    def make(path: str = "/", *, expected: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                faults.append(f"{message.text} {message.location.get('url', '')}".strip())
                if message.type in ("error", "warning") and not (expected and expected in message.text)
                else None
            ),
        )
        page.goto(served[1] + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []
