"""A crowd of phones in one process on bare epoll: most only drain, some read, some stall or are slow.

A drain's bytes are counted and looked through for the server's ping, nothing more; who waits for an answer is watched on a list
of its own that comes first, so that what is measured never waits behind what is not. Times are of `perf_counter`, in seconds.
"""

import heapq
import json
import re
import select
import socket
from collections import defaultdict, deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter
from typing import Any

from facilitation.rehearsal.sights import count_in
from tools.bench import wire

ANSWER = re.compile(rb"4[36](?:\d+-)?(\d+)(\[\{.*)", re.DOTALL)
SLOW_BYTES = 2_000
MOST_DRAINED = 48
TICK = 0.005
Script = Generator[None, None, Any]
Fetched = Generator[None, None, tuple[int, dict[str, str], bytes]]
Asked = Generator[None, None, dict[str, Any]]


@dataclass
class Sent:
    """One vote or key: when it was due, when it was answered, what with."""

    due: float
    topic: str = ""
    answered: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)


class Phone:
    """One device. `habit` is "drain", "probe", "slow" or "stall"; it takes effect once it has entered."""

    def __init__(self, crowd: "Crowd", habit: str, *, deflate: bool) -> None:
        self.crowd = crowd
        self.habit = habit
        self.deflate = deflate
        self.settled = False
        self.gone = False
        self.received = 0
        self.counts: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self.keys: dict[int, float] = {}
        self.cookie = ""
        self.script: Script | None = None
        self.done: Callable[[Any], Any] = lambda _: None
        self.sock: socket.socket = socket.socket()
        self.waiting: dict[int, Sent] = {}
        self._serial = 0
        self._buffer = b""

    # What scripts do while the phone enters: each `yield` waits for bytes.

    def connect(self, port: int) -> None:
        """A new connection, the former closed."""
        self.crowd.forget(self)
        self.sock.close()
        self.sock = socket.create_connection(("127.0.0.1", port), 60)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self.crowd.watch(self)

    def fetch(self, method: str, path: str, body: dict[str, Any] | None = None) -> Fetched:
        """One HTTP exchange on the open connection."""
        self.sock.sendall(wire.http(self.sock.getpeername()[1], method, path, self.cookie, body))
        while b"\r\n\r\n" not in self._buffer:
            yield
            self._take()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        status, fields = wire.answered(head)
        size = int(fields.get("content-length", 0))
        while len(self._buffer) < size:
            yield
            self._take()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return status, fields, data

    def open_socket(self, port: int) -> Script:
        """Socket.IO's handshake over a WebSocket."""
        self.connect(port)
        self.sock.sendall(wire.handshake(port, self.cookie, deflate=self.deflate))
        while b"\r\n\r\n" not in self._buffer:
            yield
            self._take()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0] or b"permessage-deflate" in head:
            raise ConnectionError(head.decode())
        self.sock.sendall(wire.masked(b"40"))
        while not any(packet.startswith(b"40") for packet in self._packets()):
            yield
            self._take()

    def ask(self, name: str, message: dict[str, Any]) -> Asked:
        """An event and its answer."""
        sent = self.send(name, message, Sent(perf_counter()))
        while not sent.answered:
            yield
            self._take()
            self._hear(perf_counter())
        return sent.answer

    def send(self, name: str, message: dict[str, Any], sent: Sent, data: bytes | None = None) -> Sent:
        """An event that is answered later."""
        self._serial += 1
        self.waiting[self._serial] = sent
        if self.settled and not self.gone:
            self.crowd.put_first(self)
        try:
            self.sock.sendall(wire.event(self._serial, name, message, data))
        except OSError:
            self.crowd.lose(self)
        return sent

    def close(self) -> None:
        """Hang up."""
        self.crowd.forget(self)
        self.sock.close()

    # What the crowd calls.

    def settle(self) -> None:
        """The phone is in: from now on it follows its habit."""
        self.settled = True
        if self.habit in {"stall", "slow"}:
            self.crowd.forget(self)
            if self.habit == "slow":
                self.sock.settimeout(0.0)
                self.crowd.after(1.0, self._sip)
        elif self.habit == "drain":
            self.crowd.put_last(self)

    def readable(self, at: float) -> None:
        """Bytes have come for somebody who is measured."""
        self._take()
        if self.habit == "probe":
            self._hear(at)
        else:
            self._look_for_answers(at)

    def _take(self) -> None:
        data = self.sock.recv(262_144)
        if not data:
            raise ConnectionError("closed")
        self.received += len(data)
        self._buffer += data

    def _packets(self) -> list[bytes]:
        found, self._buffer = wire.frames(self._buffer)
        for packet in found:
            if packet == b"2":
                self.sock.sendall(wire.PONG)
        return found

    def _hear(self, at: float) -> None:
        for packet in self._packets():
            if packet.startswith((b"43", b"46")):
                found = ANSWER.fullmatch(packet)
                if found:
                    self._answer(int(found[1]), json.loads(found[2])[0], at)
            elif packet.startswith(b"42") and self.settled:
                self._news(json.loads(packet[2:]), at)
            elif packet.startswith(b'451-["sheet:update"'):
                self.keys.setdefault(json.loads(packet[4:])[1]["number"], at)

    def _look_for_answers(self, at: float) -> None:
        """A drain does not know where frames begin; the answers to what it sent are found by their numbers."""
        if wire.PING in self._buffer:
            self._buffer = self._buffer.replace(wire.PING, b"")
            self.sock.sendall(wire.PONG)
        for serial in list(self.waiting):
            start = self._buffer.find(b"43%d[{" % serial)
            if start < 0:
                continue
            try:
                answer, _ = json.JSONDecoder().raw_decode(self._buffer[start + 2 + len(str(serial)) :].decode("utf-8", "replace"))
            except ValueError:
                return
            self._answer(serial, answer[0], at)
        if self.waiting:
            self._buffer = self._buffer[-20_000:]
        else:
            self._buffer = b""
            self.crowd.put_last(self)

    def _answer(self, serial: int, answer: Any, at: float) -> None:
        sent = self.waiting.pop(serial, None)
        if sent is not None:
            sent.answered, sent.answer = at, answer
            self.crowd.answers += 1

    def _news(self, message: list[Any], at: float) -> None:
        name, body = message
        if name == "counts":
            for topic, number in body.items():
                self.counts[topic].append((at, number))
        elif name == "sheet:update":
            self.keys.setdefault(body["number"], at)
        elif name == "news":
            said = [(item["id"], item.get("html", "")) for item in body["put"]]
            for item_id, html in said + [(item_id, parts.get("votes", "")) for item_id, parts in body["set"].items()]:
                if item_id.startswith("ballot-"):
                    self.counts[item_id[7:]].append((at, count_in(html) or 0))

    def _sip(self) -> None:
        if self.gone:
            return
        try:
            data = self.sock.recv(SLOW_BYTES)
            self.received += len(data)
            if wire.PING in data:
                self.sock.sendall(wire.PONG)
        except BlockingIOError:
            pass
        except OSError:
            self.gone = True
            return
        self.crowd.after(1.0, self._sip)


class Crowd:
    """The loop. `lags` are how late each TICK came, in seconds; `lost` counts connections the server or the system ended."""

    def __init__(self) -> None:
        self.lags: list[float] = []
        self.lost = 0
        self.answers = 0
        self.failures: deque[str] = deque(maxlen=5)
        self._first, self._last, self._both = select.epoll(), select.epoll(), select.epoll()
        self._both.register(self._first.fileno(), select.EPOLLIN)
        self._both.register(self._last.fileno(), select.EPOLLIN)
        self._watched: dict[int, tuple[Phone, select.epoll]] = {}
        self._timers: list[tuple[float, int, Callable[[], Any]]] = []
        self._turn = count()
        self._room = bytearray(262_144)

    def at(self, when: float, call: Callable[[], Any]) -> None:
        """Call at an instant."""
        heapq.heappush(self._timers, (when, next(self._turn), call))

    def after(self, seconds: float, call: Callable[[], Any]) -> None:
        """Call in a while."""
        self.at(perf_counter() + seconds, call)

    def watch(self, phone: Phone, epoll: select.epoll | None = None) -> None:
        """Hear of what comes for this phone; on the first list where none is named."""
        epoll = epoll or self._first
        fd = phone.sock.fileno()
        epoll.register(fd, select.EPOLLIN)
        self._watched[fd] = (phone, epoll)

    def forget(self, phone: Phone) -> None:
        """Hear no more of it."""
        fd = phone.sock.fileno()
        found = self._watched.pop(fd, None)
        if found is not None:
            found[1].unregister(fd)

    def put_first(self, phone: Phone) -> None:
        """This phone waits for an answer."""
        if self._watched.get(phone.sock.fileno(), (None, self._first))[1] is self._last:
            self.forget(phone)
            self.watch(phone)

    def put_last(self, phone: Phone) -> None:
        """This phone only drains."""
        self.forget(phone)
        self.watch(phone, self._last)

    def lose(self, phone: Phone) -> None:
        """Its connection has ended."""
        if not phone.gone:
            phone.gone = True
            self.lost += 1
        self.forget(phone)

    def play(self, phone: Phone, script: Script, done: Callable[[Any], Any]) -> None:
        """Go through a script, then call `done` with what it returns."""
        phone.script, phone.done = script, done
        self._step(phone)

    def run(self, is_over: Callable[[], bool], most: float) -> bool:
        """Serve everybody until it is over; False where `most` seconds did not do."""
        until = perf_counter() + most
        tick = [perf_counter() + TICK]

        def beat() -> None:
            now = perf_counter()
            self.lags.append(now - tick[0])
            tick[0] = now + TICK
            self.at(tick[0], beat)

        self.at(tick[0], beat)
        try:
            while not is_over():
                now = perf_counter()
                if now > until:
                    return False
                while self._timers and self._timers[0][0] <= now:
                    heapq.heappop(self._timers)[2]()
                self._both.poll(max(0.0, self._timers[0][0] - perf_counter()))
                for fd, _ in self._first.poll(0):
                    self._read(fd)
                for fd, _ in self._last.poll(0, MOST_DRAINED):
                    self._drain(fd)
            return True
        finally:
            self._timers = [timer for timer in self._timers if timer[2] is not beat]
            heapq.heapify(self._timers)

    def _read(self, fd: int) -> None:
        found = self._watched.get(fd)
        if found is None:
            return
        phone = found[0]
        try:
            if phone.script is not None:
                self._step(phone)
            else:
                phone.readable(perf_counter())
        except OSError as error:
            self.failures.append(repr(error))
            self.lose(phone)

    def _step(self, phone: Phone) -> None:
        assert phone.script is not None
        try:
            next(phone.script)
        except StopIteration as end:
            phone.script = None
            phone.done(end.value)

    def _drain(self, fd: int) -> None:
        found = self._watched.get(fd)
        if found is None:
            return
        phone = found[0]
        try:
            size = phone.sock.recv_into(self._room)
            if not size:
                self.lose(phone)
                return
            phone.received += size
            if self._room.find(wire.PING, 0, size) >= 0:
                phone.sock.sendall(wire.PONG)
        except OSError:
            self.lose(phone)


def alone(script: Callable[[Phone], Script]) -> Any:
    """What one phone's script returns, played by itself. Raises TimeoutError."""
    crowd = Crowd()
    found: list[Any] = []
    phone = Phone(crowd, "probe", deflate=False)
    crowd.play(phone, script(phone), found.append)
    if not crowd.run(lambda: bool(found), 60):
        raise TimeoutError(list(crowd.failures))
    phone.close()
    return found[0]
