"""The cockpit's queue for the microphone, while topics are proposed."""

from facilitation.domain.moments import MomentKind
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.queue import at_microphone, heard, pitch_data, pitch_timer, queue


def queue_part(forum: Forum) -> list[Item]:
    """Who speaks, who comes next, who has spoken last; the waiting line in its order."""
    if forum.kind is not MomentKind.TOPICS or not forum.shown_topics():
        return []
    now, line, done = at_microphone(forum), queue(forum), heard(forum)
    data = {
        "now": {**pitch_data(now), **pitch_timer(forum, now)} if now else None,
        "line": [pitch_data(row) for row in line],
        "back": pitch_data(done[-1]) if done else None,
        "heard": len(done),
        "left": sum(1 for row in forum.shown_topics() if row["pitch"] is None),
        "seconds": forum.event["pitch_seconds"],
    }
    return [Item("queue", "podium", order(0), "cockpit_queue", data)]
