"""How the Word document looks: its styles, its page, the marks of its lists."""

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from facilitation.publishing.looks import BULLETS, HAIR, INK, LINK, Look, accented

_ABSTRACT = {True: 91, False: 90}


def dressed(document: Document, language: str, accent: str = INK) -> None:
    """Gives an empty document its page, its styles and its language; `accent` is the colour of titles."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    _style(document, Look("Normal", ""))
    for look in accented(accent):
        _style(document, look)
    document.styles["Heading 1"].paragraph_format.page_break_before = True
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline = True
    link.font.color.rgb = RGBColor.from_string(LINK)
    _table_style(document)
    _language(document, "en-GB" if language == "en" else "fr-FR")
    _list_marks(document)
    _page_number(document)


def _style(document: Document, look: Look) -> None:
    styles = document.styles
    known = look.word in {style.name for style in styles}
    style: Any = styles[look.word] if known else styles.add_style(look.word, WD_STYLE_TYPE.PARAGRAPH)
    # What the template had in mind for it goes: its own colours, borders and spacing.
    for old in (style.element.rPr, style.element.pPr):
        if old is not None:
            style.element.remove(old)
    if look.word != "Normal":
        style.base_style = styles["Normal"]
    style.font.name, style.font.size, style.font.bold, style.font.italic = look.face, Pt(look.size), look.bold, look.italic
    style.font.color.rgb = RGBColor.from_string(look.colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), look.face)
    paragraph = style.paragraph_format
    paragraph.space_before, paragraph.space_after, paragraph.line_spacing = Pt(look.before), Pt(look.after), look.leading
    paragraph.widow_control, paragraph.keep_with_next = True, look.clings
    if look.indent:
        paragraph.left_indent = Mm(look.indent)
    if look.level:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(look.level - 1))
        style.element.get_or_add_pPr().append(outline)


def _table_style(document: Document) -> None:
    """Hairlines between rows, no cage."""
    style = document.styles.add_style("Plain", WD_STYLE_TYPE.TABLE)
    style.base_style = document.styles["Normal Table"]
    style.element.append(parse_xml(
        f'<w:tblPr {nsdecls("w")}><w:tblBorders><w:bottom w:val="single" w:sz="4" w:color="{HAIR}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:color="{HAIR}"/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="50" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/>'
        '<w:right w:w="120" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    ))  # fmt: skip


def _language(document: Document, tag: str) -> None:
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), tag)


def _list_marks(document: Document) -> None:
    """One family of bullets and one of numbers, nine deep each."""
    part = document.part.numbering_part.element
    first = part.find(qn("w:num"))
    for ordered, name in _ABSTRACT.items():
        levels = "".join(_level(depth, ordered=ordered) for depth in range(9))
        made = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}"><w:multiLevelType w:val="hybridMultilevel"/>'
            f"{levels}</w:abstractNum>"
        )
        first.addprevious(made)


def _level(depth: int, *, ordered: bool) -> str:
    text = f"%{depth + 1}." if ordered else BULLETS[min(depth, 2)]
    left = 340 * (depth + 1)
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{"decimal" if ordered else "bullet"}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="340"/></w:pPr></w:lvl>'
    )


def numbered(document: Document, *, ordered: bool) -> int:
    """A new list, counting from one; returns its number."""
    if not ordered:
        return _bullets(document)
    made = document.part.numbering_part.element.add_num(_ABSTRACT[True])
    for depth in range(9):
        made.add_lvlOverride(depth).add_startOverride(1)
    return int(made.numId)


def _bullets(document: Document) -> int:
    """All lists without numbers are one."""
    part = document.part.numbering_part.element
    for num in part.num_lst:
        if num.abstractNumId.val == _ABSTRACT[False]:
            return int(num.numId)
    return int(part.add_num(_ABSTRACT[False]).numId)


def stamped(document: Document, word: str) -> None:
    """Says at the head of every page that this is a draft."""
    line = document.sections[0].header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.style = document.styles["Footer"]
    line.add_run(word)


def _page_number(document: Document) -> None:
    line = document.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)
