"""Plays steps in a world, and keeps on its own what must be true of it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from facilitation.domain.refusals import Refusal
from facilitation.store.columns import Row
from tests.histories.steps import PEOPLE, UNDOABLE, Step
from tests.histories.worlds import CAP, World

LIVING = {"proposed", "agreed"}


class Broken(Exception):
    """Something that must always hold did not."""


@dataclass
class Player:
    """Plays steps in a world and keeps, on its own, what must be true: who proposed what, and whose dots lie where."""

    world: World
    ids: dict[str, str] = field(default_factory=dict)
    carried: dict[str, set[int]] = field(default_factory=dict)
    left: dict[str, set[int]] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    dots: list[tuple[int, str]] = field(default_factory=list)
    accepted: list[Step] = field(default_factory=list)
    acts: dict[str, Step] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)

    def open(self) -> None:
        """Four topics, then the vote."""
        for index in range(PEOPLE):
            self.step(Step(index, "propose", f"t{index}"))
        self.world.perform(-1, "open_vote", {})
        self.accepted.clear()

    def step(self, step: Step) -> bool:
        """Whether it was accepted."""
        try:
            made = self._ask(step)
        except (Refusal, KeyError):
            return False
        self.ids[step.own] = made
        self.accepted.append(step)
        self._carry(step)
        if step.what == "vote":
            self.dots.append((step.who, step.about[0]))
        elif step.what == "unvote":
            self.dots.remove((step.who, step.about[0]))
        return True

    def _carry(self, step: Step) -> None:
        """Who carries what, kept on its own."""
        if step.what == "propose":
            self.carried[step.own], self.left[step.own] = {step.who}, set()
        elif step.what == "let":
            self._in(step.about[1], step.whom)
        elif step.what == "add":
            self._in(step.about[0], step.whom)
        elif step.what == "drop":
            self.carried[step.about[0]].discard(step.whom)
        elif step.what == "undo" and step.about[0] in self.acts:
            act = self.acts[step.about[0]]
            there = self.carried[act.about[0]]
            (there.discard if act.what == "add" else there.add)(act.whom)
            # Somebody the team had written down after they left is, once that is undone, somebody who left.
            if act.what == "add" and act.own in self.again:
                self.left[act.about[0]].add(act.whom)
        elif step.what == "withdraw":
            self._withdraw(step.about[0], step.who)
        if step.what in {"add", "drop"}:
            self.acts[step.own] = step

    def _in(self, topic: str, whom: int) -> None:
        self.carried[topic].add(whom)
        self.left[topic].discard(whom)

    def _withdraw(self, topic: str, who: int) -> None:
        self.carried[topic].discard(who)
        self.left[topic].add(who)
        if not self.carried[topic]:
            self.withdrawn.add(topic)
            self.carried[topic], self.left[topic] = self.left[topic], set()

    def _ask(self, step: Step) -> str:
        if step.what == "undo":
            return self.world.undo(self.ids[step.about[0]])
        named = [self.ids[name] for name in step.about if name in self.ids]
        if len(named) < len(step.about):
            raise KeyError(step.about)
        command, payload = ASKED[step.what](named)
        if step.what == "aloud":
            payload["author"] = self._author(named[1], step.whom)
        if step.what == "propose":
            payload = {"title": step.own}
        if step.what == "let":
            payload["candidacy"] = self._candidacy(named[1], step.whom)
        if step.what == "add":
            payload["participant"] = next(person for person, index in self._people().items() if index == step.whom)
            if step.whom in self.left[step.about[0]]:
                self.again.add(step.own)
        if step.what == "drop":
            payload["author"] = self._author(named[0], step.whom)
        if step.what in UNDOABLE:
            self._both_ways(step, command, payload)
        return self.world.perform(step.who, command, payload)

    def _author(self, topic: str, whom: int) -> str:
        """The id of an author of a topic. Raises KeyError where they carry it no more."""
        found = [row["id"] for row in self.world.rows("author")
                 if row["topic_id"] == topic and not row["gone"] and self._person(row) == whom]  # fmt: skip
        if not found:
            raise KeyError(topic)
        return str(found[0])

    def _candidacy(self, topic: str, whom: int) -> str:
        found = [row["id"] for row in self.world.rows("candidacy") if row["topic_id"] == topic and self._person(row) == whom]
        if not found:
            raise KeyError(topic)
        return str(found[0])

    def _both_ways(self, step: Step, command: str, payload: dict[str, Any]) -> None:
        """The act, its undo and the undo of that, each exact to the row; then back, for the act to be done for good."""
        before = self.world.state()
        act = self.world.perform(step.who, command, payload)
        after = self.world.state()
        back = self.world.undo(act)
        expect("undo", self.world.state(), before)
        again = self.world.undo(back)
        expect("undo of the undo", self.world.state(), after)
        self.world.undo(again)

    def reading(self) -> dict[str, Any]:
        """All there is, by names that do not depend on the order things came in."""
        names = {made: own for own, made in self.ids.items()}
        topics = {row["id"]: row for row in self.world.rows("topic")}
        authors = {row["id"]: (names[row["topic_id"]], self._person(row)) for row in self.world.rows("author")}
        groups = {row["id"]: row for row in self.world.rows("topic_group")}
        return {
            "topics": sorted((names[row["id"]], row["title"], row["state"]) for row in topics.values()),
            "authors": sorted(authors[row["id"]] for row in self.world.rows("author") if not row["gone"]),
            "groups": sorted((names[group], row["state"]) for group, row in groups.items()),
            "members": sorted((names[row["group_id"]], names[row["topic_id"]]) for row in self.world.rows("member")),
            "answers": sorted({
                (names[row["group_id"]], authors[row["author_id"]][1], row["answer"], row["spoken"])
                for row in self.world.rows("agreement")
            }),
            "candidates": sorted(names[row["topic_id"]] for row in self.world.rows("candidate")),
            "dots": self._dots(names),
            "voters": sorted((names[group], found) for group, found in self.world.voters().items()),
        }  # fmt: skip

    def _people(self) -> dict[str, int]:
        actors = self.world.actors  # type: ignore[attr-defined]
        return {str(actor.participant_id): index for index, actor in enumerate(actors)}

    def _person(self, row: Row) -> int:
        return self._people()[row["participant_id"]]

    def _dots(self, names: dict[str, str]) -> list[tuple[int, str]]:
        people = self._people()
        holder = {row["ballot_id"]: people[row["participant_id"]] for row in self.world.rows("ballot_holder")}
        return sorted((holder[row["ballot_id"]], names[row["topic_id"]]) for row in self.world.rows("vote"))

    def check(self, found: dict[str, Any]) -> None:
        """Voters distinct and exact, no author and no title lost, a topic in one living grouping at most."""
        expect("dots", found["dots"], sorted(self.dots))
        expect("authors", found["authors"], sorted((topic, who) for topic, people in self.carried.items() for who in people))
        expect("titles", [title for _, title, _ in found["topics"]], sorted(self.carried))
        inside: dict[str, set[str]] = {group: set() for group, _ in found["groups"]}
        for group, topic in found["members"]:
            inside[group].add(topic)
        for group, (voters, total) in found["voters"]:
            held = Counter(who for who, topic in self.dots if topic in inside[group] - self.withdrawn)
            expect("voters", (voters, total), (len(held), sum(min(count, CAP) for count in held.values())))
        living = [topic for group, state in found["groups"] if state in LIVING for topic in inside[group]]
        expect("one grouping a topic", len(living), len(set(living)))
        for group, state in found["groups"]:
            self._check_answers(group, state, inside[group], found["answers"])

    def _check_answers(self, group: str, state: str, inside: set[str], answers: list[Any]) -> None:
        """Agreed exactly when everybody who carries one of its topics now has agreed; a refusal is final, whoever leaves."""
        said = {who: answer for one, who, answer, _ in answers if one == group}
        if "refused" in said.values():
            expect("a refusal is final", state, "refused")
        elif state in LIVING:
            asked = {who for topic in inside - self.withdrawn for who in self.carried[topic]}
            expect("all agreed", state == "agreed", all(said.get(one) == "agreed" for one in asked))


ASKED: dict[str, Any] = {
    "propose": lambda _: ("propose_topic", {}),
    "group": lambda ids: ("propose_group", {"topics": ids}),
    "agree": lambda ids: ("agree_group", {"group": ids[0]}),
    "refuse": lambda ids: ("refuse_group", {"group": ids[0]}),
    "aloud": lambda ids: ("record_agreement", {"group": ids[0]}),
    "split": lambda ids: ("split_group", {"group": ids[0]}),
    "vote": lambda ids: ("place_dot", {"topic": ids[0]}),
    "unvote": lambda ids: ("lift_dot", {"topic": ids[0]}),
    "withdraw": lambda ids: ("withdraw_topic", {"topic": ids[0]}),
    "hide": lambda ids: ("hide_topic", {"topic": ids[0]}),
    "late": lambda ids: ("add_to_ballot", {"topic": ids[0]}),
    "ask": lambda ids: ("ask_authorship", {"topic": ids[0]}),
    "let": lambda _: ("answer_authorship", {"accept": True}),
    "add": lambda ids: ("add_author", {"topic": ids[0]}),
    "drop": lambda _: ("drop_author", {}),
}


def expect(what: str, found: Any, wanted: Any) -> None:
    if found != wanted and isinstance(found, dict):
        name = next(name for name in found if found[name] != wanted[name])
        expect(f"{what}, {name}", found[name], wanted[name])
    if found != wanted:
        raise Broken(f"{what}: {str(found)[:2000]} instead of {str(wanted)[:2000]}")
