"""The cockpit's vote: how far it is, its result once it may be read, and which topics become workshops."""

from dataclasses import dataclass
from typing import Any

from facilitation.domain.topics import Visibility, colour
from facilitation.domain.votes import RoundState, ranks, retained, tie_at_edge
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.store.columns import Row


@dataclass(frozen=True)
class Choice:
    """What is kept or not as one: a topic, or the topics of an agreed grouping, whose dots are read together."""

    lead: Row
    title: str
    numbers: list[int]
    votes: int


def vote_part(forum: Forum) -> list[Item]:
    """The round, the choices in their order, the late topics."""
    items = [Item("round", "round", order(0), "cockpit_round", _round(forum)), *_more(forum)]
    if forum.round is None:
        return items
    listed = {one.lead["id"]: one for one in choices(forum)}
    shown, can_keep = forum.results_shown, forum.round["state"] != RoundState.OPEN.value
    kept = set(_kept(forum, list(listed.values()))) if shown else set()
    rank = ranks({topic: one.votes for topic, one in listed.items()}) if shown else {}

    def line(lead: Row) -> Item:
        one, topic = listed[lead["id"]], lead["id"]
        data = {
            "topic": topic, "title": one.title, "numbers": one.numbers, "colour": colour(one.numbers[0]),
            "votes": one.votes if shown else None, "rank": rank.get(topic), "kept": topic in kept,
            "workshop": lead["workshop"]["number"] if lead["workshop"] else None, "can_keep": can_keep,
        }  # fmt: skip
        return Item(f"result-{topic}", "results", order(rank.get(topic, 0), one.numbers[0]), "cockpit_result", data)

    leads = [one.lead for one in listed.values()]
    # Once counts are shown, what is kept and the ranks of groupings hang on all of them.
    items += [line(lead) for lead in leads] if shown else forum.each("cockpit-choices", can_keep, leads, line)
    return items + [
        Item(f"late-{row['id']}", "late", order(row["number"]), "cockpit_late", _late(row)) for row in late_topics(forum)
    ]


def choices(forum: Forum) -> list[Choice]:
    """What the round chooses among, in the order proposed."""
    found: list[Choice] = []
    seen: set[str] = set()
    for topic in forum.topics:
        if topic["id"] not in forum.candidates or topic["id"] in seen or topic["state"] != Visibility.SHOWN.value:
            continue
        group = topic["group"]
        together = group["topics"] if group else [topic]
        seen |= {row["id"] for row in together}
        title = (group["title"] if group else "") or topic["title"]
        votes = group["votes"] if group else topic["votes"]
        found.append(Choice(topic, title, [row["number"] for row in together], votes or 0))
    return found


def late_topics(forum: Forum) -> list[Row]:
    """Topics proposed after the vote opened, while it is open."""
    if forum.round is None or forum.round["state"] != RoundState.OPEN.value:
        return []
    return [row for row in forum.shown_topics() if row["id"] not in forum.candidates]


def to_keep(forum: Forum) -> int:
    """How many topics the closed vote still asks to keep; 0 while it is open or once that was done."""
    if forum.round is None or forum.round["state"] == RoundState.OPEN.value:
        return 0
    if any(row["state"] == "planned" for row in forum.workshops):
        return 0
    return len(_kept(forum, choices(forum)))


def _kept(forum: Forum, listed: list[Choice]) -> list[str]:
    counts = {one.lead["id"]: one.votes for one in listed}
    numbers = {one.lead["id"]: one.numbers[0] for one in listed}
    chosen = retained(counts, numbers, *((forum.round["keep"], forum.round["threshold"]) if forum.round else (0, 1)))
    has_workshop = {one.lead["id"] for one in listed if one.lead["workshop"]}
    return [topic for topic in chosen if topic not in has_workshop]


def _round(forum: Forum) -> dict[str, Any]:
    event, found = forum.event, forum.round
    about = {**_rules(forum), "mode": event["mode"], "voters": forum.voters, "joined": forum.joined}
    if found is None:
        return {
            **about, "state": "none", "number": 0, "kept": 0, "tie": 0, "tie_votes": 0, "shown": False,
            "topics": len(forum.shown_topics()), "papers": 0,
        }  # fmt: skip
    listed = choices(forum)
    counts = {one.lead["id"]: one.votes for one in listed}
    tie = tie_at_edge(counts, found["keep"], found["threshold"]) if forum.results_shown else 0
    edge = sorted(counts.values(), reverse=True)[found["keep"] - 1] if tie else 0
    return {
        **about, "state": found["state"], "number": found["number"], "kept": len(_kept(forum, listed)), "tie": tie,
        "tie_votes": edge, "shown": forum.results_shown, "topics": len(forum.candidates), "papers": len(forum.papers),
    }  # fmt: skip


def _rules(forum: Forum) -> dict[str, Any]:
    """By what rules people vote: the round's own while there is one, else those of the next."""
    event, found = forum.event, forum.round
    dots, cap = forum.allowed
    own = found or event
    return {
        "ballot": found["mode"] if found else event["ballot"], "dots": dots, "cap": cap, "keep": own["keep"],
        "threshold": own["threshold"], "live": own["live_results"], "strength": event["strength"],
        "next": {key: event[key] for key in ("ballot", "dots", "cap", "keep", "threshold", "live_results")},
    }  # fmt: skip


def _more(forum: Forum) -> list[Item]:
    """Paper ballots, printed codes, former rounds."""
    event, found = forum.event, forum.round
    items = []
    if found is not None:
        is_open = found["state"] == RoundState.OPEN.value
        papers = [{"paper": row["id"], "number": row["number"], "numbers": row["numbers"], "by": row["entered_by"]}
                  for row in forum.papers]  # fmt: skip
        dots, cap = forum.allowed
        data = {"open": is_open, "papers": papers, "dots": dots, "cap": cap}
        items.append(Item("papers", "papers", order(0), "cockpit_papers", data))
    used = sum(1 for row in forum.codes if row["used_at"] is not None)
    codes = {"strength": event["strength"], "made": len(forum.codes), "used": used, "listed": len(forum.electors)}
    items.append(Item("strength", "strength", order(0), "cockpit_strength", {
        **codes, "joined": forum.joined, "expected": event["expected"], "paused": event["joining_paused"],
        "at_kiosk": forum.at_kiosk,
    }))  # fmt: skip
    numbers = {row["id"]: row["number"] for row in forum.topics}
    for former in forum.rounds[:-1]:
        best = sorted(former["counts"].items(), key=lambda one: (-one[1], numbers[one[0]]))[:5]
        data = {"number": former["number"], "state": former["state"], "voters": former["voters"],
                "best": [{"number": numbers[topic], "votes": votes} for topic, votes in best]}  # fmt: skip
        items.append(Item(f"former-{former['id']}", "former", order(former["number"]), "cockpit_former", data))
    return items


def _late(topic: Row) -> dict[str, Any]:
    return {
        "topic": topic["id"],
        "number": topic["number"],
        "colour": colour(topic["number"]),
        "title": topic["title"],
        "authors": topic["authors"],
    }
