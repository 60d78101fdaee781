"""The book as data: what a compte-rendu holds, checked and tidied before any page is made."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from facilitation.domain.text import line
from facilitation.publishing.sheet_html import has_words
from facilitation.publishing.tidy import tidied

SYNTHESIS = "synthese"
# The longest line people can type is 4,000 letters; one without end would take the time of all the others.
LINE_MOST = 10_000


def _ended(text: str) -> str:
    found = line(text)
    return found if len(found) <= LINE_MOST else f"{found[:LINE_MOST]}…"


Line = Annotated[str, BeforeValidator(lambda value: "" if value is None else value), AfterValidator(_ended)]
Blocks = Annotated[list[dict[str, Any]], AfterValidator(lambda blocks: blocks if has_words(blocks) else [])]


class BookError(ValueError):
    """The data is not a book; its text says where."""


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Changed(Part):
    """One thing that changed since the last edition: by the numbers of what has some, else by how many."""

    kind: str
    numbers: list[int] = []
    count: int = 0


class Edition(Part):
    number: int = 0
    state: str = "draft"
    made_at: datetime | None = None
    change: int | None = None
    changes: list[Changed] = []


class Logo(Part):
    """`png` is the picture in base64; sizes in pixels."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,64}$")]
    label: Line = ""
    width: int = 0
    height: int = 0
    png: str = ""


class Photo(Part):
    """A photo of a flip chart: `jpeg` is the picture in base64, `alt` what it shows in words; sizes in pixels."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    alt: Line = ""
    width: int = 0
    height: int = 0
    jpeg: str = ""


class Forum(Part):
    title: Line
    meeting: Line = ""
    date: Line = ""
    place: Line = ""
    host: Line = ""
    organisers: list[Line] = []
    partners: list[Line] = []
    facilitators: list[Line] = []
    timezone: str = "Europe/Paris"
    theme: Blocks = []
    objectives: Blocks = []
    logos: list[Logo] = []
    cover: Photo | None = None


class Figures(Part):
    participants: int = 0
    topics: int = 0
    workshops: int = 0
    engagements: int = 0
    people_engaged: int = 0


class Section(Part):
    key: str = ""
    title: Line = ""
    blocks: Blocks = []


class Sheet(Part):
    preamble: Blocks = []
    sections: list[Section] = []

    @property
    def written(self) -> list[Section]:
        return [section for section in self.sections if section.blocks]

    @property
    def empty(self) -> bool:
        return not self.preamble and not self.written


class Plenary(Part):
    title: Line = ""
    sheet: Sheet | None = None
    notes: Blocks = []
    photos: list[Photo] = []


class Fate(StrEnum):
    WORKSHOP = "workshop"
    GROUP = "group"
    WALL = "wall"
    UNPLACED = "unplaced"
    WITHDRAWN = "withdrawn"


class Outcome(Part):
    kind: Fate = Fate.WALL
    workshop: int | None = None
    with_: list[int] = Field(default=[], alias="with")


class Topic(Part):
    number: int
    title: Line
    details: list[Line] = []
    authors: list[Line] = []
    votes: int | None = None
    outcome: Outcome = Outcome()


class Count(Part):
    topic: int
    votes: int = 0


class Round(Part):
    """A round of votes that another one followed."""

    number: int
    mode: str = "dots"
    voters: int = 0
    dots: int = 0
    votes: list[Count] = []


class Vote(Part):
    """The last round; `former` are those before it."""

    mode: str = "dots"
    voters: int = 0
    dots: int = 0
    per_person: int | None = None
    keep: int | None = None
    closed: bool = True
    late: list[int] = []
    former: list[Round] = []


class Slot(Part):
    title: Line = ""
    start: datetime | None = None
    end: datetime | None = None


class Cell(Part):
    slot: int
    room: int | None = None
    workshop: int


class Place(Part):
    """What a room has: seats (0 unknown), equipment in words, no step on the way, an address to join from afar."""

    capacity: int = 0
    equipment: Line = ""
    step_free: bool = False
    video: Line = ""


class Agenda(Part):
    slots: list[Slot] = []
    rooms: list[Line] = []
    places: list[Place] = []
    cells: list[Cell] = []


class Digest(Part):
    """The few lines that stand for a sheet; an extract where nobody wrote a synthesis."""

    extract: bool
    section: Section


class Workshop(Part):
    number: int
    title: Line
    from_topics: list[int] = []
    hosts: list[Line] = []
    rapporteurs: list[Line] = []
    room: Line = ""
    slot: Line = ""
    # Where it takes several slots: when it ends.
    until: datetime | None = None
    twins: list[int] = []
    joined: int = 0
    votes: int | None = None
    rank: int | None = None
    state: Literal["held", "cancelled", "not_held"] = "held"
    sheet: Sheet | None = None
    notes: Blocks = []
    digest: Digest | None = None
    photos: list[Photo] = []

    @property
    def colour(self) -> int:
        """Which of the six colours, from 0: its first topic's, or that of its own number."""
        return ((self.from_topics[0] if self.from_topics else self.number) - 1) % 6

    @property
    def written(self) -> bool:
        return bool(self.photos or self.notes) or (self.sheet is not None and not self.sheet.empty)

    @property
    def synthesis(self) -> Section | None:
        """Its "En synthèse" where someone wrote one."""
        if self.digest is not None:
            return None if self.digest.extract else self.digest.section
        written = self.sheet.written if self.sheet else []
        return next((section for section in written if section.key == SYNTHESIS), None)

    @property
    def extract(self) -> Section | None:
        """What stands for the workshop in a few lines where there is no synthesis: its last section, or its preamble."""
        if self.digest is not None:
            return self.digest.section if self.digest.extract else None
        if self.sheet is None or self.sheet.empty:
            return None
        return self.sheet.written[-1] if self.sheet.written else Section(blocks=self.sheet.preamble)


class Promise(Part):
    text: Line
    workshop: int | None = None
    joined: list[Line] = []


class Engaged(Part):
    person: Line | None = None
    organisation: Line = ""
    items: list[Promise] = []


class Person(Part):
    name: Line
    organisation: Line = ""


class Written(Part):
    """A chapter of the organisers' own; annexes stand last."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
    title: Line = ""
    annex: bool = False
    blocks: Blocks = []


class Ordered(Part):
    """A chapter in its place; an empty title stands for the usual one."""

    key: str
    title: Line = ""


Colour = Annotated[str, Field(pattern=r"^(#[0-9A-F]{6})?$")]


class Layout(Part):
    """How the organisers laid it out; without chapters, as usual."""

    chapters: list[Ordered] = []
    accent: Colour = ""
    ground: Colour = ""


class Become(Part):
    """What became of a topic of one's own: where and when its workshop is, what it was grouped with."""

    number: int
    room: Line = ""
    start: AwareDatetime | None = None
    with_: list[Line] = Field(default=[], alias="with")


class Personal(Part):
    """Whose own compte-rendu it is; no name where none was given."""

    name: Line = ""
    topics: list[Become] = []

    def of(self, number: int) -> Become | None:
        """What became of the topic of this number."""
        return next((one for one in self.topics if one.number == number), None)


class Book(Part):
    language: Annotated[Literal["fr", "en"], BeforeValidator(lambda tag: "en" if str(tag).startswith("en") else "fr")] = "fr"
    edition: Edition = Edition()
    forum: Forum
    figures: Figures = Figures()
    opening: list[Plenary] = []
    topics: list[Topic] = []
    vote: Vote | None = None
    agenda: Agenda = Agenda()
    workshops: list[Workshop] = []
    engagements: list[Engaged] = []
    closing: list[Plenary] = []
    people: list[Person] = []
    texts: list[Written] = []
    layout: Layout = Layout()
    personal: Personal | None = None

    @property
    def workshops_written(self) -> list[Workshop]:
        return [workshop for workshop in self.workshops if workshop.written]

    @property
    def workshops_silent(self) -> list[Workshop]:
        return [workshop for workshop in self.workshops if not workshop.written]

    def promises_of(self, workshop: Workshop) -> list[tuple[Promise, str | None]]:
        """The engagements that came from a workshop, with who made them."""
        return [
            (item, engaged.person) for engaged in self.engagements for item in engaged.items if item.workshop == workshop.number
        ]

    def workshop(self, number: int) -> Workshop | None:
        return next((workshop for workshop in self.workshops if workshop.number == number), None)


def read(data: Mapping[str, Any]) -> Book:
    """The book in `data`; raises BookError naming the first field that cannot be read."""
    try:
        return Book.model_validate(tidied(data))
    except ValidationError as refusal:
        first = refusal.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "book"
        raise BookError(f"{where}: {first['msg']}") from refusal


def plenaries(sheets: list[Plenary]) -> Iterator[Plenary]:
    """Those in which something was written."""
    return (one for one in sheets if one.photos or (one.sheet is not None and not one.sheet.empty))
