"""What people paste from where they wrote before: words, lists, bold and italic stay, all the rest is left."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.front.laptops import Laptop, Room, serving

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).with_name("pasted")
PASTE = """([kind, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData(kind, text);
  const paste = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
  document.querySelector('.ProseMirror').dispatchEvent(paste);
}"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with serving(tmp_path_factory.mktemp("paste")) as room:
        yield room


@pytest.fixture
def laptop(chromium: Browser, room: Room) -> Iterator[Laptop]:
    table = room.sheet(chromium)
    laptop = table.sit("Maëlle")
    laptop.go("Besoins")
    yield laptop
    table.close()
    assert laptop.faults == []


def words(text: str, **marks: Any) -> dict[str, Any]:
    return {"text": text, **marks}


def line(*spans: dict[str, Any], kind: str = "paragraph") -> dict[str, Any]:
    return {"type": kind, "spans": list(spans)}


def said(text: str) -> dict[str, Any]:
    return line(words(text))


LISTS = [
    {"type": "bullets", "items": [[said("Une halte à Brèze"), {"type": "bullets", "items": [[said("couverte")]]}], [said("Des vélos")]]},
    {"type": "numbers", "items": [[said("D’abord compter")], [said("Puis demander")]]},
]
RICH = line(words("Constat : "), words("trop rares", bold=True), words(" et "), words("mal annoncés", italic=True), words("."))


def pasted(laptop: Laptop, name: str, kind: str) -> list[Any]:
    laptop.page.evaluate(PASTE, [kind, (FOLDER / name).read_text()])
    assert laptop.table.all_equal() is not None
    return [section["blocks"] for section in laptop.table.data()["sections"] if section["key"] == "besoins"][0]  # noqa: RUF015


def spaced(blocks: Any) -> Any:
    """No-break spaces of other programs count as spaces here."""
    if isinstance(blocks, list):
        return [spaced(one) for one in blocks]
    if isinstance(blocks, dict):
        return {key: spaced(one) for key, one in blocks.items()}
    return blocks.replace("\xa0", " ").replace("\u202f", " ") if isinstance(blocks, str) else blocks


@pytest.mark.parametrize("name", ["word.html", "libreoffice.html", "googledocs.html"])
def test_lists_bold_and_italic_stay(laptop: Laptop, name: str) -> None:
    assert spaced(pasted(laptop, name, "text/html")) == [line(words("Les cars"), kind="heading"), RICH, *LISTS]


def test_lists_of_plain_text_become_lists(laptop: Laptop) -> None:
    found = spaced(pasted(laptop, "plain.txt", "text/plain"))
    assert found == [said("Les cars"), said("Constat : trop rares et mal annoncés."), *LISTS]


def test_what_is_far_too_long_is_refused_with_a_word(laptop: Laptop) -> None:
    before = laptop.said()
    laptop.page.evaluate(PASTE, ["text/plain", "é" * 5_000_000])
    laptop.page.get_by_text("C’est trop long pour une fiche.").wait_for()
    assert laptop.said() == before
