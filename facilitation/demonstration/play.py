"""Plays the invented forum in process, through the same commands as everybody, up to one moment of its day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from facilitation.demonstration.content import Content, read_content
from facilitation.demonstration.hours import ZONE, Hours, Teller, index_of, lay, told
from facilitation.demonstration.notes import write_notes
from facilitation.demonstration.people import Cast, gather
from facilitation.domain.moments import MomentKind
from facilitation.rehearsal.scripts import closing_script, opening_script, workshop_script
from facilitation.rehearsal.seats import draw_ballots
from facilitation.services.creation import Created, NewEvent
from facilitation.services.house import House
from facilitation.store.columns import Row

K = MomentKind
Stage = Literal["propositions", "vote", "ateliers", "engagements", "cloture"]
# The moment each stage is at, and for how many minutes it has been.
STAGES: dict[Stage, tuple[MomentKind, int]] = {
    "propositions": (K.TOPICS, 18), "vote": (K.VOTE, 9), "ateliers": (K.WORKSHOPS, 35), "engagements": (K.CIRCLE, 14),
    "cloture": (K.CLOSING, 6),
}  # fmt: skip
SEED = 31
# How far things are in the moment that is under way.
TOPICS_SO_FAR = 17
VOTERS_SO_FAR = 44
CHAPTERS_SO_FAR = {1: 3, 2: 2, 5: 1}
PROMISES_SO_FAR = 11


@dataclass(frozen=True)
class Played:
    """The forum, its organiser's secret, and the projector's."""

    created: Created
    projector: str


def play(house: House, titles: dict[MomentKind, str], stage: Stage, now: datetime) -> Played:
    """Make the demonstration forum and bring it to `stage`, under way at `now`."""
    content, teller = read_content(), Teller(now)
    case = content.case
    with told(house, teller):
        ask = NewEvent(title=case.title, slug="vallee", keep=len(case.workshops), place=case.place)
        created = house.create(ask, titles, is_demo=True)
        moments = house.forum(created.event_id).moments
        kind, since = STAGES[stage]
        hours = lay(moments, index_of(moments, kind), since, now)
        teller.at = hours.begins[0]
        cast = gather(house, created.event_id, created.token, content.names(), content.raw["participants"])
        Day(cast, content, moments, hours, teller, now).run(index_of(moments, kind))
        projector = cast.do(cast.team, "invite", role="projector", label="")["link"]
    return Played(created, projector)


class Day:
    """The forum's day. Each act asks `_is_now` whether its moment is under way, and then goes only so far."""

    def __init__(
        self, cast: Cast, content: Content, moments: list[Row], hours: Hours, teller: Teller, now: datetime
    ) -> None:  # fmt: skip
        self._cast = cast
        self._content = content
        self._case = content.case
        self._moments = moments
        self._hours = hours
        self._teller = teller
        self._now = now
        self._dice = Random(SEED)  # noqa: S311  the same forum each time
        self._here = -1
        self._last = 0
        self._topics: dict[int, str] = {}
        self._workshops: dict[int, str] = {}

    def run(self, last: int) -> None:
        """Go through the day as far as the moment at `last`."""
        self._last = last
        self._prepare()
        acts = {K.PLENARY: self._open, K.TOPICS: self._propose, K.VOTE: self._vote, K.MARKET: self._market,
                K.WORKSHOPS: self._work, K.CIRCLE: self._engage, K.CLOSING: self._close}  # fmt: skip
        for index in range(last + 1):
            self._go(index)
            act = acts.get(K(self._moments[index]["kind"]))
            if act is not None:
                act()

    @property
    def _is_now(self) -> bool:
        return self._here == self._last

    def _at(self, share: float) -> None:
        """Set the time to this share of the moment, or of what has passed of it."""
        begin = self._hours.begins[self._here]
        end = min(begin + timedelta(minutes=self._moments[self._here]["minutes"]), self._now)
        self._teller.at = begin + (end - begin) * share

    def _team(self, name: str, /, **payload: Any) -> dict[str, Any]:
        return self._cast.do(self._cast.team, name, **payload)

    def _go(self, index: int) -> None:
        leaving = self._moments[self._here]["id"] if self._here >= 0 else None
        self._here = index
        self._at(0)
        self._team("go_to_moment", leaving=leaving, to=self._moments[index]["id"])

    def _prepare(self) -> None:
        case, raw = self._case, self._content.raw
        self._team(
            "edit_event", meeting=case.meeting, host=case.host, organisers=case.organisers, partners=case.partners,
            facilitators=case.facilitators, theme=case.theme_markdown, objectives=case.objectives_markdown,
            date=self._now.astimezone(ZONE).date().isoformat(), expected=raw["participants"] + 4,
        )  # fmt: skip
        self._team("set_rules", live_results=True)
        kept = ("id", "kind", "title", "minutes")
        plan = [
            {**{key: row[key] for key in kept}, "start": start}
            for row, start in zip(self._moments, self._hours.starts, strict=True)
        ]
        self._team("arrange_moments", moments=plan)
        for name in dict.fromkeys(workshop["room"] for workshop in raw["workshops"]):
            self._team("add_room", name=name)

    def _open(self) -> None:
        self._at(0.6)
        write_notes(self._cast, {"moment": self._moments[self._here]["id"]}, ["Aurore Lamy"], opening_script(self._case, "fr"))

    def _propose(self) -> None:
        topics = self._case.topics[:TOPICS_SO_FAR] if self._is_now else self._case.topics
        for index, topic in enumerate(topics):
            self._at((index + 1) / (len(topics) + 1))
            self._propose_one(topic.number, topic.title, topic.details, self._content.author(index))
        if not self._is_now:
            self._group([13, 3])

    def _propose_one(self, number: int, title: str, details: list[str], by: str) -> None:
        author = self._cast.person(by, -number)
        made = self._cast.do(author, "propose_topic", title=title, details=details, named=bool(by))
        self._topics[number] = made["id"]

    def _group(self, numbers: list[int]) -> None:
        group = self._team("propose_group", topics=[self._topics[number] for number in numbers])["id"]
        for number in numbers:
            author = self._content.author(number - 1)
            self._cast.do(self._cast.person(author, -number), "agree_group", group=group)

    def _vote(self) -> None:
        self._at(0.2)
        late = self._content.raw["late_topics"][0]
        self._propose_one(len(self._topics) + 1, late["title"], late["details"], late["by"])
        voters = VOTERS_SO_FAR if self._is_now else len(self._cast.everybody)
        ballots = draw_ballots(self._case, voters, 3, self._dice)
        self._at(0.7)
        self._cast.all_at_once([
            (person, "place_dot", {"topic": self._topics[number]})
            for person, ballot in zip(self._cast.everybody, ballots, strict=False) for number in ballot
        ])  # fmt: skip

    def _market(self) -> None:
        self._at(0.3)
        rooms = {row["name"]: row["id"] for row in self._forum().rooms}
        slots = [row["id"] for row in self._moments if row["kind"] == K.WORKSHOPS.value]
        for workshop, raw in zip(self._case.workshops, self._content.raw["workshops"], strict=True):
            made = self._team("keep_topics", topics=[self._topics[workshop.from_topics[0]]])["workshops"][0]
            self._team("edit_workshop", workshop=made, title=workshop.title)
            self._team("place_workshop", workshop=made, room=rooms[raw["room"]], slot=slots[raw["slot"] - 1])
            self._workshops[workshop.number] = made
        self._at(0.8)
        ids = list(self._workshops.values())
        self._cast.all_at_once([
            (person, "join_workshop", {"workshop": one})
            for person in self._cast.everybody for one in self._dice.sample(ids, self._dice.choice((0, 1, 1, 1)))
        ])  # fmt: skip

    def _work(self) -> None:
        slot = sum(1 for row in self._moments[: self._here] if row["kind"] == K.WORKSHOPS.value) + 1
        self._at(0.95)
        for workshop, raw in zip(self._case.workshops, self._content.raw["workshops"], strict=True):
            if raw["slot"] == slot:
                script = workshop_script(workshop, "fr", self._dice)
                chapters = CHAPTERS_SO_FAR.get(workshop.number) if self._is_now else None
                about = {"workshop": self._workshops[workshop.number]}
                write_notes(self._cast, about, workshop.rapporteurs, script, chapters)

    def _engage(self) -> None:
        promises = [(said.person, text) for said in self._case.engagements for text in said.items]
        made = []
        for index, (person, text) in enumerate(promises[:PROMISES_SO_FAR] if self._is_now else promises):
            self._at((index + 1) / (len(promises) + 1))
            made.append(self._cast.do(self._cast.person(person), "engage", text=text)["id"])
        strangers = self._cast.everybody[len(self._cast.named) :]
        for index, (promise, count) in enumerate(self._content.raw["joined_engagements"]):
            if promise < len(made):
                for stranger in strangers[index : index + count]:
                    self._cast.do(stranger, "join_engagement", engagement=made[promise])

    def _close(self) -> None:
        self._at(0.8)
        about = {"moment": self._moments[self._here]["id"]}
        write_notes(self._cast, about, ["Aurore Lamy"], closing_script(self._case, "fr"))

    def _forum(self) -> Any:
        return self._cast.house.forum(self._cast.event_id)
