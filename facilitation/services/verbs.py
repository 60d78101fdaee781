"""Every module that enters verbs or screens into a table, imported so that the tables are full."""

from facilitation.services import (
    attendance,
    authors,
    cards,
    claims,
    devices,
    editions,
    engagements,
    events,
    fates,
    groups,
    history,
    hosts,
    layout,
    links,
    merging,
    moments,
    participants,
    photos,
    pictures,
    pitches,
    presence,
    remarks,
    rooms,
    rounds,
    seats,
    sheets,
    talks,
    templates,
    timetabling,
    topics,
    votes,
    wishes,
    workshops,
)
from facilitation.services.screens import agenda, around, cockpit, doors, phone, projector, reading, wall
from facilitation.services.screens import remarks as remarks_screen
from facilitation.services.screens import seats as seats_screen

LOADED = (
    participants, pictures, links, events, moments, topics, groups, authors, cards, pitches, devices, rounds, votes, rooms, seats,
    workshops, attendance, hosts, claims, presence, fates, timetabling, talks, sheets, merging, history, templates, remarks,
    photos, engagements, layout, editions, wishes,
    agenda, around, cockpit, doors, phone, projector, reading, remarks_screen, seats_screen, wall,
)  # fmt: skip
