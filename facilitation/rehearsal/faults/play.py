"""A storm played on a private server: people propose, vote, write and commit themselves while everything breaks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import gevent

from facilitation.rehearsal.browser import Unreachable
from facilitation.rehearsal.cases import Case
from facilitation.rehearsal.facilitator import Refused, create_by_web
from facilitation.rehearsal.faults import breaking, check
from facilitation.rehearsal.faults.check import REFUSED
from facilitation.rehearsal.faults.host import Host, Nursery
from facilitation.rehearsal.faults.people import Steady, StormLaptop, StormPhone, StormScreen, StormTeam, plugged
from facilitation.rehearsal.faults.storm import WINDOW, Fault, draw
from facilitation.rehearsal.phone import NotAnswered, Sent
from facilitation.rehearsal.private import NoServer
from facilitation.rehearsal.typist import find_section, type_blocks

DOTS = 3
EARLY = 6
WRITERS = 2
KEYS_A_SECOND = 20.0
# Seconds after the storm in which everything must be answered.
CALM = 20.0
LAST_FLUSH = 0.3


@dataclass
class Deeds:
    """What was accepted, and who did it."""

    topics: list[tuple[StormPhone, Sent]] = field(default_factory=list)
    dots: list[tuple[StormPhone, Sent]] = field(default_factory=list)
    promises: list[tuple[StormPhone, Sent]] = field(default_factory=list)
    seats: list[tuple[StormPhone, str]] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    refused: int = 0
    losses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Weathered:
    """How a seed went; `losses` are sentences."""

    seed: int
    faults: list[Fault]
    accepted: int
    refused: int
    keys: int
    seconds: float
    losses: list[str]


class Storm:
    """One seed's storm."""

    def __init__(self, case: Case, phones: int, seed: int, kinds: list[str], scale: float) -> None:
        self.case = case
        self.count = phones
        self.seed = seed
        self.kinds = kinds
        self.scale = scale
        self.faults = draw(kinds, seed, phones)
        self.dice = Random(f"deeds/{seed}/{phones}")  # noqa: S311  deeds that can be done again
        self.deeds = Deeds()
        self.phones: list[StormPhone] = []
        self.screens: list[StormScreen] = []
        self.laptops: list[StormLaptop] = []
        self.typed: list[tuple[str, str]] = []
        self.workshops: list[str] = []

    def play(self, nursery: Nursery, log: Path) -> Weathered:
        """Everything, from an empty database to the last check. Raises NoServer, Refused, NotAnswered, Unreachable."""
        started = perf_counter()
        with ExitStack() as stack:
            self.host = Host(nursery, log, witness=bool({"power", "disk"} & set(self.kinds)))
            stack.callback(self.host.stop)
            self.host.start()
            self._prepare(stack)
            self._rage()
            check.settled(self)
        accepted = sum(len(one) for one in (self.deeds.topics, self.deeds.dots, self.deeds.promises, self.deeds.rooms))
        keys = sum(len(laptop.keys) for laptop in self.laptops)
        return Weathered(
            self.seed, self.faults, accepted, self.deeds.refused, keys, perf_counter() - started, self.deeds.losses
        )

    @property
    def everybody(self) -> list[Steady]:
        """Every device."""
        return [*self.phones, *self.screens, *self.laptops, self.team]

    @property
    def shown(self) -> list[StormPhone]:
        """Every device with a screen that news changes."""
        return [*self.phones, *self.screens]

    # --- Before the storm

    def _prepare(self, stack: ExitStack) -> None:
        """A vote under way on a few topics, two workshops, two rapporteurs at the keys of one sheet."""
        first = create_by_web(self.host.url, self.case.title)
        self.team = self._plug(stack, lambda _: StormTeam(first.browser, first.slug))
        self.slug = self.team.slug
        self.team.must("set_rules", mode="vote", keep=2, dots=DOTS, cap=1, live_results=True)
        self.phones = [self._phone(stack, number) for number in range(self.count)]
        early = self.phones[: max(2, min(EARLY, self.count))]
        gevent.joinall([gevent.spawn(phone.enter) for phone in early], raise_error=True)
        for number, phone in enumerate(early):
            self._propose(phone, number)
        self.team.must("open_vote")
        self.workshops = [self.team.must("open_workshop", topics=[], title=f"Atelier {number}").result["id"] for number in (1, 2)]
        self.laptops = [self._sit(stack, phone) for phone in early[:WRITERS]]
        self._second_devices(stack, early)
        self._screens(stack, early[1])

    def _plug(self, stack: ExitStack, make: Callable[[str], Any], seed: str | None = None) -> Any:
        device = plugged(make, self.host.port, self.scale, Random(self.dice.random() if seed is None else seed))  # noqa: S311
        stack.callback(device.close)
        return device

    def _phone(self, stack: ExitStack, number: int) -> StormPhone:
        found: StormPhone = self._plug(stack, lambda url: StormPhone(url, self.slug, number))
        return found

    def _sit(self, stack: ExitStack, phone: StormPhone) -> StormLaptop:
        """A laptop entered by the code its rapporteur's phone shows."""
        taken = phone.send("take_notes", {"workshop": self.workshops[0]})
        laptop: StormLaptop = self._plug(stack, lambda url: StormLaptop(url, self.slug))
        used = laptop.send("use_code", {"code": taken.result["code"], "name": ""}, http=True)
        laptop.sheet = used.result["sheet"]
        laptop.connect()
        while not laptop.root.children:
            gevent.sleep(0.01)
        return laptop

    def _second_devices(self, stack: ExitStack, early: list[StormPhone]) -> None:
        """A second tab of one phone, and a second device of a person who also holds a laptop."""
        for other, cookies in ((early[-1], early[-1].browser.cookies), (early[0], self.laptops[0].browser.cookies)):
            twin = self._phone(stack, other.number)
            twin.browser.cookies = cookies
            twin.participant, twin.screen.name = other.participant, "phone"
            twin.connect()
            self.phones.append(twin)

    def _screens(self, stack: ExitStack, reader: StormPhone) -> None:
        """The cockpit, the projector by a link of its own, and a sheet that a participant reads while it is written."""
        link = self.team.must("invite", role="projector").result["link"]
        shown = {"cockpit": "/cockpit", "projector": "/projecteur", f"sheet:{self.laptops[0].sheet}": "/fiches/1"}
        for name, page in shown.items():
            make = partial(StormScreen, slug=self.slug, screen=name, page=page)
            # Their dice are their own, so that a seed's deeds are the same with and without them.
            one: StormScreen = self._plug(stack, make, f"{page}/{self.seed}")
            if name == "projector":
                one.send("use_link", {"token": link}, http=True)
            else:
                one.browser.cookies = (self.team if name == "cockpit" else reader).browser.cookies
            one.connect()
            self.screens.append(one)

    # --- The storm

    def _rage(self) -> None:
        start = perf_counter()
        for one in self.everybody:
            one.until = start + WINDOW * self.scale + CALM
        acts = [gevent.spawn(self._live, phone, start, deeds) for phone, deeds in zip(self.phones, self._drawn(), strict=True)]
        acts += [gevent.spawn(self._type, index, laptop, start) for index, laptop in enumerate(self.laptops)]
        acts.append(gevent.spawn(self._lead, start))
        try:
            breaking.through(self, start)
            gevent.joinall(acts, raise_error=True)
        finally:
            gevent.killall(acts)
        if "disk" in self.kinds:
            # The last word of all is flushed slowly: no later news makes good what was told too early.
            self.host.controls.set(flush=LAST_FLUSH * self.scale)
            self._live(self.phones[0], perf_counter(), [(0.0, "engage", 999)])
            self.host.mend()

    def _drawn(self) -> Iterator[list[tuple[float, str, int]]]:
        """Each phone's deeds: when, what, and on which topic, workshop or words."""
        for phone in self.phones:
            dice, is_twin = self.dice, phone.participant and phone not in self.phones[: self.count]
            topics = dice.sample(range(len(self.deeds.topics)), min(DOTS, len(self.deeds.topics)))
            deeds = [("engage", dice.randrange(1000)) for _ in range(dice.choice((0, 1, 2)))]
            if not is_twin:
                deeds += [("place_dot", topic) for topic in topics]
                deeds += [("propose_topic", dice.randrange(1000)) for _ in range(dice.choice((0, 0, 1)))]
                deeds += [("join_workshop", dice.randrange(2)) for _ in range(dice.choice((0, 1)))]
            deeds.append((dice.choice(("no_title", "not_yours", "not_allowed", "too_long")), 0))
            dice.shuffle(deeds)
            times = sorted(dice.uniform(0, WINDOW) for _ in deeds)
            yield [(at, name, which) for at, (name, which) in zip(times, deeds, strict=True)]

    def _live(self, phone: StormPhone, start: float, deeds: list[tuple[float, str, int]]) -> None:
        self.due(start, deeds[0][0] if deeds else 0)
        try:
            if not phone.participant:
                phone.enter()
            for at, name, which in deeds:
                self.due(start, at)
                self._do(phone, name, which)
        except NotAnswered as error:
            self.deeds.losses.append(f"téléphone {phone.number + 1} : {error}")

    def _do(self, phone: StormPhone, name: str, which: int) -> None:
        match name:
            case "propose_topic":
                self._propose(phone, which)
            case "place_dot":
                self._keep(self.deeds.dots, phone, phone.send(name, {"topic": self.deeds.topics[which][1].result["id"]}))
            case "engage":
                text = f"{_words(self.case, which)} ({phone.number}.{which})"
                self._keep(self.deeds.promises, phone, phone.send(name, {"text": text, "named": False}))
            case "join_workshop":
                if phone.send(name, {"workshop": self.workshops[which]}).ok:
                    self.deeds.seats.append((phone, self.workshops[which]))
            case _:
                self._try_what_is_refused(phone, name)

    def _try_what_is_refused(self, phone: StormPhone, how: str) -> None:
        others = next(sent for author, sent in self.deeds.topics if author.participant != phone.participant)
        name, payload = {
            "no_title": ("propose_topic", {"title": "", "details": [REFUSED], "named": False}),
            "not_yours": ("edit_topic", {"topic": others.result["id"], "title": REFUSED, "details": []}),
            "not_allowed": ("add_room", {"name": REFUSED}),
            "too_long": ("engage", {"text": f"{REFUSED} " * 4000, "named": False}),
        }[how]
        if phone.send(name, payload).ok:
            self.deeds.losses.append(f"téléphone {phone.number + 1} : {name} devait être refusé")
        self.deeds.refused += 1

    def _propose(self, phone: StormPhone, which: int) -> None:
        title = f"{self.case.topics[which % len(self.case.topics)].title.strip()[:80]} ({phone.number}.{which})"
        self._keep(self.deeds.topics, phone, phone.send("propose_topic", {"title": title, "details": [], "named": False}))

    def _keep(self, accepted: list[tuple[StormPhone, Sent]], phone: StormPhone, sent: Sent) -> None:
        if sent.ok:
            accepted.append((phone, sent))
        else:
            self.deeds.losses.append(f"téléphone {phone.number + 1} : {sent.name} refusé, {sent.answer.get('text', '')}")

    def _type(self, index: int, laptop: StormLaptop, start: float) -> None:
        """A rapporteur types in a section of their own, also while away."""
        sections = [node for node in laptop.root.children if getattr(node, "tag", "") == "section"]
        key = str(sections[index].attributes["key"])
        words = " ".join(_words(self.case, 7 * index + turn) for turn in range(12))[: int(WINDOW * KEYS_A_SECOND)]
        steps = type_blocks(lambda: find_section(laptop.root, key), 1, [{"type": "paragraph", "spans": [{"text": words}]}])
        laptop.type(steps, start, self.scale / KEYS_A_SECOND)
        self.typed.append((key, words))

    def _lead(self, start: float) -> None:
        for number in range(6):
            self.due(start, WINDOW * (number + self.dice.random()) / 6)
            try:
                self.team.must("add_room", name=f"Salle {number + 1}")
            except NotAnswered as error:
                self.deeds.losses.append(f"animation : {error}")
            else:
                self.deeds.rooms.append(f"Salle {number + 1}")

    def due(self, start: float, at: float) -> None:
        """Wait until so many seconds after the start."""
        gevent.sleep(max(0.0, start + at * self.scale - perf_counter()))


def weather(case: Case, phones: int, seed: int, kinds: list[str], scale: float, nursery: Nursery, log: Path) -> Weathered:
    """One seed; what could not even be played is a loss too."""
    storm, started = Storm(case, phones, seed, kinds, scale), perf_counter()
    try:
        return storm.play(nursery, log)
    except (NoServer, Refused, NotAnswered, Unreachable, OSError, gevent.Timeout) as error:
        why = f"la tempête n’a pas pu se jouer : {error}"
        return Weathered(seed, storm.faults, 0, 0, 0, perf_counter() - started, [*storm.deeds.losses, why])


def _words(case: Case, which: int) -> str:
    """Words of the case, to be typed and promised."""
    found = [text for said in case.engagements for text in said.items] or [topic.title for topic in case.topics]
    return " ".join(found[which % len(found)].split())[:200]
