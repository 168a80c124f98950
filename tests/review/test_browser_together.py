"""Two people, other programs, a reload, a lost connection: nothing that was typed is lost or overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from driving import ISLAND, add_article, entry, eventually, needs_chromium, poedit
from test_browser_job import focused, press, says, status

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Window = Callable[..., Page]

pytestmark = needs_chromium
TITLE, OPENED, CHILDREN = ISLAND
Served = tuple[Path, str]


def opened(window: Window, name: str, **options: object) -> Page:
    """Open an article; its first segment has the focus."""
    page = window(f"/article/{name}", **options)
    eventually(lambda: focused(page) == TITLE)
    return page


def write(page: Page, text: str) -> None:
    """Open the editor on the current segment and type another text."""
    press(page, "Enter", "Control+a")
    page.keyboard.type(text)


def test_two_browsers_on_one_segment_see_both_texts_and_choose(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "both", ISLAND)
    ann, ben = opened(window, "both"), opened(window, "both")
    for page in (ann, ben):
        press(page, "j")
    write(ann, "Ann's reading room is open.")
    write(ben, "Ben's reading room is open.")
    press(ann, "Control+Enter")
    says(ann, "Segment 2 approved")
    press(ben, "Control+Enter")
    ben.locator("#conflict").wait_for()
    assert ben.locator("#conflict-theirs").inner_text() == "Ann's reading room is open."
    assert ben.locator("#conflict-mine").inner_text() == "Ben's reading room is open."
    assert ben.locator("#conflict-mine ins").all_inner_texts() == ["Ben"]
    assert entry(root, "both", OPENED).msgstr == "Ann's reading room is open."
    # Escape decides nothing: the text is in the editor again.
    press(ben, "Escape")
    assert ben.locator(".row.now textarea").input_value() == "Ben's reading room is open."
    assert entry(root, "both", OPENED).msgstr == "Ann's reading room is open."
    press(ben, "Control+Enter")
    says(ben, "Segment 2 approved")
    assert entry(root, "both", OPENED).msgstr == "Ben's reading room is open."
    # The other page hears of it by itself.
    eventually(lambda: "Ben's" in ann.locator(".row").nth(1).locator(".shown").inner_text())
    assert "changed by somebody else" in status(ann)


def test_the_text_of_the_file_can_be_kept(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "kept", ISLAND)
    page = opened(window, "kept")
    write(page, "Mine")
    poedit(root, "kept", {TITLE: "Theirs, from Poedit"})
    press(page, "Control+Enter")
    # A key pressed on a button of a dialog that has not opened yet goes nowhere.
    page.locator("#conflict").wait_for()
    page.locator("#conflict button[value=theirs]").press("Enter")
    says(page, "keeps the file’s text")
    assert page.locator(".row.now .shown").inner_text() == "Theirs, from Poedit"
    assert entry(root, "kept", TITLE).msgstr == "Theirs, from Poedit"
    press(page, "Enter")
    assert page.locator(".row.now textarea").input_value() == "Theirs, from Poedit"


def test_changes_of_other_segments_are_no_conflict_and_appear_by_themselves(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "merged", ISLAND)
    page = opened(window, "merged")
    write(page, "A room for books")
    poedit(root, "merged", {CHILDREN: "Children come daily."})
    press(page, "Control+Enter")
    says(page, "Segment 1 approved")
    assert entry(root, "merged", TITLE).msgstr == "A room for books"
    assert entry(root, "merged", CHILDREN).msgstr == "Children come daily."
    row = page.locator(".row").nth(2)
    eventually(lambda: row.locator(".shown").inner_text() == "Children come daily.")
    assert "approved" in (row.get_attribute("aria-label") or "")


def test_a_segment_that_is_open_elsewhere_says_so(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "elsewhere", ISLAND)
    ann, ben = opened(window, "elsewhere"), opened(window, "elsewhere")
    press(ann, "Enter")
    badge = ben.locator(".row").first.locator(".badge")
    eventually(lambda: badge.text_content() == "being edited elsewhere")
    press(ann, "Escape")
    eventually(lambda: badge.text_content() == "")


def test_what_was_typed_outlives_a_reload(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "reload", ISLAND)
    page = opened(window, "reload")
    press(page, "j")
    write(page, "Half a sent")
    page.reload()
    says(page, "1 segment has text of yours that was not saved")
    assert focused(page) == OPENED
    assert page.locator(".row.now .badge").inner_text() == "not saved"
    press(page, "Enter")
    assert page.locator(".row.now textarea").input_value() == "Half a sent"
    page.keyboard.type("ence")
    press(page, "Escape")
    says(page, "saved, not approved")
    assert entry(root, "reload", OPENED).msgstr == "Half a sentence"
    assert "fuzzy" in entry(root, "reload", OPENED).flags
    assert page.evaluate("Object.keys(localStorage).filter(one => one.includes(':reload:')).length") == 0


def test_a_draft_over_a_text_that_changed_meanwhile_is_a_conflict(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "stale-draft", ISLAND)
    page = opened(window, "stale-draft")
    write(page, "My draft")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    poedit(root, "stale-draft", {TITLE: "Written meanwhile"})
    page.reload()
    eventually(lambda: focused(page) == TITLE)
    press(page, "a")
    page.locator("#conflict").wait_for()
    assert page.locator("#conflict-theirs").inner_text() == "Written meanwhile"
    assert entry(root, "stale-draft", TITLE).msgstr == "Written meanwhile"


def test_without_a_connection_the_text_is_kept_and_sent_later(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "offline", ISLAND)
    page = opened(window, "offline", expected="ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    write(page, "Typed without a connection")
    press(page, "Control+Enter")
    says(page, "No connection")
    assert page.locator(".row").first.locator(".badge").inner_text() == "not sent yet, not saved"
    assert entry(root, "offline", TITLE).msgstr == ISLAND[TITLE]
    page.context.set_offline(False)
    eventually(lambda: entry(root, "offline", TITLE).msgstr == "Typed without a connection")
    eventually(lambda: page.locator(".row").first.locator(".badge").text_content() == "")
    assert entry(root, "offline", TITLE).flags == []


def test_the_server_may_be_started_again_under_an_open_page(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "again", ISLAND)
    page = opened(window, "again", expected="403")
    page.context.clear_cookies()  # as after a restart, the session is not known any more
    press(page, "a")
    says(page, "Segment 1 approved")
    assert entry(root, "again", TITLE).flags == []


def test_an_article_that_was_translated_anew_asks_for_a_reload(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "longer", ISLAND)
    page = opened(window, "longer")
    add_article(root, "longer", {**ISLAND, "本は三千冊ある。": "It holds 3,000 books."})
    says(page, "reload the page")
    page.reload()
    eventually(lambda: page.locator(".row").count() == 4)
