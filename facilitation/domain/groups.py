"""Grouping: only with every author's agreement, and a refusal is final."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class GroupState(StrEnum):
    """Where a grouping stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    SPLIT = "split"


class Say(StrEnum):
    """What an author answered."""

    AGREED = "agreed"
    REFUSED = "refused"


def standing(authors: Iterable[str], answers: Mapping[str, Say]) -> GroupState:
    """Refused by one is refused; agreed by all is agreed; else the grouping waits."""
    if Say.REFUSED in answers.values():
        return GroupState.REFUSED
    if all(answers.get(author) is Say.AGREED for author in authors):
        return GroupState.AGREED
    return GroupState.PROPOSED


def weight(per_person: Mapping[str, int], cap: int) -> int:
    """A group's dots: for each ballot that touches any member, its dots there, capped as one topic's would be."""
    return sum(min(count, cap) for count in per_person.values())
