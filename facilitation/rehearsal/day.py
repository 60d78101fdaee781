"""The day as played: who did what, when it was due and when it was seen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import gevent

from facilitation.domain.moments import MomentKind
from facilitation.rehearsal.browser import Unreachable
from facilitation.rehearsal.cases import Topic, Workshop
from facilitation.rehearsal.desks import Writing, Written
from facilitation.rehearsal.facilitator import Facilitator
from facilitation.rehearsal.phone import NotAnswered, Phone, Sent
from facilitation.rehearsal.seats import Desk, Plan, Promise

PROBES = 200
FAILED = (NotAnswered, Unreachable, OSError, gevent.Timeout)
K = MomentKind


@dataclass
class Day:
    """What happened. Lists keep the order of the case."""

    plan: Plan
    team: Facilitator
    phones: list[Phone | None] = field(default_factory=list)
    joins: list[float] = field(default_factory=list)
    topics: dict[int, tuple[Topic, Phone, Sent]] = field(default_factory=dict)
    votes: list[tuple[Phone, Sent]] = field(default_factory=list)
    workshops: dict[int, str] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    promises: list[tuple[Promise, Phone | None, Sent]] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    @property
    def present(self) -> list[Phone]:
        """The phones that joined."""
        return [phone for phone in self.phones if phone is not None]

    def try_to(self, what: str, act: Callable[[], Any]) -> Any:
        """Do it; what fails is a loss in words, and None."""
        try:
            return act()
        except FAILED as error:
            self.losses.append(f"{what} : {error}")
            return None

    def join(self) -> None:
        """Everybody comes in, each at their moment."""
        start, url = perf_counter(), self.team.browser.url.geturl()
        self.phones = [None] * self.plan.phones

        def come(number: int) -> None:
            due = start + self.plan.joins[number]
            gevent.sleep(max(0.0, due - perf_counter()))
            phone = Phone(url, self.team.slug, number, self.plan.names[number])
            phone.screen.watched = number < PROBES
            took = self.try_to(f"le téléphone {number + 1} n’est pas entré", lambda: phone.join(due))
            if took is not None:
                self.phones[number] = phone
                self.joins.append(took)

        gevent.joinall([gevent.spawn(come, number) for number in range(self.plan.phones)], raise_error=True)

    def open(self) -> None:
        """The plenary that opens the day, and its notes."""
        moment = self.team.move(K.PLENARY)
        self.speak(self.plan.opening, "Mots d’accueil", moment)

    def propose(self) -> None:
        """Topics, one after the other so that each gets its own number."""
        self.team.move(K.TOPICS)
        start = perf_counter()
        for index, (topic, number) in enumerate(self.plan.proposers):
            due = start + index * self.plan.pace.topic_every
            gevent.sleep(max(0.0, due - perf_counter()))
            phone = self.phones[number] or self._anybody()
            payload = {"title": topic.title, "details": topic.details, "named": False}
            sent = self._send(f"le sujet {topic.number}", phone, "propose_topic", payload, due)
            if sent is not None:
                self.topics[topic.number] = (topic, phone, sent)

    def vote(self) -> None:
        """Every phone places all its dots, each at its moment."""
        self.team.move(K.VOTE)
        start = perf_counter()

        def cast(number: int) -> None:
            phone = self.phones[number]
            for dot in self.plan.ballots:
                if dot.phone != number or phone is None or dot.topic not in self.topics:
                    continue
                due = start + dot.after
                gevent.sleep(max(0.0, due - perf_counter()))
                topic = self.topics[dot.topic][2].result["id"]
                sent = self._send(f"une gommette du téléphone {number + 1}", phone, "place_dot", {"topic": topic}, due)
                if sent is not None:
                    self.votes.append((phone, sent))

        gevent.joinall([gevent.spawn(cast, number) for number in range(self.plan.phones)], raise_error=True)

    def market(self) -> None:
        """Topics kept become workshops, take their own titles and a place; people say where they go."""
        self.team.move(K.MARKET)
        opened: set[int] = set()
        for workshop in self.plan.case.workshops:
            self._open(workshop, [number for number in workshop.from_topics if number in self.topics], opened)
        self.team.do("fill_grid")
        ids = list(self.workshops.values())
        for phone in self.present:
            for index in self.plan.goes[phone.number]:
                if index < len(ids):
                    self._send("une inscription à un atelier", phone, "join_workshop", {"workshop": ids[index]}, None)

    def work(self) -> None:
        """All sheets are written at once."""
        self.team.move(K.WORKSHOPS)
        writings = [
            Writing(desk, f"fiche {one.number}", {"workshop": self.workshops[one.number]}, self.phones, self.team)
            for one, desk in self.plan.desks if one.number in self.workshops
        ]  # fmt: skip
        for writing in writings:
            self.try_to(writing.written.where, writing.sit)
        self._write(writings)

    def engage(self) -> None:
        """The circle: people write what they commit to; a scribe writes for those without a phone."""
        self.team.move(K.CIRCLE)
        start = perf_counter()
        for index, promise in enumerate(self.plan.promises):
            due = start + index * self.plan.pace.engagement_every
            gevent.sleep(max(0.0, due - perf_counter()))
            phone = self.phones[promise.phone] if promise.phone is not None else None
            if phone is None and not promise.person and self.present:
                phone = self.present[0]
            payload: dict[str, Any] = {"text": promise.text, "named": bool(promise.person)}
            if phone is None and promise.person:
                payload["on_behalf"] = promise.person
            sent = self._send("un engagement", phone or self.team, "engage", payload, due)
            if sent is not None:
                self.promises.append((promise, phone, sent))

    def close(self) -> None:
        """The conclusion and the closing words are written down."""
        self.speak(self.plan.closing, "Clôture", self.team.move(K.CLOSING))

    def speak(self, desk: Desk, where: str, moment: str) -> None:
        """A plenary moment's notes, where the case has any."""
        if desk.script.chapters:
            writing = Writing(desk, where, {"moment": moment}, self.phones, self.team)
            self.try_to(where, writing.sit)
            self._write([writing])

    def switch_off(self) -> None:
        """Everybody leaves."""
        for phone in self.present:
            phone.close()
        self.team.close()

    def _write(self, writings: Iterable[Writing]) -> None:
        def one(writing: Writing) -> None:
            if writing.written.sheet:
                pace = self.plan.pace
                self.try_to(writing.written.where, lambda: writing.write(pace.keys_a_second, pace.keys_at_once))
                self.try_to(writing.written.where, writing.finish)
            self.written.append(writing.written)

        gevent.joinall([gevent.spawn(one, writing) for writing in writings], raise_error=True)

    def _open(self, workshop: Workshop, numbers: list[int], opened: set[int]) -> None:
        topics = [self.topics[number][2].result["id"] for number in numbers]
        if len(numbers) == 1 and numbers[0] not in opened:
            made = self.team.do("keep_topics", topics=topics).result["workshops"][0]
            self.team.do("edit_workshop", workshop=made, title=workshop.title)
        else:
            made = self.team.do("open_workshop", topics=topics, title=workshop.title).result["id"]
        opened.update(numbers)
        self.workshops[workshop.number] = made

    def _send(self, what: str, device: Any, name: str, payload: dict[str, Any], due: float | None) -> Sent | None:
        sent = self.try_to(f"{what} n’a pas été reçu", lambda: device.command(name, payload, due))
        if sent is None or sent.ok:
            return sent if isinstance(sent, Sent) else None
        self.losses.append(f"{what} a été refusé : {sent.answer.get('text', '')}")
        return None

    def _anybody(self) -> Any:
        return self.present[0] if self.present else self.team
