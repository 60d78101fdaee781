"""The law of two feet: « J’y suis », counted for each room without names. A device counts once in a slot, where it was last."""

from facilitation.domain.grid import covered
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM
from facilitation.services.events import Switch
from facilitation.services.payloads import Id, Payload
from facilitation.services.table import command
from facilitation.services.turn import Turn
from facilitation.services.workshops import slots_of
from facilitation.store import tables
from facilitation.store.columns import Row
from facilitation.store.secrets import seal


class Here(Payload):
    """The workshop one is at."""

    workshop: Id


def _somebody(turn: Turn) -> str:
    """This device, as nobody can name it without the instance's secret, which is not in the database."""
    return seal(turn.key, f"presence:{turn.event_id}:{turn.actor.device_id}")


@command(*ROOM, secret=_somebody)
def be_here(turn: Turn, ask: Here) -> None:
    """Be counted at a workshop; whoever was counted elsewhere in the same slot no longer is there."""
    row = turn.find(tables.workshop, ask.workshop)
    slot = _slot_of(turn, row)
    if row["state"] != "planned" or slot is None:
        raise Refusal(Code.NOT_FOUND)
    who = _somebody(turn)
    for known in turn.ledger.rows_where(tables.presence, moment_id=slot, who=who):
        if known["workshop_id"] == ask.workshop:
            return
        turn.ledger.remove(tables.presence, known["id"])
    turn.ledger.add(tables.presence, workshop_id=ask.workshop, moment_id=slot, who=who)


@command(*TEAM, undoable=True)
def show_heads(turn: Turn, ask: Switch) -> None:
    """Show on the projector how many are in each room, or no longer."""
    turn.set_event(heads_shown=ask.on)


def _slot_of(turn: Turn, row: Row) -> str | None:
    """The slot the day is at where the workshop takes several, else its own; without any, the moment the day is at."""
    now = turn.event["moment_id"]
    return str(now) if now in covered(slots_of(turn), row["moment_id"], row["span"]) else row["moment_id"] or now
