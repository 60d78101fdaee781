"""Who a token belongs to, and what they were granted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from facilitation.domain.roles import Actor, Role
from facilitation.store.columns import Row
from facilitation.store.secrets import fingerprint
from facilitation.store.tables import device, event, grant, link, participant

VISITOR = Actor("visitor", None, "", frozenset({Role.VISITOR}))


# Every message of every phone asks these: built once, they cost half.
_EVENT = select(event).where(event.c.slug == bindparam("slug"))
_HOLDER = (
    select(device.c.id, participant.c.id.label("person"), participant.c.name, participant.c.joined_at)
    .outerjoin(participant, participant.c.id == device.c.participant_id)
    .where(device.c.token_hash == bindparam("token"), device.c.event_id == bindparam("forum"), device.c.revoked_at.is_(None))
)
_GRANTED = select(grant.c.role, grant.c.sheet_id).where(
    grant.c.event_id == bindparam("forum"),
    grant.c.revoked_at.is_(None),
    or_(grant.c.device_id == bindparam("device"), grant.c.participant_id == bindparam("person")),
)
_HELD = select(grant.c.id).where(
    grant.c.event_id == bindparam("forum"),
    grant.c.sheet_id == bindparam("sheet"),
    or_(grant.c.device_id == bindparam("device"), grant.c.participant_id == bindparam("person")),
)


_HOLDERS = (
    select(device.c.token_hash, device.c.id, device.c.participant_id.label("person"), participant.c.name, participant.c.joined_at)
    .outerjoin(participant, participant.c.id == device.c.participant_id)
    .where(
        device.c.token_hash.in_(bindparam("tokens", expanding=True)), device.c.event_id == bindparam("forum"),
        device.c.revoked_at.is_(None),
    )
)  # fmt: skip
_GRANTED_TO = select(grant.c.role, grant.c.sheet_id, grant.c.device_id, grant.c.participant_id).where(
    grant.c.event_id == bindparam("forum"),
    grant.c.revoked_at.is_(None),
    or_(
        grant.c.device_id.in_(bindparam("devices", expanding=True)),
        grant.c.participant_id.in_(bindparam("people", expanding=True)),
    ),
)


def event_by_slug(connection: Connection, slug: str) -> Row | None:
    """The forum of a short address."""
    found = connection.execute(_EVENT, {"slug": slug}).mappings().first()
    return dict(found) if found is not None else None


def actor_by_token(connection: Connection, event_id: str, token: str) -> Actor:
    """The actor behind a device's token in this forum; a visitor when the token is nobody's here."""
    found = connection.execute(_HOLDER, {"token": fingerprint(token), "forum": event_id}).first()
    if found is None:
        return VISITOR
    granted = connection.execute(_GRANTED, {"forum": event_id, "device": found.id, "person": found.person}).all()
    return _actor(found, granted)


def actors_by_token(connection: Connection, event_id: str, tokens: list[str]) -> dict[str, Actor]:
    """The same for many tokens, in two questions; a few hundred at a time."""
    hashes = {fingerprint(token): token for token in tokens}
    found = connection.execute(_HOLDERS, {"tokens": list(hashes), "forum": event_id}).all()
    asked = {"forum": event_id, "devices": [row.id for row in found], "people": [row.person for row in found if row.person]}
    granted: dict[str, list[Any]] = {}
    for row in connection.execute(_GRANTED_TO, asked):
        for holder in {row.device_id, row.participant_id} - {None}:
            granted.setdefault(holder, []).append(row)
    holders = {
        hashes[row.token_hash]: _actor(row, [*granted.get(row.id, ()), *granted.get(row.person, ())]) for row in found
    }
    return {token: holders.get(token, VISITOR) for token in tokens}


def _actor(found: Any, granted: Sequence[Any]) -> Actor:
    roles = {role for row in granted for role in Role(row.role).implied()}
    if found.joined_at is not None:
        roles.add(Role.PARTICIPANT)
    sheets = frozenset(str(row.sheet_id) for row in granted if row.sheet_id)
    return Actor(found.id, found.person, found.name or "", frozenset(roles or {Role.VISITOR}), sheets)


def held_pen(connection: Connection, event_id: str, actor: Actor, sheet_id: str) -> bool:
    """Whether somebody writes a sheet, or once did."""
    asked = {"forum": event_id, "sheet": sheet_id, "device": actor.device_id, "person": actor.participant_id}
    return connection.execute(_HELD, asked).first() is not None


def link_by_token(connection: Connection, token: str) -> Row | None:
    """The capability link of a secret, with its forum's slug and title; None when unknown or revoked."""
    query = (
        select(link.c.role, link.c.label, event.c.slug, event.c.title, event.c.id.label("event_id"))
        .join(event, event.c.id == link.c.event_id)
        .where(link.c.token_hash == fingerprint(token), link.c.revoked_at.is_(None))
    )
    found = connection.execute(query).mappings().first()
    return dict(found) if found is not None else None


def demo_event(connection: Connection) -> Row | None:
    """The demonstration forum of this instance, if it has one."""
    found = connection.execute(
        select(event).where(event.c.is_demo).order_by(event.c.created_at.desc())
    ).mappings().first()
    return dict(found) if found is not None else None
