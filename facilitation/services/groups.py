"""Grouping topics with their authors' agreement, asked on their phones or given aloud."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from facilitation.domain.groups import GroupState, Say, answered, fewest, kept_apart, standing
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import RoundState
from facilitation.services.payloads import Id, Ids, Line, Payload
from facilitation.services.table import Answer, after_undo, command
from facilitation.services.topics import authors, touch_authors
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row


class ProposeGroup(Payload):
    """Two topics or more; a title of its own is optional."""

    topics: Annotated[Ids, Field(max_length=30)]
    title: Line = ""


class OneGroup(Payload):
    """A grouping."""

    group: Id


class Spoken(Payload):
    """Of which author, and in which grouping, the agreement was given aloud."""

    group: Id
    author: Id


def members(turn: Turn, group_id: str) -> list[str]:
    """The topics of a grouping."""
    return [str(row["topic_id"]) for row in turn.ledger.rows_where(tables.member, group_id=group_id)]


def living_groups(turn: Turn) -> list[Row]:
    """Groupings proposed or agreed."""
    return [
        row for row in turn.ledger.rows_where(tables.topic_group)
        if row["state"] in {GroupState.PROPOSED.value, GroupState.AGREED.value}
    ]  # fmt: skip


@command(*ROOM)
def propose_group(turn: Turn, ask: ProposeGroup) -> Answer:
    """Ask the authors of look-alike topics whether they join; whoever asks has agreed for their own."""
    chosen = list(dict.fromkeys(ask.topics))
    if len(chosen) < 2:
        raise Refusal(Code.GROUP_TOO_SMALL)
    for topic_id in chosen:
        if turn.find(tables.topic, topic_id)["state"] != Visibility.SHOWN.value:
            raise Refusal(Code.TOPIC_GONE)
    owners = [one for topic_id in chosen for one in authors(turn, topic_id)]
    mine = [one for one in owners if one["participant_id"] and one["participant_id"] == turn.actor.participant_id]
    if not mine and not turn.actor.is_team():
        raise Refusal(Code.TOPIC_NOT_YOURS)
    _check_unsealed(turn, chosen)
    taken = {topic_id for group in living_groups(turn) for topic_id in members(turn, group["id"])}
    if taken & set(chosen):
        raise Refusal(Code.ALREADY_GROUPED)
    if kept_apart(_refusals(turn, {one["id"] for one in mine}), chosen):
        raise Refusal(Code.REFUSAL_FINAL)
    group = turn.ledger.add(
        tables.topic_group, title=ask.title, state=GroupState.PROPOSED.value, created_at=turn.now,
        proposed_by=turn.actor.participant_id or "",
    )  # fmt: skip
    for topic_id in chosen:
        turn.ledger.add(tables.member, group_id=group["id"], topic_id=topic_id)
    for one in mine:
        _answer(turn, group["id"], one["id"], Say.AGREED, spoken=False)
    _settle(turn, group["id"])
    return {"id": group["id"]}


@command(*ROOM)
def agree_group(turn: Turn, ask: OneGroup) -> None:
    """Agree, as an author, that one's topic joins."""
    _answer_mine(turn, ask.group, Say.AGREED)


@command(*ROOM)
def refuse_group(turn: Turn, ask: OneGroup) -> None:
    """Refuse, as an author; nobody can record the contrary afterwards."""
    _answer_mine(turn, ask.group, Say.REFUSED)


@command(*TEAM)
def record_agreement(turn: Turn, ask: Spoken) -> None:
    """Record an agreement given aloud by an author who has not answered."""
    _open_group(turn, ask.group)
    if ask.author not in {one["id"] for one in _owners(turn, ask.group)}:
        raise Refusal(Code.NOT_FOUND)
    known = answers_of(turn, ask.group).get(ask.author)
    if known:
        raise Refusal(Code.REFUSAL_FINAL if known is Say.REFUSED else Code.GROUP_SETTLED)
    _answer(turn, ask.group, ask.author, Say.AGREED, spoken=True)
    _settle(turn, ask.group)


@command(*TEAM, undoable=True)
def split_group(turn: Turn, ask: OneGroup) -> None:
    """Take a grouping apart: each topic is exactly what it was, votes and all."""
    group = turn.find(tables.topic_group, ask.group)
    if group["state"] not in {GroupState.PROPOSED.value, GroupState.AGREED.value}:
        raise Refusal(Code.GROUP_SETTLED)
    _check_unsealed(turn, members(turn, ask.group))
    turn.ledger.set(tables.topic_group, ask.group, state=GroupState.SPLIT.value)
    _touch(turn, ask.group)


@after_undo
def topics_join_one_group(turn: Turn) -> None:
    """A grouping put together again takes no topic another one has taken since, and waits for nobody who withdrew theirs."""
    living = living_groups(turn)
    together = [members(turn, group["id"]) for group in living]
    taken = [topic_id for inside in together for topic_id in inside]
    if len(taken) != len(set(taken)) or not all(fewest(_states(turn, inside)) for inside in together):
        raise Refusal(Code.CHANGED_SINCE)
    regrouped = {row["id"] for row in turn.ledger.rows if row["t"] == tables.topic_group.name}
    for group_id in regrouped:
        _check_unsealed(turn, members(turn, group_id))
    for group in living:
        if not is_sealed(turn, members(turn, group["id"])):
            _settle(turn, group["id"])


def is_sealed(turn: Turn, topic_ids: Iterable[str]) -> bool:
    """Whether one of these was on a sealed ballot, and so stays as it was read then."""
    chosen = set(topic_ids)
    return any(
        chosen & {row["topic_id"] for row in turn.ledger.rows_where(tables.candidate, round_id=found["id"])}
        for found in turn.ledger.rows_where(tables.round_, state=RoundState.SEALED.value)
    )


def _check_unsealed(turn: Turn, topic_ids: Iterable[str]) -> None:
    """Raises ROUND_SEALED."""
    if is_sealed(turn, topic_ids):
        raise Refusal(Code.ROUND_SEALED)


def _states(turn: Turn, topic_ids: list[str]) -> list[Visibility]:
    return [Visibility(turn.find(tables.topic, topic_id)["state"]) for topic_id in topic_ids]


def _owners(turn: Turn, group_id: str) -> list[Row]:
    """The authors of a grouping's topics; those who withdrew theirs have nothing left to say."""
    inside = members(turn, group_id)
    standing_topics = [
        topic_id for topic_id, state in zip(inside, _states(turn, inside), strict=True) if state is not Visibility.WITHDRAWN
    ]
    return [one for topic_id in standing_topics for one in authors(turn, topic_id)]


def settle(turn: Turn, group: Row) -> None:
    """A living grouping after a topic or an author came or left: apart when too few topics remain, else as its authors said.

    It waits for whoever comes to carry one of its topics, so that the order of coming and agreeing does not matter.
    """
    if not fewest(_states(turn, members(turn, group["id"]))):
        turn.ledger.set(tables.topic_group, group["id"], state=GroupState.SPLIT.value)
        _touch(turn, group["id"])
    else:
        _settle(turn, group["id"])


def _refusals(turn: Turn, but: set[str]) -> list[tuple[str, frozenset[str]]]:
    """Which topic does not join which others; an author who changes their mind (`but`) may ask anew."""
    said = [row for row in turn.ledger.rows_where(tables.agreement, answer=Say.REFUSED.value) if row["author_id"] not in but]
    return [
        (turn.find(tables.author, row["author_id"])["topic_id"], frozenset(members(turn, row["group_id"]))
         - {turn.find(tables.author, row["author_id"])["topic_id"]})
        for row in said
    ]  # fmt: skip


def _open_group(turn: Turn, group_id: str) -> Row:
    group = turn.find(tables.topic_group, group_id)
    if group["state"] == GroupState.REFUSED.value:
        raise Refusal(Code.REFUSAL_FINAL)
    if group["state"] != GroupState.PROPOSED.value:
        raise Refusal(Code.GROUP_SETTLED)
    _check_unsealed(turn, members(turn, group_id))
    return group


def _answer_mine(turn: Turn, group_id: str, said: Say) -> None:
    _open_group(turn, group_id)
    mine = [one for one in _owners(turn, group_id) if one["participant_id"] and one["participant_id"] == turn.person]
    if not mine:
        raise Refusal(Code.NOT_YOUR_GROUP)
    # One answer a person: what they said before for a topic they carry no longer says the same.
    answered_for = {row["author_id"] for row in turn.ledger.rows_where(tables.agreement, group_id=group_id)}
    before = {author for author in answered_for if turn.find(tables.author, author)["participant_id"] == turn.person}
    for author in {one["id"] for one in mine} | before:
        _answer(turn, group_id, author, said, spoken=False)
    _settle(turn, group_id)


def _answer(turn: Turn, group_id: str, author_id: str, said: Say, *, spoken: bool) -> None:
    known = turn.ledger.rows_where(tables.agreement, group_id=group_id, author_id=author_id)
    if known:
        turn.ledger.set(tables.agreement, known[0]["id"], answer=said.value, spoken=spoken)
    else:
        turn.ledger.add(tables.agreement, group_id=group_id, author_id=author_id, answer=said.value, spoken=spoken)


def _settle(turn: Turn, group_id: str) -> None:
    said = _said(turn, group_id)
    answers = answers_of(turn, group_id)
    # Of whoever stepped back since, a refusal stays.
    refused = {author: answer for author, answer in said.items() if answer is Say.REFUSED}
    state = standing([one["id"] for one in _owners(turn, group_id)], {**answers, **refused})
    turn.ledger.set(tables.topic_group, group_id, state=state.value)
    _touch(turn, group_id)


def answers_of(turn: Turn, group_id: str) -> dict[str, Say]:
    """What each of its authors has answered, by the id of the author."""
    said = _said(turn, group_id)
    whose = {author: turn.find(tables.author, author)["participant_id"] for author in said}
    return answered([(one["id"], one["participant_id"]) for one in _owners(turn, group_id)], said, whose)


def _said(turn: Turn, group_id: str) -> dict[str, Say]:
    return {row["author_id"]: Say(row["answer"]) for row in turn.ledger.rows_where(tables.agreement, group_id=group_id)}


def _touch(turn: Turn, group_id: str) -> None:
    for topic_id in members(turn, group_id):
        touch_authors(turn, topic_id)
