"""Who is told what became of their topic: its authors, whenever its workshop, its place or the day moves."""

from facilitation.services.table import when_changed
from facilitation.services.topics import touch_authors
from facilitation.services.turn import Turn
from facilitation.store import tables


@when_changed(tables.workshop, tables.workshop_topic, tables.room, tables.moment, tables.event)
def tell_authors(turn: Turn) -> None:
    """The authors of a workshop that changed; of every workshop where hours or rooms did; of every topic where the day moved."""
    rows = turn.ledger.rows
    if any(row["t"] == "event" and row["a"] and {"moment_id", "state", "claiming"} & row["a"].keys() for row in rows):
        for author in turn.ledger.rows_where(tables.author, gone=""):
            if author["participant_id"]:
                turn.touched.add(author["participant_id"])
        return
    if turn.ledger.changed & {"room", "moment"}:
        born = turn.ledger.rows_where(tables.workshop_topic)
    else:
        moved = {row["id"] for row in rows if row["t"] == "workshop"}
        born = [row for one in sorted(moved) for row in turn.ledger.rows_where(tables.workshop_topic, workshop_id=one)]
    for row in born:
        touch_authors(turn, row["topic_id"])
