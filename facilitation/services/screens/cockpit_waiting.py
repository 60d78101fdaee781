"""What waits for the facilitator, in the order it should be seen to."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from facilitation.domain.moments import MomentKind
from facilitation.domain.topics import Candidacy, Visibility, colour
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.cockpit_grid import planned_workshops, unplaced
from facilitation.services.screens.cockpit_sheets import has_begun, has_synthesis, is_over
from facilitation.services.screens.cockpit_vote import late_topics, to_keep
from facilitation.services.screens.cockpit_wall import group_data, living, silent
from facilitation.store.columns import Row

Wait = tuple[str, dict[str, Any]]
# More of one kind than this, and they are one line with a way to them all.
MOST = 4
# And so many are named in it, for whoever goes or calls.
MOST_TOLD = 12
FIRST = {MomentKind.WELCOME, MomentKind.PLENARY, MomentKind.TOPICS}


def waiting_items(forum: Forum) -> list[Item]:
    """Each thing once, the most pressing first, and how many there are."""
    waits = [one for kind in _kinds(forum) for one in kind(forum)]
    rows = [
        Item(f"wait-{key}", "waiting", order(place), "cockpit_wait", {"about": key.partition("-")[0], **data})
        for place, (key, data) in enumerate(waits)
    ]
    return [Item("wait-count", "wait-count", order(0), "cockpit_count", {"count": len(rows)}), *rows]


def _kinds(forum: Forum) -> tuple[Callable[[Forum], Iterator[Wait]], ...]:
    """What can still be seen to: once the forum is closed sheets at most, and the post."""
    if not forum.is_closed:
        return (_held, _notes, _groups, _joining, _vote, _agenda, _doubles, _sheets, _post)
    return (_notes, _sheets, _post) if forum.takes_sheets else (_post,)


def _held(forum: Forum) -> Iterator[Wait]:
    for name, rows in (("topics", forum.topics), ("engagements", forum.engagements), ("remarks", forum.remarks)):
        count = sum(1 for row in rows if row["state"] == Visibility.HELD.value)
        if count:
            yield f"held{name}", {"count": count}


def _notes(forum: Forum) -> Iterator[Wait]:
    current = forum.moment
    if current is None or not MomentKind(current["kind"]).has_notes():
        return
    if not any(sheet["moment_id"] == current["id"] and sheet["pens"] for sheet in forum.sheets):
        yield f"notes-{current['id']}", {"moment": current["id"], "title": current["title"]}


def _groups(forum: Forum) -> Iterator[Wait]:
    for group in living(forum):
        mute = silent(group)
        if mute:
            yield f"group-{group['id']}", {**group_data(group), "silent": mute}


def _joining(forum: Forum) -> Iterator[Wait]:
    """Who would carry a topic none of whose authors has a phone to answer on."""
    for topic in forum.shown_topics():
        if not any(one["participant_id"] for one in topic["owners"]):
            for one in topic["candidacies"]:
                if one["state"] == Candidacy.ASKED.value:
                    yield f"joining-{one['id']}", {**_topic(topic), "candidacy": one["id"], "name": one["name"]}


def _vote(forum: Forum) -> Iterator[Wait]:
    late = late_topics(forum)
    if len(late) > MOST:
        yield "lates", {"count": len(late)}
    for topic in late if len(late) <= MOST else []:
        yield f"late-{topic['id']}", _topic(topic)
    if count := to_keep(forum):
        yield "keep", {"count": count}


def _agenda(forum: Forum) -> Iterator[Wait]:
    if forum.kind in FIRST:
        return
    rows = unplaced(forum)
    if rows and not forum.rooms:
        yield "rooms", {"count": len(rows)}
    elif len(rows) > 1:
        yield "places", {"count": len(rows), "numbers": [row["number"] for row in rows]}
    for row in rows if len(rows) == 1 and forum.rooms else []:
        yield f"place-{row['id']}", _workshop(row)


def _doubles(forum: Forum) -> Iterator[Wait]:
    """Whoever hosts or writes in two workshops of one slot; named only where both already say the name."""
    placed = [row for row in planned_workshops(forum) if row["slot"] and row["slot"]["ended_at"] is None]
    for one, other in combinations(placed, 2):
        if set(one["taken"]) & set(other["taken"]) and one["parts"] & other["parts"]:
            names = sorted(_names(one) & _names(other))
            yield f"double-{one['id']}-{other['id']}", {**_workshop(one), "other": other["number"], "name": (names or [""])[0]}


def _names(workshop: Row) -> set[str]:
    return {*workshop["hosts"], *(workshop["sheet"]["rapporteurs"] if workshop["sheet"] else [])}


def _sheets(forum: Forum) -> Iterator[Wait]:
    begun = [row for row in planned_workshops(forum) if has_begun(forum, row)]
    mute = [row for row in begun if row["sheet"] is None or not row["sheet"]["pens"]]
    unfinished = [row for row in begun if row not in mute and is_over(forum, row) and not has_synthesis(forum, row)]
    if len(mute) > MOST:
        yield "pens", {"count": len(mute), "told": [{**_workshop(row), "names": row["hosts"]} for row in mute[:MOST_TOLD]]}
    for row in mute if len(mute) <= MOST else []:
        yield f"pen-{row['id']}", {**_workshop(row), "over": is_over(forum, row)}
    if len(unfinished) > MOST:
        told = [{**_workshop(row), "names": row["sheet"]["rapporteurs"]} for row in unfinished[:MOST_TOLD]]
        yield "syntheses", {"count": len(unfinished), "told": told}
    for row in unfinished if len(unfinished) <= MOST else []:
        sheet = row["sheet"]
        about = {"sheet": sheet["id"], "writers": sheet["rapporteurs"], "nudged": sheet["nudged"]}
        yield f"synthesis-{row['id']}", {**_workshop(row), **about}


def _post(forum: Forum) -> Iterator[Wait]:
    """The mail server does not answer, and people wait for the compte-rendu."""
    mute = [row for row in forum.wishes if row["state"] == "waiting" and row["tries"]]
    if mute:
        yield "post", {"count": len(mute)}


def _topic(row: Row) -> dict[str, Any]:
    return {"topic": row["id"], "number": row["number"], "colour": colour(row["number"]), "title": row["title"]}


def _workshop(row: Row) -> dict[str, Any]:
    return {
        "workshop": row["id"], "number": row["number"], "colour": row["colour"], "title": row["title"],
        "room": row["room"]["name"] if row["room"] else "",
    }  # fmt: skip
