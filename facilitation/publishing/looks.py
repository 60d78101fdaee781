"""How the documents one can go on writing look: the same styles in Word and in OpenDocument."""

from dataclasses import dataclass, replace

INK, SOFT, HAIR, LINK = "1E2330", "565D6E", "C9C6BF", "2F4BB5"
# Faces that most computers have; the book's own would be replaced by anything.
TEXT, HEAD = "Georgia", "Arial"
BULLETS = ("•", "–", "·")


@dataclass(frozen=True)
class Look:
    """One paragraph style by its names in Word and in OpenDocument; sizes and spaces in points, `indent` in millimetres."""

    word: str
    odt: str
    face: str = TEXT
    size: float = 10.5
    before: int = 0
    after: int = 4
    bold: bool = False
    italic: bool = False
    colour: str = INK
    indent: int = 0

    @property
    def level(self) -> int:
        """The level of a heading; 0 of anything else."""
        return int(self.word[-1]) if self.word.startswith("Heading ") else 0

    @property
    def clings(self) -> bool:
        """It is never the last line of a page: what it announces is beside it."""
        return bool(self.level) or self.word in {"Lead", "Fact", "Fact Last", "Figure"}

    @property
    def leading(self) -> float:
        """Line height, as a multiple of the size."""
        return 1.1 if self.size > 14 else 1.25


LOOKS = (
    Look("Body Text", "Text body"),
    Look("List Bullet", "List Contents", after=3),
    Look("List Number", "List Numbered", after=3),
    Look("Title", "Title", HEAD, 30, 6, 10, bold=True),
    Look("Subtitle", "Subtitle", HEAD, 12, colour=SOFT),
    Look("Logos", "Logos", HEAD, 12, 18, 6, colour=SOFT),
    Look("Contents Title", "Contents Heading", HEAD, 18, 36, 10, bold=True),
    Look("TOC 1", "Contents 1", HEAD, 11, 6, 2),
    Look("TOC 2", "Contents 2", after=2, indent=6),
    Look("Heading 1", "Heading 1", HEAD, 22, 0, 12, bold=True),
    Look("Heading 2", "Heading 2", HEAD, 15, 20, 6, bold=True),
    Look("Heading 3", "Heading 3", HEAD, 12, 12, 4, bold=True),
    Look("Heading 4", "Heading 4", before=8, after=3, bold=True),
    Look("Heading 5", "Heading 5", before=8, after=3, bold=True, colour=SOFT),
    Look("Heading 6", "Heading 6", before=8, after=3, bold=True, colour=SOFT),
    Look("Lead", "Lead", HEAD, 11, 10, 2, bold=True),
    Look("Fact", "Fact", size=9.5, after=1, colour=SOFT),
    Look("Fact Last", "Fact Last", size=9.5, after=7, colour=SOFT),
    Look("Note", "Note", size=9, before=4, after=8, italic=True, colour=SOFT),
    Look("Figure", "Figure", before=6, after=3),
    Look("Caption", "Caption", size=9, after=10, italic=True, colour=SOFT),
    Look("Quote", "Quotations", before=4, colour=SOFT, indent=8),
    Look("Table Text", "Table Contents", size=9.5, after=0),
    Look("Table Strong", "Table Strong", size=9.5, after=0, bold=True),
    Look("Table Name", "Table Name", size=9, after=0, italic=True, colour=SOFT),
    Look("Table Heading", "Table Heading", HEAD, 8.5, 0, 2, colour=SOFT),
    Look("Footer", "Footer", size=9, after=0, colour=SOFT),
    Look("Footnote Text", "Footnote", size=9, after=2),
)  # fmt: skip


def accented(colour: str) -> tuple[Look, ...]:
    """The same, titles in another colour."""
    titles = {look.word for look in LOOKS if look.colour == INK and (look.level or look.word == "Title")}
    return tuple(replace(look, colour=colour) if look.word in titles else look for look in LOOKS)
