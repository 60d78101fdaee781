"""The WebSocket class on real sockets: a stalled reader, an offer of compression, an endless message, two senders at once."""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import gevent
import gevent.event
import gevent.selectors
import pytest
import simple_websocket
from engineio.async_drivers.gevent import Thread
from gevent import socket
from gevent.server import StreamServer

from facilitation.realtime import websocket
from facilitation.realtime.websocket import MOST_BYTES, Server, StalledReader

Make = Callable[[dict[str, Any]], Any]
Talk = Callable[[Any], None]
HELLO = (
    b"GET / HTTP/1.1\r\nHost: forum.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
SMALL_BUFFER = 65_536
MESSAGES = 4_000


def plain(environ: dict[str, Any]) -> Any:
    """simple-websocket as it comes."""
    return simple_websocket.Server(environ, thread_class=Thread, event_class=gevent.event.Event)


class Client:
    """A reader on a bare socket, which reads only when told to."""

    def __init__(self, port: int) -> None:
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        self.sock.connect(("127.0.0.1", port))
        self.sock.sendall(HELLO)
        self.pending = b""
        while b"\r\n\r\n" not in self.pending:
            self.pending += self.sock.recv(4096)
        self.head, _, self.pending = self.pending.partition(b"\r\n\r\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def rest(self) -> bytes:
        """Everything up to the end of the connection."""
        parts = [self.pending]
        while data := self.sock.recv(1 << 16):
            parts.append(data)
        return b"".join(parts)


def frames(stream: bytes) -> Iterator[bytes]:
    """What the unmasked text frames of a stream hold, up to where it stops being one or closes."""
    at = 0
    while at + 2 <= len(stream) and stream[at] == 0x81:
        size, head = stream[at + 1], 2
        if size == 126:
            size, head = struct.unpack_from(">H", stream, at + 2)[0], 4
        elif size == 127:
            size, head = struct.unpack_from(">Q", stream, at + 2)[0], 10
        yield stream[at + head : at + head + size]
        at += head + size


def masked(opcode: int, payload: bytes, *, claims: int | None = None) -> bytes:
    """A client's frame; `claims` is the length its head announces."""
    return struct.pack(">BBQ4s", 0x80 | opcode, 0x80 | 127, claims or len(payload), b"\0\0\0\0") + payload


@contextmanager
def serving(make: Make, talk: Talk) -> Iterator[int]:
    """A gevent server that upgrades each connection, talks, and closes."""

    def accept(sock: Any, _address: object) -> None:
        lines = sock.recv(4096).decode().split("\r\n")[1:]
        asked = dict(line.split(": ", 1) for line in lines if line)
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in asked.items()}
        made = make({"werkzeug.socket": sock, **environ})
        try:
            talk(made)
        finally:
            made.thread.kill()
            sock.close()

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = StreamServer(listener, accept)
    server.start()
    try:
        yield int(server.server_port)
    finally:
        server.stop(timeout=1)


def wished() -> list[bytes]:
    return [b"%06d" % index + b"x" * 1_000 for index in range(MESSAGES)]


def heard_after_a_stall(make: Make) -> list[bytes]:
    """What a reader gets that read nothing until the server could send no more."""

    def talk(made: Any) -> None:
        for message in wished():
            made.send(message.decode())
        made.close()

    with serving(make, talk) as port, gevent.Timeout(15), Client(port) as client:
        gevent.idle()
        return list(frames(client.rest()))


def test_a_stalled_reader_gets_every_frame_intact() -> None:
    assert heard_after_a_stall(Server) == wished()


def test_simple_websocket_alone_loses_some() -> None:
    assert heard_after_a_stall(plain) != wished()


def test_senders_at_once_never_cut_into_each_others_frames() -> None:
    def talk(made: Any) -> None:
        senders = [gevent.spawn(send_all, made, letter) for letter in "abcd"]
        gevent.joinall(senders, raise_error=True)
        made.close()

    def send_all(made: Any, letter: str) -> None:
        for _ in range(40):
            made.send(letter * 50_000)

    with serving(Server, talk) as port, gevent.Timeout(15), Client(port) as client:
        gevent.idle()
        heard = list(frames(client.rest()))
    assert sorted(heard) == sorted(letter.encode() * 50_000 for letter in "abcd" for _ in range(40))


def test_nothing_follows_a_frame_that_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "STALLED_AFTER", 0.2)
    stalled, tried = gevent.event.Event(), gevent.event.Event()
    refusals: list[type[BaseException]] = []

    def talk(made: Any) -> None:
        try:
            for message in wished():
                made.send(message.decode())
        except StalledReader as error:
            refusals.append(type(error))
        stalled.set()
        gevent.idle()
        try:
            made.send("trop tard")
        except (OSError, simple_websocket.ConnectionClosed) as error:
            refusals.append(type(error))
        tried.set()

    with serving(Server, talk) as port, gevent.Timeout(15), Client(port) as client:
        stalled.wait()
        *whole, cut = frames(client.rest())
        tried.wait()
    assert refusals[0] is StalledReader
    assert len(refusals) == 2
    assert whole == wished()[: len(whole)]
    assert wished()[len(whole)].startswith(cut)


@pytest.mark.parametrize(("make", "accepts"), [(Server, False), (plain, True)])
def test_compression_is_not_accepted(make: Make, accepts: bool) -> None:
    with serving(make, lambda made: made.close()) as port, gevent.Timeout(15), Client(port) as client:
        head = client.head
    assert head.startswith(b"HTTP/1.1 101")
    assert (b"permessage-deflate" in head) is accepts


def resident() -> int:
    """This process's memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_an_endless_message_closes_the_connection_and_is_not_kept() -> None:
    got: list[object] = []

    def talk(made: Any) -> None:
        try:
            got.append(made.receive())
        except simple_websocket.ConnectionClosed as error:
            got.append(error.reason)

    part = bytes(1 << 20)
    with serving(Server, talk) as port, gevent.Timeout(15):
        before, sent = resident(), 0
        with Client(port) as client, suppress(OSError):
            client.sock.sendall(masked(2, part, claims=100 << 20))
            for _ in range(99):
                client.sock.sendall(part)
                sent += 1
    assert len(got) == 1
    assert not isinstance(got[0], bytes | str)
    assert sent < 50
    assert resident() - before < 8 * MOST_BYTES


def test_a_message_of_the_largest_size_still_comes_through() -> None:
    got: list[bytes] = []
    with serving(Server, lambda made: got.append(made.receive())) as port, gevent.Timeout(15), Client(port) as client:
        client.sock.sendall(masked(2, b"y" * MOST_BYTES))
        gevent.idle()
    assert got == [b"y" * MOST_BYTES]
