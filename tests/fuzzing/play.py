"""A seed is a forum and two hundred inventions sent to it through every door; a tally keeps what came of them."""

import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from time import process_time
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from facilitation.services.table import COMMANDS
from facilitation.store.documents import Document, MalformedUpdate, new_document
from facilitation.web.limits import LIMITER
from facilitation.web.visitors import cookie_name, form_token, kiosk_cookie
from tests.fuzzing.inventions import EVENTS, METHODS, ROLES, addresses, anything, letters, payloads, updates
from tests.playing import open_application
from tests.plugging import Socket
from tests.realtime.test_websocket import resident
from tests.services.test_table import Played, play

EACH = {"json": 60, "form": 30, "page": 50, "socket": 30, "decoder": 30}
PER_SEED = sum(EACH.values())
SEEDS_A_HOUSE = 10
HANG = 1.0
# A process fills its caches while it plays the first forums; from then on it may not grow by more.
WARM, MOST_GROWN = 5, 0.10
BROKEN = {"broken", "not_kept"}


@dataclass
class Tally:
    """What came of all inputs; times in seconds of this process's own work, whatever else the machine does."""

    inputs: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)
    # Bytes of this process after each forum; a run that goes on later is another process.
    memory: list[int] = field(default_factory=list)

    def note(self, door: str, about: str, send: Callable[[], tuple[bool, bool]]) -> None:
        """Send, and count; `send` answers whether it was refused, and whether it broke."""
        began = process_time()
        refused, broke = send()
        spent = process_time() - began
        self.inputs[door] = self.inputs.get(door, 0) + 1
        self.refused[door] = self.refused.get(door, 0) + refused
        self.slowest[door] = max(self.slowest.get(door, 0.0), spent)
        if broke:
            self.broken.append(about)
        if spent > HANG:
            self.slow.append(f"{spent:.1f} s: {about}")


@dataclass
class Doors:
    """The doors of one played forum, and who may knock."""

    played: Played
    number: int
    tally: Tally

    def __post_init__(self) -> None:
        day = self.played.day
        self.flask = day.application.flask
        screen, kiosk = (day.through(day.do(day.alice, "invite", role=role)["link"]) for role in ("projector", "kiosk"))
        # Bob takes the notes: his telephone is a rapporteur's too.
        actors = (None, day.bob, day.bob, screen, kiosk, self.played.laptop, day.fatou, day.alice)
        self.tokens = {who: day.tokens[actor.device_id] if actor else None for who, actor in zip(ROLES, actors, strict=True)}
        self.actors = {who: actor for who, actor in zip(ROLES, actors, strict=True) if who != "rapporteur"}
        self.sockets = {who: Socket(day, actor) for who, actor in self.actors.items()}
        self.rules = sorted({rule.rule for rule in self.flask.url_map.iter_rules() if "socket.io" not in rule.rule})

    def json(self, data: Any) -> None:
        """The JSON door."""
        (name, payload), who, op = data.draw(payloads(self.played)), self._somebody(data), data.draw(ops)
        who = who or min(COMMANDS[name].who).value
        self._web("json", f"{who} {name} {payload!r:.300}", "POST", f"/f/{self.slug}/c/{name}", who, json={"op": op, "payload": payload})

    def form(self, data: Any) -> None:
        """A plain form, with its own token."""
        (name, payload), who = data.draw(payloads(self.played)), self._somebody(data)
        who = who or min(COMMANDS[name].who).value
        fields = {plain(key): plain(value) for key, value in payload.items()}
        with self.flask.test_request_context(headers=self._cookies(who)):
            fields["op"] = form_token(self.slug)
        fields["next"] = plain(data.draw(letters))
        self._web("form", f"{who} {name} {fields!r:.300}", "POST", f"/f/{self.slug}/c/{name}", who, data=fields)

    def page(self, data: Any) -> None:
        """Any address, by any method."""
        path, method = data.draw(addresses(self.rules, self.played)), data.draw(st.sampled_from(METHODS))
        query = {plain(key): plain(value) for key, value in data.draw(st.dictionaries(st.one_of(st.sampled_from(["n", "next", "vue", "op"]), letters), letters, max_size=2)).items()}
        who = data.draw(st.sampled_from(ROLES))
        more = {"data": query} if method in {"POST", "PUT"} else {"query_string": query}
        self._web("page", f"{who} {method} {path!r:.200} {query!r:.100}", method, quote(plain(path), safe="/"), who, **more)

    def socket(self, data: Any) -> None:
        """Any message over the socket."""
        event = data.draw(st.sampled_from(EVENTS))
        who, (name, payload) = data.draw(st.sampled_from(sorted(self.sockets))), data.draw(payloads(self.played))
        message = {"name": name, "op": data.draw(ops), "payload": payload, "sheet": self.played.ids["sheet"], "schema": 1, "id": token_hex(16),
                   "screen": data.draw(st.one_of(st.sampled_from(["phone", "cockpit", "projector", "topic:1"]), letters)),
                   "update": data.draw(updates()), "vector": data.draw(st.one_of(st.just(b"\x00"), st.binary(max_size=20))), "version": 0,
                   "text": data.draw(letters)}  # fmt: skip
        for key in data.draw(st.lists(st.sampled_from(sorted(message)), max_size=2)):
            message[key] = data.draw(anything)
        answers: list[Any] = []

        def send() -> tuple[bool, bool]:
            LIMITER._asked.clear()
            if not self.sockets[who].client.is_connected():
                # What somebody sent before took a right away, and the line with it: they come back, as a page does.
                self.sockets[who] = Socket(self.played.day, self.actors[who])
            answers.append(self.sockets[who].ask(event, **message))
            if self.sockets[who].client.is_connected():
                self.sockets[who].client.get_received()
            return not answers[0]["ok"], answers[0].get("code") in BROKEN

        self.tally.note("socket", f"{who} {event} {message!r:.300}", send)

    def decoder(self, data: Any) -> None:
        """The sheet decoder itself, updates and vectors."""
        update, vector = data.draw(updates()), data.draw(st.binary(max_size=30))

        def send() -> tuple[bool, bool]:
            document, refused = Document(new_document({"preamble": [], "sections": []})), False
            with suppress(MalformedUpdate):
                document.diff(vector)
            try:
                document.apply(update)
            except MalformedUpdate:
                refused = True
            document.read()
            return refused, False

        self.tally.note("decoder", f"{update.hex()[:200]} {vector.hex()}", send)

    @property
    def slug(self) -> str:
        return self.played.day.slug

    def _somebody(self, data: Any) -> str:
        """A role, or nothing: then whoever may."""
        return str(data.draw(st.sampled_from(["", "", "", *ROLES])))

    def _cookies(self, who: str) -> dict[str, str]:
        """A device's key; a kiosk has it in a cookie of its own too."""
        names = [cookie_name(self.slug), *([kiosk_cookie(self.slug)] if who == "kiosk" else [])]
        return {"Cookie": "; ".join(f"{name}={self.tokens[who]}" for name in names)} if self.tokens[who] else {}

    def _web(self, door: str, about: str, method: str, path: str, who: str, **more: Any) -> None:
        headers = {**self._cookies(who), **({"X-Facilitation": "1"} if door == "json" else {})}
        client = self.flask.test_client(use_cookies=False)

        def send() -> tuple[bool, bool]:
            LIMITER._asked.clear()
            status = client.open(path, method=method, headers=headers, **more).status_code
            return status >= 400, status >= 500

        self.tally.note(door, f"seed {self.number}: {about}", send)


ops = st.one_of(st.builds(token_hex, st.just(16)), letters)


def plain(value: Any) -> str:
    """As a form or an address can carry it."""
    return str(value).encode("utf-8", "replace").decode()[:25_000]


def play_seeds(first: int, after: int, tally: Tally) -> None:
    """Play the seeds of a range, each through every door."""
    logging.disable(logging.CRITICAL)
    try:
        for start in range(first, after, SEEDS_A_HOUSE):
            with tempfile.TemporaryDirectory() as folder:
                application = open_application(Path(folder))
                for number in range(start, min(start + SEEDS_A_HOUSE, after)):
                    _play_seed(Doors(play(application), number, tally))
                application.house.close()
            tally.memory.append(resident())
    finally:
        logging.disable(logging.NOTSET)


def _play_seed(doors: Doors) -> None:
    for door, count in EACH.items():
        _invented(getattr(doors, door), doors.number, count)
    for socket in doors.sockets.values():
        with suppress(RuntimeError):
            socket.client.disconnect()


def _invented(act: Callable[[Any], None], number: int, count: int) -> None:
    @seed(number)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def run(data: Any) -> None:
        act(data)

    run()


def growth(memory: list[int]) -> float:
    """By how much a process has grown from its WARM-th forum of SEEDS_A_HOUSE seeds to its last; 0 where it has not come so far."""
    return memory[-1] / memory[WARM] - 1 if len(memory) > WARM + 1 else 0.0


def table(tally: Tally, seconds: float) -> str:
    """What people read at the end of a run."""
    lines = [f"{'door':10}{'inputs':>10}{'refused':>10}{'slowest':>12}"]
    lines += [f"{door:10}{count:>10}{tally.refused[door]:>10}{1000 * tally.slowest[door]:>9.0f} ms" for door, count in tally.inputs.items()]
    said = f"{sum(tally.inputs.values())} inputs in {seconds:.0f} s; {len(tally.broken)} errors 500, {len(tally.slow)} over {HANG} s; "
    lines.append(said + f"memory {growth(tally.memory):+.0%}, at most {MOST_GROWN:+.0%}")
    return "\n".join([*lines, *tally.broken[:20], *tally.slow[:20]])
