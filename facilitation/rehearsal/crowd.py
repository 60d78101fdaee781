"""Phones by the thousand in one process: each has its own socket and seat, and the news they all get is read once.

No greenlet per phone: the loop calls `_readable` where bytes have come, and what a phone shows is kept as a few sets of ids.
Speaks Socket.IO 5 over an uncompressed WebSocket. Times are instants of `perf_counter`, in seconds.
"""

import json
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from time import perf_counter
from typing import Any

import gevent
import gevent.event
import gevent.socket

from facilitation import PROTOCOL
from facilitation.rehearsal.phone import LATER

_ANSWER = re.compile(rb"43(\d+)(\[.*)", re.DOTALL)
_STAGE = re.compile(r'data-stage="(\w+)"(?: data-scene="(\w*)")?')
_CHUNK = 1 << 18
REVEALED = ("agenda", "revealed")
# Seconds after which a phone that heard nothing sends again, under the same operation id.
PATIENCE = 8.0


@dataclass
class Sent:
    """One command: when it was due, when it was answered, what with. `tries` counts its ways over the line."""

    name: str
    payload: dict[str, Any]
    due: float
    op: str = field(default_factory=lambda: secrets.token_hex(16))
    answered: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)
    tries: int = 0

    @property
    def ok(self) -> bool:
        """Accepted."""
        return bool(self.answer.get("ok"))


@dataclass(frozen=True)
class News:
    """What phones do with one message: the stage it leads to, cells that come and go, workshops and topics that are there."""

    name: str
    since: int
    to: int
    stage: tuple[str, str] | None
    put: frozenset[str]
    drop: frozenset[str]


@lru_cache(maxsize=64)
def read_news(packet: bytes) -> News | None:
    """A `news` message, read once for the whole crowd; None for any other event."""
    name, body = json.loads(packet[2:])
    if name != "news":
        return None
    return News(body["screen"], body["from"], body["to"], _stage_of(body["put"]), _ids(body["put"]), frozenset(body["drop"]))


def _stage_of(items: list[dict[str, Any]]) -> tuple[str, str] | None:
    now = next((item for item in items if item["id"] == "now"), None)
    found = _STAGE.search(now["html"]) if now else None
    return (found[1], found[2] or "") if found else None


def _ids(items: list[dict[str, Any]]) -> frozenset[str]:
    return frozenset(item["id"] for item in items)


class Phone:
    """One open connection on the screen `phone`. `told` hears of each answer to what it sent."""

    def __init__(
        self, address: tuple[str, int], forum: str, cookie: str, participant: str, told: Callable[["Phone", Sent], None]
    ) -> None:
        self.participant, self._forum, self._told = participant, forum, told
        self.ids: set[str] = set()
        self.stage: tuple[str, str] = ("", "")
        self.version = -1
        self.sights: dict[str, float] = {}
        self.is_probe = False
        self.revealed_at = 0.0
        self.broke = False
        self._sent: dict[int, Sent] = {}
        self._opening: int | None = None
        self._serial = 0
        self._buffer = b""
        self._open = gevent.event.Event()
        self._sock = gevent.socket.create_connection(address, 30)
        self._sock.setsockopt(gevent.socket.IPPROTO_TCP, gevent.socket.TCP_NODELAY, 1)
        self._greet(f"{address[0]}:{address[1]}", cookie)
        self._fd = self._sock.fileno()
        self._watch = gevent.get_hub().loop.io(self._fd, 1)
        self._watch.start(self._readable)
        self._write(b"40")
        if self._buffer:
            self._frames(perf_counter())
        if not self._open.wait(30):
            raise TimeoutError("the screen did not open")

    def send(self, sent: Sent) -> None:
        """Send a command, or send it again."""
        self._serial += 1
        sent.tries += 1
        self._sent[self._serial] = sent
        asked = {"forum": self._forum, "name": sent.name, "op": sent.op, "payload": sent.payload, "protocol": PROTOCOL}
        self._write(f"42{self._serial}{json.dumps(['command', asked], ensure_ascii=False)}".encode())

    def free_cells(self) -> list[str]:
        """The cells this phone shows as free, as « slot room »."""
        cells = [one.split("-") for one in self.ids if one.startswith("claim-")]
        return sorted(f"{parts[1]} {parts[2]}" for parts in cells if len(parts) == 3)

    def workshops(self) -> set[str]:
        """The workshops of the agenda this phone holds."""
        return {one.removeprefix("workshop-") for one in self.ids if one.startswith("workshop-")}

    def close(self) -> None:
        """Hang up."""
        self._watch.stop()
        self._watch.close()
        self._sock.close()

    def _greet(self, host: str, cookie: str) -> None:
        self._sock.sendall((
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Cookie: {cookie}\r\n\r\n"
        ).encode())  # fmt: skip
        while b"\r\n\r\n" not in self._buffer:
            got = self._sock.recv(4096)
            if not got:
                raise ConnectionError("the server hung up")
            self._buffer += got
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.decode("latin-1"))

    def _write(self, payload: bytes) -> None:
        size = len(payload)
        head = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        frame = b"\x81" + head + b"\0\0\0\0" + payload
        try:
            if os.write(self._fd, frame) != len(frame):
                self.broke = True
        except OSError:
            self.broke = True

    def _readable(self) -> None:
        try:
            got = os.read(self._fd, _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            got = b""
        if not got:
            self.broke = True
            self._watch.stop()
            return
        self._buffer = self._buffer + got if self._buffer else got
        self._frames(perf_counter())

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
            start += head
            self._packet(buffer[start : start + length], at)
            start += length
        self._buffer = buffer[start:]

    def _packet(self, packet: bytes, at: float) -> None:
        kind = packet[:2]
        if kind == b"42":
            news = read_news(packet)
            if news is not None and news.name == "phone":
                self._hear(news, at)
        elif kind == b"43":
            found = _ANSWER.fullmatch(packet)
            if found is not None:
                self._answer(int(found[1]), json.loads(found[2])[0], at)
        elif packet == b"2":
            self._write(b"3")
        elif kind == b"40":
            self._ask_screen()

    def _ask_screen(self) -> None:
        self._serial += 1
        self._opening = self._serial
        asked = {"forum": self._forum, "screen": "phone", "lang": "fr", "version": -1, "protocol": PROTOCOL}
        self._write(f"42{self._serial}{json.dumps(['screen:open', asked])}".encode())

    def _answer(self, serial: int, answer: dict[str, Any], at: float) -> None:
        if serial == self._opening:
            self._opening = None
            if answer.get("items") is not None:
                self.version = answer["version"]
                self.ids = set(_ids(answer["items"]))
                self._turn(_stage_of(answer["items"]), at)
            self._open.set()
            return
        sent = self._sent.pop(serial, None)
        # Sent twice, answered twice: the first answer counts.
        if sent is not None and not sent.answer:
            sent.answered, sent.answer = at, answer
            if answer.get("code") in LATER:
                sent.answer = {}
                gevent.spawn_later(1.0, self.send, sent)
            else:
                self._told(self, sent)

    def _hear(self, news: News, at: float) -> None:
        if news.to <= self.version:
            return
        if news.since > self.version:
            if self._opening is None:
                self._ask_screen()
            return
        self.version = news.to
        self.ids -= news.drop
        self.ids |= news.put
        if self.is_probe:
            for one in news.put:
                self.sights.setdefault(one, at)
        self._turn(news.stage, at)

    def _turn(self, stage: tuple[str, str] | None, at: float) -> None:
        if stage is None:
            return
        self.stage = stage
        if stage == REVEALED and not self.revealed_at:
            self.revealed_at = at
