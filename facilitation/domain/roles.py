"""Roles are grants that add up: one device may write, vote and run the day."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a device may do. `VISITOR` is anybody who can read the public page."""

    VISITOR = "visitor"
    PARTICIPANT = "participant"
    RAPPORTEUR = "rapporteur"
    PROJECTOR = "projector"
    KIOSK = "kiosk"
    SEAT = "seat"
    FACILITATOR = "facilitator"
    ORGANISER = "organiser"

    def implied(self) -> frozenset["Role"]:
        """An organiser may do what a facilitator does; nobody else inherits."""
        if self is Role.ORGANISER:
            return frozenset({self, Role.FACILITATOR})
        return frozenset({self})


TEAM = frozenset({Role.FACILITATOR, Role.ORGANISER})
ROOM = frozenset({Role.PARTICIPANT}) | TEAM


@dataclass(frozen=True)
class Actor:
    """Who asks: a device, the person behind it if any, and what they were granted. `scope` keys operation ids."""

    device_id: str
    participant_id: str | None
    name: str
    roles: frozenset[Role]
    sheets: frozenset[str] = field(default_factory=frozenset)

    @property
    def scope(self) -> str:
        """Operation ids are unique within this."""
        return self.participant_id or self.device_id

    def is_team(self) -> bool:
        """Facilitators and organisers."""
        return bool(self.roles & TEAM)


CONSOLE = Actor("console", None, "", frozenset(Role))
