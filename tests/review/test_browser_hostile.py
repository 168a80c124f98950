"""Texts that nobody trusts: they are shown as text, whole, and go back to the file as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from driving import add_article, entry, eventually, make_project, needs_chromium, poedit, serving
from test_browser_job import focused, press, says

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Window = Callable[..., Page]

pytestmark = needs_chromium
SCRIPT = "</textarea></script><script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
MESSAGES = {
    "悪い見出し": f"A bad headline {SCRIPT}",
    f"記者は{SCRIPT}と書いた。": "The reporter wrote. {{ 7 * 7 }} {% raw %} &amp; &#x202e; ' \" `",
    "逆さの字を書いた人がいる。": "invoice\u202excod.exe\u202c and \u2066more\u2069",
    "色のついた字も来た。": "\u009b31mred\u009b0m and \u200bhidden",
    "切れ目のない" + "言" * 300 + "。": "Donau" + "dampfschiff" * 60,
    "港の朝は早い、" * 714 + "と続く。": "Long, long story, " * 290 + "and so on.",
}
TEXTS = list(MESSAGES)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    root = make_project(tmp_path_factory.mktemp("hostile") / "<b>project &amp; co")
    with (root / "terms.csv").open("a", encoding="utf-8") as terms:
        terms.write('記者,<script>reporter</script>,,,,term,hard,,"note \'"" <img src=x onerror=alert(1)>"\n')
    add_article(root, "hostile", MESSAGES)
    path = root / "locales/en/LC_MESSAGES/hostile.po"
    text = path.read_text("utf-8").replace("#. role: body", f"#. role: body\n# {SCRIPT}\n# waive: numbers: {SCRIPT}", 1)
    path.write_text(text, "utf-8")
    with serving(root) as (url, _):
        yield root, url.rstrip("/")


def untouched(page: Page) -> None:
    assert page.title() != "owned"
    assert page.locator("main script, main img, #panel img, #panel script, dialog img").count() == 0


def test_markup_is_text_everywhere(served: tuple[Path, str], window: Window) -> None:
    page = window("/")
    untouched(page)
    page.goto(served[1] + "/article/hostile")
    eventually(lambda: focused(page) == TEXTS[0])
    for row, (source, english) in enumerate(MESSAGES.items()):
        if row < 2:
            assert page.locator(".row .source").nth(row).inner_text() == source
            assert page.locator(".row .shown").nth(row).inner_text() == english
    press(page, "j")
    page.locator("#panel section").first.wait_for()
    press(page, "Tab")
    assert "<img src=x onerror=alert(1)>" in page.locator("#tip").inner_text()
    press(page, "Escape", "Enter")
    assert page.locator(".row.now textarea").input_value() == MESSAGES[TEXTS[1]]
    press(page, "Escape", "t")
    page.locator("#term-source").fill("記者")
    page.locator("#touched li").first.wait_for()
    press(page, "Escape")
    page.locator("#search").fill("<script>")
    page.goto(served[1] + "/article/hostile/preview")
    assert SCRIPT in page.locator("article.english").inner_text()
    page.goto(served[1] + "/article/hostile")
    untouched(page)


def test_a_conflict_shows_markup_as_text(served: tuple[Path, str], window: Window) -> None:
    root, _ = served
    page = window("/article/hostile")
    eventually(lambda: focused(page) == TEXTS[0])
    press(page, "Enter")
    page.keyboard.type(" <b>mine</b>")
    poedit(root, "hostile", {TEXTS[0]: f"{SCRIPT} <b>theirs</b>"}, approve=False)
    press(page, "Control+s")
    page.locator("#conflict").wait_for()
    assert page.locator("#conflict-theirs").inner_text() == f"{SCRIPT} <b>theirs</b>"
    untouched(page)


def test_characters_that_nobody_sees_are_shown_and_stay_in_the_file_until_a_person_removes_them(
    served: tuple[Path, str], window: Window
) -> None:
    root, _ = served
    page = window("/article/hostile")
    eventually(lambda: page.locator(".row.now").count() == 1)
    shown = page.locator(".row .shown")
    assert shown.nth(2).inner_text() == "invoice�xcod.exe� and �more�"
    assert shown.nth(3).inner_text().startswith("�31mred�0m")
    shown.nth(2).click()
    area = page.locator(".row.now textarea")
    assert area.input_value() == MESSAGES[TEXTS[2]]
    assert "U+202E, U+202C, U+2066, U+2069" in page.locator(".hidden-characters").inner_text()
    press(page, "Control+End")  # End alone goes to the end that one sees
    page.keyboard.type("!")
    press(page, "Control+s")
    says(page, "saved, not approved")
    assert entry(root, "hostile", TEXTS[2]).msgstr == MESSAGES[TEXTS[2]] + "!"
    page.locator(".hidden-characters button").click()
    assert area.input_value() == "invoicexcod.exe and more!"
    press(page, "Control+s")
    eventually(lambda: entry(root, "hostile", TEXTS[2]).msgstr == "invoicexcod.exe and more!")


@pytest.mark.parametrize("width", [1280, 390])
def test_long_words_and_long_segments_stay_in_their_column(window: Window, width: int) -> None:
    page = window("/article/hostile", viewport={"width": width, "height": 800})
    eventually(lambda: page.locator(".row.now").count() == 1)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(
        "[...document.querySelectorAll('.source, .shown')].every(one => one.scrollWidth <= one.clientWidth + 1)"
    )
    press(page, "End", "Enter")
    area = page.locator(".row.now textarea")
    assert len(area.input_value()) == len(MESSAGES[TEXTS[5]].strip())
    assert area.evaluate("one => one.scrollHeight <= one.clientHeight + 2"), "the field shows all of its text"
