"""Sheets as Yjs documents: made from data, brought up to date, read back; nothing from a browser is trusted."""

from collections.abc import Iterable, Iterator
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText, get_update, merge_updates

from facilitation.domain import sheets
from facilitation.domain.sheets import Block, Cell, Section, Sheet, Span

FRAGMENT = "sheet"
NOTES = "notes"
UPDATE_MOST = 1_000_000
_KEPT_MOST = 256

_LINES = {"paragraph": "paragraph", "heading": "heading", "section_title": "heading"}
_LISTS = {"bullet_list": "bullets", "ordered_list": "numbers"}
_WRAPPERS = ("section", "list_item", "table_row", "table_cell", "table_header")
_NAMES = {"bullets": "bullet_list", "numbers": "ordered_list"}

Node = XmlFragment | XmlElement | XmlText


class MalformedUpdate(ValueError):
    """These bytes are no update of a document, or too many; the document is as it was."""


class Document:
    """One sheet in memory; whoever shares it between threads sees to it that one at a time uses it."""

    def __init__(self, *updates: bytes) -> None:
        self._kept: list[bytes] = []
        self._early: list[bytes] = []
        self._start()
        for update in updates:
            self.replay(update)

    def _start(self) -> None:
        self._doc: Doc[Any] = Doc()
        self._root = self._doc.get(FRAGMENT, type=XmlFragment)
        self._notes = self._doc.get(NOTES, type=XmlFragment)

    def apply(self, update: bytes) -> None:
        """Takes in an update of any age, in any order, any number of times."""
        if len(update) > UPDATE_MOST:
            raise MalformedUpdate(f"An update holds at most {UPDATE_MOST} bytes.")
        self.replay(update)

    def replay(self, update: bytes) -> None:
        """Takes in what our own log or a snapshot holds: a whole sheet may be longer than one message."""
        try:
            self._doc.apply_update(update)
        except ValueError as error:
            raise MalformedUpdate(str(error)) from error
        except RuntimeError as error:
            # Found wrong only half-way in, so what it had already done is undone.
            self._start()
            for kept in self._kept:
                self._doc.apply_update(kept)
            raise MalformedUpdate(str(error)) from error
        if self._awaits(update):
            self._early.append(update)
        self._kept.append(update)
        if len(self._kept) > _KEPT_MOST:
            self._kept = [self.whole()]

    def vector(self) -> bytes:
        """What is known here, to ask another for the rest. Deletions do not show in it."""
        return self._doc.get_state()

    def diff(self, vector: bytes) -> bytes:
        """The update that a document with this vector lacks."""
        if _claimed(vector) > len(vector):
            # The library makes room for as many entries as are announced, which took it a second for 12 bytes.
            raise MalformedUpdate("A vector announces more than it holds.")
        try:
            return self._doc.get_update(vector)
        except ValueError as error:
            raise MalformedUpdate(str(error)) from error

    def whole(self) -> bytes:
        """Everything as one update, deleted text left out: what a log is compacted to.

        An update that came before those it builds on is not in the document yet, and goes along.
        """
        self._early = [update for update in self._early if self._awaits(update)]
        return merge_updates(self._doc.get_update(), *self._early) if self._early else self._doc.get_update()

    def _awaits(self, update: bytes) -> bool:
        """Whether the update holds something that is not in the document; what it deletes does not count."""
        return not get_update(update, self._doc.get_state()).startswith(b"\x00")

    def read(self) -> Sheet:
        """The sheet as data, in its normal form, whatever the document holds."""
        return _read(self._root.children)

    def notes(self) -> list[Block]:
        """What was jotted down beside the sheet, in the same normal form; no part of what `read` gives."""
        return _flat(self._notes)

    def rewrite(self, wanted: Sheet, notes: list[Block]) -> bytes:
        """Make it hold this sheet and these notes, leaving alone what says so already; the change, as an update."""
        known = self.vector()
        with self._doc.transaction():
            _rewrite(self._root, _pieces(sheets.cleaned(wanted)), [_read([node]) for node in self._root.children])
            beside: list[Sheet] = [{"preamble": [block], "sections": []} for block in notes]
            _rewrite(self._notes, beside, [_read([node]) for node in self._notes.children])
        return self._doc.get_update(known)


def _rewrite(root: XmlFragment, pieces: list[Sheet], here: list[Sheet]) -> None:
    """Replace what differs between the top nodes `here` and `pieces`, from the first that does to the last."""
    shared = min(len(pieces), len(here))
    head = next((at for at in range(shared) if pieces[at] != here[at]), shared)
    tail = next((at for at in range(shared - head) if pieces[-1 - at] != here[-1 - at]), shared - head)
    if head < len(here) - tail:
        del root.children[head : len(here) - tail]
    place = _Place(root, head)
    for piece in pieces[head : len(pieces) - tail]:
        _put_sheet(place, piece)


def _flat(root: XmlFragment) -> list[Block]:
    """Sections have no place beside the sheet: where a document holds one there, its lines are read."""
    found = [block for node in root.children for block in _blocks(node, 0)]
    return sheets.cleaned({"preamble": found, "sections": []})["preamble"]


def _claimed(vector: bytes) -> int:
    """How many entries a vector says it has: a number in groups of seven bits, the lowest first."""
    number = 0
    for place, byte in enumerate(vector):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            break
    return number


def new_document(template: Sheet) -> bytes:
    """The first update of a sheet that starts from this template."""
    return write(template)


def write(sheet: Sheet) -> bytes:
    """A new document with this content, as one update; blank places get an empty line to type on."""
    sheet = sheets.cleaned(sheet)
    doc: Doc[Any] = Doc()
    root = doc.get(FRAGMENT, type=XmlFragment)
    with doc.transaction():
        for piece in _pieces(sheet):
            _put_sheet(_Place(root, len(root.children)), piece)
    return doc.get_update()


class _Place:
    """Where the next node goes among those at the top of a document; stands for its own children."""

    def __init__(self, root: XmlFragment, at: int) -> None:
        self._root, self._at = root, at
        self.children = self

    def append(self, node: XmlElement) -> XmlElement:
        self._at += 1
        return self._root.children.insert(self._at - 1, node)


def _pieces(sheet: Sheet) -> list[Sheet]:
    """A sheet as one sheet for each node at the top of its document; an empty one is a line to type on."""
    blocks: list[list[Block]] = [[block] for block in sheet["preamble"]] or [[]]
    before: list[Sheet] = [{"preamble": block, "sections": []} for block in blocks]
    return before + [{"preamble": [], "sections": [section]} for section in sheet["sections"]]


def _put_sheet(place: _Place, piece: Sheet) -> None:
    if not piece["sections"]:
        _put_blocks(place, piece["preamble"])
    for section in piece["sections"]:
        element = place.append(XmlElement("section", {"key": section["key"]}))
        _put_spans(element, "section_title", [{"text": section["title"]}] if section["title"] else [])
        _put_blocks(element, section["blocks"])


def _put_blocks(parent: _Place | XmlElement, blocks: list[Block]) -> None:
    if not blocks:
        _put_spans(parent, "paragraph", [])
    for block in blocks:
        _put_block(parent, block)


def _put_block(parent: _Place | XmlElement, block: Block) -> None:
    match block["type"]:
        case "paragraph" | "heading":
            _put_spans(parent, block["type"], block["spans"])
        case "bullets" | "numbers":
            listing = parent.children.append(XmlElement(_NAMES[block["type"]]))
            for item in block["items"]:
                _put_blocks(listing.children.append(XmlElement("list_item")), item)
        case "quote":
            _put_blocks(parent.children.append(XmlElement("blockquote")), block["blocks"])
        case "table":
            table = parent.children.append(XmlElement("table"))
            for row in block["rows"]:
                _put_row(table.children.append(XmlElement("table_row")), row)


def _put_row(parent: XmlElement, row: list[Cell]) -> None:
    for cell in row:
        name = "table_header" if cell["header"] else "table_cell"
        _put_blocks(parent.children.append(XmlElement(name)), cell["blocks"])


def _put_spans(parent: _Place | XmlElement, name: str, spans: list[Span]) -> None:
    element = parent.children.append(XmlElement(name))
    if not spans:
        return
    text = element.children.append(XmlText())
    for span in spans:
        # An insertion without attributes of its own would take on those of the text before it.
        text.insert(len(text), span["text"], marks(span))


def marks(span: Span) -> dict[str, Any]:
    """How a piece of text is marked in the document."""
    found: dict[str, Any] = {}
    if span.get("bold"):
        found["strong"] = {}
    if span.get("italic"):
        found["em"] = {}
    if "href" in span:
        found["link"] = {"href": span["href"]}
    return found


def _read(nodes: Iterable[Node]) -> Sheet:
    preamble: list[Block] = []
    sections: list[Section] = []
    for node in nodes:
        if isinstance(node, XmlElement) and node.tag == "section":
            sections.append(_section(node))
        else:
            # Two people at once can leave a block after a section: it is read as that section's last.
            into = sections[-1]["blocks"] if sections else preamble
            into += _blocks(node, 0)
    return sheets.cleaned({"preamble": preamble, "sections": sections})


def _section(element: XmlElement) -> Section:
    title: str | None = None
    blocks: list[Block] = []
    for child in element.children:
        if title is None and isinstance(child, XmlElement) and child.tag == "section_title":
            title = _words(child)
        else:
            blocks += _blocks(child, 0)
    key = element.attributes.get("key")
    return {"key": key if isinstance(key, str) else "", "title": title or "", "blocks": blocks}


def _blocks(node: Node, depth: int) -> list[Block]:
    tag = node.tag if isinstance(node, XmlElement) else None
    if depth >= sheets.DEEPEST or not isinstance(node, XmlElement):
        return [_said(node)]
    if tag in _LINES:
        kind: Any = _LINES[tag]
        return [{"type": kind, "spans": list(_spans(node))}]
    if tag in _LISTS:
        kind = _LISTS[tag]
        return [{"type": kind, "items": [_blocks(item, depth + 1) for item in node.children]}]
    if tag == "blockquote":
        return [{"type": "quote", "blocks": _inside(node, depth)}]
    if tag == "table":
        return [{"type": "table", "rows": [_row(row, depth + 1) for row in node.children]}]
    return _inside(node, depth) if tag in _WRAPPERS else [_said(node)]


def _inside(node: XmlElement, depth: int) -> list[Block]:
    return [block for child in node.children for block in _blocks(child, depth + 1)]


def _row(node: Node, depth: int) -> list[Cell]:
    if not isinstance(node, XmlElement) or node.tag != "table_row":
        return [{"header": False, "blocks": _blocks(node, depth)}]
    return [
        {"header": isinstance(cell, XmlElement) and cell.tag == "table_header", "blocks": _blocks(cell, depth)}
        for cell in node.children
    ]


def _said(node: Node) -> Block:
    return {"type": "paragraph", "spans": [{"text": _words(node)}]}


def _spans(line: XmlElement) -> Iterator[Span]:
    for node in line.children:
        if not isinstance(node, XmlText):
            yield {"text": _words(node)}
            continue
        for piece, marks in node.diff():
            yield _span(piece if isinstance(piece, str) else _words(piece), marks or {})


def _span(text: str, marks: dict[str, Any]) -> Span:
    span: Span = {"text": text}
    if marks.get("strong") is not None:
        span["bold"] = True
    if marks.get("em") is not None:
        span["italic"] = True
    link = marks.get("link")
    if isinstance(link, dict) and (href := sheets.safe_href(link.get("href"))) is not None:
        span["href"] = href
    return span


def _words(node: Any) -> str:
    """The bare text inside a node, however deep it goes."""
    words: list[str] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            words.append(current)
        elif isinstance(current, XmlText):
            waiting += [piece for piece, _ in reversed(current.diff())]
        elif isinstance(current, XmlFragment | XmlElement):
            waiting += reversed(list(current.children))
    return "".join(words)
