"""One frame for a whole room over real sockets: who reads gets all of it, who stalls holds nobody up and finds its way back."""

import json
from collections.abc import Callable, Iterator

import gevent
import pytest
from gevent import socket
from gevent.pywsgi import WSGIServer
from socketio import Client

from facilitation import PROTOCOL
from facilitation.realtime.broadcast import Broadcast
from facilitation.realtime.news import room
from facilitation.realtime.websocket import frame
from tests.playing import Day
from tests.plugging import Message

WIDE = 400_000
Connect = Callable[..., "Phone"]


class Phone:
    """A Socket.IO client on a bare socket, which reads only when told to."""

    def __init__(self, day: Day, port: int) -> None:
        self.day = day
        self.sock = socket.socket()
        # Else the system's buffer grows, and takes for a phone what it did not read.
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        self.sock.connect(("127.0.0.1", port))
        token = day.tokens[day.bob.device_id]
        self.sock.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + f"Cookie: forum_{day.slug}={token}\r\n\r\n".encode()
        )
        self.stream = b""
        while b"\r\n\r\n" not in self.stream:
            self.stream += self.sock.recv(4096)
        self.stream = self.stream.partition(b"\r\n\r\n")[2]
        self.say("40")
        self.until(lambda packet: packet.startswith("40"))

    def say(self, packet: str) -> None:
        body = packet.encode()
        size = bytes([0x80 | len(body)]) if len(body) < 126 else bytes([0x80 | 126]) + len(body).to_bytes(2, "big")
        self.sock.sendall(b"\x81" + size + bytes(4) + body)

    def open(self, screen: str, version: int = -1) -> Message:
        asked = {"forum": self.day.slug, "protocol": PROTOCOL, "screen": screen, "lang": "data", "version": version}
        self.say("427" + json.dumps(["screen:open", asked]))
        packets = self.until(lambda packet: packet.startswith("437"))
        answer: Message = json.loads(packets[-1][3:])[0]
        return answer

    def packets(self) -> Iterator[str]:
        """Every packet as it comes; a frame that is no whole text frame ends the test."""
        while True:
            head = self._read(2)
            assert head[0] == 0x81, self.stream
            size = head[1]
            if size > 125:
                size = int.from_bytes(self._read(2 if size == 126 else 8), "big")
            yield self._read(size).decode()

    def _read(self, size: int) -> bytes:
        while len(self.stream) < size:
            got = self.sock.recv(1 << 20)
            assert got, "the connection ended"
            self.stream += got
        taken, self.stream = self.stream[:size], self.stream[size:]
        return taken

    def until(self, is_last: Callable[[str], bool]) -> list[str]:
        packets = []
        with gevent.Timeout(60):
            for packet in self.packets():
                packets.append(packet)
                if is_last(packet):
                    break
        return packets


@pytest.fixture
def connect(day: Day) -> Iterator[Connect]:
    """Connect phones to the day's application, served on a real port."""
    server = WSGIServer(("127.0.0.1", 0), day.application.flask, log=None)
    server.start()
    phones: list[Phone] = []

    def one() -> Phone:
        phones.append(Phone(day, server.server_port))
        return phones[-1]

    yield one
    for phone in phones:
        phone.sock.close()
    server.stop(timeout=1)


def loud(day: Day) -> Broadcast:
    return Broadcast(day.application.socketio)


def engine_sockets(day: Day) -> list[object]:
    return list(day.application.socketio.server.eio.sockets.values())


@pytest.mark.parametrize(("size", "head"), [(5, b"\x81\x05"), (300, b"\x81\x7e\x01\x2c"), (70_000, b"\x81\x7f" + (70_000).to_bytes(8, "big"))])
def test_a_frame_says_its_length(size: int, head: bytes) -> None:
    assert frame("x" * size) == head + b"x" * size
    assert frame(b"x" * size)[0] == 0x82


def test_everybody_in_the_room_and_nobody_else_hears(day: Day, connect: Connect) -> None:
    inside, outside = [connect(), connect()], connect()
    for phone in inside:
        phone.open("wall")
    outside.open("agenda")
    assert loud(day).tell(room(day.event_id, "wall", "data"), "news", {"n": 1, "text": "Été"}) == set()
    loud(day).tell(room(day.event_id, "agenda", "data"), "news", {"n": 2})
    for phone in inside:
        assert json.loads(phone.until(lambda _: True)[-1][2:]) == ["news", {"n": 1, "text": "Été"}]
    assert json.loads(outside.until(lambda _: True)[-1][2:]) == ["news", {"n": 2}]


def test_who_stalls_holds_nobody_up_and_gathers_no_queue(day: Day, connect: Connect) -> None:
    stalled, reader = connect(), connect()
    stalled.open("wall")
    reader.open("wall")
    heard: list[int] = []

    def note(packet: str) -> bool:
        heard.append(json.loads(packet[2:])[1]["n"])
        return len(heard) == 60

    reading = gevent.spawn(reader.until, note)
    behind: list[int] = []
    with gevent.Timeout(60):
        for number in range(60):
            behind.append(len(loud(day).tell(room(day.event_id, "wall", "data"), "news", {"n": number, "wide": "x" * WIDE})))
            while len(heard) <= number:
                gevent.sleep(0.001)
        reading.join()
    assert heard == list(range(60))
    assert behind[-1] == 1
    # The end of the one frame that was cut short, and nothing behind it.
    assert sum(one.queue.qsize() for one in engine_sockets(day)) == 1  # type: ignore[attr-defined]
    taken = behind.index(1)
    got = [json.loads(packet[2:])[1]["n"] for packet in stalled.until(lambda packet: json.loads(packet[2:])[1]["n"] == taken - 1)]
    assert got == list(range(taken))


def test_who_fell_behind_is_told_of_the_gap_and_finds_everything(day: Day, connect: Connect) -> None:
    day.propose(day.bob, "Le car de 7 h")
    phone = connect()
    opened = phone.open("wall")
    while not loud(day).tell(room(day.event_id, "wall", "data"), "filler", {"wide": "x" * WIDE}):
        pass
    day.propose(day.chloe, "Un vélo par famille")
    hall = day.application.newsroom._halls[day.event_id]
    key = ("wall", "data")
    with gevent.Timeout(60):
        while not hall.behind.get(key):
            gevent.sleep(0.01)
    told = json.loads(phone.until(lambda packet: packet.startswith('42["news"'))[-1][2:])[1]
    assert told == {"screen": "wall", "from": told["to"], "to": day.forum.version, "put": [], "drop": [], "set": {}}
    assert told["from"] > opened["version"]
    titles = [item["data"]["title"] for item in phone.open("wall", opened["version"])["items"] if item["kind"] == "topic"]
    assert sorted(titles) == ["Le car de 7 h", "Un vélo par famille"]
    assert hall.behind[key] == set()


def test_long_polling_hears_too(day: Day, connect: Connect) -> None:
    address = f"http://127.0.0.1:{connect().sock.getpeername()[1]}"
    asked = {"forum": day.slug, "protocol": PROTOCOL, "screen": "wall", "lang": "data", "version": -1}
    token, client = day.tokens[day.chloe.device_id], Client()
    heard: list[Message] = []
    client.on("news", heard.append)
    # Its client waits as threads do, so it lives in some of its own.
    threads = gevent.get_hub().threadpool
    with gevent.Timeout(60):
        threads.apply(client.connect, (address,), {"transports": ["polling"], "auth": {"token": token}})
        try:
            assert threads.apply(client.call, ("screen:open", asked))["ok"]
            day.propose(day.bob, "Le car de 7 h")
            while not heard:
                gevent.sleep(0.01)
        finally:
            threads.apply(client.disconnect)
    assert heard[0]["put"][0]["data"]["title"] == "Le car de 7 h"
