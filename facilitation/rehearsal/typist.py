"""How a rapporteur's keys become changes of a document: each step types one character, structure coming with its first."""

from collections.abc import Callable, Iterator
from typing import Any

from pycrdt import XmlElement, XmlFragment, XmlText

from facilitation.domain.sheets import Block, Span
from facilitation.store.documents import marks

_NAMES = {"bullets": "bullet_list", "numbers": "ordered_list"}
Parent = XmlFragment | XmlElement
# Elements appear with the first character typed in them, so a place is known by how to come to it.
Place = Callable[[], Parent]


def type_blocks(place: Place, first: int, blocks: list[Block]) -> Iterator[str]:
    """Type `blocks` as the children of `place` from index `first`; yields each character once it is in the document."""
    for index, block in enumerate(blocks):
        yield from _type_block(_child(place, first + index, _name(block), fresh=index > 0), block)


def type_title(title: XmlElement, words: str) -> Iterator[str]:
    """Type `words` at the end of a title."""
    yield from _type_spans(lambda: title, [{"text": words}])


def key_of(node: Any) -> str | None:
    """The key of a section; None of anything else."""
    if not isinstance(node, XmlElement) or node.tag != "section":
        return None
    key = node.attributes.get("key")
    return key if isinstance(key, str) else None


def find_section(root: XmlFragment, key: str) -> XmlElement:
    """The section with this key. Raises LookupError."""
    for node in root.children:
        if key_of(node) == key:
            assert isinstance(node, XmlElement)
            return node
    raise LookupError(key)


def arrange(root: XmlFragment, wanted: list[tuple[str, str]]) -> None:
    """Bring empty sections into the order of `wanted` (key, title), adding those that are not there."""
    start = next((index for index, node in enumerate(root.children) if key_of(node)), len(root.children))
    for index, (key, title) in enumerate(wanted, start):
        present = [key_of(node) for node in root.children]
        if index < len(present) and present[index] == key:
            continue
        if key in present:
            del root.children[present.index(key)]
        section = root.children.insert(index, XmlElement("section", {"key": key}))
        heading = section.children.append(XmlElement("section_title"))
        if title:
            heading.children.append(XmlText()).insert(0, title, {})
        section.children.append(XmlElement("paragraph"))


def _name(block: Block) -> str:
    return _NAMES.get(block["type"]) or {"quote": "blockquote"}.get(block["type"], block["type"])


def _child(parent: Place, index: int, name: str, *, fresh: bool) -> Place:
    """A child made when it is first needed; an empty paragraph that waits there is used, or gives way."""
    made: list[XmlElement] = []

    def come() -> Parent:
        if not made:
            inside = parent()
            waiting = inside.children[index] if not fresh and index < len(inside.children) else None
            if isinstance(waiting, XmlElement) and waiting.tag == "paragraph" and not len(waiting.children):
                if name == "paragraph":
                    made.append(waiting)
                    return waiting
                del inside.children[index]
            made.append(inside.children.insert(index, XmlElement(name)))
        return made[0]

    return come


def _type_block(place: Place, block: Block) -> Iterator[str]:
    match block["type"]:
        case "paragraph" | "heading":
            yield from _type_spans(place, block["spans"])
        case "bullets" | "numbers":
            for index, item in enumerate(block["items"]):
                yield from type_blocks(_child(place, index, "list_item", fresh=True), 0, item)
        case "quote":
            yield from type_blocks(place, 0, block["blocks"])
        case "table":
            for index, row in enumerate(block["rows"]):
                line = _child(place, index, "table_row", fresh=True)
                for column, cell in enumerate(row):
                    name = "table_header" if cell["header"] else "table_cell"
                    yield from type_blocks(_child(line, column, name, fresh=True), 0, cell["blocks"])


def _type_spans(place: Place, spans: list[Span]) -> Iterator[str]:
    text: XmlText | None = None
    for span in spans:
        marked = marks(span)
        for character in span["text"]:
            if text is None:
                text = _text_in(place())
            text.insert(len(text), character, marked)
            yield character


def _text_in(element: Parent) -> XmlText:
    for child in element.children:
        if isinstance(child, XmlText):
            return child
    return element.children.append(XmlText())
