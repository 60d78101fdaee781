"""What a story is made of: the pieces that every format with headings, lists and tables knows how to write."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True)
class Title:
    """The forum's own; `under` are the lines that go with it."""

    text: str
    under: list[str]


@dataclass(frozen=True)
class Heading:
    """`level` is 1 for a chapter, 0 for a strong line that no contents should list; `anchor` is what texts may point to."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Facts:
    """Short lines "label: value"."""

    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class Text:
    """Blocks as in a sheet; sub-headings in them stand at `level`."""

    blocks: list[Block]
    level: int = 4


@dataclass(frozen=True)
class Note:
    """An aside, in small print."""

    text: str


@dataclass(frozen=True)
class Row:
    """One topic in the table: its number, its title, what stands under it, its dots, what became of it."""

    number: str
    title: str
    under: list[str]
    by: str
    votes: str
    fate: str
    chosen: bool


@dataclass(frozen=True)
class Grid:
    """The table of topics, columns named; without dots where there was no vote."""

    columns: list[str]
    rows: list[Row]
    caption: str
    voted: bool


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG; sizes in millimetres."""

    data: bytes
    alternative: str
    width: float
    height: float


@dataclass(frozen=True)
class Pictures:
    """Some in a row."""

    shown: list[Picture]


@dataclass(frozen=True)
class Figure:
    """A photo on a line of its own, with what it shows under it."""

    picture: Picture
    caption: str


Piece = Title | Heading | Facts | Text | Note | Grid | Pictures | Figure
