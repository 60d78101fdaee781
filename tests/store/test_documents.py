"""A sheet as data and as a document are the same sheet; a hostile document is read as words, or refused."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from facilitation.domain import sheets
from facilitation.domain.sheets import Sheet
from facilitation.store.documents import UPDATE_MOST, Document, MalformedUpdate, new_document, write
from tests.random_sheets import random_sheets

# --- Any sheet goes through

@settings(deadline=None, max_examples=60)
@given(random_sheets)
def test_data_to_document_to_data_is_identity(data: Any) -> None:
    normal = sheets.cleaned(data)
    assert sheets.cleaned(normal) == normal
    assert Document(write(normal)).read() == normal


def test_a_template_is_read_back_as_it_was() -> None:
    template = sheets.forum_ouvert("fr")
    assert Document(new_document(template)).read() == template


def test_the_sections_of_2016_come_back(shared: Any) -> None:
    case = (shared / "cases" / "forum-2016.json").read_text()
    line = {"type": "paragraph", "spans": [{"text": case[:5000].replace("\n", " ")}]}
    sheet = sheets.cleaned({"preamble": [line], "sections": []})
    assert Document(write(sheet)).read() == sheet


# --- Several documents become one


def typed(state: bytes, words: str) -> bytes:
    """What a browser that holds this state sends when someone types these words first in the first section."""
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    before = doc.get_state()
    section: Any = doc.get("sheet", type=XmlFragment).children[1]
    text = section.children[1].children.append(XmlText())
    text.insert(0, words)
    return doc.get_update(before)


def test_updates_may_come_in_any_order_and_twice() -> None:
    start = new_document(sheets.forum_ouvert("fr"))
    first, second = typed(start, "Le car de 17 h 12"), typed(start, "À Brèze")
    one, two = Document(start, first, second, first), Document(second, start, first)
    assert one.read() == two.read()
    written = sheets.plain_lines(one.read())[1]
    assert written in {"Le car de 17 h 12À Brèze", "À BrèzeLe car de 17 h 12"}


def test_the_difference_is_enough_to_catch_up() -> None:
    server = Document(new_document(sheets.forum_ouvert("fr")))
    laptop = Document(server.whole())
    server.apply(typed(server.whole(), "Un panneau aux arrêts"))
    laptop.apply(server.diff(laptop.vector()))
    assert laptop.read() == server.read()
    assert Document(server.whole()).read() == server.read()


# --- What no honest browser makes


def hostile(make: Any) -> Sheet:
    doc: Doc[Any] = Doc()
    make(doc.get("sheet", type=XmlFragment))
    return Document(doc.get_update()).read()


def words(parent: Any, tag: str, text: str, marks: dict[str, Any] | None = None) -> Any:
    element = parent.children.append(XmlElement(tag))
    element.children.append(XmlText()).insert(0, text, marks or {})
    return element


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "spans": [{"text": text}]}


def test_unknown_nodes_and_scripts_are_read_as_their_words() -> None:
    sheet = hostile(lambda root: words(words(root, "iframe", "un "), "script", "<b>alert(1)</b>"))
    assert sheet["preamble"] == [paragraph("un <b>alert(1)</b>")]


def test_unknown_marks_and_unsafe_links_leave_the_words() -> None:
    marks = {"link": {"href": "javascript:alert(1)"}, "onclick": "x", "em": None}
    assert hostile(lambda root: words(root, "paragraph", "cliquez", marks))["preamble"] == [paragraph("cliquez")]


def test_a_block_after_a_section_belongs_to_it() -> None:
    def make(root: Any) -> None:
        section = root.children.append(XmlElement("section", {"key": "besoins"}))
        words(section, "section_title", "Besoins")
        words(section, "section_title", "Un second titre")
        words(root, "paragraph", "égaré")

    heading = {"type": "heading", "spans": [{"text": "Un second titre"}]}
    assert hostile(make)["sections"] == [{"key": "besoins", "title": "Besoins", "blocks": [heading, paragraph("égaré")]}]


def test_things_out_of_place_are_still_read() -> None:
    def make(root: Any) -> None:
        root.children.append(XmlText()).insert(0, "nu")
        words(root.children.append(XmlElement("bullet_list")), "paragraph", "sans puce")
        words(root, "list_item", "seule")
        words(root.children.append(XmlElement("table")), "paragraph", "sans case")
        text = words(root, "paragraph", "avant ").children[0]
        text.insert_embed(6, XmlElement("b", {}, [XmlText("dedans")]))
        text.insert_embed(7, Map({"a": 1}))
        section = root.children.append(XmlElement("section"))
        section.attributes["key"] = 3

    sheet = hostile(make)
    assert sheets.plain_lines(sheet) == ["nu", "sans puce", "seule", "sans case", "avant dedans"]
    assert sheet["sections"][0]["key"] == "rubrique"


def test_a_well_without_bottom_is_read() -> None:
    def make(root: Any) -> None:
        parent = root
        for _ in range(3000):
            parent = parent.children.append(XmlElement("blockquote"))
        words(parent, "paragraph", "au fond")

    assert sheets.plain_lines(hostile(make)) == ["au fond"]


@pytest.mark.parametrize("root", [Text("bonjour"), Array([1, "deux"]), Map({"trois": 3})])
def test_another_kind_of_root_is_a_blank_sheet(root: Any) -> None:
    doc: Doc[Any] = Doc()
    doc["sheet"] = root
    assert Document(doc.get_update()).read() == {"preamble": [], "sections": []}


@pytest.mark.parametrize("update", [b"", b"\x01\x01\xff", b"<script>", bytes(UPDATE_MOST + 1)])
def test_malformed_updates_are_refused_and_change_nothing(update: bytes) -> None:
    document = Document(new_document(sheets.forum_ouvert("fr")))
    before = document.whole()
    with pytest.raises(MalformedUpdate):
        document.apply(update)
    assert document.whole() == before


@pytest.mark.parametrize("vector", [b"", b"\xff\xff\xff", bytes.fromhex("fd8edba313371bd37c1dfd20")])
def test_a_malformed_vector_is_refused(vector: bytes) -> None:
    with pytest.raises(MalformedUpdate):
        Document().diff(vector)


def test_damaged_updates_never_do_more_than_be_refused() -> None:
    chance = random.Random(2016)
    start = write(sheets.forum_ouvert("fr"))
    good = typed(start, "Le car attend.")
    for _ in range(600):
        damaged = bytearray(good)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        document = Document(start)
        before = document.read()
        try:
            document.apply(bytes(damaged))
        except MalformedUpdate:
            assert document.read() == before
        else:
            document.read()
