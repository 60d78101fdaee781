"""Footnotes in Word: a part of their own in the file, each called by number from the text."""

from typing import Any

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from markupsafe import Markup

_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_RULES = Markup(
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)
_RAISED = Markup('<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>')


def call(number: int) -> Any:
    """The raised number in the text."""
    return parse_xml(f'<w:r {nsdecls("w")}>{_RAISED}<w:footnoteReference w:id="{number}"/></w:r>')


def kept(document: Document, notes: list[list[tuple[str, Any]]]) -> None:
    """Put the notes into the file, numbered from 1; each is its texts with their marks."""
    if not notes:
        return
    style = next(one.style_id for one in document.styles if str(one.name).lower() == "footnote text")
    told = Markup().join(_note(number, note, style) for number, note in enumerate(notes, 1))
    # The names are ours, and every text was escaped.
    whole = Markup('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {}>{}{}</w:footnotes>').format(
        Markup(nsdecls("w")), _RULES, told  # noqa: S704
    )
    part = Part(PackURI("/word/footnotes.xml"), _KIND, str(whole).encode(), document.part.package)
    document.part.relate_to(part, _RELATION)


def _note(number: int, note: list[tuple[str, Any]], style: str) -> Markup:
    runs = Markup().join(
        Markup('<w:r><w:rPr>{}{}</w:rPr><w:t xml:space="preserve">{}</w:t></w:r>').format(
            Markup("<w:b/>") if span.get("bold") else "", Markup("<w:i/>") if span.get("italic") else "", text
        )
        for text, span in note
    )
    return Markup(
        '<w:footnote w:id="{}"><w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr><w:r>{}<w:footnoteRef/></w:r>'
        '<w:r><w:t xml:space="preserve"> </w:t></w:r>{}</w:p></w:footnote>'
    ).format(number, style, _RAISED, runs)
