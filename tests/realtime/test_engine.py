"""Socket.IO on the light engine, over real sockets: a greenlet a phone, pings, acknowledgements, rooms, ends and upgrades."""

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import gevent
import pytest
from flask import Flask
from flask_socketio import SocketIO, join_room
from gevent import socket
from gevent.pywsgi import WSGIServer
from socketio import Client

from facilitation.realtime import engine
from facilitation.realtime.websocket import MOST_BACKLOG

HELLO = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: forum.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
)
# Seconds between two pings, and for an answer to one: a slow machine must not hang up on a phone that no test wants gone.
CALM, HASTY = (20.0, 20.0), (0.3, 2.0)


class Hall:
    """A server of its own, and what it noticed."""

    def __init__(self, interval: float, patience: float) -> None:
        self.left: list[str] = []
        app = Flask("engine")
        self.sockets = SocketIO(
            app, async_mode="gevent", async_handlers=False, ping_interval=interval, ping_timeout=patience, cookie=None
        )
        self.sockets.server.eio._async = engine.driver()
        self.sockets.on_event("disconnect", self.left.append)
        self.sockets.on_event("echo", lambda said: {"said": said})
        self.sockets.on_event("weigh", lambda: "x" * 100_000)
        self.sockets.on_event("enter", lambda: join_room("hall"))
        self.server = WSGIServer(("127.0.0.1", 0), app, log=None)
        self.server.start()
        self.port = int(self.server.server_port)


class Phone:
    """A client that answers pings only when told to."""

    def __init__(self, port: int, key: str = "dGhlIHNhbXBsZSBub25jZQ==") -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.sendall(HELLO.format(key=key).encode())
        self.stream = b""

    def say(self, packet: str) -> None:
        body = packet.encode()
        self.sock.sendall(b"\x81" + bytes([0x80 | len(body)]) + bytes(4) + body)

    def until(self, wished: bytes) -> bytes:
        with gevent.Timeout(60):
            while wished not in self.stream:
                got = self.sock.recv(4096)
                assert got, self.stream
                self.stream += got
        taken, _, self.stream = self.stream.partition(wished)
        return taken + wished

    def connect(self) -> "Phone":
        self.until(b'0{"sid"')
        self.say("40")
        self.until(b'40{"sid"')
        return self

    def rest(self) -> bytes:
        with gevent.Timeout(60), suppress(ConnectionResetError):
            while got := self.sock.recv(4096):
                self.stream += got
        return self.stream


Call = Callable[..., Phone]


@pytest.fixture
def hall(request: pytest.FixtureRequest) -> Iterator[Hall]:
    made = Hall(*getattr(request, "param", CALM))
    yield made
    made.server.stop(timeout=1)


@pytest.fixture
def call(hall: Hall) -> Iterator[Call]:
    phones: list[Phone] = []

    def one(**more: Any) -> Phone:
        phones.append(Phone(hall.port, **more))
        return phones[-1]

    yield one
    for phone in phones:
        phone.sock.close()


def awaited(is_so: Callable[[], bool]) -> None:
    with gevent.Timeout(60):
        while not is_so():
            gevent.sleep(0.01)


def greenlets() -> list[gevent.Greenlet]:
    """Those alive now, earlier tests' included: some of these may end at any moment."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, gevent.Greenlet) and not one.dead]


def test_a_phone_costs_one_greenlet(call: Call) -> None:
    call().connect()
    before = greenlets()
    for _ in range(20):
        call().connect()
    # One that pings everybody may have come meanwhile, and some of earlier tests' applications.
    assert 20 <= len(set(greenlets()) - set(before)) < 30


@pytest.mark.parametrize("hall", [HASTY], indirect=True)
def test_pings_come_one_after_the_other_and_who_answers_stays(hall: Hall, call: Call) -> None:
    answering, silent = call().connect(), call().connect()
    for _ in range(4):
        answering.until(b"\x81\x012")
        answering.say("3")
    silent.rest()
    awaited(lambda: hall.left == ["ping timeout"])
    answering.say('421["echo",7]')
    answering.until(b'431[{"said":7}]')


def test_an_answer_is_sent_before_the_next_question_is_read(call: Call) -> None:
    phone = call().connect()
    for number in range(30):
        phone.say(f'42{number}["echo",{number}]')
    said = phone.until(b'4329[{"said":29}]')
    assert [said.find(b'43%d[{"said":%d}]' % (number, number)) for number in range(30)] == sorted(
        said.find(b'43%d[{"said":%d}]' % (number, number)) for number in range(30)
    )


def test_a_room_hears_socket_io_itself_bytes_too(hall: Hall, call: Call) -> None:
    inside, outside = call().connect(), call().connect()
    inside.say('421["enter"]')
    inside.until(b"431[]")
    hall.sockets.emit("news", {"update": b"\x01\x02"}, to="hall")
    assert json.loads(inside.until(b"}}]").partition(b"451-")[2]) == ["news", {"update": {"_placeholder": True, "num": 0}}]
    inside.until(b"\x82\x02\x01\x02")
    outside.say('421["echo",1]')
    assert b"news" not in outside.until(b'431[{"said":1}]')


@pytest.mark.parametrize("end", ["close frame", "hang up", "goodbye"])
def test_who_leaves_is_known_to_have_left(hall: Hall, call: Call, end: str) -> None:
    phone = call().connect()
    if end == "close frame":
        phone.sock.sendall(b"\x88\x80\0\0\0\0")
    elif end == "hang up":
        phone.sock.close()
    else:
        phone.say("1")
    awaited(lambda: len(hall.left) == 1)
    assert hall.left[0] in ("transport close", "client disconnect")
    awaited(lambda: not hall.sockets.server.eio.sockets or all(one.closed for one in hall.sockets.server.eio.sockets.values()))


def test_who_is_shown_out_is_told_and_hung_up_on(hall: Hall, call: Call) -> None:
    phone = call().connect()
    sid = next(iter(hall.sockets.server.manager.rooms["/"][None]))
    engine.show_out(hall.sockets.server, sid)
    assert hall.left == ["server disconnect"]
    assert b"\x81\x0241" in phone.rest()
    assert phone.stream.endswith(b"\x88\x02\x03\xe8")
    assert hall.left == ["server disconnect"]


@pytest.mark.parametrize("packet", ["9", "4zzz", "4999999999999999999999-", "b!!", "451-[", "x"])
def test_nonsense_harms_nobody_else(hall: Hall, call: Call, packet: str) -> None:
    other, phone = call().connect(), call().connect()
    phone.say(packet)
    other.say('421["echo",1]')
    other.until(b'431[{"said":1}]')
    phone.sock.close()
    awaited(lambda: len(hall.left) == 1)


def test_what_asks_for_no_web_socket_leaves_nothing_behind(hall: Hall, call: Call) -> None:
    call(key="court").until(b"HTTP/1.1 400 ")
    awaited(lambda: all(one.closed for one in hall.sockets.server.eio.sockets.values()))


def test_long_polling_may_be_left_for_a_web_socket(hall: Hall) -> None:
    client, threads = Client(), gevent.get_hub().threadpool
    with gevent.Timeout(60):
        threads.apply(client.connect, (f"http://127.0.0.1:{hall.port}",), {"transports": ["polling", "websocket"]})
        try:
            assert threads.apply(client.call, ("echo", "là")) == {"said": "là"}
        finally:
            threads.apply(client.disconnect)
    awaited(lambda: len(hall.left) == 1)


def polled(hall: Hall, method: str, query: str, body: str = "") -> tuple[int, str]:
    """One request of long polling: its status and its body."""
    head = f"{method} /socket.io/?EIO=4&transport=polling{query} HTTP/1.0\r\nHost: forum.test\r\nContent-Length: {len(body)}\r\n\r\n"
    with gevent.Timeout(60), socket.create_connection(("127.0.0.1", hall.port)) as sock:
        sock.sendall((head + body).encode())
        said = b""
        while got := sock.recv(1 << 16):
            said += got
    head, _, body = said.decode().partition("\r\n\r\n")
    return int(head.split()[1]), body


def test_who_polls_and_never_fetches_is_let_go_and_gathers_no_queue(hall: Hall) -> None:
    sid = json.loads(polled(hall, "GET", "")[1][1:])["sid"]
    assert polled(hall, "POST", f"&sid={sid}", "40")[0] == 200
    waiting = hall.sockets.server.eio.sockets[sid].queue
    # What is fetched counts no more.
    for number in range(8):
        polled(hall, "POST", f"&sid={sid}", f'42{number}["weigh"]\x1e' * 9 + "3")
        assert 900_000 < waiting.size < MOST_BACKLOG
        assert polled(hall, "GET", f"&sid={sid}")[1].count("x" * 100_000) == 9
        assert waiting.size == 0
    answers = [polled(hall, "POST", f"&sid={sid}", "\x1e".join(['421["weigh"]'] * 15))[0] for _ in range(4)]
    awaited(lambda: sid not in hall.sockets.server.eio.sockets)
    assert waiting.size <= MOST_BACKLOG
    assert waiting.qsize() <= 1
    assert (answers[0], answers[-1]) == (200, 400)
    assert hall.left == ["transport error"]
