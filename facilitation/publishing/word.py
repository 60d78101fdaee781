"""The book as a Word document, with real styles, headings, lists, tables and contents, so that organisers can go on writing."""

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from facilitation.publishing import footnotes, pieces, story, theme
from facilitation.publishing.archive import repacked
from facilitation.publishing.book import Book
from facilitation.publishing.sheet_html import LINKS
from facilitation.publishing.word_styles import dressed, numbered, stamped
from facilitation.publishing.words import Words

_DEEPEST = 8
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def word(book: Book) -> bytes:
    """The whole book as DOCX; the same bytes from the same book."""
    return _Writer(book).write()


class _Writer:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.words = Words(book.language)
        self.document: DocumentType = Document()
        dressed(self.document, book.language, theme.accent(book))
        if book.edition.state == "draft":
            stamped(self.document, self.words._("Projet"))
        self.styles = {str(style.name): style.style_id for style in self.document.styles}
        self.end = self.document.element.body.sectPr
        self.marks = 0
        self.notes: list[Any] = []
        self.anchors: set[str] = set()

    def write(self) -> bytes:
        told = story.story(self.book)
        self.anchors = {piece.anchor for piece in told if isinstance(piece, pieces.Heading)}
        self._properties()
        cover = True
        for piece in told:
            if cover and isinstance(piece, pieces.Heading):
                cover = False
                self._contents([one for one in told if isinstance(one, pieces.Heading) and 0 < one.level < 3])
            self._piece(piece)
        footnotes.kept(self.document, self.notes)
        out = io.BytesIO()
        self.document.save(out)
        return repacked(out.getvalue())

    def _properties(self) -> None:
        forum, properties = self.book.forum, self.document.core_properties
        properties.title = f"{self.words.bare(forum.title)} – {self.words._('compte-rendu')}"[:255]
        properties.author = ", ".join(forum.organisers)[:255]
        properties.language = self.book.language
        properties.comments = ""
        if self.book.edition.made_at:
            properties.created = properties.modified = self.book.edition.made_at.replace(tzinfo=None)

    def _piece(self, piece: pieces.Piece) -> None:
        match piece:
            case pieces.Title():
                self._line(piece.under[0], "Subtitle") if piece.under else None
                self._line(piece.text, "Title")
                for line in piece.under[1:]:
                    self._line(line, "Subtitle")
            case pieces.Heading(level=0):
                self._line(piece.text, "Lead")
            case pieces.Heading():
                self._marked(self._line(piece.text, f"Heading {piece.level}"), piece.anchor)
            case pieces.Facts():
                self._facts(piece.rows)
            case pieces.Note():
                self._line(piece.text, "Note")
            case pieces.Text():
                self._blocks(self.document, piece.blocks, piece.level)
            case pieces.Grid():
                self._grid(piece)
            case pieces.Pictures() | pieces.Figure():
                self._shown(piece)

    def _facts(self, rows: list[tuple[str, str]]) -> None:
        for label, value in rows:
            line = self._paragraph(self.document, "Fact Last" if (label, value) == rows[-1] else "Fact")
            line.add_run(f"{label}\u00a0: ").bold = True
            line.add_run(value)

    def _line(self, text: str, style: str) -> Paragraph:
        line = self._paragraph(self.document, style)
        if text:
            line.add_run(text)
        return line

    def _paragraph(self, place: DocumentType | _Cell, style: str) -> Paragraph:
        """An empty paragraph at the end of `place`. The library would look through all styles, and all the text, for each one."""
        if isinstance(place, _Cell):
            line: Paragraph = place.add_paragraph()
        else:
            element = OxmlElement("w:p")
            self.end.addprevious(element)
            line = Paragraph(element, place._body)
        line._p.style = self.styles[style]
        return line

    # --- Contents

    def _contents(self, headings: list[pieces.Heading]) -> None:
        """A field that Word and LibreOffice can bring up to date, filled already, each line a link."""
        self._line(self.words._("Sommaire"), "Contents Title")
        line = self._paragraph(self.document, "TOC 1")
        _field(line, "begin")
        line._p.append(_run_of("w:instrText", ' TOC \\o "1-2" \\h \\z \\u '))
        _field(line, "separate")
        for number, heading in enumerate(headings, 1):
            if number > 1:
                line = self._paragraph(self.document, f"TOC {heading.level}")
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), f"_Toc{number:08d}")
            link.append(_run_of("w:t", heading.text))
            line._p.append(link)
        _field(line, "end")

    def _marked(self, heading: Paragraph, anchor: str) -> None:
        """The place a line of the contents leads to, and texts that point to it."""
        if heading.style is None or heading.style.name not in {"Heading 1", "Heading 2"}:
            return
        self.marks += 1
        _bookmark(heading, 2 * self.marks, f"_Toc{self.marks:08d}")
        if anchor:
            _bookmark(heading, 2 * self.marks + 1, _mark_name(anchor))

    # --- Text

    def _blocks(self, place: DocumentType | _Cell, blocks: list[dict[str, Any]], level: int, style: str = "Body Text") -> None:
        for block in blocks:
            self._block(place, block, level, style)

    def _block(self, place: DocumentType | _Cell, block: dict[str, Any], level: int, style: str) -> None:
        match block.get("type"):
            case "paragraph":
                self._spans(self._paragraph(place, style), block)
            case "heading":
                self._spans(self._paragraph(place, f"Heading {min(level, 6)}"), block)
            case "quote":
                self._blocks(place, block.get("blocks") or [], level, "Quote")
            case "bullets" | "numbers":
                self._list(place, block, 0)
            case "table":
                self._table(block.get("rows") or [])

    def _list(self, place: DocumentType | _Cell, block: dict[str, Any], depth: int) -> None:
        ordered = block.get("type") == "numbers"
        number = numbered(self.document, ordered=ordered)
        for item in block.get("items") or []:
            for index, inner in enumerate(item):
                if inner.get("type") in {"bullets", "numbers"}:
                    self._list(place, inner, depth + 1)
                elif "spans" in inner:
                    line = self._paragraph(place, "List Number" if ordered else "List Bullet")
                    _numbering(line, number if not index else 0, min(depth, _DEEPEST))
                    self._spans(line, inner)
                else:
                    self._block(place, inner, 6, "Body Text")

    def _spans(self, line: Paragraph, block: dict[str, Any]) -> None:
        for span in block.get("spans") or []:
            if note := span.get("note"):
                self.notes.append([(self.words.bare(str(one.get("text") or "")), one) for one in note])
                line._p.append(footnotes.call(len(self.notes)))
                continue
            href = str(span.get("href") or "")
            run = line.add_run(self.words.bare(str(span.get("text") or "")))
            run.bold, run.italic = span.get("bold") or None, span.get("italic") or None
            if href.lower().startswith(LINKS):
                link = OxmlElement("w:hyperlink")
                link.set(qn("r:id"), line.part.relate_to(href, _LINK, is_external=True))
                run.style = self.document.styles["Hyperlink"]
                line._p.append(link)
                link.append(run._r)
            elif span.get("to") in self.anchors:
                link = OxmlElement("w:hyperlink")
                link.set(qn("w:anchor"), _mark_name(str(span["to"])))
                run.style = self.document.styles["Hyperlink"]
                line._p.append(link)
                link.append(run._r)

    # --- Tables and pictures

    def _table(self, rows: list[list[dict[str, Any]]]) -> None:
        across = max((len(row) for row in rows), default=0)
        if not across:
            return
        table = self.document.add_table(len(rows), across, style="Plain")
        for row, cells in zip(table.rows, rows, strict=True):
            for place, cell in zip(row.cells, cells, strict=False):
                self._blocks(place, cell.get("blocks") or [], 6, "Table Text")
                _first_gone(place)
        if all(cell.get("header") for cell in rows[0]):
            _repeated(table.rows[0]._tr)

    def _grid(self, grid: pieces.Grid) -> None:
        table = self.document.add_table(1, len(grid.columns), style="Plain")
        table.autofit = False
        wide = [Mm(11), Mm(97 if grid.voted else 120), *([Mm(24)] if grid.voted else []), Mm(33)]
        for cell, text in zip(table.rows[0].cells, grid.columns, strict=True):
            cell.paragraphs[0].style = self.document.styles["Table Heading"]
            cell.paragraphs[0].add_run(text)
        _repeated(table.rows[0]._tr)
        for row in grid.rows:
            cells = table.add_row().cells
            for cell, lines in zip(cells, self._cells(row, voted=grid.voted), strict=True):
                for text, bold, italic in lines:
                    run = self._paragraph(cell, "Table Text").add_run(text)
                    run.bold, run.italic = bold or None, italic or None
                _first_gone(cell)
        for column, width in zip(table.columns, wide, strict=True):
            column.width = width
        for row_of in table.rows:
            _whole(row_of._tr)
            for cell, width in zip(row_of.cells, wide, strict=True):
                cell.width = width
        self._paragraph(self.document, "Note")

    def _cells(self, row: pieces.Row, *, voted: bool) -> Iterator[list[tuple[str, bool, bool]]]:
        yield [(row.number, False, False)]
        by = [(row.by, False, True)] if row.by else []
        yield [(row.title, row.chosen, False), *by, *((f"– {one}", False, False) for one in row.under)]
        if voted:
            yield [(row.votes, row.chosen, False)]
        yield [(row.fate, False, False)]

    def _shown(self, piece: pieces.Pictures | pieces.Figure) -> None:
        if isinstance(piece, pieces.Pictures):
            self._pictures(piece.shown)
            return
        self._pictures([piece.picture], "Figure")
        if piece.caption:
            self._line(piece.caption, "Caption")

    def _pictures(self, shown: list[pieces.Picture], style: str = "Logos") -> None:
        line = self._paragraph(self.document, style)
        for one in shown:
            shape = line.add_run().add_picture(io.BytesIO(one.data), Mm(one.width), Mm(one.height))
            shape._inline.docPr.set("descr", one.alternative)
            line.add_run("\u2002")


def _bookmark(heading: Paragraph, number: int, name: str) -> None:
    for tag, attributes in (("w:bookmarkStart", {"w:name": name}), ("w:bookmarkEnd", {})):
        mark = OxmlElement(tag)
        for key, value in {"w:id": str(number), **attributes}.items():
            mark.set(qn(key), value)
        heading._p.append(mark)


def _mark_name(anchor: str) -> str:
    """Word wants letters, digits and underscores, forty at most."""
    return f"_{anchor.replace('-', '_')}"[:40]


def _field(line: Paragraph, kind: str) -> None:
    run, mark = OxmlElement("w:r"), OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run.append(mark)
    line._p.append(run)


def _run_of(tag: str, text: str) -> Any:
    run, inner = OxmlElement("w:r"), OxmlElement(tag)
    inner.text = text
    inner.set(qn("xml:space"), "preserve")
    run.append(inner)
    return run


def _numbering(line: Paragraph, number: int, level: int) -> None:
    """Number 0: a further paragraph of an item, at its depth but without a mark."""
    found = line._p.get_or_add_pPr().get_or_add_numPr()
    found.get_or_add_ilvl().val = level
    found.get_or_add_numId().val = number
    if not number:
        line.paragraph_format.left_indent = Mm(6 * (level + 1))


def _first_gone(cell: _Cell) -> None:
    """A cell is born with an empty paragraph; once it has another, that one goes."""
    if len(cell.paragraphs) > 1 and not cell.paragraphs[0].text:
        cell._tc.remove(cell.paragraphs[0]._p)


def _repeated(row: Any) -> None:
    """This row heads every page the table goes on to."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
