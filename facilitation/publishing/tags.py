"""What the printer leaves untold to those who listen to a PDF: heads of tables, links in pieces, what is only page furniture."""

import re
from collections.abc import Iterator
from typing import Any

import pydyf

_MARKED = re.compile(rb"/Span\s<</MCID (\d+)>>\sBDC")
_FURNITURE = b"/Artifact <</Type /Pagination>> BDC"


class Tagged:
    """A PDF about to be written, whose objects are still the printer's own."""

    def __init__(self, document: pydyf.PDF) -> None:
        self.document = document

    def mend(self) -> None:
        """Tells it, in place."""
        for element in self.document.objects:
            if isinstance(element, pydyf.Dictionary) and element.get("Type") == "/StructElem":
                if element["S"] == "/TH":
                    scope = "/Row" if self._stands_by_data(element) else "/Column"
                    element["A"] = pydyf.Dictionary({"O": "/Table", "Scope": scope})
                elif element["S"] in {"/Span", "/NonStruct"} and self._holds_a_link(element):
                    element["S"] = "/Link"
        self._drop_what_is_empty()
        self._set_furniture_apart()

    def _drop_what_is_empty(self) -> None:
        """A dot of colour that holds no word would only be a pause."""
        for element in self.document.objects:
            if isinstance(element, pydyf.Dictionary) and element.get("S") == "/Span" and not element["K"]:
                parent = self._at(element["P"])
                if element.reference in parent["K"]:
                    parent["K"].remove(element.reference)

    def _at(self, reference: bytes) -> Any:
        return self.document.objects[int(reference.split()[0])]

    def _kids(self, element: Any) -> Iterator[Any]:
        return (self._at(kid) for kid in element["K"] if isinstance(kid, bytes))

    def _stands_by_data(self, head: Any) -> bool:
        """Whether a head of a table is that of its row: other cells of the row are no heads."""
        return any(cell["S"] == "/TD" for cell in self._kids(self._at(head["P"])))

    def _holds_a_link(self, element: Any) -> bool:
        """A word set apart inside a link is pressed by itself, so it is a link too."""
        return any(
            kid["Type"] == "/OBJR" and self._at(kid["Obj"]).get("Subtype") == "/Link" for kid in self._kids(element)
        )  # fmt: skip

    def _set_furniture_apart(self) -> None:
        """Running heads and page numbers are marked like text, though the reading order does not know them: nobody need hear
        them."""
        tree = self._at(self.document.catalog["StructTreeRoot"])
        top = tree["K"][0]
        chapters = set(self._at(top)["K"])
        known: dict[bytes, bool] = {}

        def is_read(reference: bytes) -> bool:
            if reference not in known:
                parent = self._at(reference)["P"]
                known[reference] = reference in chapters if parent == top else is_read(parent)
            return known[reference]

        numbers = self._at(tree["ParentTree"])["Nums"]
        for index, page in enumerate(self.document.page_references):
            elements = numbers[2 * index + 1]
            unread = {number for number, element in enumerate(elements) if not is_read(element)}
            if unread:
                stream = self._at(self._at(page)["Contents"])
                stream.stream = [
                    _MARKED.sub(
                        lambda mark, unread=unread: _FURNITURE if int(mark[1]) in unread else mark[0],  # type: ignore[misc]
                        b"\n".join(stream.stream),
                    )
                ]
                for number in unread:
                    elements[number] = b"null"
