"""The demonstration's people: they join, and each does what they do in their own name."""

import secrets
from dataclasses import dataclass
from typing import Any

from gevent.pool import Pool

from facilitation.domain.roles import Actor
from facilitation.services.house import House
from facilitation.store.identity import VISITOR

AT_ONCE = 40


@dataclass
class Cast:
    """Everybody in the room: those who gave a name by their name, all of them in order, and the team."""

    house: House
    event_id: str
    team: Actor
    everybody: list[Actor]
    named: dict[str, Actor]

    def do(self, actor: Actor, name: str, /, **payload: Any) -> dict[str, Any]:
        """Carry out a command."""
        return perform(self.house, self.event_id, actor, name, payload)

    def all_at_once(self, acts: list[tuple[Actor, str, dict[str, Any]]]) -> None:
        """Carry out many commands, which then share their flushes."""
        Pool(AT_ONCE).map(lambda act: perform(self.house, self.event_id, *act), acts)

    def person(self, name: str, otherwise: int = -1) -> Actor:
        """Somebody by name; those who gave none are taken from the end of the row."""
        return self.named.get(name) or self.everybody[otherwise]


def perform(house: House, event_id: str, actor: Actor, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    """One command with an operation id of its own."""
    return house.dispatch.perform(event_id, actor, name, secrets.token_hex(16), payload).answer


def gather(house: House, event_id: str, token: str, names: dict[str, str], count: int) -> Cast:
    """The organiser enters by the link, then everybody joins, `count` in all."""
    used = perform(house, event_id, VISITOR, "use_link", {"token": token, "name": ""})
    team = house.actor(event_id, used["token"])
    people = [*names.items(), *[("", "")] * (count - len(names))]

    def join(person: tuple[str, str]) -> Actor:
        joined = perform(house, event_id, VISITOR, "join", {"name": person[0], "organisation": person[1]})
        return house.actor(event_id, joined["token"])

    everybody = list(Pool(AT_ONCE).map(join, people))
    return Cast(house, event_id, team, everybody, dict(zip(names, everybody, strict=False)))
