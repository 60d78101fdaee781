"""A forum as every screen and the book read it; rows are brought together in services/loading.py."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from facilitation.domain.digests import Digest, digest, has_synthesis, progress
from facilitation.domain.moments import MomentKind
from facilitation.domain.sheets import SYNTHESIS_PARTS, Block, Sheet
from facilitation.domain.templates import DEFAULT, READY, Heading, ready, suggested
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import BallotMode, RoundState, allowance
from facilitation.store.columns import Row

T = TypeVar("T")
Made = tuple[Hashable, dict[str, tuple[Row, Any]]]
# Minutes of the day, and hours: an evening is not over before dawn.
EVENING, DAWN = 18 * 60, 6


@dataclass
class Forum:
    """One reading of a forum. Rows are the store's, completed with what belongs to them (`authors`, `workshop`…)."""

    event: Row
    moments: list[Row]
    rooms: list[Row]
    topics: list[Row]
    groups: list[Row]
    workshops: list[Row]
    sheets: list[Row]
    engagements: list[Row]
    links: list[Row]
    joined: int
    # While the forum is open, then until the end of the day on which it takes late sheets no more.
    takes_sheets: bool = True
    round: Row | None = None
    rounds: list[Row] = field(default_factory=list)
    papers: list[Row] = field(default_factory=list)
    electors: list[str] = field(default_factory=list)
    codes: list[Row] = field(default_factory=list)
    candidates: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    voters: int = 0
    changes: list[Row] = field(default_factory=list)
    contents: dict[str, Sheet] = field(default_factory=dict)
    # Read only where the book is to hold them.
    notes: dict[str, list[Block]] = field(default_factory=dict)
    people: list[Row] = field(default_factory=list)
    remarks: list[Row] = field(default_factory=list)
    templates: list[Row] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)
    at_kiosk: int = 0
    layout: Row | None = None
    editions: list[Row] = field(default_factory=list)
    wishes: list[Row] = field(default_factory=list)
    # The topics of each author, and what became of each asking to join one, both by person, by topic's id.
    owned: dict[str, list[str]] = field(default_factory=dict)
    asking: dict[str, dict[str, str]] = field(default_factory=dict)
    # What was made of rows before, handed on from one reading to the next: see `each`.
    made: dict[str, Made] = field(default_factory=dict, compare=False)

    @property
    def version(self) -> int:
        """Grows with every commit that touches the forum."""
        return int(self.event["version"])

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be added any more, but late sheets where `takes_sheets`."""
        return bool(self.event["state"] == "closed")

    @property
    def moment(self) -> Row | None:
        """The moment the day is at."""
        return next((row for row in self.moments if row["id"] == self.event["moment_id"]), None)

    @property
    def kind(self) -> MomentKind | None:
        """The kind of the present moment."""
        return MomentKind(self.moment["kind"]) if self.moment else None

    @property
    def next_moment(self) -> Row | None:
        """What comes after, skipped ones left aside."""
        current = self.moment
        later = [
            row for row in self.moments if not row["skipped"] and (current is None or row["position"] > current["position"])
        ]
        return later[0] if later else None

    @property
    def slots(self) -> list[Row]:
        """The moments workshops can be placed in."""
        return [row for row in self.moments if row["kind"] == MomentKind.WORKSHOPS.value]

    @property
    def allowed(self) -> tuple[int, int]:
        """How many marks a person has in the last round, and how many one topic may take."""
        found = self.round
        if found is None:
            return allowance(BallotMode(self.event["ballot"]), self.event["dots"], self.event["cap"], len(self.shown_topics()))
        return allowance(BallotMode(found["mode"]), found["dots"], found["cap"], len(self.candidates))

    @property
    def results_shown(self) -> bool:
        """Counts are shown once the round is closed, or live where the forum wished it."""
        found = self.round
        return found is not None and (found["state"] != RoundState.OPEN.value or bool(found["live_results"]))

    def headings(self, name: str) -> list[Heading]:
        """The sections of a template, by its name or its id; the usual ones where it is unknown."""
        own = next((row["sections"] for row in self.templates if row["id"] == name), None)
        return own or ready(name if name in READY else DEFAULT, self.event["language"])

    def filled(self, sheet: Row) -> list[bool]:
        """What is written of a sheet: a mark for each section, optional ones once they are, and one for the synthesis."""
        content = self.contents[sheet["id"]]
        marks = self.progress(sheet)
        return [*marks, has_synthesis(content)] if any(one["key"] in SYNTHESIS_PARTS for one in content["sections"]) else marks

    def progress(self, sheet: Row) -> list[bool]:
        """The same without the synthesis."""
        own = self.headings(sheet["template"])
        headings = [*own, *suggested(own, self.event["language"])]
        optional = [one["key"] for one in headings if one["optional"]]
        return progress(self.contents[sheet["id"]], optional)

    def digest(self, sheet: Row) -> Digest | None:
        """What stands for a sheet in a few lines."""
        return digest(self.contents[sheet["id"]], sheet["extract"])

    def topics_of(self, participant_id: str) -> list[Row]:
        """The topics a person is an author of, in the order proposed."""
        return [self._topics[topic] for topic in self.owned.get(participant_id, ())]

    @cached_property
    def _topics(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.topics}

    def each(self, name: str, about: Hashable, rows: list[Row], make: Callable[[Row], T]) -> list[T]:
        """`make(row)` of each row, made once for as long as a row stays the same object from one reading to the next.

        `about` is all that `make` reads besides the row; `name` says what is made.
        """
        before, known = self.made.get(name, (None, {}))
        if before != about:
            known = {}
        found: dict[str, tuple[Row, T]] = {}
        for row in rows:
            had = known.get(row["id"])
            found[row["id"]] = had if had is not None and had[0] is row else (row, make(row))
        self.made[name] = (about, found)
        return [one for _, one in found.values()]

    def shown_topics(self) -> list[Row]:
        """Topics everybody may see, in the order proposed."""
        return list(self._shown)

    @cached_property
    def _shown(self) -> list[Row]:
        shown = Visibility.SHOWN.value
        return [row for row in self.topics if row["state"] == shown]

    def shown_engagements(self) -> list[Row]:
        """Engagements everybody may see."""
        return [row for row in self.engagements if row["state"] == Visibility.SHOWN.value]

    def instant(self, minute: int) -> str | None:
        """A minute of the forum's day as a UTC instant in ISO, where its date is a day; else on the day it started."""
        day = self._day()
        if day is None:
            return None
        local = datetime.combine(day, datetime.min.time(), ZoneInfo(self.event["timezone"]))
        wall = local.replace(hour=minute // 60 % 24, minute=minute % 60) + timedelta(days=minute // 1440)
        return wall.astimezone(UTC).isoformat()

    def _day(self) -> Any:
        since = self.event["moment_since"]
        if since is not None:
            begun = since.astimezone(ZoneInfo(self.event["timezone"]))
            # An evening that runs past midnight still belongs to the day before.
            is_night = self.moment is not None and self.moment["start"] >= EVENING and begun.hour < DAWN
            return (begun - timedelta(days=1 if is_night else 0)).date()
        parts = self.event["date"].split("-")
        return date.fromisoformat(self.event["date"]) if len(parts) == 3 else None


def shown_name(person: Row | None, *, named: bool = True) -> str:
    """A name only as its owner chose and the team left it."""
    if person is None or not named or person["name_hidden"]:
        return ""
    return str(person["name"])
