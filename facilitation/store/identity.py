"""Who a token belongs to, and what they were granted."""

from sqlalchemy import Connection, or_, select

from facilitation.domain.roles import Actor, Role
from facilitation.store.columns import Row
from facilitation.store.secrets import fingerprint
from facilitation.store.tables import device, event, grant, link, participant

VISITOR = Actor("visitor", None, "", frozenset({Role.VISITOR}))


def event_by_slug(connection: Connection, slug: str) -> Row | None:
    """The forum of a short address."""
    found = connection.execute(select(event).where(event.c.slug == slug)).mappings().first()
    return dict(found) if found is not None else None


def actor_by_token(connection: Connection, event_id: str, token: str) -> Actor:
    """The actor behind a device's token in this forum; a visitor when the token is nobody's here."""
    query = select(device).where(device.c.token_hash == fingerprint(token), device.c.event_id == event_id)
    found = connection.execute(query).mappings().first()
    if found is None or found["revoked_at"] is not None:
        return VISITOR
    person = None
    if found["participant_id"]:
        person = connection.execute(select(participant).where(participant.c.id == found["participant_id"])).mappings().one()
    holder = [grant.c.device_id == found["id"]]
    if person is not None:
        holder.append(grant.c.participant_id == person["id"])
    granted = connection.execute(
        select(grant.c.role, grant.c.sheet_id).where(grant.c.event_id == event_id, grant.c.revoked_at.is_(None), or_(*holder))
    ).all()
    roles = {role for row in granted for role in Role(row.role).implied()}
    if person is not None and person["joined_at"] is not None:
        roles.add(Role.PARTICIPANT)
    sheets = frozenset(str(row.sheet_id) for row in granted if row.sheet_id)
    name = str(person["name"]) if person is not None else ""
    return Actor(found["id"], person["id"] if person is not None else None, name, frozenset(roles or {Role.VISITOR}), sheets)


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
