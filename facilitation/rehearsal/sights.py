"""When what one phone sent was seen on another: read back from what each watched phone heard."""

import re
from bisect import bisect_left
from collections import defaultdict
from typing import Any

from facilitation.rehearsal.day import Day
from facilitation.rehearsal.phone import Phone

COUNT = re.compile(r"(?:^|>)\s*(\d+)\s+gommettes?\b")
Fact = tuple[str, int]


def count_in(html: str) -> int | None:
    """The dots an item says its topic has; None where it says nothing."""
    found = COUNT.search(html)
    return int(found.group(1)) if found else None


def fresh(day: Day) -> list[float]:
    """Seconds from each topic's and each dot's due moment to its sight on every other watched phone."""
    known: dict[int, list[Fact]] = {}
    turns = _turns(day)
    found = []
    for phone in day.present:
        if not phone.screen.watched:
            continue
        arrivals, counts = _seen(phone, known)
        for _, author, sent in day.topics.values():
            at = arrivals.get(sent.result["id"])
            if author is not phone and at is not None:
                found.append(at - sent.due)
        for voter, sent, turn in turns:
            times, values = counts.get(sent.payload["topic"], ([], []))
            index = bisect_left(values, turn)
            if voter is not phone and index < len(times):
                found.append(times[index] - sent.due)
    return found


def _turns(day: Day) -> list[tuple[Phone, Any, int]]:
    """Each dot with how many dots its topic had once it was kept: dots are only added, in the order of the log."""
    counts: dict[str, int] = defaultdict(int)
    turns = []
    for phone, sent in sorted(day.votes, key=lambda vote: vote[1].answer["number"]):
        counts[sent.payload["topic"]] += 1
        turns.append((phone, sent, counts[sent.payload["topic"]]))
    return turns


def _seen(phone: Phone, known: dict[int, list[Fact]]) -> tuple[dict[str, float], dict[str, tuple[list[float], list[int]]]]:
    arrivals: dict[str, float] = {}
    counts: dict[str, tuple[list[float], list[int]]] = {}
    for at, news in phone.screen.heard:
        facts = known.setdefault(id(news), _facts(news))
        for topic, count in facts:
            arrivals.setdefault(topic, at)
            times, values = counts.setdefault(topic, ([], []))
            if count > (values[-1] if values else 0):
                times.append(at)
                values.append(count)
    return arrivals, counts


def _facts(news: dict[str, Any]) -> list[Fact]:
    """Counts said in whole items and in parts of them."""
    facts = []
    said = [(item["id"], item.get("html", "")) for item in news["put"]]
    said += [(item_id, parts.get("votes", "")) for item_id, parts in news.get("set", {}).items()]
    for item_id, html in said:
        kind, _, topic = item_id.partition("-")
        if kind in {"topic", "ballot"}:
            facts.append((topic, count_in(html) or 0))
    return facts
