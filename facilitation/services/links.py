"""Capability links: a secret in an address that grants a role, and can be taken back."""

from typing import Literal

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM, Role
from facilitation.services.payloads import Id, Name, Payload
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.secrets import fingerprint


class Invite(Payload):
    """`label` tells the holders of several links apart, usually a first name."""

    role: Literal["organiser", "facilitator", "projector", "kiosk"]
    label: Name = ""


class Link(Payload):
    """A link given out before."""

    link: Id


class UseLink(Payload):
    """What a visitor who holds a link sends, with the name the log will show."""

    token: str
    name: Name = ""


@command(*TEAM, gives="link", when_closed=True)
def invite(turn: Turn, ask: Invite) -> Answer:
    """Make a link that grants a role; only an organiser makes organisers."""
    role = Role(ask.role)
    if role is Role.ORGANISER and Role.ORGANISER not in turn.actor.roles:
        raise Refusal(Code.NOT_ALLOWED)
    row = turn.ledger.add(
        tables.link, role=role.value, label=ask.label, token_hash=fingerprint(turn.secret("link")),
        created_at=turn.now, revoked_at=None,
    )  # fmt: skip
    return {"id": row["id"]}


@command(Role.ORGANISER, when_closed=True)
def revoke_link(turn: Turn, ask: Link) -> None:
    """Take a link back, and what it granted; the last organiser's link stays."""
    row = turn.find(tables.link, ask.link)
    if row["role"] == Role.ORGANISER.value:
        others = [
            one for one in turn.ledger.rows_where(tables.link, role=Role.ORGANISER.value)
            if one["revoked_at"] is None and one["id"] != ask.link
        ]  # fmt: skip
        if not others:
            raise Refusal(Code.LAST_LINK)
    turn.ledger.set(tables.link, ask.link, revoked_at=turn.now)
    for grant in turn.ledger.rows_where(tables.grant, link_id=ask.link):
        if grant["revoked_at"] is None:
            turn.ledger.set(tables.grant, grant["id"], revoked_at=turn.now)
            if grant["device_id"]:
                turn.expels.add(grant["device_id"])
            if grant["participant_id"]:
                turn.touched.add(grant["participant_id"])
                theirs = turn.ledger.rows_where(tables.device, participant_id=grant["participant_id"])
                turn.expels |= {device["id"] for device in theirs}


@command(Role.VISITOR, Role.PARTICIPANT, Role.PROJECTOR, Role.KIOSK, *TEAM, gives="token", when_closed=True)
def use_link(turn: Turn, ask: UseLink) -> Answer:
    """Turn a link into a grant for this device; the answer's token is the device's key."""
    found = turn.ledger.rows_where(tables.link, token_hash=fingerprint(ask.token))
    if not found or found[0]["revoked_at"] is not None:
        raise Refusal(Code.LINK_REVOKED)
    link, token, person = found[0], turn.secret("token"), turn.actor.participant_id
    screen_only = link["role"] in {Role.PROJECTOR.value, Role.KIOSK.value}
    if person is None and not screen_only:
        row = turn.ledger.add(
            tables.participant, name=ask.name or link["label"], organisation="", listed=False, name_hidden=False,
            created_at=turn.now, joined_at=None,
        )  # fmt: skip
        person = str(row["id"])
    elif person is not None and ask.name:
        turn.ledger.set(tables.participant, person, name=ask.name)
    device = turn.ledger.add(
        tables.device, participant_id=person, token_hash=fingerprint(token),
        kind=link["role"] if screen_only else "laptop", created_at=turn.now, revoked_at=None,
    )  # fmt: skip
    turn.ledger.add(
        tables.grant, participant_id=None if screen_only else person, device_id=device["id"] if screen_only else None,
        role=link["role"], sheet_id=None, link_id=link["id"], created_at=turn.now, revoked_at=None,
    )  # fmt: skip
    return {"role": link["role"]}
