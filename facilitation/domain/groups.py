"""Grouping: only with every author's agreement, and a refusal is final."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from facilitation.domain.topics import Visibility


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


def answered(
    owners: Iterable[tuple[str, str | None]], said: Mapping[str, Say], whose: Mapping[str, str | None]
) -> dict[str, Say]:
    """What each author (id, person) has answered: a person answers once, for all their topics of a grouping, those they came to
    carry later too. `said` is answers by author, `whose` those authors' persons."""
    by_person = {person: answer for author, answer in said.items() if (person := whose.get(author))}
    found = {author: said.get(author) or (by_person.get(person) if person else None) for author, person in owners}
    return {author: answer for author, answer in found.items() if answer}


def fewest(topics: Iterable[Visibility]) -> bool:
    """Whether enough of a grouping's topics are still there to be read together."""
    return sum(1 for state in topics if state is not Visibility.WITHDRAWN) >= 2


def kept_apart(refusals: Iterable[tuple[str, frozenset[str]]], together: Iterable[str]) -> bool:
    """Whether a refusal keeps two of these topics apart; each is the refusing author's topic, and those it did not join."""
    chosen = frozenset(together)
    return any(own in chosen and bool(others & chosen) for own, others in refusals)


def weight(per_person: Mapping[str, int], cap: int) -> int:
    """A group's weight: for each ballot that touches any member, its dots there, capped as one topic's would be.

    A vote of interest has a cap of 1, so that each person weighs 1.
    """
    return sum(min(count, cap) for count in per_person.values())
