"""What the printer leaves untold to those who listen to a PDF: heads of tables, links in pieces, what is only page furniture."""

import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Dictionary, Name

_MARKED = re.compile(rb"/Span\s<</MCID (\d+)>>\sBDC")
_FURNITURE = b"/Artifact <</Type /Pagination>> BDC"


def mend(document: pikepdf.Pdf) -> None:
    """Tells it, in place."""
    for element in document.objects:
        if isinstance(element, Dictionary) and element.get("/Type") == Name.StructElem:
            if element.S == Name.TH:
                element.A = Dictionary(O=Name.Table, Scope=Name.Column)
            elif element.S in (Name.Span, Name.NonStruct) and _holds_a_link(element):
                element.S = Name.Link
    _set_furniture_apart(document)


def _holds_a_link(element: pikepdf.Object) -> bool:
    """A word set apart inside a link is pressed by itself, so it is a link too."""
    return any(
        isinstance(child, Dictionary) and child.get("/Type") == Name.OBJR and child.Obj.get("/Subtype") == Name.Link
        for child in _listed(element.get("/K"))
    )


def _listed(kids: pikepdf.Object | None) -> Iterator[pikepdf.Object]:
    if isinstance(kids, pikepdf.Array):
        yield from kids
    elif kids is not None:
        yield kids


def _set_furniture_apart(document: pikepdf.Pdf) -> None:
    """Running heads and page numbers are marked like text, though the reading order does not know them: nobody need hear them."""
    tree = document.Root.StructTreeRoot
    (whole,) = _listed(tree.K)
    chapters = {child.objgen for child in whole.K if isinstance(child, Dictionary)}
    known: dict[tuple[int, int], bool] = {}

    def is_read(element: pikepdf.Object) -> bool:
        if element.objgen not in known:
            top = element.P.objgen == whole.objgen
            known[element.objgen] = element.objgen in chapters if top else is_read(element.P)
        return known[element.objgen]

    numbers = tree.ParentTree.Nums
    for index, page in enumerate(document.pages):
        elements = numbers[2 * index + 1]
        unread = {number for number, element in enumerate(elements) if not is_read(element)}
        if unread:
            stream = _MARKED.sub(
                lambda mark, unread=unread: _FURNITURE if int(mark[1]) in unread else mark[0],  # type: ignore[misc]
                page.Contents.read_bytes(),
            )
            page.Contents = document.make_stream(stream)
            for number in unread:
                elements[number] = None
