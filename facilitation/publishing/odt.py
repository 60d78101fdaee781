"""The book as an OpenDocument text, with real styles, headings, lists, tables and contents."""

import io
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup, escape
from odfdo import Document, Element

from facilitation.publishing import drawings, pieces, story, theme
from facilitation.publishing import odt_styles as styles
from facilitation.publishing.archive import repacked
from facilitation.publishing.book import Book
from facilitation.publishing.sheet_html import LINKS
from facilitation.publishing.words import Words

_PARAGRAPH = Markup('<text:p text:style-name="{}">{}</text:p>')


def odt(book: Book) -> bytes:
    """The whole book as ODT; the same bytes from the same book."""
    return _Writer(book).write()


class _Writer:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.words = Words(book.language)
        self.document = Document("text")
        self.pictures = 0
        self.notes = 0
        self.anchors: set[str] = set()

    def write(self) -> bytes:
        self._dress()
        body = self.document.body
        body.clear()
        told = story.story(self.book)
        self.anchors = {piece.anchor for piece in told if isinstance(piece, pieces.Heading)}
        cover = True
        for piece in told:
            if cover and isinstance(piece, pieces.Heading):
                cover = False
                body.append(Element.from_tag(self._contents([one for one in told if isinstance(one, pieces.Heading)])))
            for made in self._piece(piece):
                body.append(Element.from_tag(made))
        out = io.BytesIO()
        self.document.save(out)
        return repacked(out.getvalue(), plain=("mimetype",))

    def _dress(self) -> None:
        forum, meta, made_at = self.book.forum, self.document.meta, self.book.edition.made_at
        country = "GB" if self.book.language == "en" else "FR"
        paragraphs = styles.paragraphs(self.book.language, country, theme.accent(self.book))
        for style in (*paragraphs, *styles.characters(), *styles.lists()):
            self.document.insert_style(style)
        for style in styles.tables():
            self.document.insert_style(style, automatic=True)
        page, master = self.document.get_style("page-layout", "Mpm1"), self.document.get_style("master-page", "Standard")
        assert page is not None
        assert master is not None
        properties = page.get_element("style:page-layout-properties")
        assert properties is not None
        for name, value in styles.PAGE.items():
            properties.set_attribute(name, value)
        for old in page.get_elements("style:footer-style"):
            page.delete(old)
        page.append(Element.from_tag(styles.FOOTER_PLACE))
        master.append(Element.from_tag(styles.FOOTER))
        if self.book.edition.state == "draft":
            for old in page.get_elements("style:header-style"):
                page.delete(old)
            page.insert(Element.from_tag(styles.HEADER_PLACE), position=1)
            master.insert(Element.from_tag(styles.header(self.words._("Projet"))), position=0)
        for level in self.document.styles.root.get_elements("//text:outline-level-style"):
            # Workshops have numbers of their own; headings are not counted once more.
            level.del_attribute("loext:num-list-format")
            level.set_attribute("style:num-format", "")
            level.set_attribute("style:num-suffix", "")
        self.document.set_language(f"{self.book.language}-{country}")
        meta.title = f"{self.words.bare(forum.title)} – {self.words._('compte-rendu')}"
        meta.creator = ", ".join(forum.organisers)
        meta.generator = "facilitation"
        if made_at:
            meta.creation_date = meta.date = made_at.replace(tzinfo=None)

    def _piece(self, piece: pieces.Piece) -> Iterator[Markup]:
        match piece:
            case pieces.Title():
                yield from (_PARAGRAPH.format("Subtitle", line) for line in piece.under[:1])
                yield _PARAGRAPH.format("Title", piece.text)
                yield from (_PARAGRAPH.format("Subtitle", line) for line in piece.under[1:])
            case pieces.Heading(level=0):
                yield _PARAGRAPH.format("Lead", piece.text)
            case pieces.Heading():
                mark = Markup('<text:bookmark text:name="{}"/>').format(piece.anchor) if piece.anchor else ""
                yield _heading(piece.level, mark + escape(piece.text))
            case pieces.Facts():
                for label, value in piece.rows:
                    strong = Markup('<text:span text:style-name="Strong">{}\u00a0: </text:span>{}').format(label, value)
                    last = (label, value) == piece.rows[-1]
                    yield _PARAGRAPH.format("Fact_20_Last" if last else "Fact", strong)
            case pieces.Note():
                yield _PARAGRAPH.format("Note", piece.text)
            case pieces.Text():
                yield from self._blocks(piece.blocks, piece.level)
            case pieces.Grid():
                yield self._grid(piece)
            case pieces.Pictures() | pieces.Figure():
                yield from self._shown(piece)

    def _contents(self, headings: list[pieces.Heading]) -> Markup:
        """An index LibreOffice and Word can bring up to date, filled already."""
        listed = [one for one in headings if 0 < one.level < 3]
        lines = Markup().join(_PARAGRAPH.format(f"Contents_20_{one.level}", one.text) for one in listed)
        templates = Markup().join(
            Markup(
                '<text:table-of-content-entry-template text:outline-level="{0}" text:style-name="Contents_20_{0}">'
                "<text:index-entry-link-start/><text:index-entry-text/>"
                '<text:index-entry-tab-stop style:type="right" style:leader-char=" "/><text:index-entry-page-number/>'
                "<text:index-entry-link-end/></text:table-of-content-entry-template>"
            ).format(level)
            for level in (1, 2)
        )
        title = self.words._("Sommaire")
        return Markup(
            '<text:table-of-content text:name="Contents"><text:table-of-content-source text:outline-level="2">'
            '<text:index-title-template text:style-name="Contents_20_Heading">{0}</text:index-title-template>{1}'
            "</text:table-of-content-source><text:index-body>"
            '<text:index-title text:name="Contents_Head"><text:p text:style-name="Contents_20_Heading">{0}</text:p>'
            "</text:index-title>{2}</text:index-body></text:table-of-content>"
        ).format(title, templates, lines)

    # --- Text

    def _blocks(self, blocks: list[dict[str, Any]], level: int, style: str = "Text_20_body") -> Iterator[Markup]:
        for block in blocks:
            match block.get("type"):
                case "paragraph":
                    yield _PARAGRAPH.format(style, self._spans(block))
                case "heading":
                    yield _heading(min(level, 6), self._spans(block))
                case "quote":
                    yield from self._blocks(block.get("blocks") or [], level, "Quotations")
                case "bullets" | "numbers" as kind:
                    yield self._list(block, "Numbers" if kind == "numbers" else "Bullets")
                case "table":
                    yield self._table(block.get("rows") or [])

    def _list(self, block: dict[str, Any], style: str) -> Markup:
        items = Markup().join(
            Markup("<text:list-item>{}</text:list-item>").format(Markup().join(self._blocks(item, 6, "List_20_Contents")))
            for item in block.get("items") or []
        )
        return Markup('<text:list text:style-name="{}">{}</text:list>').format(style, items)

    def _spans(self, block: dict[str, Any]) -> Markup:
        return Markup().join(self._span(span) for span in block.get("spans") or [])

    def _span(self, span: dict[str, Any]) -> Markup:
        if note := span.get("note"):
            self.notes += 1
            inside = _PARAGRAPH.format("Footnote", Markup(" ") + Markup().join(self._span({**one, "note": None}) for one in note))
            return Markup(
                '<text:note text:id="ftn{0}" text:note-class="footnote"><text:note-citation>{0}</text:note-citation>'
                "<text:note-body>{1}</text:note-body></text:note>"
            ).format(self.notes, inside)
        text = escape(self.words.bare(str(span.get("text") or "")))
        style = ("Strong_20_Emphasis" if span.get("bold") else "Emphasis") if span.get("italic") else "Strong"
        if span.get("bold") or span.get("italic"):
            text = Markup('<text:span text:style-name="{}">{}</text:span>').format(style, text)
        href = str(span.get("href") or "")
        if href.lower().startswith(LINKS):
            text = Markup('<text:a xlink:type="simple" xlink:href="{}">{}</text:a>').format(href, text)
        elif span.get("to") in self.anchors:
            text = Markup('<text:a xlink:type="simple" xlink:href="#{}">{}</text:a>').format(span["to"], text)
        return text

    # --- Tables and pictures

    def _table(self, rows: list[list[dict[str, Any]]]) -> Markup:
        across = max((len(row) for row in rows), default=0)
        lines = [
            [Markup().join(self._blocks(cell.get("blocks") or [], 6, "Table_20_Contents")) for cell in row] for row in rows
        ]
        heads = 1 if rows and all(cell.get("header") for cell in rows[0]) else 0
        return _tabled("Sheet", ["Column"] * across, lines, heads)

    def _grid(self, grid: pieces.Grid) -> Markup:
        head = [_PARAGRAPH.format("Table_20_Heading", column) for column in grid.columns]
        columns = ["Number", "Topic" if grid.voted else "TopicWide", *(["Votes"] if grid.voted else []), "Fate"]
        lines = [list(self._cells(row, voted=grid.voted)) for row in grid.rows]
        return _tabled("Topics", columns, [head, *lines], 1)

    def _cells(self, row: pieces.Row, *, voted: bool) -> Iterator[Markup]:
        style = "Table_20_Strong" if row.chosen else "Table_20_Contents"
        yield _PARAGRAPH.format("Table_20_Contents", row.number)
        under = [_PARAGRAPH.format("Table_20_Contents", f"– {one}") for one in row.under]
        by = [_PARAGRAPH.format("Table_20_Name", row.by)] if row.by else []
        yield Markup().join([_PARAGRAPH.format(style, row.title), *by, *under])
        if voted:
            yield _PARAGRAPH.format(style, row.votes)
        yield _PARAGRAPH.format("Table_20_Contents", row.fate)

    def _shown(self, piece: pieces.Pictures | pieces.Figure) -> Iterator[Markup]:
        if isinstance(piece, pieces.Pictures):
            yield _PARAGRAPH.format("Logos", Markup("\u2003").join(self._picture(one) for one in piece.shown))
            return
        yield _PARAGRAPH.format("Figure", self._picture(piece.picture))
        if piece.caption:
            yield _PARAGRAPH.format("Caption", piece.caption)

    def _picture(self, picture: pieces.Picture) -> Markup:
        self.pictures += 1
        mime = drawings.mime(picture.data)
        name = f"Pictures/picture{self.pictures}.{mime.removeprefix('image/')}"
        self.document.set_part(name, picture.data)
        self.document.manifest.add_full_path(name, mime)
        return Markup(
            '<draw:frame draw:name="picture{0}" text:anchor-type="as-char" svg:width="{1:.1f}mm" svg:height="{2:.1f}mm">'
            '<draw:image xlink:href="{3}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            "<svg:title>{4}</svg:title><svg:desc>{4}</svg:desc></draw:frame>"
        ).format(self.pictures, picture.width, picture.height, name, picture.alternative)


def _heading(level: int, inside: Markup) -> Markup:
    return Markup('<text:h text:style-name="Heading_20_{0}" text:outline-level="{0}">{1}</text:h>').format(level, inside)


def _tabled(name: str, columns: list[str], lines: list[list[Markup]], heads: int) -> Markup:
    """`columns` are the names of their styles; the first `heads` lines stand again on each page."""

    def row(cells: list[Markup]) -> Markup:
        filled = [*cells, *[Markup()] * (len(columns) - len(cells))]
        inside = Markup().join(
            Markup('<table:table-cell table:style-name="Cell" office:value-type="string">{}</table:table-cell>').format(
                cell or _PARAGRAPH.format("Table_20_Contents", "")
            )
            for cell in filled
        )
        return Markup('<table:table-row table:style-name="Whole">{}</table:table-row>').format(inside)

    over = Markup().join(Markup('<table:table-column table:style-name="{}"/>').format(column) for column in columns)
    head = Markup("<table:table-header-rows>{}</table:table-header-rows>").format(Markup().join(map(row, lines[:heads])))
    return Markup('<table:table table:name="{0}" table:style-name="Table">{1}{2}{3}</table:table>').format(
        name, over, head if heads else Markup(), Markup().join(map(row, lines[heads:]))
    )
