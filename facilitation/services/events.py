"""The forum itself: what it is called, how it votes, when it closes, and taking back the last act."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM, Role
from facilitation.services.payloads import Line, Lines, Number, Payload, Prose, Title
from facilitation.services.table import UNDONE, Answer, command, when_changed
from facilitation.services.turn import Turn
from facilitation.store import changes, tables

Day = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}(-\d{2})?)?$")]


class EditEvent(Payload):
    """Every field is optional: what is left out stays."""

    title: Title | None = None
    meeting: Line | None = None
    date: Day | None = None
    place: Line | None = None
    host: Line | None = None
    theme: Prose | None = None
    objectives: Prose | None = None
    organisers: Lines | None = None
    partners: Lines | None = None
    facilitators: Lines | None = None
    language: Literal["fr", "en"] | None = None
    wifi_name: Line | None = None
    wifi_password: Line | None = None
    expected: Annotated[int, Field(ge=0, le=100_000)] | None = None


class Rules(Payload):
    """How topics become workshops, and whether new ones are read before they show.

    `topic_cap`: how many topics a person may have on the wall, 0 for any number; `threshold`: how many votes a topic
    needs to be kept; `strength`: what « one person, one ballot » rests on.
    """

    mode: Literal["each", "vote"] | None = None
    keep: Annotated[int, Field(ge=1, le=500)] | None = None
    dots: Annotated[int, Field(ge=1, le=20)] | None = None
    cap: Annotated[int, Field(ge=1, le=20)] | None = None
    topic_cap: Annotated[int, Field(ge=0, le=100)] | None = None
    threshold: Annotated[int, Field(ge=1, le=10_000)] | None = None
    ballot: Literal["dots", "interest"] | None = None
    strength: Literal["device", "codes", "list"] | None = None
    live_results: bool | None = None
    review: bool | None = None
    pitch_seconds: Annotated[int, Field(ge=15, le=600)] | None = None
    joining_paused: bool | None = None


class Notes(Payload):
    """Whether the book holds the notes taken beside the sheets."""

    shown: bool


class Nothing(Payload):
    """No fields."""


class Say(Payload):
    """A message to all phones; empty takes it away."""

    text: Prose = ""


class Switch(Payload):
    """On or off."""

    on: bool


class Late(Payload):
    """A day, or nothing."""

    until: Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""


class Lifetime(Payload):
    """Days a closed forum is kept; 0 for as long as the organisers wish."""

    days: Annotated[int, Field(ge=0, le=3650)]


class Undo(Payload):
    """The number of the change to take back."""

    change: Number


@command(Role.ORGANISER, undoable=True)
def edit_event(turn: Turn, ask: EditEvent) -> None:
    """Change what the forum says of itself."""
    turn.set_event(**ask.model_dump(exclude_none=True))


@command(*TEAM, undoable=True)
def set_rules(turn: Turn, ask: Rules) -> None:
    """Change how the forum votes and what is read before it shows."""
    turn.set_event(**ask.model_dump(exclude_none=True))


@when_changed(tables.event)
def tell_voters(turn: Turn) -> None:
    """Whoever is in the room may vote, or may no more, once something else tells who does."""
    if any(row["t"] == "event" and row["a"] and "strength" in row["a"] for row in turn.ledger.rows):
        turn.touched.update(str(row["id"]) for row in turn.ledger.rows_where(tables.participant) if row["joined_at"])


@command(*TEAM, undoable=True)
def announce(turn: Turn, ask: Say) -> None:
    """Show a message on every phone and on the projector; an empty one takes it away."""
    turn.set_event(announcement=ask.text, announced_at=turn.now if ask.text else None)


@command(*TEAM, undoable=True)
def call_plenary(turn: Turn, ask: Switch) -> None:
    """Call everybody back to plenary on every screen, or let the moment go on."""
    turn.set_event(plenary=ask.on)


@command(*TEAM, undoable=True)
def blank_screen(turn: Turn, ask: Switch) -> None:
    """Turn the projector black, or on again."""
    turn.set_event(blank=ask.on)


@command(Role.ORGANISER)
def close_event(turn: Turn, ask: Nothing) -> None:
    """Close the forum: everything stays readable, nothing can be added."""
    turn.set_event(state="closed", closed_at=turn.now)


@command(Role.ORGANISER, when_closed=True)
def accept_late_sheets(turn: Turn, ask: Late) -> None:
    """Take what rapporteurs still write after the close, until the end of a day; an empty one ends it."""
    turn.set_event(late_until=ask.until)


@command(Role.ORGANISER, when_closed=True)
def show_notes(turn: Turn, ask: Notes) -> None:
    """Say whether the book also holds what was jotted down beside each sheet; it does not unless asked to."""
    turn.set_event(notes_in_book=ask.shown)


@command(Role.ORGANISER, when_closed=True)
def set_lifetime(turn: Turn, ask: Lifetime) -> None:
    """Say how many days after its close the forum is kept; then `facilitation purge` deletes it."""
    turn.set_event(lifetime=ask.days)


@command(Role.ORGANISER, when_closed=True)
def reopen_event(turn: Turn, ask: Nothing) -> None:
    """Open a closed forum again."""
    turn.set_event(state="open", closed_at=None)


@command(*TEAM, undoable=True)
def undo(turn: Turn, ask: Undo) -> Answer:
    """Take a change back exactly, if nothing it touched has changed since."""
    written = changes.read_change(turn.connection, turn.event_id, ask.change)
    if written is None or not written["undoable"] or written["undone"]:
        raise Refusal(Code.NOTHING_TO_UNDO)
    take_back(turn, written["rows"])
    changes.mark_undone(turn.connection, turn.event_id, ask.change)
    return {"undoes": ask.change}


def take_back(turn: Turn, rows: list[dict[str, Any]]) -> None:
    """Put rows back to what they were before a change. Raises CHANGED_SINCE where one is not as the change left it."""
    for row in reversed(rows):
        if not turn.ledger.restore(row):
            raise Refusal(Code.CHANGED_SINCE)
    turn.event.update(turn.ledger.row(tables.event, turn.event_id) or {})
    for hook in UNDONE:
        hook(turn)
    turn.touched.update(_people(rows))


def _people(rows: list[dict[str, object]]) -> set[str]:
    found: set[str] = set()
    for row in rows:
        for side in (row["b"], row["a"]):
            if isinstance(side, dict) and side.get("participant_id"):
                found.add(str(side["participant_id"]))
    return found
