"""The history of a sheet, for those who write it: its versions, what one held, and going back to it."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from facilitation.domain.history import Version
from facilitation.domain.late import takes_sheets
from facilitation.domain.sheets import Block, plain_lines
from facilitation.services.aside import aside
from facilitation.services.house import House
from facilitation.store import history as kept
from facilitation.store.columns import Row
from facilitation.store.engine import reading
from facilitation.store.reading import all_people
from facilitation.web.pages.seat import seated
from facilitation.web.pages.sheets import by_reference, reading_address
from facilitation.web.render import screen_page
from facilitation.web.visitors import house
from facilitation.web.words import hour

history = Blueprint("history", __name__)


@history.get("/f/<slug>/fiche/<sheet_id>/historique")
def every(slug: str, sheet_id: str) -> str | Response:
    """The versions of a sheet, the newest first; `version` shows one."""
    event, actor = seated(slug)
    forum = house().forum(event["id"])
    row = by_reference(forum, sheet_id)
    if not actor.is_team() and row["id"] not in actor.sheets:
        return redirect(reading_address(slug, row), 303)
    shown, content, notes, gone = request.args.get("version", type=int), None, [], []
    found = aside(_versions, house(), row["id"])[::-1]
    with house().reading() as connection:
        names = {one["id"]: one["name"] for one in all_people(connection, event["id"], _writers(found)) if not one["name_hidden"]}
        if shown is not None:
            if all(one.number != shown for one in found):
                abort(404)
            then = kept.document_at(connection, row["id"], shown)
            content, notes = then.read(), then.notes()
            _, today = house().documents.at(connection, row["id"])
            now = {*plain_lines(forum.contents[row["id"]]), *_lines(today.notes())}
            gone = [line for line in [*plain_lines(content), *_lines(notes)] if line not in now]
    hours = _hours(found, event)
    listed = [{"number": one.number, "at": at, "names": [names[who] for who in one.writers if names.get(who)]}
              for one, at in zip(found, hours, strict=True)]  # fmt: skip
    return screen_page(
        "pages/history.html", event, actor, "around", sheet=row, versions=listed, content=content, notes=notes, gone=gone,
        open=takes_sheets(event, house().clock()),
        chosen=next((one for one in listed if one["number"] == shown), None),
    )  # fmt: skip


def _versions(house: House, sheet_id: str) -> list[Version]:
    with reading(house.apart) as connection:
        return house.histories.versions_of(connection, sheet_id)


def _lines(notes: list[Block]) -> list[str]:
    return plain_lines({"preamble": notes, "sections": []})


def _writers(found: Iterable[Version]) -> list[str]:
    return sorted({who for one in found for who in one.writers})


def _hours(found: list[Version], event: Row) -> list[str]:
    """When each was written, to the second where several are of one minute."""
    times = [one.at.astimezone(ZoneInfo(event["timezone"])) for one in found]
    words = [hour(at.hour * 60 + at.minute) for at in times]
    exact = [f"{said}\u00a0{at.second:02}\u00a0s" for said, at in zip(words, times, strict=True)]
    return [precise if words.count(said) > 1 else said for said, precise in zip(words, exact, strict=True)]
