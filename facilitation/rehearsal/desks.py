"""A sheet written from beginning to end: pens taken, codes entered, turns at the keys, and one of the team who reads along."""

from dataclasses import dataclass, field
from time import perf_counter

from pycrdt import XmlElement

from facilitation.domain.sheets import Sheet
from facilitation.rehearsal.facilitator import Facilitator
from facilitation.rehearsal.laptop import Key, Laptop
from facilitation.rehearsal.phone import NotAnswered, Phone
from facilitation.rehearsal.seats import Desk
from facilitation.rehearsal.typist import arrange, find_section, type_blocks, type_title


@dataclass
class Written:
    """What was typed at a desk, and what its reader decoded."""

    desk: Desk
    where: str
    sheet: str = ""
    typed: int = 0
    keys: list[Key] = field(default_factory=list)
    sights: list[float] = field(default_factory=list)
    read: Sheet | None = None


class Writing:
    """One desk at work, about a workshop or a moment: `about` is {"workshop": id} or {"moment": id}."""

    def __init__(self, desk: Desk, where: str, about: dict[str, str], phones: list[Phone | None], team: Facilitator) -> None:
        self.written = Written(desk, where)
        self._desk = desk
        self._about = about
        self._phones = phones
        self._team = team
        self._laptops: list[Laptop] = []
        self._reader: Laptop | None = None

    def sit(self) -> None:
        """Take the pens and open the sheet everywhere. Raises NotAnswered, Unreachable, OSError."""
        url = self._team.browser.url.geturl()
        for number, name in zip(self._desk.phones, self._desk.names, strict=True):
            phone = self._phones[number]
            if phone is not None:
                self._laptops.append(self._beside(phone, name, url))
        for name in self._desk.without_phone:
            self.written.sheet = self._team.do("hand_pen", **self._about, name=name).result["sheet"]
        if not self._laptops:
            self.written.sheet = self._team.do("take_notes", **self._about).result["sheet"]
            own = Laptop(url, self._team.slug, self.written.sheet)
            own.browser.cookies = self._team.browser.cookies
            self._laptops.append(own)
        self._reader = Laptop(url, self._team.slug, self.written.sheet)
        self._reader.browser.cookies = self._team.browser.cookies
        for laptop in (*self._laptops, self._reader):
            laptop.connect()
            laptop.opened()

    def write(self, keys_a_second: float, at_once: int = 1) -> None:
        """Type everything, the rapporteurs taking turns at the chapters. Raises NotAnswered."""
        script, pace = self._desk.script, 1 / keys_a_second
        first = self._laptops[0]
        wanted = [(chapter.key, chapter.starts) for chapter in script.chapters]
        first.change(perf_counter(), lambda: arrange(first.root, wanted))
        self.written.typed += first.type(type_blocks(lambda: first.root, 0, script.preamble), perf_counter(), pace, at_once)
        writing = first
        for index, chapter in enumerate(script.chapters):
            turn = self._laptops[index % len(self._laptops)]
            if turn is not writing:
                turn.catch_up(writing.received())
                writing = turn
            section = find_section(turn.root, chapter.key)
            title = section.children[0]
            assert isinstance(title, XmlElement)
            self.written.typed += turn.type(type_title(title, chapter.added), perf_counter(), pace, at_once)
            self.written.typed += turn.type(
                type_blocks(lambda section=section: section, 1, chapter.blocks), perf_counter(), pace, at_once  # type: ignore[misc]
            )

    def finish(self) -> Written:
        """Wait for every acknowledgement, and for the reader; then leave. Raises NotAnswered."""
        assert self._reader is not None
        last = max(laptop.received() for laptop in self._laptops)
        self._reader.catch_up(last)
        for laptop in self._laptops:
            self.written.keys += [key for key in laptop.keys if key.characters]
        seen = self._reader.seen
        self.written.sights = [seen[key.number] - key.due for key in self.written.keys if key.number in seen]
        self.written.read = self._reader.read()
        for laptop in (*self._laptops, self._reader):
            laptop.close()
        return self.written

    def _beside(self, phone: Phone, name: str, url: str) -> Laptop:
        asked = {**self._about, "name": name} if name else dict(self._about)
        taken = phone.command("take_notes", asked)
        if not taken.ok:
            raise NotAnswered(f"take_notes : {taken.answer.get('text', '')}")
        self.written.sheet = taken.result["sheet"]
        laptop = Laptop(url, phone.slug)
        laptop.enter_code(taken.result["code"], "")
        return laptop
