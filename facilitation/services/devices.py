"""One person on several devices, by a code; several people on one, one after the other, at a kiosk."""

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Role
from facilitation.services import codes
from facilitation.services.participants import Join, Nothing, join
from facilitation.services.payloads import Name, Payload
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.secrets import fingerprint

KIOSK = "kiosk"


class DeviceCode(Payload):
    """The code one's first device showed."""

    code: Name


class Sit(Payload):
    """Whose turn it is, if they wish to say."""

    name: Name = ""


@command(*ROOM, gives="code")
def pair_device(turn: Turn, ask: Nothing) -> None:
    """Show a code that lets one more device in as the same person: once, within ten minutes."""
    codes.show(turn, codes.Kind.DEVICE)


@command(Role.VISITOR, *ROOM, gives="token")
def use_device_code(turn: Turn, ask: DeviceCode) -> None:
    """Let this device in as the person whose other device showed the code; the answer's token is its key."""
    code = codes.typed(turn, codes.Kind.DEVICE, ask.code)
    if code["used_at"] is not None:
        raise Refusal(Code.CODE_USED)
    turn.ledger.set(tables.code, code["id"], used_at=turn.now)
    person = str(turn.find(tables.participant, code["participant_id"])["id"])
    turn.ledger.add(
        tables.device, participant_id=person, token_hash=fingerprint(turn.secret("token")), kind="phone", created_at=turn.now,
        revoked_at=None,
    )  # fmt: skip
    turn.touched.add(person)


@command(Role.KIOSK, gives="token")
def sit_down(turn: Turn, ask: Sit) -> Answer:
    """Begin somebody's turn at the kiosk: a person of their own, with a ballot of their own."""
    known = join(turn, Join(name=ask.name))
    person = str((known or {})["participant"])
    device = turn.ledger.rows_where(tables.device, participant_id=person)[0]
    turn.ledger.set(tables.device, device["id"], kind=KIOSK)
    return {"participant": person}


@command(Role.PARTICIPANT, *TEAM, when_closed=True)
def get_up(turn: Turn, ask: Nothing) -> None:
    """End one's turn at the kiosk: its device forgets this person, who stays in the circle with what they did."""
    row = turn.ledger.row(tables.device, turn.actor.device_id)
    if row is None or row["kind"] != KIOSK:
        raise Refusal(Code.NOT_ALLOWED)
    turn.ledger.set(tables.device, row["id"], revoked_at=turn.now)
    turn.expels.add(row["id"])
