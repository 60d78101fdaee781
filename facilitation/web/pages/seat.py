"""Pages for those who are in: whoever is not yet is shown the door, and never joined by reading."""

from flask import abort, redirect

from facilitation.domain.roles import Actor, Role
from facilitation.store.columns import Row
from facilitation.web.visitors import enter

INSIDE = frozenset({Role.PARTICIPANT, Role.FACILITATOR, Role.RAPPORTEUR})


def seated(slug: str) -> tuple[Row, Actor]:
    """The forum and who asks; others are sent to the door. Raises NO_FORUM."""
    event, actor = enter(slug)
    if not actor.roles & INSIDE:
        abort(redirect(f"/f/{slug}", 303))
    return event, actor
