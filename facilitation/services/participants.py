"""Joining, names, and how a device proves who it is."""

from dataclasses import replace

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Role
from facilitation.domain.topics import Candidacy
from facilitation.services.payloads import Id, Line, Name, Payload
from facilitation.services.table import ERASED, Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.forgetting import forget_in_log
from facilitation.store.secrets import fingerprint


class Join(Payload):
    """A name is never asked for; whoever gives one is listed in the compte-rendu, unless `listed` says no."""

    name: Name = ""
    organisation: Line = ""
    listed: bool = True


class Profile(Payload):
    """`listed`: to be named among the participants in the compte-rendu."""

    name: Name = ""
    organisation: Line = ""
    listed: bool = False


class Nothing(Payload):
    """No fields."""


class Person(Payload):
    """Somebody of the forum."""

    participant: Id


@command(Role.VISITOR, Role.PARTICIPANT, *TEAM, gives="token")
def join(turn: Turn, ask: Join) -> Answer:
    """Take a seat in the circle; the answer's token is the device's key."""
    if turn.event["joining_paused"] and not turn.actor.is_team():
        raise Refusal(Code.JOINING_PAUSED)
    token = turn.secret("token")
    person = turn.actor.participant_id
    if person is None:
        row = turn.ledger.add(
            tables.participant, name=ask.name, organisation=ask.organisation, listed=ask.listed and bool(ask.name),
            name_hidden=False, created_at=turn.now, joined_at=turn.now,
        )  # fmt: skip
        person = str(row["id"])
    else:
        known = turn.find(tables.participant, person)
        # The door asks once: who comes through it again keeps what they chose in between.
        is_first = known["joined_at"] is None or not known["name"]
        turn.ledger.set(
            tables.participant, person, name=ask.name or known["name"],
            listed=ask.listed and bool(ask.name) if is_first else known["listed"],
            organisation=ask.organisation or known["organisation"], joined_at=known["joined_at"] or turn.now,
        )  # fmt: skip
    turn.ledger.add(
        tables.device, participant_id=person, token_hash=fingerprint(token), kind="phone", created_at=turn.now,
        revoked_at=None,
    )  # fmt: skip
    turn.touched.add(person)
    return {"participant": person}


@command(*ROOM)
def edit_profile(turn: Turn, ask: Profile) -> None:
    """Change one's own name, organisation, and whether the compte-rendu lists them."""
    turn.ledger.set(
        tables.participant, turn.person, name=ask.name, organisation=ask.organisation, listed=ask.listed and bool(ask.name)
    )
    turn.touched.add(turn.person)


@command(*ROOM, when_closed=True)
def erase_me(turn: Turn, ask: Nothing) -> None:
    """Forget who this is: what they wrote stays without a name, the log too, and every device of theirs is let go."""
    person, ledger = turn.person, turn.ledger
    former = turn.find(tables.participant, person)["name"]
    for hook in ERASED:
        hook(turn)
    for table in (tables.author, tables.engagement, tables.pledge, tables.remark):
        for row in ledger.rows_where(table, participant_id=person):
            ledger.set(table, row["id"], named=False)
    for row in ledger.rows_where(tables.candidacy, participant_id=person, state=Candidacy.ASKED.value):
        ledger.set(tables.candidacy, row["id"], state=Candidacy.TAKEN_BACK.value)
    for row in ledger.rows_where(tables.talk, participant_id=person):
        ledger.set(tables.talk, row["id"], speaker="")
    for table, column in ((tables.paper, "entered_by"), (tables.link, "label")):
        for row in ledger.rows_where(table, **{column: former}) if former else []:
            ledger.set(table, row["id"], **{column: ""})
    for table in (tables.device, tables.grant):
        for row in ledger.rows_where(table, participant_id=person):
            ledger.set(table, row["id"], revoked_at=row["revoked_at"] or turn.now)
    ledger.set(tables.participant, person, name="", organisation="", listed=False)
    forget_in_log(ledger, person, former)
    turn.actor = replace(turn.actor, name="")
    turn.touched.add(person)
    turn.expels |= {row["id"] for row in ledger.rows_where(tables.device, participant_id=person)}


@command(*TEAM, undoable=True)
def hide_name(turn: Turn, ask: Person) -> None:
    """Show this person's contributions without their name, everywhere."""
    turn.find(tables.participant, ask.participant)
    turn.ledger.set(tables.participant, ask.participant, name_hidden=True)
    turn.touched.add(ask.participant)


@command(*TEAM, undoable=True)
def restore_name(turn: Turn, ask: Person) -> None:
    """Show the name again."""
    turn.find(tables.participant, ask.participant)
    turn.ledger.set(tables.participant, ask.participant, name_hidden=False)
    turn.touched.add(ask.participant)
