"""The phone: one screen that follows the day by itself; and the door, for those who have not joined."""

from typing import Any

from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.services.screens.agenda import agenda_items, cell_items
from facilitation.services.screens.around import around_items, next_data, stage
from facilitation.services.screens.ballot import ballot_items, late_items, result_items
from facilitation.services.screens.claims import claim_items, curtain_items, scene
from facilitation.services.screens.engagements import engage_item, engaged_item
from facilitation.services.screens.reading import digest_items
from facilitation.services.screens.talks import speaking_items
from facilitation.services.screens.wall import propose_item, topic_data, wall_items


def now_item(forum: Forum) -> Item:
    """Where the day is: its thread, the moment's name, what follows."""
    moment, here = forum.moment, stage(forum)
    ahead = {"past": False, "now": False}
    thread = []
    for row in forum.moments:
        if row["skipped"] and row is not moment:
            continue
        is_past = moment is not None and row["position"] < moment["position"]
        thread.append({**ahead, "title": row["title"], "past": is_past, "now": row is moment})
    ends = forum.instant(moment["start"] + moment["minutes"]) if moment and here == "vote" else None
    data = {
        "stage": here, "kind": moment["kind"] if moment else "", "title": moment["title"] if moment else "",
        "thread": thread, "next": next_data(forum), "until": ends, "closed": forum.is_closed,
        "scene": scene(forum).value,
    }  # fmt: skip
    return Item("now", "now", order(0), "now", data)


def people_item(forum: Forum) -> Item:
    """How many have taken a seat; it stands in the ring."""
    return Item("people", "people", order(0), "people", {"count": forum.joined})


def calm_items(forum: Forum) -> list[Item]:
    """What can already be done while nothing is asked."""
    moment = forum.moment
    kind = MomentKind(moment["kind"]) if moment else None
    data: dict[str, Any] = {
        "forum": forum.event["slug"], "kind": kind.value if kind else "", "next": next_data(forum),
        "moment": moment["id"] if moment and kind and kind.has_notes() else None,
        "topics": bool(forum.topics), "workshops": bool(forum.workshops), "sheets": bool(forum.sheets),
        "engagements": bool(forum.engagements), "theme": forum.event["theme"] if kind in {None, MomentKind.WELCOME} else "",
    }  # fmt: skip
    items = [Item("calm", "calm", order(0), "calm", data)]
    if kind in {None, MomentKind.WELCOME}:
        items.append(people_item(forum))
    return items


def closing_items(forum: Forum) -> list[Item]:
    """The compte-rendu to take home; while the forum is open, somebody still takes notes, and then late sheets have their way."""
    moment = forum.moment
    notes = moment["id"] if moment and MomentKind(moment["kind"]).has_notes() and not forum.is_closed else None
    closed = forum.is_closed
    data = {"forum": forum.event["slug"], "closed": closed, "moment": notes, "late": closed and forum.takes_sheets}
    return [Item("closing", "closing", order(0), "closing", data)]


STAGE_ITEMS = {
    "calm": calm_items,
    "topics": lambda forum: [*wall_items(forum), propose_item(forum)],
    "vote": lambda forum: [*ballot_items(forum), *late_items(forum)],
    "results": lambda forum: [*result_items(forum), *late_items(forum)],
    "claim": claim_items,
    "curtain": curtain_items,
    "agenda": agenda_items,
    "digests": lambda forum: [*speaking_items(forum), *digest_items(forum)],
    "circle": lambda forum: [engaged_item(forum), engage_item(forum)],
    "closing": closing_items,
}


@screen("phone", Role.PARTICIPANT, Role.FACILITATOR)
def phone(forum: Forum, argument: str) -> list[Item]:
    """Whatever the moment asks of a person in the room."""
    return [*around_items(forum), now_item(forum), *STAGE_ITEMS[stage(forum)](forum)]


@screen("entry", Role.VISITOR)
def entry(forum: Forum, argument: str) -> list[Item]:
    """The door: how many are in, and where the day is."""
    data = {"title": forum.moment["title"] if forum.moment else "", "next": next_data(forum),
            "closed": forum.is_closed, "paused": forum.event["joining_paused"]}  # fmt: skip
    return [people_item(forum), Item("moment", "moment", order(0), "moment", data)]


@screen("topic", Role.PARTICIPANT, Role.FACILITATOR, takes_argument=True)
def topic(forum: Forum, argument: str) -> list[Item]:
    """One topic by its number, and the free cells its author may take. Raises NO_SCREEN."""
    found = next((row for row in forum.topics if str(row["number"]) == argument), None)
    if found is None:
        raise Refusal(Code.NO_SCREEN)
    items = around_items(forum)
    if found["state"] == "shown":
        data = {**topic_data(found), "votes": found["votes"] if forum.results_shown else None, "whole": True}
        items.append(Item(f"topic-{found['id']}", "topic", order(0), "topic", data))
        items += cell_items(forum, found) if found["workshop"] is None else []
    return items
