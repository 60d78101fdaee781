"""Every module that enters verbs or screens into a table, imported so that the tables are full."""

from facilitation.services import (
    claims,
    editions,
    engagements,
    events,
    groups,
    history,
    layout,
    links,
    merging,
    moments,
    participants,
    photos,
    pictures,
    remarks,
    rooms,
    rounds,
    sheets,
    talks,
    templates,
    timetabling,
    topics,
    votes,
    wishes,
    workshops,
)
from facilitation.services.screens import agenda, around, cockpit, phone, projector, reading, wall
from facilitation.services.screens import remarks as remarks_screen

LOADED = (
    participants, pictures, links, events, moments, topics, groups, rounds, votes, rooms, workshops, claims, timetabling, merging,
    talks, sheets, history, templates, remarks, photos, engagements, layout, editions, wishes,
    agenda, around, cockpit, phone, projector, reading, remarks_screen, wall,
)  # fmt: skip
