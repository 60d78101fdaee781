"""The restitution as screens show it: who speaks, who comes next, until when."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from facilitation.domain.moments import MomentKind
from facilitation.domain.talks import TalkState, share
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.store.columns import Row

SHARED_OUT = 30


def line(forum: Forum) -> list[Row]:
    """Planned workshops in the order they speak."""
    planned = [row for row in forum.workshops if row["state"] == "planned"]
    return sorted(planned, key=lambda row: (row["talk"]["place"], row["number"]))


def state_of(workshop: Row) -> TalkState:
    """Where a workshop is in the restitution."""
    return TalkState(workshop["talk"]["state"])


def speaking(forum: Forum) -> Row | None:
    """The workshop that has the floor."""
    return next((row for row in line(forum) if state_of(row) is TalkState.ON), None)


def minutes_of(forum: Forum, workshop: Row) -> int:
    """A workshop's own time, else its share of the moment, in minutes."""
    own = int(workshop["talk"]["minutes"])
    if own:
        return own
    several = [row for row in forum.moments if row["kind"] == MomentKind.RESTITUTION.value and not row["skipped"]]
    moment = forum.moment if forum.kind is MomentKind.RESTITUTION else next(iter(several), None)
    # Asked of each workshop: counted, not put in line.
    passed = TalkState.PASSED.value
    speakers = sum(1 for row in forum.workshops if row["state"] == "planned" and row["talk"]["state"] != passed)
    return share(moment["minutes"] if moment else SHARED_OUT, speakers)


def timer_data(forum: Forum, workshop: Row) -> dict[str, Any]:
    """Until when a workshop has the floor: `until` in UTC, `end` in minutes of the forum's day."""
    minutes = minutes_of(forum, workshop)
    ends = workshop["talk"]["started_at"] + timedelta(minutes=minutes)
    local = ends.astimezone(ZoneInfo(forum.event["timezone"]))
    return {"until": ends.isoformat(), "end": local.hour * 60 + local.minute, "minutes": minutes}


def talk_data(workshop: Row) -> dict[str, Any]:
    """What everybody may know of a workshop's turn."""
    return {
        "workshop": workshop["id"], "number": workshop["number"], "colour": workshop["colour"], "title": workshop["title"],
        "speaker": workshop["talk"]["shown"],
    }  # fmt: skip


def speaking_items(forum: Forum) -> list[Item]:
    """For phones: who presents now."""
    found = speaking(forum)
    if found is None:
        return []
    data = {**talk_data(found), "forum": forum.event["slug"], "sheet": bool(found["sheet"])}
    return [Item("speaking", "digests", order(0), "speaking", data)]
