"""CommonMark as organisers and rehearsals give it, read into the blocks of a sheet; raw HTML stays text."""

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.tree import SyntaxTreeNode

Block = dict[str, Any]
Span = dict[str, Any]

# Deeper than any hand-made list, and far from the parser's and Python's own limits.
_NESTING_MOST = 20
_LINKS = ("http:", "https:", "mailto:")
_HERE = re.compile(r"^#([a-z0-9-]{1,64})$")
# "[^1]: a note", with further lines set in by blanks; and where "[^1]" calls it.
_NOTE = re.compile(r"^\[\^([\w-]{1,40})\]:[ \t]*(.+(?:\n[ \t]+\S.*)*)\n?", re.MULTILINE)
_CALL = re.compile(r"\[\^([\w-]{1,40})\]")


def _one_bullet_a_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  the parser's own signature
    """CommonMark's lists, but for "- + more of the same": after a first marker, what looks like a second one is a word."""
    text = state.bMarks[start] + state.tShift[start]
    if state.src[state.bMarks[start] : text].strip() and state.src[text : text + 1] in ("+", "-", "*"):
        return False
    return list_block(state, start, end, silent)


def _reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING_MOST}).enable("table")
    made.block.ruler.at("list", _one_bullet_a_line, {"alt": ["paragraph", "reference", "blockquote"]})
    return made


_READER = _reader()


def blocks(markdown: str) -> list[Block]:
    """The blocks of `markdown`, in the shape of a sheet's (paragraph, heading, bullets, numbers, quote, table).

    A span may hold a `note`, the spans of a footnote, and lead `to` a place of the book: [words](#atelier-3)."""
    notes = {found[1]: " ".join(found[2].split()) for found in _NOTE.finditer(markdown)}
    found = _blocks(SyntaxTreeNode(_READER.parse(_NOTE.sub("", markdown) if notes else markdown)).children)
    return _called(found, {name: _note(text) for name, text in notes.items()}) if notes else found


def _note(text: str) -> list[Span]:
    """A note in one line; what is no paragraph in it is left out."""
    return [span for block in _blocks(SyntaxTreeNode(_READER.parse(text)).children) for span in block.get("spans", [])]


def _called(value: Any, notes: dict[str, list[Span]]) -> Any:
    """The same with each note where it is called."""
    if isinstance(value, list):
        return [_called(one, notes) for one in value]
    if not isinstance(value, dict):
        return value
    if "spans" not in value:
        return {key: _called(one, notes) for key, one in value.items()}
    return {**value, "spans": [piece for span in value["spans"] for piece in _with_notes(span, notes)]}


def _with_notes(span: Span, notes: dict[str, list[Span]]) -> Iterator[Span]:
    at = 0
    for call in _CALL.finditer(span["text"]):
        if call[1] in notes:
            yield from ({**span, "text": before} for before in [span["text"][at : call.start()].rstrip()] if before)
            yield {"text": "", "note": notes[call[1]]}
            at = call.end()
    if rest := span["text"][at:]:
        yield {**span, "text": rest}


def _blocks(nodes: list[SyntaxTreeNode]) -> list[Block]:
    return [block for node in nodes for block in _block(node)]


def _block(node: SyntaxTreeNode) -> Iterator[Block]:
    match node.type:
        case "paragraph" | "heading":
            spans = _joined(_spans(node.children[0]))
            if spans:
                yield {"type": node.type, "spans": spans}
        case "bullet_list" | "ordered_list":
            kind = "bullets" if node.type == "bullet_list" else "numbers"
            yield {"type": kind, "items": [_blocks(item.children) for item in node.children]}
        case "blockquote":
            yield {"type": "quote", "blocks": _blocks(node.children)}
        case "table":
            rows = [row for part in node.children for row in part.children]
            yield {"type": "table", "rows": [[_cell(cell) for cell in row.children] for row in rows]}
        case "fence" | "code_block":
            yield {"type": "paragraph", "spans": [{"text": node.content.rstrip("\n")}]}
        case _:
            return


def _cell(node: SyntaxTreeNode) -> dict[str, Any]:
    spans = _joined(span for child in node.children for span in _spans(child))
    return {"header": node.type == "th", "blocks": [{"type": "paragraph", "spans": spans}] if spans else []}


def _spans(node: SyntaxTreeNode, **marks: Any) -> Iterator[Span]:
    match node.type:
        case "text" | "code_inline":
            yield {"text": node.content, **marks}
        case "softbreak" | "hardbreak":
            yield {"text": " ", **marks}
        case "image":
            yield {"text": node.content, **marks}
        case "strong":
            marks["bold"] = True
        case "em":
            marks["italic"] = True
        case "link" if str(node.attrs.get("href", "")).lower().startswith(_LINKS):
            marks["href"] = str(node.attrs["href"])
        case "link" if here := _HERE.match(str(node.attrs.get("href", ""))):
            marks["to"] = here[1]
        case _:
            pass
    if node.type != "image":
        for child in node.children:
            yield from _spans(child, **marks)


def _joined(spans: Iterator[Span]) -> list[Span]:
    """Neighbours with the same marks become one span; empty ones go."""
    joined: list[Span] = []
    for span in spans:
        if joined and {**joined[-1], "text": ""} == {**span, "text": ""}:
            joined[-1] = {**span, "text": joined[-1]["text"] + span["text"]}
        elif span["text"]:
            joined.append(span)
    return joined
