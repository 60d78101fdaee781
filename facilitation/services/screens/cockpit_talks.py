"""The cockpit's restitution: who has the floor, who comes next, and the order with its speakers and times."""

from typing import Any

from facilitation.domain.moments import MomentKind
from facilitation.domain.talks import TalkState
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.talks import line, minutes_of, speaking, state_of, talk_data, timer_data
from facilitation.store.columns import Row


def talks_part(forum: Forum) -> list[Item]:
    """The floor while the restitution lasts; the order at any moment, so that it can be prepared."""
    rows = line(forum)
    on = forum.kind is MomentKind.RESTITUTION
    if not rows:
        return []
    items = [
        Item(f"talk-{row['id']}", "talks", order(place), "cockpit_talk", {
            **_data(forum, row), "on": on, "first": place == 0, "last": place == len(rows) - 1,
        })
        for place, row in enumerate(rows)
    ]  # fmt: skip
    names = sorted({row["name"] for row in forum.people if row["name"] and not row["name_hidden"]}, key=str.casefold)
    items.append(Item("talk-names", "talk-names", order(0), "cockpit_names", {"names": names}))
    return [*items, Item("podium", "podium", order(0), "cockpit_podium", _podium(forum, rows))] if on else items


def _data(forum: Forum, workshop: Row) -> dict[str, Any]:
    now = speaking(forum)
    return {
        **talk_data(workshop), "state": state_of(workshop).value, "minutes": minutes_of(forum, workshop),
        "own": workshop["talk"]["minutes"], "leaving": now["id"] if now else "",
    }  # fmt: skip


def _podium(forum: Forum, rows: list[Row]) -> dict[str, Any]:
    now = speaking(forum)
    here = rows.index(now) + 1 if now else 0
    coming = next((row for row in rows[here:] + rows[:here] if state_of(row) is TalkState.WAITING), None)
    before = [row for row in rows if state_of(row) is TalkState.DONE]
    last = max(before, key=lambda row: row["talk"]["ended_at"], default=None)
    return {
        "now": {**_data(forum, now), **timer_data(forum, now)} if now else None,
        "next": talk_data(coming) if coming else None,
        "back": talk_data(last) if last else None,
        "heard": len(before),
    }
