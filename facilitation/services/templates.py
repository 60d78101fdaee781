"""The templates sheets start from: ready-made ones, and those organisers write."""

from typing import Annotated

from pydantic import Field

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.domain.templates import MOST_SECTIONS, READY, Heading, finished
from facilitation.services.payloads import Chosen, Id, Key, Line, Payload, Title
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables


class Part(Payload):
    """A section; an empty key is new. Keys beginning with `synthese` are the parts of the synthesis, always last."""

    key: Key = ""
    title: Line = ""
    prompt: Line = ""
    optional: bool = False


class SaveTemplate(Payload):
    """A template, whole; without id a new one."""

    template: Chosen = None
    name: Title
    sections: Annotated[list[Part], Field(max_length=MOST_SECTIONS)] = []


class OneTemplate(Payload):
    """A template of the organisers' own."""

    template: Id


class Choice(Payload):
    """`forum-ouvert`, `questions`, `restitution`, or the id of a template of the organisers' own."""

    name: Key


@command(Role.ORGANISER, undoable=True)
def save_template(turn: Turn, ask: SaveTemplate) -> Answer:
    """Write a template, or change one; sheets already begun keep their sections."""
    sections = finished([_heading(one) for one in ask.sections], turn.event["language"])
    if ask.template:
        turn.find(tables.template, ask.template)
        turn.ledger.set(tables.template, ask.template, name=ask.name, sections=sections, removed=False)
        return {"id": ask.template}
    row = turn.ledger.add(tables.template, name=ask.name, sections=sections, removed=False, created_at=turn.now)
    return {"id": row["id"]}


@command(Role.ORGANISER, undoable=True)
def remove_template(turn: Turn, ask: OneTemplate) -> None:
    """Take a template away; sheets begun from it stay."""
    turn.find(tables.template, ask.template)
    turn.ledger.set(tables.template, ask.template, removed=True)
    if turn.event["template"] == ask.template:
        turn.set_event(template="")


@command(Role.ORGANISER, undoable=True)
def choose_template(turn: Turn, ask: Choice) -> None:
    """Say which template the sheets to come start from."""
    if ask.name not in READY:
        known = turn.ledger.row(tables.template, ask.name)
        if known is None or known["removed"]:
            raise Refusal(Code.NOT_FOUND)
    turn.set_event(template=ask.name)


def _heading(part: Part) -> Heading:
    return {"key": part.key, "title": part.title, "prompt": part.prompt, "optional": part.optional}
