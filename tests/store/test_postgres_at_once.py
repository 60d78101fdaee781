"""Every rule that counts or claims, asked by real processes of one PostgreSQL at the same instant: it holds to the unit."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from facilitation.domain.history import Version
from facilitation.domain.roles import Actor
from facilitation.domain.topics import MOST_AUTHORS
from facilitation.store.identity import VISITOR
from facilitation.store.secrets import codes_of
from facilitation.store.sheets import keep_snapshot
from tests.playing import Day
from tests.store.test_postgres import ROOT, application, server
from tests.watching import rows

pytestmark = pytest.mark.postgres
FIXTURES = (application, server)
PROCESSES = 2
ASKER = """
import sys
from gevent import monkey
monkey.patch_all()
import json
import secrets
from facilitation.app import create_app
from facilitation.domain.refusals import Refusal
from facilitation.settings import read_settings
from facilitation.store.identity import VISITOR
made = create_app(read_settings({"database": sys.argv[1], "secret": "0123456789abcdef" * 2}))
for line in sys.stdin:
    event_id, asks = json.loads(line)
    ready = [(made.house.actor(event_id, token) if token else VISITOR, name, payload) for token, name, payload in asks]
    print("ready", flush=True)
    sys.stdin.readline()
    told = []
    for actor, name, payload in ready:
        try:
            made.house.dispatch.perform(event_id, actor, name, secrets.token_hex(16), payload)
            told.append("ok")
        except Refusal as refusal:
            told.append(refusal.code.value)
    print(json.dumps(told), flush=True)
made.house.close()
"""
Ask = tuple[Actor, str, dict[str, Any]]


class Crowd:
    """Processes that wait for what to ask, then ask it all at once."""

    def __init__(self, address: str) -> None:
        command = [sys.executable, "-c", ASKER, address]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self._processes = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(PROCESSES)]

    def ask(self, day: Day, *shares: list[Ask]) -> Counter[str]:
        """A share for each process; how all of it was answered."""
        for process, share in zip(self._processes, shares, strict=True):
            asks = [(day.tokens.get(actor.device_id or "", ""), name, payload) for actor, name, payload in share]
            self._write(process, json.dumps([day.event_id, asks]))
        for process in self._processes:
            assert self._read(process) == "ready"
        for process in self._processes:
            self._write(process, "")
        return Counter(code for process in self._processes for code in json.loads(self._read(process)))

    def close(self) -> None:
        """Let them go; none may have complained."""
        for process in self._processes:
            assert process.communicate(timeout=180)[1] == ""

    def _write(self, process: Any, line: str) -> None:
        process.stdin.write(line + "\n")
        process.stdin.flush()

    def _read(self, process: Any) -> str:
        line: str = process.stdout.readline().strip()
        return line or str(process.communicate(timeout=180)[1])


@pytest.fixture(scope="module")
def crowd(server: str) -> Iterator[Crowd]:
    made = Crowd(server)
    yield made
    made.close()


def halves(asks: list[Ask]) -> tuple[list[Ask], list[Ask]]:
    return asks[::2], asks[1::2]


def test_the_cap_on_topics(day: Day, crowd: Crowd) -> None:
    day.do(day.fatou, "set_rules", topic_cap=3)
    asks: list[Ask] = [(day.bob, "propose_topic", {"title": f"Sujet {index}"}) for index in range(10)]
    assert crowd.ask(day, *halves(asks)) == {"ok": 3, "too_many_topics": 7}
    assert sorted(row["number"] for row in rows(day, "topic")) == [1, 2, 3]


def test_dots_their_cap_and_one_ballot_a_person(day: Day, crowd: Crowd) -> None:
    day.do(day.fatou, "set_rules", dots=4, cap=2)
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(3)]
    day.to("vote")
    asks: list[Ask] = [(day.chloe, "place_dot", {"topic": topics[index % 3]}) for index in range(18)]
    said = crowd.ask(day, *halves(asks))
    assert said["ok"] == len(rows(day, "vote")) == 4
    assert set(said) <= {"ok", "no_dots_left", "topic_cap"}
    assert max(Counter(row["topic_id"] for row in rows(day, "vote")).values()) <= 2
    assert len(rows(day, "ballot")) == len(rows(day, "ballot_holder")) == 1


def test_a_printed_code_serves_once(day: Day, crowd: Crowd) -> None:
    code = codes_of(day.do(day.fatou, "make_voting_codes", count=1)["batch"], 1)[0]
    asks: list[Ask] = [(day.join(), "use_voting_code", {"code": code}) for _ in range(8)]
    assert crowd.ask(day, *halves(asks)) == {"ok": 1, "ballot_code_used": 7}
    assert len(rows(day, "voter")) == 1


def test_a_card_lands_once(day: Day, crowd: Crowd) -> None:
    code = codes_of(day.do(day.fatou, "make_cards", count=1)["batch"], 1)[0]
    asks: list[Ask] = [(VISITOR, "put_card", {"code": code, "title": f"Carte {index}"}) for index in range(10)]
    assert crowd.ask(day, *halves(asks)) == {"ok": 1, "card_used": 9}
    assert len(rows(day, "topic")) == 1


def test_a_device_s_code_lets_one_device_in(day: Day, crowd: Crowd) -> None:
    code = day.do(day.bob, "pair_device")["code"]
    asks: list[Ask] = [(VISITOR, "use_device_code", {"code": code}) for _ in range(10)]
    assert crowd.ask(day, *halves(asks)) == {"ok": 1, "code_used": 9}


def test_a_topic_has_a_dozen_authors_at_most(day: Day, crowd: Crowd) -> None:
    topic = day.propose(day.bob, "Le car")
    code = day.do(day.bob, "invite_author", topic=topic)["code"]
    asks: list[Ask] = [(VISITOR, "use_author_code", {"code": code}) for _ in range(16)]
    assert crowd.ask(day, *halves(asks)) == {"ok": MOST_AUTHORS - 1, "too_many_authors": 16 - MOST_AUTHORS + 1}
    assert len(rows(day, "author")) == MOST_AUTHORS


def test_the_microphone_passes_once(day: Day, crowd: Crowd) -> None:
    day.to("topics")
    first, second = day.propose(day.bob, "Le car"), day.propose(day.chloe, "La gare")
    day.do(day.fatou, "line_up_all")
    day.do(day.fatou, "give_microphone", leaving=None, to=first)
    asks: list[Ask] = [(day.fatou, "give_microphone", {"leaving": first, "to": second}) for _ in range(8)]
    assert crowd.ask(day, *halves(asks)) == {"ok": 1, "pitch_left": 7}


def test_one_topic_from_two_devices_becomes_one_workshop_in_one_cell(day: Day, crowd: Crowd) -> None:
    topic = day.propose(day.bob, "Le car")
    rooms = [day.do(day.fatou, "add_room", name=f"Salle {index}")["id"] for index in range(8)]
    day.to("market")
    day.do(day.fatou, "open_claim")
    slot = day.forum.slots[0]["id"]
    asks: list[Ask] = [(day.bob, "host_topic", {"topic": topic, "slot": slot, "room": room}) for room in rooms]
    assert crowd.ask(day, *halves(asks)) == {"ok": 1, "topic_has_workshop": 7}
    assert len(rows(day, "workshop")) == len(rows(day, "workshop_topic")) == 1


def test_two_facilitators_and_an_author_want_one_cell(day: Day, crowd: Crowd) -> None:
    topic = day.propose(day.bob, "Le car")
    room = day.do(day.fatou, "add_room", name="Préau")["id"]
    made = [day.do(day.fatou, "open_workshop", title=f"Atelier {index}")["id"] for index in range(5)]
    day.to("market")
    slots = [row["id"] for row in day.forum.slots]
    asks: list[Ask] = [
        (day.fatou, "place_workshop", {"workshop": workshop, "slot": slots[0], "room": room, "span": 1 + index % 2})
        for index, workshop in enumerate(made)
    ]
    asks.append((day.bob, "host_topic", {"topic": topic, "slot": slots[0], "room": room}))
    said = crowd.ask(day, *halves(asks))
    assert said == {"ok": 1, "cell_taken": 5}


def test_going_somewhere_is_counted_once_and_so_is_being_there(day: Day, crowd: Crowd) -> None:
    day.do(day.fatou, "add_room", name="Préau")
    day.do(day.fatou, "add_room", name="Cuisine")
    workshops = [day.do(day.fatou, "open_workshop", title=title)["id"] for title in ("Le car", "Le vélo")]
    day.do(day.fatou, "fill_grid")
    going: list[Ask] = [(day.bob, "join_workshop", {"workshop": workshops[0]}) for _ in range(10)]
    assert crowd.ask(day, *halves(going)) == {"ok": 10}
    assert len(rows(day, "attendance")) == 1
    there: list[Ask] = [(day.bob, "be_here", {"workshop": workshops[index % 3 % 2]}) for index in range(12)]
    assert crowd.ask(day, *halves(there)) == {"ok": 12}
    assert len(rows(day, "presence")) == 1
    assert sorted(row["here"] for row in day.forum.workshops) == [0, 1]


def test_a_vote_is_counted_or_refused_while_the_round_closes_and_is_sealed(day: Day, crowd: Crowd) -> None:
    topic = day.propose(day.bob, "Le car")
    people = [day.join() for _ in range(30)]
    day.to("vote")
    votes: list[Ask] = [(person, "place_dot", {"topic": topic}) for person in people]
    # One process closes and seals in the midst of its own votes; the other goes on voting.
    mine: list[Ask] = [*votes[:6], (day.fatou, "close_vote", {}), (day.fatou, "seal_vote", {}), *votes[6:10]]
    said = crowd.ask(day, mine, votes[10:])
    counted = len(rows(day, "vote"))
    assert said["ok"] == counted + 2
    assert said["vote_not_open"] + said["round_sealed"] == 30 - counted
    assert counted >= 6
    assert rows(day, "ballot_holder") == []
    assert [row["votes"] for row in day.forum.topics] == [counted]


def test_two_processes_that_keep_the_same_snapshot_both_go_on(day: Day, server: str) -> None:
    plenary = next(row["id"] for row in day.forum.moments if row["kind"] == "plenary")
    sheet = str(day.do(day.bob, "take_notes", moment=plenary)["sheet"])
    version = Version(500, day.house.clock())
    with ThreadPoolExecutor(1) as others, day.house.reading() as watching:
        engine = create_engine(server)
        with engine.connect() as first:
            keep_snapshot(first, day.event_id, sheet, version, b"un")

            def keep() -> None:
                with engine.begin() as second:
                    keep_snapshot(second, day.event_id, sheet, version, b"un")

            second = others.submit(keep)
            waiting = text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
            while not watching.execute(waiting).scalar() and not second.done():
                watching.rollback()
            first.commit()
        second.result(timeout=60)
        engine.dispose()
    assert [row["number"] for row in rows(day, "snapshot")] == [500]
