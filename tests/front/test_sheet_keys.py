"""Keys typed at once after the cursor moved, and keyboards that send no key: both act where one sees the cursor."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.front.desk import Desk, all_equal, section, write

pytestmark = pytest.mark.browser

# The cursor moves and the key comes in one and the same task: no browser has told of the new selection by then.
AT_ONCE = """([from, to, key, more]) => {
  const lines = [...document.querySelectorAll('.ProseMirror h2, .ProseMirror h3, .ProseMirror p')];
  const place = ([words, at]) => {
    const line = lines.find((each) => each.textContent === words);
    const text = document.createTreeWalker(line, NodeFilter.SHOW_TEXT).nextNode() ?? line;
    return [text, at < 0 ? words.length : at];
  };
  getSelection().setBaseAndExtent(...place(from), ...place(to ?? from));
  const keyCode = {Backspace: 8, Enter: 13, Delete: 46}[key];
  const pressed = new KeyboardEvent('keydown', {key, keyCode, bubbles: true, cancelable: true, ...more});
  return !document.activeElement.dispatchEvent(pressed);
}"""

# What a phone's keyboard sends: a key without a name, and what is to be done.
NAMELESS = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Unidentified"}


def at_once(page: Page, key: str, start: tuple[str, int], end: tuple[str, int] | None = None, **more: bool) -> None:
    """-1 is the end of a line; the key must have been understood, as the browser would act by itself otherwise."""
    assert page.evaluate(AT_ONCE, [start, end, key, more])


def do(page: Page, command: str) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("Input.dispatchKeyEvent", {**NAMELESS, "commands": [command]})
    wire.send("Input.dispatchKeyEvent", {"type": "keyUp", "windowsVirtualKeyCode": 229, "key": "Unidentified"})
    wire.detach()


@contextmanager
def unchanged(desk: Desk, page: Page) -> Iterator[None]:
    before = all_equal(desk, page)
    yield
    assert all_equal(desk, page) == before


def titles(desk: Desk) -> list[str]:
    return [section["title"] for section in desk.data()["sections"]]


def test_a_key_typed_at_once_acts_where_the_cursor_has_just_gone(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    write(page, "Enjeux", "Un car.")
    write(page, "Besoins", "Une halte.")
    all_equal(desk, page)
    page.get_by_role("heading", name="Besoins").click()
    with unchanged(desk, page):
        at_once(page, "Backspace", ("Bonnes pratiques", 0))
    expect(page.get_by_role("alert")).to_contain_text("Bonnes pratiques : réunie à la rubrique du dessus.")
    assert titles(desk) == ["Enjeux", "Besoins", "Actions", "En synthèse"]
    at_once(page, "Enter", ("Enjeux", -1))
    page.keyboard.type("Dessous")
    at_once(page, "Enter", ("Une halte.", 4))
    assert all_equal(desk, page)[:6] == ["Enjeux", "Dessous", "Un car.", "Bonnes pratiques", "Besoins", "Une "]
    with unchanged(desk, page):
        at_once(page, "Delete", ("halte.", -1))
    at_once(page, "Delete", ("Dessous", 0), ("Un car.", -1))
    assert all_equal(desk, page)[:2] == ["Enjeux", "Bonnes pratiques"]
    at_once(page, "b", ("halte.", 0), ("halte.", 3), ctrlKey=True)
    at_once(page, "ArrowUp", ("Besoins", 0), altKey=True)
    all_equal(desk, page)
    assert titles(desk)[:2] == ["Besoins", "Enjeux"]
    first = desk.data()["sections"][0]["blocks"]
    assert first[-1] == {"type": "paragraph", "spans": [{"text": "hal", "bold": True}, {"text": "te."}]}


def test_what_a_phone_erases_stays_inside_its_section(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    write(page, "Enjeux", "Un car.")
    write(page, "Bonnes pratiques", "### Ailleurs")
    page.keyboard.type("\nUne halte.")
    with unchanged(desk, page):
        page.keyboard.press("End")
        do(page, "DeleteForward")
        do(page, "DeleteWordForward")
    page.keyboard.press("Home")
    do(page, "DeleteBackward")
    assert "AilleursUne halte." in all_equal(desk, page)
    do(page, "DeleteBackward")
    do(page, "DeleteForward")
    assert "Ailleurne halte." in all_equal(desk, page)
    page.get_by_role("heading", name="Bonnes pratiques").click()
    page.keyboard.press("Home")
    with unchanged(desk, page):
        do(page, "DeleteWordBackward")
    assert titles(desk) == ["Enjeux", "Besoins", "Actions", "En synthèse"]
    section(page, "Enjeux").click()


def test_words_dictated_over_lines_of_two_sections_replace_them(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    write(page, "Enjeux", "Un car.")
    write(page, "Bonnes pratiques", "Une halte.")
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowUp")
    page.context.new_cdp_session(page).send("Input.insertText", {"text": "Dictée. "})
    assert all_equal(desk, page) == ["Enjeux", "Dictée. Une halte.", "Besoins", "Actions", "En synthèse"]
    with unchanged(desk, page):
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+y")
    assert titles(desk) == ["Enjeux", "Besoins", "Actions", "En synthèse"]
