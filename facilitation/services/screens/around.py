"""What every page of a phone shows besides its own content: the call to plenary, the team's message, where the day is."""

from typing import Any

from facilitation.domain.claims import Scene
from facilitation.domain.moments import MomentKind
from facilitation.domain.roles import Role
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen

STAGES = {
    MomentKind.TOPICS: "topics",
    MomentKind.MARKET: "agenda",
    MomentKind.WORKSHOPS: "agenda",
    MomentKind.RESTITUTION: "digests",
    MomentKind.CIRCLE: "circle",
    MomentKind.CLOSING: "closing",
}

SCENES = {Scene.CLAIMING: "claim", Scene.BLANK: "curtain", Scene.REVEALED: "agenda"}


def stage(forum: Forum) -> str:
    """What a phone shows now: calm, topics, vote, results, claim, curtain, agenda, digests, circle or closing."""
    if forum.is_closed:
        return "closing"
    if forum.event["claiming"]:
        return SCENES[Scene(forum.event["claiming"])]
    if forum.kind is MomentKind.VOTE:
        if forum.round is None:
            return "topics"
        return "vote" if forum.round["state"] == "open" else "results"
    return STAGES.get(forum.kind, "calm") if forum.kind else "calm"


def next_data(forum: Forum) -> dict[str, Any] | None:
    """What comes next and at which minute of the day."""
    following = forum.next_moment
    return {"title": following["title"], "start": following["start"]} if following else None


def around_items(forum: Forum) -> list[Item]:
    """The call and the message that cover every page, and the way back to the moment."""
    event, moment = forum.event, forum.moment
    items = [
        Item("elsewhere", "elsewhere", order(0), "elsewhere", {
            "forum": event["slug"], "stage": stage(forum), "title": moment["title"] if moment else "",
            "next": next_data(forum), "closed": forum.is_closed,
        })
    ]  # fmt: skip
    if event["plenary"]:
        items.append(Item("call", "banner", order(0), "call", {"place": event["place"]}))
    if event["announcement"]:
        at = event["announced_at"]
        data = {"text": event["announcement"], "at": at.isoformat() if at else None}
        items.append(Item("message", "notice", order(0), "message", data))
    return items


@screen("around", Role.PARTICIPANT, Role.FACILITATOR, Role.RAPPORTEUR)
def around(forum: Forum, argument: str) -> list[Item]:
    """A page with nothing shared of its own."""
    return around_items(forum)
