"""A crowd of phones in one process: every phone reads all its frames, some parse them, some stall or are slow.

Speaks Socket.IO 5 over a WebSocket. A phone's frames are only skipped over, but for answers to what it sent; probes parse the
news. Times are instants of `perf_counter`, in seconds.
"""

import json
import re
import socket
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import gevent
import gevent.event
import gevent.socket

from facilitation.rehearsal.sights import count_in

OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
PING, PONG = b"2", b"\x81\x81\0\0\0\x003"
ANSWER = re.compile(rb"43(\d+)(\[.*)", re.DOTALL)
SLOW_BYTES = 2_000


@dataclass
class Sent:
    """One vote: when it was due, when it was answered, what with."""

    due: float
    topic: str
    answered: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)


class Phone:
    """One open connection. `habit` is "drain", "probe", "slow" or "stall"."""

    def __init__(self, port: int, cookie: str, habit: str, *, deflate: bool) -> None:
        self.habit = habit
        self.settled = False
        self.received = 0
        self.counts: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self._sent: dict[int, Sent] = {}
        self._waiting: dict[int, gevent.event.AsyncResult] = {}
        self._serial = 0
        self._buffer = b""
        self._sock = gevent.socket.create_connection(("127.0.0.1", port), 60)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._shake_hands(cookie, deflate=deflate)
        self._write(b"40")
        self._open = gevent.event.Event()
        self._reader = gevent.spawn(self._read)
        if not self._open.wait(60):
            raise TimeoutError("connect")

    def ask(self, event: str, message: dict[str, Any]) -> Any:
        """Send an event and wait for its answer."""
        self._serial += 1
        self._waiting[self._serial] = gevent.event.AsyncResult()
        self._write(f"42{self._serial}{json.dumps([event, message])}".encode())
        return self._waiting[self._serial].get(timeout=60)

    def vote(self, event: str, message: dict[str, Any], sent: Sent) -> None:
        """Send a vote without waiting."""
        self._serial += 1
        self._sent[self._serial] = sent
        self._write(f"42{self._serial}{json.dumps([event, message])}".encode())

    def close(self) -> None:
        """Hang up."""
        self._reader.kill()
        self._sock.close()

    def _shake_hands(self, cookie: str, *, deflate: bool) -> None:
        self._sock.sendall((
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"{OFFER if deflate else ''}{f'Cookie: {cookie}' if cookie else 'X-None: 1'}\r\n\r\n"
        ).encode())  # fmt: skip
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self._sock.recv(4096)
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if b"101" not in head.split(b"\r\n")[0] or b"permessage-deflate" in head:
            raise ConnectionError(head.decode())

    def _write(self, payload: bytes) -> None:
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        self._sock.sendall(b"\x81" + size + b"\0\0\0\0" + payload)

    def _read(self) -> None:
        while True:
            if self.settled and self.habit == "stall":
                return
            if self.settled and self.habit == "slow":
                gevent.sleep(1.0)
                got = self._sock.recv(SLOW_BYTES)
            else:
                got = self._sock.recv(65_536)
            if not got:
                return
            at = perf_counter()
            self.received += len(got)
            self._buffer += got
            self._frames(at)

    def _frames(self, at: float) -> None:
        buffer, start, size = self._buffer, 0, len(self._buffer)
        while size - start >= 2:
            length, head = buffer[start + 1], 2
            if length > 125:
                head = 4 if length == 126 else 10
                if size - start < head:
                    break
                length = int.from_bytes(buffer[start + 2 : start + head], "big")
            if size - start < head + length:
                break
            self._packet(buffer[start + head : start + head + length] if length < 400 or self.habit == "probe" or self._waiting
                         else buffer[start + head : start + head + 2], at)  # fmt: skip
            start += head + length
        self._buffer = buffer[start:]

    def _packet(self, packet: bytes, at: float) -> None:
        if packet == PING:
            self._sock.sendall(PONG)
        elif packet.startswith(b"43"):
            found = ANSWER.fullmatch(packet)
            if found is not None:
                self._answered(int(found[1]), json.loads(found[2])[0], at)
        elif packet.startswith(b"40"):
            self._open.set()
        elif packet.startswith(b"42") and self.habit == "probe" and len(packet) > 2:
            self._news(json.loads(packet[2:]), at)

    def _answered(self, serial: int, answer: Any, at: float) -> None:
        waiting = self._waiting.pop(serial, None)
        if waiting is not None:
            waiting.set(answer)
            return
        sent = self._sent.pop(serial, None)
        if sent is not None:
            sent.answered, sent.answer = at, answer

    def _news(self, message: list[Any], at: float) -> None:
        name, body = message
        if name == "counts":
            for topic, count in body.items():
                self.counts[topic].append((at, count))
        elif name == "news":
            for item in body["put"]:
                kind, _, topic = item["id"].partition("-")
                if kind == "ballot":
                    self.counts[topic].append((at, count_in(item.get("html", "")) or 0))
            for item_id, parts in body["set"].items():
                if item_id.startswith("ballot-"):
                    self.counts[item_id[7:]].append((at, count_in(parts["votes"]) or 0))


def freshness(probes: list[Phone], votes: list[Sent], order: Callable[[Sent], int]) -> list[float]:
    """Seconds from each vote's due moment to its count's sight on each probe that saw it; votes only add up."""
    kept: dict[str, int] = defaultdict(int)
    turns, found = [], []
    for sent in sorted((one for one in votes if one.answered), key=order):
        kept[sent.topic] += 1
        turns.append((sent, kept[sent.topic]))
    for probe in probes:
        seen = {topic: ([at for at, _ in facts], [count for _, count in facts]) for topic, facts in probe.counts.items()}
        for sent, turn in turns:
            times, values = seen.get(sent.topic, ([], []))
            index = bisect_left(values, turn)
            if index < len(times):
                found.append(times[index] - sent.due)
    return found
