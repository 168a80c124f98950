"""Everybody can use it: axe finds nothing on any page, in both schemes, at both widths; nothing moves by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from driving import HARBOUR, ISLAND, add_article, eventually, needs_chromium, poedit
from test_browser_job import focused, press, says

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Window = Callable[..., Page]

pytestmark = needs_chromium
Served = tuple[Path, str]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page) -> list[str]:
    """Return what axe finds, a line each: all rules in the light scheme, contrast in the dark one, too."""
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme="light")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.fixture(scope="module", autouse=True)
def articles(served: Served) -> None:
    root, _ = served
    add_article(root, "every-state", HARBOUR)
    add_article(root, "trouble", ISLAND)
    pier, captain = list(HARBOUR)[2:4]
    poedit(root, "every-state", {pier: HARBOUR[pier]})
    poedit(root, "every-state", {captain: "Another text, without the boat."}, approve=False)
    (root / "locales/en/LC_MESSAGES/broken.po").write_text('msgid "half', "utf-8")


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_any_page(window: Window, device: dict[str, object]) -> None:
    page = window("/", expected="404", **device)
    found = {"list": faults(page)}
    page.goto(page.url + "article/every-state")
    page.locator("#panel section").first.wait_for(state="attached")
    found["article"] = faults(page)
    page.goto(page.url + "/preview")
    found["preview"] = faults(page)
    page.goto(page.url.replace("every-state/preview", "nowhere"))
    assert "nowhere" in page.locator("main").inner_text()
    found["problem"] = faults(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_axe_finds_nothing_in_any_state_of_the_article(served: Served, window: Window) -> None:
    root, _ = served
    page = window("/article/every-state")
    eventually(lambda: page.evaluate("document.activeElement.className.includes('row')"))
    found = {}
    press(page, "?")
    found["help"] = faults(page)
    press(page, "Escape", "Home", "j", "j", "j", "Enter")
    page.keyboard.type(" More.")
    eventually(lambda: page.locator(".row.now .findings .error").count() == 1)
    found["editing"] = faults(page)
    press(page, "Escape")
    says(page, "saved, not approved")
    press(page, "a")
    says(page, "not approved")
    found["refused"] = faults(page)
    press(page, "w")
    found["waive"] = faults(page)
    press(page, "Escape", "t")
    page.locator("#term-source").fill("船長")
    page.locator("#term-target").fill("captain")
    page.locator("#touched li").first.wait_for()
    found["term"] = faults(page)
    press(page, "Escape")
    page.locator("#state").select_option("approved")
    page.locator("#search").fill("nothing like this")
    page.locator("#none").wait_for()
    found["nothing shown"] = faults(page)
    page.goto(page.url.replace("every-state", "trouble"))
    eventually(lambda: focused(page) == "小島に図書室")
    press(page, "Enter")
    page.keyboard.type(" Mine.")
    poedit(root, "trouble", {"小島に図書室": "Somebody else"})
    press(page, "Control+Enter")
    page.locator("#conflict").wait_for()
    found["conflict"] = faults(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_on_a_phone_the_source_stands_above_and_fingers_find_the_buttons(window: Window) -> None:
    page = window("/article/every-state", **PHONE)
    eventually(lambda: page.locator(".row.now").count() == 1)
    source, target = (page.locator(f".row.now .{side}").bounding_box() for side in ("source", "target"))
    assert source
    assert target
    assert source["y"] + source["height"] <= target["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    sizes = page.evaluate(
        "[...document.querySelectorAll('button, select, input, a.button')].filter(one => one.checkVisibility())"
        ".map(one => [one.textContent, one.getBoundingClientRect().height])"
    )
    assert [size for size in sizes if size[1] < 44] == []
    page.locator(".row").nth(1).locator(".shown").tap()
    area = page.locator(".row.now textarea").bounding_box()
    bar = page.locator("#side").bounding_box()
    assert area
    assert bar
    assert area["y"] + area["height"] <= bar["y"], "the bar hides the field"
    page.locator("[data-do=panel]").tap()
    assert page.locator("#panel").is_visible()


def test_the_focus_is_never_behind_a_bar(window: Window) -> None:
    page = window("/article/every-state", viewport={"width": 1000, "height": 420})
    eventually(lambda: page.locator(".row.now").count() == 1)
    for key in ["End", "Home", *["j"] * 8, *["k"] * 8]:
        press(page, key)
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        row = page.locator(".row.now").bounding_box()
        top = page.locator(".top").bounding_box()
        assert row
        assert top
        assert row["y"] >= top["height"] - 1
        assert row["y"] < 420


def test_nothing_moves_by_itself_and_an_editor_opens_in_place(window: Window) -> None:
    page = window()
    page.add_init_script(
        "globalThis.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " if (!one.hadRecentInput) globalThis.shift += one.value; }).observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(page.url + "article/every-state")
    page.locator("#panel section").first.wait_for()
    page.wait_for_timeout(500)
    row = page.locator(".row").nth(2)
    before = row.bounding_box()
    row.locator(".shown").click()
    assert row.locator("textarea").bounding_box()
    assert row.bounding_box() == before
    page.wait_for_timeout(500)
    assert page.evaluate("shift") < 0.01


def test_nothing_is_animated(window: Window) -> None:
    page = window("/article/every-state")
    assert page.evaluate("document.getAnimations().length") == 0
    styles = page.evaluate("[...document.querySelectorAll('*')].map(one => getComputedStyle(one).transitionDuration)")
    assert set(styles) == {"0s"}


def test_languages_are_named_so_that_voices_and_line_breaks_fit(window: Window) -> None:
    page = window("/article/every-state")
    assert page.evaluate("document.documentElement.lang") == "en"
    row = page.locator(".row").first
    assert (row.locator(".source").get_attribute("lang"), row.locator(".target").get_attribute("lang")) == ("ja", "en")
    style = page.evaluate(
        "(({ lineBreak, wordBreak }) => [lineBreak, wordBreak])(getComputedStyle(document.querySelector('.source')))"
    )
    assert style == ["strict", "auto-phrase"]
    row.locator(".shown").click()
    assert row.locator("textarea").get_attribute("lang") == "en"
    assert row.locator("textarea").get_attribute("aria-label") == "English of segment 1"
