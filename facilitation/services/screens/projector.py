"""The projector: one scene at a time, chosen by the moment the day is at."""

from typing import Any, cast

from facilitation.domain.claims import Scene
from facilitation.domain.moments import MomentKind
from facilitation.domain.roles import Role
from facilitation.domain.sheets import Block, text_of
from facilitation.domain.votes import RoundState
from facilitation.markdown import blocks
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, claims, order, screen
from facilitation.services.screens import projector_lists as lists
from facilitation.store.columns import Row

LAYOUTS = {
    MomentKind.WELCOME: "welcome", MomentKind.PLENARY: "stage", MomentKind.BREAK: "stage", MomentKind.MEAL: "stage",
    MomentKind.CIRCLE: "circle", MomentKind.CLOSING: "closing",
}  # fmt: skip
LISTS = {
    MomentKind.TOPICS: lists.wall, MomentKind.VOTE: lists.vote, MomentKind.MARKET: lists.agenda,
    MomentKind.WORKSHOPS: lists.workshops, MomentKind.RESTITUTION: lists.talks, MomentKind.CIRCLE: lists.engagements,
}  # fmt: skip
PAUSES = frozenset({MomentKind.BREAK, MomentKind.MEAL})
# Where the projector turns through what workshops have written up.
NEWS_WALL = PAUSES | {MomentKind.PLENARY}
UNTIMED = frozenset({MomentKind.WELCOME, MomentKind.RESTITUTION, MomentKind.CIRCLE, MomentKind.CLOSING})
THEME_MOST = 220


@screen("projector", Role.PROJECTOR, Role.FACILITATOR, Role.ORGANISER)
def projector(forum: Forum, argument: str) -> list[Item]:
    """What the room looks at."""
    if (played := claims.scene(forum)) is not Scene.OFF:
        night = played is Scene.BLANK
        day = {"scene": "claim", "layout": "claim", "night": night, "claim": played.value}
        return [Item("day", "day", "0", "projector_day", day), *_over(forum), *claims.projector_items(forum)]
    scene = scene_of(forum)
    news = lists.news(forum, _resumes(forum) if scene in PAUSES else None) if scene in NEWS_WALL else []
    layout = "list" if news else LAYOUTS.get(scene, "list")
    day = {"scene": scene.value, "layout": layout, "night": scene is MomentKind.CIRCLE, "claim": ""}
    items = [Item("day", "day", "0", "projector_day", day), *_over(forum)]
    if layout in {"welcome", "closing"}:
        items += _people(forum)
    if layout == "closing":
        items.append(Item("thanks", "thanks", "0", "projector_thanks", _figures(forum)))
    if layout == "stage":
        items.append(_stage(forum, scene))
    if scene in LISTS:
        items += LISTS[scene](forum)
    return items + news + _timer(forum, scene)


def scene_of(forum: Forum) -> MomentKind:
    """The moment to show: results stay until the agenda has something to say."""
    if forum.is_closed:
        return MomentKind.CLOSING
    kind = forum.kind or MomentKind.WELCOME
    if kind is MomentKind.VOTE and forum.round is None:
        return MomentKind.TOPICS
    counted = forum.round is not None and forum.round["state"] != RoundState.OPEN.value and forum.voters > 0
    if kind is MomentKind.MARKET and counted and not any(row["state"] == "planned" for row in forum.workshops):
        return MomentKind.VOTE
    return kind


def _over(forum: Forum) -> list[Item]:
    """What covers the scene, or stands beneath it: the team's calls."""
    event = forum.event
    items = []
    if event["announcement"]:
        items.append(Item("message", "message", "0", "projector_message", {"text": event["announcement"]}))
    if event["plenary"]:
        items.append(Item("plenary-call", "over", order(1), "projector_plenary_call", {}))
    if event["blank"]:
        items.append(Item("blank", "over", order(2), "projector_blank", {}))
    return items


def _people(forum: Forum) -> list[Item]:
    event = forum.event
    items = [
        Item("title", "title", "0", "projector_title", {"title": event["title"], "size": _size(event["title"])}),
        Item("people", "people", "0", "projector_people", {"count": forum.joined}),
    ]
    if event["wifi_name"]:
        wifi = {"name": event["wifi_name"], "password": event["wifi_password"]}
        items.append(Item("wifi", "wifi", "0", "projector_wifi", wifi))
    return items


def _size(title: str) -> str:
    """How large a title may stand beside the code, by its length."""
    return "short" if len(title) <= 40 else "middle" if len(title) <= 80 else "long"


def _figures(forum: Forum) -> dict[str, int]:
    return {
        "topics": len([row for row in forum.topics if row["state"] == "shown"]),
        "workshops": len([row for row in forum.workshops if row["state"] == "planned"]),
        "engagements": len(forum.shown_engagements()),
    }


def _stage(forum: Forum, scene: MomentKind) -> Item:
    moment = forum.moment
    assert moment is not None
    if scene is MomentKind.PLENARY:
        theme = _opening_of(forum.event["theme"])
        data = {"title": moment["title"], "forum": forum.event["title"], "size": _size(forum.event["title"]), "theme": theme}
        return Item("stage", "stage", "0", "projector_plenary", data)
    coming, resumes = forum.next_moment, _resumes(forum)
    data = {
        "title": moment["title"], "resumes": resumes, "at": forum.instant(resumes), "next": coming["title"] if coming else "",
    }  # fmt: skip
    return Item("stage", "stage", "0", "projector_pause", data)


def _resumes(forum: Forum) -> int:
    assert forum.moment is not None
    return int(forum.next_moment["start"]) if forum.next_moment else _end(forum.moment)


def _opening_of(theme: str) -> str:
    """The theme's first words, where they are few enough for a wall."""
    first = next((text_of(cast("Block", block)) for block in blocks(theme)), "")
    return first if len(first) <= THEME_MOST else ""


def _timer(forum: Forum, scene: MomentKind) -> list[Item]:
    moment = forum.moment
    if moment is None or scene in UNTIMED or LAYOUTS.get(scene) == "stage":
        return []
    data: dict[str, Any] = {"end": _end(moment), "until": forum.instant(_end(moment)), "minutes": moment["minutes"]}
    return [Item("timer", "timer", "0", "projector_timer", data)] if data["until"] else []


def _end(moment: Row) -> int:
    return int(moment["start"] + moment["minutes"])
