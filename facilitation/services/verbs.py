"""Every module that enters verbs or screens into a table, imported so that the tables are full."""

from facilitation.services import (
    engagements,
    events,
    groups,
    links,
    moments,
    participants,
    pictures,
    sheets,
    topics,
    votes,
    workshops,
)
from facilitation.services.screens import agenda, around, cockpit, phone, projector, reading, wall

LOADED = (
    participants, pictures, links, events, moments, topics, groups, votes, workshops, sheets, engagements,
    agenda, around, cockpit, phone, projector, reading, wall,
)  # fmt: skip
