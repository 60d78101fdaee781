"""Every module that enters verbs or screens into a table, imported so that the tables are full."""

from facilitation.services import (
    engagements,
    events,
    groups,
    links,
    moments,
    participants,
    sheets,
    topics,
    votes,
    workshops,
)
from facilitation.services.screens import wall

LOADED = (participants, links, events, moments, topics, groups, votes, workshops, sheets, engagements, wall)
