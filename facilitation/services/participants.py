"""Joining, names, and how a device proves who it is."""


from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Role
from facilitation.services.payloads import Id, Line, Name, Payload
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
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
