"""The pages, a module per noun."""

from flask import Blueprint

from facilitation.web.pages.agenda import agenda
from facilitation.web.pages.capabilities import capabilities
from facilitation.web.pages.cards import cards
from facilitation.web.pages.cockpit import cockpit
from facilitation.web.pages.demo import demo
from facilitation.web.pages.editions import editions
from facilitation.web.pages.engagements import engagements
from facilitation.web.pages.history import history
from facilitation.web.pages.instance import instance
from facilitation.web.pages.kiosk import kiosk
from facilitation.web.pages.layout import layout
from facilitation.web.pages.me import me
from facilitation.web.pages.office import office
from facilitation.web.pages.organisation import organisation
from facilitation.web.pages.phone import phone
from facilitation.web.pages.photos import photos
from facilitation.web.pages.proceedings import proceedings
from facilitation.web.pages.projector import projector
from facilitation.web.pages.room_codes import room_codes
from facilitation.web.pages.rooms import rooms
from facilitation.web.pages.sheets import sheets
from facilitation.web.pages.templates import templates
from facilitation.web.pages.timetable import timetable
from facilitation.web.pages.topics import topics
from facilitation.web.pages.voting import voting
from facilitation.web.pages.watching import watching

BLUEPRINTS: tuple[Blueprint, ...] = (
    watching, cockpit, demo, instance, editions, proceedings, projector, office, organisation, layout, templates, capabilities,
    agenda, engagements, me, rooms, room_codes, photos, sheets, history, topics, voting, timetable, cards, kiosk, phone,
)  # fmt: skip
