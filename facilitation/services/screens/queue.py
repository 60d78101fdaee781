"""The queue for the microphone as screens show it: who speaks, who comes next, until when."""

from datetime import timedelta
from typing import Any

from facilitation.domain.talks import TalkState
from facilitation.domain.topics import Visibility, colour
from facilitation.services.forum import Forum
from facilitation.store.columns import Row


def queue(forum: Forum) -> list[Row]:
    """Topics whose authors wait for the microphone, in their order."""
    waiting = [row for row in _pitched(forum) if row["pitch"]["state"] == TalkState.WAITING.value]
    return sorted(waiting, key=lambda row: row["pitch"]["place"])


def at_microphone(forum: Forum) -> Row | None:
    """The topic whose authors speak now."""
    return next((row for row in _pitched(forum) if row["pitch"]["state"] == TalkState.ON.value), None)


def heard(forum: Forum) -> list[Row]:
    """Topics already announced, the last one last."""
    done = [row for row in _pitched(forum) if row["pitch"]["state"] == TalkState.DONE.value]
    return sorted(done, key=lambda row: row["pitch"]["ended_at"])


def pitch_data(topic: Row) -> dict[str, Any]:
    """What everybody may know of an announcement."""
    return {
        "topic": topic["id"], "number": topic["number"], "colour": colour(topic["number"]), "title": topic["title"],
        "authors": topic["authors"],
    }  # fmt: skip


def pitch_timer(forum: Forum, topic: Row) -> dict[str, Any]:
    """Until when the microphone is theirs: `until` in UTC, out of `seconds`."""
    seconds = int(forum.event["pitch_seconds"])
    return {"until": (topic["pitch"]["started_at"] + timedelta(seconds=seconds)).isoformat(), "seconds": seconds}


def place_of(forum: Forum, topic: Row) -> dict[str, Any] | None:
    """For its authors: whether they speak, or how many speak before them; none where they do not wait."""
    if topic["pitch"] is None or topic["state"] != Visibility.SHOWN.value:
        return None
    if topic["pitch"]["state"] == TalkState.ON.value:
        return {"on": True, "before": 0}
    line = [row["id"] for row in queue(forum)]
    if topic["id"] not in line:
        return None
    return {"on": False, "before": line.index(topic["id"]) + (at_microphone(forum) is not None)}


def _pitched(forum: Forum) -> list[Row]:
    return [row for row in forum.shown_topics() if row["pitch"] is not None]
