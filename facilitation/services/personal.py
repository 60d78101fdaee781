"""One person's own compte-rendu: the same book, of which only what is theirs is kept."""

from typing import Any

from facilitation.services.forum import Forum
from facilitation.services.proceedings import Part


def personal(made: Part, forum: Forum, me: dict[str, Any]) -> Part:
    """`made` with this person's topics, the workshops they had to do with, what they commit to; `me` is their own screen."""
    topics = {row["number"] for row in me["topics"]}
    writes = {row["id"] for row in me["sheets"]}
    chosen = set(me["workshops"]) | {row["workshop_id"] for row in forum.sheets if row["id"] in writes}
    numbers = {row["number"] for row in forum.workshops if row["id"] in chosen}
    kept = [row for row in made["topics"] if row["number"] in topics]
    numbers |= {row["outcome"]["workshop"] for row in kept}
    workshops = [row for row in made["workshops"] if row["number"] in numbers]
    engagements = _engagements(forum, me)
    promised = sum(len(one["items"]) for one in engagements)
    return {
        **made, "personal": {"name": me["name"], "topics": [_become(forum, row) for row in me["topics"]]},
        "topics": kept, "workshops": workshops, "engagements": engagements,
        "agenda": {**made["agenda"], "cells": [cell for cell in made["agenda"]["cells"] if cell["workshop"] in numbers]},
        "figures": {"topics": len(kept), "workshops": len(workshops), "engagements": promised},
        "opening": [], "closing": [], "people": [], "forum": {**made["forum"], "theme": [], "objectives": []},
    }  # fmt: skip


def _become(forum: Forum, topic: dict[str, Any]) -> Part:
    fate = topic["fate"]
    return {
        "number": topic["number"], "room": fate["room"], "with": [one["title"] for one in fate["with"]],
        "start": forum.instant(fate["start"]) if fate["start"] is not None else None,
    }  # fmt: skip


def _engagements(forum: Forum, me: dict[str, Any]) -> list[Part]:
    """Their own, in one piece; then those of others that they joined."""
    workshops = {row["id"]: row["number"] for row in forum.workshops}
    mine, joined = {row["id"] for row in me["engagements"]}, set(me["pledges"])
    own: list[Part] = []
    others: list[Part] = []
    for row in forum.shown_engagements():
        item = {"text": row["text"], "workshop": workshops.get(row["workshop_id"]), "joined": row["with"]}
        if row["id"] in mine:
            own.append(item)
        elif row["id"] in joined:
            others.append({"person": row["name"] or None, "organisation": row["from"], "items": [item]})
    return [*([{"person": me["name"] or None, "organisation": "", "items": own}] if own else []), *others]
