"""A translator's whole job in a real browser, by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from driving import HARBOUR, add_article, entry, eventually, needs_chromium

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Window = Callable[..., Page]

pytestmark = needs_chromium
TITLE, HEADING, PIER, CAPTAIN, COOP, MORNING, MARKET, NET, LAUGH = HARBOUR
Served = tuple[Path, str]


def status(page: Page) -> str:
    return page.locator("#status").inner_text()


def focused(page: Page) -> str:
    """Return the Japanese of the segment that has the focus, or holds the field that has it."""
    return page.evaluate(
        "document.activeElement.closest('.row')?.querySelector('.source').textContent ?? document.activeElement.id"
    )


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def says(page: Page, text: str) -> None:
    eventually(lambda: text in status(page))


def test_an_article_is_opened_reviewed_and_published_without_a_mouse(served: Served, window: Window) -> None:
    root, _ = served
    page = window()
    press(page, "/")
    page.keyboard.type("harbour")
    eventually(lambda: page.evaluate("document.querySelectorAll('.articles tbody tr:not([hidden])').length === 1"))
    press(page, "Enter", "Enter")
    page.wait_for_url("**/article/harbour")
    # The first open segment is there to be worked on.
    eventually(lambda: focused(page) == TITLE)
    press(page, "a")
    says(page, "Segment 1 approved")
    assert focused(page) == HEADING
    press(page, "a", "a")
    says(page, "Segment 3 approved")
    assert focused(page) == CAPTAIN
    # This one lacks a term: it is not approved, and says why.
    press(page, "a")
    says(page, "not approved")
    assert focused(page) == CAPTAIN
    assert "Shiomi Maru" in page.locator(".row.now .findings").inner_text()
    press(page, "Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type('The captain of the Shiomi Maru says, "Planks came loose, and it was dangerous."')
    # The finding goes while one types, before anything is saved.
    eventually(lambda: page.evaluate("!document.querySelector('.row.now .findings .error')"))
    assert "fuzzy" in entry(root, "harbour", CAPTAIN).flags
    press(page, "Control+Enter")
    says(page, "Segment 4 approved")
    approved = entry(root, "harbour", CAPTAIN)
    assert approved.msgstr == 'The captain of the Shiomi Maru says, "Planks came loose, and it was dangerous."'
    assert approved.flags == []
    # Still in the editor, on the next segment: the mode stays what it was.
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    press(page, "Escape")
    assert focused(page) == COOP
    press(page, "r")
    says(page, "untranslated again")
    assert entry(root, "harbour", COOP).msgstr == ""
    press(page, "u")
    says(page, "Undone")
    assert entry(root, "harbour", COOP).msgstr == HARBOUR[COOP]
    assert focused(page) == COOP
    for number in (5, 6, 7, 8):
        press(page, "a")
        says(page, f"Segment {number} approved")
    assert focused(page) == LAUGH
    press(page, "a")
    says(page, "no English to approve")
    press(page, "Enter")
    page.keyboard.type('The head of the fishing cooperative laughed: "The sea is still in good spirits."')
    press(page, "Control+Enter")
    says(page, "All segments that are shown are approved")
    assert "9 approved" in page.locator("#progress").inner_text()
    press(page, "p")
    page.wait_for_url("**/preview")
    assert page.locator("article.english").inner_text().splitlines()[0] == HARBOUR[TITLE]
    assert page.locator("article.english a.open").count() == 0
    press(page, "Tab", "Tab", "Tab")
    assert page.evaluate("document.activeElement.id") == "publish"
    press(page, "Enter")
    says(page, "Published: articles/en/harbour.txt")
    published = (root / "articles" / "en" / "harbour.txt").read_text("utf-8")
    assert 'The captain of the Shiomi Maru says, "Planks came loose, and it was dangerous."' in published
    assert "fuzzy" not in (root / "locales/en/LC_MESSAGES/harbour.po").read_text("utf-8")


def test_what_is_not_approved_is_not_published_and_leads_back(served: Served, window: Window) -> None:
    root, _ = served
    page = window("/article/island/preview")
    assert page.locator("article.english a.open").count() == 3
    page.locator("#publish").press("Enter")
    says(page, "Go to the first one")
    assert not (root / "articles" / "en" / "island.txt").exists()
    page.locator("#status a").press("Enter")
    page.wait_for_url("**/article/island#s-*")
    eventually(lambda: focused(page) == "小島に図書室")


def test_every_key_of_the_help_panel_does_something_and_letters_can_be_switched_off(window: Window) -> None:
    page = window("/article/island")
    eventually(lambda: focused(page) == "小島に図書室")
    press(page, "?")
    assert page.locator("#help").is_visible()
    assert page.locator("#keys tr").count() >= 20
    page.locator("#letters").press("Space")
    press(page, "Escape")
    assert not page.locator("#help").is_visible()
    assert focused(page) == "小島に図書室"
    press(page, "j", "n", "a")
    assert focused(page) == "小島に図書室"
    press(page, "ArrowDown")
    assert focused(page) == "島の図書室が開いた。"
    press(page, "End", "ArrowUp", "Home")
    assert focused(page) == "小島に図書室"


def test_letters_typed_into_fields_are_letters(served: Served, window: Window) -> None:
    root, _ = served
    page = window("/article/island")
    eventually(lambda: focused(page) == "小島に図書室")
    press(page, "/")
    page.keyboard.type("aru?")
    assert page.locator("#search").input_value() == "aru?"
    assert not page.locator("#help").is_visible()
    assert "fuzzy" in entry(root, "island", "小島に図書室").flags


def test_filters_show_what_fits_and_say_how_many(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "filters", HARBOUR)
    page = window("/article/filters")
    shown = page.locator(".row:not([hidden])")
    assert shown.count() == len(HARBOUR)
    page.locator("#state").select_option("untranslated")
    assert [text.strip() for text in shown.locator(".source").all_inner_texts()] == [LAUGH]
    says(page, f"1 of {len(HARBOUR)} segments shown")
    page.locator("#state").select_option("")
    page.locator("#finding").select_option("error")
    assert CAPTAIN in shown.locator(".source").all_inner_texts()[0]
    page.locator("#finding").select_option("")
    page.locator("#term").select_option("汐見丸")
    assert shown.count() == 2
    page.locator("#term").select_option("")
    page.locator("#search").fill("NEIGHBORING")
    eventually(lambda: page.evaluate("document.querySelectorAll('.row:not([hidden])').length === 1"))
    page.locator("#search").press("Enter")
    assert focused(page) == COOP
    press(page, "x")
    assert shown.count() == len(HARBOUR)


def test_a_term_tells_what_the_glossary_says_on_focus_and_goes_with_escape(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "tips", HARBOUR)
    page = window("/article/tips")
    eventually(lambda: focused(page) == TITLE)
    press(page, "Tab")
    tip = page.locator("#tip")
    assert tip.inner_text().splitlines() == [
        "白浜港 → Shirahama Port",
        "required, place; also: port of Shirahama; terms.csv:2",
        "The English has it.",
        "stage: plain",
        "the old harbor in the bay",
    ]
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "tip"
    press(page, "Escape")
    assert not tip.is_visible()
    page.locator(".row").nth(3).locator(".source mark").hover()
    assert "汐見丸 → Shiomi Maru" in tip.inner_text()
    assert "The English lacks it." in tip.inner_text()


def test_a_missing_term_is_put_in_at_the_cursor(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "placing", HARBOUR)
    page = window("/article/placing")
    eventually(lambda: focused(page) == TITLE)
    press(page, "j", "j", "j", "Enter", "Control+Home", "Control+ArrowRight", "Control+ArrowRight", "F2")
    area = page.locator(".row.now textarea")
    assert area.input_value() == 'The captainShiomi Maru says, "Planks came loose, and it was dangerous."'
    press(page, "F2")
    says(page, "No term is missing")
    press(page, "Control+z")
    assert area.input_value() == HARBOUR[CAPTAIN]


def test_a_finding_is_waived_with_a_reason(served: Served, window: Window) -> None:
    root, _ = served
    add_article(root, "waiving", HARBOUR)
    page = window("/article/waiving")
    eventually(lambda: focused(page) == TITLE)
    press(page, "j", "j", "j", "w")
    assert page.locator("#waive-subject").input_value() == "汐見丸"
    press(page, "Enter")
    assert page.locator("#waive").is_visible()  # a reason is required
    page.locator("#waive-reason").fill("the boat has no name in English papers")
    press(page, "Enter")
    says(page, "Waived")
    assert focused(page) == CAPTAIN
    assert "waive: 汐見丸: the boat has no name in English papers" in entry(root, "waiving", CAPTAIN).tcomment
    press(page, "a")
    says(page, "Segment 4 approved")


def test_a_suggestion_of_the_memory_is_taken_by_its_number(served: Served, window: Window) -> None:
    root, _ = served
    add_article(
        root,
        "earlier",
        {
            "灯台の朝": "Morning at the lighthouse",
            "冬の浜では干した昆布が三割減った。": "In winter, the beach had 30% less dried kelp.",
        },
    )
    add_article(
        root, "later", {"灯台の夕": "Evening at the lighthouse", "冬の浜では干した昆布が三割増えた。": "Dried kelp."}
    )
    page = window("/article/earlier")
    eventually(lambda: focused(page) == "灯台の朝")
    press(page, "j", "a")
    says(page, "approved")
    page.goto(page.url.replace("earlier", "later"))
    eventually(lambda: focused(page) == "灯台の夕")
    press(page, "j")
    page.locator("#panel .insert").first.wait_for()
    assert page.locator("#panel .difference del").first.inner_text() in "減った"
    press(page, "1")
    area = page.locator(".row.now textarea")
    assert area.input_value() == "In winter, the beach had 30% less dried kelp."
    press(page, "Control+z")
    assert area.input_value() == "Dried kelp."


def test_a_term_from_the_selection_shows_at_once_what_it_touches(served: Served, window: Window) -> None:
    root, _ = served
    add_article(
        root,
        "wording",
        {
            "浜の話": "A tale of the beach",
            "浜番は浜に立った。": "He stood on the beach.",
            "浜番は笑った。": "He laughed.",
        },
    )
    page = window("/article/wording")
    eventually(lambda: focused(page) == "浜の話")
    box = page.locator(".row .source").nth(1).bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 14)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 14, steps=4)
    page.mouse.up()
    press(page, "t")
    assert page.locator("#term-source").input_value() == "浜番"
    page.locator("#term-target").fill("beach warden")
    eventually(lambda: page.evaluate("document.querySelectorAll('#touched li').length >= 2"))
    assert "2 segments" in page.locator("#touched").inner_text()
    page.locator("#term-target").press("Enter")
    says(page, "It touches 2 segments here, 0 elsewhere.")
    assert "浜番,beach warden" in (root / "terms.csv").read_text("utf-8")
    assert page.locator(".row mark.missing[data-term='浜番']").count() == 2
    press(page, "a")
    says(page, "not approved")
